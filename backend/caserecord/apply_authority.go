package caserecord

import (
	"slices"
	"strings"
)

// applyGoverning applies the kinds of content_authority.go; false for other kinds.
func (f *folder) applyGoverning(st Stamp, c Content) bool {
	s := f.s
	switch d := c.(type) {
	case *RoleDelegatedData:
		s.Roles = append(s.Roles, RoleHeld{Stamp: st, Person: d.Person, Role: d.Role, Basis: BasisDelegation, From: mustTime(d.From), To: mustTime(d.To), Kinds: d.Scope})
	case *SuccessionSetData:
		s.Successions = append(s.Successions, Succession{st, *d})
	case *RoleAssumedData:
		s.Roles = append(s.Roles, RoleHeld{Stamp: st, Person: st.Person, Role: d.Role, Basis: BasisSuccession, From: st.Recorded})
	case *GlassBrokenData:
		g := &Glass{Stamp: st, Until: mustTime(d.To), Data: *d}
		s.Glass = append(s.Glass, g)
		f.glass[st.Entry] = g
		s.Roles = append(s.Roles, RoleHeld{Stamp: st, Person: st.Person, Role: d.Role, Basis: BasisGlass, From: st.Recorded, To: g.Until})
	case *GlassReviewedData:
		if g := f.glass[d.Entry]; g != nil {
			g.Review = &GlassReview{st, *d}
		}
	case *AuthorityChangedData:
		s.Rows = append(s.Rows, RowChange{st, *d})
	case *ActCosignedData:
		s.find.cosigned[d.Entry] = append(s.find.cosigned[d.Entry], len(s.Cosigned))
		s.Cosigned = append(s.Cosigned, Cosignature{st, *d})
	case *EntryAdmittedData:
		s.Admitted = append(s.Admitted, Admitted{st, *d})
	case *KeyRevokedData:
		s.Revoked = append(s.Revoked, RevokedKey{st, *d})
	case *ConflictResolvedData:
		s.Resolutions = append(s.Resolutions, Resolution{st, *d})
		f.restore(st, d)
	default:
		return false
	}
	return true
}

// restore puts the entry that a resolution chose in force again.
func (f *folder) restore(st Stamp, d *ConflictResolvedData) {
	s := f.s
	id, chosen, ok := s.settled(d.Chosen, f.accepted)
	if !ok {
		return
	}
	switch c := chosen.(type) {
	case *VerdictGivenData:
		v := f.verdicts[c.Group]
		s.chosen[d.Field] = picked{id, len(v.History)}
		again(v.History, func(e VerdictEntry) bool { return e.Entry == id }, func(e VerdictEntry) { v.Current = e })
	case *SeverityDeclaredData:
		s.chosen[d.Field] = picked{id, len(s.Severity.History)}
		again(s.Severity.History, func(e SeverityEntry) bool { return e.Entry == id }, func(e SeverityEntry) { s.Severity.Current = &e })
	case *DecisionMadeData:
		v := f.decisions[c.Recommendation]
		s.chosen[d.Field] = picked{id, len(v.History)}
		again(v.History, func(e DecisionEntry) bool { return e.Entry == id }, func(e DecisionEntry) { v.Current = e })
	case *TriggerDeclaredData:
		v := f.triggers[c.Anchor]
		s.chosen[d.Field] = picked{id, len(v.History)}
		again(v.History, func(e TriggerEntry) bool { return e.Entry == id }, func(e TriggerEntry) { v.Current = e })
	case *SourceAssumedData:
		v := s.assumed.get(c.SHA256)
		again(v.History, func(e AssumptionEntry) bool { return e.Entry == id }, func(e AssumptionEntry) { v.Stamp, v.Data = e.Stamp, e.Data })
	case *LimitsSetData: // LimitsNow and MappingNamed read the lists, as ModelOn does
		again(s.Limits, func(e LimitsSetting) bool { return e.Entry == id }, func(e LimitsSetting) { s.Limits = append(s.Limits, e) })
	case *MappingSavedData:
		again(s.Mappings, func(e SavedMapping) bool { return e.Entry == id }, func(e SavedMapping) { s.Mappings = append(s.Mappings, e) })
	case *DocumentDraftedData:
		v := s.documents.get(c.Document)
		again(v.Drafts, func(e DocumentDraft) bool { return e.Entry == id }, func(e DocumentDraft) { v.Draft = e })
	case *ModelSwitchedData: // ModelOn reads the list: the switch chosen stands at its end once more
		again(s.Switches, func(e ModelSwitch) bool { return e.Entry == id }, func(e ModelSwitch) { s.Switches = append(s.Switches, e) })
	case *CorrectionMadeData:
		again(s.Corrections, func(e Correction) bool { return e.Entry == id }, func(e Correction) { s.Corrections = append(s.Corrections, e) })
	case *LaneChangedData:
		s.Lane(c.Lane).set(st.Entry, c.Members)
	case *CustodyGivenData: // the other transfer stays in the list; who has the item is what the resolution says
		if t := s.Transfer(id); t != nil {
			s.handed[strings.TrimPrefix(d.Field, "custody ")] = handing{t, len(s.Transfers)}
		}
	}
}

// again hands the entry found to set.
func again[T any](list []T, is func(T) bool, set func(T)) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		set(list[i])
	}
}

// awaitSecond sorts out which acts still await a second person, and what was signed under a break-glass.
func (f *folder) awaitSecond() {
	for _, a := range f.two {
		if f.s.CosignedBy(a.Entry) == nil {
			f.s.Awaiting = append(f.s.Awaiting, a)
			f.s.find.awaiting[a.Entry] = true
		}
	}
	for i := range f.g.entries { // in causal order
		if len(f.glass) == 0 {
			break
		}
		if ground := f.s.grounds[f.g.entries[i].ID]; ground.Basis == BasisGlass && f.glass[ground.Entry] != nil {
			f.glass[ground.Entry].Acts = append(f.glass[ground.Entry].Acts, f.g.entries[i].ID)
		}
	}
}

// revokeKeys lists the keys that may not sign the next entry: revoked, and not admitted again since.
func (f *folder) revokeKeys() {
	for _, a := range sortedKeys(f.view.revoked) {
		alive := slices.ContainsFunc(f.view.admissions[a], func(ad admission) bool {
			return !slices.ContainsFunc(f.view.revoked[a], func(r int) bool { return !f.g.before(r, ad.at) })
		})
		f.s.revoked[a] = !alive
	}
}
