package evidence

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"adjutant/backend/parse"
)

// nest is what the members of one file share, however deep they are: how much was unpacked, and how deep this is.
type nest struct {
	depth    int
	members  int
	packed   int64 // size of the outermost archive
	unpacked int64
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
	var c tally
	names := map[string]int{}
	var ended error // of the intake
	err := unpacked(func() error {
		return kind.walk(&unpacking{content: content, item: it, limits: t.in.Limits, nest: &inner}, r, func(m *packed) error {
			if ended = ctx.Err(); ended != nil {
				return errEnded
			}
			if m.mode.IsDir() && badName(strings.TrimSuffix(m.name, "/")) == "" {
				return nil // a folder
			}
			r.Members++
			if inner.members++; inner.members > t.in.Limits.MaxMembers {
				r.note(fmt.Sprintf("more than %d members; the rest was not opened", t.in.Limits.MaxMembers))
				c.quarantined++
				return errEnough
			}
			var status parse.Status
			if status, ended = t.member(ctx, m, memberLabel(it.Path, m.name, names), &inner); ended != nil {
				return errEnded
			}
			c.count(status)
			return nil
		})
	})
	n.members, n.unpacked = inner.members, inner.unpacked
	switch {
	case ended != nil:
		return ended
	case err == nil, errors.Is(err, errEnough):
		c.judge(r)
	case errors.Is(err, errBomb):
		r.Status = parse.StatusQuarantined
		if c.taken+c.duplicate > 0 {
			r.Status = parse.StatusPartial
		}
		r.note("stopped: it unpacks to more than is believed; what came before stays")
	case errors.Is(err, errLocked):
		r.Status = parse.StatusQuarantined
		r.note("encrypted; it cannot be read without its password")
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

// memberLabel is "archive!member"; a name that comes again gets "#2", "#3" …, so that both can be told apart.
func memberLabel(archive, name string, names map[string]int) string {
	names[name]++
	if n := names[name]; n > 1 {
		name = fmt.Sprintf("%s#%d", name, n)
	}
	shown := label(name)
	if most := maxPathBytes - len(archive) - 1; len(shown) > most {
		shown = cut(shown, max(most-4, 16))
	}
	return archive + "!" + shown
}

// member takes one member and returns the status of its receipt.
func (t *taker) member(ctx context.Context, m *packed, shown string, n *nest) (parse.Status, error) {
	refuse := func(s parse.Status, note string) (parse.Status, error) {
		r := Receipt{Path: shown, Status: s, Bytes: max(m.size, 0)}
		r.note(note)
		return s, t.done(r)
	}
	if why := t.quarantine(m, n); why != "" {
		return refuse(parse.StatusQuarantined, why)
	}
	src, err := m.open()
	if errors.Is(err, errLocked) {
		return refuse(parse.StatusQuarantined, "encrypted; it cannot be read without its password")
	}
	if err != nil {
		return refuse(parse.StatusFailed, "cannot be unpacked: "+err.Error())
	}
	defer src.Close()
	size := max(m.size, 0)
	t.progress.Total += 2 * size
	it := newItem(shown, modified(m.modified))
	guard := &guarded{r: src, packed: m.packed, t: t, n: n}
	if err := t.hash(ctx, guard, &it, true, shown); err != nil {
		t.tell(shown, 2*size-min(guard.read, 2*size))
		if guard.bomb != "" {
			return refuse(parse.StatusQuarantined, guard.bomb)
		}
		if ctx.Err() == nil && guard.failed {
			return refuse(parse.StatusFailed, "cannot be unpacked: "+guard.err.Error())
		}
		return parse.StatusFailed, t.unreadable(ctx, shown, err)
	}
	n.unpacked += it.Bytes
	v, err := t.in.Vault.Open(it.SHA256)
	if err != nil {
		return "", fmt.Errorf("evidence: open what was just sealed of %s: %w", shown, err)
	}
	defer v.Close()
	doubt := ""
	switch {
	case guard.checksum:
		doubt = "the archive's checksum does not fit what was unpacked"
	case m.size >= 0 && it.Bytes != m.size:
		doubt = fmt.Sprintf("the archive says %d bytes, %d were unpacked", m.size, it.Bytes)
	}
	return t.content(ctx, it, v, doubt, n)
}

// quarantine says why a member is not even unpacked, or "".
func (t *taker) quarantine(m *packed, n *nest) string {
	if why := badName(strings.TrimSuffix(m.name, "/")); why != "" {
		return why
	}
	l := t.in.Limits
	switch {
	case m.link != "":
		return m.link + " inside an archive; not followed"
	case m.mode&^(0o7777|unixBits) != 0 && !m.mode.IsRegular() && !m.mode.IsDir():
		return kindOf(m.mode) + " inside an archive; not followed"
	case m.locked:
		return "encrypted; it cannot be read without its password"
	case m.size > l.MaxMemberBytes:
		return fmt.Sprintf("would unpack to %d bytes; at most %d are", m.size, l.MaxMemberBytes)
	case n.unpacked > l.MaxArchiveBytes:
		return fmt.Sprintf("the archive unpacks to more than %d bytes; the rest was not opened", l.MaxArchiveBytes)
	case m.packed > 0 && m.size > l.RatioFreeBytes && m.size/l.MaxRatio > m.packed:
		return fmt.Sprintf("would unpack to %d times its size (%d bytes); at most %d times is believed", m.size/m.packed, m.size, l.MaxRatio)
	}
	return ""
}

// unixBits are the permission bits beside the nine that a mode may carry.
const unixBits = 0o7000

// guarded reads a member and stops when it turns out to be a bomb: what the directory says is not believed.
type guarded struct {
	r        io.Reader
	packed   int64 // stated size of the member, packed; 0 when the archive does not say
	t        *taker
	n        *nest
	read     int64
	bomb     string
	err      error
	failed   bool
	checksum bool
}

var errBomb = errors.New("unpacks to too much")

func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.read += int64(n)
	l := g.t.in.Limits
	all := g.n.unpacked + g.read
	switch {
	case errors.Is(err, errBomb): // of the stream that the member lies in
		g.bomb = fmt.Sprintf("stopped after %d bytes: the archive unpacks to more than is believed", g.read)
	case g.read > l.MaxMemberBytes, all > l.MaxArchiveBytes:
		g.bomb = fmt.Sprintf("stopped after %d bytes: more than may be unpacked", g.read)
	case g.packed > 0 && g.read > l.RatioFreeBytes && g.read/l.MaxRatio > g.packed,
		all > l.RatioFreeBytes && all/l.MaxRatio > g.n.packed:
		g.bomb = fmt.Sprintf("stopped after %d bytes: more than %d times its packed size", g.read, l.MaxRatio)
	case errors.Is(err, zip.ErrChecksum):
		g.checksum = true
		return n, io.EOF // the bytes are there; the receipt says that they do not fit
	case err != nil && err != io.EOF:
		g.failed, g.err = true, err
	}
	if g.bomb != "" {
		return n, errBomb
	}
	return n, err
}

// directoryBytes reads the size of the central directory from the end of the archive (APPNOTE.TXT 4.3.16, 4.3.14), 0 when
// it is not found: archive/zip would hold all of it in memory.
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
		d := int64(binary.LittleEndian.Uint32(tail[i+12:]))
		if d != 0xffffffff || i < locator || string(tail[i-locator:i-locator+4]) != "PK\x06\x07" {
			return d
		}
		var end [56]byte // zip64 end of central directory: size of the directory at 40
		at := binary.LittleEndian.Uint64(tail[i-locator+8:])
		if at > uint64(size) {
			return 0
		}
		if m, _ := r.ReadAt(end[:], int64(at)); m < len(end) {
			return 0
		}
		return int64(min(binary.LittleEndian.Uint64(end[40:]), 1<<62))
	}
	return 0
}
