package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// State says what would become of a file.
type State string

// The states of a file that was not taken in yet.
const (
	StateRead     State = "read"      // a format reads it
	StateArchive  State = "archive"   // it would be opened
	StateImage    State = "image"     // registered and not read
	StateNoParser State = "no-parser" // registered; no format reads it
	StateKnown    State = "known"     // a file of this path, size and time is in the case; Examine itself never says so
	StateRefused  State = "refused"   // a link, a device, unreadable
)

// Examined is what a file would be, told by its first bytes.
type Examined struct {
	Path    string
	Bytes   int64
	ModTime time.Time
	Kind    string // in words; "" when nothing is known
	Format  string // of the parser, "" for none
	State   State
	Note    string
	Needs   []string // answers that the source itself does not give: "zone", "year", "columns"
}

// MaxExamined bounds one look; a person reads a list of hundreds, not more.
const MaxExamined = 2000

// Examine looks at the heads of what lies under the paths, without taking anything: nothing is hashed or kept. At most
// MaxExamined files are looked at; more says how many were not. The only error is ctx's.
func Examine(ctx context.Context, paths []string, formats []parse.Format, limits Limits, now func() time.Time) (out []Examined, more int, err error) {
	t := &taker{in: Intake{Limits: limits}}
	files := t.list(paths)
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return out, 0, err
		}
		if i == MaxExamined {
			return out, len(files) - i, nil
		}
		out = append(out, examine(ctx, f, formats, limits, now))
	}
	return out, 0, nil
}

func examine(ctx context.Context, f found, formats []parse.Format, limits Limits, now func() time.Time) Examined {
	x := Examined{Path: f.label, Bytes: f.size}
	refuse := func(note string) Examined {
		x.State, x.Note = StateRefused, note
		return x
	}
	if f.refuse != nil {
		return refuse(f.refuse.Note)
	}
	h, err := openQuietly(f.path)
	if err != nil {
		return refuse("cannot be opened: " + err.Error())
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return refuse("no regular file")
	}
	x.Bytes, x.ModTime = info.Size(), info.ModTime()
	head := make([]byte, min(x.Bytes, parse.HeadBytes))
	if n, err := h.ReadAt(head, 0); n < len(head) {
		return refuse(fmt.Sprintf("cannot be read: %v", err))
	}
	switch kind, image := packingOf(head), imageOf(head); {
	case len(head) == 0:
		x.State, x.Note = StateNoParser, "the file has no bytes"
	case kind != nil:
		x.State, x.Kind, x.Note = StateArchive, kind.name, membersOf(kind, h, x.Bytes, limits)
	case image != "":
		x.State, x.Kind = StateImage, image
	default:
		x.text(ctx, head, formats, now)
	}
	return x
}

// membersOf counts the members where the archive has a list of them.
func membersOf(kind *packing, r io.ReaderAt, size int64, l Limits) string {
	if kind.name != "zip" || directoryBytes(r, size) > l.directoryBytes() {
		return ""
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return "cut off or damaged"
	}
	return fmt.Sprintf("%d members", len(z.File))
}

// text finds the format, and has the head read to see which answers its times need. Binary formats state their times.
func (x *Examined) text(ctx context.Context, head []byte, formats []parse.Format, now func() time.Time) {
	name := newItem(x.Path, x.ModTime).Name
	f := parse.Detect(formats, head, name)
	if f == nil {
		x.State, x.Kind = StateNoParser, kindByContent(head)
		return
	}
	x.State, x.Format = StateRead, f.Name()
	if f.Binary() {
		return
	}
	in := parse.Input{
		Reader: bytes.NewReader(head), Size: int64(len(head)), Name: name, Started: now(),
		Assume: parse.Assume{Zone: time.UTC, ZoneBy: "default", ModTime: x.ModTime},
	}
	res, err := inProcess(ctx, f, in, func(*event.Event) error { return nil })
	if errors.Is(err, parse.ErrNeedsAnswer) {
		x.Needs, x.Note = append(x.Needs, "columns"), err.Error()
	}
	if res.Local > 0 {
		x.Needs = append(x.Needs, "zone")
	}
	if res.Yearless {
		x.Needs = append(x.Needs, "year")
	}
}
