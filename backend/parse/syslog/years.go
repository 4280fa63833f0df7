package syslog

import (
	"context"
	"fmt"
	"strconv"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// years gives a year to times that state none.
type years struct {
	first, last int // years used
	current     int
	by          string
	source      string // where a default comes from
	previous    civil
}

// backDays is how far a time may lie before the one above it without meaning that a new year has begun.
const backDays = 60

// prepare finds the year of the first line. An answered year is the year of the first line. Otherwise the last line is put
// into the latest year in which it does not lie after the file's own time by more than a day, and the turns of the year
// in between are counted back.
func (y *years) prepare(ctx context.Context, in parse.Input) error {
	if in.Assume.Year != 0 {
		y.current, y.by = in.Assume.Year, in.Assume.YearBy
		if y.by == "" {
			y.by = "default"
		}
		return nil
	}
	y.by = "default"
	bound := in.Assume.ModTime
	y.source = "the file's modification time"
	if bound.IsZero() {
		bound = in.Started
		y.source = "the time of the import, because the file's own time is not known"
	}
	r := lines.New(in.Reader, in.Size)
	scout := years{}
	var lastSeen civil
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := r.Next()
		if err != nil {
			break // the reading pass meets the same error and reports it
		}
		if len(l.Text) == 0 || continues(l.Text) {
			continue
		}
		if h, ok := parseHead(string(l.Text[:min(len(l.Text), 128)])); ok && !h.stated && h.civil.month > 0 && h.civil.year == 0 {
			scout.next(h.civil)
			lastSeen = h.civil
		}
	}
	if lastSeen.month == 0 {
		return nil // every line states its year
	}
	if bound.IsZero() {
		return fmt.Errorf("%w: the times of %s state no year, and the file's own time is not known; answer with --year", parse.ErrNeedsAnswer, in.Name)
	}
	limit := bound.AddDate(0, 0, 1)
	year := limit.Year()
	for back := 0; back < 9 && !lastSeen.fits(year, limit); back++ {
		year--
	}
	y.current = year - scout.current
	return nil
}

// next returns the year of a time, which turns when the calendar jumps back.
func (y *years) next(c civil) int {
	if y.previous.month > 0 {
		switch d := c.dayOfYear() - y.previous.dayOfYear(); {
		case d < -backDays:
			y.current++
		case d > 365-backDays:
			y.current-- // a line from the old year among those of the new one
		}
	}
	y.previous = c
	return y.current
}

func (y *years) used(year int) {
	if y.first == 0 || year < y.first {
		y.first = year
	}
	y.last = max(y.last, year)
}

func (y *years) note() string {
	if y.first == 0 {
		return ""
	}
	span := strconv.Itoa(y.first)
	if y.last > y.first {
		span = fmt.Sprintf("%d to %d", y.first, y.last)
	}
	if y.by == "default" && y.source != "" {
		return fmt.Sprintf("times without a year were put into %s by %s; nobody has answered which year it was", span, y.source)
	}
	return fmt.Sprintf("times without a year were put into %s, as answered in entry %s", span, y.by)
}
