package extract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// Shown is an entry with its place in its author's log.
type Shown struct {
	Entry caserecord.Entry // body withheld or not
	Index uint64           // its seq − 1
	Proof checkpoint.Proof // that it stands there, under the author's checkpoint in extract.json
}

// The fixed parts of a line:
// {"id":"<64 hex>","envelope":<envelope>,"body":<"base64" or null>,"index":<decimal>,"proof":["<base64>",…]}
const (
	lineHead     = `{"id":"`
	lineEnvelope = `","envelope":`
	lineBody     = `,"body":`
	lineIndex    = `,"index":`
	lineProof    = `,"proof":`
	lineTail     = `}`
	idDigits     = 64
)

var b64 = base64.StdEncoding.Strict()

func appendLine(b []byte, s Shown) []byte {
	b = append(b, lineHead...)
	b = append(b, s.Entry.ID...)
	b = append(b, lineEnvelope...)
	b = s.Entry.AppendLine(b)
	b = append(b, lineBody...)
	if s.Entry.Withheld() {
		b = append(b, "null"...)
	} else {
		b = append(b, '"')
		b = b64.AppendEncode(b, s.Entry.Body())
		b = append(b, '"')
	}
	b = append(b, lineIndex...)
	b = strconv.AppendUint(b, s.Index, 10)
	b = append(b, lineProof...)
	b = checkpoint.AppendProof(b, s.Proof)
	return append(b, lineTail...)
}

// statedID is the id that a line says it has, "" when its place holds something else.
func statedID(line []byte) caserecord.ID {
	rest, ok := bytes.CutPrefix(line, []byte(lineHead))
	if !ok || len(rest) < idDigits || !isHex(string(rest[:idDigits]), idDigits) {
		return ""
	}
	return caserecord.ID(rest[:idDigits])
}

// parseLine reads what appendLine writes. The entry's signature is not checked yet. With CodeBodyHash and CodeBody the
// result is usable as one whose body is withheld.
func parseLine(line []byte) (Shown, error) {
	var s Shown
	id := statedID(line)
	if id == "" {
		return s, errors.New("no id at the beginning")
	}
	rest, ok := bytes.CutPrefix(line[len(lineHead)+idDigits:], []byte(lineEnvelope))
	// The parts behind the envelope are looked for from the end: none of them can hold the words that begin another.
	cut := func(word string) (tail []byte) {
		at := bytes.LastIndex(rest, []byte(word))
		if !ok || at < 0 {
			ok = false
			return nil
		}
		tail = rest[at+len(word):]
		rest = rest[:at]
		return tail
	}
	proof, index, body := cut(lineProof), cut(lineIndex), cut(lineBody)
	if !ok {
		return s, errors.New("not an id, an envelope, a body, an index and a proof")
	}
	proof, ok = bytes.CutSuffix(proof, []byte(lineTail))
	if !ok {
		return s, errors.New("the line has no end")
	}
	var err error
	if s.Proof, err = checkpoint.ParseProof(proof); err != nil {
		return s, err
	}
	s.Index, err = strconv.ParseUint(string(index), 10, 64)
	if err != nil || strconv.FormatUint(s.Index, 10) != string(index) {
		return s, errors.New("the index is not a number")
	}
	bodyBytes, err := parseBody(body)
	if err != nil {
		return s, err
	}
	s.Entry, err = caserecord.ParseSealed(rest, bodyBytes)
	if s.Entry.ID != "" && s.Entry.ID != id {
		return Shown{}, errors.New("the line names another entry than it holds")
	}
	return s, err
}

// parseBody gives nil for a withheld body.
func parseBody(text []byte) ([]byte, error) {
	if string(text) == "null" {
		return nil, nil
	}
	n := len(text)
	if n < 2 || text[0] != '"' || text[n-1] != '"' || strings.ContainsAny(string(text), "\r\n") {
		return nil, errors.New("the body is neither base64 nor null")
	}
	body := make([]byte, b64.DecodedLen(n-2))
	k, err := b64.Decode(body, text[1:n-1])
	if err != nil {
		return nil, fmt.Errorf("the body is not base64: %w", err)
	}
	return body[:k], nil
}
