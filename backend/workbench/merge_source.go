package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"
	"adjutant/backend/parcel"
)

// source is another copy of the case, read and checked entry by entry: what mergeFrom takes in. Whoever makes one has
// parsed every entry with its signature (sourceReader); what could not be read stands in problems and not in entries.
type source struct {
	name      string // where it came from, for people
	kind      string // "case", "bundle" or "parcel"
	entries   []caserecord.Entry
	problems  []caserecord.Problem // what is wrong with the copy
	keepGoing bool                 // take in what is sound although there are problems
	// has says whether the copy holds the bytes of a sealed item, open reads them; both nil when it brings no evidence.
	// The bytes are hashed again on their way in.
	has  func(incident.Digest) bool
	open func(incident.Digest) (io.ReadCloser, error)
}

// sourceReader checks the entries of a copy while they pass by: form, signature and body of each, on all cores. Those that are
// not sound are named and left out; where only the body is not, the entry comes without it.
type sourceReader struct {
	ctx      context.Context
	report   func(Progress)
	total    int // 0 when it is not known
	n        int // entries that passed by
	entries  []caserecord.Entry
	problems []caserecord.Problem
	shared   sharer
}

func readingSource(ctx context.Context, total int, report func(Progress)) *sourceReader {
	if report == nil {
		report = func(Progress) {}
	}
	return &sourceReader{ctx: ctx, report: report, total: total, shared: newSharer()}
}

// take takes n entries in: parse reads and checks one of them.
func (r *sourceReader) take(n int, parse func(i int) (caserecord.Entry, error)) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	r.report(Progress{Done: int64(r.n), Total: int64(r.total), Unit: "entries", Message: "checking signatures"})
	entries, errs := make([]caserecord.Entry, n), make([]error, n)
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				entries[i], errs[i] = parse(i)
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			r.problems = append(r.problems, problemOf(err, r.n+i))
		}
		if e := &entries[i]; e.ID != "" {
			r.shared.header(e)
			r.entries = append(r.entries, *e)
		}
	}
	r.n += n
	return nil
}

// sharer lets the headers of a record name the same things with the same memory: an id stands in each entry that has seen it,
// and most entries have seen what the one before had. The entries were parsed here, and nobody else has them yet.
type sharer struct {
	ids     map[caserecord.ID]caserecord.ID
	authors map[caserecord.Author]caserecord.Author
	cases   map[string]string
	last    map[caserecord.Author]map[caserecord.Author]caserecord.ID
}

func newSharer() sharer {
	return sharer{
		map[caserecord.ID]caserecord.ID{}, map[caserecord.Author]caserecord.Author{}, map[string]string{},
		map[caserecord.Author]map[caserecord.Author]caserecord.ID{},
	}
}

func (s *sharer) header(e *caserecord.Entry) {
	h := &e.Header
	s.ids[e.ID] = e.ID
	h.Case, h.Author = one(s.cases, h.Case), one(s.authors, h.Author)
	if id, ok := s.ids[h.Prev]; ok {
		h.Prev = id
	}
	if l, ok := s.last[h.Author]; ok && maps.Equal(l, h.Seen) {
		h.Seen = l
		return
	}
	seen := make(map[caserecord.Author]caserecord.ID, len(h.Seen))
	for a, id := range h.Seen {
		if known, ok := s.ids[id]; ok {
			id = known
		}
		seen[one(s.authors, a)] = id
	}
	h.Seen, s.last[h.Author] = seen, seen
}

func one[T comparable](known map[T]T, v T) T {
	if k, ok := known[v]; ok {
		return k
	}
	known[v] = v
	return v
}

func problemOf(err error, i int) caserecord.Problem {
	p := caserecord.Problem{Code: caserecord.CodeForm, Entry: fmt.Sprintf("#%d", i+1), Text: plain(err)}
	var ee *caserecord.EntryError
	if errors.As(err, &ee) {
		p.Code = ee.Code
		if ee.ID != "" {
			p.Entry = string(ee.ID)
		}
	}
	return p
}

// readSource reads the copy at a path: a case folder, the plain folder of an export, or a parcel. done frees it.
func (b *Bench) readSource(ctx context.Context, r MergeRequest, report func(Progress)) (_ *source, done func(), err error) {
	if isBundle(r.Path) {
		s, err := bundleSource(ctx, r.Path, report)
		return s, func() {}, err
	}
	if parcel.IsParcel(r.Path) {
		keys := parcelKeys{passphrase: r.Passphrase, file: r.Identity}
		switch me, err := b.Me(); {
		case err == nil:
			keys.person = me
		case r.Key != nil && r.Identity == nil && Opens(r.Path) == OpensWithKey:
			if keys.person, err = readerHere(b.env, ImportRequest{Key: r.Key}); err != nil {
				return nil, nil, err
			}
			defer keys.person.Lock()
		}
		return parcelSource(ctx, r.Path, keys, report)
	}
	if same, err := sameFolder(b.dir, r.Path); err != nil || same {
		if err == nil {
			err = fmt.Errorf("%w: %s is this case itself", ErrUsage, r.Path)
		}
		return nil, nil, err
	}
	return caseSource(ctx, r, report)
}

func sameFolder(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("%w: there is nothing at %s", ErrNotFound, b)
	}
	if err != nil {
		return false, err
	}
	return os.SameFile(x, y), nil
}

func caseSource(ctx context.Context, r MergeRequest, report func(Progress)) (*source, func(), error) {
	in := readingSource(ctx, 0, report)
	c, err := casefolder.OpenCopy(r.Path, r.Passphrase, func(block []casefolder.Raw) error {
		return in.take(len(block), func(i int) (caserecord.Entry, error) { return caserecord.Parse(block[i].Line, block[i].Body) })
	})
	if err != nil {
		return nil, nil, err
	}
	s := &source{name: filepath.Base(r.Path), kind: "case", entries: in.entries, problems: in.problems}
	for _, p := range c.Problems() {
		s.problems = append(s.problems, caserecord.Problem{Code: caserecord.CodeTruncated, Text: p.File + ": " + p.Text + "; opening that case by itself mends what its second copy still has"})
	}
	s.has = c.Vault().Has
	s.open = func(d incident.Digest) (io.ReadCloser, error) {
		it, err := c.Vault().Open(d)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.NewSectionReader(it, 0, it.Size()), it}, nil
	}
	return s, c.Close, nil
}

// bundleSource reads the folder of an export. What Read finds wrong with files that are no evidence (papers, the page) is no
// concern of a merge: they are not taken in.
func bundleSource(ctx context.Context, dir string, report func(Progress)) (*source, error) {
	f, err := bundle.ReadContext(ctx, dir, reading(report))
	if err != nil {
		return nil, err
	}
	return sourceOf(ctx, f, filepath.Base(dir), "bundle", report)
}

func reading(report func(Progress)) func(done, total int64) {
	return func(done, total int64) {
		if report != nil {
			report(Progress{Done: done, Total: total, Unit: "bytes", Message: "reading the copy"})
		}
	}
}

// parcelSource reads a parcel where it lies: no plain byte of it touches the disk.
func parcelSource(ctx context.Context, path string, keys parcelKeys, report func(Progress)) (*source, func(), error) {
	ids, err := keys.identitiesFor(path)
	if err != nil {
		return nil, nil, err
	}
	p, err := parcel.Open(ctx, path, ids, parcel.Limits{})
	if err != nil {
		return nil, nil, err
	}
	done := func() { p.Close() } //nolint:errcheck // it was only read
	f, err := bundle.ReadSource(ctx, p, reading(report))
	if err != nil {
		done()
		return nil, nil, err
	}
	s, err := sourceOf(ctx, f, filepath.Base(path), "parcel", report)
	if err != nil {
		done()
		return nil, nil, err
	}
	return s, done, nil
}

// sourceOf makes a source of a bundle that was read.
func sourceOf(ctx context.Context, f *bundle.Bundle, name, kind string, report func(Progress)) (*source, error) {
	in := readingSource(ctx, len(f.Entries), report)
	const step = 1024 // entries between two words about progress
	for at := 0; at < len(f.Entries); at += step {
		block := f.Entries[at:min(at+step, len(f.Entries))]
		err := in.take(len(block), func(i int) (caserecord.Entry, error) { // its form and body were checked when it was read
			if err := block[i].CheckSignature(); err != nil {
				return caserecord.Entry{}, err
			}
			return block[i], nil
		})
		if err != nil {
			return nil, err
		}
	}
	f.Entries = nil
	s := &source{name: name, kind: kind, entries: in.entries, problems: append(f.Problems, in.problems...)}
	items := map[string]string{}
	for _, x := range f.Files {
		if kind, own, ok := bundle.KindOf(x.Name); ok && kind == bundle.KindEvidence {
			items[strings.ToLower(own)] = x.Name
		}
	}
	s.has = func(d incident.Digest) bool { return items[d.String()] != "" }
	s.open = func(d incident.Digest) (io.ReadCloser, error) { return f.Open(items[d.String()]) }
	return s, nil
}

// NeedsPassphrase reports whether a copy at a path is a case folder or a parcel that a passphrase opens.
func NeedsPassphrase(path string) bool {
	if _, err := casefolder.Inspect(path); err == nil {
		return true
	}
	by, err := parcel.ByPassphrase(path)
	return err == nil && by
}

// thrift keeps the heap close to what is in use while a large record is open, and closer while a record is checked or two are
// in memory at once: a tenth less speed, a third less memory. Cases may be open, and merges go on, at the same time.
var thrift saver

type saver struct {
	mu          sync.Mutex
	large, work int // large records that are open, pieces of work under way
	usual       int
}

const (
	largeRecord  = 20_000 // entries: 35 MB; below that nobody feels the difference
	largePercent = 50     // by which the heap may grow between two collections
	workPercent  = 20
)

// enter is for work that takes seconds: it gives back first what earlier work has left, in a tenth of one.
func (s *saver) enter() {
	debug.FreeOSMemory()
	s.count(0, 1)
}

func (s *saver) leave() { s.count(0, -1) }

// hold is for a large record that is open, until letGo.
func (s *saver) hold()  { s.count(1, 0) }
func (s *saver) letGo() { s.count(-1, 0) }

func (s *saver) count(large, work int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.large+s.work == 0 {
		s.usual = debug.SetGCPercent(100)
	}
	s.large, s.work = s.large+large, s.work+work
	percent := s.usual
	switch {
	case s.work > 0:
		percent = workPercent
	case s.large > 0:
		percent = largePercent
	}
	debug.SetGCPercent(min(percent, s.usual)) // somebody may have set it lower, or turned it off
}
