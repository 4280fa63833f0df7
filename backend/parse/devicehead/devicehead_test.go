package devicehead

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, host, relay, program, pid, own, relayed, other string }{
		{"Sep 20 15:42:59 1.2.3.4 haproxy[24551]: ", "1.2.3.4", "", "haproxy", "24551", "Sep 20 15:42:59", "", ""},
		{"<166>Apr 15 2013 09:36:50: ", "", "", "", "", "Apr 15 2013 09:36:50", "", ""},
		{"Apr 15 2013 09:36:50 fw01 : ", "fw01", "", "", "", "Apr 15 2013 09:36:50", "", ""},
		{"Oct 11 22:14:15 relay Oct 11 2013 22:14:14 fw : ", "fw", "relay", "", "", "Oct 11 2013 22:14:14", "Oct 11 22:14:15", ""},
		{"<165>1 2003-10-11T22:14:15.003Z fw ASA - - - ", "fw", "", "ASA", "", "2003-10-11T22:14:15.003Z", "", ""},
		{"2019-01-01 00:00:01 fw kernel: ", "fw", "", "kernel", "", "2019-01-01 00:00:01", "", ""},
		{"000123: *Mar  1 2021 00:00:00.123 UTC: ", "", "", "", "", "Mar  1 2021 00:00:00.123", "", "000123"},
		{"Mar  1 00:00:00 10.0.0.1 123: fw: Mar  1 00:00:00.123: ", "", "10.0.0.1", "123", "", "Mar  1 00:00:00.123", "Mar  1 00:00:00", "fw:"},
		{"", "", "", "", "", "", "", ""},
		{"<999>x", "<999>x", "", "", "", "", "", ""},
	} {
		h := Parse(c.text)
		if h.Host != c.host || h.Relay != c.relay || h.Program != c.program || h.PID != c.pid || h.own.text != c.own || h.relayed.text != c.relayed {
			t.Errorf("%q: %+v", c.text, h)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("<165>1 2003-10-11T22:14:15.003Z fw ASA - - - ")
	f.Add("000123: *Mar  1 2021 00:00:00.123 UTC: ")
	f.Fuzz(func(t *testing.T, s string) {
		h := Parse(s)
		if _, ok := h.Yearless(); ok && !h.Dated() {
			t.Error("a year is wanted for no time")
		}
	})
}
