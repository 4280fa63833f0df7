package caserecord

// Bounds on everything that comes from outside. They are part of the format: a verifier refuses what lies beyond them.
const (
	// MaxLineBytes bounds an envelope. The greatest header (MaxAuthors seen heads at 134 bytes) is 34 KiB, in base64
	// 46 KiB.
	MaxLineBytes = 64 << 10
	// MaxBodyBytes bounds a body: 200 citations with a screenful of text each fit.
	MaxBodyBytes = 1 << 20
	// MaxAuthors bounds keys (and ends of forked chains) in one case. An incident has dozens of people with one or two
	// devices; the bound keeps the causal clocks of a hostile bundle small (1 KiB an entry).
	MaxAuthors = 256
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
	maxSkewDays = 36_600 // a century: clocks reset to an epoch are real
)
