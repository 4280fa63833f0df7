package timeline

import (
	"context"
	"sort"
	"time"
)

// FieldCount is a field and the number of events that have it.
type FieldCount struct {
	Field  string
	Events int64
}

// Fields lists the fields of all events, the most frequent first.
func (t *Timeline) Fields(ctx context.Context) ([]FieldCount, error) {
	counts := map[string]int64{}
	for _, b := range t.catalog().blocks {
		for i := range b.Columns {
			if c := &b.Columns[i]; c.IsField() {
				counts[c.Name] += int64(c.Present)
			}
		}
	}
	out := make([]FieldCount, 0, len(counts))
	for name, n := range counts {
		out = append(out, FieldCount{name, n})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Events != out[j].Events {
			return out[i].Events > out[j].Events
		}
		return out[i].Field < out[j].Field
	})
	return out, ctx.Err()
}

// Sources lists the imports by evidence hash, then parser.
func (t *Timeline) Sources(ctx context.Context) ([]SourceInfo, error) {
	var out []SourceInfo
	for _, s := range t.catalog().sources {
		out = append(out, SourceInfo{
			Evidence: s.Evidence, Path: s.Path, Parser: s.Parser, Version: s.Version, Assumptions: s.Assumptions,
			Events: s.Events, Rows: s.Rows, First: timeOf(s.First, s.Dated > 0), Last: timeOf(s.Last, s.Dated > 0),
			Digest: s.Digest,
		})
	}
	return out, ctx.Err()
}

// Extent gives the first and last time of all rows; zero times when none is dated.
func (t *Timeline) Extent(ctx context.Context) (first, last time.Time, err error) {
	dated := false
	var lo, hi int64
	for _, s := range t.catalog().sources {
		if s.Dated == 0 {
			continue
		}
		if !dated || s.First < lo {
			lo = s.First
		}
		if !dated || s.Last > hi {
			hi = s.Last
		}
		dated = true
	}
	return timeOf(lo, dated), timeOf(hi, dated), ctx.Err()
}

// Count gives the number of events and of rows.
func (t *Timeline) Count(ctx context.Context) (events, rows int64, err error) {
	for _, s := range t.catalog().sources {
		events += s.Events
		rows += s.Rows
	}
	return events, rows, ctx.Err()
}
