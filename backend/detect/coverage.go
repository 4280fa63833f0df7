package detect

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// Coverage says what was there to be seen, and what was not.
type Coverage struct {
	Sources    []SourceCoverage `json:"sources"`
	BlindSpots []BlindSpot      `json:"blind_spots"`
}

// SourceCoverage is one log of one host.
type SourceCoverage struct {
	Host     string    `json:"host"`
	Source   string    `json:"source"` // channel, dataset or parser
	Evidence []string  `json:"evidence"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Count    int64     `json:"count"`
	Undated  int64     `json:"undated"`
}

// BlindSpot is a stretch of time or a source about which this case can say nothing. From or To is zero when that end is
// open.
type BlindSpot struct {
	Kind   BlindKind     `json:"kind"`
	Host   string        `json:"host"`
	Source string        `json:"source"`
	From   time.Time     `json:"from"`
	To     time.Time     `json:"to"`
	Text   string        `json:"text"`
	Rows   []event.RowID `json:"rows"`
}

// BlindKind says why nothing can be said.
type BlindKind string

// The kinds of blind spots.
const (
	BlindCleared   BlindKind = "cleared"     // somebody emptied the log
	BlindGap       BlindKind = "gap"         // the log fell silent and went on
	BlindLate      BlindKind = "starts-late" // the log begins after the first finding of the case
	BlindAbsent    BlindKind = "absent"      // a log that the host keeps is not in the case
	BlindUnread    BlindKind = "unread"      // an item could not be read, wholly or in part
	BlindNoLogs    BlindKind = "no-logs"     // a host is named in the evidence and gave none of its own
	BlindUnnamed   BlindKind = "no-host"     // events that do not say which host wrote them
	maxBlindNoLogs           = 50
)

type sourceKey struct{ host, source string }

// coverage counts per host and source, and keeps the longest silences of each source and of each host as a whole.
type coverage struct {
	stats   map[sourceKey]*sourceStats
	hosts   map[string]*sourceStats // all logs of a host together, by short name
	named   map[string]int64        // hosts named as the origin of logons, by short name
	display map[string]string
}

type sourceStats struct {
	SourceCoverage
	evidence map[string]bool
	silences []silence // the MaxSilences longest, longest first
	lastRow  event.RowID
	hours    int // with an event
	lastHour int64
}

// silence is the time between two consecutive events of a source.
type silence struct {
	from, to       time.Time
	rowFrom, rowTo event.RowID
	length         time.Duration
}

func newCoverage() *coverage {
	return &coverage{stats: map[sourceKey]*sourceStats{}, hosts: map[string]*sourceStats{}, named: map[string]int64{}, display: map[string]string{}}
}

func (c *coverage) get(host, source string) *sourceStats {
	return c.stats[sourceKey{ShortHost(host), source}]
}

func (c *coverage) see(r *record) {
	k := sourceKey{ShortHost(r.host), r.source()}
	s := c.stats[k]
	if s == nil && len(c.stats) >= MaxSources {
		k = sourceKey{source: "further logs"}
		s = c.stats[k]
	}
	if s == nil {
		s = &sourceStats{SourceCoverage: SourceCoverage{Host: hostOf(k, r), Source: k.source}, evidence: map[string]bool{}}
		c.stats[k] = s
	}
	if !s.evidence[r.Event.Path] && len(s.evidence) < MaxNames {
		s.evidence[r.Event.Path] = true
	}
	c.sawHost(r)
	s.saw(r)
	if k.host == "" {
		return
	}
	h := c.hosts[k.host]
	if h == nil {
		h = &sourceStats{SourceCoverage: SourceCoverage{Host: r.host}, evidence: s.evidence}
		c.hosts[k.host] = h
	}
	h.saw(r)
}

func hostOf(k sourceKey, r *record) string {
	if k.host == "" {
		return ""
	}
	return r.host
}

func (s *sourceStats) saw(r *record) {
	s.Count++
	if r.At.IsZero() {
		s.Undated++
		return
	}
	if s.First.IsZero() {
		s.First = r.At
	} else {
		s.silent(silence{from: s.Last, to: r.At, rowFrom: s.lastRow, rowTo: r.ID, length: r.At.Sub(s.Last)})
	}
	if hour := r.At.Unix() / 3600; s.hours == 0 || hour != s.lastHour {
		s.hours++
		s.lastHour = hour
	}
	s.Last, s.lastRow = r.At, r.ID
}

// sawHost notes machines that logged on to others: they should have logs too.
func (c *coverage) sawHost(r *record) {
	if r.channel != "Security" || r.code != "4624" {
		return
	}
	name := r.Event.Get("winlog.event_data.WorkstationName")
	short := ShortHost(name)
	if short == "" || short == "-" || short == ShortHost(r.host) {
		return
	}
	if _, known := c.named[short]; known || len(c.named) < MaxSources {
		c.named[short]++
		c.display[short] = name
	}
}

func (s *sourceStats) silent(x silence) {
	if n := len(s.silences); n == MaxSilences && s.silences[n-1].length >= x.length || x.length <= 0 {
		return
	}
	i := sort.Search(len(s.silences), func(i int) bool { return s.silences[i].length < x.length })
	s.silences = append(s.silences, silence{})
	copy(s.silences[i+1:], s.silences[i:])
	s.silences[i] = x
	if len(s.silences) > MaxSilences {
		s.silences = s.silences[:MaxSilences]
	}
}

func (c *coverage) keys() []sourceKey {
	out := make([]sourceKey, 0, len(c.stats))
	for k := range c.stats {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].host != out[j].host {
			return out[i].host < out[j].host
		}
		return out[i].source < out[j].source
	})
	return out
}

// report puts the coverage together. Findings give the time from which a missing log matters.
func (c *coverage) report(findings []Finding, cleared []clearedLog, silent []silentSource, items []Item) Coverage {
	var out Coverage
	for _, k := range c.keys() {
		s := c.stats[k]
		for p := range s.evidence {
			s.Evidence = append(s.Evidence, p)
		}
		sort.Strings(s.Evidence)
		out.Sources = append(out.Sources, s.SourceCoverage)
	}
	for _, l := range cleared {
		out.BlindSpots = append(out.BlindSpots, BlindSpot{Kind: BlindCleared, Host: l.host, Source: l.channel, From: l.from, To: l.at, Text: l.text, Rows: []event.RowID{l.row}})
	}
	for _, g := range silent {
		out.BlindSpots = append(out.BlindSpots, BlindSpot{Kind: BlindGap, Host: g.host, Source: g.source, From: g.gap.from, To: g.gap.to, Text: g.text, Rows: []event.RowID{g.gap.rowFrom, g.gap.rowTo}})
	}
	out.BlindSpots = append(out.BlindSpots, c.late(findings, cleared)...)
	out.BlindSpots = append(out.BlindSpots, c.absent()...)
	for _, i := range items {
		if t, ok := itemText(i); ok {
			out.BlindSpots = append(out.BlindSpots, BlindSpot{Kind: BlindUnread, Source: i.Path, Text: t})
		}
	}
	sort.SliceStable(out.BlindSpots, func(i, j int) bool {
		a, b := out.BlindSpots[i], out.BlindSpots[j]
		switch {
		case ShortHost(a.Host) != ShortHost(b.Host):
			return ShortHost(a.Host) < ShortHost(b.Host)
		case a.Source != b.Source:
			return a.Source < b.Source
		case !a.From.Equal(b.From):
			return a.From.Before(b.From)
		}
		return a.Kind < b.Kind
	})
	return out
}

func itemText(i Item) (string, bool) {
	note := ""
	if i.Note != "" {
		note = ": " + strings.TrimSuffix(i.Note, ".")
	}
	switch i.Status {
	case "partial":
		return fmt.Sprintf("%s could be read only in part%s.", i.Path, note), true
	case "failed":
		return fmt.Sprintf("%s could not be read%s.", i.Path, note), true
	case "no-parser":
		return fmt.Sprintf("%s is registered, but no parser reads its format; nothing in it is on the timeline.", i.Path), true
	case "quarantined":
		return fmt.Sprintf("%s was quarantined and not read%s.", i.Path, note), true
	}
	return "", false
}

// late lists logs that begin after the first high finding of the case, when nothing else explains it.
func (c *coverage) late(findings []Finding, cleared []clearedLog) []BlindSpot {
	var start time.Time
	for i := range findings {
		f := &findings[i]
		if f.Kind == KindRule && f.Severity >= incident.SeverityHigh && !f.First.IsZero() && (start.IsZero() || f.First.Before(start)) {
			start = f.First
		}
	}
	if start.IsZero() {
		return nil
	}
	explained := map[sourceKey]bool{}
	for _, l := range cleared {
		explained[sourceKey{ShortHost(l.host), l.channel}] = true
	}
	var out []BlindSpot
	for _, k := range c.keys() {
		s := c.stats[k]
		if s.First.IsZero() || explained[k] || k.host == "" || s.First.Sub(start) < time.Hour || s.Count < GapMinEvents {
			continue
		}
		out = append(out, BlindSpot{Kind: BlindLate, Host: s.Host, Source: k.source, To: s.First,
			Text: fmt.Sprintf("%s of %s begins at %s, %s after the first high finding of this case (%s); what it held before is not here.",
				k.source, s.Host, clock(s.First), span(s.First.Sub(start)), clock(start))})
	}
	return out
}

// cloud says whether a source is a provider's audit trail, which no host writes.
func cloud(source string) bool {
	return strings.HasPrefix(source, "aws.") || strings.HasPrefix(source, "azure.") || strings.HasPrefix(source, "gcp.") || strings.HasPrefix(source, "o365.")
}

// absent lists Windows hosts without their Security log, hosts that only others name, and events without a host.
func (c *coverage) absent() []BlindSpot {
	windows, any := map[string]string{}, map[string]bool{}
	var out []BlindSpot
	for _, k := range c.keys() {
		s := c.stats[k]
		any[k.host] = true
		if k.host == "" && !cloud(k.source) {
			out = append(out, BlindSpot{Kind: BlindUnnamed, Source: k.source, From: s.First, To: s.Last, Text: fmt.Sprintf("%s of %s (%s) do not say which host wrote them.",
				count(s.Count, "event", "events"), k.source, list(s.Evidence, 2))})
		}
		if k.host != "" && (k.source == "System" || k.source == "Application" || strings.HasPrefix(k.source, "Microsoft-Windows-")) {
			windows[k.host] = s.Host
		}
	}
	for short, name := range windows {
		if c.stats[sourceKey{short, "Security"}] == nil {
			out = append(out, BlindSpot{Kind: BlindAbsent, Host: name, Source: "Security",
				Text: fmt.Sprintf("Other Windows logs of %s are in this case, its Security log is not: logons and account changes on it cannot be seen.", name)})
		}
	}
	hosts := make([]string, 0, len(c.named))
	for short := range c.named {
		if !any[short] {
			hosts = append(hosts, short)
		}
	}
	sort.Slice(hosts, func(i, j int) bool {
		if c.named[hosts[i]] != c.named[hosts[j]] {
			return c.named[hosts[i]] > c.named[hosts[j]]
		}
		return hosts[i] < hosts[j]
	})
	for i, short := range hosts {
		if i == maxBlindNoLogs {
			break
		}
		out = append(out, BlindSpot{Kind: BlindNoLogs, Host: c.display[short],
			Text: fmt.Sprintf("%s is named in %s to other hosts; no log of its own is in this case.", c.display[short], count(c.named[short], "logon", "logons"))})
	}
	return out
}
