package evidence

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

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

// guarded reads a member and stops when it turns out to be a bomb: what the directory says is not believed. Damage ends the
// reading as if the member ended there, and is kept in err; so does a fault of the unpacker itself.
type guarded struct {
	ctx      context.Context
	r        io.Reader
	packed   int64 // stated size of the member, packed; 0 when the archive does not say
	limits   Limits
	n        *nest
	read     int64
	bomb     string
	err      error
	checksum bool
}

var errBomb = errors.New("unpacks to too much")

func (g *guarded) Read(p []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		return 0, err
	}
	if g.err != nil || g.checksum {
		return 0, io.EOF
	}
	n, err := g.foreign(p)
	g.read += int64(n)
	l := g.limits
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
		g.err = err
		return n, io.EOF
	}
	if g.bomb != "" {
		return n, errBomb
	}
	return n, err
}

// foreign reads from the unpacker, whose panic is damage of the member.
func (g *guarded) foreign(p []byte) (n int, err error) {
	defer func() {
		if f := recover(); f != nil {
			n, err = 0, fmt.Errorf("the unpacker met a fault of its own: %v", f)
		}
	}()
	return g.r.Read(p)
}
