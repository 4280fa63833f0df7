package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"regexp"
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

// storeKeys are of the benchmark's throw-away stores only.
var storeKeys = store.Keys{Badger: sha256.Sum256([]byte("bench badger")), Seal: sha256.Sum256([]byte("bench seal"))}

// ingestOurs is the product's way: the JSON reader that imports use, then the sealed and indexed timeline.
func ingestOurs(events, dir string) (int64, error) {
	ctx := context.Background()
	f, err := os.Open(events)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	db, err := store.Open(dir, storeKeys)
	if err != nil {
		return 0, err
	}
	t, err := timeline.Open(ctx, db)
	if err != nil {
		return 0, err
	}
	format := jsonl.New()
	im, err := t.Import(ctx, timeline.Source{Evidence: incident.Digest(sha256.Sum256([]byte("bench"))), Parser: format.Name(), Version: format.Version()})
	if err != nil {
		return 0, err
	}
	res, err := format.Parse(ctx, parse.Input{Reader: f, Size: info.Size(), Name: "events.jsonl"}, func(e *event.Event) error {
		e.Path = "events.jsonl"
		return im.Add(e)
	})
	if err != nil {
		return 0, err
	}
	if err := im.Commit(ctx); err != nil {
		return 0, err
	}
	return res.Parsed, db.Close()
}

type ours struct {
	db *store.DB
	t  *timeline.Timeline
}

func openOurs(dir string) (design, error) {
	db, err := store.Open(dir, storeKeys)
	if err != nil {
		return nil, err
	}
	t, err := timeline.Open(context.Background(), db)
	return &ours{db, t}, err
}

func (o *ours) close() error { return o.db.Close() }

func (o *ours) ask(q question) (answer, error) {
	ctx := context.Background()
	e, err := o.expr(q)
	if err != nil {
		return answer{}, err
	}
	out := answer{Total: -1, Counts: map[string]int64{}}
	switch {
	case q.Hourly:
		// One hour more than the month, since the last events stand up to two seconds behind it.
		n := int(span/time.Hour) + 1
		h, err := o.t.Histogram(ctx, e, nil, timeline.Buckets{From: start, To: start.Add(time.Duration(n) * time.Hour), N: n})
		if err != nil {
			return out, err
		}
		for i, c := range h.Counts {
			if c > 0 {
				out.Counts[hourOf(h.From.Add(time.Duration(i)*h.Bucket))] = c
			}
		}
		return out, nil
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
	if err != nil {
		return out, err
	}
	if !q.pageOnly() {
		out.Total = page.Total
	}
	for _, r := range page.Rows {
		n, err := strconv.ParseInt(r.Event.Get("event.sequence"), 10, 64)
		if err != nil {
			return out, fmt.Errorf("bench: row %s: %w", r.ID, err)
		}
		out.Rows = append(out.Rows, n)
	}
	return out, nil
}

// expr says a question in our language.
func (o *ours) expr(q question) (query.Expr, error) {
	var parts []query.Expr
	add := func(set bool, e query.Expr) {
		if set {
			parts = append(parts, e)
		}
	}
	add(!q.From.IsZero() && !q.pageOnly(), query.Between(q.From, q.To))
	add(q.Host != "", query.Term("host.name", q.Host))
	add(q.NotHost != "", query.Except(query.Term("host.name", q.NotHost)))
	add(q.Provider != "", query.Term("event.provider", q.Provider))
	add(q.Token != "", query.Phrase(q.Token))
	add(q.Text != "", query.Contains("process.command_line", q.Text))
	if q.Regex != "" {
		e, err := query.Regex("process.command_line", ".*"+q.Regex+".*") // ours match whole values
		if err != nil {
			return nil, err
		}
		add(true, e)
	}
	return query.Both(parts...), nil
}

// pageOnly says that a question is a place to scroll to, not a condition.
func (q question) pageOnly() bool { return q.To.IsZero() && !q.From.IsZero() }

func hourOf(t time.Time) string { return t.UTC().Format("2006-01-02T15") }

// folded is the expression that other designs use for a regular expression in any case.
func folded(source string) (*regexp.Regexp, error) { return regexp.Compile("(?i)" + source) }
