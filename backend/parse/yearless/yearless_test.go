package yearless

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// head reads lines of "Mmm dd".
func head(line []byte) (Civil, bool) {
	var month string
	var c Civil
	if _, err := fmt.Sscanf(string(line), "%3s %d", &month, &c.Day); err != nil {
		return c, false
	}
	c.Month = Month(month)
	return c, c.Month > 0
}

func years(t *testing.T, text string, in parse.Input) (string, *Years, error) {
	t.Helper()
	in.Reader, in.Size = strings.NewReader(text), int64(len(text))
	var y Years
	if err := y.Prepare(context.Background(), in, lines.New(in.Reader, in.Size), head); err != nil {
		return "", &y, err
	}
	var got []string
	r := stamp.New(in.Assume)
	for _, line := range strings.Split(text, "\n") {
		c, ok := head([]byte(line))
		if !ok {
			continue
		}
		at, err := y.Read(r, c, line)
		if err != nil {
			got = append(got, "none")
			continue
		}
		if at.Assumed == "" {
			t.Errorf("%s: nobody assumed the year", line)
		}
		got = append(got, fmt.Sprint(at.At.Year()))
	}
	return strings.Join(got, " "), &y, nil
}

func TestPrepareAndRead(t *testing.T) {
	mod := func(y, m, d int) parse.Input {
		return parse.Input{Assume: parse.Assume{ModTime: time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC)}}
	}
	for _, c := range []struct {
		what, text, want string
		in               parse.Input
	}{
		{"one year", "Mar 01\nMar 02", "2026 2026", mod(2026, 3, 3)},
		{"the last line lies after the file's time", "Mar 01\nMar 05", "2025 2025", mod(2026, 3, 3)},
		{"a day's grace for zones", "Mar 04", "2026", mod(2026, 3, 3)},
		{"a turn", "Dec 31\nJan 01", "2025 2026", mod(2026, 1, 2)},
		{"two turns", "Jun 01\nDec 31\nJan 01\nNov 01\nJan 02", "2024 2024 2025 2025 2026", mod(2026, 1, 2)},
		{"a late line across the turn", "Dec 31\nJan 01\nDec 31\nJan 01", "2025 2026 2025 2026", mod(2026, 1, 2)},
		{"a step back within the year is no turn", "Mar 20\nFeb 10\nMar 21", "2026 2026 2026", mod(2026, 4, 1)},
		{"leap day", "Feb 29", "2024", mod(2026, 3, 3)},
		{"leap day before others", "Feb 29\nMar 01", "none 2026", mod(2026, 3, 3)},
		{"the import's time", "Mar 01", "2026", parse.Input{Started: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)}},
		{"an answer is the first line's year", "Dec 31\nJan 01", "2019 2020", parse.Input{Assume: parse.Assume{Year: 2019, YearBy: "e1"}}},
		{"nothing to read", "no times", "", mod(2026, 1, 1)},
	} {
		got, _, err := years(t, c.text, c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.what, got, c.want, err)
		}
	}
	if _, _, err := years(t, "Mar 01", parse.Input{Name: "messages"}); !errors.Is(err, parse.ErrNeedsAnswer) || !strings.Contains(err.Error(), "messages") {
		t.Errorf("without any year: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var y Years
	if err := y.Prepare(ctx, mod(2026, 1, 1), lines.New(strings.NewReader("Mar 01"), 6), head); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNote(t *testing.T) {
	_, y, _ := years(t, "Dec 31\nJan 01", parse.Input{Assume: parse.Assume{Year: 2019, YearBy: "e1"}})
	if got := y.Note(); got != "times without a year were put into 2019 to 2020, as answered in entry e1" {
		t.Error(got)
	}
	_, y, _ = years(t, "Mar 01", parse.Input{Started: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)})
	if got := y.Note(); got != "times without a year were put into 2026 by the time of the import, because the file's own time is not known; nobody has answered which year it was" {
		t.Error(got)
	}
	if got := (&Years{}).Note(); got != "" {
		t.Error(got)
	}
}

// TestStatedYears: a line that states its year neither gets one nor moves the others.
func TestStatedYears(t *testing.T) {
	y := Years{current: 2020, by: "default"}
	r := stamp.New(parse.Assume{})
	at, err := y.Read(r, Civil{Year: 1999, Month: 12, Day: 31}, "x")
	if err != nil || at.At.Year() != 1999 || y.Note() != "" {
		t.Errorf("%v %v %q", at, err, y.Note())
	}
	if at, err = y.Read(r, Civil{Month: 1, Day: 1}, "x"); err != nil || at.At.Year() != 2020 {
		t.Errorf("%v %v", at, err)
	}
}

func TestClockAndMonth(t *testing.T) {
	for s, want := range map[string]string{
		"01:02:03": "1 2 3 0", "23:59:60": "23 59 60 0", "01:02:03.5": "1 2 3 500000000", "01:02:03.123456789": "1 2 3 123456789",
		"24:00:00": "", "1:02:03": "", "01:02": "", "01:02:03.": "", "01:02:03.1234567890": "", "01:02:03,5": "", "-1:02:03": "", "01:02:61": "", "": "", "+1:+2:+3": "",
	} {
		var c Civil
		got := ""
		if c.Clock(s) {
			got = fmt.Sprint(c.Hour, c.Min, c.Sec, c.Nsec)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]int{"Jan": 1, "Dec": 12, "anF": 0, "jan": 0, "": 0, "Janu": 0, "ecJ": 0} {
		if got := Month(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}
