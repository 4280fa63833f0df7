package caserecord

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// ID names an entry: SHA-256 of the PAE that was signed, 64 lower-case hexadecimal digits.
type ID string

// Author is the Ed25519 public key of one person on one device, 64 lower-case hexadecimal digits. The name is the key,
// so that a signature can be checked with nothing but the entry.
type Author string

// PersonID names a person across devices: 32 lower-case hexadecimal digits.
type PersonID string

// Entry is one signed line of the record with its body. It is never changed after Seal or Parse, and keeps no byte of the
// line that its header says: a case may have a hundred thousand of them (held.go).
type Entry struct {
	ID      ID
	Header  Header
	held    []byte
	content Content
}

// Content returns the typed data (a pointer such as *DecisionMadeData), nil when the body is withheld.
func (e Entry) Content() Content { return e.content }

// Withheld reports that the body is not here: the chain still verifies, the words are unknown.
func (e Entry) Withheld() bool { return len(e.held) <= ed25519.SignatureSize }

// WithoutBody returns the entry as it is handed to someone who may not read it. Openings, admissions and what gives or
// takes authority keep their body: without them nobody's signature means anything.
func (e Entry) WithoutBody() Entry {
	if keepsBody[e.Header.Kind] {
		return e
	}
	return e.bare()
}

// EntryError says why bytes are no entry. errors.Is with a Code tells the cases apart; ID is known as soon as the
// signed header could be read.
type EntryError struct {
	Code Code
	ID   ID
	text string
}

func (e *EntryError) Error() string {
	if e.ID == "" {
		return "caserecord: entry: " + e.text
	}
	return "caserecord: entry " + string(e.ID) + ": " + e.text
}

// Unwrap gives the Code.
func (e *EntryError) Unwrap() error { return e.Code }

func entryErr(code Code, id ID, format string, a ...any) error {
	return &EntryError{Code: code, ID: id, text: fmt.Sprintf(format, a...)}
}

// The envelope's fixed parts. DSSE allows any JSON; we allow these bytes only.
const (
	PayloadType = "application/vnd.adjutant.entry.v1+json"

	envelopeHead  = `{"payloadType":"` + PayloadType + `","payload":"`
	envelopeKey   = `","signatures":[{"keyid":"`
	envelopeSig   = `","sig":"`
	envelopeTail  = `"}]}`
	bodyHead      = `{"salt":"`
	bodyData      = `","data":`
	bodyTail      = `}`
	saltHexDigits = 32
)

// b64 refuses set trailing bits; newlines, which it would skip, are refused by decode64.
var b64 = base64.StdEncoding.Strict()

func decode64(b []byte) ([]byte, error) {
	if bytes.ContainsAny(b, "\r\n") {
		return nil, fmt.Errorf("line break in base64")
	}
	out := make([]byte, b64.DecodedLen(len(b)))
	n, err := b64.Decode(out, b)
	return out[:n], err
}

// pae is DSSE's pre-authentication encoding: "DSSEv1" SP len(type) SP type SP len(payload) SP payload.
func pae(payload []byte) []byte {
	b := make([]byte, 0, len(payload)+64)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(PayloadType)), 10)
	b = append(b, ' ')
	b = append(b, PayloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}

func idOf(pae []byte) ID {
	sum := sha256.Sum256(pae)
	return ID(hex.EncodeToString(sum[:]))
}

// CaseID is the id of the case that this author opens with this salt (the salt of the case.opened body): 32 hexadecimal
// digits. It commits to the opener's key, so nobody can put another opening under a case.
func CaseID(opener Author, salt [16]byte) string {
	sum := sha256.Sum256([]byte("adjutant case v1\n" + string(opener) + "\n" + hex.EncodeToString(salt[:]) + "\n"))
	return hex.EncodeToString(sum[:16])
}

// Seal makes an entry of h (usually from Log.Next) and data. It fills V, Kind, BodySHA256 and, for a case.opened, Case;
// Recorded is cut to milliseconds. sign is called once with the PAE and returns the Ed25519 signature by h.Author.
// The salt must be fresh random bytes: it keeps a withheld body from being guessed by its hash. Text that is not UTF-8
// is stored with U+FFFD in its place. Data out of bounds is refused with CodeBody and the field's name, before signing.
func Seal(h Header, data Content, salt [16]byte, sign func(pae []byte) ([]byte, error)) (Entry, error) {
	body, err := encodeBody(data, salt)
	if err != nil {
		return Entry{}, err
	}
	sum := sha256.Sum256(body)
	h.V, h.Kind, h.BodySHA256 = 1, data.Kind(), hex.EncodeToString(sum[:])
	h.Recorded = h.Recorded.UTC().Truncate(time.Millisecond)
	if h.Kind == CaseOpened && h.Case == "" {
		h.Case = CaseID(h.Author, salt)
	}
	payload := h.encode()
	toSign := pae(payload)
	if _, err := parseHeader(payload); err != nil {
		return Entry{}, entryErr(CodeForm, "", "header to sign: %v", err)
	}
	sig, err := sign(toSign)
	if err != nil {
		return Entry{}, fmt.Errorf("caserecord: sign %s: %w", h.Kind, err)
	}
	return Parse(appendEnvelope(nil, payload, h.Author, sig), body) // what we write we can read, signature included
}

// Parse reads one entry and checks all that can be checked of it alone: its form, the signature by its author, the
// body's hash, the kind and the fields. body nil means withheld. The bytes are the caller's again afterwards.
//
// Errors are *EntryError with CodeForm, CodeSignature, CodeBodyHash or CodeBody. With the last two the returned entry is
// usable as one whose body is withheld.
func Parse(line, body []byte) (Entry, error) { return parse(line, body, true) }

// ParseSealed is Parse without the signature check (which is most of its cost). Only for bytes that come out of the
// case's own authenticated storage, where Parse has admitted them before, and for callers that check in bulk.
func ParseSealed(line, body []byte) (Entry, error) { return parse(line, body, false) }

func parse(line, body []byte, signature bool) (Entry, error) {
	payload, sig, keyid, err := splitEnvelope(line)
	if err != nil {
		return Entry{}, entryErr(CodeForm, "", "envelope: %v", err)
	}
	signed := pae(payload)
	id := idOf(signed)
	h, err := parseHeader(payload)
	if err != nil {
		return Entry{}, entryErr(CodeForm, id, "header: %v", err)
	}
	if string(h.Author) != keyid {
		return Entry{}, entryErr(CodeForm, id, "key id is not the author")
	}
	e := Entry{ID: id, Header: h, held: sig}
	if signature {
		if err := e.checkSignature(signed); err != nil {
			return Entry{}, err
		}
	}
	if body == nil {
		return e, nil
	}
	sum := sha256.Sum256(body)
	if hex.EncodeToString(sum[:]) != h.BodySHA256 {
		return e, entryErr(CodeBodyHash, id, "the body is not the one that was signed")
	}
	content, err := decodeBody(h, body)
	if err != nil {
		return e, entryErr(CodeBody, id, "%s: %v", h.Kind, err)
	}
	e.held, e.content = pack(sig, body), content
	return e, nil
}

func splitEnvelope(line []byte) (payload, sig []byte, keyid string, err error) {
	if len(line) > MaxLineBytes {
		return nil, nil, "", fmt.Errorf("longer than %d bytes", MaxLineBytes)
	}
	s := scanner{b: line}
	until := func() []byte {
		start := s.at
		n := bytes.IndexByte(s.rest(), '"')
		if s.err != nil || n < 0 {
			s.fail(`a closing quote`)
			return nil
		}
		s.at += n
		return line[start:s.at]
	}
	s.lit(envelopeHead)
	payload64 := until()
	s.lit(envelopeKey)
	key := until()
	s.lit(envelopeSig)
	sig64 := until()
	s.lit(envelopeTail)
	s.end()
	if s.err != nil {
		return nil, nil, "", s.err
	}
	if payload, err = decode64(payload64); err != nil {
		return nil, nil, "", fmt.Errorf("payload: %w", err)
	}
	if sig, err = decode64(sig64); err != nil || len(sig) != ed25519.SignatureSize {
		return nil, nil, "", fmt.Errorf("signature: not 64 bytes of base64")
	}
	return payload, sig, string(key), nil
}

// CheckSignature verifies the Ed25519 signature over the PAE with the key that the author's name is.
func (e Entry) CheckSignature() error { return e.checkSignature(pae(e.Header.encode())) }

func (e *Entry) checkSignature(signed []byte) error {
	key, err := hex.DecodeString(string(e.Header.Author))
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(ed25519.PublicKey(key), signed, e.signature()) {
		return entryErr(CodeSignature, e.ID, "the signature is not by its author")
	}
	return nil
}

// encodeBody writes {"salt":"<32 hex>","data":{…}}.
func encodeBody(data Content, salt [16]byte) ([]byte, error) {
	if data == nil || reflect.ValueOf(data).IsNil() {
		return nil, entryErr(CodeBody, "", "no data")
	}
	if err := data.check(); err != nil {
		return nil, entryErr(CodeBody, "", "%s: %v", data.Kind(), err)
	}
	text, err := encodeData(data)
	if err != nil {
		return nil, entryErr(CodeBody, "", "%s: %v", data.Kind(), err)
	}
	out := make([]byte, 0, len(text)+64)
	out = append(out, bodyHead...)
	out = hex.AppendEncode(out, salt[:])
	out = append(out, bodyData...)
	out = append(out, text...)
	out = append(out, bodyTail...)
	if len(out) > MaxBodyBytes {
		return nil, entryErr(CodeBody, "", "%s: longer than %d bytes", data.Kind(), MaxBodyBytes)
	}
	return out, nil
}

// encodeData writes the data of a body in its one form.
func encodeData(data Content) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(withoutNil(data))
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// parseData reads the data of a kind in its one form, within its bounds.
func parseData(k Kind, data []byte) (Content, error) {
	s := scanner{b: data}
	s.value(shapeOf(typeOf(k)))
	s.end()
	if s.err != nil {
		return nil, s.err
	}
	content := newContent(k)
	if err := json.Unmarshal(data, content); err != nil {
		return nil, err
	}
	return content, content.check()
}

// withoutNil returns a copy of data whose nil lists and tables are empty ones: JSON null is not in the format.
func withoutNil(data Content) any {
	v := reflect.New(reflect.TypeOf(data).Elem()).Elem()
	v.Set(reflect.ValueOf(data).Elem())
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Kind() == reflect.Slice && f.IsNil():
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		case f.Kind() == reflect.Map && f.IsNil():
			f.Set(reflect.MakeMap(f.Type()))
		case f.Kind() == reflect.Float64 && f.Float() == 0:
			f.SetFloat(0) // minus zero would be written although empty
		}
	}
	return v.Addr().Interface()
}

// typeOf is the struct type of a kind's data.
func typeOf(k Kind) reflect.Type { return reflect.TypeOf(newContent(k)).Elem() }

func decodeBody(h Header, body []byte) (Content, error) {
	if len(body) > MaxBodyBytes {
		return nil, fmt.Errorf("longer than %d bytes", MaxBodyBytes)
	}
	s := scanner{b: body}
	s.lit(bodyHead)
	start := s.at
	if len(s.rest()) < saltHexDigits || !isHex(string(s.rest()[:saltHexDigits]), saltHexDigits) {
		s.fail("a salt of 32 hexadecimal digits")
		return nil, s.err
	}
	s.at += saltHexDigits
	salt := body[start:s.at]
	s.lit(bodyData)
	start = s.at
	s.value(shapeOf(typeOf(h.Kind)))
	data := body[start:s.at]
	s.lit(bodyTail)
	s.end()
	if s.err != nil {
		return nil, s.err
	}
	content := newContent(h.Kind)
	if err := json.Unmarshal(data, content); err != nil {
		return nil, err
	}
	if err := content.check(); err != nil {
		return nil, err
	}
	if opened, ok := content.(*CaseOpenedData); ok {
		return content, checkOpening(h, opened, salt)
	}
	return content, nil
}

// checkOpening ties the case to the key that opens it.
func checkOpening(h Header, d *CaseOpenedData, saltHex []byte) error {
	var salt [16]byte
	hex.Decode(salt[:], saltHex) //nolint:errcheck // isHex has admitted it
	switch {
	case h.Seq != 1 || len(h.Seen) != 0:
		return fmt.Errorf("an opening is its author's first entry and has seen nothing")
	case d.Person.Key != h.Author:
		return fmt.Errorf("the opener's key is not the author")
	case h.Case != CaseID(h.Author, salt):
		return fmt.Errorf("the case id does not belong to this opening")
	}
	return nil
}
