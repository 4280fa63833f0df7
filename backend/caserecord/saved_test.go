package caserecord

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var ofTest = sha256.Sum256([]byte("the bytes"))

func sealedOf(l *Log) []Sealed {
	var out []Sealed
	for _, e := range l.entries {
		out = append(out, Sealed{e.Line(), e.Body()})
	}
	return out
}

// inBlocks is a source of these, a few at a time.
func inBlocks(all []Sealed) Source {
	return func(from, to int, see func([]Sealed) error) error {
		if to > len(all) {
			return errors.New("there are not as many")
		}
		for ; from < to; from += 7 {
			if err := see(all[from:min(from+7, to)]); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestRestoredLogIsTheLog: in random histories, with bodies withheld and entries in any order of arrival, the log that comes
// out of a saved reading is the one that was saved, and goes on as it would have.
func TestRestoredLogIsTheLog(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newCrowd(t, drawn(rt))
		for range 10 + w.pick(20) {
			w.step()
		}
		all := w.all()
		if w.pick(2) == 0 {
			rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
			rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		}
		if w.pick(4) == 0 {
			all = all[:len(all)-w.pick(len(all)-1)] // a copy with holes
		}
		l := NewLog()
		for _, e := range all {
			if w.pick(10) == 0 {
				e = e.WithoutBody()
			}
			l.Add(e)
		}
		saved := l.Save(ofTest, l.Len(), inBlocks(sealedOf(l)))
		if saved == nil {
			if len(l.fold.g.faults) == 0 {
				rt.Fatal("not saved")
			}
			return
		}
		if n := SavedEntries(saved); n != l.Len() {
			rt.Fatalf("a reading of %d entries, want %d", n, l.Len())
		}
		r, err := Restore(saved, ofTest, l.Len(), inBlocks(sealedOf(l)))
		if err != nil {
			rt.Fatal(err)
		}
		for i := range l.entries {
			if !reflect.DeepEqual(l.entries[i], r.entries[i]) {
				rt.Fatalf("entry %d:\n%+v\n%+v", i, l.entries[i], r.entries[i])
			}
		}
		same := func(when string) {
			if a, b := wholeText(l.State(), l.Entries()), wholeText(r.State(), r.Entries()); a != b || l.Head() != r.Head() || !reflect.DeepEqual(l.Heads(), r.Heads()) {
				rt.Fatalf("%s: the states differ\n%s\n%s", when, a, b)
			}
		}
		same("restored")
		for range 5 { // both go on
			s := w.signers[w.pick(3)]
			h, err := l.Next(s.ref.Key, s.now)
			h2, err2 := r.Next(s.ref.Key, s.now)
			if !reflect.DeepEqual(h, h2) || (err == nil) != (err2 == nil) {
				rt.Fatalf("next %+v %v\n%+v %v", h, err, h2, err2)
			}
			if err != nil {
				continue
			}
			e := forge(t, h, note("and on"), s.nextSalt())
			l.Add(e)
			r.Add(e)
			same("after one more")
		}
		for _, e := range w.all() { // what arrives late finds its place
			if l.Add(e) != r.Add(e) {
				rt.Fatal("one of the two had it")
			}
		}
		same("completed")
	})
}

// TestADamagedReadingIsRefused: every flipped byte, every cut, another digest, other bytes.
func TestADamagedReadingIsRefused(t *testing.T) {
	ada, _, _ := team(t)
	ada.write(note("one"))
	all := sealedOf(ada.log)
	saved := ada.log.Save(ofTest, len(all), inBlocks(all))
	if _, err := Restore(saved, ofTest, len(all), inBlocks(all)); err != nil {
		t.Fatal(err)
	}
	for i := range saved {
		bad := bytes.Clone(saved)
		bad[i] ^= 0x20
		if _, err := Restore(bad, ofTest, len(all), inBlocks(all)); !errors.Is(err, ErrSaved) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := Restore(saved[:i], ofTest, len(all), inBlocks(all)); !errors.Is(err, ErrSaved) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := Restore(saved, sha256.Sum256([]byte("others")), len(all), inBlocks(all)); !errors.Is(err, ErrSaved) {
		t.Errorf("about other bytes: %v", err)
	}
	if _, err := Restore(saved, ofTest, len(all)-1, inBlocks(all[1:])); !errors.Is(err, ErrSaved) {
		t.Errorf("fewer entries: %v", err)
	}
	if ada.log.Save(ofTest, len(all)-1, inBlocks(all[1:])) != nil || NewLog().Save(ofTest, 0, inBlocks(nil)) != nil {
		t.Error("saved what is not the log")
	}
}

// FuzzRestore gives Restore readings with a right hash and anything inside: it refuses or restores, and does nothing else.
func FuzzRestore(f *testing.F) {
	ada, ben, _ := team(f)
	ben.write(note("two"))
	ada.write(note("one"))
	ada.take(ben)
	all := sealedOf(ada.log)
	saved := ada.log.Save(ofTest, len(all), inBlocks(all))
	f.Add(saved[:len(saved)-sha256.Size])
	f.Add([]byte(savedMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := sha256.Sum256(b)
		whole := append(bytes.Clone(b), sum[:]...)
		SavedEntries(whole)
		l, err := Restore(whole, ofTest, len(all), inBlocks(all))
		if err != nil {
			if !errors.Is(err, ErrSaved) {
				t.Fatal(err)
			}
			return
		}
		l.State()
	})
}
