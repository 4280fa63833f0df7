package bundle

import "adjutant/backend/caserecord"

// Bounds on a bundle from elsewhere.
const (
	// maxLine holds the greatest envelope and body in base64.
	maxLine = caserecord.MaxLineBytes + caserecord.MaxBodyBytes*4/3 + 256
	// MaxEntries bounds memory: a long incident has tens of thousands.
	MaxEntries = 2_000_000
	// MaxSmallFile bounds README.txt and the privilege log.
	MaxSmallFile = 1 << 20
	// MaxManifest bounds bundle.json and SHA256SUMS: MaxFiles files and MaxItems items at under 250 bytes each.
	MaxManifest = 64 << 20
	// MaxFiles bounds the files of a bundle; a triage collection has thousands of members.
	MaxFiles = 50_000
	// MaxItems bounds the list of evidence, most of which may stay out.
	MaxItems = 200_000
	// MaxFileBytes bounds one file, 1 TiB: sums of MaxFiles such sizes stay far below what an int64 holds.
	MaxFileBytes = 1 << 40
	// maxName keeps a file's own name, in its folder, within what every file system and ustar headers take.
	maxName = 80
	// maxNamed bounds how many lines that are not sound are named one by one: a file of line ends has two million.
	maxNamed = 10_000
	// maxStrays bounds how many files that nobody listed are named one by one.
	maxStrays = 100
	// copyStep is how much is copied or hashed between two looks at a cancelled context.
	copyStep = 1 << 20
)
