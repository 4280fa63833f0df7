package identity

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"adjutant/backend/caserecord"
)

// card is a person's public words. As JSON, in the one form of the record's text (record-format.md §3), it is the public
// file people/<id>.json and the signed part of an exported card:
//
//	{"v":1,"id":"id32","name":"…","key":"hex64","created":"2026-03-04T05:06:07Z"}
type card struct {
	V       int                 `json:"v"`
	ID      caserecord.PersonID `json:"id"`
	Name    string              `json:"name"`
	Key     caserecord.Author   `json:"key"`
	Created time.Time           `json:"created"`
}

// An exported card is one line: cardHead, the card, cardSig, the signature in base64, cardTail. The key itself signs
// cardDomain and the card: whoever made the card holds the key. It proves nothing about the name.
const (
	cardHead   = `{"card":`
	cardSig    = `,"sig":"`
	cardTail   = "\"}\n"
	cardDomain = "adjutant card v1\n"
)

var b64 = base64.StdEncoding.Strict()

func cardOf(p Person) card { return card{1, p.ID, p.Name, p.Key, p.Created} }

func (c card) person() Person { return Person{c.ID, c.Name, c.Key, c.Created} }

func (c card) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("identity: card of %s: %w", c.ID, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// parseCard reads the one form of a card. The first public files wrote <, > and & of a name as escapes; they stay
// readable, and in all others the two forms are the same.
func parseCard(b []byte) (card, error) {
	var c card
	if err := json.Unmarshal(b, &c); err != nil {
		return card{}, fmt.Errorf("%w: not JSON of a card", ErrCard)
	}
	form, err := c.encode()
	if err != nil {
		return card{}, fmt.Errorf("%w: %w", ErrCard, err)
	}
	if first, err := json.Marshal(c); err != nil || !bytes.Equal(b, form) && !bytes.Equal(b, first) {
		return card{}, fmt.Errorf("%w: not in its one form", ErrCard)
	}
	switch {
	case c.V != 1:
		return card{}, fmt.Errorf("%w: not a card of version 1", ErrCard)
	case !isHex(string(c.ID), 32):
		return card{}, fmt.Errorf("%w: the id is not 32 hexadecimal digits", ErrCard)
	case checkName(c.Name) != nil:
		return card{}, fmt.Errorf("%w: %w", ErrCard, ErrName)
	case !wholeUTC(c.Created):
		return card{}, fmt.Errorf("%w: the time is not in whole seconds of UTC", ErrCard)
	}
	if _, err := publicKey(c.Key); err != nil {
		return card{}, fmt.Errorf("%w: %w", ErrCard, err)
	}
	return c, nil
}

// ExportCard makes the card with which another laptop can admit this person's key: one line, at most MaxCardBytes,
// nothing secret in it. No Act is needed, since the bytes are the person's own name, id and key and nobody can choose
// others. ErrLocked.
func ExportCard(u *Unlocked) ([]byte, error) {
	c, err := cardOf(u.person).encode()
	if err != nil {
		return nil, err
	}
	sig, err := u.signCard()
	if err != nil {
		return nil, err
	}
	return assemble(c, sig), nil
}

// signCard signs the person's own card. It takes nothing, so that it can sign nothing else.
func (u *Unlocked) signCard() ([]byte, error) {
	c, err := cardOf(u.person).encode()
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.key == nil {
		return nil, ErrLocked
	}
	return ed25519.Sign(*u.key, append([]byte(cardDomain), c...)), nil
}

func assemble(c, sig []byte) []byte {
	out := append([]byte(cardHead), c...)
	out = append(out, cardSig...)
	out = b64.AppendEncode(out, sig)
	return append(out, cardTail...)
}

// ReadCard reads an exported card: at most MaxCardBytes, exactly the form that ExportCard writes, signed by its own key.
// Anyone can make a card with any name: before the key is admitted its fingerprint (caserecord.KeyCode) is compared with
// the person, by voice or face to face. ErrCard.
func ReadCard(b []byte) (Person, error) {
	if len(b) > MaxCardBytes {
		return Person{}, fmt.Errorf("%w: longer than %d bytes", ErrCard, MaxCardBytes)
	}
	rest, ok := bytes.CutPrefix(b, []byte(cardHead))
	n := len(rest) - len(cardSig) - b64.EncodedLen(ed25519.SignatureSize) - len(cardTail)
	if !ok || n < 0 {
		return Person{}, fmt.Errorf("%w: not the one line of a card", ErrCard)
	}
	raw, rest := rest[:n], rest[n:]
	sig := make([]byte, b64.DecodedLen(len(rest)))
	n, err := b64.Decode(sig, rest[len(cardSig):len(rest)-len(cardTail)])
	sig = sig[:n]
	c, cardErr := parseCard(raw)
	if cardErr != nil {
		return Person{}, cardErr
	}
	// Written again it must be the same bytes: one card has one form.
	if form, encErr := c.encode(); err != nil || encErr != nil || !bytes.Equal(assemble(form, sig), b) {
		return Person{}, fmt.Errorf("%w: not in its one form", ErrCard)
	}
	key, err := publicKey(c.Key)
	if err != nil || !ed25519.Verify(key, append([]byte(cardDomain), raw...), sig) {
		return Person{}, fmt.Errorf("%w: not signed by its own key", ErrCard)
	}
	return c.person(), nil
}
