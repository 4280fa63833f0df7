package caserecord

import "slices"

// Lane is a circle of people around counsel with its current members.
type Lane struct {
	Stamp
	Data    LaneOpenedData
	Members []PersonID
	Changes []LaneChange
	history []membership // every change and resolution, in causal order
}

// LaneChange is a lane.changed.
type LaneChange struct {
	Stamp
	Data LaneChangedData
}

// membership is what a lane.changed, or a resolution that chose one, made the members.
type membership struct {
	entry   ID
	members []PersonID
}

func (l *Lane) set(by ID, members []PersonID) {
	l.Members = members
	l.history = append(l.history, membership{by, members})
}

// membersKnown are the members as an author knew them.
func (l *Lane) membersKnown(known func(ID) bool) []PersonID {
	for k := len(l.history) - 1; k >= 0; k-- { // the last one known
		if known(l.history[k].entry) {
			return l.history[k].members
		}
	}
	return l.Data.Members
}

// SealedWords is a words.sealed: who wrote into which lane, not what.
type SealedWords struct {
	Stamp
	Author Author
	Data   WordsSealedData
}

// Mark is a privilege.marked, with its lifting, nil while it stands.
type Mark struct {
	Stamp
	Data   PrivilegeMarkedData
	Lifted *MarkLifted
}

// MarkLifted is a privilege.lifted.
type MarkLifted struct {
	Stamp
	Data PrivilegeLiftedData
}

// Lane returns a lane by id, nil when unknown.
func (s *State) Lane(id string) *Lane {
	return s.find.lanes.get(id)
}

// MarkOn returns the privilege mark that stands on something, nil when there is none.
func (s *State) MarkOn(of MarkOf, ref string) *Mark {
	for _, m := range s.find.marks.get(markKey(of, ref)) {
		if m.Lifted == nil || s.Awaits(m.Lifted.Entry) {
			return m
		}
	}
	return nil
}

// MemberOf reports whether a person is in a lane now.
func (s *State) MemberOf(lane string, p PersonID) bool {
	l := s.Lane(lane)
	return l != nil && slices.Contains(l.Members, p)
}

// SealedNote is what is encrypted in a box: the data of a note.made in its one form.
func SealedNote(d *NoteMadeData) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, entryErr(CodeBody, "", "sealed note: %v", err)
	}
	return encodeData(d)
}

// OpenNote reads what was in a box. It is as strict as an entry's body: the words come from another laptop.
func OpenNote(plain []byte) (*NoteMadeData, error) {
	c, err := parseData(NoteMade, plain)
	if err != nil {
		return nil, entryErr(CodeBody, "", "sealed note: %v", err)
	}
	return c.(*NoteMadeData), nil
}
