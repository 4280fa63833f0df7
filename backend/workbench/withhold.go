package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Leaving says for whom a copy of the case, or of a part of it, is made.
type Leaving struct {
	Lanes  []string              // lanes that counsel lets out, by name or id
	People []caserecord.PersonID // everybody to whose keys the copy is encrypted; empty: whoever gets hold of it, or has a passphrase
	Sealed bool                  // an encrypted copy for another laptop of this case: sealed words go along as they are
}

// Withheld is what stays out of a copy, and the privilege log that goes with it. Both functions may be called for any
// entry or hash, many times; what a copy may hold is exactly what they do not refuse.
type Withheld struct {
	Body     func(caserecord.Entry) bool // the entry goes without its words
	Evidence func(sha256 string) bool    // the item's bytes stay out
	Document func(document string) bool  // the paper stays out
	Log      []LogLine                   // one line for each withheld body
	Lanes    []string                    // names of the lanes that were let out
}

// LogLine is one line of the privilege log: what is withheld, without what it says.
type LogLine struct {
	Entry      caserecord.ID
	Kind       caserecord.Kind
	Recorded   time.Time
	Author     string // who signed it
	Lane       string // name of the lane
	Matter     string
	Track      caserecord.Track
	Basis      string   // in the words of whoever marked it
	Recipients []string // people to whom the words are sealed, or the members of the lane
}

// Withheld says what stays out of a copy. Everything that is marked and every sealed word stays out, unless counsel lets
// its lane out by name, or the copy is encrypted to members of the lane and nobody else. ErrNotAllowed when somebody
// else than legal counsel, or somebody outside it, names a lane; ErrNotFound for a lane that the case does not have.
func (b *Bench) Withheld(o Leaving) (Withheld, error) {
	s := b.whole()
	out := Withheld{}
	var open []string
	for _, name := range o.Lanes {
		l, err := laneNamed(s, name)
		if err != nil {
			return Withheld{}, err
		}
		if !inLane(s, l.Data.Lane, b.MyID()) {
			return Withheld{}, fmt.Errorf("%w: you are not a member of the lane %q", ErrNotAllowed, l.Data.Name)
		}
		open = append(open, l.Data.Lane)
		out.Lanes = append(out.Lanes, l.Data.Name)
	}
	// Letting words out is like lifting the marks on them: a role that was lent for something else, or has ended, is not enough.
	counsel := slices.Contains(s.RolesFor(b.MyID(), caserecord.PrivilegeLifted, b.Now()), incident.RoleLegalCounsel)
	if len(open) > 0 && (b.Acting() != incident.RoleLegalCounsel || !counsel) {
		return Withheld{}, fmt.Errorf("%w: only legal counsel lets the words of a lane out", ErrNotAllowed)
	}
	for _, l := range s.Lanes {
		if len(o.People) > 0 && !slices.ContainsFunc(o.People, func(p caserecord.PersonID) bool { return !inLane(s, l.Data.Lane, p) }) {
			open = append(open, l.Data.Lane)
		}
	}
	w := b.outside(open)
	sealed := map[caserecord.ID]bool{}
	for _, x := range s.Sealed {
		sealed[x.Entry] = !o.Sealed && !slices.Contains(open, x.Data.Lane)
	}
	out.Body = func(e caserecord.Entry) bool {
		if e.Header.Kind == caserecord.WordsSealed {
			is, known := sealed[e.ID]
			return is || !known && !o.Sealed // one that the record set aside: nobody vouches for its lane
		}
		_, hidden := w.entries[e.ID]
		return hidden && markable(e)
	}
	out.Evidence = func(sha256 string) bool { return w.evidence[sha256] != nil || w.containers[sha256] != nil }
	out.Document = func(document string) bool { return w.documents[document] != nil || w.papers.now[document] }
	out.Log = b.logOf(s, w, out.Body)
	return out, nil
}

// PrivilegeLog lists everything in the case that is withheld unless counsel lets it out.
func (b *Bench) PrivilegeLog() []LogLine {
	w, err := b.Withheld(Leaving{})
	if err != nil {
		return nil
	}
	return w.Log
}

// outside is the wall as it stands for everybody who is in none but these lanes.
func (b *Bench) outside(lanes []string) *wall {
	if len(lanes) == 0 {
		if x := b.common(); x.wall != nil {
			return x.wall
		}
		return &wall{}
	}
	b.mu.Lock()
	s, entries := b.stateLocked(), b.log.Entries()
	b.mu.Unlock()
	return newWall(s, entries, func(lane string) bool { return slices.Contains(lanes, lane) }, b.evidenceOf(s, b.rows()), b.paperGrounds)
}

// logOf makes the log of what body withholds, in causal order.
func (b *Bench) logOf(s *caserecord.State, w *wall, body func(caserecord.Entry) bool) []LogLine {
	sealed := map[caserecord.ID]caserecord.SealedWords{}
	for _, x := range s.Sealed {
		sealed[x.Entry] = x
	}
	var out []LogLine
	for _, e := range b.wholeEntries() {
		if e.Withheld() || !body(e) {
			continue
		}
		l := LogLine{Entry: e.ID, Kind: e.Header.Kind, Recorded: e.Header.Recorded}
		if p, ok := s.PersonOf(e.Header.Author); ok {
			l.Author = p.Name
		}
		if x, ok := sealed[e.ID]; ok {
			l.Track, l.Recipients = x.Data.Track, b.keyHolders(s, x.Data.To)
			if lane := s.Lane(x.Data.Lane); lane != nil {
				l.Lane, l.Matter, l.Basis = lane.Data.Name, lane.Data.Matter, lane.Data.Direction
			}
		} else if d, ok := e.Content().(*caserecord.WordsSealedData); ok { // set aside: what it says of itself
			l.Track, l.Recipients, l.Basis = d.Track, b.keyHolders(s, d.To), "sealed words of an entry that the record set aside"
			if lane := s.Lane(d.Lane); lane != nil {
				l.Lane, l.Matter = lane.Data.Name, lane.Data.Matter
			}
		} else if x, ok := w.entries[e.ID]; ok {
			l.Track, l.Basis = x.mark.Data.Track, x.mark.Data.Basis
			if x.why != "marked" {
				l.Basis += " (" + x.why + ")"
			}
			if lane := s.Lane(x.mark.Data.Lane); lane != nil {
				l.Lane, l.Matter, l.Recipients = lane.Data.Name, lane.Data.Matter, b.laneNames(s, lane)
			}
		}
		out = append(out, l)
	}
	return out
}

// keyHolders are the people of keys, each once, by name.
func (b *Bench) keyHolders(s *caserecord.State, keys []caserecord.Author) []string {
	var out []string
	for _, k := range keys {
		name := "the key " + caserecord.KeyCode(k)
		if p, ok := s.PersonOf(k); ok {
			name = p.Name
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// laneNamed finds a lane by its name, its id, or the beginning of the id (at least six digits).
func laneNamed(s *caserecord.State, name string) (*caserecord.Lane, error) {
	var found []*caserecord.Lane
	for _, l := range s.Lanes {
		if l.Data.Lane == name {
			return l, nil
		}
		if strings.EqualFold(l.Data.Name, name) || len(name) >= 6 && strings.HasPrefix(l.Data.Lane, strings.ToLower(name)) {
			found = append(found, l)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("%w: no lane %q; `lane list` names them", ErrNotFound, name)
	}
	return nil, fmt.Errorf("%w: %q fits %d lanes; give the id that `lane list` prints", ErrUsage, name, len(found))
}
