package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// reserved names are written by the export itself.
func reserved(name string) bool {
	return name == "@timestamp" || name == "adjutant" || strings.HasPrefix(name, "adjutant.")
}

// tidy makes an honest parser's event pass the parent's check where the evidence itself put something odd into it: a control
// character in a field's name, a number that is none. It runs in the child, before the event is sent.
func tidy(e *event.Event) {
	sorted := true
	kept := e.Fields[:0]
	for _, f := range e.Fields {
		if len(f.Values) == 0 {
			continue
		}
		if !validName(f.Name) || reserved(f.Name) {
			f.Name = tidyName(f.Name)
		}
		if !tidyValues(&f) {
			f.Kind = event.KindString
		}
		sorted = sorted && (len(kept) == 0 || kept[len(kept)-1].Name < f.Name)
		kept = append(kept, f)
	}
	e.Fields = kept
	if !sorted {
		e.Sort()
	}
}

// tidyRecord is tidy for the record's name.
func tidyRecord(e *event.Event) {
	for i := 0; i < len(e.Locator.Record); i++ {
		if c := e.Locator.Record[i]; c < 0x20 || c >= 0x7f {
			e.Locator.Record = bounded(e.Locator.Record)
			return
		}
	}
	if len(e.Locator.Record) > maxTextBytes {
		e.Locator.Record = bounded(e.Locator.Record)
	}
}

// tidyValues says whether the values are of the field's kind.
func tidyValues(f *event.Field) bool {
	for _, v := range f.Values {
		if f.Kind == event.KindNumber && !number(v) || f.Kind == event.KindBool && v != "true" && v != "false" {
			return false
		}
	}
	return true
}

func tidyName(s string) string {
	if len(s) > maxNameBytes/2 {
		s = s[:maxNameBytes/2]
	}
	s = strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f {
			return utf8.RuneError
		}
		return c
	}, valid(s))
	if s == "" || reserved(s) {
		s = "_" + s
	}
	return s
}

// number says whether v is exactly a JSON number, which exports write as it stands.
func number(v string) bool {
	if n := len(v); n > 0 && n < 20 && (v[0] != '0' || n == 1) {
		digits := 0
		for digits < n && v[digits] >= '0' && v[digits] <= '9' {
			digits++
		}
		if digits == n {
			return true
		}
	}
	if v == "" || len(v) > 400 || (v[0] != '-' && (v[0] < '0' || v[0] > '9')) || v[len(v)-1] == '\n' || v[len(v)-1] == ' ' {
		return false
	}
	return json.Valid([]byte(v))
}

func validName(s string) bool {
	if s == "" || len(s) > maxNameBytes || !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return true
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// reply is the last frame of a child.
type reply struct {
	Result      parse.Result
	Err         string // what Parse returned, or the panic that was caught
	NeedsAnswer bool
	Fault       bool // a panic
}

// checkReply refuses a result that contradicts what was seen, and bounds every text of it.
func checkReply(r *reply, seen int64) error {
	p := &r.Result
	switch p.Status {
	case parse.StatusOK, parse.StatusEmpty, parse.StatusPartial, parse.StatusFailed:
	default:
		if r.Err == "" {
			return fmt.Errorf("%w: status %.40q", errFrame, string(p.Status))
		}
		p.Status = parse.StatusFailed
	}
	if len(p.Skipped) > maxReasons || len(p.Warnings) > parse.MaxWarnings || int64(len(p.Warnings)) > p.WarningCount {
		return fmt.Errorf("%w: %d reasons, %d warnings", errFrame, len(p.Skipped), len(p.Warnings))
	}
	if p.Local < 0 || p.Local > maxCount || p.WarningCount > maxCount {
		return fmt.Errorf("%w: %d local times, %d warnings", errFrame, p.Local, p.WarningCount)
	}
	sum := p.Parsed
	for i := range p.Skipped {
		if p.Skipped[i].Count < 0 || p.Skipped[i].Count > maxCount || p.Skipped[i].Reason == "" {
			return fmt.Errorf("%w: skipped count", errFrame)
		}
		sum += p.Skipped[i].Count
		p.Skipped[i].Reason = bounded(p.Skipped[i].Reason)
	}
	if r.Err == "" && (p.Parsed != seen || p.Read != sum) {
		return fmt.Errorf("%w: says %d read, %d parsed; %d events came, %d in the sum", errFrame, p.Read, p.Parsed, seen, sum)
	}
	for i := range p.Warnings {
		p.Warnings[i].Text = bounded(p.Warnings[i].Text)
	}
	p.Note, r.Err = bounded(p.Note), bounded(r.Err)
	return nil
}

// bounded makes text of a child fit to be shown: valid, one line, not long.
func bounded(s string) string {
	if len(s) > maxTextBytes {
		s = s[:maxTextBytes] + "…"
	}
	return strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f {
			return ' '
		}
		return c
	}, valid(s))
}
