package checkpoint

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 of the Merkle log. Its one text is 44 characters of standard base64.
type Hash [32]byte

// hashText is the length of a hash in base64.
const hashText = 44

// b64 refuses set trailing bits; line breaks, which it would skip, are refused by decode64.
var b64 = base64.StdEncoding.Strict()

func decode64(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, fmt.Errorf("line break in base64")
	}
	return b64.DecodeString(text)
}

// String is the base64.
func (h Hash) String() string { return b64.EncodeToString(h[:]) }

// MarshalText writes the base64, so that JSON holds hashes as strings.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText writes and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := decode64(string(text))
	if err != nil || len(text) != hashText || len(b) != len(h) {
		return fmt.Errorf("%w: not a hash in base64", ErrForm)
	}
	copy(h[:], b)
	return nil
}

// Proof is an inclusion proof (RFC 6962 §2.1.1, from the leaf's sibling up) or a consistency proof (§2.1.2). In JSON it is
// a list of hashes; its one form inside a line is what AppendProof writes.
type Proof []Hash

// AppendProof writes ["…","…"], without spaces.
func AppendProof(b []byte, p Proof) []byte {
	b = append(b, '[')
	for i, h := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = b64.AppendEncode(b, h[:])
		b = append(b, '"')
	}
	return append(b, ']')
}

// ParseProof reads what AppendProof writes and nothing else. The error wraps ErrForm.
func ParseProof(b []byte) (Proof, error) {
	if len(b) > maxProofText || len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return nil, fmt.Errorf("%w: not a list of at most %d hashes", ErrForm, MaxProof)
	}
	if len(b) == 2 {
		return Proof{}, nil
	}
	parts := strings.Split(string(b[1:len(b)-1]), ",")
	p := make(Proof, len(parts))
	for i, part := range parts {
		if len(part) != hashText+2 || part[0] != '"' || part[hashText+1] != '"' {
			return nil, fmt.Errorf("%w: hash %d of the proof is not a string of %d characters", ErrForm, i+1, hashText)
		}
		if err := p[i].UnmarshalText([]byte(part[1 : hashText+1])); err != nil {
			return nil, err
		}
	}
	if len(p) > MaxProof {
		return nil, fmt.Errorf("%w: more than %d hashes", ErrForm, MaxProof)
	}
	return p, nil
}

func fromTlog(p []tlog.Hash) Proof {
	out := make(Proof, len(p))
	for i, h := range p {
		out[i] = Hash(h)
	}
	return out
}

func toTlog(p Proof) []tlog.Hash {
	out := make([]tlog.Hash, len(p))
	for i, h := range p {
		out[i] = tlog.Hash(h)
	}
	return out
}
