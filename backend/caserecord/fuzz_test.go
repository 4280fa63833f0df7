package caserecord

import (
	"bytes"
	"encoding/hex"
	"testing"
	"unicode/utf8"
)

// FuzzParse reads any bytes as an envelope. What is accepted has one form: its header encodes to the same bytes.
func FuzzParse(f *testing.F) {
	ada, _, _ := fullCase(f)
	for _, e := range append(readGolden(f, "entries-v1-part2.txt"), ada.log.Entries()...) {
		f.Add(e.Line(), e.Body())
	}
	f.Add([]byte(envelopeHead+envelopeKey+envelopeSig+envelopeTail), []byte(nil))
	f.Fuzz(func(t *testing.T, line, body []byte) {
		e, err := ParseSealed(line, body)
		if e.ID == "" {
			if err == nil {
				t.Fatal("neither an entry nor an error")
			}
			return
		}
		payload, _, _, splitErr := splitEnvelope(line)
		if splitErr != nil || !bytes.Equal(e.Header.encode(), payload) {
			t.Fatalf("a second form of a header was accepted: %s", payload)
		}
		if _, err := HeaderToSign(pae(payload)); err != nil {
			t.Fatal(err)
		}
		Verify([]Entry{e})
	})
}

// FuzzBody reads any bytes as the body of any kind. What is accepted encodes to the same bytes again.
func FuzzBody(f *testing.F) {
	ada, _, _ := fullCase(f)
	for _, e := range append(readGolden(f, "entries-v1-part2.txt"), ada.log.Entries()...) {
		for i, k := range Kinds {
			if k == e.Header.Kind {
				f.Add(byte(i), e.Body())
			}
		}
	}
	f.Fuzz(func(t *testing.T, n byte, body []byte) {
		k := Kinds[int(n)%len(Kinds)]
		content, err := decodeBody(Header{Kind: k, Seq: 2}, body)
		if err != nil {
			return
		}
		if !utf8.Valid(body) {
			t.Fatal("broken UTF-8 was accepted")
		}
		var salt [16]byte
		if _, err := hex.Decode(salt[:], body[len(bodyHead):len(bodyHead)+saltHexDigits]); err != nil {
			t.Fatal(err)
		}
		again, err := encodeBody(content, salt)
		if err != nil || !bytes.Equal(again, body) {
			t.Fatalf("a second form was accepted (%v):\n%s\n%s", err, body, again)
		}
	})
}
