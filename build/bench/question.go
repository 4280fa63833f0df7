package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"
)

// pageRows is how many full events a page or a list of hits shows.
const pageRows = 200

// asked is how many different questions of a kind a process is asked, after one that warms it up. No question is asked
// twice in one process: ours keeps whole answers, which would make a repeated question free.
const asked = 8

// question is one query in words that every design can translate. Fields that are empty do not restrict.
type question struct {
	From, To time.Time // [From, To)
	Host     string
	NotHost  string
	Provider string
	Token    string // a token of any value, any case
	Text     string // anywhere in the command line, any case
	Regex    string // anywhere in the command line, any case
	Facet    string // field to count instead of listing rows
	Hourly   bool   // count rows per hour instead of listing them
}

// answer is compared across designs. Rows are the sequence numbers of the first pageRows hits, by time.
type answer struct {
	Total  int64 // -1 where the question asks only for a page
	Rows   []int64
	Counts map[string]int64 // hour or value to rows
}

// digest is the same for equal answers. A facet's last places may be tied, so values count only above the last count.
func (a answer) digest(facet bool) string {
	if facet {
		least := int64(1) << 62
		for _, n := range a.Counts {
			least = min(least, n)
		}
		ties := int64(0)
		for v, n := range a.Counts {
			if n == least {
				delete(a.Counts, v)
				ties++
			}
		}
		a.Rows = []int64{least, ties}
	}
	sum := sha256.Sum256(fmt.Append(nil, a.Total, a.Rows, a.Counts)) // maps print in order of their keys
	return hex.EncodeToString(sum[:8])
}

// kind is a row of the table of queries.
type kind struct {
	Name string
	make func(r *rand.Rand, i int) question // i-th of its kind
}

var kinds = []kind{
	{"page of 200 events from a random time", func(r *rand.Rand, _ int) question {
		return question{From: moment(r, 29*24*time.Hour)}
	}},
	{"rows per hour of a busy host (11 % … 0.8 % of rows)", func(_ *rand.Rand, i int) question {
		return question{Host: hostName(i), Hourly: true}
	}},
	{"rows per hour of a quiet host (0.07 %)", func(_ *rand.Rand, i int) question {
		return question{Host: hostName(200 + i), Hourly: true}
	}},
	{"rare token (10 hits), full events", func(_ *rand.Rand, i int) question {
		return question{Token: rareToken(i)}
	}},
	{"token AND host AND 7 days: total, first 200", func(r *rand.Rand, i int) question {
		from := moment(r, 22*24*time.Hour)
		return question{Token: "powershell", Host: hostName(2 + i), From: from, To: from.Add(7 * 24 * time.Hour)}
	}},
	{"substring of the command line: total, first 200", func(_ *rand.Rand, i int) question {
		return question{Text: fmt.Sprintf("loadstring('http://dl%02d", i)}
	}},
	{"regex on the command line: total, first 200", func(_ *rand.Rand, i int) question {
		return question{Regex: fmt.Sprintf(`downloadstring\('http://dl[0-3]%d\.example/[a-f][0-9a-f]+'\)`, i)}
	}},
	{"facet: top 20 images of 30 % of rows", func(_ *rand.Rand, i int) question {
		return question{Provider: "sysmon", NotHost: hostName(i), Facet: "process.name"}
	}},
	{"facet: top 20 images of one host in 7 days", func(r *rand.Rand, i int) question {
		from := moment(r, 22*24*time.Hour)
		return question{Provider: "sysmon", Host: hostName(2 + i), From: from, To: from.Add(7 * 24 * time.Hour), Facet: "process.name"}
	}},
}

// facetTop is how many values a facet shows.
const facetTop = 20

func moment(r *rand.Rand, within time.Duration) time.Time {
	return start.Add(time.Duration(r.Int64N(int64(within)))).Truncate(time.Second)
}

// questions are the same in every process: the first of each kind warms up, the others are measured.
func (k kind) questions() []question {
	r := rand.New(rand.NewPCG(seed, uint64(len(k.Name))))
	var out []question
	for i := range asked + 1 {
		out = append(out, k.make(r, i))
	}
	return out
}

// design answers questions from its own copy of the events.
type design interface {
	ask(q question) (answer, error)
	close() error
}

// asking is what one process of one design has measured.
type asking struct {
	Open  cost     // until the first page was there
	Kinds []asking1
}

type asking1 struct {
	Runs    []cost
	Digests []string
}

// interrogate asks a design everything.
func interrogate(who int, open func() (design, error)) (asking, error) {
	var out asking
	var d design
	var err error
	out.Open, err = timed(who, func() error {
		if d, err = open(); err != nil {
			return err
		}
		_, err = d.ask(question{From: start.Add(span / 3)})
		return err
	})
	if err != nil {
		return out, err
	}
	defer d.close()
	for _, k := range kinds {
		var one asking1
		for i, q := range k.questions() {
			var a answer
			c, err := timed(who, func() (err error) {
				a, err = d.ask(q)
				return err
			})
			if err != nil {
				return out, fmt.Errorf("%s: %w", k.Name, err)
			}
			one.Digests = append(one.Digests, a.digest(q.Facet != ""))
			if i > 0 {
				one.Runs = append(one.Runs, c)
			}
		}
		out.Kinds = append(out.Kinds, one)
	}
	return out, nil
}
