// Package bodyfile reads bodyfiles, in which The Sleuth Kit, mac-robber, MFTECmd and many others write the times of files for
// mactime: one file a line, with four times.
//
// Stage 2 of the flow, one format of parse. It keeps true that each of the four times stands under its own meaning, that zero
// is no time, and that a bar inside of a name belongs to the name.
//
// Specification: The Sleuth Kit wiki, "Body file", version 3.x:
// MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime, times in seconds since 1970 UTC.
package bodyfile

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "bodyfile"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm = "not a line of a bodyfile"
	warnTime   = "one of the four times cannot be read; the others are kept"
)

// Format reads bodyfiles.
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
	return linelog.Score(head, 97, func(line []byte) bool { _, ok := cut(string(line)); return ok }, nil, aside)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	seconds, err := stamp.FormNamed("epoch-s")
	if err != nil {
		return parse.Result{}, err
	}
	g := grammar{seconds: seconds}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a bodyfile", Aside: aside, Read: g.read}, emit)
}

// aside are comments.
func aside(line []byte) bool { return len(line) > 0 && line[0] == '#' }

// entry is a line: the ten columns without the name, and the name.
type entry struct {
	name    string
	columns [10]string // MD5, inode, mode, UID, GID, size, atime, mtime, ctime, crtime
}

// cut takes a line apart: the first bar ends the hash, and nine columns are counted from the end.
func cut(line string) (entry, bool) {
	var e entry
	hash, rest, ok := strings.Cut(line, "|")
	if !ok || !isHash(hash) {
		return e, false
	}
	e.columns[0] = hash
	for i := 9; i > 0; i-- {
		bar := strings.LastIndexByte(rest, '|')
		if bar < 0 {
			return e, false
		}
		e.columns[i], rest = strings.TrimSpace(rest[bar+1:]), rest[:bar]
	}
	e.name = rest
	for _, i := range []int{5, 6, 7, 8, 9} {
		if !isNumber(e.columns[i]) {
			return e, false
		}
	}
	return e, e.name != "" && len(e.columns[2]) < 24
}

// isHash takes what stands for an MD5: its digits, or 0 or nothing where none was made.
func isHash(s string) bool {
	if s == "" || s == "0" {
		return true
	}
	return len(s) == 32 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// isNumber takes seconds with an optional fraction; some tools leave an unknown time empty.
func isNumber(s string) bool {
	return len(s) <= 24 && strings.Trim(strings.TrimPrefix(s, "-"), "0123456789.") == "" && strings.Count(s, ".") < 2
}

type grammar struct{ seconds stamp.Form }

// times are the columns of times in the order of their letters, MACB, and what each means.
var times = []struct {
	column  int
	letter  byte
	meaning event.TimeKind
}{{7, 'm', event.Modified}, {6, 'a', event.Accessed}, {8, 'c', event.Changed}, {9, 'b', event.Created}}

func (g grammar) read(r *linelog.Record) string {
	e, ok := cut(r.Text)
	if !ok {
		return reasonForm
	}
	letters := []byte("....")
	for i, t := range times {
		text := e.columns[t.column]
		if none(text) {
			continue
		}
		at, err := g.seconds.Read(r.Times, text)
		if err != nil {
			r.Keep("bodyfile."+string(t.meaning), text)
			r.Warn(warnTime)
			continue
		}
		at.Meaning = t.meaning
		letters[i] = t.letter
		r.Time(at)
	}
	path, target, link := strings.Cut(e.name, " -> ")
	if rest, ok := strings.CutSuffix(path, " (deleted)"); ok {
		path = rest
		r.Bool("bodyfile.deleted", true)
	}
	r.Set("event.dataset", "bodyfile")
	r.Set("event.kind", "event")
	r.Set("event.category", "file")
	r.Set("event.module", "bodyfile")
	r.Number("file.gid", e.columns[4], "bodyfile.gid")
	if e.columns[0] != "0" {
		r.Set("file.hash.md5", strings.ToLower(e.columns[0]))
	}
	r.Set("file.inode", e.columns[1])
	r.Set("file.mode", e.columns[2])
	r.Keep("file.path", path)
	r.Number("file.size", e.columns[5], "bodyfile.size")
	if link {
		r.Keep("file.target_path", target)
	}
	r.Number("file.uid", e.columns[3], "bodyfile.uid")
	r.Set("message", string(letters)+" "+e.name)
	return ""
}

// none says that a time column holds no time: zero, nothing, or the -1 of some tools.
func none(s string) bool {
	return strings.Trim(s, "0.") == "" || s == "-1"
}
