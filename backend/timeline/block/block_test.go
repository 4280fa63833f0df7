package block_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
	"adjutant/backend/timeline/timelinetest"
)

// decoded is everything of a block, for comparison.
type decoded struct {
	header   *block.Header
	events   []*event.Event
	times    *block.Times
	locators *block.Locators
	filter   *block.Filter
	postings *block.Postings
	columns  []block.NamedColumn
}

// decode reads a block whole, touching every cell, as timeline does.
func decode(header []byte, parts func(i int) []byte, base event.Event) (*decoded, error) {
	h, err := block.DecodeHeader(header, nil)
	if err != nil {
		return nil, err
	}
	d := &decoded{header: h}
	if d.times, err = h.Times(parts(block.PartHot)); err != nil {
		return nil, err
	}
	if d.locators, err = h.Locators(parts(h.PartOfLocators())); err != nil {
		return nil, err
	}
	originals, err := h.Originals(parts(h.PartOfOriginals()), d.times)
	if err != nil {
		return nil, err
	}
	path := &block.Column{}
	for i := range h.Columns {
		c := &h.Columns[i]
		if !c.IsField() && c.Name != block.ColPath {
			continue
		}
		col, err := h.Field(c, parts(c.Part))
		if err != nil {
			return nil, err
		}
		if c.Name == block.ColPath {
			path = col
			continue
		}
		d.columns = append(d.columns, block.NamedColumn{Name: c.Name, Column: col})
	}
	if d.filter, err = block.DecodeFilter(parts(block.PartFilter)); err != nil {
		return nil, err
	}
	if d.postings, err = block.DecodePostings(parts(block.PartPostings), h.Events); err != nil {
		return nil, err
	}
	evs := make([]int, h.Events)
	for i := range evs {
		evs[i] = i
	}
	d.events = block.Assemble(evs, base, d.times, originals, d.locators, path, d.columns)
	return d, nil
}

func encode(b *block.Builder, events []*event.Event) (*block.Encoded, error) {
	for _, e := range events {
		if err := b.Add(e); err != nil {
			return nil, err
		}
	}
	return b.Encode()
}

func build(t interface{ Fatalf(string, ...any) }, events []*event.Event) (*block.Encoded, *decoded) {
	for _, e := range events {
		if _, err := block.Check(e); err != nil {
			t.Fatalf("check: %v", err)
		}
	}
	enc, err := encode(new(block.Builder), events)
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	first := events[0]
	base := event.Event{Evidence: first.Evidence, Parser: first.Parser, Version: first.Version}
	d, err := decode(enc.Header, func(i int) []byte { return enc.Parts[i] }, base)
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	return enc, d
}

// same compares events; a time is what 100 ns can hold, and no values are the same as none.
var same = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b time.Time) bool { return block.Ticks(a) == block.Ticks(b) }),
}

// TestEventsComeBackExactly is the promise of the package, over random events.
func TestEventsComeBackExactly(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := timelinetest.Events(r, "", incident.Digest{1, 2}, "jsonl", 60)
		_, d := build(r, events)
		want := map[event.ID]*event.Event{}
		rows := 0
		for _, e := range events {
			want[e.ID()] = e
			rows += max(1, len(e.Times))
		}
		if len(d.events) != len(events) || d.header.Rows != rows {
			r.Fatalf("%d events and %d rows out of %d and %d", len(d.events), d.header.Rows, len(events), rows)
		}
		ids := d.locators.IDs(incident.Digest{1, 2}, "jsonl")
		for i, got := range d.events {
			if ids[i].String() != string(got.ID()) {
				r.Fatalf("id %s instead of %s", ids[i], got.ID())
			}
			if diff := cmp.Diff(want[got.ID()], got, same); diff != "" {
				r.Fatalf("event changed (-in +out):\n%s", diff)
			}
			checkIndex(r, d, i, got)
		}
		checkOrder(r, d)
	})
}

// checkIndex demands that filter and postings deny nothing that an event holds.
func checkIndex(r *rapid.T, d *decoded, ev int, e *event.Event) {
	if id, ok := block.ParseID(e.ID()); !ok || !d.filter.Has(block.IDKey(id)) {
		r.Fatalf("filter denies id %s", e.ID())
	}
	for _, f := range e.Fields {
		c, ok := d.header.Find(f.Name)
		if !ok {
			r.Fatalf("no column %q", f.Name)
		}
		for _, v := range f.Values {
			if c.InFilter && !d.filter.Has(block.ValueKey(f.Name, query.Fold(v))) {
				r.Fatalf("filter denies %s=%q", f.Name, v)
			}
			for _, token := range query.Tokens(v) {
				if !d.filter.Has(block.TokenKey(token)) {
					r.Fatalf("filter denies token %q", token)
				}
				in, ok, err := d.postings.Find(token)
				if err != nil || ok && !in.Has(ev) {
					r.Fatalf("postings of %q lack event %d: %v", token, ev, err)
				}
			}
		}
	}
}

func checkOrder(r *rapid.T, d *decoded) {
	o := d.times.Order()
	for i := range o.Rows() {
		e := d.events[o.Event[i]]
		if i >= o.Dated() {
			if len(e.Times) != 0 {
				r.Fatalf("row %d is dated but stands among the undated", i)
			}
			continue
		}
		if block.Ticks(e.Times[o.Index[i]].At) != o.At[i] || i > 0 && o.At[i] < o.At[i-1] {
			r.Fatalf("row %d out of order", i)
		}
	}
}

// TestPostingsAreExact compares every list of a block with a walk over the events.
func TestPostingsAreExact(t *testing.T) {
	var events []*event.Event
	for i := range 500 {
		e := &event.Event{Parser: "jsonl", Locator: event.Locator{Offset: int64(i)}}
		e.Set("message", event.KindString, fmt.Sprintf("token%d mod%d both", i, i%20))
		if i%50 == 0 {
			e.Set("user.name", event.KindString, "rare", "Mod3")
		}
		e.Sort()
		events = append(events, e)
	}
	_, d := build(t, events)
	lists := 0
	for _, token := range []string{"both", "mod0", "mod3", "mod19", "rare", "token1", "absent"} {
		in, ok, err := d.postings.Find(token)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i, e := range d.events {
			has := false
			for _, f := range e.Fields {
				for _, v := range f.Values {
					has = has || query.HoldsTokens(query.Fold(v), []string{token})
				}
			}
			if has {
				n++
			}
			if ok && in.Has(i) != has {
				t.Errorf("%s at event %d: %v, should be %v", token, i, in.Has(i), has)
			}
		}
		if ok != (n >= 16) {
			t.Errorf("%s stands in %d events; has a list: %v", token, n, ok)
		}
		if ok {
			lists++
		}
	}
	if lists != 4 {
		t.Errorf("%d lists, expected both, mod0, mod3, mod19", lists)
	}
}

// TestSameEventsSameBytes holds that a block does not depend on map order.
func TestSameEventsSameBytes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := timelinetest.Events(r, "", incident.Digest{}, "csv", 40)
		a, _ := build(r, events)
		b, _ := build(r, events)
		if !bytes.Equal(a.Header, b.Header) || len(a.Parts) != len(b.Parts) {
			r.Fatal("header or number of parts differ")
		}
		for i := range a.Parts {
			if !bytes.Equal(a.Parts[i], b.Parts[i]) {
				r.Fatalf("part %d differs", i)
			}
		}
	})
}

func TestWhatNoBlockCanHoldIsRefused(t *testing.T) {
	many := &event.Event{Times: make([]event.Time, block.MaxTimes+1)}
	zero := &event.Event{Fields: []event.Field{{Name: "\x00times"}}}
	unsorted := &event.Event{Fields: []event.Field{{Name: "b"}, {Name: "a"}}}
	for name, e := range map[string]*event.Event{"times": many, "zero byte": zero, "order": unsorted} {
		if _, err := block.Check(e); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := encode(new(block.Builder), nil); err == nil {
		t.Error("a block of no events was built")
	}
}

// FuzzDecode feeds altered blocks to every decoder: an error or some events, never a panic.
func FuzzDecode(f *testing.F) {
	var events []*event.Event
	for i := range 40 {
		e := &event.Event{Parser: "jsonl", Locator: event.Locator{Offset: int64(i * 100), Length: 90}}
		e.Times = []event.Time{{Meaning: event.Occurred, At: timelinetest.Start.Add(time.Duration(i) * time.Second), Original: fmt.Sprint("t", i)}}
		e.Set("host.name", event.KindString, "FS01")
		e.Set("message", event.KindString, fmt.Sprintf("line %d of many", i))
		if i%9 == 0 {
			e.Set("user.name", event.KindString, "a", "b")
		}
		e.Sort()
		events = append(events, e)
	}
	enc, err := encode(new(block.Builder), events)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(enc.Header, enc.Parts[0], enc.Parts[1], enc.Parts[2], enc.Parts[3])
	f.Add(enc.Header, []byte{}, []byte{1}, []byte{2}, []byte{3})
	f.Fuzz(func(t *testing.T, header, hot, filter, postings, rest []byte) {
		parts := [][]byte{hot, filter, postings, rest}
		part := func(i int) []byte {
			if i < 0 || i >= len(parts) {
				return nil
			}
			return parts[i]
		}
		d, err := decode(header, part, event.Event{})
		if err != nil {
			return
		}
		d.filter.Has(1)
		for _, token := range []string{"fs01", "line", "x"} {
			if _, _, err := d.postings.Find(token); err != nil {
				return
			}
		}
		for _, c := range d.columns {
			c.Each(func(ev, cell int) { _ = c.Values(cell) })
		}
	})
}

// TestBuilderForgets: a block comes out the same from a builder that has made others before, whatever they were, and does
// not change when the events do.
func TestBuilderForgets(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		used := new(block.Builder)
		for range rapid.IntRange(1, 4).Draw(r, "blocks") {
			events := timelinetest.Events(r, "", incident.Digest{1, 2}, "jsonl", 30)
			want, err := encode(new(block.Builder), events)
			if err != nil {
				r.Fatal(err)
			}
			for _, e := range events {
				mine := *e
				mine.Fields, mine.Times = slices.Clone(e.Fields), slices.Clone(e.Times)
				for i := range mine.Fields {
					mine.Fields[i].Values = slices.Clone(mine.Fields[i].Values)
				}
				if err := used.Add(&mine); err != nil {
					r.Fatal(err)
				}
				for i := range mine.Fields {
					clear(mine.Fields[i].Values)
				}
				clear(mine.Fields)
				clear(mine.Times)
			}
			got, err := used.Encode()
			if err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				r.Fatalf("another block (-fresh +used):\n%s", diff)
			}
		}
	})
}

// TestMoreThanABlock: the events that are too many are refused, the others are kept.
func TestMoreThanABlock(t *testing.T) {
	b := new(block.Builder)
	e := &event.Event{Parser: "p"}
	for i := range block.MaxEvents {
		e.Locator.Offset = int64(i)
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Add(e); err == nil || b.Events() != block.MaxEvents {
		t.Errorf("%v, %d events", err, b.Events())
	}
	if _, err := b.Encode(); err != nil || b.Events() != 0 {
		t.Errorf("%v, %d events left", err, b.Events())
	}
}

// TestLooseColumns: values that stop being all different, change their kind or come several at once are kept as they are.
func TestLooseColumns(t *testing.T) {
	var events []*event.Event
	for i := range block.MaxEvents {
		e := &event.Event{Parser: "p", Locator: event.Locator{Offset: int64((i * 5003) % block.MaxEvents), Length: 1}}
		e.Set("always", event.KindString, fmt.Sprint("v", i))
		e.Set("id", event.KindString, fmt.Sprint("id-", min(i, 3000+i%3)))
		switch {
		case i < 2000:
			e.Set("mixed", event.KindNumber, fmt.Sprint(i))
		case i%2 == 0:
			e.Set("mixed", event.KindNumber, fmt.Sprint(i%100), fmt.Sprint(i))
		default:
			e.Set("mixed", event.KindString, fmt.Sprint(i%100))
		}
		events = append(events, e)
	}
	_, d := build(t, events)
	want := map[event.ID]*event.Event{}
	for _, e := range events {
		want[e.ID()] = e
	}
	for ev, got := range d.events {
		if diff := cmp.Diff(want[got.ID()], got, same); diff != "" {
			t.Fatalf("event changed (-in +out):\n%s", diff)
		}
		if !d.filter.Has(block.TokenKey(got.Get("always"))) {
			t.Fatalf("filter denies %q", got.Get("always"))
		}
		if in, ok, err := d.postings.Find("3001"); err != nil || !ok || in.Has(ev) != (got.Get("id") == "id-3001" || slices.Contains(got.All("mixed"), "3001")) {
			t.Fatalf("%v, %v: %q", ok, err, got.Get("id"))
		}
	}
}
