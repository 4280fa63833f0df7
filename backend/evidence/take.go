package evidence

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
)

// take hashes and seals one file.
func (t *taker) take(ctx context.Context, f found, p *prepared) {
	if f.refuse != nil {
		p.refuse = f.refuse
		return
	}
	h, err := openQuietly(f.path)
	if err != nil {
		p.fail("cannot be opened: " + err.Error())
		return
	}
	before, err := h.Stat()
	switch {
	case err != nil:
		p.fail("cannot be read: " + err.Error())
	case !before.Mode().IsRegular():
		p.refuse = &Receipt{Path: f.label, Status: parse.StatusQuarantined, Note: kindOf(before.Mode()) + "; not opened"}
	default:
		t.meter.enter(f.label, FileHashing, before.Size())
		p.item = newItem(f.label, before.ModTime())
		read, err := t.hash(ctx, h, &p.item, f.sealed)
		if err != nil {
			t.meter.step(f.label, 2*f.size-min(read, 2*f.size)) // neither the rest nor the parsing comes
			p.unreadable(ctx, err, read, before.Size())
			break
		}
		after, err := h.Stat()
		if err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) || p.item.Bytes != before.Size()) {
			p.doubt = "the file changed while it was read; what was hashed is what was taken"
		}
		t.meter.enter(f.label, FileHashed, p.item.Bytes)
		if !f.sealed {
			p.original, p.state = h, after
			return
		}
	}
	h.Close() //nolint:errcheck // only read
}

// seals decides between vault and reference.
func (t *taker) seals(f found, size int64) bool {
	if label(f.path) != f.path {
		return true // such a path could not be found again by its name in the record
	}
	switch t.in.Keep {
	case KeepSealed:
		return true
	case KeepReferenced:
		return false
	}
	return size < t.in.Limits.SealBelow
}

// hash reads r once and fills the item's hashes and size, sealing it in the same pass. With an error it says how far it came.
func (t *taker) hash(ctx context.Context, r io.Reader, it *Item, seal bool) (read int64, err error) {
	side := newSideHash()
	defer side.end()
	in := &counted{r: r, side: side, step: func(n int64) { t.meter.step(it.Path, n) }}
	if seal {
		it.SHA256, it.Bytes, err = t.in.Vault.Put(ctx, in)
	} else {
		it.SHA256, it.Bytes, err = sum(ctx, in)
	}
	if err != nil {
		return in.read, err
	}
	it.Sealed = seal
	it.MD5, it.SHA1 = side.sum()
	return in.read, nil
}

// counted hashes what is read through it and tells how much that was.
type counted struct {
	r    io.Reader
	side *sideHash
	step func(int64)
	read int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.side.write(p[:n])
	c.read += int64(n)
	c.step(int64(n))
	return n, err
}

func sum(ctx context.Context, r io.Reader) (d incident.Digest, n int64, err error) {
	h := sha256.New()
	p := pieces.Get().(*piece)
	defer pieces.Put(p)
	buf := p.b[:cap(p.b)]
	for {
		if err := ctx.Err(); err != nil {
			return d, n, err
		}
		m, err := r.Read(buf)
		h.Write(buf[:m])
		n += int64(m)
		if err == io.EOF {
			h.Sum(d[:0])
			return d, n, nil
		}
		if err != nil {
			return d, n, &vault.ReadError{Err: err}
		}
	}
}

// deliver goes on with what was hashed and sealed, and returns the status of its receipt.
func (t *taker) deliver(ctx context.Context, p *prepared, n *nest) (parse.Status, error) {
	defer p.close()
	switch {
	case p.err != nil:
		return "", p.err
	case p.refuse != nil:
		return p.refuse.Status, t.done(*p.refuse)
	}
	if n == nil {
		n = newNest(p.item)
	}
	if p.original != nil {
		return t.content(ctx, p.item, &steady{r: p.original, size: p.item.Bytes, stat: p.original.Stat, state: p.state}, p.doubt, n)
	}
	v, err := t.in.Vault.Open(p.item.SHA256)
	if err != nil {
		return "", fmt.Errorf("evidence: open what was just sealed of %s: %w", p.label, err)
	}
	defer v.Close()
	return t.content(ctx, p.item, &steady{r: v, size: p.item.Bytes}, p.doubt, n)
}

// content goes on with an item whose bytes are hashed: record it, then open or parse it. It returns the status of the
// receipt. doubt says why the bytes may not be what they were meant to be, or nothing.
func (t *taker) content(ctx context.Context, it Item, content *steady, doubt string, n *nest) (parse.Status, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	t.meter.enter(it.Path, FileParsing, it.Bytes)
	r := receiptOf(it)
	r.note(doubt)
	held, before := CustodyNone, parse.Status("")
	if t.in.Before != nil {
		held, before = t.in.Before(it)
	}
	if held == CustodyDone {
		r.Status, r.Again, r.DuplicateOf, r.DuplicateSHA256 = parse.StatusDuplicate, true, it.Path, it.SHA256.String()
		r.note("these bytes were taken in from this path before; nothing was added")
		t.seen[it.SHA256] = it.Path
		t.tell(it.Path, it.Bytes)
		return before, t.done(r) // its archive's receipt counts what became of it then
	}
	if t.in.Received != nil && held == CustodyNone {
		if err := t.in.Received(it); err != nil {
			return "", fmt.Errorf("evidence: record %s: %w", it.Path, err)
		}
	}
	if path, ok := t.known(it.SHA256); ok {
		r.Status, r.DuplicateOf, r.DuplicateSHA256 = parse.StatusDuplicate, path, it.SHA256.String()
		t.tell(it.Path, it.Bytes)
		return r.Status, t.done(r)
	}
	if err := t.examine(ctx, it, content, &r, n); err != nil {
		return "", err
	}
	r.note(content.fault())
	r.doubt(doubt)
	r.doubt(content.fault())
	// What failed may be tried again, for instance with a person's answer.
	if r.Status != parse.StatusFailed {
		t.seen[it.SHA256] = it.Path
	}
	return r.Status, t.done(r)
}

// examine tells the type of an item, opens or parses it, and fills the receipt.
func (t *taker) examine(ctx context.Context, it Item, content *steady, r *Receipt, n *nest) error {
	if it.Bytes == 0 {
		r.Status = parse.StatusEmpty
		r.note("the file has no bytes")
		return nil
	}
	head := make([]byte, min(it.Bytes, parse.HeadBytes))
	if n, _ := content.ReadAt(head, 0); n < len(head) {
		r.Status = parse.StatusFailed // see fault
		return nil
	}
	if kind := packingOf(head); kind != nil {
		return t.archive(ctx, it, content, kind, r, n)
	}
	if kind := imageOf(head); kind != "" {
		r.Status = parse.StatusNoParser
		r.note("image: not read (" + kind + "); take in what a tool for images extracts from it")
		t.tell(it.Path, it.Bytes)
		return nil
	}
	format := parse.Detect(t.in.Formats, head, it.Name)
	if format == nil {
		r.Status = parse.StatusNoParser
		r.note(kindByContent(head))
		t.tell(it.Path, it.Bytes)
		return nil
	}
	var as parse.Assume
	if t.in.Assume != nil {
		as = t.in.Assume(it)
	}
	return turn{
		item: it, content: content, format: format, assume: as, started: t.started, open: t.in.Open, step: func(n int64) { t.tell(it.Path, n) },
	}.parse(ctx, r)
}

// modified is the time of an archive member, which may be anything.
func modified(at time.Time) time.Time {
	if y := at.Year(); y < 1980 || y > 2200 {
		return time.Time{}
	}
	return at
}
