package stamp

import (
	"errors"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

func TestForms(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, want, zone string
		local            bool
	}{
		{"2026-03-14T01:02:03Z", "2026-03-14T01:02:03.0000000Z", "UTC", false},
		{"2026-03-14T01:02:03.123456789+02:00", "2026-03-13T23:02:03.1234567Z", "+02:00", false},
		{"2026-03-14 01:02:03,5 +0200", "2026-03-13T23:02:03.5000000Z", "+02:00", false},
		{"2026-03-14 01:02:03 UTC", "2026-03-14T01:02:03.0000000Z", "UTC", false},
		{"2026-03-14 01:02:03-08", "2026-03-14T09:02:03.0000000Z", "-08:00", false},
		{"2026-03-14 01:02:03", "2026-03-14T00:02:03.0000000Z", "Europe/Berlin", true},
		{"2026-07-14T01:02", "2026-07-13T23:02:00.0000000Z", "Europe/Berlin", true},
		{"2026/03/14 01:02:03.25", "2026-03-14T00:02:03.2500000Z", "Europe/Berlin", true},
		{"14.03.2026 01:02:03", "2026-03-14T00:02:03.0000000Z", "Europe/Berlin", true},
		{"3/14/2026 1:02:03 PM", "2026-03-14T12:02:03.0000000Z", "Europe/Berlin", true},
		{"14/03/2026 12:02:03 AM", "2026-03-13T23:02:03.0000000Z", "Europe/Berlin", true},
		{"03/03/26 01:02:03", "2026-03-03T00:02:03.0000000Z", "Europe/Berlin", true},
		{"14/Mar/2026:01:02:03 +0100", "2026-03-14T00:02:03.0000000Z", "+01:00", false},
		{"Mar 14, 2026 @ 01:02:03.456", "2026-03-14T00:02:03.4560000Z", "Europe/Berlin", true},
		{"Sat Mar 14 01:02:03 2026", "2026-03-14T00:02:03.0000000Z", "Europe/Berlin", true},
		{"Sat, 14 Mar 2026 01:02:03 GMT", "2026-03-14T01:02:03.0000000Z", "UTC", false},
		{"Mar  4 2026 01:02:03", "2026-03-04T00:02:03.0000000Z", "Europe/Berlin", true},
		{"Sat Mar 14 2026 01:02:03", "2026-03-14T00:02:03.0000000Z", "Europe/Berlin", true},
		{"20260314-010203", "2026-03-14T00:02:03.0000000Z", "Europe/Berlin", true},
		{"20260314T010203.5Z", "2026-03-14T01:02:03.5000000Z", "UTC", false},
		{"1773450123", "2026-03-14T01:02:03.0000000Z", "UTC", false},
		{"1773450123.25", "2026-03-14T01:02:03.2500000Z", "UTC", false},
		{"1773450123456", "2026-03-14T01:02:03.4560000Z", "UTC", false},
		{"1773450123456789", "2026-03-14T01:02:03.4567890Z", "UTC", false},
		{"1773450123456789012", "2026-03-14T01:02:03.4567890Z", "UTC", false},
		{"134179237234567891", "2026-03-14T01:02:03.4567891Z", "UTC", false},
		{"/Date(1773450123456)/", "2026-03-14T01:02:03.4560000Z", "UTC", false},
	} {
		r := New(parse.Assume{Zone: berlin, ZoneBy: "entry1"})
		got, err := r.Read(c.text)
		if err != nil || event.FormatTime(got.At) != c.want || got.Zone != c.zone || got.Original != c.text {
			t.Errorf("%q: %s zone %q (%v), want %s %q", c.text, event.FormatTime(got.At), got.Zone, err, c.want, c.zone)
		}
		if (got.Assumed == "entry1") != c.local || (r.Local == 1) != c.local {
			t.Errorf("%q: assumed %q, %d local", c.text, got.Assumed, r.Local)
		}
	}
}

func TestRefusals(t *testing.T) {
	r := New(parse.Assume{})
	for text, want := range map[string]error{
		"":                             ErrNotTime,
		"12345":                        ErrNotTime,
		"2026-02-30 01:02:03":          ErrNotTime,
		"2026-03-14 25:02:03":          ErrNotTime,
		"2026-03-14 01:02:03 Narnia":   ErrNotTime,
		"Sat Mar 14 01:02:03 CET 2026": ErrNotTime,
		"10.0.0.5 was here":            ErrNotTime,
		"03/04/2026 01:02:03":          ErrAmbiguous,
		"123456789012345678901234":     ErrNotTime,
	} {
		if _, err := r.Read(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
	r.Order = MonthFirst
	if got, err := r.Read("03/04/2026 01:02:03"); err != nil || got.At.Month() != time.March {
		t.Errorf("%v %v", got, err)
	}
	if OrderOf("13/04/2026 01:02:03") != DayFirst || OrderOf("04/13/2026 01:02:03") != MonthFirst || OrderOf("04/04/2026 01:02:03") != Unknown {
		t.Error("orders")
	}
}

func TestZoneNamed(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]int{"CEST": 2, "cet": 1, "UTC": 0, "+05:30": 5, "-08": -8, "Europe/Berlin": 2} {
		l := ZoneNamed(name)
		if l == nil {
			t.Errorf("%s is unknown", name)
			continue
		}
		if _, offset := at.In(l).Zone(); offset/3600 != want {
			t.Errorf("%s is %d hours off UTC, want %d", name, offset/3600, want)
		}
	}
	for _, name := range []string{"", "CST", "Local", "../etc/passwd", "+99", "somewhere"} {
		if l := ZoneNamed(name); l != nil {
			t.Errorf("%q is %v", name, l)
		}
	}
}

func TestNote(t *testing.T) {
	r := New(parse.Assume{})
	if r.Note() != "" {
		t.Error("a note before any local time")
	}
	if _, err := r.Read("2026-03-14 01:02:03"); err != nil {
		t.Fatal(err)
	}
	if r.Note() != "times without a zone were read as UTC; nobody has answered which zone this source used" {
		t.Error(r.Note())
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"2026-03-14T01:02:03Z", "3/14/2026 1:02:03 PM", "1773450123.25", "14/Mar/2026:01:02:03 +0100", "/Date(1)/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := New(parse.Assume{})
		r.Order = DayFirst
		if got, err := r.Read(s); err == nil && (got.At.Location() != time.UTC || got.Original != s || got.Zone == "" || got.At.Nanosecond()%100 != 0) {
			t.Errorf("%q: %+v", s, got)
		}
	})
}
