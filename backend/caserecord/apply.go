package caserecord

import (
	"maps"
	"slices"
	"time"
)

func (f *folder) stamp(i int, p PersonID) Stamp {
	e := &f.g.entries[i]
	return Stamp{Entry: e.ID, Person: p, Name: f.s.nameOf(p), Recorded: e.Header.Recorded}
}

func (f *folder) applyOpening(i int, d *CaseOpenedData) {
	f.admit(i, d.Person.ID, d.Person)
	st := f.stamp(i, d.Person.ID)
	h := &f.g.entries[i].Header
	f.s.Case = CaseInfo{Stamp: st, ID: h.Case, Name: d.Name, Organisation: d.Organisation, TLP: d.TLP, Template: d.Template, Zone: d.Zone, Mode: h.Mode, Creator: d.Person.ID}
	f.s.Roles = append(f.s.Roles, RoleHeld{Stamp: st, Person: d.Person.ID, Role: "incident-commander", From: h.Recorded})
}

// apply changes the state by an entry that judge has admitted. Causal order makes "the last one" the current one.
func (f *folder) apply(i int, p PersonID, c Content) {
	s, st := f.s, f.stamp(i, p)
	switch d := c.(type) {
	case *PersonAdmittedData:
		f.admit(i, p, d.Person)
	case *RoleGrantedData:
		r := RoleHeld{Stamp: st, Person: d.Person, Role: d.Role, Scope: d.Scope}
		r.From, r.To = mustTime(d.From), mustTime(d.To)
		s.Roles = append(s.Roles, r)
	case *RoleEndedData: // finish marks the grants
	case *ClockObservedData:
		s.Clocks = append(s.Clocks, ClockReading{st, *d})
	case *EvidenceReceivedData:
		f.item(d.SHA256, func(it *EvidenceItem) { it.Received = append(it.Received, EvidenceReceipt{st, *d}) })
	case *EvidenceImportedData:
		f.item(d.SHA256, func(it *EvidenceItem) { it.Imports = append(it.Imports, ImportReceipt{st, *d}) })
	case *SourceAssumedData:
		f.assume(st, d)
	case *ImportUndoneData:
		f.undo(st, d)
	case *LimitsSetData:
		s.Limits = append(s.Limits, LimitsSetting{st, *d})
	case *MappingSavedData:
		s.Mappings = append(s.Mappings, SavedMapping{st, *d})
	case *RowTaggedData:
		f.tag(i, d)
	case *RowUntaggedData:
		f.untag(i, d)
	case *NoteMadeData:
		s.about.set(d.About, append(s.about.get(d.About), len(s.Notes)))
		s.Notes = append(s.Notes, Note{st, *d})
	case *EventPromotedData:
		s.Promoted = append(s.Promoted, Promoted{st, mustTime(d.At), *d})
	case *DetectionRanData:
		s.Detections = append(s.Detections, Detection{st, *d})
	case *ModelRanData:
		s.Models = append(s.Models, ModelRun{st, *d})
	case *ModelSwitchedData:
		s.Switches = append(s.Switches, ModelSwitch{st, *d})
	case *BundleExportedData:
		s.Exports = append(s.Exports, Export{st, *d})
	case *MergeReceivedData:
		s.Merges = append(s.Merges, Merge{st, *d})
	case *CorrectionMadeData:
		s.Corrections = append(s.Corrections, Correction{st, *d})
	default:
		if !f.applyGoverning(st, c) && !f.applyCustody(st, c) && !f.applyPrivilege(i, st, c) {
			f.applyDecision(i, st, c)
		}
	}
}

// applyDecision applies the kinds in which a person decides.
func (f *folder) applyDecision(i int, st Stamp, c Content) {
	s := f.s
	switch d := c.(type) {
	case *VerdictGivenData:
		e := VerdictEntry{st, *d}
		old, v := f.verdicts[d.Group], &VerdictState{Group: d.Group}
		if old != nil {
			v = own(f, old)
		}
		v.Current, v.History = e, append(v.History, e)
		f.verdicts[d.Group], s.Verdicts = v, put(f, s.Verdicts, old, v, byGroup)
	case *SeverityDeclaredData:
		s.Severity.History = append(s.Severity.History, SeverityEntry{st, *d})
		s.Severity.Current = &s.Severity.History[len(s.Severity.History)-1]
	case *DecisionMadeData:
		e := DecisionEntry{st, *d}
		old, v := f.decisions[d.Recommendation], &DecisionState{Recommendation: d.Recommendation}
		if old != nil {
			v = own(f, old)
		}
		v.Current, v.History = e, append(v.History, e)
		f.decisions[d.Recommendation], s.Decisions = v, put(f, s.Decisions, old, v, byRecommendation)
	case *TriggerDeclaredData:
		e := TriggerEntry{st, mustTime(d.At), *d}
		old, v := f.triggers[d.Anchor], &TriggerState{Anchor: d.Anchor}
		if old != nil {
			v = own(f, old)
		}
		v.Current, v.History = e, append(v.History, e)
		f.triggers[d.Anchor], s.Triggers = v, put(f, s.Triggers, old, v, byAnchor)
	case *TriggerSubmittedData:
		s.Submissions = append(s.Submissions, Submission{st, mustTime(d.At), *d})
	case *DocumentDraftedData:
		f.document(d.Document, func(doc *DocumentState) {
			doc.Draft = DocumentDraft{st, *d}
			doc.Drafts = append(doc.Drafts, doc.Draft)
		})
		f.noteDraft(i, d)
	case *DocumentApprovedData:
		f.document(d.Document, func(doc *DocumentState) { doc.Approvals = append(doc.Approvals, Approval{Stamp: st, Data: *d}) })
		add(f, &s.find.approved, draftKey(d.Document, d.ModelSHA256), st.Entry)
	case *DocumentReleasedData:
		f.document(d.Document, func(doc *DocumentState) {
			doc.Releases = append(doc.Releases, Release{st, *d, f.approvedBefore(doc, i)})
		})
	}
}

func (f *folder) admit(i int, by PersonID, ref PersonRef) {
	s := f.s
	if _, ok := s.byAuthor[ref.Key]; ok {
		return
	}
	s.byAuthor[ref.Key] = ref.ID
	if p := s.find.people[ref.ID]; p != nil {
		p.Keys = append(p.Keys, ref.Key)
		return
	}
	p := &Person{ID: ref.ID, Name: ref.Name, Keys: []Author{ref.Key}}
	s.People = append(s.People, p)
	s.find.people[ref.ID] = p
	p.Stamp = f.stamp(i, by)
}

// item changes what is known of an evidence item.
func (f *folder) item(sha string, change func(*EvidenceItem)) {
	old, it := f.s.items.get(sha), &EvidenceItem{SHA256: sha}
	if old != nil {
		it = own(f, old)
	}
	change(it)
	f.s.items.set(sha, it)
	f.s.Evidence = put(f, f.s.Evidence, old, it, byPath)
}

// undo notes with each item that receipts of its imports no longer count.
func (f *folder) undo(st Stamp, d *ImportUndoneData) {
	noted := map[string]bool{}
	for _, id := range d.Imports {
		c, _ := f.accepted(id)
		if r, ok := c.(*EvidenceImportedData); ok && !noted[r.SHA256] {
			noted[r.SHA256] = true
			f.item(r.SHA256, func(it *EvidenceItem) { it.Undone = append(it.Undone, ImportUndoing{st, *d}) })
		}
	}
}

// document changes a document. In a step its approvals are judged at once; a whole fold does so for all in the end.
func (f *folder) document(id string, change func(*DocumentState)) {
	old, doc := f.s.documents.get(id), &DocumentState{Document: id}
	if old != nil {
		doc = own(f, old)
	}
	change(doc)
	f.s.documents.set(id, doc)
	f.s.Documents = put(f, f.s.Documents, old, doc, nil)
	if f.stepping {
		doc.Approvals = slices.Clone(doc.Approvals)
		f.judgeApprovals(doc)
	}
}

// path is the first path under which the item came in, for sorting and showing.
func (e *EvidenceItem) path() string {
	switch {
	case len(e.Received) > 0:
		return e.Received[0].Data.Path
	case len(e.Imports) > 0:
		return e.Imports[0].Data.Path
	}
	return ""
}

func (f *folder) assume(st Stamp, d *SourceAssumedData) {
	old, a := f.s.assumed.get(d.SHA256), &Assumption{}
	if old != nil {
		a = own(f, old)
	}
	a.Stamp, a.Data = st, *d
	a.History = append(a.History, AssumptionEntry{st, *d})
	f.s.assumed.set(d.SHA256, a)
	f.s.Assumptions = put(f, f.s.Assumptions, old, a, bySource)
}

// tag and untag keep a set per row and tag (an observed-remove set): of the entries that added a tag only those that an
// untag had in its past are taken back.
func (f *folder) tag(i int, d *RowTaggedData) {
	id := f.g.entries[i].ID
	for _, row := range d.Rows {
		tags := f.tagsToChange(row)
		tags[d.Tag] = append(f.unseen(tags[d.Tag], i), id)
		f.s.tags.set(row, tags)
	}
}

func (f *folder) untag(i int, d *RowUntaggedData) {
	for _, row := range d.Rows {
		tags := f.tagsToChange(row)
		if left := f.unseen(tags[d.Tag], i); len(left) > 0 {
			tags[d.Tag] = left
		} else {
			delete(tags, d.Tag)
		}
		f.s.tags.set(row, tags)
	}
}

// tagsToChange returns the tags of a row for writing.
func (f *folder) tagsToChange(row string) map[string][]ID {
	tags := f.s.tags.get(row)
	switch {
	case tags == nil:
		return map[string][]ID{}
	case f.stepping:
		return maps.Clone(tags)
	}
	return tags
}

// unseen keeps the entries that are not in the past of i.
func (f *folder) unseen(ids []ID, i int) []ID {
	var out []ID
	for _, id := range ids {
		if !f.g.before(f.g.index[id], i) {
			out = append(out, id)
		}
	}
	return out
}

// approvedBefore reports whether an approval of the draft that i had before it stood in the past of i.
func (f *folder) approvedBefore(doc *DocumentState, i int) bool {
	known := func(id ID) bool { return f.g.before(f.g.index[id], i) }
	model := ""
	for k := len(doc.Drafts) - 1; k >= 0 && model == ""; k-- { // the last one known
		if known(doc.Drafts[k].Entry) {
			model = doc.Drafts[k].Data.ModelSHA256
		}
	}
	return slices.ContainsFunc(f.s.find.approved.get(draftKey(doc.Document, model)), func(id ID) bool { return known(id) && !f.s.awaited(id, known) })
}

// judgeApprovals voids the approvals of texts that were edited since, and marks those that await a second person.
func (f *folder) judgeApprovals(docs ...*DocumentState) {
	for _, doc := range docs {
		for k := range doc.Approvals {
			doc.Approvals[k].Void = doc.Approvals[k].Data.ModelSHA256 != doc.Draft.Data.ModelSHA256
			doc.Approvals[k].Awaits = f.s.Awaits(doc.Approvals[k].Entry)
		}
	}
}

// endRoles marks the grants that a valid role.ended took away.
func (f *folder) endRoles() {
	for k := range f.s.Roles {
		r := &f.s.Roles[k]
		at := f.g.index[r.Entry]
		over := f.view.ends[r.Person]
		if r.Basis == BasisDelegation { // nobody lends what they do not have any more
			over = append(slices.Clone(over), f.view.ends[r.Stamp.Person]...)
			slices.SortStableFunc(over, func(a, b ending) int { return a.at - b.at })
		}
		for _, en := range over {
			if _, taken := f.s.entries.get(f.g.entries[en.at].ID); !taken || en.role != r.Role || f.g.before(en.at, at) || r.Ended != nil {
				continue
			}
			st := f.stamp(en.at, f.authorAt(f.view, en.at))
			r.Ended, r.EndedWhy = &st, f.g.entries[en.at].content.(*RoleEndedData).Why
		}
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// mustTime reads a time that check has admitted; "" gives the zero time.
func mustTime(v string) time.Time {
	t, _ := parseTime(v)
	return t.UTC()
}
