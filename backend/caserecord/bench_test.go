package caserecord

import (
	"fmt"
	"testing"
)

// caseOf writes n entries by three people who exchange copies every hundred entries.
func caseOf(b testing.TB, n int) []Entry {
	ada, ben, cy := team(b)
	people := []*signer{ada, ben, cy}
	for i := 0; ada.log.Len() < n; i++ {
		p := people[i%3]
		p.take(people[(i+1)%3])
		p.take(people[(i+2)%3])
		for j := range 100 {
			p.write(&RowTaggedData{Rows: []string{fmt.Sprintf("row-%d/occurred.0", i*100+j)}, Tag: "seen"})
		}
	}
	ada.take(ben)
	ada.take(cy)
	return ada.log.Entries()
}

func BenchmarkVerify(b *testing.B) {
	all := caseOf(b, 10_000)
	for b.Loop() {
		if r := Verify(all); r.ExitCode() != 0 {
			b.Fatal(r.Verdict)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/entry")
}

func BenchmarkFold(b *testing.B) {
	all := caseOf(b, 10_000)
	for b.Loop() {
		Fold(all)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/entry")
}

func BenchmarkParseSealed(b *testing.B) {
	all := caseOf(b, 1000)
	for b.Loop() {
		for _, e := range all {
			if _, err := ParseSealed(e.Line, e.Body); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/entry")
}

func BenchmarkSeal(b *testing.B) {
	ada, _, _ := team(b)
	for b.Loop() {
		ada.write(note("one more"))
	}
}
