package caserecord

// applyCustody applies the kinds of content_custody.go; false for other kinds.
func (f *folder) applyCustody(st Stamp, c Content) bool {
	s := f.s
	switch d := c.(type) {
	case *CustodyGivenData:
		t := &Transfer{Stamp: st, At: mustTime(d.At), Data: *d}
		s.Transfers = append(s.Transfers, t)
	case *CustodyTakenData:
		if t := s.Transfer(d.Transfer); t != nil && t.Taken == nil { // of two answers at once the first in causal order
			t.Taken = &Taken{st, mustTime(d.At), *d}
		}
	case *EvidenceCheckedData:
		s.Checks = append(s.Checks, EvidenceCheck{st, *d})
	case *MismatchExplainedData:
		s.Explained = append(s.Explained, Explanation{st, *d})
	case *EvidencePurgedData:
		s.Purges = append(s.Purges, Purge{st, *d})
	case *HoldPlacedData:
		s.Holds = append(s.Holds, &Hold{Stamp: st, Data: *d})
	case *HoldReleasedData:
		for _, h := range s.Holds {
			if h.Entry == d.Hold {
				h.Released = &HoldRelease{st, *d}
				h.releases = append(h.releases, st.Entry)
			}
		}
	default:
		return false
	}
	return true
}
