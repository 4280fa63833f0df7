// Package yearless gives a year to times whose source states none, such as "Mar 14 01:02:03" of syslog.
//
// Stage 2 of the flow, below the line formats of parse. It keeps true that the year is said to be assumed and by whom, that
// the order of lines decides where a year turns, and that nothing lies later than the file itself. It knows no format.
package yearless

import (
	"context"
	"fmt"
	"strconv"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// Years gives years to the times of one file, in the order of its lines. The zero value is ready for Prepare.
type Years struct {
	first, last int // years used
	current     int
	by          string
	source      string // where a default comes from
	previous    Civil
}

// backDays is how far a time may lie before the one above it without meaning that a new year has begun.
const backDays = 60

// Prepare finds the year of the first line. An answered year is the year of the first line. Otherwise the last line is put
// into the latest year in which it does not lie after the file's own time by more than a day, and the turns of the year
// in between are counted back. r hands out the lines. head reads the time of a line, false when the line has none without a year; it is given at most
// 128 bytes of each line. Errors: ctx's, parse.ErrNeedsAnswer when neither the year nor the file's time is known.
func (y *Years) Prepare(ctx context.Context, in parse.Input, r lines.Source, head func(line []byte) (Civil, bool)) error {
	return y.PrepareFrom(in, func(saw func(Civil)) error {
		for n := 0; ; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			l, err := r.Next()
			if err != nil {
				return nil // the reading pass meets the same error and reports it
			}
			if len(l.Text) == 0 {
				continue
			}
			if c, ok := head(l.Text[:min(len(l.Text), 128)]); ok {
				saw(c)
			}
		}
	})
}

// PrepareFrom is Prepare for sources whose times do not stand at the head of a line: all hands each time to saw, in order. It is
// not called when the year was answered.
func (y *Years) PrepareFrom(in parse.Input, all func(saw func(Civil)) error) error {
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
	scout := Years{}
	var lastSeen Civil
	err := all(func(c Civil) {
		if c.Month > 0 && c.Year == 0 {
			scout.next(c)
			lastSeen = c
		}
	})
	if err != nil {
		return err
	}
	if lastSeen.Month == 0 {
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
func (y *Years) next(c Civil) int {
	if y.previous.Month > 0 {
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

// Read makes a time of c under the zone of r, with a year given where c has none. Times must come in the order of the lines.
func (y *Years) Read(r *stamp.Reader, c Civil, original string) (event.Time, error) {
	year := c.Year
	if year == 0 {
		year = y.next(c)
	}
	t, err := r.Civil(year, c.Month, c.Day, c.Hour, c.Min, c.Sec, c.Nsec, original)
	if err == nil && c.Year == 0 {
		y.used(year)
		if y.by == "default" || t.Assumed == "" {
			t.Assumed = y.by
		}
	}
	return t, err
}

func (y *Years) used(year int) {
	if y.first == 0 || year < y.first {
		y.first = year
	}
	y.last = max(y.last, year)
}

// Note is the sentence for the receipt when a year was given to times, else "".
func (y *Years) Note() string {
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
