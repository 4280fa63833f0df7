package caserecord

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"adjutant/backend/caserecord/authority"

	"pgregory.net/rapid"
)

func drawn(t *rapid.T) choice {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
}

// TestMayWriteIsTheFold: in random histories with contents of all kinds, what MayWrite allows a person at the end of their
// copy the fold accepts, and what it refuses the fold sets aside, for the same reason. One exception, on purpose: MayWrite
// refuses to admit an entry that was not set aside, where the fold lets the admission stand without effect, since what
// was set aside may differ once more copies are joined.
func TestMayWriteIsTheFold(t *testing.T) {
	allowed, refused := map[Kind]int{}, map[Kind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newCrowd(t, drawn(rt))
		for range 8 + w.pick(10) {
			w.step()
		}
		for range 12 {
			s := w.signers[oneOf(w.pick, 0, 1, 2, 3, 4)]
			c := w.content(s, w.kind())
			before := Fold(s.log.Entries())
			p := before.PersonNow(s.ref.Key)
			e, ok := w.write(s, c)
			if !ok {
				continue
			}
			code := refusedFor(Fold(s.log.Entries()), e)
			if p == "" {
				if code != CodeKeyRevoked && code != CodeUnknownAuthor && code != CodeNotYetAdmitted {
					rt.Fatalf("%s by a key that speaks for nobody: %q", c.Kind(), code)
				}
				continue
			}
			err := before.MayWrite(p, c, e.Header.Recorded)
			if d, ok := c.(*EntryAdmittedData); ok && !before.admissible(d.Entry, p) && errors.Is(err, ErrOutOfPlace) {
				continue
			}
			want := Code("")
			switch {
			case errors.Is(err, ErrOutOfPlace):
				want = CodeOutOfPlace
			case errors.Is(err, authority.ErrNotAuthorised):
				want = CodeNotAuthorised
			case err != nil:
				rt.Fatalf("%s: %v", c.Kind(), err)
			}
			if code != want {
				rt.Fatalf("%s by %s: MayWrite says %v, the fold %q\n%s", c.Kind(), s.ref.Name, err, code, tell(s.log.Entries()))
			}
			if err == nil {
				allowed[c.Kind()]++
			} else {
				refused[c.Kind()]++
			}
		}
	})
	if len(allowed) < len(Kinds)/2 || len(refused) < len(Kinds)/3 {
		t.Errorf("only %d kinds were allowed and %d refused: the histories are too dull", len(allowed), len(refused))
	}
}

// tell is a history for the one who reads a failure.
func tell(entries []Entry) (text string) {
	s := Fold(entries)
	for _, e := range entries {
		text += string(e.ID[:8]) + " " + Story(e, s) + "\n"
	}
	return text
}

// TestFoldOfAllKindsIgnoresOrder is TestFoldIgnoresOrder for contents of all kinds, good and bad.
func TestFoldOfAllKindsIgnoresOrder(t *testing.T) {
	kinds := map[Kind]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newCrowd(t, drawn(rt))
		for range 10 + w.pick(30) {
			w.step()
		}
		all := w.all()
		for _, e := range all {
			kinds[e.Header.Kind] = true
		}
		want := stateText(Fold(all))
		mixed := append(slices.Clone(all), all[:len(all)/2]...)
		rng := rand.New(rand.NewPCG(uint64(w.pick(1<<30)), 0))
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := stateText(Fold(mixed)); got != want {
			rt.Fatalf("another order, another state:\n%s\n%s", got, want)
		}
	})
	if len(kinds) < len(Kinds)-2 {
		t.Errorf("only %d kinds were drawn", len(kinds))
	}
}
