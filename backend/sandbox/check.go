package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// checkEvent refuses an event that no honest parser sends. What it lets through has the shape that event.Event promises:
// sorted unique names, valid kinds, a locator inside the item, times of four-digit years.
func checkEvent(e *event.Event, size int64) error {
	l := e.Locator
	switch {
	case l.Offset < 0 || l.Length < 0 || l.Offset > size || l.Length > size-l.Offset:
		return fmt.Errorf("%w: locator %s outside the item of %d bytes", errEvent, l, size)
	case !utf8.ValidString(l.Record) || strings.ContainsAny(l.Record, "\n\x00"):
		return fmt.Errorf("%w: record name", errEvent)
	}
	for i := range e.Times {
		t := &e.Times[i]
		if y := t.At.Year(); y < 1 || y > 9999 {
			return fmt.Errorf("%w: year %d", errEvent, y)
		}
		if !validName(string(t.Meaning)) || strings.ContainsAny(string(t.Meaning), "/.") {
			return fmt.Errorf("%w: meaning of a time %.40q", errEvent, string(t.Meaning))
		}
		t.Original, t.Zone, t.Assumed = valid(t.Original), valid(t.Zone), valid(t.Assumed)
	}
	for i := range e.Fields {
		if err := checkField(e.Fields, i); err != nil {
			return err
		}
	}
	return nil
}

func checkField(fields []event.Field, i int) error {
	f := &fields[i]
	switch {
	case !validName(f.Name) || reserved(f.Name):
		return fmt.Errorf("%w: field name %.60q", errEvent, f.Name)
	case i > 0 && fields[i-1].Name >= f.Name:
		return fmt.Errorf("%w: field %.60q out of order", errEvent, f.Name)
	case len(f.Values) == 0:
		return fmt.Errorf("%w: field %.60q without a value", errEvent, f.Name)
	case f.Kind > event.KindBool:
		return fmt.Errorf("%w: kind %d of field %.60q", errEvent, f.Kind, f.Name)
	}
	for j, v := range f.Values {
		switch f.Kind {
		case event.KindString:
			f.Values[j] = valid(v)
		case event.KindBool:
			if v != "true" && v != "false" {
				return fmt.Errorf("%w: field %.60q: %.40q is neither true nor false", errEvent, f.Name, v)
			}
		case event.KindNumber:
			if !number(v) {
				return fmt.Errorf("%w: field %.60q: %.40q is no number", errEvent, f.Name, v)
			}
		}
	}
	return nil
}

// reserved names are written by the export itself.
func reserved(name string) bool {
	return name == "@timestamp" || name == "adjutant" || strings.HasPrefix(name, "adjutant.")
}

// tidy makes an honest parser's event pass checkEvent where the evidence itself put something odd into it: a control
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
		for _, v := range f.Values {
			if f.Kind == event.KindNumber && !number(v) || f.Kind == event.KindBool && v != "true" && v != "false" {
				f.Kind = event.KindString
				break
			}
		}
		sorted = sorted && (len(kept) == 0 || kept[len(kept)-1].Name < f.Name)
		kept = append(kept, f)
	}
	e.Fields = kept
	if !sorted {
		e.Sort()
	}
	if e.Locator.Record != "" && (!utf8.ValidString(e.Locator.Record) || strings.ContainsAny(e.Locator.Record, "\n\x00")) {
		e.Locator.Record = bounded(strings.ReplaceAll(e.Locator.Record, "\x00", " "))
	}
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
	sum := p.Parsed
	for i := range p.Skipped {
		if p.Skipped[i].Count < 0 || p.Skipped[i].Count > 1<<50 {
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
