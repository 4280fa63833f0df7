package document

// Bounds on a document read from outside. The longest papers measured have 150 pages; these are far above.
const (
	MaxDocumentBytes = 16 << 20
	MaxSections      = 200
	MaxClauses       = 2000 // of one section
	MaxSentences     = 500  // of one clause
	MaxTableRows     = 20000
	MaxColumns       = 12
	MaxText          = 100_000 // bytes of one text; a person may paste much into a slot
	MaxCitations     = 50_000
	MaxRowsCited     = 1000 // of one sentence
	MaxNarrative     = 12   // sentences the twin writes: a page, which a commander reads
)
