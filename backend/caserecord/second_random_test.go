package caserecord

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// RandomRecords writes n records of random histories, signed, as files of lines, for the comparison of the two verifiers
// (second_test.go, which stands outside this package). Every third has crooked entries as well.
func RandomRecords(t *testing.T, n int) (files []string) {
	left := []Kind{SuccessionSet, RoleAssumed, AuthorityChanged, EntryAdmitted} // what the second verifier leaves out
	dir := t.TempDir()
	for i := range n {
		var seed [32]byte
		binary.BigEndian.PutUint64(seed[:], uint64(i))
		rng := rand.New(rand.NewChaCha8(seed))
		w := newCrowd(t, rng.IntN)
		w.leave = left
		for range 60 {
			if i%3 == 0 && rng.IntN(8) == 0 {
				w.crooked()
				continue
			}
			w.step()
		}
		all := w.signed(w.all())
		file := filepath.Join(dir, "random-"+strconv.Itoa(i)+".jsonl")
		if err := os.WriteFile(file, append(bytes.Join(linesOf(all), []byte("\n")), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// Crowd is a case to which 300 keys that nobody admitted wrote: more than the format allows.
func Crowd(t testing.TB) []Entry {
	ada, _, _ := team(t)
	all := slices.Clone(ada.log.Entries())
	for i := range MaxAuthors + 44 {
		s := newSigner(t, "crowd "+strconv.Itoa(i))
		e, err := Seal(Header{Case: ada.log.Case(), Mode: "exercise", Author: s.ref.Key, Seq: 1, Recorded: ada.now, Seen: map[Author]ID{ada.ref.Key: all[4].ID}}, note("x"), s.nextSalt(), s.sign)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}
