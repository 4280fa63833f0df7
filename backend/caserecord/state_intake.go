package caserecord

import "slices"

// ImportUndoing is an import.undone.
type ImportUndoing struct {
	Stamp
	Data ImportUndoneData
}

// LimitsSetting is a limits.set.
type LimitsSetting struct {
	Stamp
	Data LimitsSetData
}

// SavedMapping is a mapping.saved.
type SavedMapping struct {
	Stamp
	Data MappingSavedData
}

// Undone returns what took the rows of an import out of the timeline, nil while they count.
func (s *State) Undone(it *EvidenceItem, receipt ID) *ImportUndoing {
	for i := range it.Undone {
		if u := &it.Undone[i]; slices.Contains(u.Data.Imports, receipt) && s.InForce(u.Entry) {
			return u
		}
	}
	return nil
}

// LimitsNow are the limits of taking in evidence that somebody set for this case, nil when nobody did.
func (s *State) LimitsNow() *LimitsSetting {
	for i := len(s.Limits) - 1; i >= 0; i-- {
		if s.InForce(s.Limits[i].Entry) {
			return &s.Limits[i]
		}
	}
	return nil
}

// MappingNamed is the mapping kept under a name, nil when there is none.
func (s *State) MappingNamed(name string) *SavedMapping {
	for i := len(s.Mappings) - 1; i >= 0; i-- {
		if m := &s.Mappings[i]; m.Data.Name == name && s.InForce(m.Entry) {
			return m
		}
	}
	return nil
}
