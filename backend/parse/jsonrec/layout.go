package jsonrec

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/valyala/fastjson"

	"adjutant/backend/parse"
)

// layout says how the records lie in the file.
type layout struct {
	lines bool  // one value a line
	start int64 // where the values begin: behind the "[" or "{" that holds them
	array bool  // values are separated by commas and end at "]"
	keyed bool  // each value has a key, and they end at "}"
}

// holders are the keys under which documents of other tools keep their records.
var holders = map[string]bool{"Records": true, "records": true, "Events": true, "events": true, "value": true, "entries": true,
	"logs": true, "items": true, "results": true, "rows": true}

// sampleLines is how many lines decide between one value a line and values over many lines.
const sampleLines = 20

// layoutOf looks at the first bytes.
func layoutOf(in parse.Input) (layout, error) {
	head := make([]byte, min(in.Size, parse.HeadBytes))
	if n, err := in.Reader.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return layout{}, fmt.Errorf("jsonrec: read the first %d bytes: %w", len(head), err)
	}
	b := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	b = bytes.TrimLeft(b, " \t\r\n")
	start := int64(len(head) - len(b))
	if len(b) == 0 {
		return layout{lines: true}, nil
	}
	if b[0] == '[' {
		return layout{start: start + 1, array: true}, nil
	}
	if b[0] != '{' {
		return layout{lines: true}, nil
	}
	whole := in.Size == int64(len(head))
	if end := endOf(b); end < 0 || whole && len(bytes.TrimSpace(b[end:])) == 0 {
		if at, keyed := holder(b); at > 0 {
			return layout{start: start + int64(at), array: !keyed, keyed: keyed}, nil
		}
	}
	good, seen := 0, 0
	rest := b
	for seen < sampleLines && len(rest) > 0 {
		line, after, complete := bytes.Cut(rest, []byte("\n"))
		rest = after
		if !complete && !whole && seen > 0 {
			break
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		seen++
		if line[0] == '{' && fastjson.ValidateBytes(shallow(line)) == nil && len(shallow(line)) > 0 {
			good++
		}
	}
	if good*2 >= seen || seen == 0 {
		return layout{lines: true}, nil
	}
	return layout{start: start}, nil
}

// endOf returns where the first object ends, -1 when not within b.
func endOf(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
				return -1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// stringEnd returns the index of the quote that ends the string beginning at i, -1 when there is none.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// holder finds, among the keys of the first object, an array of records or records under "event_0", "event_1" … (Plaso).
// at is where the first record may begin.
func holder(b []byte) (at int, keyed bool) {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return 0, false
			}
			key := string(b[i+1 : end])
			after := bytes.TrimLeft(b[end+1:], " \t\r\n")
			if depth == 1 && len(after) > 0 && after[0] == ':' {
				value := bytes.TrimLeft(after[1:], " \t\r\n")
				pos := len(b) - len(value)
				if key == "event_0" && len(value) > 0 && value[0] == '{' {
					return i, true
				}
				if holders[key] && len(value) > 0 && value[0] == '[' {
					inner := bytes.TrimLeft(value[1:], " \t\r\n")
					if len(inner) > 0 && (inner[0] == '{' || inner[0] == ']') {
						return pos + 1, false
					}
				}
			}
			i = end
		}
	}
	return 0, false
}

// depthOf counts how deeply a value is nested, without parsing it.
func depthOf(b []byte) int {
	depth, deepest := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
				return deepest
			}
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	return deepest
}
