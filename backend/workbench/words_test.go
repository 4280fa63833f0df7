package workbench

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

// TestShortReasonsAreToldWhenProposed: not after the person has read what follows and unlocked their key.
func TestShortReasonsAreToldWhenProposed(t *testing.T) {
	const counsel = "legal-counsel"
	r := newRoom(t, map[string]string{"Ben": commander})
	r.do(r.b.ProposeGrant(Grant{Person: "Ada", Role: counsel}))
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 4))
	sha := r.b.State().Evidence[0].SHA256
	if _, err := r.b.ProposePurge(sha, "no use"); !errors.Is(err, ErrReason) {
		t.Errorf("a deletion: %v", err)
	}
	r.as("Ada", counsel)
	hold := r.do(r.b.ProposeHold("Silver", "a claim is likely", []string{sha}))
	if _, err := r.b.ProposeHoldRelease(string(hold.ID), "over"); !errors.Is(err, ErrReason) {
		t.Errorf("the release of a hold: %v", err)
	}
	r.do(r.b.ProposeLane(LaneOpening{Name: "Silver", Matter: "m", Direction: "to advise", Members: []string{"Ada"}}))
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: sha, Lane: "Silver", Track: "fact", Basis: "collected for counsel"}))
	if _, err := r.b.ProposeLift("evidence", sha, "over"); !errors.Is(err, ErrReason) {
		t.Errorf("lifting a mark: %v", err)
	}
}

// TestRolesWithoutAKeySaySo: a role that nobody can sign in is not shown as if its holder could act.
func TestRolesWithoutAKeySaySo(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": commander})
	words := func() string {
		for _, x := range r.b.People(false) {
			if x.Name == "Ben" {
				return x.Roles[0].Words
			}
		}
		return ""
	}
	if got := words(); got == "" || strings.Contains(got, "none of their keys") {
		t.Errorf("%q", got)
	}
	r.do(r.b.ProposeRevocation("Ben", "", "the laptop was stolen"))
	if got := words(); !strings.HasSuffix(got, "; none of their keys may sign") {
		t.Errorf("%q", got)
	}
}

// TestEndTellsWhatWasLent: ending a role ends what its holder lent of it, and whoever signs is told to whom.
func TestEndTellsWhatWasLent(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": commander, "Cy": "responder"})
	r.as("Ben", commander)
	r.do(r.b.ProposeDelegation(Delegation{Person: "Cy", Role: commander, To: "+8h", Why: "in the air"}))
	r.as("Ada", commander)
	p, err := r.b.ProposeEnd("Ben", commander, "left the incident")
	if err != nil || !strings.Contains(strings.Join(p.Consequences, "\n"), "What was lent of it to Cy ends too.") {
		t.Fatal(err, p.Consequences)
	}
	r.do(p, err)
	for _, x := range r.b.People(false) {
		if x.Name == "Cy" && len(x.Roles) != 1 {
			t.Errorf("%+v", x.Roles)
		}
	}
}

// TestPurgedItemIsTakenAnew: evidence that comes back after a deletion is kept, also over the next opening.
func TestPurgedItemIsTakenAnew(t *testing.T) {
	r := newRoom(t, nil)
	path := filepath.Join(t.TempDir(), "a.log")
	take(t, r.b, evidence.KeepSealed, path, lines("fs01", 4))
	sha := r.b.State().Evidence[0].SHA256
	d, err := incident.ParseDigest(sha)
	if err != nil {
		t.Fatal(err)
	}
	r.do(r.b.ProposePurge(sha, "holds private letters, not needed"))
	if r.b.folder.Vault().Has(d) {
		t.Fatal("not deleted")
	}
	take(t, r.b, evidence.KeepSealed, path, lines("fs01", 4))
	r.reopen("Ada")
	if !r.b.folder.Vault().Has(d) || r.b.State().PurgeOf(sha) != nil || len(r.b.State().Item(sha).Received) != 2 {
		t.Error("what was taken in anew is gone again")
	}
}

// TestNobodySignsWhatAnotherWasShown: a dialog that somebody left open is nothing to the next at the keyboard.
func TestNobodySignsWhatAnotherWasShown(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": commander})
	p, err := r.b.ProposeGrant(Grant{Person: "Ben", Role: "responder"})
	if err != nil {
		t.Fatal(err)
	}
	r.as("Ben", commander)
	if _, err := r.b.SignAct(t.Context(), confirm.New(r.me(), p.Shown, p.Kinds...)); !errors.Is(err, ErrShownChanged) {
		t.Errorf("%v", err)
	}
}
