package bundle

import (
	"fmt"
	"strings"
	"unicode"
)

const exerciseMark = `EXERCISE  EXERCISE  EXERCISE
This is a drill. The people who signed are fictional and nothing of it happened.

`

// readme is for whoever finds the folder. It promises nothing that the reader could not check.
func readme(m Manifest, files []planned) string {
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

%s
Only the record (entries.jsonl) is signed, and through it the evidence, which it names by hash. Everything else was
written beside it for convenience.

The format is described in backend/doc/record-format.md of the Adjutant source.
`, plain(m.Name), m.Case, m.TLP, m.Entries, m.Withheld, m.HeadCode, m.Written, contents(m, files))
}

// contents lists what is here, and says what evidence is not.
func contents(m Manifest, files []planned) string {
	count := map[Kind]int{}
	for _, f := range files {
		kind, _, _ := KindOf(f.Name)
		count[kind]++
	}
	var w strings.Builder
	line := func(name, format string, a ...any) { fmt.Fprintf(&w, "  %-18s%s\n", name, fmt.Sprintf(format, a...)) }
	if count[KindPage] > 0 {
		line(PageFile, "start here: the case in plain words, for any browser, without a network")
	}
	line(EntriesFile, "one signed entry a line: id, envelope (DSSE, Ed25519), body in base64 or null when withheld")
	if n := count[KindEvidence]; n > 0 {
		line(evidenceDir+"/", "%d of %d items of evidence, byte for byte, each named by its SHA-256", n, len(m.Evidence))
	}
	if n := count[KindDocument]; n > 0 {
		line(documentsDir+"/", "%d papers of the case", n)
	}
	if count[KindPrivilege] > 0 {
		line(PrivilegeFile, "what was left out, and on what ground")
	}
	if count[KindVerifier] > 0 {
		line(verifyDir+"/", "caseverify, to try out; for a check that counts take it from elsewhere")
	}
	line(ManifestFile, "what the writer says is inside")
	line(SumsFile, "checksums against accidents (sha256sum -c %s)", SumsFile)
	if text := m.absent(); text != "" {
		fmt.Fprintf(&w, "\nNot here: %s.\n%s lists them by hash.\n", text, ManifestFile)
	}
	return w.String()
}

// plain keeps control characters and direction marks of a name out of a text that people print on terminals.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
