package workbench

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/document"
	"adjutant/backend/incident"
)

// TaskKind says why something stands on the list of things to do. The list is closed.
type TaskKind string

// The kinds, in the order of the list.
const (
	TaskReview   TaskKind = "review"    // a break-glass waits for its review
	TaskCosign   TaskKind = "cosign"    // an act waits for a second person
	TaskConflict TaskKind = "conflict"  // two answers to one question
	TaskAdmit    TaskKind = "admit"     // an entry was set aside and can be taken in
	TaskCustody  TaskKind = "custody"   // items were offered to the person at the keyboard
	TaskMismatch TaskKind = "mismatch"  // evidence is not what was taken in
	TaskExpiring TaskKind = "expiring"  // a role that was lent ends soon
	TaskNoHolder TaskKind = "no-holder" // something waits for a role that nobody holds
	TaskWitness  TaskKind = "witness"   // a checkpoint that no second party has seen
)

// Bounds of the list.
const (
	expiresSoon     = 2 * time.Hour  // time to find the lender, or somebody else
	witnessWithin   = 24 * time.Hour // a day in which the owner of a laptop could rewrite the past unseen
	maxTasksOfAKind = 20             // a screen; the rest is counted
)

// Task is something that waits for a person.
type Task struct {
	Kind  TaskKind        `json:"kind"`
	Text  string          `json:"text"`
	Roles []incident.Role `json:"roles"` // any of these may do it; empty: the people named
	May   []string        `json:"may"`   // who may, by name
	Mine  bool            `json:"mine"`  // the person at the keyboard may
	Entry caserecord.ID   `json:"entry,omitempty"`
	Stage string          `json:"stage"` // of the window
	ID    string          `json:"id,omitempty"`
	Due   *time.Time      `json:"due,omitempty"`
}

// ToDo lists what waits for a person, by kind and then as old as it is. It asks only what is known already and starts no
// walk over rows.
func (b *Bench) ToDo() []Task {
	l := todo{b: b, s: b.State(), me: b.MyID(), now: b.Now()}
	l.reviews()
	l.seconds()
	l.conflicts()
	l.setAside()
	l.custody()
	l.mismatches()
	l.lent()
	l.vacant()
	l.unwitnessed()
	return l.bounded()
}

type todo struct {
	b    *Bench
	s    *caserecord.State
	me   caserecord.PersonID
	now  time.Time
	list []Task
}

// add lists a task that people in some roles may do for a kind, but not the one named.
func (l *todo) add(t Task, k caserecord.Kind, not caserecord.PersonID) {
	t.May, t.Mine = l.able(k, t.Roles, not)
	t.Roles = orEmpty(t.Roles)
	if t.Stage == "" {
		t.Stage, t.ID = "record", string(t.Entry)
	}
	l.list = append(l.list, t)
}

// able names who may sign a kind in one of the roles, which for a core kind have to be their own. Without roles every
// person may.
func (l *todo) able(k caserecord.Kind, roles []incident.Role, not caserecord.PersonID) (names []string, mine bool) {
	names = []string{}
	for _, p := range l.s.People {
		holds := len(roles) == 0 || slices.ContainsFunc(l.s.RolesFor(p.ID, k, l.now), func(r incident.Role) bool { return slices.Contains(roles, r) })
		if p.ID == not || !holds || !slices.ContainsFunc(p.Keys, func(a caserecord.Author) bool { return l.s.PersonNow(a) == p.ID }) {
			continue
		}
		names = append(names, p.Name)
		mine = mine || p.ID == l.me
	}
	return names, mine
}

func (l *todo) story(id caserecord.ID) string {
	if e, ok := l.b.entry(id); ok {
		return strings.TrimSuffix(caserecord.Story(e, l.s), ".")
	}
	return string(id)
}

func (l *todo) reviews() {
	for _, g := range l.s.Glass {
		if l.s.ReviewInForce(g) != nil {
			continue
		}
		l.add(Task{
			Kind: TaskReview, Entry: g.Entry, Roles: l.s.RowNow(caserecord.GlassReviewed, "").Roles,
			Text: fmt.Sprintf("%s took the role %s in an emergency on %s and signed %s under it; it waits for a review.", g.Name, g.Data.Role.Title(), moment(g.Recorded), counted(len(g.Acts), "act", "acts")),
		}, caserecord.GlassReviewed, g.Person)
	}
}

func (l *todo) seconds() {
	for _, a := range l.s.Awaiting {
		l.add(Task{Kind: TaskCosign, Entry: a.Entry, Roles: a.Roles, Text: "Not in force until a second person signs: " + l.story(a.Entry) + "."}, caserecord.ActCosigned, a.Person)
	}
}

func (l *todo) conflicts() {
	for _, c := range l.s.Conflicts {
		e, ok := l.b.entry(c.Entries[len(c.Entries)-1])
		if !ok {
			continue
		}
		l.add(Task{Kind: TaskConflict, Entry: e.ID, Text: upper(c.Text) + ".", Roles: l.s.RowNow(e.Header.Kind, "").Roles}, caserecord.ConflictResolved, "")
	}
}

func (l *todo) setAside() {
	for _, r := range l.s.Refused {
		if r.Admissible() {
			l.add(Task{
				Kind: TaskAdmit, Entry: r.Entry, Roles: []incident.Role{incident.RoleIncidentCommander},
				Text: "Set aside, because " + r.Text + ". If it is to count it has to be admitted: " + l.story(r.Entry) + ".",
			}, caserecord.EntryAdmitted, "")
		}
	}
}

func (l *todo) custody() {
	for _, t := range l.s.Transfers {
		if t.Open() && t.Data.To == l.me && l.me != "" {
			l.list = append(l.list, Task{
				Kind: TaskCustody, Entry: t.Entry, Roles: []incident.Role{}, May: []string{t.Data.Receiver}, Mine: true, Stage: "evidence", ID: string(t.Entry),
				Text: fmt.Sprintf("%s offers you %s: take over or refuse.", t.Name, counted(len(t.Data.Items), "evidence item", "evidence items")),
			})
		}
	}
}

func (l *todo) mismatches() {
	for _, m := range l.b.Mismatches() {
		l.add(Task{
			Kind: TaskMismatch, Stage: "evidence", ID: m.SHA256, Entry: m.Check.Entry, Roles: l.s.RowNow(caserecord.MismatchExplained, "").Roles,
			Text: fmt.Sprintf("%s is not what was taken in, as %s found on %s. No copy of the case leaves until somebody explains it.", itemPath(l.s, m.SHA256), m.Check.Name, moment(m.Check.Recorded)),
		}, caserecord.MismatchExplained, "")
	}
}

func (l *todo) lent() {
	at := l.now
	if l.s.Latest.After(at) {
		at = l.s.Latest
	}
	for _, r := range l.s.Roles {
		if r.Basis != caserecord.BasisDelegation || !r.HeldAt(at) || r.To.Sub(at) >= expiresSoon {
			continue
		}
		to, name := r.To, string(r.Person)
		if p := l.s.Person(r.Person); p != nil {
			name = p.Name
		}
		l.list = append(l.list, Task{
			Kind: TaskExpiring, Entry: r.Entry, Roles: []incident.Role{r.Role}, May: []string{r.Name}, Mine: r.Stamp.Person == l.me, Stage: "record", ID: string(r.Entry), Due: &to,
			Text: fmt.Sprintf("The role %s that %s lent to %s ends on %s.", r.Role.Title(), r.Name, name, moment(r.To)),
		})
	}
}

// vacant lists what waits for roles that nobody holds, one line for each set of roles.
func (l *todo) vacant() {
	type waiting struct {
		roles []incident.Role
		what  []string
	}
	var all []waiting
	need := func(k caserecord.Kind, roles []incident.Role, not caserecord.PersonID, what string) {
		if names, _ := l.able(k, roles, not); len(names) > 0 || len(roles) == 0 {
			return
		}
		for i := range all {
			if slices.Equal(all[i].roles, roles) {
				all[i].what = append(all[i].what, what)
				return
			}
		}
		all = append(all, waiting{roles, []string{what}})
	}
	if a, _ := l.b.analysisAtHand(); a != nil {
		for _, r := range a.Recommendations {
			if l.s.DecisionInForce(r.ID) == nil && l.s.DecisionAwaiting(r.ID) == nil {
				need(caserecord.DecisionMade, r.MayDecide, "", "the recommendation “"+r.Title+"”")
			}
		}
	}
	for _, d := range l.s.Documents {
		if t, err := document.FindTemplate(d.Draft.Data.Template); err == nil && d.Approved() == nil {
			need(caserecord.DocumentApproved, l.s.RowNow(caserecord.DocumentApproved, caserecord.Class(t.Class)).Roles, "", "the paper “"+d.Draft.Data.Title+"”")
		}
	}
	for _, a := range l.s.Awaiting {
		need(caserecord.ActCosigned, a.Roles, a.Person, "a second signature under “"+l.story(a.Entry)+"”")
	}
	for _, g := range l.s.Glass {
		if l.s.ReviewInForce(g) == nil {
			need(caserecord.GlassReviewed, l.s.RowNow(caserecord.GlassReviewed, "").Roles, g.Person, "the review of "+g.Name+"'s break-glass")
		}
	}
	for _, w := range all {
		what := w.what[0]
		if n := len(w.what) - 1; n > 0 {
			what = fmt.Sprintf("%s and %d more", what, n)
		}
		l.add(Task{
			Kind: TaskNoHolder, Stage: "settings", ID: "people", Roles: []incident.Role{incident.RoleIncidentCommander},
			Text: fmt.Sprintf("%s %s for %s, and nobody else holds that role.", upper(what), plural(len(w.what), "waits", "wait"), strings.Join(titlesOf(w.roles), " or ")),
		}, caserecord.RoleGranted, "")
	}
}

// unwitnessed lists the newest checkpoint when a day has passed without a second party holding anything newer.
func (l *todo) unwitnessed() {
	if len(l.s.Checkpoints) == 0 {
		return
	}
	c := l.s.Checkpoints[len(l.s.Checkpoints)-1]
	seen := slices.ContainsFunc(l.s.Witnesses, func(w caserecord.Witness) bool { return !w.Recorded.Before(c.Recorded) })
	if seen || l.now.Sub(c.Recorded) <= witnessWithin {
		return
	}
	l.add(Task{
		Kind: TaskWitness, Entry: c.Entry,
		Text: fmt.Sprintf("No second party has confirmed the record since the checkpoint of %s. Hand over a slip or a request for a time stamp.", moment(c.Recorded)),
	}, caserecord.WitnessReceived, "")
}

// bounded cuts each kind to a screen and counts the rest.
func (l *todo) bounded() []Task {
	out := []Task{}
	counts := map[TaskKind]int{}
	for _, t := range l.list {
		counts[t.Kind]++
		t.Text = withTimes(t.Text)
		if counts[t.Kind] <= maxTasksOfAKind {
			out = append(out, t)
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		if k := out[i].Kind; counts[k] > maxTasksOfAKind {
			out[i].Text += fmt.Sprintf(" (%d more of this kind stand in the record.)", counts[k]-maxTasksOfAKind)
			counts[k] = 0
		}
	}
	return out
}

// instants are times as entries hold them; the record's own sentences tell them so.
var instants = regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`)

// withTimes writes the times in a sentence as people read them.
func withTimes(text string) string {
	return instants.ReplaceAllStringFunc(text, func(s string) string {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return s
		}
		return moment(t)
	})
}

func counted(n int, one, many string) string { return fmt.Sprintf("%d %s", n, plural(n, one, many)) }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
