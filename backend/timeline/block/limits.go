package block

// Limits, each with its reason.
const (
	MaxEvents    = 8192     // a block; ids fit into two bytes, a page decodes one or two blocks in about 2 ms
	MaxRawBytes  = 16 << 20 // estimated weight at which a block is cut early, so that records of megabytes stay bounded
	MaxTimes     = 200      // times of one event; file systems have 8, no source more than a few dozen
	MaxValues    = 10_000   // values of one field of one event
	MaxName      = 1 << 10  // bytes of a field name
	maxColumns   = 65_000   // of a block: 2,000 fields an event at most, names shared
	ownColumns   = 100      // of those, beside fields
	maxParts     = 60_000   // numbered in two bytes
	maxColumnRaw = 64 << 20 // a decoded column: a block's raw bytes and one record of 16 MB on top, twice over
	maxHeaderRaw = 96 << 20 // maxColumns names of MaxName
	packBytes    = 64 << 10 // columns are packed up to this: fewer keys, and one read decrypts little that is not wanted

	filterDistinct = 1024    // columns with more values in a block have no field=value entries: their tokens are rare enough
	frequent       = 16      // events of a block in which a token stands before it gets a posting list (facts/store.md)
	maxPostings    = 8192    // lists of a block; the most frequent tokens win
	maxTokens      = 1 << 20 // distinct ones of a block; a block with more (noise as text) gets no filter and no postings

	// What a builder keeps for the next block: enough for ordinary logs, about 20 MB.
	keptColumns = 512
	keptTokens  = 1 << 18
	keptText    = 12 << 20
	keptTimes   = 16 * MaxEvents
)
