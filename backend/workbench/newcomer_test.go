package workbench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// card makes a person on another laptop and exports their card.
func card(t *testing.T, name string) ([]byte, identity.Person, Env) {
	t.Helper()
	env, pass := testEnv(t.TempDir()), []byte("long enough")
	if _, err := CreatePerson(env, name, pass); err != nil {
		t.Fatal(err)
	}
	b, p, err := ExportCard(env, name, pass)
	if err != nil {
		t.Fatal(err)
	}
	return b, p, env
}

// TestAdmitFromCard: the code that the person told decides; a card says nothing about who made it.
func TestAdmitFromCard(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper})
	b, p, _ := card(t, "Eva Holm")
	_, stranger, _ := card(t, "Eva Holm")
	r.wrong(ErrMistaken, "another code")(r.b.ProposeAdmission(Newcomer{Card: b, Fingerprint: caserecord.KeyCode(stranger.Key)}))
	r.wrong(ErrMistaken, "no code at all")(r.b.ProposeAdmission(Newcomer{Card: b, Fingerprint: "hello"}))
	r.wrong(ErrUsage, "another name")(r.b.ProposeAdmission(Newcomer{Card: b, Who: "Eve"}))
	r.wrong(identity.ErrCard, "a card that was changed")(r.b.ProposeAdmission(Newcomer{Card: []byte(strings.Replace(string(b), "Holm", "Hola", 1))}))
	r.wrong(ErrNotFound, "nobody here")(r.b.ProposeAdmission(Newcomer{Who: "Eva Holm"}))
	q, err := r.b.ProposeAdmission(Newcomer{Card: b})
	if err != nil || !strings.Contains(q.Consequences[0], caserecord.KeyCode(p.Key)) || !strings.Contains(q.Consequences[0], "by voice") {
		t.Errorf("%q %v", q.Consequences, err)
	}
	typed := strings.ToLower(strings.ReplaceAll(caserecord.KeyCode(p.Key), "-", " "))
	r.do(r.b.ProposeAdmission(Newcomer{Card: b, Who: "Eva Holm", Fingerprint: typed}))
	r.wrong(ErrUsage, "a second time")(r.b.ProposeAdmission(Newcomer{Card: b}))
	if needed, err := r.b.NeedsAdmission(Newcomer{Card: b}); err != nil || needed {
		t.Errorf("known: %v %v", needed, err)
	}
	e := r.do(r.b.ProposeGrant(Grant{Person: "Eva Holm", Role: "Legal counsel", From: "+1h", To: "2026-03-05 09:30", Scope: "advice on notices"}))
	s := r.b.State()
	var got caserecord.RoleHeld
	for _, h := range s.Roles {
		if h.Entry == e.ID {
			got = h
		}
	}
	if got.To.UTC().Format("15:04") != "08:30" || got.Scope != "advice on notices" || len(s.RolesNow(p.ID, r.now)) != 0 {
		t.Errorf("%+v", got) // the site's zone is an hour ahead of UTC
	}
}

// TestSecondDevice: another key of a known person says whose roles it gets, and then signs in them.
func TestSecondDevice(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper})
	b, _, err := ExportCard(r.env, "Ben", r.pass)
	if err != nil {
		t.Fatal(err)
	}
	laptop, file := testEnv(t.TempDir()), filepath.Join(t.TempDir(), "card.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := JoinPerson(laptop, file, r.pass); err != nil {
		t.Fatal(err)
	}
	second, p, err := ExportCard(laptop, "Ben", r.pass)
	if err != nil {
		t.Fatal(err)
	}
	q, err := r.b.ProposeAdmission(Newcomer{Card: second})
	if err != nil || !strings.Contains(strings.Join(q.Consequences, " "), "same roles at once: Responder") {
		t.Errorf("%q %v", q.Consequences, err)
	}
	r.do(q, err)
	for _, x := range r.b.People(false) {
		if x.Name == "Ben" && (len(x.Keys) != 2 || !x.Keys[0].Here || x.Keys[1].Here || !x.Keys[1].Admitted || len(x.Roles) != 1) {
			t.Errorf("%+v", x)
		}
	}
	r.wrong(ErrUsage, "which of two keys")(r.b.ProposeRevocation("Ben", "", "lost"))
	r.do(r.b.ProposeRevocation("Ben", caserecord.KeyCode(p.Key), "the second laptop is lost"))
	q, err = r.b.ProposeAdmission(Newcomer{Card: second})
	if err != nil || !strings.Contains(strings.Join(q.Consequences, " "), "was revoked before") {
		t.Errorf("%q %v", q.Consequences, err)
	}
	r.do(q, err)
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	laptop.Now = r.env.Now
	o, err := OpenCase(context.Background(), laptop, OpenConfig{Dir: r.dir, Passphrase: r.pass, Person: "Ben"})
	if err != nil {
		t.Fatal(err)
	}
	r.b = o
	// a kind that takes the role which the first key's person was given
	r.do(r.b.propose(&caserecord.EventPromotedData{Title: "First alarm", At: "2026-03-04T07:00:00Z"}, "one", "two"), nil)
}
