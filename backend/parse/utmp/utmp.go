// Package utmp reads login records: utmp, wtmp and btmp of Linux on machines of both byte orders and word sizes, lastlog beside
// them, and utmpx of macOS.
//
// Stage 2 of the flow, one format of parse. It keeps true that every record is an event (an erased one, too: programs that hide
// logins leave zeros) or a counted skip, that a piece missing from the middle of a file costs no record behind it, and that nothing
// is allocated by what a record says. That a file holds failed logins is told by its name (btmp) alone; the records do not say it.
//
// Specifications: utmp(5) and lastlog(8) with glibc's bits/utmp.h for the layouts; utmpx.h and utmpx_thread.c of Apple's Libc.
package utmp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Name is the parser's word in receipts and event ids.
const Name = "utmp"

// version changes whenever the same bytes give other events.
const version = "1"

// reasonForm is counted for bytes that should be a record and are none.
const reasonForm = "not a login record"

// Format reads login records. It has no state.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary says that the format runs in a sandbox child.
func (Format) Binary() bool { return true }

// Detect implements parse.Format. Only macOS's file has a mark; of the others the records must be possible ones.
func (Format) Detect(head []byte, name string) int {
	if l := layoutOf(head, name); l != nil {
		if l.kind == macos {
			return 100
		}
		return 96
	}
	return 0
}

// sample is how many of the first records decide which layout a file has.
const sample = 16

// layoutOf finds the layout under which the first records make sense, nil when none does.
func layoutOf(head []byte, name string) *layout {
	if bytes.HasPrefix(head, []byte(macMark)) {
		return macLayout
	}
	named := strings.Contains(strings.ToLower(name), "lastlog")
	var best *layout
	most := 0
	for _, l := range layouts {
		if (l.kind == lastlog) != named || len(head) < l.size {
			continue
		}
		whole := len(head) / l.size
		if l.kind != lastlog {
			whole = min(whole, sample) // behind damage the others stand elsewhere
		}
		good, dated := 0, 0
		for i := 0; i < whole; i++ {
			switch l.judge(head[i*l.size:]) {
			case sound:
				good++
				dated++
			case empty:
				good++
			}
		}
		if dated > most && good*10 >= whole*8 {
			best, most = l, dated
		}
	}
	return best
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, in: in, emit: emit, failed: strings.Contains(strings.ToLower(in.Name), "btmp")}
	err := p.run()
	return p.res, err
}

type parser struct {
	ctx     context.Context
	in      parse.Input
	emit    func(*event.Event) error
	res     parse.Result
	l       *layout
	failed  bool
	damaged bool
	erased  int64
	buf     []byte
	start   int64 // of buf in the file
	before  int64 // seconds of the last record that had a time
}

// window is how much is read at a time.
const window = 256 << 10

// at returns n bytes at an offset, fewer at the end of the file.
func (p *parser) at(off int64, n int) ([]byte, error) {
	if off < p.start || off+int64(n) > p.start+int64(len(p.buf)) {
		size := min(max(window, int64(n)), p.in.Size-off)
		if size <= 0 {
			return nil, nil
		}
		if cap(p.buf) < int(size) {
			p.buf = make([]byte, size)
		}
		p.buf, p.start = p.buf[:size], off
		if k, err := p.in.Reader.ReadAt(p.buf, off); k < int(size) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("utmp: read %d bytes at %d: %w", size, off, err)
		}
	}
	b := p.buf[off-p.start:]
	return b[:min(n, len(b))], nil
}

func (p *parser) run() error {
	head, err := p.at(0, int(min(parse.HeadBytes, p.in.Size)))
	if err != nil {
		return err
	}
	if p.l = layoutOf(head, p.in.Name); p.l == nil {
		p.res.Status, p.res.Note = parse.StatusFailed, "the file does not hold login records of a known layout"
		if p.in.Size == 0 {
			p.res.Status, p.res.Note = parse.StatusEmpty, "the file holds no record"
		}
		return nil
	}
	off := int64(0)
	if p.l.kind == macos {
		off = int64(p.l.size) // the first record is the file's mark
	}
	for n := 0; off < p.in.Size; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		b, err := p.at(off, 2*p.l.size)
		if err != nil {
			return err
		}
		if len(b) < p.l.size {
			p.damaged = true
			p.res.Warn(off, fmt.Sprintf("the last %d bytes are not a whole record", len(b)))
			break
		}
		if off, err = p.record(off, b); err != nil {
			return err
		}
	}
	p.finish()
	return nil
}

// record reads one record, or finds where the next one stands, and returns the offset behind it.
func (p *parser) record(off int64, b []byte) (int64, error) {
	l := p.l
	state := l.judge(b)
	if state == empty && l.kind == lastlog {
		return off + int64(l.size), nil // an account that never logged in, or no account
	}
	p.res.Read++
	if state == broken {
		p.res.Skip(reasonForm)
		next := off + int64(l.size)
		for d := int64(1); d < int64(l.size); d++ {
			b, err := p.at(off+d, 2*l.size)
			if err != nil {
				return 0, err
			}
			if len(b) >= l.size && p.likely(b) && (len(b) < 2*l.size || l.judge(b[l.size:]) != broken) {
				next = off + d
				break
			}
		}
		p.res.Warn(off, fmt.Sprintf("%s; %d bytes are passed over", reasonForm, next-off))
		return next, nil
	}
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Offset: off, Length: int64(l.size)}}
	r := l.read(b)
	r.uid = off / int64(l.size)
	if r.sec > 0 {
		p.before = r.sec
	}
	r.fill(e, l.kind, p.failed)
	if state == empty {
		p.erased++
	}
	e.Sort()
	if len(e.Times) > 0 {
		p.res.Saw(e.Times[0].At)
	}
	p.res.Parsed++
	return off + int64(l.size), p.emit(e)
}

// maxApart is how far, in seconds, the times around damage may lie apart: five years.
const maxApart = 5 * 365 * 86400

// likely says that a record stands at a place which nothing but its content names: it must be of a kind, on a line, and of the
// time of those before it.
func (p *parser) likely(b []byte) bool {
	if p.l.judge(b) != sound {
		return false
	}
	r := p.l.read(b)
	apart := r.sec - p.before
	return (p.l.kind == lastlog || r.kind > 0) && r.line != "" && (p.before == 0 || apart < maxApart && apart > -maxApart)
}

func (p *parser) finish() {
	r := &p.res
	switch {
	case r.Read == 0 && !p.damaged:
		r.Status, r.Note = parse.StatusEmpty, "the file holds no record"
	case r.Parsed == 0:
		r.Status, r.Note = parse.StatusFailed, "no record could be read"
	case r.Parsed < r.Read || p.damaged:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	notes := []string{"records of " + p.l.name}
	if p.failed {
		notes = append(notes, "by the file's name they are failed logins")
	}
	if p.erased > 0 {
		notes = append(notes, fmt.Sprintf("%d records are empty: never used, or erased", p.erased))
	}
	if r.Note != "" {
		notes = append(notes, r.Note)
	}
	text := strings.Join(notes, "; ")
	r.Note = strings.ToUpper(text[:1]) + text[1:]
}
