package timeline

// Limits, each with its reason.
const (
	maxDecodedBytes = 96 << 20 // decoded columns kept: a screen's blocks, and the hot columns of some million rows
	maxFilterBytes  = 64 << 20 // filters and postings kept: about 8 million events of filters
	maxAnswers      = 16       // results kept: one bit a row, the newest queries of one screen
	maxAnswerBytes  = 32 << 20
	maxLocations    = 100_000 // places of rows asked for by id: more than anyone tags

	MaxPage    = 10_000    // rows of one page; a screen shows 200
	MaxBuckets = 10_000    // of a histogram; a screen has 4,000 pixels
	maxValues  = 1_000_000 // distinct values a facet keeps apart, about 100 MB at worst

	importWorkers = 2 // blocks encoded at once; each weighs up to about 60 MB

	numbersReserved = 64   // of imports, at once
	queryWorkers    = 4    // blocks asked at once, at most the number of cores
	eachBatch       = 4096 // rows rebuilt at once by Each: bounds memory when many blocks overlap
	purgeKeys       = 2000 // keys deleted in one transaction
)
