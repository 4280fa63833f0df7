package checkpoint

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrForm is returned for bytes that are not in the one form of a checkpoint, note, cosignature, witness key or proof.
var ErrForm = errors.New("checkpoint: not in its one form")

// Checkpoint says what an author's log held: so many entries, with this root.
type Checkpoint struct {
	Case   string // case id, 32 lower-case hexadecimal digits
	Author string // Ed25519 public key, 64 lower-case hexadecimal digits: who signs it, and whose entries it counts
	Size   uint64 // entries, 1 … MaxSize
	Root   Hash
}

// originHead begins every origin, and so every text.
const originHead = "adjutant/case/"

// Origin names the log, and is the name of its key in the note: "adjutant/case/<case id>/<author>".
func (c Checkpoint) Origin() string { return originHead + c.Case + "/" + c.Author }

// Format writes the text that is signed: origin, decimal size, base64 root, each line ended by LF (C2SP
// tlog-checkpoint). The error wraps ErrForm and says which field is out of bounds.
func Format(c Checkpoint) ([]byte, error) {
	if !isHex(c.Case, 32) || !isHex(c.Author, 64) {
		return nil, fmt.Errorf("%w: case id and author are 32 and 64 lower-case hexadecimal digits", ErrForm)
	}
	if c.Size < 1 || c.Size > MaxSize {
		return nil, fmt.Errorf("%w: size %d", ErrForm, c.Size)
	}
	return fmt.Appendf(nil, "%s\n%d\n%s\n", c.Origin(), c.Size, c.Root), nil
}

// Parse reads what Format writes and nothing else. A signer uses it to see what it is asked to sign. Nothing of the text
// is proved before its note is verified. The error wraps ErrForm.
func Parse(text []byte) (Checkpoint, error) {
	if len(text) > maxTextBytes {
		return Checkpoint{}, fmt.Errorf("%w: longer than %d bytes", ErrForm, maxTextBytes)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("%w: not three lines, each with its end", ErrForm)
	}
	c, err := parseOrigin(lines[0])
	if err != nil {
		return Checkpoint{}, err
	}
	size, err := strconv.ParseUint(lines[1], 10, 64)
	if err != nil || size < 1 || size > MaxSize || lines[1] != strconv.FormatUint(size, 10) {
		return Checkpoint{}, fmt.Errorf("%w: the size is not a number from 1 to %d", ErrForm, uint64(MaxSize))
	}
	c.Size = size
	if err := c.Root.UnmarshalText([]byte(lines[2])); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

func parseOrigin(line string) (Checkpoint, error) {
	rest, ok := strings.CutPrefix(line, originHead)
	id, author, _ := strings.Cut(rest, "/")
	if !ok || !isHex(id, 32) || !isHex(author, 64) {
		return Checkpoint{}, fmt.Errorf("%w: the origin is not %s<case id>/<author>", ErrForm, originHead)
	}
	return Checkpoint{Case: id, Author: author}, nil
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}

// keyBytes is the public key of 64 hexadecimal digits, which isHex has admitted.
func keyBytes(digits string) []byte {
	b, _ := hex.DecodeString(digits)
	return b
}
