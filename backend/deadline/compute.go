package deadline

import (
	"errors"
	"fmt"
	"time"
)

// Precisions of a computed moment.
const (
	PrecisionInstant   = "instant"    // to the second
	PrecisionEndOfDay  = "end_of_day" // the last second of a local day
	PrecisionNotBefore = "not_before" // the earliest moment at which something may be done
	PrecisionNone      = "none"       // the duty has no fixed period
)

// Reasons for which Compute refuses.
var (
	ErrUnknownDuty     = errors.New("deadline: unknown duty")
	ErrUnknownStage    = errors.New("deadline: unknown stage")
	ErrUnknownZone     = errors.New("deadline: unknown time zone")
	ErrUnknownCalendar = errors.New("deadline: unknown calendar")
	ErrTrigger         = errors.New("deadline: unusable trigger time")
)

// Inputs are what a person declared for one computation.
type Inputs struct {
	Trigger  time.Time // the anchor of the stage, or the submission it counts from
	Zone     string    // IANA zone in which days end; "" means UTC
	Aware    time.Time // DORA's outer bound; zero when not declared
	Calendar string    // holiday set instead of the duty's or the zone's
	Relief   string    // holiday set, when the entity has the relief of DORA Art 5(4)
}

// Result is one computed limit. Deadline is zero when the duty has no fixed period (Precision says "none").
type Result struct {
	Deadline       time.Time
	Alternate      time.Time // another reading; zero when there is none or it gives the same moment
	AlternateBasis string
	Precision      string
	Text           string // the rule in words
	Citation       string
	Edition        string
	Notes          []string
}

// Strict is the earlier of the two readings, nil without a fixed period.
func (r Result) Strict() *time.Time {
	t := r.Deadline
	if t.IsZero() {
		return nil
	}
	if !r.Alternate.IsZero() && r.Alternate.Before(t) {
		t = r.Alternate
	}
	return &t
}

// Extended is the later of the two readings, nil when there is one reading only.
func (r Result) Extended() *time.Time {
	if r.Deadline.IsZero() || r.Alternate.IsZero() {
		return nil
	}
	t := r.Alternate
	if r.Deadline.After(t) {
		t = r.Deadline
	}
	return &t
}

// Compute counts one stage (or group of stages, such as DORA's "initial") of a duty. It does not ask whether the duty
// is in force; Regime.Runs does.
func Compute(r *Regime, stage string, in Inputs) (Result, error) {
	s := r.Stage(stage)
	if s == nil {
		return Result{}, fmt.Errorf("%w: %s has no stage %.60q", ErrUnknownStage, r.ID, stage)
	}
	if err := in.check(); err != nil {
		return Result{}, fmt.Errorf("%s/%s: %w", r.ID, stage, err)
	}
	res, err := computeStage(s, in)
	if err == nil && s.Group != "" && s.Group == stage {
		res, err = computeGroup(r, s, in)
	}
	if err != nil {
		return Result{}, fmt.Errorf("%s/%s: %w", r.ID, stage, err)
	}
	res.Edition = r.Edition
	return res, nil
}

func (in Inputs) check() error {
	for _, t := range []time.Time{in.Trigger, in.Aware} {
		if !t.IsZero() && (t.Year() < MinYear || t.Year() > MaxYear) {
			return fmt.Errorf("%w: year %d", ErrTrigger, t.Year())
		}
	}
	if in.Trigger.IsZero() {
		return fmt.Errorf("%w: none given", ErrTrigger)
	}
	for _, c := range []string{in.Calendar, in.Relief} {
		if c != "" && !KnownCalendar(c) {
			return fmt.Errorf("%w: %.40q", ErrUnknownCalendar, c)
		}
	}
	_, err := loadZone(in.Zone)
	return err
}

// computeGroup takes the earlier of the bounds of one filing. When the anchor of the first bound came only after the
// outer bound had run out (DORA: classified later than 24 hours after awareness, RTS (EU) 2025/301 Art 5(2)), the first
// bound stands alone.
func computeGroup(r *Regime, first *Stage, in Inputs) (Result, error) {
	inner := *first
	inner.Deadline.Relief = "" // relief moves the governing limit once, at the end
	res, err := computeStage(&inner, in)
	if err != nil {
		return res, err
	}
	for _, s := range r.group(first) {
		if s == first || s.Deadline.From != "aware" {
			continue
		}
		if in.Aware.IsZero() {
			res.Notes = append(res.Notes, "The moment of awareness is not declared, so the outer bound is not counted in.")
			continue
		}
		bound := *s
		bound.Deadline.Relief = ""
		outer, err := computeStage(&bound, Inputs{Trigger: in.Aware, Zone: in.Zone, Calendar: in.Calendar})
		if err != nil {
			return res, err
		}
		switch {
		case in.Trigger.After(outer.Deadline):
			res.Notes = append(res.Notes, "Classified after the outer bound from awareness had run out: the bound from classification stands alone.")
		case outer.Deadline.Before(res.Deadline):
			outer.Notes = append(outer.Notes, "The outer bound from awareness is the earlier one and governs.")
			res = outer
		}
	}
	return applyRelief(first, res, in)
}

func computeStage(s *Stage, in Inputs) (Result, error) {
	d := s.Deadline
	res := Result{Precision: PrecisionNone, Text: s.Words(), Citation: s.Citation}
	if d.Kind == "asap" || d.Kind == "on_request" {
		return res, nil
	}
	loc, err := loadZone(in.Zone)
	if err != nil {
		return res, err
	}
	if d.Zone != "" {
		if loc, err = loadZone(d.Zone); err != nil {
			return res, err
		}
	}
	start := in.Trigger.In(loc)
	if d.Unit == "hours" {
		res.Deadline, res.Precision = start.Add(time.Duration(d.Amount)*time.Hour), PrecisionInstant
	} else {
		day, err := lastDay(d, civil(start), in)
		if err != nil {
			return res, err
		}
		res.Deadline, res.Precision = finish(d, day, loc)
	}
	if res, err = applyRelief(s, res, in); err != nil || s.Alternate == nil {
		return res, err
	}
	return addAlternate(s, res, start, in)
}

// lastDay counts civil days; day is midnight UTC of the event's local day, so that no daylight saving can touch it.
func lastDay(d Rule, day time.Time, in Inputs) (time.Time, error) {
	if d.From == "calendar_year_end_of_discovery" {
		day = time.Date(day.Year(), time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	switch d.Unit {
	case "calendar_days":
		n := d.Amount
		if d.Counting == "day_of_event_is_day_1" {
			n--
		}
		return day.AddDate(0, 0, n), nil
	case "months":
		return addMonths(day, d.Amount), nil
	case "business_days":
		name := d.Calendar
		if in.Calendar != "" {
			name = in.Calendar
		}
		c := calendars[name]
		if c == nil {
			return day, fmt.Errorf("%w: %.40q", ErrUnknownCalendar, name)
		}
		return walk(c, day, d.Amount)
	}
	return day, fmt.Errorf("deadline: unknown unit %.40q", d.Unit)
}

// finish puts the hour to the last day: the cut-off of the recipient, the end of the day, or the start of the next one.
func finish(d Rule, day time.Time, loc *time.Location) (time.Time, string) {
	y, m, n := day.Date()
	switch {
	case d.End == "not_before":
		return time.Date(y, m, n+1, 0, 0, 0, 0, loc), PrecisionNotBefore
	case d.Cutoff != "":
		at, _ := time.Parse("15:04", d.Cutoff) // checked when the duty was read
		return time.Date(y, m, n, at.Hour(), at.Minute(), 0, 0, loc), PrecisionInstant
	}
	return time.Date(y, m, n, 23, 59, 59, 0, loc), PrecisionEndOfDay
}

// applyRelief moves a limit on a weekend or holiday to noon of the next working day (RTS (EU) 2025/301 Art 5(4)).
func applyRelief(s *Stage, res Result, in Inputs) (Result, error) {
	if s.Deadline.Relief == "" || s.Deadline.Relief == "entity" && in.Relief == "" {
		return res, nil
	}
	name := in.Relief
	if name == "" {
		name = in.Calendar
	}
	c, used, ok := calendarFor(name, in.Zone)
	if !ok {
		return res, fmt.Errorf("%w: %.40q", ErrUnknownCalendar, name)
	}
	day := civil(res.Deadline)
	if c.workday(day) {
		return res, nil
	}
	next, err := roll(c, day)
	if err != nil {
		return res, err
	}
	y, m, n := next.Date()
	res.Deadline, res.Precision = time.Date(y, m, n, 12, 0, 0, 0, res.Deadline.Location()), PrecisionInstant
	res.Notes = append(res.Notes, "Moved to noon of the next working day under RTS (EU) 2025/301 Art 5(4)."+weekendsOnly(used))
	return res, nil
}

func addAlternate(s *Stage, res Result, start time.Time, in Inputs) (Result, error) {
	a, d := s.Alternate, s.Deadline
	var alt time.Time
	switch a.Reading {
	case "other-amount": // the same rule with another number
		other := *s
		other.Deadline.Amount, other.Alternate = a.Amount, nil
		r, err := computeStage(&other, in)
		if err != nil {
			return res, err
		}
		alt = r.Deadline
	case "eu-1182-hours":
		// The hour in which the event fell is not counted, so the count begins at the next full local hour.
		y, m, n := start.Date()
		_, off := start.Zone()
		hour := time.Date(y, m, n, start.Hour(), 0, 0, 0, time.FixedZone("", off))
		alt = hour.Add(time.Duration(d.Amount+1) * time.Hour).In(start.Location())
	case "roll", "eu-1182-days":
		name := in.Calendar
		if a.Reading == "roll" && name == "" {
			name = a.Calendar
		}
		c, used, ok := calendarFor(name, in.Zone)
		if !ok {
			return res, fmt.Errorf("%w: %.40q", ErrUnknownCalendar, name)
		}
		day := civil(res.Deadline)
		var err error
		if a.Reading == "eu-1182-days" && d.Unit == "calendar_days" && d.Amount >= 2 {
			if day, err = twoWorkingDays(c, civil(start), day); err != nil {
				return res, err
			}
		}
		if day, err = roll(c, day); err != nil {
			return res, err
		}
		alt, _ = finish(d, day, res.Deadline.Location())
		if !alt.Equal(res.Deadline) {
			if note := weekendsOnly(used); note != "" {
				res.Notes = append(res.Notes, "The extended reading knows weekends only."+note)
			}
		}
	}
	if !alt.Equal(res.Deadline) {
		res.Alternate, res.AlternateBasis = alt, a.Basis
	}
	return res, nil
}

func weekendsOnly(calendar string) string {
	if calendar != "eu" {
		return ""
	}
	return " No public holidays are known for this zone; name a calendar to count them."
}

// twoWorkingDays lengthens a period of days until it holds two working days (Reg. 1182/71 Art 3(5)).
func twoWorkingDays(c *calendar, event, last time.Time) (time.Time, error) {
	n := 0
	for day, steps := event.AddDate(0, 0, 1), 0; ; day, steps = day.AddDate(0, 0, 1), steps+1 {
		if c.workday(day) {
			n++
		}
		if !day.Before(last) && n >= 2 {
			return day, nil
		}
		if steps > MaxWalkDays {
			return day, errors.New("deadline: calendar has no working days")
		}
	}
}

// walk goes n working days past day; the event's day does not count, wherever it falls.
func walk(c *calendar, day time.Time, n int) (time.Time, error) {
	for steps := 0; n > 0; steps++ {
		if steps > MaxWalkDays {
			return day, errors.New("deadline: calendar has no working days")
		}
		day = day.AddDate(0, 0, 1)
		if c.workday(day) {
			n--
		}
	}
	return day, nil
}

// roll returns day itself or the next working day.
func roll(c *calendar, day time.Time) (time.Time, error) {
	for steps := 0; !c.workday(day); steps++ {
		if steps > MaxWalkDays {
			return day, errors.New("deadline: calendar has no working days")
		}
		day = day.AddDate(0, 0, 1)
	}
	return day, nil
}

// addMonths keeps the day of the month, or takes the month's last day when it has no such day (Art 3(2)(c)).
func addMonths(day time.Time, n int) time.Time {
	y, m, d := day.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	if last := first.AddDate(0, 1, -1).Day(); d > last {
		d = last
	}
	return time.Date(first.Year(), first.Month(), d, 0, 0, 0, 0, time.UTC)
}

// civil is midnight UTC of the local day of t: arithmetic on days without daylight saving.
func civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func loadZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("%w: %.60q", ErrUnknownZone, name)
	}
	return loc, nil
}
