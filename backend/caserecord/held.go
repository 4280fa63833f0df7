package caserecord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
)

// What an entry keeps of its bytes. The format allows one form of a line only (parseHeader, splitEnvelope), so a line is
// its header and its signature, and is written again from them when somebody asks for it: a third of what it would take to
// keep. The signature and the body lie behind one another in one piece of memory.

// pack puts a signature and a body, nil when withheld, into memory of their own.
func pack(sig, body []byte) []byte {
	return append(append(make([]byte, 0, len(sig)+len(body)), sig...), body...)
}

// signature is nil for an entry that holds none.
func (e *Entry) signature() []byte {
	if len(e.held) < ed25519.SignatureSize {
		return nil
	}
	return e.held[:ed25519.SignatureSize:ed25519.SignatureSize]
}

// Line is the envelope, byte for byte, without a newline.
func (e Entry) Line() []byte { return e.AppendLine(nil) }

// AppendLine appends the envelope to b.
func (e *Entry) AppendLine(b []byte) []byte {
	sig := e.signature()
	if sig == nil {
		return b
	}
	return appendEnvelope(b, e.Header.encode(), e.Header.Author, sig)
}

func appendEnvelope(b, payload []byte, author Author, sig []byte) []byte {
	if b == nil {
		const fixed = len(envelopeHead) + len(envelopeKey) + len(envelopeSig) + len(envelopeTail)
		b = make([]byte, 0, fixed+b64.EncodedLen(len(payload))+len(author)+b64.EncodedLen(len(sig)))
	}
	b = append(b, envelopeHead...)
	b = b64.AppendEncode(b, payload)
	b = append(b, envelopeKey...)
	b = append(b, author...)
	b = append(b, envelopeSig...)
	b = b64.AppendEncode(b, sig)
	return append(b, envelopeTail...)
}

// Body is {"salt":"…","data":{…}} byte for byte, nil when withheld. It is shared: do not change it.
func (e Entry) Body() []byte {
	if e.Withheld() {
		return nil
	}
	return e.held[ed25519.SignatureSize:]
}

// Data is the data of the body, nil when withheld. It is shared: do not change it.
func (e Entry) Data() json.RawMessage {
	if e.Withheld() {
		return nil
	}
	const head = len(bodyHead) + saltHexDigits + len(bodyData)
	return json.RawMessage(e.held[ed25519.SignatureSize+head : len(e.held)-len(bodyTail)])
}

// bare is the entry without its body.
func (e Entry) bare() Entry {
	e.held, e.content = e.signature(), nil
	return e
}

// SameLine reports that the line of another entry with the same id is the same: the author may have signed twice.
func (e *Entry) SameLine(o *Entry) bool { return bytes.Equal(e.signature(), o.signature()) }

// compareLines orders the lines of two entries with one id, which differ in the signature alone.
func compareLines(a, b *Entry) int {
	if a.SameLine(b) {
		return 0
	}
	return bytes.Compare(a.Line(), b.Line())
}
