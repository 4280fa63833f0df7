package caserecord

// applyPrivilege applies the kinds of content_privilege.go and content_witness.go; false for other kinds.
func (f *folder) applyPrivilege(i int, st Stamp, c Content) bool {
	s, author := f.s, f.g.entries[i].Header.Author
	switch d := c.(type) {
	case *LaneOpenedData:
		if s.Lane(d.Lane) == nil { // two at once under one id: the first in causal order; ids are random
			l := &Lane{Stamp: st, Data: *d, Members: d.Members}
			s.Lanes = append(s.Lanes, l)
			s.find.lanes.set(d.Lane, l)
		}
	case *LaneChangedData:
		l := s.Lane(d.Lane)
		l.set(st.Entry, d.Members)
		l.Changes = append(l.Changes, LaneChange{st, *d})
	case *WordsSealedData:
		s.Sealed = append(s.Sealed, SealedWords{st, author, *d})
	case *PrivilegeMarkedData:
		m := &Mark{Stamp: st, Data: *d}
		s.Marks = append(s.Marks, m)
		add(f, &s.find.marks, markKey(d.Of, d.Ref), m)
	case *PrivilegeLiftedData:
		for _, m := range s.find.marks.get(markKey(d.Of, d.Ref)) {
			if f.g.before(f.g.index[m.Entry], i) { // a mark it had not seen stays
				m.Lifted = &MarkLifted{st, *d}
			}
		}
	case *CheckpointMadeData:
		s.Checkpoints = append(s.Checkpoints, CheckpointState{st, author, *d})
	case *WitnessReceivedData:
		s.Witnesses = append(s.Witnesses, Witness{st, mustTime(d.At), *d})
	case *SlotsChangedData:
		s.Slots = append(s.Slots, SlotsState{st, *d})
	default:
		return false
	}
	return true
}
