package caserecord

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"adjutant/backend/incident"

	"pgregory.net/rapid"
)

// randomCase lets three people write and exchange copies at random, with clocks that disagree.
func randomCase(t *rapid.T, tb testing.TB) []*signer {
	ada, ben, cy := team(tb)
	people := []*signer{ada, ben, cy}
	steps := rapid.IntRange(1, 30).Draw(t, "steps")
	for n := range steps {
		p := rapid.SampledFrom(people).Draw(t, "who")
		q := rapid.SampledFrom(people).Draw(t, "other")
		p.now = p.now.Add(time.Duration(rapid.IntRange(-5, 20).Draw(t, "clock")) * time.Second)
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0, 1, 2:
			now := p.now
			p.take(q)
			p.now = now
		case 3:
			p.write(&RoleGrantedData{Person: q.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic})
		case 4:
			p.write(&RoleEndedData{Person: q.ref.ID, Role: ic, Why: "random", ByRole: ic})
		case 5:
			p.write(severity(incident.Severity(1+n%5), ic))
		case 6:
			p.write(&SourceAssumedData{SHA256: AllSources, Zone: fmt.Sprintf("Etc/GMT+%d", n%3), Basis: "random"})
		case 7:
			p.write(&RowTaggedData{Rows: []string{"r1", "r2"}, Tag: "t"})
		case 8:
			p.write(&RowUntaggedData{Rows: []string{"r1"}, Tag: "t"})
		default:
			p.write(note(fmt.Sprint("step ", n)))
		}
	}
	return people
}

// stateText is all of a state that screens and papers can see.
func stateText(s *State) string {
	b, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(b) + jsonText(s.TaggedRows()) + s.Head
}

// TestFoldIgnoresOrder: any order and any repetition of the same entries gives the same state and the same report.
func TestFoldIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		people := randomCase(rt, t)
		all := NewLog(people[0].log.Entries()...)
		all.Union(people[1].log)
		all.Union(people[2].log)
		sorted := all.Entries()
		want := stateText(Fold(sorted))
		mixed := append(slices.Clone(sorted), sorted[:len(sorted)/2]...)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := stateText(Fold(mixed)); got != want {
			rt.Fatalf("another order, another state:\n%s\n%s", got, want)
		}
		if r := Verify(mixed); r.ExitCode() != 0 || r.Entries != len(sorted) || r.Head != all.Head() {
			rt.Fatalf("an honest case: %s %v", r.Verdict, r.Problems)
		}
	})
}

// TestMergeLaws: joining copies is commutative, associative and idempotent; no entry is lost; heads agree.
func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := randomCase(rt, t)
		join := func(order ...int) *Log {
			l := NewLog()
			for _, i := range order {
				l.Union(p[i].log)
			}
			return l
		}
		a, b, c := join(0, 1, 2), join(2, 1, 0, 1, 2), join(1, 0, 2, 2)
		ids := map[ID]bool{}
		for _, s := range p {
			for _, e := range s.log.Entries() {
				ids[e.ID] = true
			}
		}
		for _, l := range []*Log{a, b, c} {
			if l.Len() != len(ids) || l.Head() != a.Head() || stateText(Fold(l.Entries())) != stateText(Fold(a.Entries())) {
				rt.Fatalf("%d entries of %d, head %s and %s", l.Len(), len(ids), l.Head(), a.Head())
			}
		}
		if n := a.Union(b); n != 0 {
			rt.Fatalf("joining again brought %d", n)
		}
	})
}

// TestCausalTwin compares the vector clocks with the plain definition: a is in b's past when a way of prev and seen leads
// from b to a.
func TestCausalTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := randomCase(rt, t)
		if rapid.Bool().Draw(rt, "fork") {
			h, err := p[1].log.Next(p[1].ref.Key, p[1].now)
			if err == nil {
				p[1].seal(h, note("one"))
				p[1].seal(h, note("two"))
			}
		}
		all := NewLog(p[0].log.Entries()...)
		all.Union(p[1].log)
		all.Union(p[2].log)
		g := newGraph(all.Entries())
		past := make([]map[ID]bool, len(g.entries))
		for i, e := range g.entries {
			past[i] = map[ID]bool{}
			for _, id := range append([]ID{e.Header.Prev}, values(e.Header.Seen)...) {
				if j, ok := g.index[id]; ok {
					past[i][id] = true
					for x := range past[j] {
						past[i][x] = true
					}
				}
			}
			for j, other := range g.entries {
				if g.before(j, i) != past[i][other.ID] {
					rt.Fatalf("entry %d before %d: %v", j, i, g.before(j, i))
				}
			}
		}
	})
}

func values(m map[Author]ID) []ID {
	var out []ID
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// TestLogTwin compares Log with a slice after any interleaving of adds: heads, next header, order.
func TestLogTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := randomCase(rt, t)
		all := append(slices.Clone(p[0].log.Entries()), p[1].log.Entries()...)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		l := NewLog()
		for i, e := range all {
			if i%3 == 0 {
				l.Entries() // so that the fast path of Add is taken at times
			}
			l.Add(e)
			want := map[Author]ID{}
			seqs := map[Author]uint64{}
			for _, x := range all[:i+1] {
				if x.Header.Seq > seqs[x.Header.Author] {
					seqs[x.Header.Author], want[x.Header.Author] = x.Header.Seq, x.ID
				}
			}
			if fmt.Sprint(l.Heads()) != fmt.Sprint(want) && complete(all[:i+1]) {
				rt.Fatalf("heads %v, want %v", l.Heads(), want)
			}
			got, sorted := l.Entries(), CausalOrder(all[:i+1])
			if !slices.EqualFunc(got, sorted, func(a, b Entry) bool { return a.ID == b.ID }) {
				rt.Fatalf("order after %d adds differs", i+1)
			}
		}
	})
}

// complete reports that no chain has a hole, so that "newest" and "end of the chain" mean the same.
func complete(entries []Entry) bool {
	have := map[ID]bool{"": true}
	for _, e := range entries {
		have[e.ID] = true
	}
	return !slices.ContainsFunc(entries, func(e Entry) bool { return !have[e.Header.Prev] })
}
