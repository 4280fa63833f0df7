package extract

import (
	"fmt"
	"path/filepath"
	"testing"

	"adjutant/backend/caserecord"
)

// BenchmarkWrite shows ten entries of a record of 20,000 by two people.
func BenchmarkWrite(b *testing.B) {
	ada, ben := team(b)
	for range 10_000 {
		ada.note()
	}
	ben.take(ada)
	for range 10_000 {
		ben.note()
	}
	ada.take(ben)
	o := options(ada, ben)
	for n := uint64(1000); n <= 10_000; n += 1000 {
		o.Chosen = append(o.Chosen, find(b, ben, n).ID)
	}
	dir, n := b.TempDir(), 0
	b.ResetTimer()
	for b.Loop() {
		n++
		if _, err := Write(filepath.Join(dir, fmt.Sprint(n)), o); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	if r := verify(b, filepath.Join(dir, "1"), caserecord.Anchors{}); r.Entries != 13 {
		b.Fatalf("%+v", r)
	}
}
