package caserecord

import "adjutant/backend/caserecord/authority"

// What counts for an entry among a few hundred grants, ends or changes depends on which of them lie in its past and which have
// it in theirs. Along one chain the first only become more and the second only fewer, so their two numbers say whether
// anything is otherwise than at the entry before; then the answer is kept. Without it a record with a thousand changes of one row
// would ask a million times for every entry.

// vantage is how an entry of a lane stands to a list of others.
type vantage struct {
	lane              int32
	all, past, future int
}

func (v *authorityView) vantage(i, n int, at func(int) int) vantage {
	out := vantage{lane: v.g.lane[i], all: n}
	for k := range n {
		switch x := at(k); {
		case v.g.before(x, i):
			out.past++
		case x == i || v.g.before(i, x):
			out.future++
		}
	}
	return out
}

// fewGrants is up to where it is as quick to look at all of them.
const fewGrants = 16

type rowPlace struct {
	key  rowKey
	lane int32
}

type rowKept struct {
	from vantage
	row  authority.Row
}

type heldPlace struct {
	person   PersonID
	lane     int32
	pastOnly bool
}

type heldFrom struct{ grants, ends, lenders vantage }

type heldKept struct {
	from  heldFrom
	alive []int
}
