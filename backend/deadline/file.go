package deadline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// ErrCases is returned for a file of cases that cannot be read; ErrSomeCases when single cases could not be computed,
// after everything was written.
var (
	ErrCases     = errors.New("deadline: file of cases refused")
	ErrSomeCases = errors.New("deadline: some cases were not computed")
)

// fileLayout prints offsets also for UTC ("+00:00"), so that a script sees one form.
const fileLayout = "2006-01-02T15:04:05-07:00"

type fileCase struct {
	ID          string `json:"id"`
	Regime      string `json:"regime"`
	Stage       string `json:"stage"`
	TriggerTime string `json:"trigger_time"`
	TZ          string `json:"tz"`
	AwareTime   string `json:"aware_time"`
	Calendar    string `json:"calendar"`
	Relief      string `json:"relief"`
}

type fileResult struct {
	ID             string   `json:"id"`
	Deadline       *string  `json:"deadline"`
	Precision      string   `json:"precision,omitempty"`
	Alternate      string   `json:"alternate,omitempty"`
	AlternateBasis string   `json:"alternate_basis,omitempty"`
	Citation       string   `json:"citation,omitempty"`
	Rule           string   `json:"rule,omitempty"`
	Edition        string   `json:"edition,omitempty"`
	InForce        *bool    `json:"in_force,omitempty"`
	Notes          []string `json:"notes,omitempty"`
	Error          string   `json:"error,omitempty"`
}

// ComputeFile reads a JSON array of cases ({id, regime, stage, trigger_time, tz, aware_time?, calendar?, relief?}; more
// fields are ignored) and writes an array with one result for each, in the same order. Duties come from the built-in
// pack. A case that cannot be computed gets an "error" and makes the whole call return ErrSomeCases.
func ComputeFile(r io.Reader, w io.Writer) error {
	b, err := io.ReadAll(io.LimitReader(r, MaxCasesBytes+1))
	if err != nil {
		return fmt.Errorf("deadline: read cases: %w", err)
	}
	if len(b) > MaxCasesBytes {
		return fmt.Errorf("%w: larger than %d bytes", ErrCases, MaxCasesBytes)
	}
	var cases []fileCase
	if err := json.Unmarshal(b, &cases); err != nil {
		return fmt.Errorf("%w: %v", ErrCases, err)
	}
	out := make([]fileResult, 0, len(cases))
	failed := []string{}
	for _, c := range cases {
		res, err := c.compute()
		if err != nil {
			res = fileResult{ID: c.ID, Error: err.Error()}
			failed = append(failed, fmt.Sprintf("%.60q", c.ID))
		}
		out = append(out, res)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("deadline: write results: %w", err)
	}
	if len(failed) > 0 {
		if n := len(failed); n > 10 {
			failed = append(failed[:10], fmt.Sprintf("and %d more", n-10))
		}
		return fmt.Errorf("%w: %s", ErrSomeCases, strings.Join(failed, ", "))
	}
	return nil
}

func (c fileCase) compute() (fileResult, error) {
	reg, ok := Find(c.Regime)
	if !ok {
		return fileResult{}, fmt.Errorf("%w: %.60q", ErrUnknownDuty, c.Regime)
	}
	in := Inputs{Zone: c.TZ, Calendar: c.Calendar, Relief: c.Relief}
	var err error
	if in.Trigger, err = ParseTime(c.TriggerTime, c.TZ); err != nil {
		return fileResult{}, fmt.Errorf("trigger_time: %w", err)
	}
	if c.AwareTime != "" {
		if in.Aware, err = ParseTime(c.AwareTime, c.TZ); err != nil {
			return fileResult{}, fmt.Errorf("aware_time: %w", err)
		}
	}
	res, err := Compute(reg, c.Stage, in)
	if err != nil {
		return fileResult{}, err
	}
	runs := reg.Runs(in.Trigger)
	out := fileResult{ID: c.ID, Precision: res.Precision, AlternateBasis: res.AlternateBasis, Rule: res.Text,
		Citation: reg.Instrument + ": " + res.Citation, Edition: res.Edition, InForce: &runs, Notes: res.Notes}
	if !res.Deadline.IsZero() {
		s := res.Deadline.Format(fileLayout)
		out.Deadline = &s
	}
	if !res.Alternate.IsZero() {
		out.Alternate = res.Alternate.Format(fileLayout)
	}
	return out, nil
}

// Ways in which a local time can be unusable.
var (
	ErrAmbiguousTime   = errors.New("deadline: this local time happened twice; add the offset")
	ErrNonexistentTime = errors.New("deadline: this local time was skipped by daylight saving")
)

// ParseTime reads RFC 3339 with an offset, or a local time (2006-01-02T15:04[:05], space allowed for T) in the zone.
// A local time that happened twice or never is refused, because guessing could cost an hour of a period.
func ParseTime(text, zone string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	loc, err := loadZone(zone)
	if err != nil {
		return time.Time{}, err
	}
	text = strings.Replace(text, " ", "T", 1)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		t, err := time.ParseInLocation(layout, text, loc)
		if err != nil {
			continue
		}
		if t.Format(layout) != text {
			return time.Time{}, fmt.Errorf("%w: %s in %s", ErrNonexistentTime, text, zone)
		}
		// Two instants show the same wall clock only around a change of offset; changes are at most three hours.
		for _, shift := range []time.Duration{-3, -2, -1, 1, 2, 3} {
			for _, part := range []time.Duration{time.Hour, 30 * time.Minute} {
				if o := t.Add(shift * part); !o.Equal(t) && o.Format(layout) == text {
					return time.Time{}, fmt.Errorf("%w: %s in %s", ErrAmbiguousTime, text, zone)
				}
			}
		}
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%w: %.60q is not RFC 3339 and not a local time", ErrTrigger, text)
}
