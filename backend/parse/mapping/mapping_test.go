package mapping

import (
	"errors"
	"strings"
	"testing"

	"adjutant/backend/event"
)

func full() *Mapping {
	return &Mapping{Version: 1, Name: "old proxy", Shape: Table, Delimiter: "|", Skip: 2, Header: true, Times: []Time{
		{Column: "when", Form: "pattern:dd.MM. HH:mm:ss", Meaning: event.Occurred}, {Column: "made", Form: "epoch-s", UTC: true, Meaning: event.Created}},
		Zone: "Europe/Berlin", Year: 2026, Fields: map[string]string{"who": "user.name", "<b>": "event.reason"}, Constants: map[string]string{"host.name": "px1"}}
}

// TestOneForm pins the bytes: they are signed.
func TestOneForm(t *testing.T) {
	b, err := full().Bytes()
	const want = `{"v":1,"name":"old proxy","shape":"table","delimiter":"|","skip":2,"header":true,"times":[{"column":"when","form":"pattern:dd.MM. HH:mm:ss","meaning":"occurred"},{"column":"made","utc":true,"form":"epoch-s","meaning":"created"}],"zone":"Europe/Berlin","year":2026,"fields":{"<b>":"event.reason","who":"user.name"},"constants":{"host.name":"px1"}}`
	if err != nil || string(b) != want {
		t.Fatalf("%v\n%s", err, b)
	}
	if m, err := Parse(b); err != nil || m.Format() != "csv" {
		t.Errorf("%v %+v", err, m)
	}
	for _, other := range []string{" " + want, want + "\n", strings.Replace(want, `"v":1,`, `"v":1,"v":1,`, 1), strings.Replace(want, "|", `\u007c`, 1), strings.Replace(want, `"skip":2`, `"skip":2.0`, 1),
		strings.Replace(want, `"name"`, `"Name"`, 1), strings.Replace(want, `"zone"`, `"zones"`, 1), "", "null", "{}", strings.Repeat("x", MaxBytes+1)} {
		if _, err := Parse([]byte(other)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%.60q was taken: %v", other, err)
		}
	}
}

func TestImpossible(t *testing.T) {
	for name, change := range map[string]func(*Mapping){
		"version": func(m *Mapping) { m.Version = 2 }, "shape": func(m *Mapping) { m.Shape = "xml" }, "delimiter": func(m *Mapping) { m.Delimiter = "" },
		"quote": func(m *Mapping) { m.Delimiter = `"` }, "zone": func(m *Mapping) { m.Zone = "Narnia" }, "this machine's zone": func(m *Mapping) { m.Zone = "Local" },
		"year": func(m *Mapping) { m.Year = 26 }, "skip": func(m *Mapping) { m.Skip = -1 }, "form": func(m *Mapping) { m.Times[0].Form = "soon" },
		"meaning": func(m *Mapping) { m.Times[0].Meaning = "guessed" }, "twice": func(m *Mapping) { m.Times[1].Column = "when" }, "two zones": func(m *Mapping) { m.Times[1].Zone = "tz" },
		"field": func(m *Mapping) { m.Fields["x"] = "@timestamp" }, "own": func(m *Mapping) { m.Fields["x"] = "adjutant.event_id" }, "constant": func(m *Mapping) { m.Constants["host.name"] = "" },
		"JSON with a header": func(m *Mapping) { m.Shape = JSON }, "long": func(m *Mapping) { m.Name = strings.Repeat("x", 257) }, "not text": func(m *Mapping) { m.Name = "\xff" },
	} {
		m := full()
		change(m)
		if err := m.Check(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	b, _ := full().Bytes()
	f.Add(b)
	f.Add([]byte(`{"v":1,"shape":"json"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		if again, err := m.Bytes(); err != nil || string(again) != string(b) {
			t.Errorf("%q became %q (%v)", b, again, err)
		}
	})
}
