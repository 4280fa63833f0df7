package app

import (
	"strings"
	"testing"

	"adjutant/app/view"
)

// sign signs what a preview showed.
func (p page) sign(path string, in any) view.Signed {
	p.t.Helper()
	var v view.ActPreview
	p.call("POST", path, 200, in, &v)
	if v.Refused != nil || len(v.Consequences) < 2 || v.Sentence == "" {
		p.t.Fatalf("%s: %+v", path, v)
	}
	var s view.Signed
	p.call("POST", "act/sign", 200, map[string]string{"shown": v.Shown}, &s)
	return s
}

// TestPeopleOfTheWindow walks through the people screen: a colleague, a role lent, an order, two persons at one keyboard,
// an emergency and its review, a revoked key; and what the strip, the board and the list of things to do say.
func TestPeopleOfTheWindow(t *testing.T) {
	p, _, dir := open(t)
	p.create(dir)
	var people view.People
	p.call("POST", "people/add", 200, map[string]string{"name": "B. Holm", "passphrase": phrase}, &people)
	if len(people.People) != 2 || people.People[1].Known || len(people.People[1].Keys) != 1 || people.People[1].Keys[0].Admitted {
		t.Errorf("%+v", people)
	}
	var wrong refusal
	p.call("POST", "people/admit", 400, map[string]string{"person": "B. Holm", "fingerprint": "00000-00000-00000-00000"}, &wrong)
	if wrong.Error.Code != "mismatch" {
		t.Errorf("%+v", wrong)
	}
	p.sign("people/admit", map[string]string{"person": "B. Holm", "fingerprint": people.People[1].Fingerprint})
	p.sign("people/grant", map[string]string{"person": "B. Holm", "role": "responder", "to": "+9h"})
	p.sign("people/delegate", map[string]any{"person": "B. Holm", "role": "incident-commander", "only": []string{"severity.declared"}, "to": "+1h", "why": "asleep"})
	p.sign("people/succession", map[string]any{"role": "incident-commander", "order": []string{"B. Holm"}})
	p.call("GET", "people", 200, nil, &people)
	holm := people.People[1]
	if len(holm.Roles) != 2 || holm.Roles[1].Basis != "delegation" || holm.Roles[1].Until == nil || holm.Roles[1].Kinds[0] != "severity.declared" {
		t.Errorf("%+v", holm)
	}
	if len(people.Successions) != 1 || people.Successions[0].Order[0].Name != "B. Holm" {
		t.Errorf("%+v", people.Successions)
	}
	p.sign("authority/set", map[string]any{"of": "severity.declared", "roles": []string{"incident-commander", "responder"}, "two_person": true, "why": "agreed"})
	var matrix view.Authority
	p.call("GET", "authority", 200, nil, &matrix)
	two := 0
	for _, r := range matrix.Rows {
		if r.TwoPerson {
			two++
			if r.Kind != "severity.declared" || r.ChangedBy != "A. Ruiz" || r.ChangedAt == nil {
				t.Errorf("%+v", r)
			}
		}
	}
	if two != 1 || len(matrix.Roles) != 11 || len(matrix.BreakGlass) != 5 {
		t.Errorf("%d rows ask two persons, %d roles, %d to take", two, len(matrix.Roles), len(matrix.BreakGlass))
	}

	ask := map[string]string{"subject": "severity", "level": "high"}
	var preview view.DecisionPreview
	p.call("POST", "decision/preview", 200, ask, &preview)
	if !strings.Contains(strings.Join(preview.Consequences, " "), "Two persons") {
		t.Errorf("%q", preview.Consequences)
	}
	var d view.Decision
	p.call("POST", "decision/sign", 200, map[string]string{"subject": "severity", "level": "high", "shown": preview.Shown, "reason_code": "evidence-supports", "reason": "The rows leave no other reading of this."}, &d)
	var c view.CaseView
	p.call("GET", "case", 200, nil, &c)
	if !d.Awaits || c.Severity != nil || c.SeverityAwaits == nil || c.SeverityAwaits.Level != "high" {
		t.Errorf("after one signature: %+v %+v", d, c.SeverityAwaits)
	}
	var board view.Board
	p.call("GET", "board", 200, nil, &board)
	if len(board.ToDo) != 2 || board.ToDo[0].Kind != "cosign" || board.ToDo[0].Mine || board.ToDo[0].May[0] != "B. Holm" || board.ToDo[0].Entry != d.ID || board.ToDo[1].Kind != "expiring" {
		t.Errorf("%+v", board.ToDo)
	}
	if board.Facts[0].Value == "high" {
		t.Error("the board shows a severity that awaits its second person")
	}
	var signed view.Signed
	p.call("POST", "act/cosign", 403, map[string]string{"entry": d.ID, "person": "B. Holm", "role": "incident-commander", "passphrase": phrase}, &wrong) // a lent role is no second one
	p.call("POST", "act/cosign", 200, map[string]string{"entry": d.ID, "person": "B. Holm", "role": "responder", "passphrase": phrase}, &signed)
	c = view.CaseView{}
	p.call("GET", "case", 200, nil, &c)
	if c.Severity == nil || c.Severity.Level != "high" || c.SeverityAwaits != nil || c.Person.Name != "A. Ruiz" {
		t.Errorf("after two signatures: %+v", c)
	}

	p.call("POST", "person/switch", 200, map[string]string{"person": "B. Holm", "passphrase": phrase}, &c)
	if c.Person.Acting != "responder" || len(c.Person.Roles) != 2 || c.Person.Roles[1].Basis != "by delegation of A. Ruiz" || c.Person.Roles[1].Until == "" {
		t.Errorf("%+v", c.Person)
	}
	glass := p.sign("people/glass", map[string]any{"role": "liaison-officer", "why": "the harbour master waits on the telephone", "hours": 1})
	var v view.ActPreview
	p.call("POST", "people/review", 200, map[string]string{"entry": glass.Entry, "outcome": "upheld", "why": "there was nobody else to do it"}, &v)
	if v.Refused == nil {
		t.Error("reviews their own break-glass")
	}
	p.sign("people/assume", map[string]string{"role": "incident-commander", "why": "the commander does not answer since noon"})
	p.call("POST", "person/switch", 200, map[string]string{"person": "A. Ruiz", "passphrase": phrase}, &c)
	p.sign("people/review", map[string]string{"entry": glass.Entry, "outcome": "upheld", "why": "there was nobody else to do it"})
	p.sign("people/end", map[string]string{"person": "B. Holm", "role": "incident-commander", "why": "I am back"})
	p.sign("people/revoke", map[string]string{"person": "B. Holm", "key": "", "why": "the laptop is lost"})
	p.call("GET", "people", 200, nil, &people)
	if x := people.People[1]; x.Keys[0].Revoked == "" || len(x.Other) != 2 {
		t.Errorf("%+v", x) // the delegation and the assumed role ended
	}
	var todo struct{ Items []view.ToDo }
	p.call("GET", "todo", 200, nil, &todo)
	if len(todo.Items) != 0 {
		t.Errorf("%+v", todo.Items)
	}
	p.call("POST", "record/admit", 400, map[string]string{"entry": glass.Entry, "why": "it is right as far as I can see"}, &wrong)
}
