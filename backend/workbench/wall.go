package workbench

import (
	"context"
	"maps"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/timeline"
)

// The wall. What counsel marked as belonging to a lane does not exist for whoever is not in that lane: the State, the
// Entries and the Timeline that a Bench hands out are those of the person at the keyboard. Rows of marked evidence are
// not in their timeline; entries that are marked, that say something about what is marked, or that cite nothing but
// marked evidence stand without their words. Everything that is made of these three (queries, findings, recommendations,
// papers, answers, the board) therefore knows nothing of the lane. Machinery that has to know all of the case (imports,
// rebuilding, checking, deleting, the digest, authority, merging) asks whole, wholeEntries and rows.
//
// The wall is this program's: marked evidence lies in the case in plain. Whoever has the case's passphrase and another
// program reads it. Only sealed words (lane.go) are encrypted to the members.
type wall struct {
	evidence   map[string]*caserecord.Mark // by sha256; members of a marked archive too
	containers map[string]*caserecord.Mark // archives that hold something of evidence: their bytes give it away
	documents  map[string]*caserecord.Mark
	entries    map[caserecord.ID]behind
	papers     papersBehind
	key        string // names what stands behind it, "" when nothing does: for caches
}

// behind says why an entry's words stand behind a wall.
type behind struct {
	mark   *caserecord.Mark
	why    string // in words, for the privilege log
	partly bool   // it cites marked evidence beside other: its body cannot be cut, but what it says is no secret of the lane
}

// none reports that nothing stands behind the wall. A nil wall hides nothing.
func (w *wall) none() bool { return w == nil || w.key == "" }

// standing lists the marks that stand.
func standing(s *caserecord.State) []*caserecord.Mark {
	var out []*caserecord.Mark
	for _, m := range s.Marks {
		if m.Lifted == nil || s.Awaits(m.Lifted.Entry) {
			out = append(out, m)
		}
	}
	return out
}

// laneMembers are the members of a lane as the wall takes them: whoever was let in by a change that awaits a second
// person, or by one of two changes that contradict each other, is not in yet.
func laneMembers(s *caserecord.State, l *caserecord.Lane) []caserecord.PersonID {
	members := l.Data.Members
	narrow := func(to []caserecord.PersonID) {
		members = slices.DeleteFunc(slices.Clone(members), func(p caserecord.PersonID) bool { return !slices.Contains(to, p) })
	}
	for _, c := range l.Changes {
		if s.Awaits(c.Entry) {
			narrow(c.Data.Members)
		} else {
			members = c.Data.Members
		}
	}
	for _, c := range s.Conflicts {
		if c.Field != "lane "+l.Data.Lane {
			continue
		}
		for _, ch := range l.Changes {
			if slices.Contains(c.Entries, ch.Entry) {
				narrow(ch.Data.Members)
			}
		}
	}
	return members
}

// inLane reports whether a person is in a lane; nobody is in a lane that the record does not know.
func inLane(s *caserecord.State, lane string, p caserecord.PersonID) bool {
	l := s.Lane(lane)
	return l != nil && p != "" && slices.Contains(laneMembers(s, l), p)
}

// openRecord are the kinds whose words no mark can take back: what the walls themselves rest on, and what binds everybody
// who has a copy. A hold that somebody may not read would not keep them from deleting, and a check that found evidence
// altered would not keep them from exporting. WithoutBody keeps those that say who may do what.
var openRecord = map[caserecord.Kind]bool{
	caserecord.LaneOpened: true, caserecord.LaneChanged: true, caserecord.PrivilegeMarked: true, caserecord.PrivilegeLifted: true,
	caserecord.HoldPlaced: true, caserecord.HoldReleased: true, caserecord.EvidenceChecked: true,
}

func markable(e caserecord.Entry) bool {
	return !openRecord[e.Header.Kind] && e.WithoutBody().Withheld()
}

// newWall says what stands behind the walls of the lanes that sees refuses. evidenceOf finds the evidence of a row, paper
// what a paper rests on.
func newWall(s *caserecord.State, entries []caserecord.Entry, sees func(lane string) bool, evidenceOf func(row string) (sha256 string, ok bool), paper func(model string) *paperGrounds) *wall {
	w := &wall{evidence: map[string]*caserecord.Mark{}, containers: map[string]*caserecord.Mark{}, documents: map[string]*caserecord.Mark{}, entries: map[caserecord.ID]behind{}}
	marked := map[caserecord.ID]*caserecord.Mark{}
	for _, m := range standing(s) {
		if sees(m.Data.Lane) {
			continue
		}
		w.key += string(m.Entry) + " "
		switch m.Data.Of {
		case caserecord.MarkEvidence:
			w.evidence[m.Data.Ref] = m
		case caserecord.MarkDocument:
			w.documents[m.Data.Ref] = m
		case caserecord.MarkEntry:
			marked[caserecord.ID(m.Data.Ref)] = m
		}
	}
	if w.none() {
		return w
	}
	w.archives(s)
	w.papers = newPapersBehind(w, entries)
	for i, e := range entries { // in causal order: what an entry is about stands before it
		if e.Withheld() || !markable(e) {
			continue
		}
		if m := marked[e.ID]; m != nil {
			w.entries[e.ID] = behind{mark: m, why: "marked"}
		} else if x := w.about(e.Content(), evidenceOf); x.mark != nil {
			w.entries[e.ID] = x
		} else if x := w.papers.about(w, i, e.Content(), paper); x.mark != nil {
			w.entries[e.ID] = x
		}
	}
	return w
}

// archives carries marks from an archive to its members, and keeps the bytes of archives in that hold a marked member.
func (w *wall) archives(s *caserecord.State) {
	if len(w.evidence) == 0 {
		return
	}
	byPath := map[string][]string{}
	each := func(f func(sha256, path string)) {
		for _, it := range s.Evidence {
			for _, r := range it.Imports {
				f(it.SHA256, r.Data.Path)
			}
			for _, r := range it.Received {
				f(it.SHA256, r.Data.Path)
			}
		}
	}
	each(func(sha256, path string) { byPath[path] = append(byPath[path], sha256) })
	inside := func(f func(member, archive string)) {
		each(func(member, path string) {
			for i := strings.LastIndexByte(path, '!'); i > 0; i = strings.LastIndexByte(path[:i], '!') {
				for _, archive := range byPath[path[:i]] {
					f(member, archive)
				}
			}
		})
	}
	// From archive to archive: one may be known by the path of another that holds the same one.
	members := map[string][]string{}
	inside(func(member, archive string) { members[archive] = append(members[archive], member) })
	for reached := slices.Sorted(maps.Keys(w.evidence)); len(reached) > 0; reached = reached[1:] {
		for _, member := range members[reached[0]] {
			if w.evidence[member] == nil {
				w.evidence[member] = w.evidence[reached[0]]
				reached = append(reached, member)
			}
		}
	}
	inside(func(member, archive string) {
		if m := w.evidence[member]; m != nil && w.evidence[archive] == nil {
			w.containers[archive] = m
		}
	})
}

// about finds what an entry says of things behind the wall.
func (w *wall) about(c caserecord.Content, evidenceOf func(string) (string, bool)) behind {
	item := func(sha256, why string) behind { return behind{mark: w.evidence[sha256], why: why} }
	entry := func(id caserecord.ID, why string) behind {
		x := w.entries[id]
		return behind{mark: x.mark, why: why, partly: x.partly}
	}
	switch d := c.(type) {
	case *caserecord.EvidenceReceivedData:
		return item(d.SHA256, "receipt of marked evidence")
	case *caserecord.EvidenceImportedData:
		if x := item(d.SHA256, "receipt of marked evidence"); x.mark != nil {
			return x
		}
		return item(d.DuplicateOf, "receipt of marked evidence")
	case *caserecord.ImportUndoneData:
		for _, id := range d.Imports {
			if x := entry(id, "undoes the import of marked evidence"); x.mark != nil {
				return x
			}
		}
	case *caserecord.SourceAssumedData:
		return item(d.SHA256, "about marked evidence")
	case *caserecord.MismatchExplainedData:
		return item(d.SHA256, "about marked evidence")
	case *caserecord.EvidencePurgedData:
		return item(d.SHA256, "about marked evidence")
	case *caserecord.NoteMadeData:
		if x := item(d.About, "about marked evidence"); x.mark != nil {
			return x
		}
		if m := w.documents[d.About]; m != nil {
			return behind{mark: m, why: "about a marked document"}
		}
		if x := entry(caserecord.ID(d.About), "about a marked entry"); x.mark != nil && !x.partly {
			return x
		}
		return w.rows([]string{d.About}, evidenceOf)
	case *caserecord.CorrectionMadeData:
		if x := entry(d.Supersedes, "corrects a marked entry"); !x.partly {
			return x
		}
	case *caserecord.ActCosignedData:
		return entry(d.Entry, "second signature under a marked entry")
	case *caserecord.ConflictResolvedData:
		for _, id := range append(slices.Clone(d.Over), d.Chosen) {
			if x := entry(id, "settles a conflict about a marked entry"); x.mark != nil {
				return x
			}
		}
	case *caserecord.DocumentDraftedData:
		return behind{mark: w.documents[d.Document], why: "marked document"}
	case *caserecord.DocumentApprovedData:
		return behind{mark: w.documents[d.Document], why: "marked document"}
	case *caserecord.DocumentReleasedData:
		return behind{mark: w.documents[d.Document], why: "marked document"}
	case *caserecord.RowTaggedData:
		return w.rows(d.Rows, evidenceOf)
	case *caserecord.RowUntaggedData:
		return w.rows(d.Rows, evidenceOf)
	case *caserecord.VerdictGivenData:
		return w.rows(d.Rows, evidenceOf)
	case *caserecord.EventPromotedData:
		return w.cites(d.Rows)
	case *caserecord.DecisionMadeData:
		return w.cites(d.Rows)
	}
	return behind{}
}

// rows is about rows that are named by id only. An id tells nothing; words about rows of the lane alone do.
func (w *wall) rows(ids []string, evidenceOf func(string) (string, bool)) behind {
	if len(w.evidence) == 0 {
		return behind{}
	}
	var first *caserecord.Mark
	for _, id := range ids {
		sha256, ok := evidenceOf(id)
		if !ok || w.evidence[sha256] == nil {
			return behind{}
		}
		if first == nil {
			first = w.evidence[sha256]
		}
	}
	return behind{mark: first, why: "about rows of marked evidence"}
}

func (w *wall) cites(rows []caserecord.Citation) behind {
	x := behind{why: "cites marked evidence"}
	others := false
	for _, c := range rows {
		if m := w.evidence[c.EvidenceSHA256]; m != nil {
			x.mark = m
		} else {
			others = true
		}
	}
	x.partly = others && x.mark != nil
	return x
}

// visible leaves out the citations behind the wall.
func (w *wall) visible(rows []caserecord.Citation) []caserecord.Citation {
	return slices.DeleteFunc(slices.Clone(rows), func(c caserecord.Citation) bool { return w.evidence[c.EvidenceSHA256] != nil })
}

// strip returns entries as whoever stands before the wall gets them. Entries that are partly behind it keep their words:
// what is made of them is pruned.
func (w *wall) strip(entries []caserecord.Entry) []caserecord.Entry { return w.without(entries, false) }

// bare is strip for readers of whole bodies: one that is partly behind the wall cannot be cut, and is left out.
func (w *wall) bare(entries []caserecord.Entry) []caserecord.Entry { return w.without(entries, true) }

func (w *wall) without(entries []caserecord.Entry, partly bool) []caserecord.Entry {
	out := slices.Clone(entries)
	for i, e := range out {
		if x, ok := w.entries[e.ID]; ok && (partly || !x.partly) {
			out[i] = e.WithoutBody()
		}
	}
	return out
}

// evidenceOf finds the evidence of rows. A row that is not in the timeline counts as marked evidence's while rows of such
// evidence are missing here: the program cannot tell, and leaves it out.
func (b *Bench) evidenceOf(s *caserecord.State, rows *timeline.Timeline) func(string) (string, bool) {
	absent := map[event.ID]bool{}
	unread, asked := "", false
	return func(row string) (string, bool) {
		if !strings.Contains(row, "/") { // a group, a finding, or words
			return "", false
		}
		id := event.RowID(row).EventOf()
		if sha256, ok := b.rowItems.Load(id); ok {
			return sha256.(string), true
		}
		if !absent[id] {
			if e, err := rows.Event(context.Background(), id); err == nil {
				b.rowItems.Store(id, e.Evidence.String()) // for good: an event's id is made of its evidence
				return e.Evidence.String(), true
			}
			absent[id] = true
		}
		if !asked {
			unread, asked = missingRows(s, rows), true
		}
		return unread, unread != ""
	}
}

// missingRows names a marked item whose rows ought to be in the timeline and are not, "" when there is none.
func missingRows(s *caserecord.State, rows *timeline.Timeline) string {
	here := map[string]bool{}
	sources, err := rows.Sources(context.Background())
	for _, x := range sources {
		here[x.Evidence.String()] = true
	}
	for _, m := range standing(s) {
		if m.Data.Of != caserecord.MarkEvidence || err == nil && here[m.Data.Ref] {
			continue
		}
		it := s.Item(m.Data.Ref)
		if it == nil {
			return m.Data.Ref
		}
		if l := parsedImport(s, it); l != nil && inTimeline[parse.Status(l.Data.Status)] && l.Data.Parsed > 0 {
			return m.Data.Ref
		}
	}
	return ""
}
