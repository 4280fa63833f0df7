package caserecord

import (
	"slices"
	"time"

	"adjutant/backend/incident"
)

// RolesOf returns the roles that a person holds at a time, in the order of incident.Roles. It speaks of the record as a
// whole; which roles counted for one entry is the fold's business.
func (s *State) RolesOf(p PersonID, at time.Time) []incident.Role {
	var out []incident.Role
	for _, role := range incident.Roles {
		if slices.ContainsFunc(s.Roles, func(r RoleHeld) bool { return r.Person == p && r.Role == role && r.HeldAt(at) }) {
			out = append(out, role)
		}
	}
	return out
}

// RolesNow lists what a person holds now, the roles of their own first, then by the order of incident.Roles. A laptop
// clock that lags behind the record counts as the record's latest time.
func (s *State) RolesNow(p PersonID, at time.Time) []RoleHeld {
	at = later(s.Latest, at)
	var out []RoleHeld
	for _, own := range []bool{true, false} {
		for _, role := range incident.Roles {
			for _, r := range s.Roles {
				if r.Person == p && r.Role == role && r.Own() == own && r.HeldAt(at) {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// Own reports that the role is held in one's own right, not lent or taken in an emergency.
func (r RoleHeld) Own() bool { return r.Basis.full() }

// HeldAt reports whether the grant was in force at a time.
func (r RoleHeld) HeldAt(at time.Time) bool {
	return !at.Before(r.From) && (r.To.IsZero() || at.Before(r.To)) && (r.Ended == nil || at.Before(r.Ended.Recorded))
}

// PersonOf returns the person of a key; false when the key was never admitted.
func (s *State) PersonOf(a Author) (*Person, bool) {
	p := s.Person(s.byAuthor[a])
	return p, p != nil
}

// Person returns a person by id, nil when unknown.
func (s *State) Person(id PersonID) *Person {
	return s.find.people[id]
}

func (s *State) nameOf(p PersonID) string {
	if x := s.Person(p); x != nil {
		return x.Name
	}
	return ""
}

// Item returns an evidence item by its SHA-256, nil when unknown.
func (s *State) Item(sha256 string) *EvidenceItem { return s.items.get(sha256) }

// AssumptionFor returns the answer that counts for an item: its own, else the one for all sources, else nil.
func (s *State) AssumptionFor(sha256 string) *Assumption {
	if a := s.assumed.get(sha256); a != nil {
		return a
	}
	return s.assumed.get(AllSources)
}

// TagsOf returns the tags of a row, sorted.
func (s *State) TagsOf(row string) []string { return sortedKeys(s.tags.get(row)) }

// TaggedRows returns every row that has a tag, with its tags sorted. The map is the caller's.
func (s *State) TaggedRows() map[string][]string {
	out := map[string][]string{}
	for row, tags := range s.tags.all() {
		if len(tags) > 0 {
			out[row] = sortedKeys(tags)
		}
	}
	return out
}

// NotesAbout returns the notes about something, in causal order.
func (s *State) NotesAbout(about string) []Note {
	var out []Note
	for _, i := range s.about.get(about) {
		out = append(out, s.Notes[i])
	}
	return out
}

// Verdict returns the verdict of a group, nil when nobody gave one.
func (s *State) Verdict(group string) *VerdictState {
	i, ok := slices.BinarySearchFunc(s.Verdicts, group, func(v *VerdictState, g string) int { return cmpText(v.Group, g) })
	if !ok {
		return nil
	}
	return s.Verdicts[i]
}

// Decision returns the decision on a recommendation, nil when it is open.
func (s *State) Decision(recommendation string) *DecisionState {
	i, ok := slices.BinarySearchFunc(s.Decisions, recommendation, func(d *DecisionState, r string) int { return cmpText(d.Recommendation, r) })
	if !ok {
		return nil
	}
	return s.Decisions[i]
}

// Trigger returns the declaration of an anchor, nil when nobody declared it.
func (s *State) Trigger(anchor string) *TriggerState {
	i, ok := slices.BinarySearchFunc(s.Triggers, anchor, func(t *TriggerState, a string) int { return cmpText(t.Anchor, a) })
	if !ok {
		return nil
	}
	return s.Triggers[i]
}

// Document returns a document by id, nil when unknown.
func (s *State) Document(id string) *DocumentState { return s.documents.get(id) }

// ModelOn reports the newest switch for a function; a switch without a function speaks for all that came before it.
// byDefault is the answer when nobody switched.
func (s *State) ModelOn(function string, byDefault bool) bool {
	on := byDefault
	for _, sw := range s.Switches {
		if s.Awaits(sw.Entry) {
			continue
		}
		if sw.Data.Function == "" || sw.Data.Function == function {
			on = sw.Data.On
		}
	}
	return on
}

// CorrectionsOf returns the corrections of an entry, in causal order.
func (s *State) CorrectionsOf(id ID) []Correction {
	var out []Correction
	for _, c := range s.Corrections {
		if c.Data.Supersedes == id {
			out = append(out, c)
		}
	}
	return out
}

// Accepted reports whether the fold took an entry.
func (s *State) Accepted(id ID) bool { _, ok := s.entries.get(id); return ok }
