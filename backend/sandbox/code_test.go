package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
)

// Whatever bytes a child sends as events: no panic, and what passes the check is what it says it is.
func FuzzEvents(f *testing.F) {
	f.Add(encoded(sample(0, 100), sample(1, 100), sample(1, 100), sample(2, 100)))
	f.Add(encoded(sample(0, 100), sample(3, 100))[:90])
	f.Add(encoded(sample(0, 100), &event.Event{Fields: []event.Field{{Name: "big", Values: []string{strings.Repeat("é", maxAgainBytes)}}}}))
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &decoder{size: 100}
		var events []*event.Event
		for range 2 { // shapes and names outlive a frame
			got, err := decoded(d, b)
			if err != nil {
				return
			}
			events = append(events, got...)
		}
		again, err := decoded(&decoder{size: 100}, encoded(events...))
		if err != nil || !reflect.DeepEqual(events, again) {
			t.Fatalf("round trip: %v\n%+v\n%+v", err, events, again)
		}
		for _, e := range events {
			for i := range max(len(e.Times), 1) {
				if !json.Valid(e.JSON(i)) {
					t.Fatalf("not JSON: %s", e.JSON(i))
				}
			}
		}
	})
}

func encoded(events ...*event.Event) []byte {
	enc := newEncoder()
	for _, e := range events {
		enc.event(e)
	}
	return bytes.Join(enc.parts(), nil)
}

func decoded(d *decoder, b []byte) (events []*event.Event, err error) {
	err = d.begin(b)
	for err == nil {
		var e *event.Event
		if e, err = d.next(); e == nil {
			break
		}
		events = append(events, e)
	}
	return events, err
}

// What evidence puts into names and numbers is made fit by the child, so that one odd record does not cost the item.
func TestTidyEventsPassTheCheck(t *testing.T) {
	e := &event.Event{Locator: event.Locator{Record: "a\n\x00\xff" + strings.Repeat("x", 9000)}, Fields: []event.Field{
		{Name: "z", Kind: event.KindNumber, Values: []string{"0x1f"}},
		{Name: "a\nb", Values: []string{"\xff"}},
		{Name: "", Values: []string{"v"}},
		{Name: "adjutant.event_id", Values: []string{"forged"}},
		{Name: "@timestamp", Values: []string{"forged"}},
		{Name: "none"},
		{Name: strings.Repeat("long", 4000), Values: []string{"v"}},
	}}
	events, err := decoded(&decoder{}, encoded(e))
	if err != nil || len(events) != 1 {
		t.Fatal(err)
	}
	if e := events[0]; len(e.Fields) != 6 || e.Get("z") != "0x1f" || e.Get("_@timestamp") != "forged" || e.Get("a\ufffdb") != "\ufffd" {
		t.Fatalf("%+v", e.Fields)
	}
}

// What no honest child sends is refused, each with its reason.
func TestMalformedEvents(t *testing.T) {
	one := func(f event.Field) []byte {
		enc := newEncoder()
		enc.count++
		s := enc.shape([]event.Field{f})
		enc.events = append(enc.events, 0, 0, 0, 0, 0) // locator, no times
		enc.values(s, []event.Field{f})
		return bytes.Join(enc.parts(), nil)
	}
	good := one(event.Field{Name: "a", Values: []string{"v"}})
	if events, err := decoded(&decoder{}, good); err != nil || len(events) != 1 || events[0].Get("a") != "v" {
		t.Fatal(events, err)
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"name":           {one(event.Field{Name: "a\n", Values: []string{"v"}}), "field name"},
		"reserved":       {one(event.Field{Name: "adjutant.row_id", Values: []string{"v"}}), "field name"},
		"kind":           {one(event.Field{Name: "a", Kind: 9, Values: []string{"v"}}), "kind 9"},
		"number":         {one(event.Field{Name: "a", Kind: event.KindNumber, Values: []string{"1x"}}), "not of its kind"},
		"bool":           {one(event.Field{Name: "a", Kind: event.KindBool, Values: []string{"yes"}}), "not of its kind"},
		"no value":       {one(event.Field{Name: "a"}), "without a value"},
		"more texts":     {append([]byte{0, 1, 'x'}, nil...), "more than the events"},
		"more events":    {append(bytes.Clone(good), 1), "more than the events"},
		"unknown shape":  {[]byte{1, 0, 7}, "shape"},
		"texts too long": {[]byte{1, 200, 1, 'x'}, "texts"},
		"many fields":    {[]byte{1, 0, 0, 0xff, 0xff, 3}, "count"},
		"endless number": {bytes.Repeat([]byte{0xff}, 40), "number"},
		"cut":            {good[:len(good)-1], ""},
		"outside":        {func() []byte { e := sample(0, 100); e.Locator.Offset = 99; e.Locator.Length = 2; return encoded(e) }(), "outside the item"},
		"year": {func() []byte {
			e := sample(0, 100)
			e.Times[0].At = time.Unix(event.LastSecond+1, 0)
			return encoded(e)
		}(), "time"},
		"meaning": {func() []byte { e := sample(0, 100); e.Times[0].Meaning = "a/b"; return encoded(e) }(), "meaning of a time"},
	} {
		if _, err := decoded(&decoder{size: 100}, c.b); !errors.Is(err, errEvent) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	full := &decoder{size: 100, given: maxTextAtLeast + maxTextPerByte*100}
	if _, err := decoded(full, good); err == nil || !strings.Contains(err.Error(), "more text than") {
		t.Errorf("more text than the item can give: %v", err)
	}
}

// A value that did not change is sent once in a frame, and every event still has its own.
func TestUnchangedValuesAreSentOnce(t *testing.T) {
	var in []*event.Event
	for n := range 40 {
		e := &event.Event{Fields: []event.Field{{Name: "a", Values: []string{strings.Repeat("same", 100)}}, {Name: "b", Values: []string{fmt.Sprint(n / 3)}},
			{Name: "c", Values: []string{"é", fmt.Sprint(n)}}}}
		if n%7 == 0 {
			e.Fields[0].Values = []string{strings.Repeat("x", maxAgainBytes+n)}
		}
		if n%5 == 0 {
			e.Fields = e.Fields[:2]
		}
		in = append(in, e)
	}
	b := encoded(in...)
	out, err := decoded(&decoder{size: 100}, b)
	if err != nil || !reflect.DeepEqual(in, out) {
		t.Fatalf("%v\n%+v\n%+v", err, in, out)
	}
	if len(b) > 6*maxAgainBytes+10_000 {
		t.Errorf("%d bytes for 40 events", len(b))
	}
}
