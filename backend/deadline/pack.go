package deadline

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"
)

//go:embed regimes/*.json
var files embed.FS

// PackFormat is the only format Parse accepts. A change of meaning gets a new number.
const PackFormat = "adjutant-duties/1"

// ErrPack is returned for a duty file that does not hold to the format.
var ErrPack = errors.New("deadline: duty file refused")

type packFile struct {
	Format  string   `json:"format"`
	Edition string   `json:"edition"`
	Region  string   `json:"region"`
	Regimes []Regime `json:"regimes"`
}

// Regimes returns the duties built into the program, sorted by id. The caller may change its copy of the slice.
func Regimes() []Regime {
	list, err := builtIn()
	if err != nil {
		panic("deadline: built-in duties are damaged: " + err.Error()) // a broken program, not an input
	}
	return append([]Regime(nil), list...)
}

// Find returns a built-in duty by id.
func Find(id string) (*Regime, bool) {
	list, err := builtIn()
	if err != nil {
		return nil, false
	}
	i := sort.Search(len(list), func(i int) bool { return list[i].ID >= id })
	if i < len(list) && list[i].ID == id {
		r := list[i]
		return &r, true
	}
	return nil, false
}

var builtIn = sync.OnceValues(func() ([]Regime, error) {
	names, err := files.ReadDir("regimes")
	if err != nil {
		return nil, err
	}
	var all []Regime
	for _, n := range names {
		b, err := files.ReadFile("regimes/" + n.Name())
		if err != nil {
			return nil, err
		}
		list, err := Parse(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		all = append(all, list...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	for i := 1; i < len(all); i++ {
		if all[i].ID == all[i-1].ID {
			return nil, fmt.Errorf("%w: duty %s stands twice", ErrPack, all[i].ID)
		}
	}
	return all, nil
})

// Parse reads one duty file and refuses (ErrPack) unknown fields, units, anchors and calendars, a missing citation,
// and stages that count from one another in a circle.
func Parse(r io.Reader) ([]Regime, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxPackBytes+1))
	if err != nil {
		return nil, fmt.Errorf("deadline: read duty file: %w", err)
	}
	if len(b) > MaxPackBytes {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrPack, MaxPackBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var f packFile
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrPack, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: text after the end", ErrPack)
	}
	if f.Format != PackFormat {
		return nil, fmt.Errorf("%w: format %.40q, expected %q", ErrPack, f.Format, PackFormat)
	}
	if _, err := time.Parse(time.DateOnly, f.Edition); err != nil {
		return nil, fmt.Errorf("%w: edition %.40q is not a date", ErrPack, f.Edition)
	}
	if len(f.Regimes) > MaxRegimes {
		return nil, fmt.Errorf("%w: %d duties, at most %d", ErrPack, len(f.Regimes), MaxRegimes)
	}
	for i := range f.Regimes {
		r := &f.Regimes[i]
		r.Edition, r.Region = f.Edition, f.Region
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("%w: duty %.60q: %v", ErrPack, r.ID, err)
		}
	}
	return f.Regimes, nil
}

func (r *Regime) check() error {
	if r.ID == "" || r.Name == "" || r.Instrument == "" || r.Jurisdiction == "" {
		return errors.New("id, name, jurisdiction or instrument is missing")
	}
	switch r.Status {
	case InForce, PartlyApplicable, NotYetApplicable, Proposed:
	default:
		return fmt.Errorf("unknown status %.40q", string(r.Status))
	}
	for _, d := range []string{r.AppliesFrom, r.AppliesTo} {
		if _, err := time.Parse(time.DateOnly, d); d != "" && err != nil {
			return fmt.Errorf("%.40q is not a date", d)
		}
	}
	if anchorWords[r.Anchor].Title == "" {
		return fmt.Errorf("unknown anchor %.40q", r.Anchor)
	}
	if len(r.Stages) == 0 || len(r.Stages) > MaxStages {
		return fmt.Errorf("%d stages, expected 1 to %d", len(r.Stages), MaxStages)
	}
	seen := map[string]bool{}
	for i := range r.Stages {
		s := &r.Stages[i]
		if s.ID == "" || s.Name == "" || s.Citation == "" {
			return fmt.Errorf("stage %d: id, name or citation is missing", i+1)
		}
		if seen[s.ID] {
			return fmt.Errorf("stage %.60q stands twice", s.ID)
		}
		seen[s.ID] = true
		if err := r.checkRule(s); err != nil {
			return fmt.Errorf("stage %.60q: %v", s.ID, err)
		}
	}
	return r.checkCircle()
}

func (r *Regime) checkRule(s *Stage) error {
	d := s.Deadline
	if err := oneOf("kind", d.Kind, "fixed", "asap", "on_request", "guideline", "not_before", "minimum_hold"); err != nil {
		return err
	}
	counted := d.Kind != "asap" && d.Kind != "on_request"
	if counted {
		if err := oneOf("unit", d.Unit, "hours", "calendar_days", "business_days", "months"); err != nil {
			return err
		}
		if err := oneOf("end", d.End, "exact", "end_of_day", "not_before"); err != nil {
			return err
		}
		if d.Amount < 1 || d.Amount > MaxAmount {
			return fmt.Errorf("amount %d, expected 1 to %d", d.Amount, MaxAmount)
		}
		if (d.Unit == "hours") != (d.End == "exact") {
			return fmt.Errorf("unit %s with end %s", d.Unit, d.End)
		}
		if d.Unit == "business_days" && d.Calendar == "" {
			return errors.New("business days without a calendar")
		}
	} else if d.Amount != 0 || d.Unit != "" || d.Standard == "" {
		return errors.New("a duty without a fixed period has words and no amount")
	}
	if err := oneOf("counting", d.Counting, "", "day_of_event_is_day_1"); err != nil {
		return err
	}
	if err := oneOf("relief", d.Relief, "", "entity", "always"); err != nil {
		return err
	}
	if d.Calendar != "" && !KnownCalendar(d.Calendar) {
		return fmt.Errorf("unknown calendar %.40q", d.Calendar)
	}
	if d.Cutoff != "" {
		if _, err := time.Parse("15:04", d.Cutoff); err != nil {
			return fmt.Errorf("cut-off %.20q is not HH:MM", d.Cutoff)
		}
	}
	if d.Zone != "" {
		if _, err := loadZone(d.Zone); err != nil {
			return err
		}
	}
	if a := s.Alternate; a != nil {
		if err := oneOf("reading", a.Reading, "eu-1182-hours", "eu-1182-days", "roll", "other-amount"); err != nil {
			return err
		}
		if a.Basis == "" {
			return errors.New("another reading without a basis")
		}
		if (a.Reading == "roll") != (a.Calendar != "") || a.Calendar != "" && !KnownCalendar(a.Calendar) {
			return fmt.Errorf("reading %s with calendar %.40q", a.Reading, a.Calendar)
		}
		if (a.Reading == "other-amount") != (a.Amount > 0) || a.Amount > MaxAmount {
			return fmt.Errorf("reading %s with amount %d", a.Reading, a.Amount)
		}
	}
	return r.checkFrom(d.From, d.Kind)
}

func (r *Regime) checkFrom(from, kind string) error {
	kindOf, id, linked := strings.Cut(from, ":")
	switch {
	case from == "" && kind == "on_request", from == "deadline" && kind == "asap":
		return nil
	case linked && (kindOf == "stage" || kindOf == "deadline"):
		if r.Stage(strings.TrimSuffix(id, "_latest")) == nil {
			return fmt.Errorf("counts from unknown stage %.60q", id)
		}
		return nil
	case anchorWords[from].Title != "":
		return nil
	}
	return fmt.Errorf("counts from unknown anchor %.60q", from)
}

// checkCircle follows "from" links; a chain longer than the number of stages must repeat one.
func (r *Regime) checkCircle() error {
	for i := range r.Stages {
		s := &r.Stages[i]
		for steps := 0; ; steps++ {
			_, id, linked := strings.Cut(s.Deadline.From, ":")
			if !linked {
				break
			}
			if steps > len(r.Stages) {
				return fmt.Errorf("stage %.60q counts from itself in a circle", r.Stages[i].ID)
			}
			s = r.Stage(strings.TrimSuffix(id, "_latest"))
		}
	}
	return nil
}

func oneOf(what, got string, allowed ...string) error {
	for _, a := range allowed {
		if got == a {
			return nil
		}
	}
	return fmt.Errorf("unknown %s %.40q", what, got)
}
