package cli

import (
	"github.com/rogpeppe/go-internal/testscript"

	"adjutant/backend/identity"
)

// idof HOME NAME VAR puts the id of a person into a variable of the script.
func idof(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: idof HOME NAME VAR")
	}
	p, err := identity.Find(ts.MkAbs(args[0]), args[1])
	ts.Check(err)
	ts.Setenv(args[2], string(p.ID))
}
