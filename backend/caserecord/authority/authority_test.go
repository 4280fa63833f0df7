package authority

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"adjutant/backend/incident"
)

const (
	ic       = incident.RoleIncidentCommander
	counsel  = incident.RoleLegalCounsel
	pio      = incident.RolePublicInformation
	resp     = incident.RoleResponder
	noActing = incident.Role("")
)

// TestCheck states the rules that people would miss first, as a table.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, kind, class string
		acting            incident.Role
		held              []incident.Role
		ok                bool
	}{
		{"commander declares severity", "severity.declared", "", ic, []incident.Role{ic}, true},
		{"responder declares severity", "severity.declared", "", resp, []incident.Role{resp}, false},
		{"claimed role is not held", "severity.declared", "", ic, []incident.Role{resp}, false},
		{"counsel approves a notice", "document.approved", "notice", counsel, []incident.Role{counsel}, true},
		{"commander approves a notice", "document.approved", "notice", ic, []incident.Role{ic}, false},
		{"commander who is also counsel acts as commander", "document.approved", "notice", ic, []incident.Role{ic, counsel}, false},
		{"communications approve a message", "document.approved", "message", pio, []incident.Role{pio}, true},
		{"counsel approves a message", "document.approved", "message", counsel, []incident.Role{counsel}, false},
		{"commander approves a report", "document.approved", "report", ic, []incident.Role{ic}, true},
		{"class nobody knows", "document.approved", "poem", ic, []incident.Role{ic}, false},
		{"kind nobody knows", "case.closed", "", ic, []incident.Role{ic}, false},
		{"note without any role", "note.made", "", noActing, nil, true},
		{"evidence without any role", "evidence.received", "", noActing, nil, false},
		{"evidence by a responder", "evidence.received", "", noActing, []incident.Role{resp}, true},
		{"evidence by counsel", "evidence.received", "", noActing, []incident.Role{counsel}, false},
		{"responder grants a role", "role.granted", "", resp, []incident.Role{resp}, false},
		{"responder decides", "decision.made", "", resp, []incident.Role{resp}, false},
	} {
		err := Default(c.kind, c.class).Check(c.kind, c.class, c.acting, c.held)
		if (err == nil) != c.ok {
			t.Errorf("%s: got %v", c.name, err)
		}
		var r *Refusal
		if err != nil && (!errors.Is(err, ErrNotAuthorised) || !errors.As(err, &r)) {
			t.Errorf("%s: %v is no Refusal", c.name, err)
		}
	}
}

// TestTable checks that every row has one form, known roles and a reason.
func TestTable(t *testing.T) {
	for _, k := range Kinds() {
		r := table[k]
		forms := 0
		if r.Members {
			forms++
		}
		lists := [][]incident.Role{r.Roles}
		if r.Roles != nil {
			forms++
		}
		if r.Classes != nil {
			forms++
			for _, l := range r.Classes {
				lists = append(lists, l)
			}
		}
		if forms != 1 || r.Why == "" {
			t.Errorf("%s: %d forms, why %q", k, forms, r.Why)
		}
		for _, l := range lists {
			for _, role := range l {
				if !role.Valid() {
					t.Errorf("%s: unknown role %q", k, role)
				}
			}
		}
	}
}

// TestNarrowed: of two rows what both allow, and two persons when one of them asks for it.
func TestNarrowed(t *testing.T) {
	open, some, other := Row{Members: true}, Row{Roles: []incident.Role{ic, resp}}, Row{Roles: []incident.Role{resp, pio}, TwoPerson: true}
	for _, c := range []struct {
		name string
		got  Row
		want string
	}{
		{"open and some", open.Narrowed(some), "false [incident-commander responder] false"},
		{"some and open", some.Narrowed(open), "false [incident-commander responder] false"},
		{"some and other", some.Narrowed(other), "false [responder] true"},
		{"nothing in common", Row{Roles: []incident.Role{ic}}.Narrowed(other), "false [] true"},
	} {
		if got := fmt.Sprint(c.got.Members, c.got.Roles, c.got.TwoPerson); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// TestCore: what gives and takes authority can be neither delegated nor changed.
func TestCore(t *testing.T) {
	for _, k := range []string{"role.granted", "role.ended", "person.admitted", "authority.changed", "entry.admitted", "key.revoked", "role.delegated", "glass.broken"} {
		if !Core(k) || Delegable(k) {
			t.Errorf("%s is not core", k)
		}
	}
	if Core("evidence.purged") || Delegable("evidence.purged") {
		t.Error("deleting for good can be lent, or its row cannot be changed")
	}
	if Core("decision.made") || !Delegable("decision.made") || Delegable("case.closed") {
		t.Error("core holds too much or too little")
	}
	if !HasClass("document.released", "notice") || HasClass("document.released", "") || HasClass("note.made", "notice") || !HasClass("note.made", "") {
		t.Error("classes")
	}
	if len(BreakGlass()) == 0 || slices.Contains(BreakGlass(), counsel) {
		t.Errorf("break-glass opens %v", BreakGlass())
	}
}
