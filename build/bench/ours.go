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
	defer f.Close()
	im := must(o.Import(ctx, timeline.Source{Evidence: incident.Digest(sha256.Sum256([]byte("bench"))), Parser: format.Name(), Version: format.Version()}))
	in := parse.Input{Reader: f, Size: must(f.Stat()).Size(), Name: "events.jsonl"}
	res := must(format.Parse(ctx, in, func(e *event.Event) error { return im.Add(e) }))
	check(im.Commit(ctx))
	return res.Parsed
}

func (o *ours) ask(q question) answer {
	ctx, out, e := context.Background(), answer{Counts: map[string]int64{}}, expression(q)
	switch {
	case q.Hourly:
		// One hour more than the month: the last events stand up to two seconds behind it.
		n := int(span/time.Hour) + 1
		h := must(o.Histogram(ctx, e, nil, timeline.Buckets{From: start, To: start.Add(time.Duration(n) * time.Hour), N: n}))
		for i, c := range h.Counts {
			if c > 0 {
				out.Counts[hourOf(h.From.Add(time.Duration(i)*h.Bucket))] = c
			}
		}
		return out
	case q.Facet:
		for _, v := range must(o.Facet(ctx, e, nil, "process.name", facetTop)).Values {
			out.Counts[v.Value] = v.N
		}
		return out
	}
	options := timeline.Options{Limit: pageRows}
	if q.pageOnly() {
		options.From = q.From
	}
	page := must(o.Page(ctx, e, options))
	if !q.pageOnly() {
		out.Total = int(page.Total)
	}
	for _, r := range page.Rows {
		out.Rows = append(out.Rows, must(strconv.ParseInt(r.Event.Get("event.sequence"), 10, 64)))
	}
	return out
}

// expression says a question in our language.
func expression(q question) query.Expr {
	var parts []query.Expr
	add := func(set bool, e query.Expr) {
		if set {
			parts = append(parts, e)
		}
	}
	add(!q.To.IsZero(), query.Between(q.From, q.To))
	add(q.Host != "", query.Term("host.name", q.Host))
	add(q.NotHost != "", query.Except(query.Term("host.name", q.NotHost)))
	add(q.Provider != "", query.Term("event.provider", q.Provider))
	add(q.Token != "", query.Phrase(q.Token))
	add(q.Text != "", query.Contains("process.command_line", q.Text))
	add(q.Regex != "", must(query.Regex("process.command_line", ".*"+q.Regex+".*"))) // ours match whole values
	return query.Both(parts...)
}

func hourOf(t time.Time) string { return t.UTC().Format("2006-01-02T15") }
