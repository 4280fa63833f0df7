package caserecord

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
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
