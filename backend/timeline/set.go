package timeline

import "adjutant/backend/timeline/block"

// set is a selection of the events or rows of one block. nil bits with all set means every one, without it none.
type set struct {
	all  bool
	bits block.Bits
}

var (
	none = set{}
	full = set{all: true}
)

func some(b block.Bits) set { return set{bits: b} }

func (s set) isNone() bool { return !s.all && s.bits == nil }

// tidy turns an empty or complete bit set into none or full.
func (s set) tidy(n int) set {
	if s.bits == nil {
		return s
	}
	switch s.bits.Count() {
	case 0:
		return none
	case n:
		return full
	}
	return s
}

func (s set) has(i int) bool { return s.all || s.bits != nil && s.bits.Has(i) }

// below counts members below i.
func (s set) below(i int) int {
	switch {
	case s.all:
		return i
	case s.bits == nil:
		return 0
	}
	return s.bits.CountBelow(i)
}

// next is the first member at or after i and below n, or n.
func (s set) next(i, n int) int {
	switch {
	case s.all:
		return i
	case s.bits == nil:
		return n
	}
	for ; i < n; i++ {
		if i&63 == 0 && s.bits[i>>6] == 0 {
			i += 63
			continue
		}
		if s.bits.Has(i) {
			return i
		}
	}
	return n
}

// each calls f for every member below n.
func (s set) each(n int, f func(i int)) {
	switch {
	case s.all:
		for i := range n {
			f(i)
		}
	case s.bits != nil:
		s.bits.Each(f)
	}
}

func (s set) and(o set) set {
	switch {
	case s.isNone() || o.isNone():
		return none
	case s.all:
		return o
	case o.all:
		return s
	}
	s.bits.And(o.bits)
	return s
}

func (s set) or(o set) set {
	switch {
	case s.all || o.all:
		return full
	case s.isNone():
		return o
	case o.isNone():
		return s
	}
	s.bits.Or(o.bits)
	return s
}

func (s set) not(n int) set {
	switch {
	case s.all:
		return none
	case s.isNone():
		return full
	}
	s.bits.Flip(n)
	return s
}
