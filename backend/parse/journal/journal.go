// Package journal reads binary journal files of systemd (*.journal, *.journal~): plain and compact layout, values compressed with
// XZ, LZ4 or ZSTD, hashes with and without a key, files that were never closed and damaged ones.
//
// Stage 2 of the flow, one format of parse. It keeps true that every entry in the file is an event or a counted skip, that entries
// behind damage are found and marked recovered, that a value whose hash does not fit says so, and that no size stated in the file is
// believed. Seals (FSS) are not verified. What a message of a login or an account means is taken from syslog's table.
//
// Specification: systemd, "Journal File Format" (docs/JOURNAL_FILE_FORMAT.md) and journal-def.h; systemd.journal-fields(7).
package journal

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Name is the parser's word in receipts and event ids.
const Name = "journal"

// version changes whenever the same bytes give other events.
const version = "1"

// Reasons under which entries are counted as skipped.
const (
	reasonTime  = "entry with an impossible time"
	reasonEmpty = "entry none of whose values could be read"
)

// Format reads journal files. It has no state.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary says that the format runs in a sandbox child.
func (Format) Binary() bool { return true }

// Detect implements parse.Format.
func (Format) Detect(head []byte, _ string) int {
	if bytes.HasPrefix(head, []byte(magic)) {
		return 100
	}
	return 0
}

// Parse implements parse.Format. Entries come in the order of the file, which is that of their numbers; those that only the index
// knows come last.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, in: in, emit: emit, file: pages{in: in.Reader, size: in.Size}}
	err := p.run()
	return p.res, err
}

type parser struct {
	ctx     context.Context
	in      parse.Input
	emit    func(*event.Event) error
	res     parse.Result
	file    pages
	header  header
	values  values
	seen    []int64 // offsets of entries, rising
	damaged bool
	lost    bool // the walk is behind damage: entries are recovered ones
	rescued int64
}

// header is the first object of the file. Offsets: 0 magic (8), 8 compatible flags (4), 12 incompatible flags (4), 16 state (1),
// 24 file id (16), 40 machine (16), 72 number series (16), 88 header size (8), 96 arena size (8), 136 tail object (8), 144 objects (8),
// 152 entries (8), 160 last number (8), 168 first number (8), 176 entry array (8).
type header struct {
	compatible, incompatible uint32
	state                    byte
	fileID                   [16]byte
	seqID                    [16]byte
	size                     int64
	entries                  uint64
	array                    int64
}

func (h *header) has(flag uint32) bool { return h.incompatible&flag != 0 }

func (p *parser) run() error {
	ok, err := p.readHeader()
	if err != nil || !ok {
		return err
	}
	if err := p.walk(); err != nil {
		return err
	}
	if p.damaged || uint64(len(p.seen)) < p.header.entries {
		if err := p.index(); err != nil {
			return err
		}
	}
	p.finish()
	return nil
}

func (p *parser) readHeader() (bool, error) {
	b, err := p.file.read(0, minHeader)
	if err != nil {
		return false, err
	}
	if len(b) < minHeader || string(b[:8]) != magic {
		p.res.Status, p.res.Note = parse.StatusFailed, "not a journal file of systemd: it does not begin with "+magic
		if len(b) >= 8 && string(b[:8]) == magic {
			p.res.Note = "the file ends inside its header; it holds no entry"
			p.res.Warn(0, p.res.Note)
		}
		return false, nil
	}
	o := binary.LittleEndian
	h := &p.header
	h.compatible, h.incompatible, h.state = o.Uint32(b[8:]), o.Uint32(b[12:]), b[16]
	copy(h.fileID[:], b[24:])
	copy(h.seqID[:], b[72:])
	h.size, h.entries, h.array = int64(o.Uint64(b[88:])), o.Uint64(b[152:]), int64(o.Uint64(b[176:]))
	if unknown := h.incompatible &^ knownFlags; unknown != 0 {
		p.damaged = true
		p.res.Warn(12, fmt.Sprintf("the file says that it needs features which are not known (%#x); it is read as far as it can be", unknown))
	}
	if h.size < minHeader || h.size > maxHeader || h.size%8 != 0 {
		p.damaged = true
		p.res.Warn(88, fmt.Sprintf("the header says that it is %d bytes long; %d are taken", h.size, minHeader))
		h.size = minHeader
	}
	p.values = newValues(p)
	return true, nil
}

// walk goes from object to object and reads the entries among them.
func (p *parser) walk() error {
	for off := p.header.size; ; {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		off = align(off)
		b, err := p.file.read(off, objectHeader)
		if err != nil {
			return err
		}
		if len(b) < objectHeader {
			return nil
		}
		if zero(b) { // room that was set aside and not used yet
			next, err := p.nextUsed(off)
			if err != nil || next < 0 {
				return err
			}
			off = next
			if b, err = p.file.read(off, objectHeader); err != nil {
				return err
			}
		}
		obj, ok := p.object(off, b)
		if !ok {
			p.damaged, p.lost = true, true
			next, err := p.resync(off + 8)
			if err != nil {
				return err
			}
			if next < 0 {
				p.res.Warn(off, "what stands here is no object of a journal, and no other follows")
				return nil
			}
			p.res.Warn(off, fmt.Sprintf("what stands here is no object of a journal; %d bytes are passed over", next-off))
			off = next
			continue
		}
		if obj.kind == kindEntry {
			if err := p.entry(off, obj.size, p.lost); err != nil {
				return err
			}
		}
		off += obj.size
	}
}

func (p *parser) finish() {
	r := &p.res
	missing := int64(p.header.entries) - int64(len(p.seen))
	switch {
	case r.Read == 0 && !p.damaged && p.header.entries == 0:
		r.Status = parse.StatusEmpty
	case r.Parsed == 0:
		r.Status = parse.StatusFailed
	case r.Parsed < r.Read || p.damaged || missing > 0:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	var notes []string
	if r.Read == 0 {
		notes = append(notes, "the journal holds no entry")
	}
	if missing > 0 && p.header.entries < 1<<40 {
		notes = append(notes, fmt.Sprintf("the header counts %d entries, %d were found", p.header.entries, len(p.seen)))
	}
	if p.rescued > 0 {
		notes = append(notes, fmt.Sprintf("%d entries were recovered behind damage", p.rescued))
	}
	switch p.header.state {
	case stateOnline:
		notes = append(notes, "the file was not closed: the machine stopped while it was written, or it was copied from a running one")
	case stateOffline, stateArchived:
	default:
		notes = append(notes, fmt.Sprintf("the state of the file, %d, is not known", p.header.state))
	}
	if p.header.compatible&flagSealed != 0 {
		notes = append(notes, "the file is sealed; the seals were not verified")
	}
	if text := strings.Join(notes, "; "); text != "" {
		r.Note = strings.ToUpper(text[:1]) + text[1:]
	}
}
