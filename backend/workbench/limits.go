package workbench

// Limits of the use cases, each with its reason.
const (
	MinPassphrase   = 8        // characters; scrypt slows guessing, but not of short words
	MaxDraft        = 1 << 20  // bytes of half-typed words under one key
	MaxRawShown     = 64 << 10 // bytes of a source record in the inspector; longer ones are cut and say so
	MaxCitations    = 200      // rows that one decision or promoted event cites
	MaxWarningsKept = 200      // warnings of one item in words; the receipt counts all
	MaxPage         = 1000     // rows in one page
	maxAnalyses     = 4        // findings kept at hand: of who sees all, of who is in no lane, and of two more
)
