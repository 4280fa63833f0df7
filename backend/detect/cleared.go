package detect

import (
	"fmt"
	"time"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// clearedLog is one emptied log with what of it is left.
type clearedLog struct {
	host, channel, by string
	at, from          time.Time // from: last event left from before, zero when none is
	row               event.RowID
	text              string
}

// clearedDetector finds emptied logs: Security 1102, and System 104 for every other channel (Microsoft-Windows-Eventlog).
// It asks the coverage, which has seen everything earlier, what of the log is left.
type clearedDetector struct {
	cov      *coverage
	logs     []clearedLog
	findings []Finding
}

var clearedRule = detectorRule("adjutant-log-cleared", "Event log cleared", sigma.LevelHigh)

func (d *clearedDetector) see(r *record) {
	channel := ""
	switch {
	case r.channel == "Security" && r.code == "1102" && r.provider == "Microsoft-Windows-Eventlog":
		channel = "Security"
	case r.channel == "System" && r.code == "104" && r.provider == "Microsoft-Windows-Eventlog":
		if channel = r.Event.Get("winlog.event_data.Channel"); channel == "" {
			channel = "a log that the record does not name"
		}
	default:
		return
	}
	l := clearedLog{host: r.host, channel: channel, at: r.At, row: r.ID, by: r.user}
	if l.by == "" {
		l.by = r.Event.Get("winlog.event_data.SubjectUserName")
	}
	who := ""
	if l.by != "" && l.by != "-" {
		who = " by " + l.by
	}
	l.text = fmt.Sprintf("%s of %s was cleared at %s%s", channel, l.host, clock(l.at), who)
	if s := d.cov.get(r.host, channel); s != nil && s.Count > s.Undated {
		l.from = s.Last
		l.text += fmt.Sprintf("; %s from before are in this case, the last at %s.", count(s.Count-s.Undated, "event", "events"), clock(s.Last))
	} else {
		l.text += "; nothing of it from before that moment is in this case."
	}
	d.logs = append(d.logs, l)
	g := newGather(KindLogCleared, clearedRule, []incident.Technique{"T1070.001"}, ShortHost(r.host)+"\x00"+channel)
	matched := []sigma.FieldValue{{Field: "event.code", Value: r.code}}
	if r.code == "104" {
		matched = append(matched, sigma.FieldValue{Field: "winlog.event_data.Channel", Value: channel})
	}
	g.add(r, matched)
	g.entity(EntityLog, channel)
	g.entity(EntityBy, l.by)
	d.findings = append(d.findings, g.done(l.text))
}

func (d *clearedDetector) finish() []Finding { return d.findings }
