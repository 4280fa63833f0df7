package stamp

import (
	"fmt"
	"time"

	"adjutant/backend/event"
)

// DoubtField is the field of an event whose local time the clock on the wall showed twice, or never.
const DoubtField = "event.time_doubt"

// The two doubts, as DoubtField begins and receipts count them.
const (
	doubtTwice = "ambiguous: the clock was set back"
	doubtNever = "impossible: the clock was set forward"
)

// doubts are kept from the reading of a time to the event that it stands in.
type doubts struct {
	pending      []string // of the event being read
	twice, never int64    // times so far
	quiet        [2]int64 // seconds of a civil time between which the zone does not change
	quietZone    *time.Location
	of           *doubts // of the reader that answers for all, nil when this is it
}

// quietMargin is how far from a change of the zone no civil time is in doubt: further than any clock was ever set.
const quietMargin = 26 * 3600

// civil reads a civil time in a zone. Of a time that the clock showed twice the first passing is taken, and the doubt names
// the other; one that it never showed is read as if the clock had not been set forward. Which is taken does not depend on the
// machine.
func (d *doubts) civil(year int, month time.Month, day, hour, min, sec, nsec int, zone *time.Location) time.Time {
	if zone == time.UTC {
		return time.Date(year, month, day, hour, min, sec, nsec, time.UTC)
	}
	wall := time.Date(year, month, day, hour, min, sec, nsec, time.UTC)
	t := time.Date(year, month, day, hour, min, sec, nsec, zone)
	if s := wall.Unix(); zone == d.quietZone && s >= d.quiet[0] && s < d.quiet[1] {
		return t
	}
	start, end := t.ZoneBounds()
	_, offset := t.Zone()
	d.quietZone, d.quiet = zone, [2]int64{-1 << 62, 1 << 62}
	before, after := offset, offset
	if !start.IsZero() {
		_, before = start.Add(-time.Nanosecond).Zone()
		d.quiet[0] = start.Unix() + int64(offset) + quietMargin
	}
	if !end.IsZero() {
		_, after = end.Zone()
		d.quiet[1] = end.Unix() + int64(offset) - quietMargin
	}
	if s := wall.Unix(); s >= d.quiet[0] && s < d.quiet[1] {
		return t
	}
	at := func(offset int) time.Time { return wall.Add(-time.Duration(offset) * time.Second).In(zone) }
	is := func(t time.Time, offset int) bool { _, o := t.Zone(); return o == offset }
	var fit []time.Time // instants at which the clock showed this time, earliest first
	for _, o := range []int{before, offset, after} {
		if c := at(o); is(c, o) && (len(fit) == 0 || !fit[len(fit)-1].Equal(c)) {
			fit = append(fit, c)
		}
	}
	switch {
	case len(fit) == 0:
		// The clock jumped over it. t may have been read with either offset; the one from before the jump is the same everywhere.
		d.whole().never++
		d.note(doubtNever + " over this time")
		if c := at(before); !start.IsZero() && wall.Unix()-int64(before) >= start.Unix() && wall.Unix()-int64(offset) < start.Unix() {
			return c
		}
		return at(offset)
	case len(fit) > 1:
		if fit[1].Before(fit[0]) {
			fit[0], fit[1] = fit[1], fit[0]
		}
		d.whole().twice++
		d.note(doubtTwice + "; the same clock time came again at " + event.FormatTime(fit[1]))
	}
	return fit[0]
}

func (d *doubts) whole() *doubts {
	if d.of != nil {
		return d.of
	}
	return d
}

// In is a reader of times whose source states their zone beside them; what is doubtful about them goes to r.
func (r *Reader) In(zone *time.Location) *Reader {
	return &Reader{Zone: zone, Order: r.Order, doubts: doubts{of: r.doubts.whole()}}
}

func (d *doubts) note(text string) {
	d = d.whole()
	for _, p := range d.pending {
		if p == text {
			return
		}
	}
	d.pending = append(d.pending, text)
}

// Doubt puts what is doubtful about the times read since the last call into the event's DoubtField. Readers of records call it
// once for each event.
func (r *Reader) Doubt(e *event.Event) {
	if len(r.doubts.pending) == 0 {
		return
	}
	e.Set(DoubtField, event.KindString, r.doubts.pending...)
	r.doubts.pending = nil
}

// DoubtCount is how many times were doubtful, for the receipt.
func (r *Reader) DoubtCount() int64 { return r.doubts.twice + r.doubts.never }

// doubtNote is the sentence for the receipt, "" when no time was doubtful.
func (r *Reader) doubtNote() string {
	text := ""
	if n := r.doubts.twice; n > 0 {
		text = fmt.Sprintf("%d times could be either of two moments, because the clock was set back; the first is shown and %s names the other", n, DoubtField)
	}
	if n := r.doubts.never; n > 0 {
		if text != "" {
			text += ". "
		}
		text += fmt.Sprintf("%d times never were on the clock, because it was set forward; they are shown as if it had not been and %s says so", n, DoubtField)
	}
	return text
}
