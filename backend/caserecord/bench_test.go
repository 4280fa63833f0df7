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
			if _, err := ParseSealed(e.Line(), e.Body()); err != nil {
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

// BenchmarkStep is the new state after one's own entry in a long record.
func BenchmarkStep(b *testing.B) {
	l := NewLog(caseOf(b, 20_000)...)
	l.State()
	ada, _, _ := team(b)
	ada.log, ada.now = l, l.Entries()[l.Len()-1].Header.Recorded
	more := make([]Entry, 500)
	for i := range more { // signing is not what is measured
		h, err := ada.log.Next(ada.ref.Key, ada.now)
		if err != nil {
			b.Fatal(err)
		}
		more[i] = ada.seal(h, note("one more"))
	}
	before := l.Entries()[:l.Len()-len(more)]
	l = NewLog(before...)
	l.State()
	next := 0
	for b.Loop() {
		if next == len(more) {
			b.StopTimer()
			l, next = NewLog(before...), 0
			l.State()
			b.StartTimer()
		}
		l.Add(more[next])
		l.State()
		next++
	}
}
