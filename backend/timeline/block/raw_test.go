package block

import (
	"testing"
	"time"

	"adjutant/backend/event"
)

func rawEvents() []*event.Event {
	var out []*event.Event
	for i := range 30 {
		e := &event.Event{Locator: event.Locator{Offset: int64(i * 10), Length: 9, Record: "7", Sub: i % 2}}
		at := time.Date(2020, 9, 19, 0, 0, i, 0, time.UTC)
		e.Times = []event.Time{{Meaning: event.Occurred, At: at, Original: "x", Zone: "UTC"}}
		if i%3 == 0 {
			e.Times = append(e.Times, event.Time{Meaning: event.Modified, At: at.Add(-time.Hour)})
		}
		out = append(out, e)
	}
	return out
}

// FuzzRaw feeds the decoders what lies inside a blob, past compression: FuzzDecode rarely gets there.
func FuzzRaw(f *testing.F) {
	events := rawEvents()
	c := newColumnBuilder("f")
	for i := 0; i < 30; i += 2 {
		c.add(i, &event.Field{Values: []string{"a", "b"}[:1+i%4/2]})
	}
	f.Add(c.encode(nil, 30))
	var t timesBuilder
	var l locatorsBuilder
	var order []uint16
	for i, e := range events {
		t.add(e.Times)
		l.add(&e.Locator)
		order = append(order, uint16(i))
	}
	f.Add(t.encode(nil, order))
	f.Add(l.encode(nil, order))
	f.Add(t.encodeOriginals(nil, order))
	times, err := decodeTimes(t.encode(nil, order), 30)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := decodeColumn(raw, 30); err == nil {
			c.Each(func(ev, cell int) {
				_ = c.Values(cell)
				_ = c.Kind(cell)
				if got, ok := c.CellOf(ev); !ok || got != cell {
					t.Fatalf("event %d has cell %d, found %d", ev, cell, got)
				}
			})
		}
		if x, err := decodeTimes(raw, 30); err == nil {
			for e := range 30 {
				x.of(e)
			}
		}
		if x, err := decodeLocators(raw, 30); err == nil {
			x.IDs([32]byte{}, "p")
		}
		if o, err := decodeOriginals(raw, times); err == nil {
			for e := range 30 {
				o.fill(e, times.of(e))
			}
		}
	})
}

// TestOldBytes holds a column as version 1 writes it. When this fails, Version has to change.
func TestOldBytes(t *testing.T) {
	const old = "\x00\x00\x06\x02\xf5\x00\x01\x00\x00\x01\x00\x01\x01FS" // plain strings, six of eight events, two cells
	c, err := decodeColumn([]byte(old), 8)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	again := newColumnBuilder("f")
	c.Each(func(ev, cell int) {
		got += string(rune('0'+ev)) + c.Values(cell)[0] + " "
		again.add(ev, &event.Field{Values: c.Values(cell)})
	})
	if got != "0F 2S 4F 5F 6S 7F " {
		t.Errorf("old bytes read as %q", got)
	}
	if b := again.encode(nil, 8); string(b) != old {
		t.Errorf("the same column is now written as %q", b)
	}
}
