package cli

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// entryof CASE KIND VAR puts the id of the newest entry of a kind into a variable of the script.
func entryof(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: entryof CASE KIND VAR")
	}
	ts.Check(ts.Exec("adjutant", "record", "list", args[0], "--kind", args[1], "--json"))
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	var e struct {
		Entry string `json:"entry"`
	}
	ts.Check(json.Unmarshal([]byte(lines[len(lines)-1]), &e))
	ts.Setenv(args[2], e.Entry)
}

// field NAME VAR puts a field of the last command's JSON into a variable of the script.
func field(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: field NAME VAR")
	}
	var v map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &v))
	text, ok := v[args[0]].(string)
	if !ok {
		ts.Fatalf("no field %s in %v", args[0], v)
	}
	ts.Setenv(args[1], text)
}
