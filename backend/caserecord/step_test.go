package caserecord

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"adjutant/backend/incident"

	"pgregory.net/rapid"
)

// wholeText is stateText and the answers that come out of what a state does not export.
func wholeText(s *State, entries []Entry) string {
	var b strings.Builder
	b.WriteString(stateText(s))
	for _, e := range entries {
		fmt.Fprintln(&b, e.ID, s.Accepted(e.ID), s.GroundOf(e.ID), s.authorName(e.ID))
		if n, ok := e.content.(*NoteMadeData); ok {
			fmt.Fprintln(&b, jsonText(s.NotesAbout(n.About)))
		}
		if p, ok := s.PersonOf(e.Header.Author); ok {
			fmt.Fprintln(&b, p.ID, s.PersonNow(e.Header.Author), s.KeyRevokedAt(e.Header.Author) != nil)
		}
	}
	for _, p := range s.People {
		for _, k := range Kinds {
			fmt.Fprintln(&b, p.ID, k, s.RolesFor(p.ID, k, s.Latest))
		}
	}
	for _, k := range Kinds {
		fmt.Fprintln(&b, k, s.RowNow(k, ""))
	}
	for n := range 2 {
		item := hash("item", n)
		fmt.Fprintln(&b, jsonText(s.Item(item)), jsonText(s.AssumptionFor(item)), s.CustodianOf(item), s.HoldOn(item, nil) != nil, jsonText(s.PurgeOf(item)))
		fmt.Fprintln(&b, jsonText(s.Document(hash("doc", n)[:32])), jsonText(s.Lane(hash("lane", n)[:32])), jsonText(s.MarkOn(MarkEvidence, item)))
	}
	fmt.Fprintln(&b, s.TagsOf("r"), jsonText(s.Verdict("g")), jsonText(s.Decision("r")), jsonText(s.Trigger("aware")), s.ModelOn("f", true), jsonText(s.Mismatches()))
	return b.String()
}

// TestStepIsTheWholeFold: in random histories of all kinds the state that grows with a log says at every moment what a
// fold from nothing says, and the states that it gave before say what they said.
func TestStepIsTheWholeFold(t *testing.T) {
	stepped, whole := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newCrowd(t, drawn(rt))
		type given struct {
			s       *State
			entries []Entry
			text    string
		}
		var old []given
		for range 10 + w.pick(30) {
			w.step()
			s := w.signers[oneOf(w.pick, 0, 0, 1, 2)]
			if w.pick(2) == 0 { // a run of one's own entries, as a person at work makes them
				s.now = s.now.Add(1e9)
				w.write(s, w.content(s, oneOf(w.pick, NoteMade, EvidenceReceived, EvidenceImported, SourceAssumed, VerdictGiven, DocumentDrafted,
					DocumentApproved, DocumentReleased, TriggerDeclared, RowTagged, RowUntagged, SeverityDeclared, EvidencePurged, CustodyGiven)))
			}
			fold := s.log.fold
			got, entries := s.log.State(), s.log.Entries()
			if fold != nil && fold == s.log.fold {
				stepped++
			} else {
				whole++
			}
			text := wholeText(got, entries)
			if want := wholeText(Fold(entries), entries); text != want {
				rt.Fatalf("after %d entries, the last a %s:\n%s\n\nfrom nothing\n%s", len(entries), entries[len(entries)-1].Header.Kind, text, want)
			}
			old = append(old, given{got, slices.Clone(entries), text})
		}
		for _, o := range old {
			if text := wholeText(o.s, o.entries); text != o.text {
				rt.Fatalf("a state of %d entries that was handed out has changed:\n%s\n\nbefore\n%s", o.s.Entries, text, o.text)
			}
		}
	})
	t.Logf("%d states came out of the one before, %d were folded whole", stepped, whole)
	if stepped < 200 || whole < 200 {
		t.Errorf("%d states came out of the one before, %d were folded whole: too few of one kind to say anything", stepped, whole)
	}
}

// TestStatesAreReadWhileTheLogGrows: readers keep their state while the next ones are made (run it with -race).
func TestStatesAreReadWhileTheLogGrows(t *testing.T) {
	ada, ben, cy := fullCase(t)
	ada.take(ben)
	ada.take(cy)
	var wg sync.WaitGroup
	for n := range 40 {
		s, entries := ada.log.State(), ada.log.Entries()
		want := wholeText(s, entries)
		wg.Go(func() {
			if got := wholeText(s, entries); got != want {
				t.Errorf("after %d entries: the state changed under its reader", s.Entries)
			}
		})
		ada.write([]Content{
			note("more"), &RowTaggedData{Rows: []string{"r"}, Tag: fmt.Sprint(n)}, severity(incident.Severity(1+n%5), ic),
			&EvidenceReceivedData{SHA256: hash("item", n%2), Path: fmt.Sprint("path ", 40-n), Kept: KeptSealed},
			&DocumentDraftedData{Document: hash("doc", 0)[:32], Template: "t", Class: ClassReport, Title: "t", ModelSHA256: hash(n), AsOf: hash("h")},
		}[n%5])
	}
	wg.Wait()
}

// TestAppendingWithSpareRoomHurtsNoOtherState: lists of a state end where they end, also for who appends to them.
func TestAppendingWithSpareRoomHurtsNoOtherState(t *testing.T) {
	ada, _, _ := team(t)
	for range 5 {
		ada.write(note("before"))
		ada.log.State()
	}
	s := ada.log.State()
	_ = append(s.Notes, Note{Data: *note("not in the record")})
	ada.write(note("after"))
	next := ada.log.State()
	if got := next.Notes[len(next.Notes)-1].Data.Text; got != "after" || len(s.Notes) != 5 {
		t.Errorf("%q in the next state, %d notes in the old one", got, len(s.Notes))
	}
}

// TestTableTwin compares a table with a map across hand-outs, beyond the size at which it joins its parts.
func TestTableTwin(t *testing.T) {
	var live table[int]
	twin := map[string]int{}
	type given struct {
		t    table[int]
		twin map[string]int
	}
	var old []given
	for n := range 5000 {
		k := fmt.Sprint(n * 7919 % 3001)
		live.set(k, n)
		twin[k] = n
		if n%97 == 0 {
			copied := map[string]int{}
			for k, v := range twin {
				copied[k] = v
			}
			old = append(old, given{live, copied})
			live.lent = true
		}
	}
	for _, o := range old {
		n := 0
		for k, v := range o.t.all() {
			if n++; o.twin[k] != v || o.t.get(k) != v {
				t.Fatalf("%s: %d, want %d", k, v, o.twin[k])
			}
		}
		if n != len(o.twin) {
			t.Fatalf("%d keys, want %d", n, len(o.twin))
		}
	}
}
