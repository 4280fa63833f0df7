package checkpoint

import (
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

// ErrWitness is returned for a line of a known witness that does not hold.
var ErrWitness = errors.New("checkpoint: a known witness did not sign this")

// Witness is someone else who signs checkpoints (C2SP tlog-cosignature, Ed25519): "as of this time, this is the greatest
// consistent log of this author that I have seen". Name and key together are what a verifying person knows of them.
type Witness struct {
	Name string // one printed line without spaces and plus
	Key  string // Ed25519 public key, 64 lower-case hexadecimal digits
}

// check refuses what cannot stand in a signature line.
func (w Witness) check() error {
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '+' }
	if w.Name == "" || len(w.Name) > maxNameBytes || !utf8.ValidString(w.Name) || strings.ContainsFunc(w.Name, bad) {
		return fmt.Errorf("%w: a witness's name has 1 to %d bytes without spaces and plus", ErrForm, maxNameBytes)
	}
	if !isHex(w.Key, 64) {
		return fmt.Errorf("%w: a witness's key has 64 lower-case hexadecimal digits", ErrForm)
	}
	return nil
}

func (w Witness) id() uint32 { return keyID(w.Name, algCosignature, keyBytes(w.Key)) }

// String writes the witness as a C2SP verifier key: name+hex(key id)+base64(0x04, key).
func (w Witness) String() string {
	return fmt.Sprintf("%s+%08x+%s", w.Name, w.id(), b64.EncodeToString(append([]byte{algCosignature}, keyBytes(w.Key)...)))
}

// ParseWitness reads what String writes and nothing else. The error wraps ErrForm.
func ParseWitness(vkey string) (Witness, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	_, text, _ := strings.Cut(rest, "+")
	raw, err := decode64(text)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algCosignature {
		return Witness{}, fmt.Errorf("%w: not a witness's verifier key (name+id+key of type 4)", ErrForm)
	}
	w := Witness{Name: name, Key: hex.EncodeToString(raw[1:])}
	if err := w.check(); err != nil {
		return Witness{}, err
	}
	if w.String() != vkey {
		return Witness{}, fmt.Errorf("%w: the id in the verifier key is not its own", ErrForm)
	}
	return w, nil
}

// Cosignature is a line that a known witness has signed.
type Cosignature struct {
	Witness Witness
	Time    time.Time // UTC, by the witness's clock
}

// cosignedHead begins what a witness signs.
const cosignedHead = "cosignature/v1\ntime "

func toCosign(text []byte, at int64) []byte {
	return fmt.Appendf(nil, "%s%d\n%s", cosignedHead, at, text)
}

// ParseToCosign reads the message that Cosign hands to its sign function, so that a signer can see what it is asked to
// sign. The error wraps ErrForm.
func ParseToCosign(msg []byte) (Checkpoint, time.Time, error) {
	rest, ok := strings.CutPrefix(string(msg), cosignedHead)
	line, text, _ := strings.Cut(rest, "\n")
	at, err := strconv.ParseInt(line, 10, 64)
	if !ok || err != nil || at < 1 || at > maxTime || strconv.FormatInt(at, 10) != line {
		return Checkpoint{}, time.Time{}, fmt.Errorf("%w: not a message to cosign", ErrForm)
	}
	c, err := Parse([]byte(text))
	if err != nil {
		return Checkpoint{}, time.Time{}, err
	}
	return c, time.Unix(at, 0).UTC(), nil
}

// Cosign adds a witness's line to a note whose author's signature holds; a line by the same witness is replaced. sign is
// called once with the message of C2SP tlog-cosignature and returns the Ed25519 signature by w.Key.
//
// Cosign cannot know what the witness has seen before. Whoever calls it has held the checkpoint against the newest one
// that this witness signed for the same origin (VerifyConsistency) or against the entries themselves.
func Cosign(msg []byte, w Witness, at time.Time, sign func(msg []byte) ([]byte, error)) ([]byte, error) {
	o, err := open(msg)
	if err != nil {
		return nil, err
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	toSign := toCosign(o.text, at.Unix())
	if _, _, err := ParseToCosign(toSign); err != nil {
		return nil, err
	}
	sig, err := sign(slices.Clone(toSign))
	if err != nil {
		return nil, fmt.Errorf("checkpoint: cosign: %w", err)
	}
	stamped := append(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())), sig...)
	line := note.Signature{Name: w.Name, Hash: w.id(),
		Base64: b64.EncodeToString(append(binary.BigEndian.AppendUint32(nil, w.id()), stamped...))}
	others := slices.DeleteFunc(slices.Clone(o.others), func(s note.Signature) bool { return s.Name == w.Name && s.Hash == line.Hash })
	out, err := o.note(append(others, line))
	if err != nil {
		return nil, err
	}
	if found, _, err := Cosignatures(out, []Witness{w}); err != nil || len(found) != 1 { // what we write we can read
		return nil, fmt.Errorf("%w: %s", ErrWitness, w.Name)
	}
	return out, nil
}

// Cosignatures verifies a note and the lines of the witnesses that the caller knows, in the order of the note. unknown
// counts the lines by others: they are well-formed and say nothing. The error wraps ErrForm, ErrSignature or, when the
// line of a known witness does not hold, ErrWitness.
func Cosignatures(msg []byte, known []Witness) (found []Cosignature, unknown int, err error) {
	o, err := open(msg)
	if err != nil {
		return nil, 0, err
	}
	for _, w := range known {
		if err := w.check(); err != nil {
			return nil, 0, err
		}
	}
	for _, s := range o.others {
		i := slices.IndexFunc(known, func(w Witness) bool { return w.Name == s.Name && w.id() == s.Hash })
		if i < 0 {
			unknown++
			continue
		}
		at, sig, err := splitCosignature(s.Base64)
		if err != nil || !ed25519.Verify(keyBytes(known[i].Key), toCosign(o.text, at), sig) ||
			slices.ContainsFunc(found, func(c Cosignature) bool { return c.Witness == known[i] }) {
			return nil, 0, fmt.Errorf("%w: %s", ErrWitness, s.Name)
		}
		found = append(found, Cosignature{known[i], time.Unix(at, 0).UTC()})
	}
	return found, unknown, nil
}

// splitCosignature takes key id (4 bytes), time (8 bytes, big-endian) and signature (64 bytes) apart.
func splitCosignature(text string) (at int64, sig []byte, err error) {
	raw, err := decode64(text)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return 0, nil, fmt.Errorf("%w: not a time and a signature", ErrForm)
	}
	seconds := binary.BigEndian.Uint64(raw[4:12])
	if seconds < 1 || seconds > maxTime {
		return 0, nil, fmt.Errorf("%w: the time is out of bounds", ErrForm)
	}
	return int64(seconds), raw[12:], nil
}
