package caserecord

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Check verifies a record whose bytes pass by in blocks, as Verify does. Every entry is parsed from its bytes, signature
// included. Where that gives what is in memory already, to the last field, the memory is shared; nothing is believed for it.
type Check struct {
	v     *verifier
	mine  []Entry // in memory already, in the order in which their bytes may come
	at    int     // of mine: the next that may come
	alike int     // of the sound entries: the first so many are mine, one for one
	sound []Entry // all of them; nil as long as all are mine
	once  bool    // mine has each entry once
	last  map[Author]int
	n     int // entries read
}

// Check begins a verification of this log from its bytes, wherever they lie. The log may grow meanwhile.
func (l *Log) Check() *Check {
	c := newCheck(slices.Clip(l.entries))
	c.once = true
	return c
}

func newCheck(mine []Entry) *Check {
	return &Check{v: &verifier{named: map[string]bool{}}, mine: mine, last: map[Author]int{}}
}

// Read takes the next entries as bytes, which are the caller's again afterwards. One that is none is named by its place.
func (c *Check) Read(block []Sealed) {
	n := c.n
	c.read(block, func(i int) ID { return ID(fmt.Sprintf("#%d", n+i+1)) })
}

// read parses a block on all cores and drops the unsound. name is the id of an entry that does not show any.
func (c *Check) read(block []Sealed, name func(i int) ID) {
	again, errs := make([]Entry, len(block)), make([]error, len(block))
	shared := make([]bool, len(block)) // with mine, at the place where it is when nothing comes twice
	onAllCores(len(block), func(i int) {
		again[i], errs[i] = Parse(block[i].Line, block[i].Body)
		if at := c.at + i; errs[i] == nil && at < len(c.mine) {
			shared[i] = again[i].same(&c.mine[at])
		}
	})
	at := c.at
	for i := range again {
		e := again[i]
		if err := errs[i]; err != nil {
			c.refuse(err, name(i))
		}
		if e.ID == "" {
			continue // with a wrong body the envelope still stands
		}
		if c.find(e.ID) {
			if mine := &c.mine[c.at]; c.at == at+i && shared[i] || c.at != at+i && errs[i] == nil && e.same(mine) {
				e = *mine
				if c.sound == nil && c.alike == c.at {
					c.alike++
					c.at++
					continue
				}
			}
			c.at++
		}
		c.keep(e)
	}
	c.n += len(block)
}

// find goes to the next of mine with this id, passing over a few whose bytes were not sound; false when it is not there.
func (c *Check) find(id ID) bool {
	const few = 8
	for at := c.at; at < min(c.at+few, len(c.mine)); at++ {
		if c.mine[at].ID == id {
			c.at = at
			return true
		}
	}
	return false
}

func (c *Check) refuse(err error, id ID) {
	code := CodeForm
	var ee *EntryError
	if errors.As(err, &ee) {
		code = ee.Code
		if ee.ID != "" {
			id = ee.ID
		}
	}
	c.v.add(code, id, "%s", strings.TrimPrefix(err.Error(), "caserecord: "))
}

// keep adds a sound entry that is not simply the next of mine.
func (c *Check) keep(e Entry) {
	if c.sound == nil {
		c.sound = make([]Entry, c.alike, max(len(c.mine), c.alike+1))
		copy(c.sound, c.mine)
	}
	if p, ok := c.last[e.Header.Author]; ok {
		e.Header.share(&c.sound[p])
	}
	c.last[e.Header.Author] = len(c.sound)
	c.sound = append(c.sound, e)
}

// Report looks at all entries that were read together.
func (c *Check) Report(a Anchors) Report {
	sound := c.sound
	if sound == nil {
		sound = c.mine[:c.alike:c.alike]
	}
	if c.sound != nil || !c.once {
		sound = unique(sound)
	}
	c.mine, c.sound = nil, nil
	return c.v.conclude(sound, a)
}

// same reports that two entries agree in everything.
func (e *Entry) same(o *Entry) bool {
	h, g := &e.Header, &o.Header
	return e.ID == o.ID && bytes.Equal(e.held, o.held) &&
		h.V == g.V && h.Case == g.Case && h.Mode == g.Mode && h.Author == g.Author && h.Seq == g.Seq && h.Prev == g.Prev &&
		maps.Equal(h.Seen, g.Seen) && h.Recorded.Equal(g.Recorded) && h.Kind == g.Kind && h.BodySHA256 == g.BodySHA256 &&
		reflect.DeepEqual(e.content, o.content)
}
