package timeline_test

import (
	"errors"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"

	"github.com/google/go-cmp/cmp"
)

// TestWithout: to every reader of a view it is as if the hidden evidence had never come in. The twin is a timeline that
// really never had it.
func TestWithout(t *testing.T) {
	var open, secret incident.Digest
	open[0], secret[0] = 1, 2
	db, only := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	defer db.Close()
	defer only.Close()
	tl, twin := openTimeline(t, db), openTimeline(t, only)
	hiddenEvents := synthetic(7, 900, secret, "sys")
	for _, e := range hiddenEvents {
		e.Set("only.there", event.KindString, "q7zebra")
		e.Sort()
	}
	commit := func(tl *timeline.Timeline, d incident.Digest, events []*event.Event) {
		t.Helper()
		im, err := tl.Import(ctx, timeline.Source{Evidence: d, Parser: "sys", Version: "1"})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if err := im.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := im.Commit(ctx); err != nil {
			t.Fatal(err)
		}
	}
	commit(tl, secret, hiddenEvents)
	view := tl.Without(map[incident.Digest]bool{secret: true})
	if _, rows, err := view.Count(ctx); err != nil || rows != 0 {
		t.Fatalf("the view has %d rows of hidden evidence alone (%v)", rows, err)
	}
	commit(view, open, synthetic(8, 700, open, "sys")) // a change through the view reaches the whole, and the view follows
	commit(twin, open, synthetic(8, 700, open, "sys"))

	answers := func(tl *timeline.Timeline) map[string]any {
		out := map[string]any{}
		keep := func(name string, v any, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out[name] = v
		}
		for name, q := range map[string]query.Expr{"all": query.All{}, "host": query.Term("host.name", "FS01"), "word": query.Phrase("q7zebra"), "hash": query.Term(query.FieldEvidence, secret.String())} {
			p, err := tl.Page(ctx, q, timeline.Options{Limit: 500})
			ids := []event.RowID{}
			for _, r := range p.Rows {
				ids = append(ids, r.ID)
			}
			keep("page "+name, ids, err)
			keep("total "+name, p.Total, err)
			h, err := tl.Histogram(ctx, q, nil, timeline.Buckets{N: 9})
			keep("histogram "+name, h, err)
			for _, f := range []string{"host.name", "only.there", "user.name"} {
				x, err := tl.Facet(ctx, q, nil, f, 50)
				keep("facet "+f+" "+name, x, err)
			}
			n := 0
			err = tl.Each(ctx, q, nil, func(timeline.Row) error { n++; return nil })
			keep("each "+name, n, err)
		}
		f, err := tl.Fields(ctx)
		keep("fields", f, err)
		events, rows, err := tl.Count(ctx)
		keep("count", []int64{events, rows}, err)
		first, last, err := tl.Extent(ctx)
		keep("extent", []string{first.String(), last.String()}, err)
		src, err := tl.Sources(ctx)
		keep("sources", len(src), err)
		return out
	}
	if d := cmp.Diff(answers(twin), answers(view)); d != "" {
		t.Errorf("a view differs from a timeline that never had the evidence:\n%s", d)
	}
	id := hiddenEvents[3].Row(0)
	if _, err := view.Row(ctx, id); !errors.Is(err, timeline.ErrNoRow) {
		t.Errorf("a hidden row by its id: %v", err)
	}
	if _, err := tl.Row(ctx, id); err != nil {
		t.Errorf("the whole has the row: %v", err)
	}
	if _, err := view.Row(ctx, synthetic(8, 4, open, "sys")[3].Row(0)); err != nil {
		t.Errorf("a row beside the wall: %v", err)
	}
	if err := view.Remove(ctx, open); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := view.Count(ctx); err != nil || rows != 0 {
		t.Errorf("%d rows are left in the view (%v)", rows, err)
	}
	if _, rows, err := tl.Count(ctx); err != nil || rows == 0 {
		t.Errorf("the whole lost the hidden rows (%v)", err)
	}
}
