package caserecord

import "testing"

// TestHeadAfterFork: the head after an entry is the head of the entry and its past (record-format.md §6), also where that
// past holds two ends of one chain, however they came to be known.
func TestHeadAfterFork(t *testing.T) {
	ada, ben, cy := team(t)
	other := newSigner(t, "Ben Okafor") // a restored backup
	other.take(ben)
	ben.write(note("this way"))
	other.write(note("that way"))
	ada.take(ben)
	ada.write(note("I have seen this way"))
	cy.take(other)
	cy.write(note("I have seen that way"))
	dee := newSigner(t, "Dee")
	dee.take(ada)
	dee.take(cy)
	dee.write(note("I have seen both"))
	all := dee.log.Entries()
	heads := Heads(all)
	for i, e := range all {
		want := Head(append(Past(all, e.ID), e))
		if heads[i] != want || HeadAfter(all, e.ID) != want {
			t.Errorf("%d, %s of %s: head %s, alone %s, want %s", i, e.Header.Kind, KeyCode(e.Header.Author), HeadCode(heads[i]), HeadCode(HeadAfter(all, e.ID)), HeadCode(want))
		}
	}
	if heads[len(all)-1] != Head(all) {
		t.Error("the head after the last entry, which saw everything, is not the record's")
	}
}
