package bundle

import (
	"encoding/base64"
	"io"

	"adjutant/backend/caserecord"
)

// The fixed parts of a line: {"id":"<64 hex>","envelope":<envelope>,"body":"<base64>"} or ,"body":null}
const (
	lineHead     = `{"id":"`
	lineEnvelope = `","envelope":`
	lineBody     = `,"body":`
	lineTail     = `}`
	idDigits     = 64
)

var b64 = base64.StdEncoding.Strict()

func appendLine(b []byte, e caserecord.Entry) []byte {
	b = append(b, lineHead...)
	b = append(b, e.ID...)
	b = append(b, lineEnvelope...)
	b = e.AppendLine(b)
	b = append(b, lineBody...)
	if e.Withheld() {
		b = append(b, "null"...)
	} else {
		b = append(b, '"')
		b = b64.AppendEncode(b, e.Body())
		b = append(b, '"')
	}
	return append(b, lineTail...)
}

// linesBytes is the size of entries.jsonl.
func linesBytes(entries []caserecord.Entry) (n int64) {
	const fixed = len(lineHead) + len(lineEnvelope) + len(lineBody) + len(lineTail) + len("\n")
	var line []byte
	for _, e := range entries {
		line = e.AppendLine(line[:0])
		body := len("null")
		if !e.Withheld() {
			body = len(`""`) + b64.EncodedLen(len(e.Body()))
		}
		n += int64(fixed + len(e.ID) + len(line) + body)
	}
	return n
}

// lines reads entries as the bytes of entries.jsonl, made as they are asked for.
type lines struct {
	left []caserecord.Entry
	buf  []byte // room for a line
	rest []byte // of the current line
}

func newLines(entries []caserecord.Entry) io.ReadCloser { return io.NopCloser(&lines{left: entries}) }

func (l *lines) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(l.rest) == 0 {
			if len(l.left) == 0 {
				break
			}
			l.buf = append(appendLine(l.buf[:0], l.left[0]), '\n')
			l.rest, l.left = l.buf, l.left[1:]
		}
		k := copy(p[n:], l.rest)
		n, l.rest = n+k, l.rest[k:]
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}
