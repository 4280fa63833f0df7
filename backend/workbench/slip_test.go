package workbench

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/incident"
)

// TestASlipIsOfWhatTravels: the head on a slip is that of the copy beside it, not of the newest that left; what is no copy of
// the case gets none.
func TestASlipIsOfWhatTravels(t *testing.T) {
	ada, _ := laptops(t, incident.RoleResponder)
	var made []Copied
	for i, form := range []string{FormPlain, FormParcel, FormPlain, FormParcel, FormPlain} {
		q := CopyRequest{Form: form, Out: filepath.Join(t.TempDir(), form)}
		if form == FormParcel {
			q.Passphrase = wordPass
		}
		made = append(made, ada.export(q))
		for range i + 1 {
			ada.note("one more thing is known")
		}
	}
	heads := ada.b.CopyHeads()
	for i, c := range made {
		_, size, err := hashFile(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		x, err := ada.b.leftAs(c.Out, size)
		if err != nil || string(x.Entry) != c.Entry || heads[x.Entry] != c.Head {
			t.Errorf("copy %d, a %s: taken for the one of entry %.12s, it is %.12s (%v)", i, c.Form, x.Entry, c.Entry, err)
		}
		if _, err := ada.b.CourierSlip(SlipRequest{File: c.Out}); err != nil {
			t.Error(err)
		}
	}
	other := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(other, []byte("no copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ada.b.CourierSlip(SlipRequest{File: other}); !errors.Is(err, ErrUsage) {
		t.Errorf("a slip for a letter: %v", err)
	}
}

// TestReceiptsNameWhoSigned: a custody receipt prints the key and the role with which a side signed, whatever role that
// person acts in when it is printed, and whatever keys they had before.
func TestReceiptsNameWhoSigned(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "responder"})
	r.do(r.b.ProposeGrant(Grant{Person: "Ben", Role: "legal-counsel"}))
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 5))
	card, _, err := ExportCard(r.env, "Ben", r.pass)
	if err != nil {
		t.Fatal(err)
	}
	laptop, file := testEnv(t.TempDir()), filepath.Join(t.TempDir(), "card.json")
	if err := os.WriteFile(file, card, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := JoinPerson(laptop, file, r.pass); err != nil {
		t.Fatal(err)
	}
	card, second, err := ExportCard(laptop, "Ben", r.pass)
	if err != nil {
		t.Fatal(err)
	}
	r.do(r.b.ProposeAdmission(Newcomer{Card: card}))
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	laptop.Now = r.env.Now
	if r.b, err = OpenCase(t.Context(), laptop, OpenConfig{Dir: r.dir, Passphrase: r.pass, Person: "Ben"}); err != nil {
		t.Fatal(err)
	}
	if err := r.b.ActAs(incident.RoleResponder); err != nil {
		t.Fatal(err)
	}
	r.do(r.b.ProposeHandover(Handover{Receiver: "Police", Purpose: "investigation", Place: "the quay", Condition: "sealed"}))
	if err := r.b.ActAs(incident.RoleLegalCounsel); err != nil {
		t.Fatal(err)
	}
	tr := r.b.State().Transfers[0]
	if got := r.b.signer(tr.Stamp, tr.Data.Role.Title(), tr.At); got.Name != "Ben" || got.Role != "Responder" || got.Key != caserecord.KeyCode(second.Key) {
		t.Errorf("%+v, signed with %s", got, caserecord.KeyCode(second.Key))
	}
	if got := r.b.party(r.b.MyID()); got.Key != caserecord.KeyCode(second.Key) {
		t.Errorf("at the keyboard: %+v", got)
	}
	if _, err := r.b.CustodyReceipt(string(tr.Entry)); err != nil {
		t.Error(err)
	}
}

// TestAKilledExtractIsTold: what a killed extract left in its hidden folder is told at the next opening.
func TestAKilledExtractIsTold(t *testing.T) {
	r := newRoom(t, nil)
	out := filepath.Join(t.TempDir(), "part")
	if err := r.b.beginCopy(out); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("part"))
	left := filepath.Join(filepath.Dir(out), ".extract-"+hex.EncodeToString(sum[:8])+".part")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	r.reopen("Ada")
	told := 0
	for _, p := range r.b.Problems() {
		if strings.Contains(p.Text, left) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times: %+v", told, r.b.Problems())
	}
}
