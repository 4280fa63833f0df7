package timeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
	"adjutant/backend/timeline/timelinetest"
)

// synthetic makes n events of one source from a seed: process creations and logons with names that repeat.
func synthetic(seed uint64, n int, evidence incident.Digest, parser string) []*event.Event {
	rnd := rand.New(rand.NewPCG(seed, 1))
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	var out []*event.Event
	at := timelinetest.Start
	for i := range n {
		at = at.Add(time.Duration(rnd.IntN(40)) * 100 * time.Millisecond)
		e := &event.Event{
			Evidence: evidence, Path: "logs/" + parser, Parser: parser, Version: "1",
			Locator: event.Locator{Offset: int64(i) * 512, Length: 512, Record: fmt.Sprint(i + 1)},
			Times:   []event.Time{{Meaning: event.Occurred, At: at, Original: event.FormatTime(at), Zone: "UTC"}},
		}
		if i%2 == 0 {
			late := at.Add(time.Duration(rnd.IntN(1000)) * time.Millisecond)
			e.Times = append(e.Times, event.Time{Meaning: event.Recorded, At: late, Original: fmt.Sprint(i), Zone: "UTC"})
		}
		e.Set("host.name", event.KindString, pick("FS01", "DC01", "WS07", "WS08"))
		e.Set("user.name", event.KindString, pick("svc_backup", "Anna", "root"))
		e.Set("event.code", event.KindNumber, pick("4624", "4625", "4688", "1"))
		e.Set("source.ip", event.KindString, fmt.Sprintf("10.42.%d.%d", rnd.IntN(3), rnd.IntN(250)))
		if rnd.IntN(3) == 0 {
			e.Set("process.command_line", event.KindString,
				fmt.Sprintf(`C:\Windows\System32\%s.exe -k %x`, pick("svchost", "powershell", "cmd"), rnd.Uint32()))
		}
		if rnd.IntN(500) == 0 {
			e.Set("message", event.KindString, "coreupdater was Here "+fmt.Sprint(i))
		}
		e.Sort()
		out = append(out, e)
	}
	return out
}

// TestManyBlocksEqualBruteForce asks fixed queries of blocks large enough for postings, filters and several slots.
func TestManyBlocksEqualBruteForce(t *testing.T) {
	db := openStore(t, t.TempDir())
	defer db.Close()
	tl := openTimeline(t, db)
	timeline.SetBlockEvents(tl, 700)
	sources := [][]*event.Event{
		synthetic(1, 3000, incident.Digest{3}, "evtx"),
		synthetic(2, 2000, incident.Digest{1}, "jsonl"),
		synthetic(3, 500, incident.Digest{2}, "csv"),
	}
	for _, s := range sources {
		load(t, tl, s)
	}
	truth := newOracle(sources...)
	some := truth.rows[1234]
	for _, text := range []string{
		"*", "NOT *", "powershell", "coreupdater", `"coreupdater was here"`, `"here coreupdater"`, "absenttoken",
		"powershell AND host.name:FS01 AND @timestamp:[2020-09-19T00:10Z TO 2020-09-19T00:40Z]",
		"powershell OR cmd", "NOT powershell", "exe windows", `"windows system32 cmd exe"`, "host.name:fs01", "host.name:FS*",
		"host.name:=fs01", "host.name:(FS01 OR WS07) AND NOT user.name:root", "event.code:[4624 TO 4625]", "source.ip:10.42.1.0/24",
		"process.command_line:*powershell*", "process.command_line:/.*-k [0-9]+/", "_exists_:message", "NOT _exists_:process.command_line",
		"*:*here*", "adjutant.time_kind:recorded", "adjutant.parser:csv AND powershell", "adjutant.path:logs/evtx",
		"adjutant.row_id:" + string(some.ID[:32]) + "*", "adjutant.event_id:" + string(some.Event.ID()),
		"@timestamp:2020-09-19", "@timestamp:[* TO 2020-09-19T00:30Z} AND powershell", "adjutant.evidence_sha256:03*",
		"svc_backup OR (anna AND NOT @timestamp:[2020-09-19T00:10Z TO *])",
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		want := truth.matching(q, nil)
		var got []timeline.Row
		if err := tl.Each(ctx, q, nil, func(r timeline.Row) error { got = append(got, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if text == "*" {
			sameRows(t, text, got, want)
		} else {
			sameIDs(t, text, got, want)
		}
		for _, offset := range []int{0, len(want) / 3, len(want) - 10} {
			page, err := tl.Page(ctx, q, timeline.Options{Offset: int64(offset), Limit: 50})
			if err != nil || page.Total != int64(len(want)) {
				t.Fatalf("%s: page %d of %d: %v", text, page.Total, len(want), err)
			}
			for i, r := range page.Rows {
				if r.ID != got[max(0, offset)+i].ID {
					t.Fatalf("%s: row %d of the page at %d is another one", text, i, offset)
				}
			}
		}
	}
}

// sameIDs demands the same rows, told apart by id.
func sameIDs(t *testing.T, what string, got, want []timeline.Row) {
	t.Helper()
	ids := map[event.RowID]bool{}
	for _, r := range want {
		ids[r.ID] = true
	}
	for _, r := range got {
		if !ids[r.ID] {
			t.Fatalf("%s: row %s does not belong here, or twice", what, r.ID)
		}
		delete(ids, r.ID)
	}
	if len(ids) > 0 {
		t.Fatalf("%s: %d rows missing of %d", what, len(ids), len(want))
	}
}

// TestImportIsSeenWholeOrNotAtAll walks an import through its life.
func TestImportIsSeenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	db := openStore(t, dir)
	tl := openTimeline(t, db)
	timeline.SetBlockEvents(tl, 50)
	events := synthetic(1, 220, incident.Digest{9}, "evtx")
	src := timeline.Source{Evidence: incident.Digest{9}, Parser: "evtx", Version: "1"}
	im, err := tl.Import(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tl.Import(ctx, src); !errors.Is(err, timeline.ErrImporting) {
		t.Errorf("second import of the same: %v", err)
	}
	for _, e := range events {
		if err := im.Add(copyOf(e)); err != nil {
			t.Fatal(err)
		}
	}
	if err := im.Add(&event.Event{Evidence: incident.Digest{8}}); !errors.Is(err, timeline.ErrSource) {
		t.Errorf("event of another source: %v", err)
	}
	wantPage(t, tl, 0, true)
	if err := im.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := im.Add(&event.Event{}); !errors.Is(err, timeline.ErrFinished) {
		t.Errorf("add after commit: %v", err)
	}
	wantPage(t, tl, 330, false)

	aborted, err := tl.Import(ctx, timeline.Source{Evidence: incident.Digest{7}, Parser: "csv"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range synthetic(2, 120, incident.Digest{}, "") {
		e.Version = ""
		if err := aborted.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := aborted.Abort(); err != nil {
		t.Fatal(err)
	}
	wantPage(t, tl, 330, false)

	before := generation(tl)
	load(t, tl, events[:100]) // replaces the longer import
	wantPage(t, tl, 150, false)
	if generation(tl) == before {
		t.Error("generation did not change")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openStore(t, dir)
	defer db.Close()
	tl = openTimeline(t, db)
	wantPage(t, tl, 150, false)
	if n := blockKeys(t, db); n == 0 || n > 2*8 {
		t.Errorf("%d parts in the store; only two blocks should be left", n)
	}
	empty(t, tl)
	if n := blockKeys(t, db); n != 0 {
		t.Errorf("%d parts left after removal", n)
	}
}

func generation(tl *timeline.Timeline) uint64 { return tl.Generation() }

func wantPage(t *testing.T, tl *timeline.Timeline, total int64, partial bool) {
	t.Helper()
	p, err := tl.Page(ctx, query.All{}, timeline.Options{Limit: 10})
	if err != nil || p.Total != total || p.Partial != partial {
		t.Fatalf("total %d partial %v, should be %d %v: %v", p.Total, p.Partial, total, partial, err)
	}
}

func blockKeys(t *testing.T, db *store.DB) int {
	t.Helper()
	n := 0
	err := db.View(func(tx *store.Tx) error {
		return tx.Scan([]byte("tl/b/"), true, func(_, _ []byte) error { n++; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRowsAndEventsAreFoundById asks for every row of two sources by id, and for ones that are not there.
func TestRowsAndEventsAreFoundById(t *testing.T) {
	db := openStore(t, t.TempDir())
	defer db.Close()
	tl := openTimeline(t, db)
	timeline.SetBlockEvents(tl, 64)
	events := synthetic(5, 300, incident.Digest{4}, "evtx")
	events[17].Times = nil
	load(t, tl, events)
	for _, want := range newOracle(events).rows {
		got, err := tl.Row(ctx, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameEvent); diff != "" {
			t.Fatalf("row %s:\n%s", want.ID, diff)
		}
	}
	id := string(events[0].ID())
	for _, bad := range []event.RowID{"", "x", event.RowID(id), event.RowID(id + "/modified.0"), event.RowID(id + "/occurred.1"),
		event.RowID("00" + id[2:] + "/occurred.0")} {
		if _, err := tl.Row(ctx, bad); !errors.Is(err, timeline.ErrNoRow) {
			t.Errorf("row %q: %v", bad, err)
		}
	}
	if _, err := tl.Event(ctx, "nonsense"); !errors.Is(err, timeline.ErrNoRow) {
		t.Errorf("event: %v", err)
	}
}

// TestDigestIsTheSameOnEveryLaptop imports in another order, under other paths, with other block sizes and an undone import.
func TestDigestIsTheSameOnEveryLaptop(t *testing.T) {
	a := synthetic(1, 300, incident.Digest{1}, "evtx")
	b := synthetic(2, 200, incident.Digest{2}, "csv")
	digest := func(blockEvents int, elsewhere bool, sources ...[]*event.Event) timeline.Digest {
		db := openStore(t, t.TempDir())
		defer db.Close()
		tl := openTimeline(t, db)
		timeline.SetBlockEvents(tl, blockEvents)
		for _, s := range sources {
			var list []*event.Event
			for _, e := range s {
				e = copyOf(e)
				if elsewhere {
					e.Path = "/media/usb/" + e.Path
				}
				list = append(list, e)
			}
			load(t, tl, list)
		}
		if elsewhere {
			load(t, tl, synthetic(9, 30, incident.Digest{9}, "csv"))
			if err := tl.Remove(ctx, incident.Digest{9}); err != nil {
				t.Fatal(err)
			}
		}
		if err := tl.Verify(ctx); err != nil {
			t.Fatal(err)
		}
		d, err := tl.Digest(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	one, two := digest(64, false, a, b), digest(1000, true, b, a)
	if one.Digest != two.Digest || one.Rows != 750 || two.Events != 500 || len(two.Sources) != 2 {
		t.Errorf("digests differ: %s over %d rows, %s over %d events", one.Digest, one.Rows, two.Digest, two.Events)
	}
	// Golden: a change means that the definition at timeline.Digest changed; it needs a new version line there.
	const golden = "55d7e7ac929232a8f54b72af17275a21bfe5dc42a7940815a3015f415098a17a"
	if got := one.Digest.String(); got != golden {
		t.Errorf("digest is %s, has always been %s", got, golden)
	}
	for what, change := range map[string]func(e *event.Event){
		"value":    func(e *event.Event) { e.Fields[0].Values = []string{"5"} },
		"kind":     func(e *event.Event) { e.Fields[0].Kind = event.KindString },
		"time":     func(e *event.Event) { e.Times[0].At = e.Times[0].At.Add(100) },
		"original": func(e *event.Event) { e.Times[0].Original = "x" },
		"zone":     func(e *event.Event) { e.Times[0].Zone = "Europe/Berlin" },
		"locator":  func(e *event.Event) { e.Locator.Length++ },
	} {
		changed := append([]*event.Event(nil), a...)
		changed[100] = copyOf(a[100])
		change(changed[100])
		if d := digest(64, false, changed, b); d.Digest == one.Digest {
			t.Errorf("another %s gives the same digest", what)
		}
	}
}

func TestSourcesFieldsAndExtent(t *testing.T) {
	db := openStore(t, t.TempDir())
	defer db.Close()
	tl := openTimeline(t, db)
	if first, last, err := tl.Extent(ctx); err != nil || !first.IsZero() || !last.IsZero() {
		t.Errorf("extent of nothing: %v %v %v", first, last, err)
	}
	if h, err := tl.Histogram(ctx, query.All{}, nil, timeline.Buckets{N: 10}); err != nil || len(h.Counts) != 0 {
		t.Errorf("histogram of nothing: %+v %v", h, err)
	}
	im, err := tl.Import(ctx, timeline.Source{Evidence: incident.Digest{1}, Parser: "evtx", Version: "3", Assumptions: "zone=UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	events := synthetic(4, 90, incident.Digest{2}, "csv")
	load(t, tl, events)
	sources, err := tl.Sources(ctx)
	if err != nil || len(sources) != 2 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	if s := sources[0]; s.Events != 0 || s.Assumptions != "zone=UTC" || s.Version != "3" || !s.First.IsZero() {
		t.Errorf("empty source: %+v", s)
	}
	first, last, err := tl.Extent(ctx)
	if s := sources[1]; err != nil || s.Events != 90 || s.Rows != 135 || s.Path != "logs/csv" || !s.First.Equal(first) || !s.Last.Equal(last) || !first.Equal(events[0].Times[0].At) {
		t.Errorf("source: %+v, extent %v to %v, %v", s, first, last, err)
	}
	fields, err := tl.Fields(ctx)
	if err != nil || len(fields) < 5 || fields[0] != (timeline.FieldCount{Field: "event.code", Events: 90}) {
		t.Errorf("fields: %+v, %v", fields, err)
	}
	if _, err := tl.Facet(ctx, query.All{}, nil, "@timestamp", 5); !errors.Is(err, timeline.ErrFacet) {
		t.Errorf("facet of times: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := tl.Page(cancelled, query.Phrase("cmd"), timeline.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled query: %v", err)
	}
}

// TestDamageIsNamed removes and swaps parts: every answer that needs them fails with damage, none is silently short.
func TestDamageIsNamed(t *testing.T) {
	dir := t.TempDir()
	db := openStore(t, filepath.Join(dir, "s"))
	defer db.Close()
	tl := openTimeline(t, db)
	timeline.SetBlockEvents(tl, 100)
	load(t, tl, synthetic(1, 300, incident.Digest{1}, "evtx"))
	var keys [][]byte
	var values [][]byte
	err := db.View(func(tx *store.Tx) error {
		return tx.Scan([]byte("tl/b/"), false, func(k, v []byte) error {
			keys, values = append(keys, k), append(values, v)
			return nil
		})
	})
	if err != nil || len(keys) < 12 {
		t.Fatalf("%d parts: %v", len(keys), err)
	}
	for i, k := range keys {
		part := int(k[len(k)-2])<<8 | int(k[len(k)-1])
		if part == block.PartFilter || part == block.PartPostings {
			continue // may be absent: then they are not asked
		}
		err := db.Update(ctx, func(tx *store.Tx) error { return tx.Delete(k) })
		if err != nil {
			t.Fatal(err)
		}
		again, err := timeline.Open(ctx, db)
		if err == nil {
			err = again.Verify(ctx)
		}
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without part %q: %v", k, err)
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.Set(k, values[i]) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := openTimeline(t, db).Verify(ctx); err != nil {
		t.Errorf("all parts back: %v", err)
	}
}

func TestOtherLayoutIsRefused(t *testing.T) {
	db := openStore(t, t.TempDir())
	defer db.Close()
	err := db.Update(ctx, func(tx *store.Tx) error { return tx.Set([]byte("tl/meta"), []byte(`{"version":2}`)) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := timeline.Open(ctx, db); !errors.Is(err, timeline.ErrVersion) {
		t.Errorf("another layout: %v", err)
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("TIMELINE_TEST_CRASH"); dir != "" {
		crashChild(dir)
	}
	os.Exit(m.Run())
}
