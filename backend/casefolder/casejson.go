package casefolder

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/incident"
)

// case.json says that the folder is a case, which one, and holds its key in slots; it says nothing about the incident.
// It exists twice (case.json, case.json.copy), because without it nothing of the case can be read.
//
// Exactly one byte form is accepted: the file must equal what encode writes. sum is a SHA-256 that finds damage before
// anyone is asked for a passphrase; seal is an HMAC under a key of the case that finds a change made on purpose.
type caseFile struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Case    string        `json:"case"`
	Mode    incident.Mode `json:"mode"`
	Created string        `json:"created"`
	Slots   []slot        `json:"slots"`
	Seal    string        `json:"seal"`
	Sum     string        `json:"sum"`
}

const (
	caseFormat   = "adjutant case"
	caseName     = "case.json"
	caseCopyName = "case.json.copy"
)

var idText = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Info is what case.json tells without a passphrase.
type Info struct {
	ID            string
	Mode          incident.Mode
	FormatVersion int
	Created       time.Time
}

// Inspect reads case.json only: which case this is, not what it is about. Errors: ErrNotCase, ErrVersion, ErrDamaged.
func Inspect(dir string) (Info, error) {
	c, _, err := readCase(dir)
	if err != nil {
		return Info{}, err
	}
	return c.info(), nil
}

func (c *caseFile) info() Info {
	created, _ := time.Parse(time.RFC3339Nano, c.Created) //nolint:errcheck // checked by decodeCase
	return Info{ID: c.Case, Mode: c.Mode, FormatVersion: c.Version, Created: created}
}

// content is what sum and seal cover: every field before them, length by length.
func (c *caseFile) content() []byte {
	b := []byte("adjutant case.json v1\x00")
	put := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	put(c.Format)
	b = binary.BigEndian.AppendUint32(b, uint32(c.Version))
	put(c.Case)
	put(string(c.Mode))
	put(c.Created)
	h := slotsHash(c.Slots)
	return append(b, h[:]...)
}

func (c *caseFile) sealWith(key [32]byte) {
	m := hmac.New(sha256.New, key[:])
	m.Write(c.content())
	c.Seal = hex.EncodeToString(m.Sum(nil))
	c.Sum = c.sum()
}

func (c *caseFile) sealedWith(key [32]byte) bool {
	m := hmac.New(sha256.New, key[:])
	m.Write(c.content())
	return hmac.Equal([]byte(hex.EncodeToString(m.Sum(nil))), []byte(c.Seal))
}

func (c *caseFile) sum() string {
	s := sha256.Sum256(append(c.content(), c.Seal...))
	return hex.EncodeToString(s[:])
}

func (c *caseFile) encode() []byte {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		panic("casefolder: encode case.json: " + err.Error()) // plain strings cannot fail
	}
	return append(b, '\n')
}

// decodeCase accepts exactly what encode writes.
func decodeCase(b []byte) (*caseFile, error) {
	var c caseFile
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("%w: not readable as JSON: %w", ErrDamaged, err)
	}
	if c.Format == caseFormat && c.Version > FormatVersion {
		return nil, fmt.Errorf("%w: format %d, this program knows %d", ErrVersion, c.Version, FormatVersion)
	}
	created, err := time.Parse(time.RFC3339Nano, c.Created)
	switch {
	case c.Format != caseFormat || c.Version != FormatVersion:
		return nil, fmt.Errorf("%w: format %.40q version %d", ErrDamaged, c.Format, c.Version)
	case !idText.MatchString(c.Case):
		return nil, fmt.Errorf("%w: case id %.40q", ErrDamaged, c.Case)
	case c.Mode != incident.ModeLive && c.Mode != incident.ModeExercise:
		return nil, fmt.Errorf("%w: mode %.40q", ErrDamaged, string(c.Mode))
	case err != nil || created.Format(time.RFC3339Nano) != c.Created:
		return nil, fmt.Errorf("%w: created %.40q", ErrDamaged, c.Created)
	case len(c.Slots) == 0 || len(c.Slots) > maxSlots:
		return nil, fmt.Errorf("%w: %d key slots", ErrDamaged, len(c.Slots))
	case c.Sum != c.sum():
		return nil, fmt.Errorf("%w: the checksum does not fit", ErrDamaged)
	case !bytes.Equal(b, c.encode()):
		return nil, fmt.Errorf("%w: bytes that do not belong there", ErrDamaged)
	}
	for i, s := range c.Slots {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%w: slot %d: %w", ErrDamaged, i, err)
		}
	}
	return &c, nil
}

// readCase reads case.json, or its copy where that one is damaged, and says which copy needs mending.
func readCase(dir string) (*caseFile, []Problem, error) {
	var found *caseFile
	var first error
	var bad []Problem
	present := 0
	for _, name := range []string{caseName, caseCopyName} {
		b, err := readBounded(filepath.Join(dir, name), maxCaseJSON)
		if err == nil {
			present++
			var c *caseFile
			if c, err = decodeCase(b); err == nil {
				switch {
				case found == nil:
					found = c
				case !bytes.Equal(found.encode(), b):
					// Cut off between the two writes of a slot change: the first one is written first.
					bad = append(bad, Problem{File: name, Text: "the copy was older than case.json"})
				}
				continue
			}
		}
		if first == nil || errors.Is(first, fs.ErrNotExist) {
			first = err
		}
		text := "missing"
		if !errors.Is(err, fs.ErrNotExist) {
			text = err.Error()
		}
		bad = append(bad, Problem{File: name, Text: text})
	}
	if found != nil {
		return found, bad, nil
	}
	if present == 0 {
		return nil, nil, fmt.Errorf("%w: %s has no %s (%w)", ErrNotCase, dir, caseName, first)
	}
	return nil, nil, fmt.Errorf("%s: %w", caseName, first)
}

// writeCase writes both copies; case.json first, so that it is never older than its copy.
func writeCase(dir string, c *caseFile) error {
	for _, name := range []string{caseName, caseCopyName} {
		if err := durable.WriteFile(filepath.Join(dir, name), c.encode()); err != nil {
			return fmt.Errorf("casefolder: write %s: %w", name, err)
		}
	}
	return nil
}

func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrDamaged, most)
	}
	return b, nil
}

func slotsHash(slots []slot) incident.Digest {
	b := []byte("adjutant case slots v1\x00")
	for _, s := range slots {
		for _, f := range []string{s.Kind, s.Recipient, s.Age} {
			b = binary.BigEndian.AppendUint32(b, uint32(len(f)))
			b = append(b, f...)
		}
	}
	return sha256.Sum256(b)
}

var slotBase64 = base64.StdEncoding.Strict()
