package caserecord

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// mergeRuns is how many random histories TestMergeOfAllKinds joins. ADJUTANT_SEED repeats the runs of an earlier seed.
const mergeRuns = 2000

// TestMergeOfAllKinds: three people, one of them with two devices, and a stranger write entries of all kinds on copies of
// their own and exchange some. Joining the copies is commutative, associative and idempotent; no word is lost that any of
// the copies has.
func TestMergeOfAllKinds(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("ADJUTANT_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("ADJUTANT_SEED=%d", seed)
	kinds, withheld := map[Kind]bool{}, 0
	for run := range mergeRuns {
		rng := rand.New(rand.NewPCG(seed, uint64(run)))
		w := newCrowd(t, rng.IntN)
		for range 4 + rng.IntN(16) {
			w.step()
		}
		var copies []*Log
		words := map[ID]bool{} // entry -> some copy has its body
		for _, s := range w.signers[:4] {
			l := NewLog()
			for _, e := range s.log.Entries() {
				if rng.IntN(8) == 0 {
					e = e.WithoutBody()
				}
				l.Add(e)
				words[e.ID] = words[e.ID] || !e.Withheld()
				kinds[e.Header.Kind] = true
			}
			copies = append(copies, l)
		}
		fail := func(format string, a ...any) {
			t.Helper()
			t.Fatalf("ADJUTANT_SEED=%d, run %d: %s\n%s", seed, run, fmt.Sprintf(format, a...), tell(w.all()))
		}
		left := joined(joined(joined(copies[0], copies[1]), copies[2]), copies[3])
		want := told(left)
		order := rng.Perm(len(copies))
		right := joined(copies[order[0]], joined(copies[order[1]], joined(copies[order[2]], copies[order[3]])))
		if got := told(right); got != want {
			fail("joined in the order %v:\n%s\n%s", order, got, want)
		}
		if n := left.Union(right); n != 0 || told(left) != want {
			fail("joining again brought %d entries", n)
		}
		if left.Len() != len(words) {
			fail("%d entries of %d", left.Len(), len(words))
		}
		for id, here := range words {
			e, ok := left.Get(id)
			if !ok || e.Withheld() == here {
				fail("entry %s: in the union %v, with its words %v, some copy has them %v", id, ok, !e.Withheld(), here)
			}
			if !here {
				withheld++
			}
		}
	}
	if len(kinds) < len(Kinds)-1 || withheld == 0 {
		t.Errorf("%d kinds and %d withheld bodies: the histories are too dull", len(kinds), withheld)
	}
}

func joined(a, b *Log) *Log {
	l := NewLog(a.Entries()...)
	l.Union(b)
	return l
}

// told is all that a log says: its head, its state, and what is wrong with it.
func told(l *Log) string {
	return fmt.Sprint(l.Head(), stateText(Fold(l.Entries())), l.Survey())
}

// TestANoteSurvivesEverything: notes written on copies that know nothing of each other, by people whose admission or role
// ends meanwhile, are all in the union, and none of it makes the record a damaged one.
func TestANoteSurvivesEverything(t *testing.T) {
	ada, ben, cy := team(t)
	dan := newSigner(t, "Dan Roux")
	ada.grant(cy, ic)
	cy.take(ada)
	ben.take(ada)
	cy.admit(dan) // on Cy's laptop, while Ada ends the role in which Cy does so
	dan.take(cy)
	ada.write(&RoleEndedData{Person: cy.ref.ID, Role: ic, Why: "relieved by the night shift", ByRole: ic})
	ada.write(&KeyRevokedData{Person: ben.ref.ID, Key: ben.ref.Key, Why: "the laptop was lost at the quay", ByRole: ic})
	var notes []ID
	for i, s := range []*signer{ada, ben, cy, dan, ben, dan} {
		notes = append(notes, s.write(note(fmt.Sprint("what was seen, ", i))).ID)
	}
	all := NewLog()
	for _, s := range []*signer{dan, cy, ada, ben} {
		all.Union(s.log)
	}
	s := Fold(all.Entries())
	for i, id := range notes {
		e, ok := all.Get(id)
		counts := s.Accepted(id)
		var refusal Refusal
		if at := slices.IndexFunc(s.Refused, func(r Refusal) bool { return r.Entry == id }); at >= 0 {
			refusal = s.Refused[at]
		}
		if !ok || e.Withheld() || counts != (i == 0 || i == 2) || !counts && !refusal.Admissible() {
			t.Errorf("note %d: there %v, counts %v, set aside as %q", i, ok, counts, refusal.Code)
		}
	}
	if r := Verify(all.Entries()); r.ExitCode() != 0 {
		t.Errorf("%s: %v", r.Verdict, r.Problems)
	}
	// A commander who wants the words of somebody whose admission was set aside admits the person anew, then the entries.
	ada.take(dan)
	ada.take(ben)
	ada.write(&EntryAdmittedData{Entry: notes[3], Why: "Dan was there, and Cy did admit him", ByRole: ic})
	if Fold(ada.log.Entries()).Accepted(notes[3]) {
		t.Error("an entry counts although nobody has admitted its author")
	}
	ada.admit(dan)
	ada.write(&EntryAdmittedData{Entry: notes[5], Why: "Dan was there, and Cy did admit him", ByRole: ic})
	if s := Fold(ada.log.Entries()); !s.Accepted(notes[5]) || s.nameOf(s.byAuthor[dan.ref.Key]) != "Dan Roux" {
		t.Error("the note does not count after its author and it were admitted")
	}
}
