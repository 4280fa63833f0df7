package identity

// Bounds on all that is read and made here.
const (
	// maxFileBytes bounds every file of ADJUTANT_HOME that is read; an age file of a seed is under 1 KiB.
	maxFileBytes = 64 << 10
	// MaxCardBytes bounds a card: a name of 200 bytes, each escaped, with key and signature is under 1.7 KiB.
	MaxCardBytes = 4 << 10
	// maxNameBytes is the record's bound on a person's name (caserecord, person.admitted).
	maxNameBytes = 200
	// MaxBoxPlain bounds what a box for people holds. It is for words and keys; evidence goes into encrypted bundles.
	MaxBoxPlain = 1 << 20
	// MaxBoxPeople bounds to whom one box is sealed: the record knows at most as many keys.
	MaxBoxPeople = 256
	// maxBoxBytes is the longest box: plain text, 16 bytes of authentication for each 64 KiB of it, and a header of
	// some 110 bytes for each key.
	maxBoxBytes = MaxBoxPlain + 64<<10
	// minYear and maxYear bound when a key was made.
	minYear, maxYear = 1970, 9999
)

// Work factors of scrypt (log2 N, r = 8). 2^17 is OWASP's figure: 128 MiB and about half a second on a laptop. The cap
// keeps a hostile key file from asking for gigabytes; 2^20 is 1 GiB.
const (
	DefaultWorkFactor = 17
	MaxWorkFactor     = 20
	minWorkFactor     = 10
)
