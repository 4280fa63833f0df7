package evidence

import (
	"strings"
	"testing"
)

func TestOriginOfCollectedFiles(t *testing.T) {
	names := []string{
		"client_info.json", "uploads.json", "results/Windows.EventLogs.Evtx.json", "uploads/auto/C%3A/x",
		"host2/2025-08-25T20_20_59_5246365_CopyLog.csv", "host2/C/Windows/x",
		"other/uploads.json", "other/notes.txt", // a mark alone is no collection
	}
	c := collectionsOf(names)
	if len(c) != 2 || c[""].tool != velociraptor || c["host2/"].tool != kape {
		t.Fatalf("collections: %v", c)
	}
	c[""].host = "FS02"
	for _, x := range []struct{ name, want, host string }{
		{"uploads/auto/C%3A/Windows/System32/winevt/Logs/Security.evtx", `C:\Windows\System32\winevt\Logs\Security.evtx`, "FS02"},
		{"uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J", `C:\$Extend\$UsnJrnl:$J`, "FS02"},
		{"uploads/auto/c%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.evtx", `C:\Windows\System32\winevt\Logs\Microsoft-Windows-Sysmon%4Operational.evtx`, "FS02"},
		{"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/Windows/x", `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\Windows\x`, "FS02"},
		{"uploads/auto/home/amy/%2Ebash_history", "/home/amy/.bash_history", "FS02"},
		{"uploads/auto/home/%2E%2E/shadow", "", "FS02"},
		{"uploads/registry/HKEY_LOCAL_MACHINE/SAM", "", "FS02"},
		{"results/Windows.EventLogs.Evtx.json", "", "FS02"},
		{"host2/C/Windows/System32/winevt/Logs/System.evtx", `C:\Windows\System32\winevt\Logs\System.evtx`, ""},
		{"host2/2025-08-25T20_20_59_5246365_CopyLog.csv", "", ""},
	} {
		if got, host := c.origin(x.name); got != x.want || host != x.host {
			t.Errorf("%s: %q of %q, want %q of %q", x.name, got, host, x.want, x.host)
		}
	}
	// A stream has no list of names: the escaped drive alone is told, a drive letter alone is not.
	var none collections
	for name, want := range map[string]string{
		"out/uploads/auto/C%3A/a/b.log": `C:\a\b.log`, "C/Windows/x": "", "uploads/auto/var/log/auth.log": "", "uploads/auto/C/x": "",
	} {
		if got, _ := none.origin(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestHostOfClientInfo(t *testing.T) {
	for text, want := range map[string]string{
		`{"Hostname":"FS02","Fqdn":"FS02.corp.example"}`:              "FS02.corp.example",
		`{"Hostname":"FS02"}`:                                         "FS02",
		`{"client_id":"C.1","os_info":{"hostname":"web1","fqdn":""}}`: "web1",
		`{"Hostname":"a\u202eb"}`:                                     `a\u202eb`,
		`{"Hostname":` + `"` + strings.Repeat("x", 300) + `"}`:        "",
		`{"Hostname":7}`:                                              "",
		`[`:                                                           "",
		`{"Hostname":"x"` + strings.Repeat(" ", maxClientInfoBytes) + `}`: "",
	} {
		if got := hostOf(strings.NewReader(text)); got != want {
			t.Errorf("%.60s: %q, want %q", text, got, want)
		}
	}
}

// Escaped names are as long as their unescaped ones, and lead outside only when these do.
func TestEscapedNamesOfVelociraptor(t *testing.T) {
	long := strings.Repeat("%E4%BD%A0", 100) // 100 characters of Chinese
	for name, bad := range map[string]bool{
		"uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J":                                  false,
		"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/Windows/x": false,
		"uploads/auto/home/amy/%2Ebash_history":                                              false,
		"uploads/auto/C%3A/a/Microsoft-Windows-Sysmon%254Operational.evtx":                   false,
		"uploads/auto/C%3A/a/" + long + ".log":                                               false,
		"uploads/auto/C%3A/%2E./%2E./x":                                                      true,
		"uploads/auto/C%3A/a%2F..%2F..%2Fx":                                                  true,
		"uploads/auto/C%3A/a/" + long + long + long + ".log":                                 true,
		"uploads/auto/C%3A/x%00.log":                                                         true,
	} {
		if why := badName(name); (why != "") != bad {
			t.Errorf("%.80s: %q, want bad: %v", name, why, bad)
		}
	}
}
