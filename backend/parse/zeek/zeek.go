// Package zeek reads the logs of Zeek: TSV with any columns, by the head that each file carries, and JSON.
//
// Stage 2 of the flow, one format of parse. It keeps true that every column of a row is a field (under its ECS name where ECS has
// one, else as zeek.<log>.<column>), that values have the types which #types states, sets and vectors as several values, that escapes
// of printable text are undone and others stay as they are, and that a row of another length than its head is a counted skip.
//
// Specification: Zeek, "Zeek Log Formats and Inspection" and the ASCII writer (src/logging/writers/ascii, src/threading/formatters);
// Zeek script reference for the columns.
package zeek

import (
	"bytes"
	"context"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "zeek"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonHead    = "a row without a head that names its columns"
	reasonColumns = "the row does not have the columns of its head"
	warnTime      = "the time of the row could not be read; its text is kept"
)

// Format reads Zeek logs.
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
func (Format) Detect(head []byte, name string) int {
	b := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(b, []byte("#separator ")) || bytes.HasPrefix(b, []byte("#fields\t")) || bytes.HasPrefix(b, []byte("#set_separator\t")) {
		return 99
	}
	if len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		return shape(name).Detect(head, name)
	}
	return 0
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	start := make([]byte, min(in.Size, 512))
	n, err := in.Reader.ReadAt(start, 0)
	if n < len(start) && err != nil {
		return parse.Result{Status: parse.StatusFailed}, err
	}
	if b := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n"); len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		return jsonrec.Parse(ctx, in, shape(in.Name), emit)
	}
	h := newHead()
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a row of a Zeek log", Aside: h.directive, Read: h.read}, emit)
}

// shape reads JSON. Records whose _path is not written are known by their keys, or by the file's name.
func shape(name string) jsonrec.Shape {
	j := &jsonReader{name: pathOfName(name), plans: map[string]*plan{}}
	return jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: j.fill}
}

// fits: ts, and keys that no other product writes together with it.
func fits(v *fastjson.Value) bool {
	o := v.GetObject()
	if o == nil || o.Get("ts") == nil {
		return false
	}
	if t := o.Get("ts").Type(); t != fastjson.TypeNumber && t != fastjson.TypeString {
		return false
	}
	if jsonrec.IsText(v, "_path") || o.Get("id.orig_h") != nil && o.Get("id.resp_h") != nil {
		return true
	}
	return endless[pathOfKeys(o)]
}

// endless are logs whose records have no two ends; the keys of the others say nothing without them.
var endless = map[string]bool{"files": true, "x509": true, "pe": true, "notice": true, "intel": true, "dhcp": true, "software": true, "known_services": true, "capture_loss": true,
	"stats": true}

// pathOfName takes "conn" from "conn.log", "conn.00:00:00-01:00:00.log.gz" and "conn_20260314.json", "" when it is no log of Zeek's.
func pathOfName(name string) string {
	end := strings.IndexFunc(name, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' })
	if end < 0 {
		end = len(name)
	}
	for name = name[:end]; name != ""; {
		if knowledge().paths[name] != nil {
			return name
		}
		name = name[:max(strings.LastIndexByte(name, '_'), 0)]
	}
	return ""
}

// pathOfKeys finds the log whose own columns a record has.
func pathOfKeys(o *fastjson.Object) string {
	for _, p := range knowledge().keyed {
		all := true
		for _, k := range p.keys {
			all = all && o.Get(k) != nil
		}
		if all {
			return p.name
		}
	}
	return ""
}
