package evtxwriter

import "time"

// Subject is the account that did something, as the security log names it.
type Subject struct {
	SID     SID
	User    string
	Domain  string
	LogonID Hex64
}

var (
	eventlogGUID      = mustGUID("fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148")
	eventlogNamespace = "http://manifests.microsoft.com/win/2004/08/windows/eventlog"
)

func mustGUID(s string) GUID {
	g, err := ParseGUID(s)
	if err != nil {
		panic(err.Error()) // only for the constant above
	}
	return g
}

// SecurityCleared is event 1102, which Windows writes as the first record of the security log after it was cleared.
// The ids go on from before: open the Writer with Options.FirstRecordID.
func SecurityCleared(at time.Time, computer string, by Subject, pid, tid uint32) Record {
	return Record{
		Provider: "Microsoft-Windows-Eventlog", GUID: eventlogGUID,
		EventID: 1102, Level: 4, Task: 104, Keywords: 0x4020000000000000,
		Time: at, PID: pid, TID: tid, Channel: "Security", Computer: computer,
		UserData: &Element{Name: "LogFileCleared", XMLNS: eventlogNamespace, Children: []*Element{
			{Name: "SubjectUserSid", Value: by.SID},
			{Name: "SubjectUserName", Value: by.User},
			{Name: "SubjectDomainName", Value: by.Domain},
			{Name: "SubjectLogonId", Value: by.LogonID},
		}},
	}
}

// LogCleared is event 104, which Windows writes to the System log when another log (or the System log itself, then as
// its first record) was cleared. channel is the cleared log.
func LogCleared(at time.Time, computer, channel string, by Subject, pid, tid uint32) Record {
	return Record{
		Provider: "Microsoft-Windows-Eventlog", GUID: eventlogGUID,
		EventID: 104, Level: 4, Task: 104, Keywords: 0x8000000000000000,
		Time: at, PID: pid, TID: tid, Channel: "System", Computer: computer, UserSID: by.SID,
		UserData: &Element{Name: "LogFileCleared", XMLNS: eventlogNamespace, Children: []*Element{
			{Name: "SubjectUserName", Value: by.User},
			{Name: "SubjectDomainName", Value: by.Domain},
			{Name: "Channel", Value: channel},
			{Name: "BackupPath", Value: ""},
		}},
	}
}
