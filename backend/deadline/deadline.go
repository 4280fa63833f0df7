// Package deadline computes the limits of reporting duties from moments that a person declared.
//
// Stage 8 of the flow, beside decision: a person declares an anchor (aware, classified, determined …) in the case
// record, the workbench hands the declared anchors and recorded submissions in, and Clocks gives what runs. The duties
// are data (regimes/*.json), so that a change of law is a change of a file that counsel can read.
//
// It keeps true: the same inputs give the same moments on any laptop (zone database embedded, no clock read here); the
// cautious reading comes first and another reading stands beside it with its basis; a duty that is not in force, or was
// not at the trigger's time, does not run; and nothing here says that anybody has to notify or that an incident is
// major or material. That is for counsel; this is a computed aid.
//
// Counting rules: Regulation (EEC, Euratom) 1182/71; RTS (EU) 2025/301 Art 5; Form 8-K General Instruction B.1 and
// Regulation S-T Rule 13(a)(2); the citation of each duty stands in its data. It deliberately knows neither the case
// record nor who may declare what.
package deadline

import (
	"time"
	_ "time/tzdata" // forensic Windows machines carry no zone database
)

// ComputedAid is the sentence that stands beside every computed limit.
const ComputedAid = "Computed aid: worked out from the declared moments and the cited rule. Counsel decides what applies and what is filed."

// DefaultRegimes are the duties shown before counsel has answered which ones apply.
var DefaultRegimes = []string{"eu-gdpr-33", "eu-nis2-23", "us-sec-8k-105"}

// Status is the state of a law on the edition's date.
type Status string

// The states of a law.
const (
	InForce          Status = "in_force"
	PartlyApplicable Status = "partly_applicable"
	NotYetApplicable Status = "not_yet_applicable"
	Proposed         Status = "proposed"
)

// Words is the status as screens show it.
func (s Status) Words() string {
	switch s {
	case InForce:
		return "in force"
	case PartlyApplicable:
		return "partly applicable"
	case NotYetApplicable:
		return "not yet applicable"
	case Proposed:
		return "proposed"
	}
	return string(s)
}

// Regime is one duty with its stages, as a file of regimes/ states it.
type Regime struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Jurisdiction string   `json:"jurisdiction"`
	Category     string   `json:"category"`
	Status       Status   `json:"status"`
	Effective    string   `json:"effective,omitempty"`
	AppliesFrom  string   `json:"applies_from,omitempty"` // first day, YYYY-MM-DD; "" means not limited
	AppliesTo    string   `json:"applies_to,omitempty"`   // last day
	Instrument   string   `json:"instrument"`
	Who          string   `json:"who"`
	Anchor       string   `json:"anchor"`
	AnchorText   string   `json:"anchor_text"`
	Stages       []Stage  `json:"stages"`
	Thresholds   []string `json:"thresholds"`
	Exemptions   []string `json:"exemptions"`
	Content      []string `json:"content"`
	TimeRule     string   `json:"time_rule,omitempty"`
	Form         string   `json:"form,omitempty"`
	Records      string   `json:"records,omitempty"`
	Penalty      string   `json:"penalty,omitempty"`
	Watch        string   `json:"watch,omitempty"`
	Confidence   string   `json:"confidence"`

	Edition string `json:"-"` // the pack's status date, set when it is read
	Region  string `json:"-"`
}

// Stage is one filing of a duty.
type Stage struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Group      string     `json:"group,omitempty"` // stages of one group are bounds of one filing
	Deadline   Rule       `json:"deadline"`
	Alternate  *Alternate `json:"alternate,omitempty"`
	Recipient  string     `json:"recipient"`
	Citation   string     `json:"citation"`
	Confidence string     `json:"confidence"`
	Note       string     `json:"note,omitempty"`
}

// Rule says how a limit is counted.
type Rule struct {
	Kind     string `json:"kind"` // fixed, asap, on_request, guideline, not_before, minimum_hold
	Amount   int    `json:"amount,omitempty"`
	Unit     string `json:"unit,omitempty"` // hours, calendar_days, business_days, months
	From     string `json:"from,omitempty"` // anchor, stage:ID, deadline:ID, or "deadline"
	End      string `json:"end,omitempty"`  // exact, end_of_day, not_before
	Calendar string `json:"calendar,omitempty"`
	Counting string `json:"counting,omitempty"` // day_of_event_is_day_1
	Cutoff   string `json:"cutoff,omitempty"`   // HH:MM at which the recipient closes the day
	Zone     string `json:"zone,omitempty"`     // zone of the cut-off
	Relief   string `json:"relief,omitempty"`   // entity, always (DORA Art 5(4))
	Standard string `json:"standard,omitempty"` // words of an asap or on-request duty
	Text     string `json:"text,omitempty"`
}

// Alternate is another reading of the same period.
type Alternate struct {
	Reading  string `json:"reading"` // eu-1182-hours, eu-1182-days, roll, other-amount
	Amount   int    `json:"amount,omitempty"`
	Calendar string `json:"calendar,omitempty"`
	Basis    string `json:"basis"`
}

// Runs reports whether the duty starts clocks for a trigger at the given moment: it was in force then.
func (r *Regime) Runs(at time.Time) bool {
	day := at.UTC().Format(time.DateOnly)
	if r.AppliesTo != "" && day > r.AppliesTo {
		return false
	}
	switch r.Status {
	case InForce:
		return r.AppliesFrom == "" || day >= r.AppliesFrom
	case NotYetApplicable: // the law exists and names its first day
		return r.AppliesFrom != "" && day >= r.AppliesFrom
	}
	return false
}

// Stage finds a stage by its id or, for a group, the first stage of the group.
func (r *Regime) Stage(id string) *Stage {
	for i := range r.Stages {
		if r.Stages[i].ID == id {
			return &r.Stages[i]
		}
	}
	for i := range r.Stages {
		if r.Stages[i].Group == id && id != "" {
			return &r.Stages[i]
		}
	}
	return nil
}

// group returns the stages that bound one filing together with s; a stage without a group stands alone.
func (r *Regime) group(s *Stage) []*Stage {
	if s.Group == "" {
		return []*Stage{s}
	}
	var out []*Stage
	for i := range r.Stages {
		if r.Stages[i].Group == s.Group {
			out = append(out, &r.Stages[i])
		}
	}
	return out
}
