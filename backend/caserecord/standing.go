package caserecord

import (
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// standing is where an author stands when an entry is judged: at its place in the causal order, or now, when MayWrite asks
// before a person signs. Both ask the same rules, so that window and verifier cannot disagree.
type standing struct {
	person  PersonID
	now     time.Time // greatest recorded time known
	held    func(Kind) []holding
	row     func(Kind, Class) authority.Row
	known   func(ID) bool            // the entry is accepted and was known to the author
	content func(ID) (Content, bool) // of a known entry
	author  func(ID) PersonID        // whose entry it is
	order   func(incident.Role) []PersonID
	holders func(incident.Role) []PersonID
	admits  func(PersonID) bool // the person was admitted
	owner   func(Author) (PersonID, bool)
	keyOf   func(Author, PersonID) bool // the key was known as the person's
}

// judgement is what judging an entry gives.
type judgement struct {
	code  Code // "" when it counts
	err   error
	basis Basis // on what the role rests that it needed
	at    int   // the entry that gave it, for basis other than BasisGrant
	two   bool  // it awaits a second person
}

func refused(code Code, err error) judgement { return judgement{code: code, err: err} }

// judge says whether the author may write this content.
func (st *standing) judge(s *State, c Content) judgement {
	var acts incident.Role
	if a, ok := c.(acting); ok {
		acts = a.actingRole()
	}
	if err := st.inPlace(s, c); err != nil {
		return refused(CodeOutOfPlace, err)
	}
	held := st.held(c.Kind())
	if done, err := st.ownRule(s, c, held); err != nil {
		return refused(CodeNotAuthorised, err)
	} else if done {
		return judgement{}
	}
	kind, class := c.Kind(), s.classOf(c, st.known)
	row := st.row(kind, class)
	if err := row.Check(string(kind), string(class), acts, rolesOf(held)); err != nil {
		if acts != "" && !slices.Contains(rolesOf(held), acts) && slices.Contains(rolesOf(st.held(anyKind)), acts) {
			err = errNotAuthorised("the role " + acts.Title() + " is held by delegation or break-glass, which does not reach " + string(kind))
		}
		return refused(CodeNotAuthorised, err)
	}
	j := judgement{two: row.TwoPerson}
	if row.Check(string(kind), string(class), acts, ownRoles(held)) != nil {
		for _, h := range held { // the role that did it, lent or taken
			if (acts == "" && slices.Contains(row.Roles, h.role)) || h.role == acts {
				j.basis, j.at = h.basis, h.at
				break
			}
		}
	}
	return j
}

// ownRule holds the rules that no row can say. done means that the entry counts whatever the matrix says.
func (st *standing) ownRule(s *State, c Content, held []holding) (done bool, err error) {
	holds := func(r incident.Role) bool { return slices.Contains(ownRoles(held), r) }
	switch d := c.(type) {
	case *RoleEndedData:
		return d.Person == st.person && d.ByRole == d.Role && slices.Contains(rolesOf(st.held(anyKind)), d.Role), nil // laying down one's own
	case *CorrectionMadeData:
		if !holds(incident.RoleIncidentCommander) && st.author(d.Supersedes) != st.person {
			return false, errNotAuthorised("corrects somebody else's words without being Incident Commander")
		}
	case *RoleDelegatedData:
		if !holds(d.Role) {
			return false, errNotAuthorised("delegates the role " + d.Role.Title() + " without holding it in their own right")
		}
		to := mustTime(d.To)
		if !slices.ContainsFunc(held, func(h holding) bool {
			return h.role == d.Role && h.basis.full() && (h.to.IsZero() || !to.After(h.to))
		}) {
			return false, errNotAuthorised("delegates the role " + d.Role.Title() + " for longer than they hold it")
		}
	case *RoleAssumedData:
		return false, st.mayAssume(d)
	case *KeyRevokedData:
		if d.ByRole == "" && d.Person != st.person {
			return false, errNotAuthorised("revokes somebody else's key without acting as Incident Commander")
		}
		return d.Person == st.person && d.ByRole == "", nil
	case *GlassReviewedData:
		if st.author(d.Entry) == st.person {
			return false, errNotAuthorised("reviews their own break-glass")
		}
	case *ActCosignedData:
		return st.mayCosign(s, d)
	case *ConflictResolvedData:
		return st.mayResolve(s, d)
	case *CustodyTakenData:
		if given, _ := st.content(d.Transfer); given.(*CustodyGivenData).To != st.person {
			return false, errNotAuthorised("takes items that were handed to somebody else")
		}
	case *WordsSealedData:
		if !slices.Contains(s.Lane(d.Lane).membersKnown(st.known), st.person) {
			return false, errNotAuthorised("writes into a lane without being a member")
		}
	}
	return false, nil
}

// mayAssume holds the order of succession: the author stands in it, and everybody who comes first is named as absent.
func (st *standing) mayAssume(d *RoleAssumedData) error {
	place := slices.Index(st.order(d.Role), st.person)
	if place < 0 {
		return errNotAuthorised("assumes the role " + d.Role.Title() + " without standing in its order of succession")
	}
	first := append(slices.Clone(st.order(d.Role)[:place]), st.holders(d.Role)...)
	for _, p := range first {
		if p != st.person && !slices.Contains(d.Absent, p) {
			return errNotAuthorised("assumes the role " + d.Role.Title() + " without naming everybody before them as absent")
		}
	}
	return nil
}

// mayCosign: another person, who may write the act themselves.
func (st *standing) mayCosign(s *State, d *ActCosignedData) (bool, error) {
	act, ok := st.content(d.Entry)
	if !ok {
		return false, errNotAuthorised("co-signs an act whose words are not here")
	}
	if st.author(d.Entry) == st.person {
		return false, errNotAuthorised("co-signs their own act")
	}
	return true, st.may(s, act, d.Role)
}

// mayResolve: whoever may write the entry they choose.
func (st *standing) mayResolve(s *State, d *ConflictResolvedData) (bool, error) {
	_, chosen, ok := s.settled(d.Chosen, st.content)
	if !ok {
		return false, errNotAuthorised("chooses an entry whose words are not here")
	}
	return true, st.may(s, chosen, d.Role)
}

// may asks whether the author could write c in a role of their own: co-signing and resolving are core kinds, which lent and
// taken roles do not reach. Of the rules that no row can say those count that a second person can fulfil.
func (st *standing) may(s *State, c Content, role incident.Role) error {
	kind, class := c.Kind(), s.classOf(c, st.known)
	held := st.held(kind)
	switch c.(type) {
	case *CorrectionMadeData, *WordsSealedData, *GlassReviewedData:
		if _, err := st.ownRule(s, c, held); err != nil {
			return err
		}
	}
	return st.row(kind, class).Check(string(kind), string(class), role, ownRoles(held))
}

// inPlace checks that what an entry refers to was known to its writer.
func (st *standing) inPlace(s *State, c Content) error {
	switch d := c.(type) {
	case *CaseOpenedData:
		return errOutOfPlace("the case is open already")
	case *PersonAdmittedData:
		if owner, ok := st.owner(d.Person.Key); ok && owner != d.Person.ID {
			return errOutOfPlace("the key belongs to another person")
		}
	case *RoleGrantedData:
		return st.admitted(d.Person)
	case *RoleDelegatedData:
		return st.admitted(d.Person)
	case *SuccessionSetData:
		return st.admitted(d.Order...)
	case *LaneOpenedData:
		if s.Lane(d.Lane) != nil && st.known(s.Lane(d.Lane).Entry) {
			return errOutOfPlace("the lane is open already")
		}
		return st.admitted(d.Members...)
	case *KeyRevokedData:
		if !st.keyOf(d.Key, d.Person) {
			return errOutOfPlace("the key is not known as this person's")
		}
	case *GlassBrokenData:
		if to := mustTime(d.To); !to.After(st.now) || to.After(st.now.Add(MaxGlass)) {
			return errOutOfPlace("a break-glass ends within " + MaxGlass.String())
		}
	default:
		return st.refersTo(s, c)
	}
	return nil
}

// refersTo checks the kinds that point at other entries.
func (st *standing) refersTo(s *State, c Content) error {
	switch d := c.(type) {
	case *DocumentDraftedData:
		for _, dr := range s.find.drafted.get(d.Document) {
			if dr.class != d.Class && st.known(dr.entry) {
				return errOutOfPlace("the document is of another class")
			}
		}
	case *DocumentApprovedData:
		if s.classOf(d, st.known) == "" {
			return errOutOfPlace("no draft with this hash was known")
		}
	case *DocumentReleasedData:
		if s.classOf(d, st.known) == "" {
			return errOutOfPlace("no draft of this document was known")
		}
	case *CorrectionMadeData:
		if !st.known(d.Supersedes) {
			return errOutOfPlace("the corrected entry was not known")
		}
	case *GlassReviewedData:
		return st.pointsAt(d.Entry, GlassBroken, "the break-glass was not known")
	case *ActCosignedData:
		if !st.known(d.Entry) {
			return errOutOfPlace("the act to co-sign was not known")
		}
		if act, ok := st.content(d.Entry); ok && act.Kind() == EvidencePurged { // the second signature is what deletes
			return st.inPlace(s, act)
		}
	case *ConflictResolvedData:
		if strings.HasPrefix(d.Field, fieldSuccession) { // governing kinds do not depend on other kinds
			return errOutOfPlace("an order of succession is settled by setting it again")
		}
		for _, id := range d.Over {
			if _, at, ok := s.settled(id, st.content); !ok || !st.known(id) || !sets(at, d.Field) {
				return errOutOfPlace("an entry that it settles was not known, or does not set this field")
			}
		}
	case *CustodyTakenData:
		if err := st.pointsAt(d.Transfer, CustodyGiven, "the transfer was not known"); err != nil {
			return err
		}
		if t := s.Transfer(d.Transfer); t != nil && t.Taken != nil && st.known(t.Taken.Entry) {
			return errOutOfPlace("the transfer was answered already")
		}
	case *MismatchExplainedData:
		if err := st.pointsAt(d.Check, EvidenceChecked, "the check was not known"); err != nil {
			return err
		}
		if found, _ := st.content(d.Check); !slices.Contains(found.(*EvidenceCheckedData).Altered, d.SHA256) {
			return errOutOfPlace("the check found no mismatch on this item")
		}
	case *ImportUndoneData:
		for _, id := range d.Imports {
			if err := st.pointsAt(id, EvidenceImported, "a receipt that it undoes was not known"); err != nil {
				return err
			}
		}
	case *EvidencePurgedData:
		if h := s.HoldOn(d.SHA256, st.known); h != nil {
			return errOutOfPlace("a hold stands on the item: " + h.Data.Matter)
		}
	case *HoldReleasedData:
		return st.pointsAt(d.Hold, HoldPlaced, "the hold was not known")
	case *LaneChangedData:
		if l := s.Lane(d.Lane); l == nil || !st.known(l.Entry) {
			return errOutOfPlace("the lane was not known")
		}
		return st.admitted(d.Members...)
	case *WordsSealedData:
		if l := s.Lane(d.Lane); l == nil || !st.known(l.Entry) {
			return errOutOfPlace("the lane was not known")
		}
	case *PrivilegeMarkedData:
		if l := s.Lane(d.Lane); l == nil || !st.known(l.Entry) {
			return errOutOfPlace("the lane was not known")
		}
	}
	return nil
}

func (st *standing) pointsAt(id ID, k Kind, otherwise string) error {
	if c, ok := st.content(id); !ok || c.Kind() != k || !st.known(id) {
		return errOutOfPlace(otherwise)
	}
	return nil
}

func (st *standing) admitted(people ...PersonID) error {
	for _, p := range people {
		if !st.admits(p) {
			return errOutOfPlace("the person was not admitted")
		}
	}
	return nil
}

// classOf finds the class of the document that an entry is about, "" for other kinds.
func (s *State) classOf(c Content, known func(ID) bool) Class {
	switch d := c.(type) {
	case *DocumentApprovedData:
		for _, dr := range s.find.drafted.get(draftKey(d.Document, d.ModelSHA256)) {
			if known(dr.entry) {
				return dr.class
			}
		}
	case *DocumentReleasedData:
		drafts := s.draftsOf(d.Document)
		for i := len(drafts) - 1; i >= 0; i-- {
			if known(drafts[i].Entry) {
				return drafts[i].Data.Class
			}
		}
	}
	return ""
}

func (s *State) draftsOf(document string) []DocumentDraft {
	if d := s.Document(document); d != nil {
		return d.Drafts
	}
	return nil
}

// settled follows resolutions down to the entry that holds the value.
func (s *State) settled(id ID, content func(ID) (Content, bool)) (ID, Content, bool) {
	for range MaxAuthors { // each step goes back in time; the bound is for form
		c, ok := content(id)
		if !ok {
			return id, nil, false
		}
		r, again := c.(*ConflictResolvedData)
		if !again {
			return id, c, true
		}
		id = r.Chosen
	}
	return id, nil, false
}

// MayWrite says whether a person may write this content now, as the fold would judge it. nil means yes. The error wraps
// authority.ErrNotAuthorised or ErrOutOfPlace and reads as a sentence. A laptop clock that lags behind the record counts
// as the record's latest time.
func (s *State) MayWrite(p PersonID, c Content, at time.Time) error {
	return s.standingNow(p, at).judgeNow(s, c)
}

func (st *standing) judgeNow(s *State, c Content) error {
	if !st.admits(st.person) {
		return errNotAuthorised("the person was not admitted to this case")
	}
	if d, ok := c.(*EntryAdmittedData); ok && !s.admissible(d.Entry, st.person) {
		return errOutOfPlace("the entry was not set aside for want of authority, or is one's own and lacked it")
	}
	return st.judge(s, c).err
}

// NeedsSecond says whether an act would await a second person's signature, and which roles could give it.
func (s *State) NeedsSecond(c Content) ([]incident.Role, bool) {
	row := s.RowNow(c.Kind(), s.classOf(c, func(ID) bool { return true }))
	return row.Roles, row.TwoPerson
}

func (s *State) standingNow(p PersonID, at time.Time) *standing {
	now := later(s.Latest, at)
	return &standing{
		person: p, now: now,
		held:  func(k Kind) []holding { return s.holdings(p, now, k) },
		row:   s.RowNow,
		known: s.Accepted,
		content: func(id ID) (Content, bool) {
			i, ok := s.entries.get(id)
			if !ok {
				return nil, false
			}
			c := s.graph.entries[i].content
			return c, c != nil
		},
		author: func(id ID) PersonID {
			if i, ok := s.entries.get(id); ok {
				return s.byAuthor[s.graph.entries[i].Header.Author]
			}
			return ""
		},
		order:   s.Succession,
		holders: func(r incident.Role) []PersonID { return s.HoldersOf(r, now) },
		admits:  func(id PersonID) bool { return s.Person(id) != nil },
		owner:   func(a Author) (PersonID, bool) { o, ok := s.byAuthor[a]; return o, ok },
		keyOf:   func(a Author, q PersonID) bool { return q != "" && s.byAuthor[a] == q },
	}
}
