package caserecord

import "adjutant/backend/incident"

// Survey lists what Verify would find in the entries of a log, without reading their bytes again: for entries that were
// checked one by one as they came in, such as those of a merge before it is done.
func (l *Log) Survey() []Problem {
	s := l.State()
	v := &verifier{g: l.fold.g, s: s, named: map[string]bool{}}
	v.links()
	v.equivocations()
	v.setAside()
	return v.problems
}

// ActingRole is the role in which an entry's content is signed; false for kinds that need none, and for withheld words.
func ActingRole(c Content) (incident.Role, bool) {
	a, ok := c.(acting)
	if !ok || a.actingRole() == "" {
		return "", false
	}
	return a.actingRole(), true
}
