// Package evtx reads Windows event logs (.evtx): the file header, the 64 KiB chunks, the records in them and their
// binary XML. What an event means is said by winlog.
//
// Stage 2 of the flow, one format of parse. It keeps true that every record header found is counted, that a damaged
// record costs only itself, that an event found where something is damaged says so (evtx.recovered), and that values are
// printed as Windows prints them.
//
// Records of one template differ in their values only. So a template is compiled once for the log (template.go), and a record
// of it costs the printing of its values (compiled.go). What no program fits is read step by step (binxml.go, expand.go),
// with the same outcome.
//
// Layout: libyal, "Windows XML Event Log (EVTX) format"; Microsoft [MS-EVEN6] §2.2.12 to §2.2.17 for binary XML.
// Checksums are verified but never a reason to drop a record. Deleted records in slack space are not looked for.
package evtx

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Name is the parser's word in receipts and event ids.
const Name = "evtx"

// version changes whenever the same bytes give other events.
const version = "2"

// Format reads EVTX files. It has no state; the tables are compiled once.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary says that the format runs in a sandbox child.
func (Format) Binary() bool { return true }

// Detect looks for the file magic. A file that begins with a chunk (carved, or its header lost) is taken too.
func (Format) Detect(head []byte, name string) int {
	switch {
	case bytes.HasPrefix(head, []byte(fileMagic)):
		return 100
	case bytes.HasPrefix(head, []byte(chunkMagic)):
		return 90
	}
	return 0
}

// Parse implements parse.Format. Records come in file order, which in a log that wrapped round is not time order.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, in: in, emit: emit, dec: newDecoder()}
	err := p.run()
	return p.res, err
}

// parser holds what one Parse call needs.
type parser struct {
	ctx       context.Context
	in        parse.Input
	emit      func(*event.Event) error
	res       parse.Result
	damaged   bool  // something could not be read: the status is partial
	noCRC     bool  // the file header says that checksums are not kept
	headTimes int64 // records whose event carried no time of its own
	undated   int64
	steps     int    // records that no program fitted
	recovered string // why events of the present chunk are marked, "" when they are not
	buf       [chunkSize]byte
	dec       *decoder
}

func (p *parser) run() error {
	start, ok, err := p.fileHeader()
	if err != nil {
		return err
	}
	if !ok {
		p.res.Status = parse.StatusFailed
		return nil
	}
	for off := start; off < p.in.Size; off += chunkSize {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if err := p.chunkAt(off); err != nil {
			return err
		}
	}
	p.finish()
	return nil
}

// fileHeader reads the first 4096 bytes and says where chunks begin. Offsets: 0 magic (8), 40 header block size (2),
// 120 flags (4): 1 dirty, 2 full, 4 no checksums.
func (p *parser) fileHeader() (start int64, ok bool, err error) {
	head := p.buf[:min(p.in.Size, headerBlock)]
	if err := p.readAt(head, 0); err != nil {
		return 0, false, err
	}
	if bytes.HasPrefix(head, []byte(chunkMagic)) {
		p.damaged = true
		p.res.Warn(0, "the file header is missing; the file begins with a chunk")
		return 0, true, nil
	}
	if !bytes.HasPrefix(head, []byte(fileMagic)) {
		p.res.Note = "not a Windows event log: the file does not begin with ElfFile"
		return 0, false, nil
	}
	if len(head) < headerBlock {
		p.damaged = true
		p.res.Warn(0, fmt.Sprintf("the file ends after %d bytes, inside its header", len(head)))
		p.res.Note = "the file ends inside its header; it holds no record"
		return 0, false, nil
	}
	p.noCRC = binary.LittleEndian.Uint32(head[120:])&4 != 0
	start = int64(binary.LittleEndian.Uint16(head[40:]))
	if start < minHeaderBlock || start > chunkSize {
		p.res.Warn(40, fmt.Sprintf("the header block size is %d; %d is used", start, headerBlock))
		start = headerBlock
	}
	return start, true, nil
}

func (p *parser) readAt(b []byte, off int64) error {
	n, err := p.in.Reader.ReadAt(b, off)
	if n == len(b) || (errors.Is(err, io.EOF) && n == len(b)) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("evtx: read %d bytes at %d: %w", len(b), off, err)
}

func (p *parser) finish() {
	r := &p.res
	switch {
	case r.Read == 0 && !p.damaged:
		r.Status = parse.StatusEmpty
		r.Note = "the log holds no record"
	case r.Read > 0 && r.Parsed == 0:
		r.Status = parse.StatusFailed
		r.Note = "no record of the log could be read"
	case p.damaged || r.Parsed < r.Read:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	if p.headTimes > 0 {
		r.Note = fmt.Sprintf("%d records carry no event time; the time at which they were written down is used", p.headTimes)
	}
	if p.undated > 0 {
		r.Note = fmt.Sprintf("%d records carry no time at all and stand at the end of the timeline", p.undated)
	}
}
