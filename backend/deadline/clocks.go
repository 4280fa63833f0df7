package deadline

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Trigger is a declared moment. A later declaration of the same anchor supersedes an earlier one: the last in the slice
// counts.
type Trigger struct {
	Anchor   string    `json:"anchor"`
	At       time.Time `json:"at"`
	TZ       string    `json:"tz"`
	Calendar string    `json:"calendar,omitempty"`
	Relief   string    `json:"relief,omitempty"`
	Regimes  []string  `json:"regimes,omitempty"` // the duties it was declared for; empty means all
	By       string    `json:"by"`
	Role     string    `json:"role"`
	Recorded time.Time `json:"recorded"`
	Basis    string    `json:"basis"`
	Entry    string    `json:"entry,omitempty"`
}

// Submission is a recorded filing of a stage. It closes that stage's clock and starts those that count from it.
type Submission struct {
	Regime string    `json:"regime"`
	Stage  string    `json:"stage"`
	At     time.Time `json:"at"`
	TZ     string    `json:"tz"`
	By     string    `json:"by"`
	Role   string    `json:"role"`
	Proof  string    `json:"proof"`
	Entry  string    `json:"entry,omitempty"`
}

// State says where a clock stands.
type State string

// The states of a clock.
const (
	Running   State = "running"
	Missed    State = "missed" // the strict reading has passed without a recorded submission
	Submitted State = "submitted"
	Waiting   State = "waiting" // its anchor is not declared, or the duty does not run
	ASAP      State = "as-soon-as-possible"
)

// Clock is one stage of one duty with what is known of it at a moment.
type Clock struct {
	ID            string      `json:"id"` // regime/stage
	Regime        string      `json:"regime"`
	RegimeName    string      `json:"regime_name"`
	Jurisdiction  string      `json:"jurisdiction"`
	Stage         string      `json:"stage"`
	StageName     string      `json:"stage_name"`
	Strict        *time.Time  `json:"strict"`
	Extended      *time.Time  `json:"extended"`
	ExtendedBasis string      `json:"extended_basis,omitempty"`
	Precision     string      `json:"precision"`
	Trigger       *Trigger    `json:"trigger"`
	Submission    *Submission `json:"submission,omitempty"`
	Citation      string      `json:"citation"`
	Edition       string      `json:"edition"`
	Text          string      `json:"text"`
	Recipient     string      `json:"recipient"`
	Status        string      `json:"status"` // of the law, in words
	State         State       `json:"state"`
	Content       []string    `json:"content"`
	Note          string      `json:"note,omitempty"`
}

// Clocks works out every stage of the given duties at the moment now. Order: those with a limit by time left (missed
// ones first), then those without a fixed period, then waiting ones, then submitted ones.
func Clocks(regimes []Regime, triggers []Trigger, submissions []Submission, now time.Time) []Clock {
	var out []Clock
	for i := range regimes {
		r := &regimes[i]
		b := board{regime: r, triggers: triggers, submissions: submissions, now: now}
		done := map[string]bool{}
		for j := range r.Stages {
			s := &r.Stages[j]
			id, name := s.ID, s.Name
			if s.Group != "" {
				if id = s.Group; done[id] {
					continue
				}
				name, _, _ = strings.Cut(s.Name, " (")
			}
			done[id] = true
			out = append(out, b.clock(s, id, name))
		}
	}
	rank := map[State]int{Missed: 0, Running: 0, ASAP: 1, Waiting: 2, Submitted: 3}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if rank[a.State] != rank[b.State] {
			return rank[a.State] < rank[b.State]
		}
		if a.Strict != nil && b.Strict != nil && !a.Strict.Equal(*b.Strict) {
			return a.Strict.Before(*b.Strict)
		}
		if (a.Strict == nil) != (b.Strict == nil) {
			return a.Strict != nil
		}
		return a.ID < b.ID
	})
	return out
}

type board struct {
	regime      *Regime
	triggers    []Trigger
	submissions []Submission
	now         time.Time
}

func (b board) clock(s *Stage, id, name string) Clock {
	r := b.regime
	c := Clock{
		ID: r.ID + "/" + id, Regime: r.ID, RegimeName: r.Name, Jurisdiction: r.Jurisdiction, Stage: id, StageName: name,
		Citation: r.Instrument + ": " + s.Citation, Edition: r.Edition, Text: s.Words(), Recipient: s.Recipient,
		Status: r.Status.Words(), State: Waiting, Precision: PrecisionNone, Content: append([]string{}, r.Content...),
	}
	notes := []string{}
	if s.Note != "" {
		notes = append(notes, upperFirst(s.Note)+".")
	}
	c.Submission = b.submission(id)
	c.Trigger = b.trigger(s, 0)
	if s.Deadline.Kind == "on_request" {
		c.Note = strings.Join(notes, " ")
		return b.closed(c)
	}
	if c.Trigger == nil && s.Deadline.From != "deadline" {
		c.Note = strings.Join(append(notes, "Waits for"+strings.TrimPrefix(fromWords(s.Deadline.From), " from")+"."), " ")
		return b.closed(c)
	}
	if c.Trigger != nil && !r.Runs(c.Trigger.At) {
		why := "This duty is " + r.Status.Words() + " in the edition of " + r.Edition
		if r.Status == InForce {
			why = "This duty was not in force at the declared moment"
		}
		if r.Effective != "" {
			why += " (" + r.Effective + ")"
		}
		c.Note = strings.Join(append(notes, why+"; shown for information, no clock runs."), " ")
		return b.closed(c)
	}
	if r.Status == NotYetApplicable && c.Trigger != nil {
		notes = append(notes, "The edition of "+r.Edition+" lists this duty as not yet applicable and names its first day; compare with the official text.")
	}
	if s.Deadline.Kind == "asap" {
		c.State = ASAP
		if c.Trigger != nil {
			notes = append(notes, "Declared moment: "+Left(b.now, c.Trigger.At)+".")
		}
		c.Note = strings.Join(notes, " ")
		return b.closed(c)
	}
	in := Inputs{Trigger: c.Trigger.At, Zone: c.Trigger.TZ, Calendar: c.Trigger.Calendar, Relief: c.Trigger.Relief}
	if id == s.Group {
		if aware := b.declared("aware"); aware != nil {
			in.Aware = aware.At
		}
	}
	res, err := Compute(r, id, in)
	if err != nil {
		c.Note = strings.Join(append(notes, "Not computed: "+err.Error()+"."), " ")
		return b.closed(c)
	}
	c.Strict, c.Extended, c.ExtendedBasis, c.Precision = res.Strict(), res.Extended(), res.AlternateBasis, res.Precision
	notes = append(notes, res.Notes...)
	c.State, notes = b.state(s, c, notes)
	c.Note = strings.Join(notes, " ")
	return b.closed(c)
}

// state judges a clock that has a limit and no recorded submission.
func (b board) state(s *Stage, c Clock, notes []string) (State, []string) {
	switch {
	case s.Deadline.Kind == "not_before":
		return Waiting, append(notes, "The earliest moment, not a limit.")
	case s.Deadline.Kind == "minimum_hold":
		return Waiting, append(notes, "Kept at least until then.")
	case s.Deadline.Kind == "guideline":
		return ASAP, notes
	case !b.now.After(*c.Strict):
		return Running, notes
	case c.Extended != nil && !b.now.After(*c.Extended):
		return Missed, append(notes, "The strict reading has passed; the extended reading has "+Left(b.now, *c.Extended)+".")
	}
	return Missed, notes
}

// closed marks a clock whose stage has a recorded submission.
func (b board) closed(c Clock) Clock {
	if c.Submission == nil {
		return c
	}
	c.State = Submitted
	if c.Strict != nil && c.Submission.At.After(*c.Strict) {
		late := "The recorded submission lies after the strict reading"
		if c.Extended != nil && !c.Submission.At.After(*c.Extended) {
			late += " and within the extended one"
		}
		c.Note = strings.TrimSpace(c.Note + " " + late + ".")
	}
	return c
}

// trigger finds what a stage counts from: a declared anchor, a recorded submission, or the computed limit of another
// stage. depth guards against chains that a hostile duty file could make.
func (b board) trigger(s *Stage, depth int) *Trigger {
	if depth > MaxStages {
		return nil
	}
	kind, id, linked := strings.Cut(s.Deadline.From, ":")
	switch {
	case linked && kind == "stage":
		sub := b.submission(strings.TrimSuffix(id, "_latest"))
		if sub == nil {
			return nil
		}
		t := Trigger{Anchor: s.Deadline.From, At: sub.At, TZ: sub.TZ, By: sub.By, Role: sub.Role, Recorded: sub.At, Entry: sub.Entry,
			Basis: "Recorded submission of " + id}
		if a := b.declared(b.regime.Anchor); a != nil {
			t.Calendar, t.Relief = a.Calendar, a.Relief
		}
		return &t
	case linked && kind == "deadline":
		other := b.regime.Stage(id)
		if other == nil {
			return nil
		}
		t := b.trigger(other, depth+1)
		if t == nil {
			return nil
		}
		res, err := Compute(b.regime, id, Inputs{Trigger: t.At, Zone: t.TZ, Calendar: t.Calendar, Relief: t.Relief})
		if err != nil || res.Strict() == nil {
			return nil
		}
		t.Anchor, t.At, t.Basis = s.Deadline.From, *res.Strict(), "Computed limit of "+id
		return t
	case s.Deadline.From == "calendar_year_end_of_discovery":
		return b.declared("discovered")
	}
	if s.Group != "" { // bounds of one filing: the first anchor that was declared
		for _, m := range b.regime.group(s) {
			if t := b.declared(m.Deadline.From); t != nil {
				return t
			}
		}
		return nil
	}
	return b.declared(s.Deadline.From)
}

func (b board) declared(anchor string) *Trigger {
	for i := len(b.triggers) - 1; i >= 0; i-- {
		t := b.triggers[i]
		if t.Anchor != anchor || t.At.IsZero() {
			continue
		}
		ok := len(t.Regimes) == 0
		for _, id := range t.Regimes {
			ok = ok || id == b.regime.ID
		}
		if ok {
			return &t
		}
	}
	return nil
}

// submission finds the latest recorded filing of a stage or of any stage of a group.
func (b board) submission(id string) *Submission {
	var best *Submission
	for i := range b.submissions {
		sub := b.submissions[i]
		if sub.Regime != b.regime.ID {
			continue
		}
		s := b.regime.Stage(sub.Stage)
		if sub.Stage != id && (s == nil || s.Group == "" || s.Group != id) {
			continue
		}
		if best == nil || sub.At.After(best.At) {
			best = &sub
		}
	}
	return best
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".")
}

// CheckTrigger refuses (ErrTrigger) a declaration that no clock can run from: an unknown anchor, no time, a moment in
// the future beyond the given tolerance of the laptop's clock, or an unknown zone.
func CheckTrigger(t Trigger, now time.Time, tolerance time.Duration) error {
	if !KnownAnchor(t.Anchor) {
		return fmt.Errorf("%w: anchor %.60q is not in the list", ErrTrigger, t.Anchor)
	}
	if t.At.IsZero() || t.At.Year() < MinYear || t.At.Year() > MaxYear {
		return fmt.Errorf("%w: no usable time", ErrTrigger)
	}
	if t.At.After(now.Add(tolerance)) {
		return fmt.Errorf("%w: %s lies in the future (now %s)", ErrTrigger, t.At.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	_, err := loadZone(t.TZ)
	return err
}
