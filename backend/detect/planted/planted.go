// Package planted finds text inside evidence that was written for a language model: instructions to ignore its task,
// to change a verdict, chat markup, and the same in hiding (invisible characters, base64, percent codes).
//
// It serves detect, stage 5 of the flow. It keeps true that such text becomes a finding and nothing else: it looks, it
// obeys nothing, it changes no severity of anything. It works by phrases (phrases.csv, to be read and extended) and is
// therefore no proof of absence: a task in ordinary words, or in a language that the list does not know, passes.
//
// Cost matters, since it reads every value of every event: one pass of an automaton over the bytes.
package planted

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed phrases.csv
var phraseTable string

// Hit is what was found in one value.
type Hit struct {
	Why     string // in words, for the finding's sentence
	Phrases []string
	Text    string // the text as a person should see it: decoded and without invisible characters, at most MaxShown bytes
}

// Bounds of one look.
const (
	Window     = 400      // bytes within which phrases belong together
	Need       = 4        // sum of weights that makes a hit
	MaxShown   = 500      // bytes of text quoted
	MaxLook    = 64 << 10 // bytes of one value that are read
	maxRuns    = 64       // base64 runs decoded in one value
	minRun     = 24       // characters of a base64 run worth decoding: 18 bytes, the shortest phrases
	minHidden  = 8        // invisible characters in one value that are told on their own
	minTagText = 4        // letters written in Unicode tag characters
)

type phrase struct {
	class, text string
	weight      int
}

// table is compiled once; a fault in it is a broken build, which the tests find.
var table = sync.OnceValue(func() *compiled {
	c, err := compile(phraseTable)
	if err != nil {
		panic("planted: embedded phrases: " + err.Error())
	}
	return c
})

type compiled struct {
	phrases []phrase
	auto    *automaton
}

func compile(text string) (*compiled, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.FieldsPerRecord, r.LazyQuotes = '#', 3, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	c := &compiled{}
	words := make([]string, 0, len(rows))
	for _, row := range rows[1:] {
		w, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, fmt.Errorf("phrase %q: %w", row[2], err)
		}
		c.phrases = append(c.phrases, phrase{row[0], row[2], w})
		words = append(words, row[2])
	}
	c.auto = newAutomaton(words)
	return c, nil
}

// Look reads one value. It is safe for concurrent use.
func Look(value string) (Hit, bool) {
	if len(value) > MaxLook {
		value = value[:MaxLook]
	}
	t := table()
	if h, ok := t.phrasesIn(value, "it holds instructions for a language model"); ok {
		return h, true
	}
	if strings.IndexByte(value, '%') >= 0 {
		if dec := percentDecoded(value); dec != value {
			if h, ok := t.phrasesIn(dec, "it holds percent-coded instructions for a language model"); ok {
				return h, true
			}
		}
	}
	if h, ok := t.hidden(value); ok {
		return h, true
	}
	return t.encoded(value)
}

// phrasesIn looks for a stretch that holds enough.
func (c *compiled) phrasesIn(value, why string) (Hit, bool) {
	type at struct{ phrase, pos int }
	var hits []at
	c.auto.find(value, func(phrase, end int) {
		if len(hits) < 4096 {
			hits = append(hits, at{phrase, end})
		}
	})
	for i := range hits {
		sum, classes, strong := 0, map[string]bool{}, false
		used := map[int]bool{}
		var names []string
		last := i
		for j := i; j < len(hits) && hits[j].pos-hits[i].pos <= Window; j++ {
			p := c.phrases[hits[j].phrase]
			if used[hits[j].phrase] {
				continue
			}
			used[hits[j].phrase] = true
			sum += p.weight
			classes[p.class] = true
			strong = strong || p.weight >= Need
			names = append(names, p.text)
			last = j
		}
		if strong || sum >= Need && len(classes) >= 2 {
			first := hits[i].pos - len(c.phrases[hits[i].phrase].text) - 60
			return Hit{Why: why, Phrases: names, Text: excerpt(value, first, hits[last].pos+200)}, true
		}
	}
	return Hit{}, false
}

// excerpt is value[from:to] on character boundaries, at most MaxShown bytes.
func excerpt(value string, from, to int) string {
	from, to = max(from, 0), min(to, len(value))
	if to-from > MaxShown {
		to = from + MaxShown
	}
	for from > 0 && value[from]&0xc0 == 0x80 {
		from--
	}
	for to < len(value) && value[to]&0xc0 == 0x80 {
		to--
	}
	s := strings.ToValidUTF8(value[from:to], "\ufffd")
	if from > 0 {
		s = "…" + s
	}
	if to < len(value) {
		s += "…"
	}
	return s
}
