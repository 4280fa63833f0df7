package evidence

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"adjutant/backend/parse"
)

// nest is what the members of one file share, however deep they are: how much was unpacked, and how deep this is.
type nest struct {
	depth    int
	members  int
	packed   int64 // size of the outermost archive
	unpacked int64
	window   int64 // memory of the unpackers that are open around this
}

func newNest(it Item) *nest { return &nest{packed: it.Bytes} }

// tally is what an archive's own receipt says.
type tally struct{ taken, quarantined, failed, duplicate int }

// archive opens an archive or a compressed file, takes each member, and writes the archive's receipt. An error ends the intake.
func (t *taker) archive(ctx context.Context, it Item, content io.ReaderAt, kind *packing, r *Receipt, n *nest) error {
	r.Format = kind.name
	if n.depth >= t.in.Limits.MaxDepth {
		r.Status = parse.StatusQuarantined
		r.note(fmt.Sprintf("an archive inside %d others; not opened, at most %d are", n.depth, t.in.Limits.MaxDepth))
		return nil
	}
	t.tell(it.Path, it.Bytes)
	inner := *n
	inner.depth++
	w := t.members(ctx, it, content, kind, r, &inner)
	defer w.stop()
	var c tally
	for {
		p, err := t.next(ctx, w.queue)
		if err != nil {
			return err
		}
		if p == nil {
			break
		}
		if t.meet(&w.with, p); p.item.Host == "" {
			p.item.Host = it.Host
		}
		status, err := t.deliver(ctx, p, &inner)
		if err != nil {
			return err
		}
		c.count(status)
		close(p.finished)
	}
	n.members, n.unpacked = inner.members, inner.unpacked
	r.Members = w.met
	t.absent(ctx, &w.with, it.Path, w.err == nil)
	switch err := w.err; {
	case err == nil, errors.Is(err, errEnough):
		c.judge(r)
		if err != nil {
			r.note(fmt.Sprintf("more than %d members; the rest was not opened", t.in.Limits.MaxMembers))
			r.Status = parse.StatusPartial
		}
	case errors.Is(err, errBomb):
		r.Status = parse.StatusQuarantined
		if c.taken+c.duplicate > 0 {
			r.Status = parse.StatusPartial
		}
		r.note("stopped: it unpacks to more than is believed; what came before stays")
	case errors.Is(err, errLocked):
		r.Status = parse.StatusQuarantined
		r.note("encrypted; it cannot be read without its password")
	case errors.Is(err, errWindow):
		r.Status = parse.StatusQuarantined
		r.note(err.Error())
	case r.Members == 0:
		r.Status = parse.StatusFailed
		r.note("the archive is cut off or damaged: " + err.Error())
	default: // what came before the damage was taken
		c.judge(r)
		r.Status = parse.StatusPartial
		r.note("the archive is cut off or damaged behind its last member: " + err.Error())
	}
	return nil
}

// unpacked runs foreign code over hostile bytes: its panic is damage of the archive.
func unpacked(walk func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the unpacker met a fault of its own: %v", p)
		}
	}()
	return walk()
}

// What a walk ends with beside damage.
var (
	errEnded  = errors.New("the intake ends")
	errEnough = errors.New("too many members")
	errLocked = errors.New("encrypted")
	errWindow = errors.New("too much memory")
)

func (c *tally) count(s parse.Status) {
	switch s {
	case parse.StatusQuarantined:
		c.quarantined++
	case parse.StatusFailed:
		c.failed++
	case parse.StatusDuplicate:
		c.duplicate++
	default:
		c.taken++
	}
}

func (c *tally) judge(r *Receipt) {
	switch {
	case r.Members == 0:
		r.Status = parse.StatusEmpty
	case c.quarantined > 0:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK // each member's own receipt says how it went
	}
	text := fmt.Sprintf("%d members", r.Members)
	for _, part := range []struct {
		n    int
		what string
	}{{c.taken, "taken in"}, {c.duplicate, "known already"}, {c.failed, "failed"}, {c.quarantined, "quarantined"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	r.note(text)
}

// directoryBytes is how much archive/zip would read as the central directory and hold in memory, 0 when no end of an archive is
// found (APPNOTE.TXT 4.3.16, 4.3.14). That is not what the archive states: the reading goes on as long as there are members.
func directoryBytes(r io.ReaderAt, size int64) int64 {
	const endLength, commentMost, locator = 22, 1<<16 - 1, 20
	n := min(size, endLength+commentMost+locator)
	tail := make([]byte, n)
	if m, _ := r.ReadAt(tail, size-n); int64(m) < n {
		return 0
	}
	for i := len(tail) - endLength; i >= 0; i-- {
		if string(tail[i:i+4]) != "PK\x05\x06" {
			continue
		}
		end := size - n + int64(i)
		d, at := int64(binary.LittleEndian.Uint32(tail[i+12:])), int64(binary.LittleEndian.Uint32(tail[i+16:]))
		if i >= locator && string(tail[i-locator:i-locator+4]) == "PK\x06\x07" {
			var big [56]byte // zip64 end of central directory: size of the directory at 40, its place at 48
			end = int64(min(binary.LittleEndian.Uint64(tail[i-locator+8:]), 1<<62))
			if m, _ := r.ReadAt(big[:], end); m == len(big) && string(big[:4]) == "PK\x06\x06" {
				d, at = int64(min(binary.LittleEndian.Uint64(big[40:]), 1<<62)), int64(min(binary.LittleEndian.Uint64(big[48:]), 1<<62))
			}
		}
		return max(d, end-at)
	}
	return 0
}
