package stamp

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// TestDoubt walks over both changes of several zones: each civil time is one moment, one of two, or none, and the flag says which.
func TestDoubt(t *testing.T) {
	for _, c := range []struct{ zone, text, want, doubt string }{
		{"Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59.0000000Z", ""},
		{"Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T00:00:00.0000000Z", doubtTwice + "; the same clock time came again at 2026-10-25T01:00:00.0000000Z"},
		{"Europe/Berlin", "2026-10-25 02:59:59.9999999", "2026-10-25T00:59:59.9999999Z", doubtTwice + "; the same clock time came again at 2026-10-25T01:59:59.9999999Z"},
		{"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00.0000000Z", ""},
		{"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59.0000000Z", ""},
		{"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00.0000000Z", doubtNever + " over this time"},
		{"Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29T01:59:59.0000000Z", doubtNever + " over this time"},
		{"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00.0000000Z", ""},
		{"America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00.0000000Z", doubtTwice + "; the same clock time came again at 2026-11-01T06:30:00.0000000Z"},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00.0000000Z", doubtNever + " over this time"},
		{"Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T14:45:00.0000000Z", doubtTwice + "; the same clock time came again at 2026-04-04T15:15:00.0000000Z"},
		{"Asia/Kolkata", "2026-10-25 02:30:00", "2026-10-24T21:00:00.0000000Z", ""},
		{"UTC", "2026-10-25 02:30:00", "2026-10-25T02:30:00.0000000Z", ""},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		r := New(parse.Assume{Zone: zone, ZoneBy: "entry1"})
		for _, warm := range []string{"2026-06-01 12:00:00", "2026-12-24 12:00:00"} { // the quick way must not hide a doubt
			if _, err := r.Read(warm); err != nil {
				t.Fatal(err)
			}
		}
		at, err := r.Read(c.text)
		if err != nil || event.FormatTime(at.At) != c.want {
			t.Errorf("%s %s: %s (%v), want %s", c.zone, c.text, event.FormatTime(at.At), err, c.want)
		}
		e := &event.Event{}
		r.Doubt(e)
		if got := e.Get(DoubtField); got != c.doubt {
			t.Errorf("%s %s: doubt %q, want %q", c.zone, c.text, got, c.doubt)
		}
		if said := strings.Contains(r.Note(), DoubtField); said != (c.doubt != "") || (r.DoubtCount() == 1) != said {
			t.Errorf("%s %s: note %q", c.zone, c.text, r.Note())
		}
		e = &event.Event{}
		if r.Doubt(e); len(e.Fields) > 0 {
			t.Errorf("the doubt of one event goes to the next: %v", e.Fields)
		}
	}
}

// TestDoubtAgrees compares with the other direction: an instant's civil time, read back, is that instant, or its doubt names it.
func TestDoubtAgrees(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		r := New(parse.Assume{Zone: zone})
		for at := time.Date(2010, 1, 1, 0, 7, 0, 0, time.UTC); at.Year() < 2016; at = at.Add(47 * time.Minute) {
			got, err := r.Read(at.In(zone).Format(time.DateTime))
			if err != nil {
				t.Fatal(err)
			}
			e := &event.Event{}
			r.Doubt(e)
			if !got.At.Equal(at) && !strings.HasSuffix(e.Get(DoubtField), event.FormatTime(at)) {
				t.Errorf("%s: %s became %s, doubt %q", name, at, got.At, e.Get(DoubtField))
			}
		}
		if r.doubts.never > 0 {
			t.Errorf("%s: %d real times were said never to have been", name, r.doubts.never)
		}
	}
}
