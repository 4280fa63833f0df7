package evidence

import (
	"context"
	"io"
	"path/filepath"
	"slices"

	"adjutant/backend/incident"
)

// company is what came together: the files of an intake's folders, or the members of one archive. From their names it is
// known which tool collected them, and what is missing among them. Names and announced are written before the first one is
// handed out, or by the goroutine that unpacks; they are whole, and read, when that has ended.
type company struct {
	names     []string // slash paths
	announced bool     // all names are there before the members
	single    bool     // a compressed file: nothing stands beside it
	known     collections
	lists     []held // the collecting tools' own
}

// held is a list that is in custody.
type held struct {
	name   string
	sha256 incident.Digest
}

// announce tells the names before the members come, where the archive has a list of them. open reads one of them; it is nil
// where that would mean to unpack all that stands before it.
func (c *company) announce(names []string, open func(i int) (io.ReadCloser, error)) {
	c.names, c.announced, c.known = names, true, collectionsOf(names)
	for i, n := range names {
		if g := c.known.told(n); g != nil && open != nil {
			if r, err := open(i); err == nil {
				g.host = hostOf(r)
				r.Close() //nolint:errcheck // only read
			}
		}
	}
}

// told is the collection of which a file says the machine's name, or nil.
func (c collections) told(name string) *gathered {
	if dir, base := split(name); base == clientInfo {
		return c[dir]
	}
	return nil
}

// meet says of what is next where it came from, and learns what it says about the others.
func (t *taker) meet(c *company, p *prepared) {
	if p.name == "" || p.refuse != nil || p.err != nil {
		return
	}
	if dir, base := split(p.name); !c.announced && markOf(base) != "" {
		if c.known == nil {
			c.known = collections{}
		}
		if c.known[dir] == nil {
			c.known[dir] = &gathered{tool: markOf(base)} // in a stream a mark is believed: what belongs to it comes later
		}
	}
	p.item.Original, p.item.Host = c.known.origin(p.name)
	if g := c.known.told(p.name); g != nil && g.host == "" {
		t.reread(p, func(r io.Reader) { g.host = hostOf(r) })
		p.item.Host = g.host
	}
	if _, ok := c.known.listingOf(p.name); ok {
		c.lists = append(c.lists, held{p.name, p.item.SHA256})
	}
}

// reread reads the bytes of an item that were hashed.
func (t *taker) reread(p *prepared, each func(io.Reader)) {
	if p.original != nil {
		each(io.NewSectionReader(p.original, 0, p.item.Bytes))
		return
	}
	if v, err := t.in.Vault.Open(p.item.SHA256); err == nil {
		each(io.NewSectionReader(v, 0, v.Size()))
		v.Close() //nolint:errcheck // only read
	}
}

// absent notes for an archive what its members lack. whole says that all their names are known.
func (t *taker) absent(ctx context.Context, c *company, archive string, whole bool) {
	if c.single || !whole && !c.announced {
		return
	}
	if !c.announced {
		c.known = collectionsOf(c.names)
	}
	var all absence
	for _, a := range absences(c.names) {
		dir, _ := split(c.names[a.first])
		if original, _ := c.known.origin(c.names[a.first]); original != "" && c.known[""] != nil {
			dir = original[:lastSlash(original)+1] // the archive is one collection
		}
		for i := range a.names {
			a.names[i] = dir + a.names[i]
		}
		all.join(a)
	}
	if len(c.lists) > 0 {
		sorted := slices.Sorted(slices.Values(c.names))
		for _, h := range c.lists {
			l, ok := c.known.listingOf(h.name)
			if !ok || ctx.Err() != nil {
				continue
			}
			if v, err := t.in.Vault.Open(h.sha256); err == nil {
				all.join(l.missing(io.NewSectionReader(v, 0, v.Size()), sorted))
				v.Close() //nolint:errcheck // only read
			}
		}
	}
	t.lack(archive, all)
}

// lack notes for the receipt of a path what is absent.
func (t *taker) lack(path string, a absence) {
	if a.total == 0 {
		return
	}
	if t.lacks == nil {
		t.lacks = map[string]*absence{}
	}
	if t.lacks[path] == nil {
		t.lacks[path] = &absence{}
	}
	t.lacks[path].join(a)
}

func lastSlash(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' || s[i] == '\\' {
			return i
		}
	}
	return -1
}

// gather makes the company of the files that lie in the folders of an intake, and notes for the first file of each folder what
// that folder lacks: a folder has no receipt of its own. Files that a person named one by one lack nothing.
func (t *taker) gather(files []found) {
	var at []int
	for i := range files {
		f := &files[i]
		if !f.walked || f.refuse != nil {
			continue
		}
		if abs, err := filepath.Abs(f.path); err == nil {
			f.name = filepath.ToSlash(abs)
			t.company.names = append(t.company.names, f.name)
			at = append(at, i)
		}
	}
	t.company.announce(t.company.names, nil)
	for _, a := range absences(t.company.names) {
		first := files[at[a.first]].label
		for i := range a.names {
			a.names[i] = first[:lastSlash(first)+1] + a.names[i]
		}
		t.lack(first, a)
	}
}

// compare notes for the list of a collecting tool, met in a folder, which of its files are not there.
func (t *taker) compare(p *prepared) {
	for _, h := range t.company.lists {
		l, ok := t.company.known.listingOf(h.name)
		if !ok {
			continue
		}
		if t.sorted == nil {
			t.sorted = slices.Sorted(slices.Values(t.company.names))
		}
		t.reread(p, func(r io.Reader) { t.lack(p.item.Path, l.missing(r, t.sorted)) })
	}
	t.company.lists = nil
}
