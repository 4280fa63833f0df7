package main

import (
	"context"
	"crypto/sha256"
	"os"
	"strconv"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonl"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
)

type ours struct {
	db *store.DB
	*timeline.Timeline
}

// openOurs opens a throw-away store: the keys are nobody's.
func openOurs(dir string) design {
	db := must(store.Open(dir, store.Keys{Badger: sha256.Sum256([]byte("bench badger")), Seal: sha256.Sum256([]byte("bench seal"))}))
	return &ours{db, must(timeline.Open(context.Background(), db))}
}

func (o *ours) close() { check(o.db.Close()) }

// ingest goes the product's way: the JSON reader that imports use, then the sealed and indexed timeline.
func (o *ours) ingest(events string) int64 {
	ctx, format, f := context.Background(), jsonl.New(), must(os.Open(events))
	im := must(o.Import(ctx, timeline.Source{Evidence: incident.Digest(sha256.Sum256([]byte("bench"))), Parser: format.Name(), Version: format.Version()}))
	in := parse.Input{Reader: f, Size: must(f.Stat()).Size(), Name: "events.jsonl", Transient: true}
	res := must(format.Parse(ctx, in, func(e *event.Event) error { return im.Add(e) }))
	check(im.Commit(ctx))
	return res.Parsed
}

func (o *ours) ask(q question) answer {
	ctx, out, e := context.Background(), answer{counts: map[string]int64{}}, must(query.Parse(q.ours))
	switch q.shows {
	case "hours":
		n := int(span/time.Hour) + 1 // the last events stand up to two seconds behind the month
		h := must(o.Histogram(ctx, e, nil, timeline.Buckets{From: start, To: start.Add(time.Duration(n) * time.Hour), N: n}))
		for i, c := range h.Counts {
			if c > 0 {
				out.counts[hourOf(h.From.Add(time.Duration(i)*h.Bucket))] = c
			}
		}
		return out
	case "images":
		for _, v := range must(o.Facet(ctx, e, nil, "process.name", facetTop)).Values {
			out.counts[v.Value] = v.N
		}
		return out
	}
	options := timeline.Options{Limit: pageRows}
	if q.shows == "page" {
		options.From = q.at
	}
	page := must(o.Page(ctx, e, options))
	if q.shows == "hits" {
		out.total = int(page.Total)
	}
	for _, r := range page.Rows {
		out.rows = append(out.rows, must(strconv.ParseInt(r.Event.Get("event.sequence"), 10, 64)))
	}
	return out
}

func hourOf(t time.Time) string { return t.UTC().Format("2006-01-02T15") }
