// Package workbench holds the use cases: what a person can do with a case, in the window and on the command line alike.
//
// The flow, top to bottom; each stage is a package and a file here:
//
//	evidence   AddEvidence     intake.go    hash, seal, receipts; parse and event run inside it
//	timeline   Page, Export …  rows.go      the rows of all evidence, one order
//	detect     Detect          analysis.go  findings, gaps, coverage
//	triage     Analysis        analysis.go  groups, scores, suggested verdicts
//	recommend  Analysis        analysis.go  courses of action with reasons
//	decide     Decide …        decide.go    what a person signs, and what was shown to them
//	deadline   Clocks          clocks.go    clocks from declared triggers
//	document   Draft …         papers.go    drafts, checks, approvals, PDFs
//	★ record   append          record.go    the only place that appends to the case record
//	           propose, SignAct act.go      an act is shown, and signed as it was shown
//	           people, authority, todo      who may do what, and what waits for whom
//	           custody, check, hold         who has the evidence, whether it is the same, what may not be deleted
//	           lane, wall, withhold         what is counsel's, and what stays out of copies
//	           merge, conflicts, copy       two laptops join; copies leave and arrive
//	           checkpoint, witness, slip    what a second party holds
//	           replay                       what was known when
//
// It is the only package that appends to the record, and it keeps true that nothing is signed without an act that a
// confirm handler made (P1), that authority is asked before anything is signed, and that whatever is derived can be made
// again. app and cli sit on top and add no rule of their own.
package workbench

import (
	"crypto/rand"
	"io"
	"time"
)

// Env is what the world gives to a program: the clock, randomness and the place of the device's own files. Tests inject
// all of it.
type Env struct {
	Home       string           // ADJUTANT_HOME: people, keys, recent cases; outside every case
	Now        func() time.Time // wall clock
	Rand       io.Reader
	WorkFactor int // log2 of scrypt's cost for new passphrases; 0 means the usual one
	Version    string
}

// NewEnv returns the real world.
func NewEnv(home, version string) Env {
	return Env{Home: home, Now: time.Now, Rand: rand.Reader, Version: version}
}
