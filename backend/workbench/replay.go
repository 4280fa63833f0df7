package workbench

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// Replay shows the case as it was known at a moment: the fold of what was recorded by then, or of what the author of an
// entry had seen when they signed it. It is computed from the record alone, never from what is known today; today's walls
// stand in the past as well. A time is by the clocks of the laptops that recorded, which nobody vouches for.

// Moment is a time, with Person what they knew by then; or an entry, and then what its author knew.
type Moment struct {
	At     time.Time
	Entry  caserecord.ID // or the beginning of its id, as screens print it
	Person string        // id or name
}

// Then is the case as it was known at a moment.
type Then struct {
	At      time.Time // the moment; of an entry the time that counts for it
	Of      *Told     // the entry asked about, as told now; nil for a time
	Person  *caserecord.Person
	State   *caserecord.State // without the entry itself
	Clocks  []deadline.Clock  // as they stood then, by what was declared then
	Roles   []RolesThen       // by name
	Entries int               // known now
	Later   Later
}

// RolesThen is a person who was admitted then, with the roles they held.
type RolesThen struct {
	ID    caserecord.PersonID
	Name  string
	Roles []incident.Role
}

// Later is what the record says now and did not say, or not to this person, at the moment.
type Later struct {
	Entries int
	Kinds   map[caserecord.Kind]int
	Facts   []LaterFact // what was learned or decided, in causal order, at most MaxLater
	Left    int         // facts beyond those
}

// LaterFact is an entry that came later. Learned tells knowledge (evidence, promoted events, verdicts, corrections) from
// decisions; Happened is when what it tells of happened, zero when it says nothing of that.
type LaterFact struct {
	Told     Told
	Learned  bool
	Happened time.Time
}

// At shows the case as it was known at a moment. Errors: ErrNotFound, ErrUsage.
func (b *Bench) At(m Moment) (Then, error) {
	x := b.look()
	all := x.state.All()
	t := Then{Entries: len(all)}
	part, key, err := b.partOf(x, all, m, &t)
	if err != nil {
		return Then{}, err
	}
	t.State = b.replayed.state(x, key, part)
	t.Clocks = b.clocksOf(t.State, t.At)
	t.Roles = rolesThen(t.State, t.At)
	t.Later = x.later(all, part, caserecord.ID(idOf(t.Of)))
	return t, nil
}

func idOf(t *Told) string {
	if t == nil {
		return ""
	}
	return t.ID
}

// partOf picks the entries that were known, with a key that names the choice.
func (b *Bench) partOf(x sight, all []caserecord.Entry, m Moment, t *Then) (part []caserecord.Entry, key string, err error) {
	switch {
	case m.Entry != "" && (m.Person != "" || !m.At.IsZero()):
		return nil, "", fmt.Errorf("%w: an entry is known by its author, when it was signed; give no person and no time with it", ErrUsage)
	case m.Entry != "":
		e, err := findEntry(all, m.Entry)
		if err != nil {
			return nil, "", err
		}
		told := x.tell(e)
		t.Of = &told
		part, _ = x.state.Past(e.ID)
		t.At, _ = x.state.TimeOf(e.ID)
		return part, "entry " + string(e.ID), nil
	case m.At.IsZero():
		return nil, "", fmt.Errorf("%w: give a time or an entry", ErrUsage)
	case m.Person != "":
		ref, known, err := b.findPerson(m.Person)
		if err != nil {
			return nil, "", err
		}
		if t.Person = x.state.Person(ref.ID); !known || t.Person == nil {
			return nil, "", fmt.Errorf("%w: %s was never admitted to this case", ErrNotFound, ref.Name)
		}
		part, key = x.state.KnownTo(t.Person.Keys, m.At), "person "+string(ref.ID)
	default:
		part, key = x.state.Until(m.At), "all"
	}
	t.At = m.At.UTC()
	return part, fmt.Sprint(key, " ", len(part)), nil // by time, each part holds the one before: its length names it
}

// leastID is how many digits of an id name an entry.
const leastID = 8

func findEntry(all []caserecord.Entry, id caserecord.ID) (caserecord.Entry, error) {
	if len(id) < leastID {
		return caserecord.Entry{}, fmt.Errorf("%w: give at least %d digits of the entry's id", ErrUsage, leastID)
	}
	found := -1
	for i := range all {
		if strings.HasPrefix(string(all[i].ID), string(id)) {
			if found >= 0 {
				return caserecord.Entry{}, fmt.Errorf("%w: several entries begin with %s; give more of the id", ErrUsage, id)
			}
			found = i
		}
	}
	if found < 0 {
		return caserecord.Entry{}, fmt.Errorf("%w: no entry %s in this case", ErrNotFound, id)
	}
	return all[found], nil
}

func rolesThen(s *caserecord.State, at time.Time) []RolesThen {
	var out []RolesThen
	for _, p := range s.People {
		out = append(out, RolesThen{ID: p.ID, Name: p.Name, Roles: s.RolesOf(p.ID, at)})
	}
	return out
}

// later tells what of all is not in part, besides the entry asked about. Both are in causal order.
func (x sight) later(all, part []caserecord.Entry, of caserecord.ID) Later {
	l := Later{Kinds: map[caserecord.Kind]int{}}
	for _, e := range all {
		if len(part) > 0 && part[0].ID == e.ID {
			part = part[1:]
			continue
		}
		if e.ID == of {
			continue
		}
		l.Entries++
		l.Kinds[e.Header.Kind]++
		learned, decided := learnedBy[e.Header.Kind], decidedBy[e.Header.Kind]
		if !learned && !decided || !x.state.Accepted(e.ID) {
			continue
		}
		if len(l.Facts) == MaxLater {
			l.Left++
			continue
		}
		l.Facts = append(l.Facts, LaterFact{x.tell(e), learned, happened(e)})
	}
	return l
}

// learnedBy and decidedBy are the kinds that Later tells one by one.
var (
	learnedBy = map[caserecord.Kind]bool{
		caserecord.EvidenceReceived: true, caserecord.EventPromoted: true, caserecord.VerdictGiven: true, caserecord.CorrectionMade: true,
	}
	decidedBy = map[caserecord.Kind]bool{
		caserecord.SeverityDeclared: true, caserecord.DecisionMade: true, caserecord.TriggerDeclared: true, caserecord.TriggerSubmitted: true,
		caserecord.DocumentReleased: true, caserecord.ConflictResolved: true,
	}
)

// happened is when what an entry tells of happened, zero when it does not say.
func happened(e caserecord.Entry) time.Time {
	text := ""
	switch d := e.Content().(type) {
	case *caserecord.EventPromotedData:
		text = d.At
	case *caserecord.TriggerDeclaredData:
		text = d.At
	case *caserecord.TriggerSubmittedData:
		text = d.At
	case *caserecord.EvidenceReceivedData:
		text = d.Acquired
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// replays keeps a few folds and the axes of one state, so that a slider can be dragged.
type replays struct {
	mu    sync.Mutex
	of    *caserecord.State
	folds []replayed // the last asked for first
	axes  *TimeAxes
}

type replayed struct {
	key   string
	state *caserecord.State
}

// of makes sure that what is kept is about this state; mu is held.
func (r *replays) about(s *caserecord.State) {
	if r.of != s {
		r.of, r.folds, r.axes = s, nil, nil
	}
}

// forget gives the folds up: they are made again when somebody asks.
func (r *replays) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of, r.folds, r.axes = nil, nil, nil
}

// state folds a part, or finds its fold.
func (r *replays) state(x sight, key string, part []caserecord.Entry) *caserecord.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.about(x.state)
	at := slices.IndexFunc(r.folds, func(f replayed) bool { return f.key == key })
	var found replayed
	if at >= 0 {
		found = r.folds[at]
		r.folds = slices.Delete(r.folds, at, at+1)
	} else {
		found = replayed{key, caserecord.Knowledge(part)}
		if !x.wall.none() {
			found.state = x.wall.prune(found.state)
		}
	}
	r.folds = slices.Insert(r.folds, 0, found)
	kept := 0
	for i, f := range r.folds { // by entries: a fold of a large case is large
		if kept += f.state.Entries; i > 0 && (kept > MaxReplayed || i >= MaxFolds) {
			clear(r.folds[i:])
			r.folds = r.folds[:i]
			break
		}
	}
	return found.state
}
