package main

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	pageRows = 200 // full events of a page or a list of hits
	facetTop = 20
	// asked is how many different questions of a kind a process is asked, after one that warms it up. None is asked twice:
	// ours keeps whole answers, which would make a repeated question free.
	asked = 8
)

// question is a query that every design can translate. What is empty does not restrict.
type question struct {
	From, To                time.Time // [From, To); From alone is a place to scroll to
	Host, NotHost, Provider string
	Token                   string // a token of any value, any case
	Text, Regex             string // anywhere in the command line, any case
	Facet, Hourly           bool   // count images, or rows per hour, instead of listing rows
}

func (q question) pageOnly() bool { return q.To.IsZero() && !q.From.IsZero() }

// answer is compared across designs: all hits (0 for a page), sequence numbers of the first pageRows, or counts.
type answer struct {
	Total  int
	Rows   []int64
	Counts map[string]int64 // hour or image to rows
}

// digest is the same for equal answers. Which of the images with a facet's least count are shown is left to the designs.
func (a answer) digest(facet bool) string {
	if facet {
		for _, n := range a.Counts {
			a.Rows = append(a.Rows, n)
		}
		slices.Sort(a.Rows)
		for v, n := range a.Counts {
			if n == a.Rows[0] {
				delete(a.Counts, v)
			}
		}
	}
	return fmt.Sprintf("%d hits, %x", a.Total, sha256.Sum256(fmt.Append(nil, a.Rows, a.Counts))) // maps print in order of keys
}

// kinds are the rows of the table of queries; r and i vary the question.
var kinds = []struct {
	name string
	make func(r *rand.Rand, i int) question
}{
	{"page of 200 events from a random time", func(r *rand.Rand, _ int) question { return question{From: moment(r, 29)} }},
	{"rows per hour of a busy host (7 … 1 % of rows)", func(_ *rand.Rand, i int) question { return question{Host: hostName(i), Hourly: true} }},
	{"rows per hour of a quiet host (0.08 %)", func(_ *rand.Rand, i int) question { return question{Host: hostName(200 + i), Hourly: true} }},
	{"rare token (10 hits)", func(_ *rand.Rand, i int) question { return question{Token: rareToken(i)} }},
	{"token AND host AND 7 days", func(r *rand.Rand, i int) question {
		return week(r, question{Token: "powershell", Host: hostName(2 + i)})
	}},
	{"substring of the command line", func(_ *rand.Rand, i int) question {
		return question{Text: fmt.Sprintf("loadstring('http://dl%02d", i)}
	}},
	{"regex on the command line", func(_ *rand.Rand, i int) question {
		return question{Regex: fmt.Sprintf(`downloadstring\('http://dl[0-3]%d\.example/[a-f][0-9a-f]+'\)`, i)}
	}},
	{"facet: images in 30 % of rows", func(_ *rand.Rand, i int) question {
		return question{Provider: "sysmon", NotHost: hostName(i), Facet: true}
	}},
	{"facet: images of one host in 7 days", func(r *rand.Rand, i int) question {
		return week(r, question{Provider: "sysmon", Host: hostName(2 + i), Facet: true})
	}},
}

func moment(r *rand.Rand, days int) time.Time {
	return start.Add(time.Duration(r.IntN(days*24*3600)) * time.Second)
}

func week(r *rand.Rand, q question) question {
	q.From = moment(r, 22)
	q.To = q.From.Add(7 * 24 * time.Hour)
	return q
}

// design answers questions from its own copy of the events.
type design interface {
	ingest(events string) int64
	ask(q question) answer
	close()
}

const opening = "open, first page"

// interrogate asks a design everything; the questions are the same in every process.
func interrogate(out *result, who int, open func() design) {
	var d design
	out.timed(who, opening, func() {
		d = open()
		d.ask(question{From: start.Add(span / 3)})
	})
	for _, k := range kinds {
		r := rand.New(rand.NewPCG(seed, uint64(len(k.name))))
		for i := range asked + 1 {
			q := k.make(r, i)
			var a answer
			out.timed(who, k.name, func() { a = d.ask(q) })
			out.Check = append(out.Check, fmt.Sprintf("%s %d: %s", k.name, i, a.digest(q.Facet)))
		}
		out.Costs[k.name] = out.Costs[k.name][1:] // the first warms up
	}
	d.close()
}
