package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/app/view"
)

// TestKeysOfTheWindow: a card goes out and comes back the same, what opens the folder changes only as shown, and a
// passphrase only against the one before.
func TestKeysOfTheWindow(t *testing.T) {
	p, _, dir := open(t)
	p.create(dir)
	path := filepath.Join(t.TempDir(), "ruiz.card")
	var out, in view.Card
	p.call("POST", "keys/card/export", 200, map[string]string{"path": path}, &out)
	p.call("POST", "keys/card/read", 200, map[string]string{"path": path}, &in)
	text, err := os.ReadFile(path)
	if err != nil || in.Card != string(text) || in.Name != "A. Ruiz" || in.Fingerprint != out.Fingerprint || len(in.Fingerprint) != 23 {
		t.Errorf("%v: wrote %+v, read %+v", err, out, in)
	}
	var wrong refusal
	p.call("POST", "keys/card/export", 400, map[string]string{"path": path}, &wrong)
	if !strings.Contains(wrong.Error.Sentence, "is there already") {
		t.Errorf("a file that was there: %+v", wrong)
	}
	p.call("POST", "people/admit", 400, map[string]string{"card": in.Card}, &wrong) // the case knows the key

	add := map[string]any{"do": "add", "passphrase": "a second way into this case"}
	var v view.ActPreview
	p.call("POST", "slots/preview", 200, add, &v)
	if !strings.Contains(v.Sentence, "added a passphrase") || len(v.Consequences) == 0 || strings.Contains(v.Sentence, "second way") {
		t.Errorf("%+v", v)
	}
	var s view.Signed
	p.call("POST", "slots/change", 409, map[string]any{"do": "add", "passphrase": "a second way into this case", "shown": strings.Repeat("0", 64)}, &wrong)
	add["shown"] = v.Shown
	p.call("POST", "slots/change", 200, add, &s)
	if s.Kind != "slots.changed" {
		t.Errorf("%+v", s)
	}
	var slots struct{ Slots []view.Slot }
	p.call("GET", "slots", 200, nil, &slots)
	if len(slots.Slots) != 2 || slots.Slots[1].Kind != "passphrase" {
		t.Errorf("%+v", slots)
	}
	p.call("POST", "slots/preview", 200, map[string]any{"do": "remove", "number": 1}, &v)
	p.call("POST", "slots/change", 200, map[string]any{"do": "remove", "number": 1, "shown": v.Shown}, &s)
	p.call("POST", "slots/preview", 400, map[string]any{"do": "remove", "number": 1}, &wrong) // the last passphrase stays

	p.call("POST", "keys/passphrase", 403, map[string]string{"old": "not it at all", "new": "another one for the key"}, &wrong)
	p.call("POST", "keys/passphrase", 200, map[string]string{"old": phrase, "new": "another one for the key"}, &out)
	p.call("POST", "person/switch", 403, map[string]string{"person": out.ID, "passphrase": phrase}, &wrong)
	p.call("POST", "person/switch", 200, map[string]string{"person": out.ID, "passphrase": "another one for the key"}, &view.CaseView{})
}
