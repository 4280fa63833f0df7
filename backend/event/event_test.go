package event

import (
	"encoding/json"
	"testing"
	"time"

	"adjutant/backend/incident"
)

func sample() *Event {
	at := time.Date(2026, 3, 3, 7, 44, 18, 138003100, time.UTC)
	e := &Event{
		Evidence: incident.Digest{1}, Path: "a.zip!Security.evtx", Parser: "evtx", Version: "1", Locator: Locator{Offset: 4096, Length: 512, Record: "17"},
		Times: []Time{{Meaning: Occurred, At: at}, {Meaning: Recorded, At: at.Add(time.Second)}, {Meaning: Recorded, At: at.Add(2 * time.Second)}},
	}
	e.Set("user.name", KindString, "mdahl", "")
	e.Set("process.pid", KindNumber, "18446744073709551615")
	e.Set("host.name", KindString, "WS-BOOK07")
	e.Set("user", KindString, "a value where others nest")
	e.Set("tags", KindString, "<b>", "\u202e")
	e.Set("host.name", KindString, "again")
	e.Sort()
	return e
}

// TestIDsDoNotMove pins an id and its rows: people cite them, on every laptop and with every later parser.
func TestIDsDoNotMove(t *testing.T) {
	e := sample()
	const id = ID("a7df0a40d89fdf5f557f8d54a04eb4a0")
	if got := e.ID(); got != id {
		t.Errorf("id %s, want %s", got, id)
	}
	e.Version, e.Path = "2", "elsewhere"
	if e.ID() != id {
		t.Error("version or path changed the id")
	}
	for i, want := range []RowID{id.row("occurred.0"), id.row("recorded.0"), id.row("recorded.1")} {
		if got := e.Row(i); got != want || got.EventOf() != id {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	e.Times = nil
	if got := e.Row(0); got != id.row("undated.0") {
		t.Errorf("undated: %s", got)
	}
	e.Locator.Sub = 1
	if e.ID() == id {
		t.Error("another part of a record has the same id")
	}
}

func (id ID) row(suffix string) RowID { return RowID(string(id) + "/" + suffix) }

// TestJSONLosesNothing: numbers keep their digits, several values stay, and a name that runs through a value stays flat.
func TestJSONLosesNothing(t *testing.T) {
	b := sample().JSON(0)
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	if got["@timestamp"] != "2026-03-03T07:44:18.1380031Z" {
		t.Errorf("time %v", got["@timestamp"])
	}
	host := got["host"].(map[string]any)["name"].([]any)
	if len(host) != 2 || host[0] != "WS-BOOK07" || host[1] != "again" {
		t.Errorf("host %v", host)
	}
	if got["user"] != "a value where others nest" || got["user.name"] != "mdahl" {
		t.Errorf("user %v, user.name %v", got["user"], got["user.name"])
	}
	var raw struct{ Process struct{ PID json.Number } }
	if err := json.Unmarshal(b, &raw); err != nil || raw.Process.PID != "18446744073709551615" {
		t.Errorf("pid %v (%v)", raw.Process.PID, err)
	}
	undated := sample()
	undated.Times = nil
	if err := json.Unmarshal(undated.JSON(0), &got); err != nil || got["@timestamp"] != nil {
		t.Errorf("undated: %v (%v)", got["@timestamp"], err)
	}
}
