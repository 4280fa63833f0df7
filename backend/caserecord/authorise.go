package caserecord

import (
	"slices"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// Basis says on what a role rests that a person acts in.
type Basis string

// The closed list of grounds.
const (
	BasisGrant      Basis = ""            // given by the commander, or as opener of the case
	BasisSuccession Basis = "succession"  // assumed, because everybody before was missing
	BasisDelegation Basis = "delegation"  // lent by its holder, until a time
	BasisGlass      Basis = "break-glass" // taken in an emergency, to be reviewed
	BasisAdmission  Basis = "admission"   // set aside, then admitted by an authority holder
)

// full reports that the role is the person's own: it reaches every kind, core ones too.
func (b Basis) full() bool { return b == BasisGrant || b == BasisSuccession }

// authorityView answers who a key belonged to, which roles a person held and which row of the matrix counted, as known at
// an entry. All answers depend on causal pasts and on concurrency only, never on the order in which entries arrived.
//
// The rules, from DESIGN §4:
//   - An admission, a grant or a change of the matrix counts for entries that have it in their past.
//   - An end of a role, the revocation of a key and a narrower row count for entries that have it in their past and for
//     those concurrent with it: narrowing wins. They do not touch what has seen them and gives anew, nor what lies in
//     their own past.
//   - Whether an end or a revocation itself is valid is judged by its own past alone. So two commanders who end each
//     other's role at once both lose it, on every laptop, and no answer depends on itself.
type authorityView struct {
	g          *graph
	admissions map[Author][]admission
	tried      map[Author]bool    // keys with an admission that its own past allowed, set aside or not
	people     map[PersonID][]int // entries that admitted the person
	grants     map[PersonID][]grant
	ends       map[PersonID][]ending
	revoked    map[Author][]int // valid key.revoked
	orders     map[incident.Role][]order
	rows       map[rowKey][]change

	rowsAt map[rowPlace]rowKept // vantage.go
	heldAt map[heldPlace]heldKept
}

type admission struct {
	at     int
	person PersonID
}

type grant struct {
	at       int
	role     incident.Role
	from, to time.Time
	basis    Basis
	kinds    []Kind   // of a delegation: what it is limited to; empty = every kind that may be delegated
	lender   PersonID // of a delegation: whose role it is
}

// anyKind asks for every role held, also those lent for a few kinds only.
const anyKind = Kind("")

// reaches reports whether the grant speaks for a kind, which can be lent or not.
func (gr grant) reaches(k Kind, lendable bool) bool {
	if gr.basis.full() || k == anyKind {
		return true
	}
	return lendable && (len(gr.kinds) == 0 || slices.Contains(gr.kinds, k))
}

type ending struct {
	at   int
	role incident.Role
}

type order struct {
	at      int
	persons []PersonID
}

type rowKey struct {
	kind  Kind
	class Class
}

type change struct {
	at  int
	row authority.Row
}

// maxGrants bounds grants, ends and revocations of one person, and changes of one row, so that judging an entry stays
// cheap.
const maxGrants = 1000

func newAuthorityView(g *graph) *authorityView {
	return &authorityView{
		g: g, admissions: map[Author][]admission{}, people: map[PersonID][]int{}, grants: map[PersonID][]grant{},
		ends: map[PersonID][]ending{}, revoked: map[Author][]int{}, orders: map[incident.Role][]order{}, rows: map[rowKey][]change{},
		rowsAt: map[rowPlace]rowKept{}, heldAt: map[heldPlace]heldKept{},
	}
}

func (v *authorityView) admit(at int, p PersonRef) {
	v.admissions[p.Key] = append(v.admissions[p.Key], admission{at, p.ID})
	v.people[p.ID] = append(v.people[p.ID], at)
}

// open makes the opener a person and Incident Commander.
func (v *authorityView) open(at int, d *CaseOpenedData) {
	v.admit(at, d.Person)
	v.grants[d.Person.ID] = append(v.grants[d.Person.ID], grant{at: at, role: incident.RoleIncidentCommander})
}

// seen reports whether entry a counts for entry i.
func (v *authorityView) seen(a, i int) bool { return a == i || v.g.before(a, i) }

// narrows reports whether an end or a narrower row at a counts for entry i: it is in i's past or, unless pastOnly,
// concurrent with it.
func (v *authorityView) narrows(a, i int, pastOnly bool) bool {
	return v.g.before(a, i) || (!pastOnly && a != i && !v.g.before(i, a))
}

// personOf names the person of an entry's author: the admission lies in the entry's past and the key was not revoked
// since.
func (v *authorityView) personOf(a Author, i int, pastOnly bool) (p PersonID, code Code) {
	code = CodeUnknownAuthor
	if len(v.admissions[a]) > 0 || v.tried[a] {
		code = CodeNotYetAdmitted
	}
	for _, ad := range v.admissions[a] {
		if !v.seen(ad.at, i) {
			continue
		}
		if slices.ContainsFunc(v.revoked[a], func(r int) bool { return v.narrows(r, i, pastOnly) && !v.g.before(r, ad.at) }) {
			code = CodeKeyRevoked
			continue
		}
		return ad.person, ""
	}
	return "", code
}

// holding is a grant that counts at an entry.
type holding struct {
	role  incident.Role
	basis Basis
	at    int       // the entry that gave it
	to    time.Time // zero: until ended
}

// held lists what a person holds at entry i for a kind, their own roles first. pastOnly leaves concurrent ends out.
func (v *authorityView) held(p PersonID, i int, k Kind, pastOnly bool) []holding {
	var own, lent []holding
	now := v.g.latest[i]
	lendable := k == anyKind || authority.Delegable(string(k))
	for _, n := range v.alive(p, i, pastOnly) {
		gr := &v.grants[p][n]
		if (!lendable && !gr.basis.full()) || now.Before(gr.from) || (!gr.to.IsZero() && !now.Before(gr.to)) || !gr.reaches(k, lendable) {
			continue
		}
		if h := (holding{gr.role, gr.basis, gr.at, gr.to}); gr.basis.full() {
			own = append(own, h)
		} else {
			lent = append(lent, h)
		}
	}
	return append(own, lent...)
}

// alive lists the grants of a person, by their place in the list, that entry i has seen and no end narrows.
func (v *authorityView) alive(p PersonID, i int, pastOnly bool) []int {
	grants, ends := v.grants[p], v.ends[p]
	if len(grants)+len(ends) < fewGrants {
		return v.aliveNow(p, i, pastOnly)
	}
	at := heldPlace{p, v.g.lane[i], pastOnly}
	from := heldFrom{
		grants: v.vantage(i, len(grants), func(n int) int { return grants[n].at }),
		ends:   v.vantage(i, len(ends), func(n int) int { return ends[n].at }),
	}
	var asked []PersonID
	for n := range grants {
		l := grants[n].lender
		if l == "" || slices.Contains(asked, l) {
			continue
		}
		asked = append(asked, l)
		theirs := v.ends[l]
		x := v.vantage(i, len(theirs), func(n int) int { return theirs[n].at })
		from.lenders.all, from.lenders.past, from.lenders.future = from.lenders.all+x.all, from.lenders.past+x.past, from.lenders.future+x.future
	}
	if kept, ok := v.heldAt[at]; ok && kept.from == from {
		return kept.alive
	}
	alive := v.aliveNow(p, i, pastOnly)
	v.heldAt[at] = heldKept{from, alive}
	return alive
}

func (v *authorityView) aliveNow(p PersonID, i int, pastOnly bool) []int {
	var out []int
	for n := range v.grants[p] {
		gr := &v.grants[p][n]
		if !v.seen(gr.at, i) {
			continue
		}
		ended := func(en ending) bool {
			return en.role == gr.role && v.narrows(en.at, i, pastOnly) && !v.g.before(en.at, gr.at)
		}
		if !slices.ContainsFunc(v.ends[p], ended) && (gr.lender == "" || !slices.ContainsFunc(v.ends[gr.lender], ended)) {
			out = append(out, n)
		}
	}
	return out
}

// rowAt is the matrix row that counts for entry i.
func (v *authorityView) rowAt(k Kind, c Class, i int) authority.Row {
	key := rowKey{k, c}
	changes := v.rows[key]
	if len(changes) == 0 {
		return authority.Default(string(k), string(c))
	}
	from := v.vantage(i, len(changes), func(n int) int { return changes[n].at })
	at := rowPlace{key, from.lane}
	if kept, ok := v.rowsAt[at]; ok && kept.from == from {
		return kept.row
	}
	row := rowOf(key, newestOf(v.g, changes, func(x int) bool { return v.g.before(x, i) }))
	for _, x := range changes {
		if x.at != i && !v.g.before(x.at, i) && !v.g.before(i, x.at) {
			row = row.Narrowed(x.row)
		}
	}
	v.rowsAt[at] = rowKept{from, row}
	return row
}

// newestOf lists, in causal order, the changes that are seen and that no other seen one has in its past.
func newestOf(g *graph, changes []change, seen func(at int) bool) []change {
	var out []change
	for n := len(changes) - 1; n >= 0; n-- { // whatever supersedes x stands behind it, and is in out or superseded by one of out
		x := changes[n]
		if seen(x.at) && !slices.ContainsFunc(out, func(y change) bool { return g.before(x.at, y.at) }) {
			out = append(out, x)
		}
	}
	slices.Reverse(out)
	return out
}

// rowOf is what all of these changes allow; without any the row of roles.json.
func rowOf(key rowKey, newest []change) authority.Row {
	if len(newest) == 0 {
		return authority.Default(string(key.kind), string(key.class))
	}
	row := newest[0].row
	for _, x := range newest[1:] {
		row = row.Narrowed(x.row)
	}
	return row
}

// orderAt is the order of succession known at entry i.
func (v *authorityView) orderAt(r incident.Role, i int) []PersonID {
	var out []PersonID
	for _, o := range v.orders[r] { // in causal order: the last one counts
		if v.g.before(o.at, i) {
			out = o.persons
		}
	}
	return out
}

// holdersAt lists who holds a role in their own right at entry i, ascending.
func (v *authorityView) holdersAt(r incident.Role, i int, pastOnly bool) []PersonID {
	var out []PersonID
	for _, p := range sortedKeys(v.grants) {
		if slices.ContainsFunc(v.held(p, i, RoleGranted, pastOnly), func(h holding) bool { return h.role == r }) {
			out = append(out, p)
		}
	}
	return out
}

func rolesOf(hs []holding) []incident.Role {
	var out []incident.Role
	for _, h := range hs {
		if !slices.Contains(out, h.role) {
			out = append(out, h.role)
		}
	}
	return out
}

// ownRoles are the roles held in one's own right.
func ownRoles(hs []holding) []incident.Role {
	return rolesOf(slices.DeleteFunc(slices.Clone(hs), func(h holding) bool { return !h.basis.full() }))
}
