package evidence

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
)

// file takes one file: hash and seal, record, open or parse, receipt.
func (t *taker) file(ctx context.Context, f found) error {
	if f.refuse != nil {
		return t.done(*f.refuse)
	}
	h, err := openQuietly(f.path)
	if err != nil {
		return t.fail(f.label, "cannot be opened: "+err.Error())
	}
	defer h.Close()
	before, err := h.Stat()
	if err != nil {
		return t.fail(f.label, "cannot be read: "+err.Error())
	}
	if !before.Mode().IsRegular() {
		return t.done(Receipt{Path: f.label, Status: parse.StatusQuarantined, Note: kindOf(before.Mode()) + "; not opened"})
	}
	it := newItem(f.label, before.ModTime())
	sealed := t.seals(f, before.Size())
	if !sealed {
		if abs, err := filepath.Abs(f.path); err == nil {
			it.Path = label(abs) // it has to be found again from anywhere
		}
	}
	if err := t.hash(ctx, h, &it, sealed, it.Path); err != nil {
		return t.unreadable(ctx, f.label, err)
	}
	doubt := ""
	if after, err := h.Stat(); err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) || it.Bytes != before.Size()) {
		doubt = "the file changed while it was read; what was hashed is what was taken"
	}
	var content io.ReaderAt = h
	if sealed {
		v, err := t.in.Vault.Open(it.SHA256)
		if err != nil {
			return fmt.Errorf("evidence: open what was just sealed of %s: %w", f.label, err)
		}
		defer v.Close()
		content = v
	}
	_, err = t.content(ctx, it, content, doubt, newNest(it))
	return err
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

// hash reads r once and fills the item's hashes and size, sealing it in the same pass.
func (t *taker) hash(ctx context.Context, r io.Reader, it *Item, seal bool, name string) error {
	side := newSideHash()
	defer side.end()
	in := &counted{r: r, side: side, step: func(n int64) { t.tell(name, n) }}
	var err error
	if seal {
		it.SHA256, it.Bytes, err = t.in.Vault.Put(ctx, in)
	} else {
		it.SHA256, it.Bytes, err = sum(ctx, in)
	}
	if err != nil {
		return err
	}
	it.Sealed = seal
	it.MD5, it.SHA1 = side.sums()
	return nil
}

// counted hashes what is read through it and tells how much that was.
type counted struct {
	r    io.Reader
	side *sideHash
	step func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.side.write(p[:n])
	c.step(int64(n))
	return n, err
}

func sum(ctx context.Context, r io.Reader) (d incident.Digest, n int64, err error) {
	h := sha256.New()
	buf := make([]byte, 1<<20)
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

// unreadable turns a failed reading into a receipt; a failing vault, a full disk and a cancelled intake end the intake.
func (t *taker) unreadable(ctx context.Context, label string, err error) error {
	var read *vault.ReadError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, durable.ErrDiskFull):
		return fmt.Errorf("evidence: take in %s: %w", label, err)
	case errors.As(err, &read):
		return t.fail(label, "cannot be read: "+read.Err.Error())
	}
	return fmt.Errorf("evidence: take in %s: %w", label, err)
}

// fail leaves a receipt for something whose bytes could not be had.
func (t *taker) fail(path, note string) error {
	r := Receipt{Path: path, Status: parse.StatusFailed}
	r.note(note)
	return t.done(r)
}

// content goes on with an item whose bytes are hashed: record it, then open or parse it. It returns the status of the
// receipt; an error ends the intake. doubt says in what way the bytes may not be what they were meant to be, or nothing.
func (t *taker) content(ctx context.Context, it Item, content io.ReaderAt, doubt string, n *nest) (parse.Status, error) {
	if t.in.Received != nil {
		if err := t.in.Received(it); err != nil {
			return "", fmt.Errorf("evidence: record %s: %w", it.Path, err)
		}
	}
	r := receiptOf(it)
	r.note(doubt)
	if path, ok := t.known(it.SHA256); ok {
		r.Status, r.DuplicateOf, r.DuplicateSHA256 = parse.StatusDuplicate, path, it.SHA256.String()
		t.tell(it.Path, it.Bytes)
		return r.Status, t.done(r)
	}
	if err := t.examine(ctx, it, content, &r, n); err != nil {
		return "", err
	}
	if doubt != "" && r.Status == parse.StatusOK {
		r.Status = parse.StatusPartial
	}
	// What failed may be tried again, for instance with a person's answer.
	if r.Status != parse.StatusFailed {
		t.seen[it.SHA256] = it.Path
	}
	return r.Status, t.done(r)
}

// examine tells the type of an item, opens or parses it, and fills the receipt.
func (t *taker) examine(ctx context.Context, it Item, content io.ReaderAt, r *Receipt, n *nest) error {
	if it.Bytes == 0 {
		r.Status = parse.StatusEmpty
		r.note("the file has no bytes")
		return nil
	}
	head := make([]byte, min(it.Bytes, parse.HeadBytes))
	if n, err := content.ReadAt(head, 0); n < len(head) {
		r.Status = parse.StatusFailed
		r.note(fmt.Sprintf("cannot be read again: %v", err))
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
	return t.parse(ctx, it, content, format, r)
}

// modified is the time of an archive member, which may be anything.
func modified(at time.Time) time.Time {
	if y := at.Year(); y < 1980 || y > 2200 {
		return time.Time{}
	}
	return at
}
