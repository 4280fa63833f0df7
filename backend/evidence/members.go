package evidence

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"adjutant/backend/parse"
)

// members unpacks an archive in one pass, ahead of the member that is parsed. Small members are sealed by several workers at
// once, large ones while they are unpacked. Behind a member that is an archive itself it waits until that is done: so the
// limits that both share are used up in the same order in every run.
type members struct {
	queue  chan *prepared
	cancel context.CancelFunc
	ctx    context.Context
	t      *taker
	nest   *nest // of the members; used by one side at a time, see above
	with   company
	met    int   // members, folders not counted; to be read when queue is closed
	err    error // what the walk ended with; likewise
}

const (
	membersAhead = 16      // with smallMember the most memory that waits to be sealed: 32 MiB
	smallMember  = 2 << 20 // most log files of a collection are smaller
)

func (t *taker) members(ctx context.Context, it Item, content io.ReaderAt, kind *packing, r *Receipt, n *nest) *members {
	ctx, cancel := context.WithCancel(ctx)
	w := &members{queue: make(chan *prepared, membersAhead), cancel: cancel, ctx: ctx, t: t, nest: n}
	go func() {
		defer close(w.queue)
		names := map[string]int{}
		w.err = unpacked(func() error {
			return kind.walk(&unpacking{content: content, item: it, limits: t.in.Limits, nest: n, company: &w.with}, r, func(m *packed) error {
				return w.each(m, it.Path, names)
			})
		})
	}()
	return w
}

// each makes one member ready and hands it out.
func (w *members) each(m *packed, archive string, names map[string]int) error {
	if w.ctx.Err() != nil {
		return errEnded
	}
	if m.mode.IsDir() && badName(strings.TrimSuffix(m.name, "/")) == "" {
		return nil // a folder
	}
	w.met++
	if w.nest.members++; w.nest.members > w.t.in.Limits.MaxMembers {
		return errEnough
	}
	p := newPrepared(memberLabel(archive, m.name, names))
	p.name = strings.ReplaceAll(m.name, `\`, "/") // some packers of Windows
	if !w.with.announced {
		w.with.names = append(w.with.names, p.name)
	}
	w.member(m, p)
	select {
	case w.queue <- p:
	case <-w.ctx.Done():
		return errEnded
	}
	if p.archive {
		select {
		case <-p.finished:
		case <-w.ctx.Done():
			return errEnded
		}
	}
	return nil
}

// stop ends the walk and waits for it.
func (w *members) stop() {
	w.cancel()
	for p := range w.queue {
		<-p.ready
	}
}

// member unpacks one member. It closes p.ready, or leaves that to a worker.
func (w *members) member(m *packed, p *prepared) {
	done := true
	defer func() {
		if done {
			close(p.ready)
		}
	}()
	t := w.t
	refuse := func(s parse.Status, note string) {
		p.refuse = &Receipt{Path: p.label, Status: s, Bytes: max(m.size, 0)}
		p.refuse.note(note)
	}
	if why := t.quarantine(m, w.nest); why != "" {
		refuse(parse.StatusQuarantined, why)
		return
	}
	src, err := m.open()
	switch {
	case errors.Is(err, errLocked):
		refuse(parse.StatusQuarantined, "encrypted; it cannot be read without its password")
		return
	case errors.Is(err, errWindow):
		refuse(parse.StatusQuarantined, err.Error())
		return
	case err != nil:
		refuse(parse.StatusFailed, "cannot be unpacked: "+err.Error())
		return
	}
	defer src.Close()
	size := max(m.size, 0)
	t.meter.grow(0, 2*size)
	t.meter.enter(p.label, FileHashing, size)
	p.item = newItem(p.label, modified(m.modified))
	guard := &guarded{ctx: w.ctx, r: src, packed: m.packed, limits: t.in.Limits, n: w.nest}
	head, err := io.ReadAll(io.LimitReader(guard, smallMember))
	p.archive = packingOf(head) != nil
	small := err == nil && len(head) < smallMember
	if err == nil && !small {
		var in io.Reader = io.MultiReader(bytes.NewReader(head), guard)
		_, err = t.hash(w.ctx, in, &p.item, true)
	}
	switch {
	case w.ctx.Err() != nil:
		p.err = w.ctx.Err()
	case guard.bomb != "":
		refuse(parse.StatusQuarantined, guard.bomb)
	case err != nil && guard.err == nil: // the vault's
		p.unreadable(w.ctx, err, guard.read, m.size)
	case guard.err != nil && guard.read == 0:
		refuse(parse.StatusFailed, "cannot be unpacked: "+guard.err.Error())
	}
	if p.refuse != nil || p.err != nil {
		p.archive = false
		t.meter.step(p.label, 2*size-min(guard.read, 2*size))
		return
	}
	w.nest.unpacked += guard.read
	switch {
	case guard.checksum:
		p.doubt = "the archive's checksum does not fit what was unpacked"
	case guard.err != nil:
		p.doubt = fmt.Sprintf("cannot be unpacked behind byte %d: %v; what came before was taken", guard.read, guard.err)
	case m.size >= 0 && guard.read != m.size:
		p.doubt = fmt.Sprintf("the archive says %d bytes, %d were unpacked", m.size, guard.read)
	}
	if !small {
		t.meter.enter(p.label, FileHashed, p.item.Bytes)
		return
	}
	if !t.slot(w.ctx) {
		p.err = w.ctx.Err()
		return
	}
	done = false
	go func() {
		defer close(p.ready)
		defer t.free()
		t.sealSmall(w.ctx, head, p)
	}()
}

// sealSmall hashes and seals a member that is held in memory.
func (t *taker) sealSmall(ctx context.Context, content []byte, p *prepared) {
	var err error
	if p.item.SHA256, p.item.Bytes, err = t.in.Vault.Put(ctx, bytes.NewReader(content)); err != nil {
		p.unreadable(ctx, err, 0, int64(len(content)))
		return
	}
	m, s := md5.Sum(content), sha1.Sum(content)
	p.item.MD5, p.item.SHA1, p.item.Sealed = hex.EncodeToString(m[:]), hex.EncodeToString(s[:]), true
	t.meter.step(p.label, p.item.Bytes)
	t.meter.enter(p.label, FileHashed, p.item.Bytes)
}
