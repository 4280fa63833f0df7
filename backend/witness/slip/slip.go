// Package slip is the code on a courier slip: what it holds, how it is read back, and the comparison on arrival.
//
// It stands between two laptops and a sheet of paper: document prints Slip.Code as a square and the short codes of head
// and file beside it; on arrival the workbench computes the same three values from what came and Compare says which are
// equal. The code is one line of 178 characters in one form:
//
//	adjutant-slip:1:CASE:HEAD:FILE
//
// CASE is the case id (32 hexadecimal digits), HEAD the case head and FILE the SHA-256 of the bundle file (64 each), all
// in lower case. It keeps true that what was not given on the paper or is not here is told as not compared, and never
// counts as equal. It does not say whom the slip came from: that is the paper's way, its signatures and the courier's.
package slip

import (
	"errors"
	"fmt"
	"strings"

	"adjutant/backend/caserecord"
)

// ErrForm is returned for text that is no slip code, head or short code in their one form.
var ErrForm = errors.New("slip: not a code of a courier slip")

const (
	prefix = "adjutant-slip:1:"
	// maxGiven bounds what is typed or scanned: the longest form has 178 characters, groups and spaces may stand between.
	maxGiven = 1024
	hexID    = 32
	hexHash  = 64
)

// Slip names what travels.
type Slip struct {
	Case string // case id, id32
	Head string // case head of what travels, hex64
	File string // SHA-256 of the bundle file, hex64
}

// Code is the text of the square. ErrForm when a part is not in its one form.
func (s Slip) Code() (string, error) {
	if !isHex(s.Case, hexID) || !isHex(s.Head, hexHash) || !isHex(s.File, hexHash) {
		return "", fmt.Errorf("%w: case %.40q, head %.70q, file %.70q", ErrForm, s.Case, s.Head, s.File)
	}
	return prefix + s.Case + ":" + s.Head + ":" + s.File, nil
}

// Parse reads what Code writes and nothing else.
func Parse(code string) (Slip, error) {
	rest, ok := strings.CutPrefix(code, prefix)
	parts := strings.Split(rest, ":")
	if !ok || len(code) != len(prefix)+hexID+2*hexHash+2 || len(parts) != 3 {
		return Slip{}, fmt.Errorf("%w: %.80q", ErrForm, code)
	}
	s := Slip{parts[0], parts[1], parts[2]}
	if _, err := s.Code(); err != nil {
		return Slip{}, err
	}
	return s, nil
}

func isHex(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789abcdef") == "" }

// ShortCode is the code for reading out and typing: the first 100 bits, as everywhere else in the record. "" for a text
// that is no hash.
func ShortCode(hash string) string { return caserecord.HeadCode(hash) }
