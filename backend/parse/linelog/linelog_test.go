package linelog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/yearless"
)

// toy is the smallest grammar with all that a grammar can say: "# …" stands aside, "+…" continues, "!" is damage, "? …" warns.
func toy() Grammar {
	return Grammar{
		Name: "toy", Version: "1", What: "a toy line",
		Continues: func(line []byte) bool { return line[0] == '+' },
		Aside:     func(line []byte) bool { return line[0] == '#' },
		Read: func(r *Record) string {
			switch r.Text[0] {
			case '!':
				return "broken"
			case '?':
				r.Warn("doubtful")
			}
			if at, rest, ok := strings.Cut(r.Text, " "); ok && len(at) == 20 {
				if r.At(event.Occurred, at) != nil {
					return ReasonTime
				}
				r.Set("message", rest)
				return ""
			}
			r.Set("message", r.Text)
			return ""
		},
	}
}

type out struct {
	res    parse.Result
	events []*event.Event
}

func read(t *testing.T, g Grammar, text string) out {
	t.Helper()
	var o out
	res, err := Parse(context.Background(), parse.Input{Reader: strings.NewReader(text), Size: int64(len(text)), Name: "toy",
		Assume: parse.Assume{ModTime: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)}}, g, func(e *event.Event) error {
		o.events = append(o.events, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	o.res = res
	return o
}

func (o out) messages() string {
	var s []string
	for _, e := range o.events {
		s = append(s, e.Get("message"))
	}
	return strings.Join(s, "|")
}

func TestWalk(t *testing.T) {
	text := "+lost head\n# heading\n2026-03-14T01:02:03Z one\n+more\xff\n\n!\n2026-02-30T01:02:03Z never\n? odd\r\nlast"
	o := read(t, toy(), text)
	if want := "+lost head|one\n+more\uFFFD|? odd|last"; o.messages() != want {
		t.Errorf("%q, want %q", o.messages(), want)
	}
	if r := o.res; r.Read != 6 || r.Parsed != 4 || r.Status != parse.StatusPartial || r.WarningCount != 4 || fmt.Sprint(r.Skipped) != "[{broken 1} {impossible time 1}]" {
		t.Errorf("%+v", r)
	}
	e := o.events[1]
	if got := text[e.Locator.Offset : e.Locator.Offset+e.Locator.Length]; got != "2026-03-14T01:02:03Z one\n+more\xff" {
		t.Errorf("the locator frames %q", got)
	}
	if want := time.Date(2026, 3, 14, 1, 2, 3, 0, time.UTC); !o.res.First.Equal(want) || !o.res.Last.Equal(want) {
		t.Errorf("first %v, last %v", o.res.First, o.res.Last)
	}
	if o.events[2].Locator.Length != 5 {
		t.Errorf("a carriage return is part of the record: %v", o.events[2].Locator)
	}
	for text, want := range map[string]parse.Status{"": parse.StatusEmpty, "# only\n\n": parse.StatusEmpty, "!\n!\n": parse.StatusFailed, "a\n": parse.StatusOK} {
		if got := read(t, toy(), text).res; got.Status != want {
			t.Errorf("%q: %s, want %s", text, got.Status, want)
		}
	}
}

// TestLongLine: a line beyond the limit costs only itself, and continuations stop where the record is full.
func TestLongLine(t *testing.T) {
	o := read(t, toy(), "a\n"+strings.Repeat("x", parse.MaxRecordBytes+1)+"\nb\n")
	if o.messages() != "a|b" || o.res.Read != 3 || o.res.Skipped[0].Reason != ReasonLong || o.res.Warnings[0].Offset != 2 {
		t.Errorf("%q %+v", o.messages(), o.res)
	}
	half := "+" + strings.Repeat("x", parse.MaxRecordBytes/2)
	o = read(t, toy(), "a\n"+half+"\n"+half+"\nb\n")
	if len(o.events) != 3 || o.res.Read != 3 {
		t.Errorf("%d events, %+v", len(o.events), o.res)
	}
}

func TestStops(t *testing.T) {
	boom := errors.New("store full")
	in := parse.Input{Reader: strings.NewReader("a\nb\n"), Size: 4}
	if _, err := Parse(context.Background(), in, toy(), func(*event.Event) error { return boom }); !errors.Is(err, boom) {
		t.Errorf("the store's error became %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Parse(ctx, in, toy(), func(*event.Event) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelling became %v", err)
	}
	if res, err := Parse(context.Background(), parse.Input{Reader: broken{}, Size: 10}, toy(), func(*event.Event) error { return nil }); err == nil || res.Read != 1 {
		t.Errorf("a source that cannot be read on: %v %+v", err, res)
	}
}

// broken gives two lines and then an error.
type broken struct{}

func (broken) ReadAt(b []byte, off int64) (int, error) {
	if off > 0 {
		return 0, errors.New("unplugged")
	}
	return copy(b, "a\n"), errors.New("unplugged")
}

// TestJoins: lines "name:text" of one record stand between those of others; "name." ends it; events come in the order of their
// first lines, each once, whatever happens.
func TestJoins(t *testing.T) {
	g := func() Grammar {
		return Grammar{Name: "toy", Version: "1", What: "a toy line",
			Aside: func(line []byte) bool { return line[0] == '#' },
			Joins: func(line []byte) (string, bool) {
				if i := bytes.IndexAny(line, ":."); i > 0 {
					return string(line[:i]), line[i] == '.'
				}
				return "", false
			},
			Read: func(r *Record) string {
				if r.Text == "bad" {
					return "broken"
				}
				r.Set("message", strings.ReplaceAll(r.Text, "\n", "/"))
				return ""
			}}
	}
	text := "a:1\nb:1\n# aside\na:2\nbad\nc.only\nb.2\na:3\nb:again\n"
	o := read(t, g(), text)
	if want := "a:1/a:2/a:3|b:1/b.2|c.only|b:again"; o.messages() != want || o.res.Read != 5 || o.res.Parsed != 4 {
		t.Errorf("%q %+v", o.messages(), o.res)
	}
	e := o.events[0]
	if got := text[e.Locator.Offset : e.Locator.Offset+e.Locator.Length]; !strings.HasPrefix(got, "a:1\n") || !strings.HasSuffix(got, "a:3") {
		t.Errorf("the locator frames %q", got)
	}
	// A record whose next line comes after more than maxOpen others is two.
	var b strings.Builder
	b.WriteString("a:1\n")
	for i := 0; i <= maxOpen; i++ {
		fmt.Fprintf(&b, "x%d:1\n", i)
	}
	b.WriteString("a:2\n")
	o = read(t, g(), b.String())
	if o.res.Read != maxOpen+3 || o.events[0].Get("message") != "a:1" || o.events[len(o.events)-1].Get("message") != "a:2" {
		t.Errorf("%d events: %s", len(o.events), o.messages())
	}
	// What waits is bounded in bytes, too.
	b.Reset()
	for i := 0; i < 40; i++ {
		fmt.Fprintf(&b, "x%d:%s\n", i, strings.Repeat("x", 1<<20))
	}
	if o = read(t, g(), b.String()); len(o.events) != 40 {
		t.Errorf("%d events", len(o.events))
	}
}

func TestScore(t *testing.T) {
	fits := func(line []byte) bool { return line[0] == 'a' }
	plus := func(line []byte) bool { return line[0] == '+' }
	hash := func(line []byte) bool { return line[0] == '#' }
	for _, c := range []struct {
		head string
		want int
	}{
		{"a\na\n", 90}, {"", 0}, {"# x\n# y\n", 0}, {"a\n+\n+\n#\nb\n", 0}, {"a\na\na\nb\n+\n", 67}, {"a\nb\n", 0},
		{"a\n" + strings.Repeat("b", parse.HeadBytes), 90}, // the cut line says nothing
	} {
		if got := Score([]byte(c.head), 90, fits, plus, hash); got != c.want {
			t.Errorf("%.20q: %d, want %d", c.head, got, c.want)
		}
	}
	if got := Score([]byte("a\n+\n"), 90, fits, nil, nil); got != 0 {
		t.Errorf("without continuations: %d", got)
	}
}

func TestYearsThroughTheWalk(t *testing.T) {
	civil := func(line []byte) (yearless.Civil, bool) {
		c := yearless.Civil{Day: 5}
		if len(line) > 3 {
			c.Month = yearless.Month(string(line[:3]))
		}
		return c, c.Month > 0
	}
	g := Grammar{Name: "toy", Version: "1", What: "a toy line", Yearless: civil, Read: func(r *Record) string {
		c, ok := civil([]byte(r.Text))
		if !ok || r.Civil(event.Occurred, c, r.Text) != nil {
			return ReasonTime
		}
		return ""
	}}
	o := read(t, g, "Nov x\nDec x\nJan x\n")
	if len(o.events) != 3 || o.events[0].Times[0].At.Year() != 2024 || o.events[2].Times[0].At.Year() != 2025 || !strings.HasPrefix(o.res.Note, "Times without a year were put into 2024 to 2025") {
		t.Errorf("%+v", o.res)
	}
	res, err := Parse(context.Background(), parse.Input{Reader: strings.NewReader("Nov x\n"), Size: 6, Name: "toy"}, g, func(*event.Event) error { return nil })
	if !errors.Is(err, parse.ErrNeedsAnswer) || res.Status != parse.StatusFailed || !strings.Contains(res.Note, "--year") {
		t.Errorf("%v %+v", err, res)
	}
}
