// Package containerlog reads what container runtimes write of a container's output: the lines of the Kubernetes CRI and the
// objects of Docker's json-file driver.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line which the runtime cut into pieces (it does so at 16 KiB) is
// one event although lines of the other stream stand between the pieces, and that a piece whose end never came is marked. The
// text of the line is left as the program wrote it.
//
// Specifications: Kubernetes, "CRI: log format" (kuberuntime logs.go); Docker, "JSON File logging driver".
package containerlog

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "containerlog"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of a container log"

// Format reads container logs.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format.
func (Format) Detect(head []byte, _ string) int {
	p := newParser(head)
	return linelog.Score(head, 98, func(line []byte) bool { _, ok := p.cut(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	head := make([]byte, min(in.Size, 1024))
	n, _ := in.Reader.ReadAt(head, 0) // a read that fails here fails again in the walk, which reports it
	p := newParser(head[:n])
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a container log", Joins: p.joins, Read: p.read}, emit)
}

func newParser(head []byte) *parser {
	p := &parser{cut: cutCRI, runtime: "cri", streams: map[string]*stream{}}
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n\x00"), []byte("{")) {
		p.cut, p.runtime = p.cutDocker, "docker"
	}
	return p
}

type parser struct {
	cut     func(line string) (piece, bool)
	runtime string
	json    fastjson.Parser
	streams map[string]*stream
}

// piece is one line of the file.
type piece struct {
	time, stream, text string
	partial            bool
	tags               string   // of CRI, as they stand
	attrs              []string // of Docker, name and value in turn
}

// stream is where a stream's pieces belong.
type stream struct {
	name string // of the record under way
	n    int
	open bool
	last time.Time
}

// maxGap is how far two pieces of one line may lie apart: the runtime cuts what it has already read.
const maxGap = 10 * time.Second

// joins names the record of a piece by its stream and a number.
func (p *parser) joins(line []byte) (string, bool) {
	c, ok := p.cut(string(line))
	if !ok {
		return "", false
	}
	s := p.streams[c.stream]
	if s == nil {
		s = &stream{}
		if len(p.streams) < 16 { // there are two; other names are not one runtime's
			p.streams[c.stream] = s
		}
	}
	at, err := time.Parse(time.RFC3339Nano, c.time)
	if !s.open || err != nil || at.Sub(s.last) > maxGap || s.last.Sub(at) > maxGap {
		s.n++
		s.name = c.stream + " " + number(s.n)
	}
	s.open, s.last = c.partial, at
	return s.name, !c.partial
}

// cutCRI takes "time stream tags text" apart. The first of the tags is P for a piece or F for a line or its last piece.
func cutCRI(line string) (c piece, ok bool) {
	var rest string
	if c.time, rest, ok = strings.Cut(line, " "); !ok || len(c.time) < 20 || len(c.time) > 40 || c.time[4] != '-' || c.time[10] != 'T' {
		return c, false
	}
	if c.stream, rest, ok = strings.Cut(rest, " "); !ok || c.stream != "stdout" && c.stream != "stderr" {
		return c, false
	}
	c.tags, c.text, _ = strings.Cut(rest, " ")
	first, _, _ := strings.Cut(c.tags, ":")
	c.partial = first == "P"
	return c, first == "P" || first == "F"
}

// cutDocker takes {"log":…,"stream":…,"time":…} apart. A log that does not end with a line break goes on in the next.
func (p *parser) cutDocker(line string) (c piece, ok bool) {
	if len(line) == 0 || line[0] != '{' || nested(line) {
		return c, false
	}
	v, err := p.json.Parse(line)
	if err != nil || v.Type() != fastjson.TypeObject {
		return c, false
	}
	o := v.GetObject()
	for _, to := range []struct {
		name string
		text *string
	}{{"log", &c.text}, {"stream", &c.stream}, {"time", &c.time}} {
		f := o.Get(to.name)
		if f == nil || f.Type() != fastjson.TypeString {
			return c, false
		}
		*to.text = strings.ToValidUTF8(string(f.GetStringBytes()), "\uFFFD")
	}
	known := 3
	if attrs := v.GetObject("attrs"); attrs != nil {
		known++
		attrs.Visit(func(key []byte, f *fastjson.Value) {
			text := f.String()
			if f.Type() == fastjson.TypeString {
				text = string(f.GetStringBytes())
			}
			c.attrs = append(c.attrs, strings.ToValidUTF8(string(key), "\uFFFD"), strings.ToValidUTF8(text, "\uFFFD"))
		})
	}
	full := strings.TrimSuffix(strings.TrimSuffix(c.text, "\n"), "\r")
	c.partial = full == c.text
	c.text = full
	return c, o.Len() == known
}
