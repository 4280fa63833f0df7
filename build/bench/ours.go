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
	t  *timeline.Timeline
}

// openOurs opens a throw-away store: the keys are nobody's.
func openOurs(dir string) (*ours, error) {
	db, err := store.Open(dir, store.Keys{Badger: sha256.Sum256([]byte("bench badger")), Seal: sha256.Sum256([]byte("bench seal"))})
	if err != nil {
		return nil, err
	}
	t, err := timeline.Open(context.Background(), db)
	return &ours{db, t}, err
}

func (o *ours) close() error { return o.db.Close() }

// ingest goes the product's way: the JSON reader that imports use, then the sealed and indexed timeline.
func (o *ours) ingest(events string) (int64, error) {
	ctx, format := context.Background(), jsonl.New()
	f, err := os.Open(events)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	im, err := o.t.Import(ctx, timeline.Source{Evidence: incident.Digest(sha256.Sum256([]byte("bench"))), Parser: format.Name(), Version: format.Version()})
	if err != nil {
		return 0, err
	}
	res, err := format.Parse(ctx, parse.Input{Reader: f, Size: info.Size(), Name: "events.jsonl"}, func(e *event.Event) error { return im.Add(e) })
	if err != nil {
		return 0, err
	}
	return res.Parsed, im.Commit(ctx)
}

func (o *ours) ask(q question) (answer, error) {
	ctx, out := context.Background(), answer{Counts: map[string]int64{}}
	e, err := expression(q)
	if err != nil {
		return out, err
	}
	switch {
	case q.Hourly:
		// One hour more than the month: the last events stand up to two seconds behind it.
		n := int(span/time.Hour) + 1
		h, err := o.t.Histogram(ctx, e, nil, timeline.Buckets{From: start, To: start.Add(time.Duration(n) * time.Hour), N: n})
		for i, c := range h.Counts {
			if c > 0 {
				out.Counts[hourOf(h.From.Add(time.Duration(i)*h.Bucket))] = c
			}
		}
		return out, err
	case q.Facet != "":
		f, err := o.t.Facet(ctx, e, nil, q.Facet, facetTop)
		for _, v := range f.Values {
			out.Counts[v.Value] = v.N
		}
		return out, err
	}
	options := timeline.Options{Limit: pageRows}
	if q.pageOnly() {
		options.From = q.From
	}
	page, err := o.t.Page(ctx, e, options)
	if !q.pageOnly() {
		out.Total = int(page.Total)
	}
	for _, r := range page.Rows {
		n, _ := strconv.ParseInt(r.Event.Get("event.sequence"), 10, 64) // a wrong one is found by the comparison
		out.Rows = append(out.Rows, n)
	}
	return out, err
}

// expression says a question in our language.
func expression(q question) (query.Expr, error) {
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
	regex, err := query.Regex("process.command_line", ".*"+q.Regex+".*") // ours match whole values
	add(q.Regex != "", regex)
	return query.Both(parts...), err
}

func hourOf(t time.Time) string { return t.UTC().Format("2006-01-02T15") }
