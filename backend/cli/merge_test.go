package cli

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"adjutant/backend/workbench"
)

// answer CASE VARIABLE NAME keeps the entry of a person's answer in the first conflict of a case.
func answer(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("adjutant", "record", "conflicts", args[0], "--json"))
	line, _, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	var c workbench.Conflict
	ts.Check(json.Unmarshal([]byte(line), &c))
	for _, x := range c.Answers {
		if x.Name == args[2] {
			ts.Setenv(args[1], string(x.Entry))
			return
		}
	}
	ts.Fatalf("%s gave no answer about %s", args[2], c.Title)
}

// samehead CASE CASE fails unless both records verify to one head.
func samehead(ts *testscript.TestScript, neg bool, args []string) {
	var heads []string
	for _, dir := range args {
		ts.Check(ts.Exec("adjutant", "record", "verify", dir, "--json"))
		var v struct{ Head string }
		ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &v))
		heads = append(heads, v.Head)
	}
	if same := heads[0] == heads[1] && heads[0] != ""; same == neg {
		ts.Fatalf("heads %v", heads)
	}
}
