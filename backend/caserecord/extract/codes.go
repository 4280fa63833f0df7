package extract

import "adjutant/backend/caserecord"

// The codes of what only an extract can have; it shares the others with caserecord (form, signature, body-hash, body,
// duplicate, order, wrong-case, mode-mix, manifest, checksum, anchor-key, too-many, no-opening, truncated,
// author-unproven, equivocation, withheld). The list is closed; backend/doc/extract-format.md says what each means.
//
// Exit 1:
const (
	CodeFile                caserecord.Code = "extract-file"         // a file is missing, a link, too long or unreadable
	CodeUnlisted            caserecord.Code = "unlisted"             // a file that extract.json does not list
	CodeDocument            caserecord.Code = "document"             // a document is not the one in extract.json
	CodeIndex               caserecord.Code = "index"                // a line's index is not its entry's seq − 1
	CodeProof               caserecord.Code = "proof"                // the proof does not lead from the entry to the root
	CodeBeyond              caserecord.Code = "beyond-checkpoint"    // the entry is younger than its author's checkpoint
	CodeNoCheckpoint        caserecord.Code = "no-checkpoint"        // no checkpoint of the entry's author is here
	CodeCheckpointForm      caserecord.Code = "checkpoint-form"      // not in the one form of a signed checkpoint
	CodeCheckpointSignature caserecord.Code = "checkpoint-signature" // not signed by the author in its origin
	CodeCheckpointCase      caserecord.Code = "checkpoint-case"      // of another case
	CodeCheckpointAuthor    caserecord.Code = "checkpoint-author"    // of another author than it stands for
	CodeConsistency         caserecord.Code = "consistency"          // two checkpoints are not proved to be of one history
	CodeCheckpoint          caserecord.Code = "checkpoint"           // a checkpoint given does not fit
)

// Exit 3:
const (
	CodeNoConsistency caserecord.Code = "no-consistency" // nothing here ties a checkpoint given to this extract
	CodeHeadNotShown  caserecord.Code = "head-not-shown" // a head was given; an extract does not hold what makes one
)

// Exit 0, told all the same:
const (
	CodeRoleNotShown      caserecord.Code = "role-not-shown"     // the signer's role is given by no entry here
	CodeRoleEnded         caserecord.Code = "role-ended"         // an end of the signer's role is here
	CodeKeyRevoked        caserecord.Code = "key-revoked"        // a revocation of the signer's key is here
	CodeDocumentUnvouched caserecord.Code = "document-unvouched" // no entry here names the document's hash
)

// exitOf is what a code means for the whole extract.
func exitOf(c caserecord.Code) int {
	switch c {
	case CodeNoConsistency, CodeHeadNotShown, caserecord.CodeNoOpening, caserecord.CodeTruncated, caserecord.CodeAuthorUnproven:
		return 3
	case caserecord.CodeEquivocation:
		return 4
	case CodeRoleNotShown, CodeRoleEnded, CodeKeyRevoked, CodeDocumentUnvouched, caserecord.CodeWithheld:
		return 0
	}
	return 1
}

// verdictOf takes the worst: 1 before 4 before 3.
func verdictOf(problems []caserecord.Problem, anchored bool) string {
	found := map[int]bool{}
	for _, p := range problems {
		found[exitOf(p.Code)] = true
	}
	switch {
	case found[1]:
		return caserecord.VerdictDamaged
	case found[4]:
		return caserecord.VerdictEquivocation
	case found[3]:
		return caserecord.VerdictIncomplete
	case anchored:
		return caserecord.VerdictGood
	}
	return caserecord.VerdictConsistent
}

// ExitCode is 0 good or consistent, 1 damaged or forged, 3 incomplete, 4 equivocation, as of a caserecord.Report.
func (r Report) ExitCode() int { return caserecord.Report{Verdict: r.Verdict}.ExitCode() }
