package workbench

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

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
