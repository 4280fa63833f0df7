package checkpoint

// Bounds on everything that comes from outside. They are part of the format.
const (
	// MaxSize is the greatest log: seq of an entry is exact in every JSON reader. It also keeps tlog's arithmetic, which
	// does not end near 2^63, far from its edge.
	MaxSize = 1<<53 - 1
	// MaxProof bounds the hashes of a proof: a log of MaxSize has 53 levels, a consistency proof one hash more.
	MaxProof = 54
	// MaxNoteBytes bounds a note. C2SP asks readers to take 16 signatures, and says they may be up to 5 kB (post-quantum
	// ones): 16 × 6.7 kB in base64.
	MaxNoteBytes = 128 << 10

	maxTextBytes = 256                       // the longest text has 174
	maxNameBytes = 200                       // of a witness: one printed line
	maxTime      = 253_402_300_799           // the last second of the year 9999, the last that RFC 3339 can write
	maxProofText = 2 + MaxProof*(hashText+3) // ["…","…"]
)
