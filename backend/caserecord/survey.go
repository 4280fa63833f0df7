package caserecord

// Survey lists what Verify would find in the entries of a state, without reading their bytes again: for entries that were
// checked one by one as they came in, such as those of a merge before it is done.
func Survey(s *State) []Problem {
	v := &verifier{g: s.graph, s: s, named: map[string]bool{}}
	v.links()
	v.equivocations()
	v.setAside()
	return v.problems
}
