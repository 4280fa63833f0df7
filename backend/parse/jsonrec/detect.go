package jsonrec

import (
	"bytes"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/parse"
)

// Likely says how well the first bytes look like JSON records of any kind: parse.Format's Detect of a format that takes all.
// It wants an object or an array of objects at the start; the name only helps where the content is bare.
func Likely(head []byte, name string) int {
	b := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := strings.ToLower(name)
	named := strings.HasSuffix(lower, ".json") || strings.HasSuffix(lower, ".jsonl") || strings.HasSuffix(lower, ".ndjson")
	if len(b) == 0 {
		return 0
	}
	score := 0
	inner := bytes.TrimLeft(b[1:], " \t\r\n")
	switch {
	case b[0] == '{' && len(inner) > 0 && (inner[0] == '"' || inner[0] == '}'):
		score = 75
		line, _, _ := bytes.Cut(b, []byte("\n"))
		if fastjson.ValidateBytes(shallow(line)) == nil {
			score = 90
		}
	case b[0] == '[' && len(inner) > 0 && (inner[0] == '{' || inner[0] == ']'):
		score = 85
	case named:
		score = 40
	}
	if score > 0 && named {
		score += 5
	}
	return score
}

// shapeScore lies above what Likely gives: who knows a product's records reads them better than who takes any.
const shapeScore = 98

// sampleRecords is how many of the first records decide whether a shape fits.
const sampleRecords = 5

// Detect is parse.Format's Detect: most of the first records are of the shape. Records that do not end within head say
// nothing.
func (s Shape) Detect(head []byte, name string) int {
	if Likely(head, name) < 75 { // a bare name is not enough to look
		return 0
	}
	in := parse.Input{Reader: bytes.NewReader(head), Size: int64(len(head)), Name: name}
	l, err := layoutOf(in)
	if err != nil {
		return 0
	}
	seen, good := 0, 0
	var json fastjson.Parser
	look := func(b []byte) {
		if b = shallow(b); len(b) == 0 {
			return
		}
		v, err := json.ParseBytes(b)
		if err != nil || v.Type() != fastjson.TypeObject {
			return
		}
		seen++
		if s.Fits(v) {
			good++
		}
	}
	if l.lines {
		rest := head
		for seen < sampleRecords && len(rest) > 0 {
			line, after, _ := bytes.Cut(rest, []byte("\n"))
			rest = after
			look(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))))
		}
	} else {
		scan := newScanner(in, l)
		for seen < sampleRecords {
			v, err := scan.next()
			if err != nil || v.end {
				break
			}
			look(v.text)
		}
	}
	if good == 0 || good*2 < seen {
		return 0
	}
	return shapeScore
}

// shallow returns b, or nothing when it is nested too deeply for the validator, which has no limit of its own.
func shallow(b []byte) []byte {
	if depthOf(b) > parse.MaxDepth {
		return nil
	}
	return b
}
