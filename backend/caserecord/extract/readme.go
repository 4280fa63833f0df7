package extract

import "fmt"

const exerciseMark = `EXERCISE  EXERCISE  EXERCISE
This is a drill. The people who signed are fictional and nothing of it happened.

`

// readme is for whoever finds the folder. It promises nothing that the reader could not check.
func readme(m Manifest) string {
	mark := ""
	if m.Exercise {
		mark = exerciseMark
	}
	return mark + fmt.Sprintf(`A part of the signed record of one incident case, written by Adjutant for somebody who may see this part.

Case        %s
Case id     %s
Sharing     %s
For         %s
What for    %s
Entries     %d (%d without their body) by %d keys
Documents   %d
Written     %s

How to check it

  caseverify FOLDER --checkpoint FILE --key FINGERPRINT

Take caseverify from elsewhere, not from whoever gave you this folder: from the Adjutant release you trust, or build it
from source (go build adjutant/backend/cmd/caseverify). A program that came with the folder can say anything.

Take FILE (a signed checkpoint of one of the authors, handed over earlier or by somebody else) and FINGERPRINT (of the key
of whoever opened the case) from elsewhere as well. Without them the best answer is "consistent with itself; signers not
checked": whoever wrote this folder could have made up the case with keys of their own.

What it shows, and what it does not

Each entry here carries its author's signature and a proof that it stands, with its number, in that author's log as the
author's signed checkpoint fixes it. That is all. An extract does not show that nothing else was written, neither between
these entries nor after the checkpoints. What is left out or withheld may say anything, also the contrary. "For", "What
for" and the list of documents are the writer's words; nobody signed them.

Exit codes: 0 good, 1 damaged or forged, 2 wrong usage, 3 incomplete, 4 someone signed two histories.

What is here

  entries.jsonl   one signed entry a line: id, envelope (DSSE, Ed25519), body in base64 or null, index and proof
  extract.json    the signed checkpoints of the authors, and the list of documents
  documents/      papers that go along, if any
  SHA256SUMS      checksums against accidents (sha256sum -c SHA256SUMS)

The format is described in backend/doc/extract-format.md of the Adjutant source.
`, m.Name, m.Case, m.TLP, m.To, m.Reason, m.Entries, m.Withheld, len(m.Logs), len(m.Documents), m.Written)
}
