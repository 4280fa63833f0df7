package bundle

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
	return mark + fmt.Sprintf(`The signed record of one incident case, exported by Adjutant.

Case        %s
Case id     %s
Sharing     %s
Entries     %d (%d bodies withheld)
Case head   %s
Written     %s

How to check it

  caseverify FOLDER --head CODE --key FINGERPRINT

Take caseverify from elsewhere, not from whoever gave you this folder: from the Adjutant release you trust, or build it
from source (go build adjutant/backend/cmd/caseverify). A program that came with the folder can say anything.

Take CODE and FINGERPRINT from elsewhere as well: the case head is printed on every paper of the case, and people know
the fingerprint of their key. The head above was written by the same hand as the rest, so it proves nothing by itself.
Without --head or --key the best answer is "consistent with itself; signers not checked".

Exit codes: 0 good, 1 damaged or forged, 2 wrong usage, 3 incomplete, 4 someone signed two histories.

What is here

  entries.jsonl   one signed entry a line: id, envelope (DSSE, Ed25519), body in base64 or null when withheld
  bundle.json     what the writer says is inside
  SHA256SUMS      checksums against accidents (sha256sum -c SHA256SUMS)

The format is described in backend/doc/record-format.md of the Adjutant source.
`, m.Name, m.Case, m.TLP, m.Entries, m.Withheld, m.HeadCode, m.Written)
}
