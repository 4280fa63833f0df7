package extract

import (
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// Bounds on an extract from elsewhere. They are part of the format.
const (
	// MaxEntries bounds memory: who may see more than this gets a bundle.
	MaxEntries = 50_000
	// MaxEntriesBytes bounds entries.jsonl, which is kept in memory.
	MaxEntriesBytes = 256 << 20
	// MaxDocuments and MaxDocumentBytes bound the papers that go along, MaxDocumentBytes all of them together. A notice
	// with attachments has some megabytes.
	MaxDocuments     = 200
	MaxDocumentBytes = 256 << 20
	// MaxAgainst bounds the other checkpoints of one author that are proved consistent.
	MaxAgainst = 64

	maxManifest = 4 << 20 // extract.json: 256 authors with a note and proofs each
	maxSmall    = 1 << 20 // README.txt, SHA256SUMS
	maxWords    = 1000    // to, reason
	maxName     = 200     // of the case, as in a case.opened
	maxDocName  = 100
	// maxBranches bounds the ends of a forked chain that are tried against a checkpoint. Each costs a walk to the first
	// entry, and the fork itself is named anyway.
	maxBranches = 8
	// maxLine holds the greatest envelope, the greatest body in base64, and the greatest proof.
	maxLine = caserecord.MaxLineBytes + caserecord.MaxBodyBytes*4/3 + checkpoint.MaxProof*48 + 512
)
