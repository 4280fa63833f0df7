package caserecord

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/incident"
)

// The tests in rules_*_test.go hold the fold to record-format.md §5, one case a sentence. Ada commands, Ben is responder,
// Cy is counsel; a case writes entries and says of each with which code it is set aside, "" for one that counts. What is
// said is checked at the end over the union of all copies, in both directions of arrival.
type ruled struct {
	*testing.T
	ada, ben, cy *signer
	extra        []*signer
	said         []expectation
	state        func(s *State) // further questions about the whole
}

type expectation struct {
	e    Entry
	want Code
}

type rule struct {
	name string
	do   func(w *ruled)
}

func check(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			ada, ben, cy := team(t)
			w := &ruled{T: t, ada: ada, ben: ben, cy: cy}
			r.do(w)
			l := NewLog()
			for _, s := range append([]*signer{ada, ben, cy}, w.extra...) {
				l.Union(s.log)
			}
			all := slices.Clone(l.Entries())
			s := Fold(all)
			if len(w.said) == 0 && w.state == nil {
				t.Fatal("the case says nothing")
			}
			for i, x := range w.said {
				if got := refusedFor(s, x.e); got != x.want || s.Accepted(x.e.ID) != (x.want == "") {
					t.Errorf("%d, %s: %q, want %q", i+1, x.e.Header.Kind, got, x.want)
				}
			}
			if w.state != nil {
				w.state(s)
			}
			if r := Verify(all); r.ExitCode() != 0 && !slices.Contains(codes(r, ""), CodeEquivocation) && !slices.Contains(codes(r, ""), CodeUnknownAuthor) {
				t.Errorf("%s %v", r.Verdict, r.Problems)
			}
			slices.Reverse(all)
			if stateText(Fold(all)) != stateText(s) {
				t.Error("another order of arrival, another state")
			}
		})
	}
}

// is says what becomes of an entry.
func (w *ruled) is(e Entry, want Code) Entry { w.said = append(w.said, expectation{e, want}); return e }

// counts and aside write and say it at once.
func (w *ruled) counts(s *signer, c Content) Entry           { return w.is(s.write(c), "") }
func (w *ruled) aside(s *signer, c Content, want Code) Entry { return w.is(s.write(c), want) }

// sync gives everybody everything.
func (w *ruled) sync() {
	people := append([]*signer{w.ada, w.ben, w.cy}, w.extra...)
	for range 2 {
		for _, a := range people {
			for _, b := range people {
				a.take(b)
			}
		}
	}
}

// commander makes Ben a second commander.
func (w *ruled) commander() { w.ada.grant(w.ben, ic); w.sync() }

// guest is somebody with a key who was not admitted.
func (w *ruled) guest(name string) *signer {
	s := newSigner(w, name)
	s.take(w.ada)
	w.extra = append(w.extra, s)
	return s
}

// second is another key of a person, admitted.
func (w *ruled) second(of *signer) *signer {
	d := device(w, of, "second laptop")
	w.ada.admit(d)
	w.extra = append(w.extra, d)
	w.sync()
	return d
}

const because20 = "a reason of at least twenty characters"

func (s *signer) delegate(to *signer, r incident.Role, lasts time.Duration, kinds ...Kind) Entry {
	return s.write(&RoleDelegatedData{Person: to.ref.ID, Role: r, Scope: kinds, From: s.now.Format(time.RFC3339), To: s.after(lasts), Why: "away", ByRole: r})
}

func breakGlass(s *signer, r incident.Role, lasts time.Duration) *GlassBrokenData {
	return &GlassBrokenData{Role: r, Why: because20, To: s.now.Add(time.Second + lasts).Format(time.RFC3339Nano)}
}

func review(e Entry, as incident.Role) *GlassReviewedData {
	return &GlassReviewedData{Entry: e.ID, Outcome: ReviewUpheld, Why: because20, Role: as}
}

func ends(of *signer, r, by incident.Role) *RoleEndedData {
	return &RoleEndedData{Person: of.ref.ID, Role: r, Why: "over", ByRole: by}
}

func succession(r incident.Role, order ...*signer) *SuccessionSetData {
	d := &SuccessionSetData{Role: r, ByRole: ic, Order: []PersonID{}}
	for _, s := range order {
		d.Order = append(d.Order, s.ref.ID)
	}
	return d
}

func assume(r incident.Role, absent ...*signer) *RoleAssumedData {
	d := &RoleAssumedData{Role: r, Why: because20, Absent: []PersonID{}}
	for _, s := range absent {
		d.Absent = append(d.Absent, s.ref.ID)
	}
	slices.Sort(d.Absent)
	return d
}

func row(of Kind, two bool, roles ...incident.Role) *AuthorityChangedData {
	return &AuthorityChangedData{Of: of, Roles: sorted(roles...), TwoPerson: two, Why: "as we agreed", ByRole: ic}
}

func cosign(e Entry, as incident.Role) *ActCosignedData {
	return &ActCosignedData{Entry: e.ID, ShownSHA256: hash("shown"), Role: as}
}

func admitEntry(e Entry) *EntryAdmittedData {
	return &EntryAdmittedData{Entry: e.ID, Why: because20, ByRole: ic}
}

func revoke(of *signer, by incident.Role) *KeyRevokedData {
	return &KeyRevokedData{Person: of.ref.ID, Key: of.ref.Key, Why: "lost", ByRole: by}
}

// refusesToSign checks that no honest program signs this at all.
func refusesToSign(t *testing.T, s *signer, name string, c Content, field string) {
	t.Helper()
	h, err := s.log.Next(s.ref.Key, s.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Seal(h, c, s.nextSalt(), s.sign); !errors.Is(err, CodeBody) || !strings.Contains(err.Error(), field) {
		t.Errorf("%s: %v", name, err)
	}
}

// TestRulesInTheForm: what the form of an entry refuses already, so that nobody has to judge it.
func TestRulesInTheForm(t *testing.T) {
	ada, ben, _ := team(t)
	over := sorted(ID(hash("a")), ID(hash("b")))
	late := ada.after(time.Hour)
	good := RoleDelegatedData{Person: ben.ref.ID, Role: ic, From: ada.after(0), To: late, Why: "away", ByRole: ic}
	with := func(change func(*RoleDelegatedData)) Content { d := good; change(&d); return &d }
	for _, c := range []struct {
		name  string
		c     Content
		field string
	}{
		{"a delegation of another role than acted in", with(func(d *RoleDelegatedData) { d.ByRole = counsel }), "by_role"},
		{"a delegation of a core kind", with(func(d *RoleDelegatedData) { d.Scope = []Kind{RoleGranted} }), "scope"},
		{"a delegation of act.cosigned", with(func(d *RoleDelegatedData) { d.Scope = []Kind{ActCosigned} }), "scope"},
		{"a delegation of a kind that is none", with(func(d *RoleDelegatedData) { d.Scope = []Kind{"note.lost"} }), "scope"},
		{"a delegation with its kinds twice", with(func(d *RoleDelegatedData) { d.Scope = []Kind{NoteMade, NoteMade} }), "scope"},
		{"a delegation that ends before it begins", with(func(d *RoleDelegatedData) { d.To = d.From }), "to"},
		{"a break-glass for counsel's role", &GlassBrokenData{Role: counsel, Why: because20, To: late}, "role"},
		{"a break-glass without a reason", &GlassBrokenData{Role: ic, Why: "because           .", To: late}, "why"},
		{"a row of a core kind", row(RoleGranted, false, ic), "of"},
		{"a row of act.cosigned", row(ActCosigned, false, ic), "of"},
		{"a row of an unknown kind", row("note.lost", false, ic), "of"},
		{"a row with a class that the kind has not", &AuthorityChangedData{Of: NoteMade, Class: ClassReport, Roles: []incident.Role{ic}, Why: "x", ByRole: ic}, "class"},
		{"a row of documents without class", row(DocumentApproved, false, ic), "class"},
		{"a row for nobody", row(NoteMade, false), "roles"},
		{"a row with roles not ascending", &AuthorityChangedData{Of: NoteMade, Roles: []incident.Role{counsel, ic}, Why: "x", ByRole: ic}, "roles"},
		{"an admission without a reason", &EntryAdmittedData{Entry: over[0], Why: "just so", ByRole: ic}, "why"},
		{"a resolution of one entry", &ConflictResolvedData{Field: "severity", Chosen: over[0], Over: over[:1], ReasonCode: "x", Reason: because20, Role: ic}, "over"},
		{"a resolution for an entry outside", &ConflictResolvedData{Field: "severity", Chosen: ID(hash("c")), Over: over, ReasonCode: "x", Reason: because20, Role: ic}, "chosen"},
		{"a resolution without a reason", &ConflictResolvedData{Field: "severity", Chosen: over[0], Over: over, ReasonCode: "x", Role: ic}, "reason"},
		{"a succession with a person twice", succession(ic, ben, ben), "order"},
		{"an assumed role with the absent not ascending", &RoleAssumedData{Role: ic, Why: because20, Absent: []PersonID{"ffffffffffffffffffffffffffffffff", "00000000000000000000000000000000"}}, "absent"},
		{"custody of nothing", &CustodyGivenData{Receiver: "a", Purpose: "p", Place: "q", Condition: "c", At: late, Role: responder}, "items"},
		{"items not ascending", &HoldPlacedData{Matter: "m", Why: "w", Items: []string{hash("b"), hash("a"), hash("b")}, Role: counsel}, "items"},
		{"a check that loses an item", &EvidenceCheckedData{Items: 2, Same: 1}, "items"},
		{"a lane without members", &LaneOpenedData{Lane: hash("l")[:32], Name: "n", Direction: "d", Role: counsel}, "members"},
		{"a box for nobody", &WordsSealedData{Lane: hash("l")[:32], Track: TrackFact, Box: "QUFB"}, "to"},
		{"a box that is no base64", &WordsSealedData{Lane: hash("l")[:32], Track: TrackFact, To: []Author{ada.ref.Key}, Box: "QUFB\n"}, "box"},
		{"a box with loose bits in its base64", &WordsSealedData{Lane: hash("l")[:32], Track: TrackFact, To: []Author{ada.ref.Key}, Box: "QUF="}, "box"},
		{"a mark on something else", &PrivilegeMarkedData{Of: "row", Ref: hash("x"), Lane: hash("l")[:32], Track: TrackFact, Basis: "b", Role: counsel}, "of"},
		{"a mark on a document by a hash", &PrivilegeMarkedData{Of: MarkDocument, Ref: hash("x"), Lane: hash("l")[:32], Track: TrackFact, Basis: "b", Role: counsel}, "ref"},
		{"a paper slip with a proof", &WitnessReceivedData{Head: hash("h"), How: WitnessPaper, By: "b", At: late, Proof: "QUFB"}, "proof"},
		{"a time stamp without a proof", &WitnessReceivedData{Head: hash("h"), How: WitnessTimestamp, By: "b", At: late}, "proof"},
	} {
		refusesToSign(t, ada, c.name, c.c, c.field)
	}
}
