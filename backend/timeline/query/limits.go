package query

// Limits, each with its reason.
const (
	MaxTextBytes  = 64 << 10 // a check-list of 2,000 names fits; nobody types more
	MaxDepth      = 64       // parentheses and NOTs; bounds recursion
	MaxParts      = 4096     // bounds the work a row or block costs
	MaxPattern    = 1000     // bytes of a regular expression; RE2 programs stay small
	MaxNumberText = 64       // digits of a number that is compared exactly; longer text is not a number here
)
