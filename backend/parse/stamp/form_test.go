package stamp

import (
	"errors"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

func TestNamedForms(t *testing.T) {
	const want = "2026-03-14T01:02:03.0000000Z"
	for _, c := range []struct{ form, text, want string }{
		{"iso", "2026-03-14 01:02:03", want}, {"iso", "14.03.2026 01:02:03", ""},
		{"dmy", "03/04/2026 01:02:03", "2026-04-03T01:02:03.0000000Z"}, {"mdy", "03/04/2026 01:02:03", "2026-03-04T01:02:03.0000000Z"},
		{"dmy", "03/14/2026 01:02:03", ""}, {"mdy", "14/03/2026 01:02:03", ""}, {"mdy", "04/04/2026 01:02:03", "2026-04-04T01:02:03.0000000Z"},
		{"named", "14 Mar 2026 01:02:03", want}, {"named", "2026-03-14 01:02:03", ""},
		{"date", "2026-03-14", "2026-03-14T00:00:00.0000000Z"}, {"date", "14.03.2026", "2026-03-14T00:00:00.0000000Z"}, {"date", "03/04/2026", "ambiguous"},
		{"epoch-s", "1773450123", want}, {"epoch-s", "1773450123.25", "2026-03-14T01:02:03.2500000Z"}, {"epoch-s", "-1.5", "1969-12-31T23:59:58.5000000Z"},
		{"epoch-s", "86400", "1970-01-02T00:00:00.0000000Z"}, {"epoch-s", "0", ""}, {"epoch-s", "x1", ""},
		{"epoch-ms", "1773450123000", want}, {"epoch-us", "1773450123000000", want}, {"epoch-ns", "1773450123456789012", "2026-03-14T01:02:03.4567890Z"},
		{"filetime", "134179237234567891", "2026-03-14T01:02:03.4567891Z"}, {"filetime", "0x1dcb34e2b996ad3", "2026-03-14T01:02:03.4567891Z"}, {"filetime", "9223372036854775807", ""},
		{"webkit", "13417923723456789", "2026-03-14T01:02:03.4567890Z"}, {"ticks", "639090469230000000", want}, {"cocoa", "795142923", want},
		{"excel", "46095.0430902778", "2026-03-14T01:02:03.0000000Z"},
		{"pattern:dd.MM.yy HH:mm", "14.03.26 01:02", "2026-03-14T01:02:00.0000000Z"},
		{"pattern:h:mm tt M/d/yyyy", "1:02 PM 3/14/2026", "2026-03-14T13:02:00.0000000Z"},
		{"pattern:yyyyMMddHHmmss.fff", "20260314010203.25", "2026-03-14T01:02:03.2500000Z"},
		{"pattern:EEE, d MMM yyyy HH:mm:ss Z", "Sat, 14 Mar 2026 01:02:03 +0200", "2026-03-13T23:02:03.0000000Z"},
		{"pattern:'at' yyyy-MM-dd", "at 2026-03-14", "2026-03-14T00:00:00.0000000Z"},
		{"pattern:dd.MM.yyyy HH:mm", "31.02.2026 01:02", ""}, {"pattern:dd.MM.yyyy HH:mm", "14.03.2026 01:02 x", ""},
	} {
		f, err := FormNamed(c.form)
		if err != nil {
			t.Errorf("%s: %v", c.form, err)
			continue
		}
		r := New(parse.Assume{})
		at, err := f.Read(r, c.text)
		got := ""
		switch {
		case err == nil:
			got = event.FormatTime(at.At)
			if at.Original != c.text {
				t.Errorf("%s %q: original %q", c.form, c.text, at.Original)
			}
		case errors.Is(err, ErrAmbiguous):
			got = "ambiguous"
		}
		if c.form == "excel" && err == nil {
			got = event.FormatTime(at.At.Round(1e6)) // days have more digits than the sheet shows
		}
		if got != c.want {
			t.Errorf("%s %q: %q (%v), want %q", c.form, c.text, got, err, c.want)
		}
	}
}

func TestYearlessForms(t *testing.T) {
	for text, want := range map[string]Wall{"Mar 14 01:02:03": {0, 3, 14, 1, 2, 3, 0}, "Mar  4 01:02:03": {0, 3, 4, 1, 2, 3, 0}, "Feb 29 23:59:60": {0, 2, 29, 23, 59, 60, 0}} {
		f, _ := FormNamed("syslog")
		if got, ok := f.Wall(text); !ok || got != want || !f.Yearless() {
			t.Errorf("%q: %+v %v", text, got, ok)
		}
	}
	f, err := FormNamed("pattern:dd/MM HH:mm:ss")
	if got, ok := f.Wall("14/03 01:02:03"); err != nil || !ok || got != (Wall{0, 3, 14, 1, 2, 3, 0}) {
		t.Errorf("%+v %v %v", got, ok, err)
	}
	for _, bad := range []string{"nothing", "pattern:", "pattern:HH:mm", "pattern:yyyy-MM-dd 'x", "pattern:yyyy-MM-dd q", "pattern:MM MM dd"} {
		if _, err := FormNamed(bad); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Add("pattern:dd.MM.yy HH:mm", "14.03.26 01:02")
	f.Add("epoch-s", "1.5")
	f.Add("pattern:EEE, d MMM yyyy HH:mm:ss Z", "Sat, 14 Mar 2026 01:02:03 +0200")
	f.Fuzz(func(t *testing.T, form, text string) {
		g, err := FormNamed(form)
		if err != nil {
			return
		}
		if at, err := g.Read(New(parse.Assume{}), text); err == nil && (at.Original != text || at.At.Nanosecond()%100 != 0) {
			t.Errorf("%q %q: %+v", form, text, at)
		}
		g.Wall(text)
	})
}
