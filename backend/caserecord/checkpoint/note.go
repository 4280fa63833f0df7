package checkpoint

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ErrSignature is returned for a note that the author named in its origin has not signed.
var ErrSignature = errors.New("checkpoint: not signed by its author")

// Signature types of C2SP signed-note: they go into the key id, so that a line says what kind of signature it is.
const (
	algEd25519     = 0x01
	algCosignature = 0x04
)

// keyID is the 32-bit id of a key: SHA-256(name LF type key)[:4].
func keyID(name string, alg byte, key []byte) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write([]byte{alg})
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// signatureLine writes "— name base64(key id, signature)" with LF.
func signatureLine(name string, id uint32, sig []byte) string {
	return "— " + name + " " + b64.EncodeToString(append(binary.BigEndian.AppendUint32(nil, id), sig...)) + "\n"
}

// Signed is a checkpoint's text with its author's signature.
type Signed struct {
	Text      []byte // as Format writes it
	Signature []byte // 64 bytes, Ed25519 over Text
}

// Sign has a checkpoint signed. sign is called once with the text and returns the Ed25519 signature by c.Author; the key
// lives elsewhere. A log never signs two checkpoints that cannot stand in one history: whoever calls this has built c
// from the author's whole chain. Errors: ErrForm, ErrSignature for a signature by another key, or what sign returned.
func Sign(c Checkpoint, sign func(text []byte) ([]byte, error)) (Signed, error) {
	text, err := Format(c)
	if err != nil {
		return Signed{}, err
	}
	sig, err := sign(bytes.Clone(text))
	if err != nil {
		return Signed{}, fmt.Errorf("checkpoint: sign: %w", err)
	}
	s := Signed{Text: text, Signature: sig}
	if _, err := Verify(s.Note()); err != nil { // what we write we can read
		return Signed{}, err
	}
	return s, nil
}

// Note writes the signed note: text, blank line, one signature line. Its bytes are a function of text and signature.
func (s Signed) Note() []byte {
	origin, _, _ := strings.Cut(string(s.Text), "\n")
	c, err := parseOrigin(origin)
	if err != nil {
		return nil // only Sign makes one, from a text that Format wrote
	}
	return []byte(string(s.Text) + "\n" + signatureLine(origin, keyID(origin, algEd25519, keyBytes(c.Author)), s.Signature))
}

// Verify reads a signed note and checks its signature with the key in its origin. Lines of witnesses may follow the
// author's; Cosignatures checks those. The error wraps ErrForm or ErrSignature; no checkpoint is returned with it.
func Verify(msg []byte) (Checkpoint, error) {
	n, err := open(msg)
	return n.checkpoint, err
}

// opened is a note whose author's signature holds.
type opened struct {
	checkpoint Checkpoint
	text       []byte
	author     string // signature line, with LF
	others     []note.Signature
}

func open(msg []byte) (opened, error) {
	if len(msg) > MaxNoteBytes {
		return opened{}, fmt.Errorf("%w: longer than %d bytes", ErrForm, MaxNoteBytes)
	}
	origin, _, _ := strings.Cut(string(msg[:min(len(msg), maxTextBytes)]), "\n")
	c, err := parseOrigin(origin)
	if err != nil {
		return opened{}, err
	}
	key := keyBytes(c.Author)
	got, err := note.Open(msg, note.VerifierList(authorKey{origin, key}))
	var invalid *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &invalid):
		return opened{}, fmt.Errorf("%w: the signature does not fit the text", ErrSignature)
	case errors.As(err, &unverified):
		return opened{}, fmt.Errorf("%w: no line by the key in the origin", ErrSignature)
	case err != nil:
		return opened{}, fmt.Errorf("%w: %v", ErrForm, err)
	}
	o := opened{text: []byte(got.Text), others: got.UnverifiedSigs}
	if o.checkpoint, err = Parse(o.text); err != nil {
		return opened{}, err
	}
	// note.Open is lenient about repeated lines, their order and spare bits of base64. One form: the author's line
	// first, no line twice, and the very bytes that would be written from what was read.
	raw, err := decode64(got.Sigs[0].Base64)
	if err != nil || len(raw) != 4+ed25519.SignatureSize {
		return opened{}, fmt.Errorf("%w: the signature line", ErrForm)
	}
	o.author = signatureLine(origin, keyID(origin, algEd25519, key), raw[4:])
	if again, err := o.note(o.others); err != nil || !bytes.Equal(again, msg) {
		return opened{}, fmt.Errorf("%w: the signature lines", ErrForm)
	}
	return o, nil
}

// note writes the note with these lines after the author's.
func (o opened) note(others []note.Signature) ([]byte, error) {
	out := string(o.text) + "\n" + o.author
	for _, s := range others {
		raw, err := decode64(s.Base64)
		if err != nil || len(raw) < 5 {
			return nil, fmt.Errorf("%w: the line of %q", ErrForm, s.Name)
		}
		out += signatureLine(s.Name, s.Hash, raw[4:])
	}
	return []byte(out), nil
}

// authorKey is a note.Verifier of the plain Ed25519 type.
type authorKey struct {
	origin string
	key    []byte
}

func (k authorKey) Name() string    { return k.origin }
func (k authorKey) KeyHash() uint32 { return keyID(k.origin, algEd25519, k.key) }
func (k authorKey) Verify(msg, sig []byte) bool {
	return len(sig) == ed25519.SignatureSize && ed25519.Verify(k.key, msg, sig)
}
