package containerlog

import (
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

func number(n int) string { return strconv.Itoa(n) }

// nested says that brackets stand deeper in each other than records of this format ever do; the reader of JSON has no limit of
// its own.
func nested(line string) bool {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '[' || c == '{'):
			depth++
			deepest = max(deepest, depth)
		case !quoted && (c == ']' || c == '}'):
			depth--
		}
	}
	return deepest > 8
}

// read joins the pieces of one line.
func (p *parser) read(r *linelog.Record) string {
	var first, last piece
	var text strings.Builder
	pieces := strings.Split(r.Text, "\n")
	for i, line := range pieces {
		c, ok := p.cut(line)
		if !ok {
			return reasonForm // a line alone: joins gave it no name
		}
		if i == 0 {
			first = c
		}
		last = c
		text.WriteString(c.text)
	}
	if r.At(event.Occurred, first.time) != nil {
		return linelog.ReasonTime
	}
	if len(pieces) > 1 && r.At(event.Ended, last.time) != nil {
		return linelog.ReasonTime
	}
	r.Set("event.kind", "event")
	r.Set("event.module", "container")
	r.Set("event.dataset", "container."+p.runtime)
	r.Set("container.runtime", p.runtime)
	r.Set("containerlog.stream", first.stream)
	r.Set("containerlog.tags", last.tags)
	for i := 0; i+1 < len(first.attrs); i += 2 {
		r.Keep("containerlog.attrs."+first.attrs[i], first.attrs[i+1])
	}
	if len(pieces) > 1 {
		r.Number("containerlog.pieces", number(len(pieces)), "")
	}
	if last.partial {
		r.Bool("containerlog.incomplete", true)
	}
	r.Keep("message", strings.TrimSuffix(text.String(), "\r"))
	return ""
}
