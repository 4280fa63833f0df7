package detect

import (
	"context"
	"sort"
	"time"

	"adjutant/backend/event"
)

// Slice is Rows over events in memory, for tests and small jobs; Sorted puts them in order.
type Slice []*event.Event

// Each implements Rows.
func (s Slice) Each(ctx context.Context, fn func(Row) error) error {
	for _, e := range s {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := Row{Event: e, ID: e.Row(0)}
		if len(e.Times) > 0 {
			r.At = e.Times[0].At
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

// Sorted returns the events in the order that Rows promises; the ids of the events break ties.
func Sorted(events []*event.Event) Slice {
	at := func(e *event.Event) (t time.Time) {
		if len(e.Times) > 0 {
			t = e.Times[0].At
		}
		return t
	}
	out := append(Slice(nil), events...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := at(out[i]), at(out[j])
		switch {
		case a.IsZero() != b.IsZero():
			return b.IsZero()
		case !a.Equal(b):
			return a.Before(b)
		}
		return out[i].ID() < out[j].ID()
	})
	return out
}
