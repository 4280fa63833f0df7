package workbench

import (
	"slices"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// KnownThen is Then in flat lines, as `record at --json` prints it. Field names are the contract with scripts.
type KnownThen struct {
	At        time.Time        `json:"at"`
	Of        *Told            `json:"of,omitempty"`     // the entry asked about
	Person    string           `json:"person,omitempty"` // whose knowledge it is; "" when it is what somebody knew
	PersonID  string           `json:"person_id,omitempty"`
	Head      string           `json:"head"`
	HeadCode  string           `json:"head_code"`
	Entries   int              `json:"entries"`     // known then
	Now       int              `json:"entries_now"` // in the record today
	Severity  *SeverityThen    `json:"severity"`    // in force then
	Verdicts  []VerdictCount   `json:"verdicts"`
	Decisions []DecisionThen   `json:"decisions"`
	Triggers  []TriggerThen    `json:"triggers"`
	Clocks    []deadline.Clock `json:"clocks"`
	Documents []DocumentThen   `json:"documents"`
	People    []PersonThen     `json:"people"`
	Evidence  int              `json:"evidence"`
	Notes     int              `json:"notes"`
	Promoted  int              `json:"promoted"`
	Conflicts int              `json:"conflicts"`
	SetAside  int              `json:"set_aside"`
	Later     LaterLine        `json:"later"`
}

// SeverityThen is a severity in force.
type SeverityThen struct {
	Level string    `json:"level"`
	By    string    `json:"by"`
	Role  string    `json:"role"`
	At    time.Time `json:"at"`
	Entry string    `json:"entry"`
}

// VerdictCount counts the groups with a verdict in force.
type VerdictCount struct {
	Verdict string `json:"verdict"`
	Count   int    `json:"count"`
}

// DecisionThen is the last decision on a recommendation.
type DecisionThen struct {
	Entry          string    `json:"entry"`
	Recommendation string    `json:"recommendation"`
	Outcome        string    `json:"outcome"`
	Recommended    string    `json:"recommended"`
	Instead        string    `json:"instead,omitempty"`
	Target         string    `json:"target"`
	Reason         string    `json:"reason"`
	By             string    `json:"by"`
	Role           string    `json:"role"`
	At             time.Time `json:"at"`
	Awaits         bool      `json:"awaits,omitempty"` // a second person had still to sign
}

// TriggerThen is the last declaration of an anchor.
type TriggerThen struct {
	Entry    string    `json:"entry"`
	Anchor   string    `json:"anchor"`
	At       time.Time `json:"at"`
	TZ       string    `json:"tz"`
	Basis    string    `json:"basis"`
	By       string    `json:"by"`
	Recorded time.Time `json:"recorded"`
	Awaits   bool      `json:"awaits,omitempty"`
}

// DocumentThen is a paper: draft, approved or released.
type DocumentThen struct {
	ID    string    `json:"id"`
	Title string    `json:"title"`
	Class string    `json:"class"`
	State string    `json:"state"`
	At    time.Time `json:"at"`
}

// PersonThen is somebody who was admitted, with the titles of the roles held then.
type PersonThen struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
}

// LaterLine is what came later.
type LaterLine struct {
	Entries int             `json:"entries"`
	Kinds   []KindCount     `json:"kinds"`
	Facts   []LaterFactLine `json:"facts"`
	Left    int             `json:"left"`
}

// KindCount counts the entries of a kind.
type KindCount struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// LaterFactLine is a fact that came later.
type LaterFactLine struct {
	Entry    string     `json:"entry"`
	Kind     string     `json:"kind"`
	Story    string     `json:"story"`
	By       string     `json:"by"`
	Recorded time.Time  `json:"recorded"`
	Happened *time.Time `json:"happened"`
	Learned  bool       `json:"learned"` // knowledge, not a decision
}

// Known puts it into flat lines.
func (t Then) Known() KnownThen {
	s := t.State
	k := KnownThen{
		At: t.At, Of: t.Of, Head: s.Head, HeadCode: caserecord.HeadCode(s.Head), Entries: s.Entries, Now: t.Entries,
		Verdicts: []VerdictCount{}, Decisions: []DecisionThen{}, Triggers: []TriggerThen{}, Clocks: orEmpty(t.Clocks), Documents: []DocumentThen{}, People: []PersonThen{},
		Evidence: len(s.Evidence), Notes: len(s.Notes), Promoted: len(s.Promoted), Conflicts: len(s.Conflicts), SetAside: len(s.Refused),
		Later: t.Later.line(),
	}
	if t.Person != nil {
		k.Person, k.PersonID = t.Person.Name, string(t.Person.ID)
	}
	if v := s.SeverityInForce(); v != nil {
		k.Severity = &SeverityThen{Level: v.Data.Level.String(), By: v.Name, Role: v.Data.Role.Title(), At: v.Recorded, Entry: string(v.Entry)}
	}
	counts := map[incident.Verdict]int{}
	for _, v := range s.Verdicts {
		if f := s.VerdictInForce(v.Group); f != nil {
			counts[f.Data.Verdict]++
		}
	}
	for _, v := range incident.Verdicts {
		if counts[v] > 0 {
			k.Verdicts = append(k.Verdicts, VerdictCount{string(v), counts[v]})
		}
	}
	for _, d := range s.Decisions {
		c := d.Current
		k.Decisions = append(k.Decisions, DecisionThen{
			Entry: string(c.Entry), Recommendation: d.Recommendation, Outcome: string(c.Data.Outcome), Recommended: c.Data.Recommended, Instead: c.Data.Instead,
			Target: c.Data.Target, Reason: c.Data.Reason, By: c.Name, Role: c.Data.Role.Title(), At: c.Recorded, Awaits: s.Awaits(c.Entry),
		})
	}
	for _, x := range s.Triggers {
		c := x.Current
		k.Triggers = append(k.Triggers, TriggerThen{Entry: string(c.Entry), Anchor: x.Anchor, At: c.At, TZ: c.Data.TZ, Basis: c.Data.Basis, By: c.Name, Recorded: c.Recorded, Awaits: s.Awaits(c.Entry)})
	}
	for _, d := range s.Documents {
		k.Documents = append(k.Documents, documentThen(d))
	}
	for _, p := range t.Roles {
		x := PersonThen{ID: string(p.ID), Name: p.Name, Roles: []string{}}
		for _, r := range p.Roles {
			x.Roles = append(x.Roles, r.Title())
		}
		k.People = append(k.People, x)
	}
	return k
}

func documentThen(d *caserecord.DocumentState) DocumentThen {
	x := DocumentThen{ID: d.Document, Title: d.Draft.Data.Title, Class: string(d.Draft.Data.Class), State: "draft", At: d.Draft.Recorded}
	if a := d.Approved(); a != nil {
		x.State, x.At = "approved", a.Recorded
	}
	if n := len(d.Releases); n > 0 && !d.Releases[n-1].Recorded.Before(x.At) {
		x.State, x.At = "released", d.Releases[n-1].Recorded
	}
	return x
}

func (l Later) line() LaterLine {
	out := LaterLine{Entries: l.Entries, Kinds: []KindCount{}, Facts: []LaterFactLine{}, Left: l.Left}
	for _, k := range caserecord.Kinds {
		if n := l.Kinds[k]; n > 0 {
			out.Kinds = append(out.Kinds, KindCount{string(k), n})
		}
	}
	for _, f := range l.Facts {
		x := LaterFactLine{Entry: f.Told.ID, Kind: f.Told.Kind, Story: f.Told.Story, By: f.Told.Name, Recorded: f.Told.Recorded, Learned: f.Learned}
		if !f.Happened.IsZero() {
			x.Happened = &f.Happened
		}
		out.Facts = append(out.Facts, x)
	}
	slices.SortStableFunc(out.Facts, func(a, b LaterFactLine) int { return a.Recorded.Compare(b.Recorded) })
	return out
}
