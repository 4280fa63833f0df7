package caserecord

// Code is one of the closed list of problems. It is an error, so that errors.Is(err, CodeSignature) works.
type Code string

// The codes that make a record damaged or forged (exit 1).
const (
	CodeForm          Code = "form"           // the bytes are not in the one form of an entry
	CodeSignature     Code = "signature"      // the signature is not by the author
	CodeBodyHash      Code = "body-hash"      // the body is not the one that was signed
	CodeBody          Code = "body"           // the body is signed but outside the format of its kind
	CodeChain         Code = "chain"          // prev or seen leads to an entry that cannot stand there
	CodeDuplicate     Code = "duplicate"      // the same entry stands twice in a file
	CodeOrder         Code = "order"          // the lines of a file are not in causal order
	CodeWrongCase     Code = "wrong-case"     // the entry belongs to another case
	CodeModeMix       Code = "mode-mix"       // live and exercise entries together
	CodeOpening       Code = "opening"        // a second opening of the case
	CodeUnknownAuthor Code = "unknown-author" // the key was never admitted
	CodeTooMany       Code = "too-many"       // more authors and forks than MaxAuthors
	CodeManifest      Code = "manifest"       // the bundle's list and its entries differ
	CodeChecksum      Code = "checksum"       // a file of the bundle is not the one listed
	CodeAnchorHead    Code = "anchor-head"    // the head given is no head of this record
	CodeAnchorKey     Code = "anchor-key"     // a key given signed nothing here
	CodeBundleFile    Code = "bundle-file"    // a file of the bundle is missing or cannot be read
	CodeCheckpoint    Code = "checkpoint"     // a signed checkpoint does not fit its author's chain
)

// The codes that make a record incomplete (exit 3).
const (
	CodeGap            Code = "gap"             // an entry that the author's chain names is not here
	CodeMissingSeen    Code = "missing-seen"    // an entry that someone had seen is not here
	CodeNoOpening      Code = "no-opening"      // the case.opened entry is not here
	CodeTruncated      Code = "truncated"       // the bundle's list names an entry that is not here
	CodeAuthorUnproven Code = "author-unproven" // the admission of this key may stand in a missing entry

	// What gives or takes authority came without its words. No writer leaves them out: without them a role that was ended or
	// a key that was revoked would go on.
	CodeAuthorityWithheld Code = "authority-withheld"
)

// CodeEquivocation is two signed, different entries of one author with the same number (exit 4).
const CodeEquivocation Code = "equivocation"

// The codes that are told but do not change the verdict.
const (
	CodeNotAuthorised  Code = "not-authorised"   // outside the author's authority; set aside by the fold
	CodeNotYetAdmitted Code = "not-yet-admitted" // signed before the author knew of the admission; set aside
	CodeKeyRevoked     Code = "key-revoked"      // signed with a key that was revoked, and not known to whoever revoked it; set aside
	CodeOutOfPlace     Code = "out-of-place"     // refers to something its author cannot have known; set aside
	CodeClockBackwards Code = "clock-backwards"  // recorded earlier than something it has seen
	CodeWithheld       Code = "withheld"         // the body is not here
)

// Error makes a Code comparable with errors.Is; it is the bare word, so that printing a Code prints the code.
func (c Code) Error() string { return string(c) }

// Problem is one thing that verification found. Entry is the entry's id; for bytes that give none it is the id that
// should stand there, or the line ("line 17").
type Problem struct {
	Code  Code   `json:"code"`
	Entry string `json:"entry"`
	Text  string `json:"text"`
}

// weight orders the outcomes: what a code means for the whole record.
type weight int

const (
	weightNote weight = iota
	weightIncomplete
	weightEquivocation
	weightDamaged
)

func (c Code) weight() weight {
	switch c {
	case CodeGap, CodeMissingSeen, CodeNoOpening, CodeTruncated, CodeAuthorUnproven, CodeAuthorityWithheld:
		return weightIncomplete
	case CodeEquivocation:
		return weightEquivocation
	case CodeNotAuthorised, CodeNotYetAdmitted, CodeKeyRevoked, CodeOutOfPlace, CodeClockBackwards, CodeWithheld:
		return weightNote
	}
	return weightDamaged
}

// Damages reports that a problem with this code makes a record damaged or forged.
func (c Code) Damages() bool { return c.weight() == weightDamaged }

// Incomplete reports that a problem with this code says that something is missing.
func (c Code) Incomplete() bool { return c.weight() == weightIncomplete }
