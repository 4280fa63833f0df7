package sigma

// Bounds on rule text, which may come from anyone's pack. The largest public rules stay far below each of them.
const (
	MaxFileBytes      = 4 << 20 // one file may hold several documents
	MaxDocuments      = 2000    // documents in one file
	MaxNodes          = 200_000 // YAML nodes visited in one document, aliases counted each time: no alias bomb
	MaxDepth          = 32      // nesting of maps and lists
	MaxTests          = 20_000  // values of one rule; the longest public hash list has near 6,000
	MaxValueBytes     = 16 << 10
	MaxConditionBytes = 8 << 10
	MaxTokens         = 500 // of one condition
	MaxConditionDepth = 50  // parentheses and "not"
	MaxMatchedBytes   = 4096
)
