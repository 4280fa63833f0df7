package caserecord

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// tip is the newest entry of a chain. A forked chain has several.
type tip struct {
	author Author
	id     ID
}

// headOf hashes the tips: one text, specified in record-format.md §6.
func headOf(caseID string, tips []tip) string {
	slices.SortFunc(tips, func(a, b tip) int {
		if c := strings.Compare(string(a.author), string(b.author)); c != 0 {
			return c
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	h := sha256.New()
	fmt.Fprintf(h, "adjutant case head v1\n%s\n", caseID)
	for _, t := range tips {
		fmt.Fprintf(h, "%s %s\n", t.author, t.id)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Head computes the case head of a set of entries: SHA-256 over the case id and the newest entries of all authors. "" for
// no entries. Two copies have the same head if and only if they hold the same chains.
func Head(entries []Entry) string { return NewLog(entries...).Head() }

// crockford has no I, L, O and U, so that a code can be read out and typed.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeDigits × 5 = 100 bits, of which 80 are the least that DESIGN §4 asks for.
const codeDigits = 20

// HeadCode prints the first 100 bits of a head as four groups of five Crockford base32 digits, "7K3MA-…". "" for text
// that is no head.
func HeadCode(head string) string { return code(head) }

// KeyCode prints a key's fingerprint, the first 100 bits of SHA-256 over the 32 key bytes, the same way.
func KeyCode(a Author) string {
	key, err := hex.DecodeString(string(a))
	if err != nil || len(key) != 32 {
		return ""
	}
	sum := sha256.Sum256(key)
	return code(hex.EncodeToString(sum[:]))
}

func code(hash string) string {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) != sha256.Size {
		return ""
	}
	var out strings.Builder
	acc, bits := uint(0), 0
	for i, n := 0, 0; n < codeDigits; n++ {
		if bits < 5 {
			acc, bits = acc<<8|uint(b[i]), bits+8
			i++
		}
		bits -= 5
		if n > 0 && n%5 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(crockford[acc>>bits&31])
	}
	return out.String()
}

// SameKeyCode reports whether a code or full key that a person typed is the one of the key.
func SameKeyCode(typed string, a Author) bool {
	want, ok := normalCode(typed)
	return ok && (want == string(a) || want == KeyCode(a))
}

// normalCode reads a code as people type it: any case, O for 0, I and L for 1, groups or not. ok is false for anything
// that is neither a code nor a full hash.
func normalCode(s string) (code string, ok bool) {
	s = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s))
	if len(s) == 64 && isHex(strings.ToLower(s), 64) {
		return strings.ToLower(s), true
	}
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
	if len(s) != codeDigits || strings.Trim(s, crockford) != "" {
		return "", false
	}
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:], true
}
