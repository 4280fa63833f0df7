package caserecord

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzHeaderToSign reads any bytes as what a signer is asked to sign. What is accepted is what would be signed.
func FuzzHeaderToSign(f *testing.F) {
	for _, name := range []string{"entries-v1.txt", "entries-v1-part2.txt"} {
		for _, e := range readGolden(f, name) {
			payload, _, _, err := splitEnvelope(e.Line())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(pae(payload))
		}
	}
	f.Add([]byte("DSSEv1 38 " + PayloadType + " 2 {}"))
	f.Fuzz(func(t *testing.T, toSign []byte) {
		h, err := HeaderToSign(toSign)
		if err == nil && !bytes.Equal(pae(h.encode()), toSign) {
			t.Fatalf("a second form was accepted: %q", toSign)
		}
	})
}

// FuzzOpenNote reads any bytes as what was in a box. What is accepted is sealed to the same bytes again.
func FuzzOpenNote(f *testing.F) {
	for _, d := range []*NoteMadeData{{Text: "x"}, {About: "case", Text: "line\nline \"q\" \u2028 é😀"}} {
		b, err := SealedNote(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		d, err := OpenNote(plain)
		if err != nil {
			return
		}
		if again, err := SealedNote(d); err != nil || !bytes.Equal(again, plain) {
			t.Fatalf("a second form was accepted (%v): %q", err, plain)
		}
	})
}

// FuzzFold lets the bytes choose who writes what and who copies from whom, in all kinds and with crooked headers. The fold
// must end, must not depend on order, and must account for every entry.
func FuzzFold(f *testing.F) {
	for seed := range byte(8) {
		b := make([]byte, 400)
		for i := range b {
			b[i] = byte(i)*(2*seed+1) + seed + byte(i/7)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		at := 0
		w := newCrowd(t, func(n int) int {
			if at >= len(program) {
				return 0
			}
			at++
			return int(program[at-1]) % n
		})
		for n := 0; at < len(program) && n < 60; n++ {
			if w.pick(6) == 0 {
				w.crooked()
				continue
			}
			w.step()
		}
		all := w.all()
		s := Fold(all)
		accepted := 0
		for _, e := range all {
			if s.Accepted(e.ID) {
				accepted++
			}
			Story(e, s)
		}
		if s.Entries != len(all) || accepted+len(s.Refused) != len(all) {
			t.Fatalf("%d entries, %d accepted, %d refused", len(all), accepted, len(s.Refused))
		}
		mixed := slices.Clone(all)
		slices.Reverse(mixed)
		if stateText(Fold(mixed)) != stateText(s) {
			t.Fatal("another order, another state")
		}
	})
}

// crooked adds an entry as a broken or hostile program makes it: a fork, a hole, another case or mode, links that cannot be.
func (w *crowd) crooked() {
	s := w.signers[w.pick(len(w.signers))]
	h, err := s.log.Next(s.ref.Key, s.now)
	if err != nil { // the key has forked already
		h = Header{Case: s.log.Case(), Mode: "exercise", Author: s.ref.Key, Seq: 1, Recorded: s.now, Seen: s.log.Heads()}
		delete(h.Seen, s.ref.Key)
	}
	switch w.pick(6) {
	case 0:
		h.Case = hash("another case")[:32]
	case 1:
		h.Mode = "live"
	case 2:
		h.Seq += 3
		h.Prev = w.entry(s)
	case 3:
		h.Seen = map[Author]ID{w.signers[(w.pick(4)+1)%len(w.signers)].ref.Key: w.entry(s)}
		delete(h.Seen, s.ref.Key)
	case 4: // an old place: the second entry signed there is a fork
		for _, e := range s.log.Entries() {
			if e.Header.Author == s.ref.Key && e.Header.Seq > 1 {
				h.Seq, h.Prev, h.Seen = e.Header.Seq, e.Header.Prev, e.Header.Seen
				break
			}
		}
	case 5:
		h.Recorded = h.Recorded.AddDate(0, 0, 1-w.pick(3))
	}
	if h.Seq == 1 {
		h.Prev = ""
	} else if h.Prev == "" {
		h.Prev = ID(hash("nothing"))
	}
	w.add(s, forge(s.t, h, w.content(s, w.kind()), s.nextSalt()))
}
