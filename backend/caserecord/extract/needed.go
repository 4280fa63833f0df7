package extract

import (
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Needed lists the entries, in causal order, without which nobody could say who signed the chosen ones and with what
// right: the opening, and for the author of every entry shown the admissions of that person, the roles given, lent, taken
// and assumed that were known to the author's last entry shown, every end of a role and revocation of the key that this
// entry had not outlived, what admitted an entry afterwards, and changes of the matrix for the kinds shown. The same goes
// for the authors of all these, until nothing is missing. Entries that are chosen already are not listed.
func Needed(entries []caserecord.Entry, chosen []caserecord.ID) []caserecord.ID {
	n := newNeeds(caserecord.CausalOrder(entries))
	was := map[int]bool{}
	for _, id := range chosen {
		if i, ok := n.at[id]; ok {
			was[i] = true
			n.show(i)
		}
	}
	if len(was) == 0 {
		return nil
	}
	for n.grow() {
	}
	var out []caserecord.ID
	for i := range n.entries {
		if n.shown[i] && !was[i] {
			out = append(out, n.entries[i].ID)
		}
	}
	return out
}

// needs grows the set of entries to show.
type needs struct {
	entries  []caserecord.Entry // in causal order
	at       map[caserecord.ID]int
	children [][]int32
	govern   []int // entries that give or take authority, with their body
	shown    []bool
	authors  map[caserecord.Author]*shownAuthor
	assumed  map[incident.Role]bool // roles that a shown role.assumed takes: their succession matters
}

// shownAuthor is an author of whom something is shown. In one chain the last entry shown knows all that the earlier ones
// knew, and whatever comes after it comes after them; a forked chain has several last ones.
type shownAuthor struct {
	last   []int
	kinds  map[caserecord.Kind]bool
	stale  bool // last has changed since past and future were found
	past   map[int]bool
	future map[int]bool // after every one of last
}

func newNeeds(entries []caserecord.Entry) *needs {
	n := &needs{
		entries: entries, at: make(map[caserecord.ID]int, len(entries)), children: make([][]int32, len(entries)),
		shown: make([]bool, len(entries)), authors: map[caserecord.Author]*shownAuthor{}, assumed: map[incident.Role]bool{},
	}
	for i := range entries {
		n.at[entries[i].ID] = i
	}
	for i := range entries {
		for _, p := range n.parents(i) {
			n.children[p] = append(n.children[p], int32(i))
		}
		switch entries[i].Content().(type) {
		case *caserecord.CaseOpenedData:
			n.show(i) // whatever else is shown rests on it
			n.govern = append(n.govern, i)
		case *caserecord.PersonAdmittedData, *caserecord.RoleGrantedData, *caserecord.RoleEndedData, *caserecord.RoleDelegatedData,
			*caserecord.SuccessionSetData, *caserecord.RoleAssumedData, *caserecord.GlassBrokenData, *caserecord.KeyRevokedData,
			*caserecord.EntryAdmittedData, *caserecord.AuthorityChangedData:
			n.govern = append(n.govern, i)
		}
	}
	return n
}

func (n *needs) parents(i int) []int {
	h := &n.entries[i].Header
	var out []int
	if p, ok := n.at[h.Prev]; ok {
		out = append(out, p)
	}
	for _, id := range h.Seen {
		if p, ok := n.at[id]; ok {
			out = append(out, p)
		}
	}
	return out
}

// show puts entry i in.
func (n *needs) show(i int) {
	if n.shown[i] {
		return
	}
	n.shown[i] = true
	h := &n.entries[i].Header
	a := n.authors[h.Author]
	if a == nil {
		a = &shownAuthor{kinds: map[caserecord.Kind]bool{}}
		n.authors[h.Author] = a
	}
	a.kinds[h.Kind] = true
	switch {
	case len(a.last) == 0 || n.entries[a.last[0]].Header.Seq < h.Seq:
		a.last, a.stale = []int{i}, true
	case n.entries[a.last[0]].Header.Seq == h.Seq:
		a.last, a.stale = append(a.last, i), true
	}
}

// grow adds what the entries shown rest on; false when nothing was missing.
func (n *needs) grow() bool {
	grew := false
	for _, a := range sortedAuthors(n.authors) {
		who := n.authors[a]
		if who.stale {
			who.past, who.future, who.stale = n.reach(who.last, n.parents), n.after(who.last), false
		}
		people, keys := n.peopleOf(a, who)
		for _, i := range n.govern {
			if !n.shown[i] && n.bears(i, a, who, people, keys) {
				n.show(i)
				grew = true
			}
			if d, ok := n.entries[i].Content().(*caserecord.RoleAssumedData); ok && n.shown[i] && !n.assumed[d.Role] {
				n.assumed[d.Role], grew = true, true
			}
		}
	}
	return grew
}

// bears reports whether a governing entry matters for what is shown of author a.
func (n *needs) bears(i int, a caserecord.Author, who *shownAuthor, people map[caserecord.PersonID]bool, keys map[caserecord.Author]bool) bool {
	switch d := n.entries[i].Content().(type) {
	case *caserecord.PersonAdmittedData:
		return who.past[i] && people[d.Person.ID]
	case *caserecord.RoleGrantedData:
		return who.past[i] && people[d.Person]
	case *caserecord.RoleDelegatedData:
		return who.past[i] && people[d.Person]
	case *caserecord.RoleAssumedData, *caserecord.GlassBrokenData:
		return who.past[i] && keys[n.entries[i].Header.Author]
	case *caserecord.SuccessionSetData:
		return who.past[i] && n.assumed[d.Role]
	case *caserecord.RoleEndedData:
		return !who.future[i] && people[d.Person]
	case *caserecord.KeyRevokedData:
		return !who.future[i] && d.Key == a
	case *caserecord.AuthorityChangedData:
		return !who.future[i] && who.kinds[d.Of]
	case *caserecord.EntryAdmittedData:
		at, ok := n.at[d.Entry]
		return ok && n.shown[at]
	}
	return false
}

// peopleOf names the persons whose key a is, as known to its last entry shown, and all keys of these persons.
func (n *needs) peopleOf(a caserecord.Author, who *shownAuthor) (map[caserecord.PersonID]bool, map[caserecord.Author]bool) {
	people, keys := map[caserecord.PersonID]bool{}, map[caserecord.Author]bool{a: true}
	ref := func(i int) (caserecord.PersonRef, bool) {
		switch d := n.entries[i].Content().(type) {
		case *caserecord.CaseOpenedData:
			return d.Person, true
		case *caserecord.PersonAdmittedData:
			return d.Person, who.past[i]
		}
		return caserecord.PersonRef{}, false
	}
	for _, i := range n.govern {
		if p, ok := ref(i); ok && p.Key == a {
			people[p.ID] = true
		}
	}
	for _, i := range n.govern {
		if p, ok := ref(i); ok && people[p.ID] {
			keys[p.Key] = true
		}
	}
	return people, keys
}

// reach is every entry that a way of next leads to from one of these, without them.
func (n *needs) reach(from []int, next func(int) []int) map[int]bool {
	seen := map[int]bool{}
	stack := append([]int(nil), from...)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, j := range next(i) {
			if !seen[j] {
				seen[j] = true
				stack = append(stack, j)
			}
		}
	}
	return seen
}

// after is every entry that has all of these in its past.
func (n *needs) after(these []int) map[int]bool {
	next := func(i int) []int {
		out := make([]int, len(n.children[i]))
		for k, c := range n.children[i] {
			out[k] = int(c)
		}
		return out
	}
	all := n.reach(these[:1], next)
	for _, i := range these[1:] {
		one := n.reach([]int{i}, next)
		for j := range all {
			if !one[j] {
				delete(all, j)
			}
		}
	}
	return all
}
