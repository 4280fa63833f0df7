package caserecord

import "time"

// Bounds on everything that comes from outside. They are part of the format: a verifier refuses what lies beyond them.
const (
	// MaxGlass is how long a break-glass may last at most: a shift. Who needs longer finds somebody to grant the role.
	MaxGlass = 12 * time.Hour
	// MaxLineBytes bounds an envelope. The greatest header (MaxAuthors seen heads at 134 bytes) is 34 KiB, in base64
	// 46 KiB.
	MaxLineBytes = 64 << 10
	// MaxBodyBytes bounds a body: 200 citations with a screenful of text each fit.
	MaxBodyBytes = 1 << 20
	// MaxAuthors bounds keys (and ends of forked chains) in one case. An incident has dozens of people with one or two
	// devices; the bound keeps the causal clocks of a hostile bundle small (1 KiB an entry).
	MaxAuthors = 256
	// MaxForks bounds the ends of one key's forked chain, so that nobody uses up what there is room for by signing one number
	// again and again. A restored backup makes one fork; then the key is of no use any more.
	MaxForks = 16
	// MaxSeq keeps sequence numbers exact in every JSON reader.
	MaxSeq = 1<<53 - 1

	maxName     = 200      // names, titles, tags: one printed line
	maxWords    = 64 << 10 // notes, reasons, slots
	maxPath     = 4 << 10  // PATH_MAX of Linux
	maxRef      = 512      // ids of other packages: rows, groups, recommendations
	maxRows     = 10_000   // rows in one tagging
	maxCites    = 200      // citations in one decision
	maxSlots    = 200      // slots of a template, columns of a CSV
	maxReasons  = 100      // kinds of skip reasons in a receipt
	maxCount    = 1 << 53  // counters, exact in every JSON reader
	maxYear     = 9999
	minYear     = 1970
	maxPeople   = 100    // members of a lane, places in a succession: a command staff has dozens
	maxItems    = 10_000 // evidence items in one transfer, hold or check
	maxOver     = MaxAuthors
	maxBox      = 256 << 10 // sealed words in base64: maxWords and a recipient line for each member
	maxProof    = 400 << 10 // base64 of an RFC 3161 token or a cosigned note
	maxSkewDays = 36_600    // a century: clocks reset to an epoch are real
)
