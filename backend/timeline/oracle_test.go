package timeline_test

import (
	"bytes"
	"context"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
	"adjutant/backend/timeline/timelinetest"
)

var testKeys = store.Keys{Badger: [32]byte{7}, Seal: [32]byte{8}}

var ctx = context.Background()

type fataler interface{ Fatalf(string, ...any) }

func openStore(t fataler, dir string) *store.DB {
	db, err := store.Open(dir, testKeys)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	return db
}

func openTimeline(t fataler, db *store.DB) *timeline.Timeline {
	tl, err := timeline.Open(ctx, db)
	if err != nil {
		t.Fatalf("open timeline: %v", err)
	}
	return tl
}

// load imports the events of one source.
func load(t fataler, tl *timeline.Timeline, events []*event.Event) {
	im, err := tl.Import(ctx, timeline.Source{Evidence: events[0].Evidence, Parser: events[0].Parser, Version: events[0].Version})
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	for _, e := range events {
		if err := im.Add(copyOf(e)); err != nil {
			t.Fatalf("add: %v", err)
		}
	}
	if err := im.Commit(ctx); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// empty removes all sources and demands that nothing is left.
func empty(t fataler, tl *timeline.Timeline) {
	sources, err := tl.Sources(ctx)
	if err != nil {
		t.Fatalf("sources: %v", err)
	}
	for _, s := range sources {
		if err := tl.Remove(ctx, s.Evidence); err != nil {
			t.Fatalf("remove: %v", err)
		}
	}
	if events, rows, err := tl.Count(ctx); events != 0 || rows != 0 || err != nil {
		t.Fatalf("%d events and %d rows left: %v", events, rows, err)
	}
}

func copyOf(e *event.Event) *event.Event {
	c := *e
	c.Times = append([]event.Time(nil), e.Times...)
	c.Fields = append([]event.Field(nil), e.Fields...)
	return &c
}

// people are annotations for tests; list says whether Rows is known.
type people struct {
	on   map[event.RowID]map[string][]string
	list bool
}

func (p people) Values(row event.RowID, field string) []string { return p.on[row][field] }

func (p people) Rows(field, _ string) []event.RowID {
	if !p.list {
		return nil
	}
	out := []event.RowID{}
	for row, fields := range p.on {
		if len(fields[field]) > 0 {
			out = append(out, row)
		}
	}
	return out
}

// oracle answers by brute force.
type oracle struct {
	rows []timeline.Row // in order, undated last
}

func newOracle(sources ...[]*event.Event) *oracle {
	o := &oracle{}
	for _, events := range sources {
		for _, e := range events {
			e := copyOf(e)
			for i := range e.Times {
				e.Times[i].At = block.Time(block.Ticks(e.Times[i].At))
			}
			for i := range max(1, len(e.Times)) {
				r := timeline.Row{Event: e, Index: -1, ID: e.Row(i)}
				if len(e.Times) > 0 {
					r.Index, r.At = i, e.Times[i].At
				}
				o.rows = append(o.rows, r)
			}
		}
	}
	sort.SliceStable(o.rows, func(i, j int) bool {
		a, b := o.rows[i], o.rows[j]
		if (a.Index < 0) != (b.Index < 0) {
			return b.Index < 0
		}
		if a.Index >= 0 && !a.At.Equal(b.At) {
			return a.At.Before(b.At)
		}
		if c := bytes.Compare(a.Event.Evidence[:], b.Event.Evidence[:]); c != 0 {
			return c < 0
		}
		return a.Event.Parser < b.Event.Parser
	})
	return o
}

func (o *oracle) matching(q query.Expr, notes query.Annotations) []timeline.Row {
	var out []timeline.Row
	for _, r := range o.rows {
		if query.Match(q, r.Event, r.Index, notes) {
			out = append(out, r)
		}
	}
	return out
}

var sameEvent = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })}

// sameRows demands the same rows in the same order of time; ties of one moment in one source may stand either way when
// events have several times.
func sameRows(t fataler, what string, got, want []timeline.Row) {
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows instead of %d", what, len(got), len(want))
	}
	byID := map[event.RowID]timeline.Row{}
	for _, r := range want {
		byID[r.ID] = r
	}
	for i, r := range got {
		w, ok := byID[r.ID]
		if !ok {
			t.Fatalf("%s: row %s does not belong here, or twice", what, r.ID)
		}
		delete(byID, r.ID)
		if !r.At.Equal(want[i].At) || (r.Index < 0) != (want[i].Index < 0) || r.Event.Evidence != want[i].Event.Evidence {
			t.Fatalf("%s: row %d is at %s, should be at %s", what, i, r.At, want[i].At)
		}
		if diff := cmp.Diff(w.Event, r.Event, sameEvent); diff != "" || r.Index != w.Index {
			t.Fatalf("%s: row %s changed:\n%s", what, r.ID, diff)
		}
	}
}

// drawQuery makes a random expression out of the words and names that events are made of.
func drawQuery(t *rapid.T, rows []timeline.Row, depth int) query.Expr {
	kind := rapid.IntRange(0, 13).Draw(t, "kind")
	if depth == 0 {
		kind = rapid.IntRange(3, 13).Draw(t, "leaf")
	}
	name := rapid.SampledFrom(timelinetest.Names).Draw(t, "field")
	word := rapid.SampledFrom(timelinetest.Words).Draw(t, "word")
	sub := func() query.Expr { return drawQuery(t, rows, depth-1) }
	row := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
	switch kind {
	case 0:
		return query.Both(sub(), sub())
	case 1:
		return query.Either(sub(), sub())
	case 2:
		return query.Except(sub())
	case 3:
		return query.Term(name, strings.ToUpper(word))
	case 4:
		return query.Phrase(word)
	case 5:
		return query.Contains(rapid.SampledFrom([]string{"", name}).Draw(t, "where"), rapid.SampledFrom([]string{"w", "42", "X"}).Draw(t, "part"))
	case 6:
		return query.Has(name)
	case 7:
		from := timelinetest.Start.Add(time.Duration(rapid.IntRange(-10, 200_000).Draw(t, "from")) * time.Second)
		to := from.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "span")) * time.Second)
		return query.Between(from, to)
	case 8:
		return query.Term(query.FieldRowID, string(row.ID))
	case 9:
		return query.Term(query.FieldEventID, string(row.Event.ID()))
	case 10:
		return query.Term(rapid.SampledFrom([]string{query.FieldTag, query.FieldPromoted, query.FieldNote}).Draw(t, "note"), "true")
	case 11:
		return query.Has(rapid.SampledFrom([]string{query.FieldTag, query.FieldTime, query.FieldPath, query.FieldTimeKind}).Draw(t, "virtual"))
	case 12:
		text := rapid.SampledFrom([]string{"event.code:>2000", "event.code:[1 TO 4e3}", "source.ip:10.0.0.0/8", "*:/.*0.*/", "user.name:s*",
			"adjutant.path:*csv", "adjutant.parser:csv", "adjutant.time_kind:modified", `host.name:=powershell`, `*:"a b"`, "message:[a TO p]",
			"adjutant.evidence_sha256:01*", "@timestamp:2020-09-19", "NOT *", `"logon failed" OR kelvin`}).Draw(t, "text")
		q, err := query.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return q
	}
	return query.Exactly(name, word)
}

// TestAnswersEqualBruteForce is the promise of the package: random sources, random queries, every kind of answer.
func TestAnswersEqualBruteForce(t *testing.T) {
	db := openStore(t, t.TempDir())
	defer db.Close()
	rapid.Check(t, func(r *rapid.T) {
		tl := openTimeline(r, db)
		empty(r, tl)
		timeline.SetBlockEvents(tl, rapid.IntRange(1, 12).Draw(r, "block"))
		timeline.SetCacheBytes(tl, rapid.SampledFrom([]int{0, 20_000, 10 << 20}).Draw(r, "cache"))
		a := timelinetest.Events(r, "a", incident.Digest{2}, "jsonl", 40)
		b := timelinetest.Events(r, "b", incident.Digest{1}, "csv", 20)
		load(r, tl, a)
		load(r, tl, b)
		truth := newOracle(a, b)
		notes := people{on: map[event.RowID]map[string][]string{}, list: rapid.Bool().Draw(r, "listed")}
		for _, row := range truth.rows {
			if rapid.IntRange(0, 4).Draw(r, "noted") == 0 {
				field := rapid.SampledFrom([]string{query.FieldTag, query.FieldPromoted}).Draw(r, "note field")
				notes.on[row.ID] = map[string][]string{field: {rapid.SampledFrom([]string{"true", "Lateral"}).Draw(r, "note")}}
			}
		}
		for range 6 {
			q := drawQuery(r, truth.rows, 3)
			compare(r, tl, q, truth.matching(q, notes), notes)
		}
	})
}

// compare asks the timeline in every way and holds it against the rows that should match.
func compare(t *rapid.T, tl *timeline.Timeline, q query.Expr, want []timeline.Row, notes query.Annotations) {
	what := q.String()
	var got []timeline.Row
	err := tl.Each(ctx, q, notes, func(r timeline.Row) error {
		got = append(got, r)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: each: %v", what, err)
	}
	sameRows(t, what, got, want)
	comparePages(t, tl, q, got, notes)
	compareHistogram(t, tl, q, got, notes)
	field := rapid.SampledFrom(append([]string{query.FieldTag, query.FieldPath, query.FieldParser, query.FieldTimeKind}, timelinetest.Names...)).Draw(t, "facet")
	compareFacet(t, tl, q, field, got, notes)
}

func comparePages(t *rapid.T, tl *timeline.Timeline, q query.Expr, all []timeline.Row, notes query.Annotations) {
	dated := 0
	for _, r := range all {
		if r.Index >= 0 {
			dated++
		}
	}
	o := timeline.Options{
		Offset: int64(rapid.IntRange(0, len(all)+2).Draw(t, "offset")), Limit: rapid.IntRange(0, 15).Draw(t, "limit"),
		Descending: rapid.Bool().Draw(t, "descending"), Notes: notes,
	}
	order := append([]timeline.Row(nil), all...)
	if o.Descending {
		for i, j := 0, dated-1; i < j; i, j = i+1, j-1 {
			order[i], order[j] = order[j], order[i]
		}
	}
	start := o.Offset
	if rapid.Bool().Draw(t, "by time") {
		o.From = timelinetest.Start.Add(time.Duration(rapid.IntRange(1, 200_000).Draw(t, "at")) * time.Second)
		before := 0
		for _, r := range order[:dated] {
			if !o.Descending && r.At.Before(o.From) || o.Descending && r.At.After(o.From) {
				before++
			}
		}
		start += int64(before)
	}
	start = min(start, int64(len(order)))
	page, err := tl.Page(ctx, q, o)
	if err != nil {
		t.Fatalf("%s: page: %v", q, err)
	}
	want := order[start:min(len(order), int(start)+o.Limit)]
	if page.Total != int64(len(all)) || page.Offset != start || len(page.Rows) != len(want) || page.Partial {
		t.Fatalf("%s %+v: total %d offset %d rows %d; should be %d %d %d", q, o, page.Total, page.Offset, len(page.Rows), len(all), start, len(want))
	}
	for i, r := range page.Rows {
		if r.ID != want[i].ID {
			t.Fatalf("%s %+v: row %d is %s at %s, should be %s at %s", q, o, i, r.ID, r.At, want[i].ID, want[i].At)
		}
	}
}

func compareHistogram(t *rapid.T, tl *timeline.Timeline, q query.Expr, all []timeline.Row, notes query.Annotations) {
	by := timeline.Buckets{N: rapid.IntRange(1, 20).Draw(t, "buckets")}
	if rapid.Bool().Draw(t, "given span") {
		by.From = timelinetest.Start.Add(time.Hour)
		by.To = timelinetest.Start.Add(30 * time.Hour)
	}
	h, err := tl.Histogram(ctx, q, notes, by)
	if err != nil {
		t.Fatalf("%s: histogram: %v", q, err)
	}
	want := make([]int64, len(h.Counts))
	undated := int64(0)
	for _, r := range all {
		switch {
		case r.Index < 0:
			undated++
		case !r.At.Before(h.From) && r.At.Before(h.To):
			i := uint64(block.Ticks(r.At)-block.Ticks(h.From)) / uint64(h.Bucket/100)
			want[i]++
		case by.From.IsZero():
			t.Fatalf("%s: row at %s outside %s to %s", q, r.At, h.From, h.To)
		}
	}
	if diff := cmp.Diff(want, h.Counts, cmpopts.EquateEmpty()); diff != "" || undated != h.Undated {
		t.Fatalf("%s: histogram differs, undated %d of %d:\n%s", q, h.Undated, undated, diff)
	}
}

func compareFacet(t *rapid.T, tl *timeline.Timeline, q query.Expr, field string, all []timeline.Row, notes query.Annotations) {
	f, err := tl.Facet(ctx, q, notes, field, 1000)
	if err != nil {
		t.Fatalf("%s: facet %s: %v", q, field, err)
	}
	want := map[string]int64{}
	missing := int64(0)
	for _, r := range all {
		seen := map[string]bool{}
		for _, v := range query.ValuesOf(field, r.Event, r.Index, notes) {
			seen[v] = true
		}
		for v := range seen {
			want[v]++
		}
		if len(seen) == 0 {
			missing++
		}
	}
	got := map[string]int64{}
	for i, v := range f.Values {
		got[v.Value] = v.N
		if i > 0 && f.Values[i-1].N < v.N {
			t.Fatalf("%s: facet %s not in order", q, field)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || f.Missing != missing || f.Distinct != len(want) {
		t.Fatalf("%s: facet %s: missing %d of %d, distinct %d of %d\n%s", q, field, f.Missing, missing, f.Distinct, len(want), diff)
	}
}
