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
	MaxLater        = 200      // facts that came later, told one by one; the rest is counted
	MaxMarks        = 500      // marks on an axis of the replay: more than a slider can show
	MaxFolds        = 8        // moments whose fold is kept while a slider is dragged
	MaxReplayed     = 100_000  // entries in all of those together
)
