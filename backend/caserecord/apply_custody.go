package caserecord

// applyCustody applies the kinds of content_custody.go; false for other kinds.
func (f *folder) applyCustody(st Stamp, c Content) bool {
	s := f.s
	switch d := c.(type) {
	case *CustodyGivenData:
		t := &Transfer{Stamp: st, At: mustTime(d.At), Data: *d}
		s.Transfers = append(s.Transfers, t)
		s.find.transfers.set(string(st.Entry), t)
	case *CustodyTakenData:
		if t := s.Transfer(d.Transfer); t != nil && t.Taken == nil { // of two answers at once the first in causal order
			t.Taken = &Taken{st, mustTime(d.At), *d}
		}
	case *EvidenceCheckedData:
		s.Checks = append(s.Checks, EvidenceCheck{st, *d})
	case *MismatchExplainedData:
		s.Explained = append(s.Explained, Explanation{st, *d})
	case *EvidencePurgedData:
		add(f, &s.find.purges, d.SHA256, len(s.Purges))
		s.Purges = append(s.Purges, Purge{st, *d})
	case *HoldPlacedData:
		h := &Hold{Stamp: st, Data: *d}
		s.Holds = append(s.Holds, h)
		s.find.holds.set(string(st.Entry), h)
		for _, sha := range d.Items {
			add(f, &s.find.holdsOn, sha, h)
		}
		if len(d.Items) == 0 {
			add(f, &s.find.holdsOn, "", h)
		}
	case *HoldReleasedData:
		if h := s.find.holds.get(string(d.Hold)); h != nil {
			h.Released = &HoldRelease{st, *d}
			h.releases = append(h.releases, st.Entry)
		}
	default:
		return false
	}
	return true
}
