package event

import (
	"fmt"
	"strings"
	"testing"
)

// TestSlabKeepsWhatItGave: many events from one slab, each still itself at the end, for less than one allocation each.
func TestSlabKeepsWhatItGave(t *testing.T) {
	const n = 2000
	var s Slab
	events := make([]*Event, 0, n)
	words := make([]string, 26*97)
	for i := range words {
		words[i] = strings.Repeat(string(rune('a'+i%26)), i%97)
	}
	word := func(i int) string { return words[i%len(words)] }
	fill := func(i int) *Event {
		e := s.Event()
		e.Times = s.Times(1 + i%3)
		e.Times[0].Original = s.Copy(word(i))
		fields, values := s.Fields(40), s.Values(40)
		for j := range 1 + i%30 {
			values = append(values, s.KeepText(append(s.Text(200), word(i+j)...)))
			fields = append(fields, Field{Name: "f", Values: values[len(values)-1:]})
		}
		s.KeepValues(values)
		e.Fields = s.KeepFields(fields)
		return e
	}
	if per := testing.AllocsPerRun(200, func() { fill(29) }); per >= 1 {
		t.Errorf("%v allocations an event", per)
	}
	for i := range n {
		events = append(events, fill(i))
		if i == n/2 {
			if got := s.Copy(strings.Repeat("long", slabText)); len(got) != 4*slabText {
				t.Fatal(len(got))
			}
			if f := s.Fields(3 * slabFields); cap(f) != 3*slabFields || len(s.Times(5*slabTimes)) != 5*slabTimes {
				t.Fatal(cap(f))
			}
		}
	}
	for i, e := range events {
		if len(e.Fields) != 1+i%30 || len(e.Times) != 1+i%3 || e.Times[0].Original != word(i) || !e.Times[len(e.Times)-1].At.IsZero() {
			t.Fatalf("event %d: %d fields, times %v", i, len(e.Fields), e.Times)
		}
		for j, f := range e.Fields {
			if len(f.Values) != 1 || f.Values[0] != word(i+j) {
				t.Fatalf("event %d, field %d: %q, want %q", i, j, f.Values, word(i+j))
			}
		}
		e.Fields = append(e.Fields, Field{Name: "more"}) // does not reach the next event's
	}
	if got := s.KeepText(s.Text(10)); got != "" {
		t.Errorf("%q", got)
	}
}

// TestSlabReuse: after Reuse the same memory is given again, clean.
func TestSlabReuse(t *testing.T) {
	var s Slab
	first := s.Event()
	first.Path, first.Times = "x", s.Times(2)
	first.Times[1].Zone = "UTC"
	s.Reuse()
	again := s.Event()
	if again != first || again.Path != "" || fmt.Sprint(s.Times(2)) != fmt.Sprint(make([]Time, 2)) {
		t.Errorf("%p %p %+v", first, again, again)
	}
}
