package workbench

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/evidence"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/block"
)

func (b *Bench) keepDerived(ctx context.Context, key string, value []byte) {
	keepIn(ctx, b.derivedStore(), key, value)
}

func keepIn(ctx context.Context, db *store.DB, key string, value []byte) {
	db.Update(ctx, func(tx *store.Tx) error { return tx.Set([]byte(key), value) }) //nolint:errcheck // derived: made again when absent
}

func (b *Bench) derivedStore() *store.DB {
	b.derivedMu.RLock()
	defer b.derivedMu.RUnlock()
	return b.derived
}

func (b *Bench) readDerived(key string) ([]byte, error) {
	var out []byte
	err := b.derivedStore().View(func(tx *store.Tx) error {
		v, err := tx.Get([]byte(key))
		out = append([]byte(nil), v...)
		return err
	})
	return out, err
}

// Digest is one hash over all rows, the same on every laptop whoever asks. Beside it stands what it depends on other than
// the evidence, and how much it is over, as far as the person at the keyboard may see.
type Digest struct {
	Digest      string   `json:"digest"`
	Rows        int64    `json:"rows"`
	Events      int64    `json:"events"`
	Assumptions []string `json:"assumptions"`
	Versions    []string `json:"versions"`
}

// Digest computes the timeline's digest.
func (b *Bench) Digest(ctx context.Context) (Digest, error) {
	x := b.look()
	d, err := x.all.Digest(ctx)
	if err != nil {
		return Digest{}, err
	}
	out := Digest{Digest: d.Digest.String(), Rows: d.Rows, Events: d.Events, Assumptions: []string{}, Versions: []string{}}
	if x.rows != x.all {
		if out.Events, out.Rows, err = x.rows.Count(ctx); err != nil {
			return Digest{}, err
		}
	}
	seen := map[string]bool{}
	add := func(list *[]string, s string) {
		if s != "" && !seen[s] {
			seen[s] = true
			*list = append(*list, s)
		}
	}
	for _, s := range d.Sources {
		if !x.wall.none() && x.wall.evidence[s.Evidence.String()] != nil {
			continue
		}
		add(&out.Versions, s.Parser+" "+s.Version)
		if s.Assumptions != "" {
			add(&out.Assumptions, s.Evidence.String()[:12]+": "+s.Assumptions)
		}
	}
	return out, nil
}

// Rebuilt says what making everything derived again gave.
type Rebuilt struct {
	Before, After string
	Items, Absent int
}

// openDerived opens the timeline. Rows are never a reason to refuse a case: a store that is missing, damaged or of another
// layout is made again from evidence and record before anybody reads it, and Problems says so.
func (b *Bench) openDerived(ctx context.Context) error {
	db, err := b.folder.Derived(ctx)
	if err == nil {
		b.derived = db
		if b.tl, err = timeline.Open(ctx, db); err == nil {
			return nil
		}
	}
	if !errors.Is(err, casefolder.ErrDamaged) && !rowsDamaged(err) && !errors.Is(err, timeline.ErrVersion) {
		return err
	}
	items, absent, failed := b.makeAgain(ctx, nil)
	if failed != nil {
		return errors.Join(err, failed)
	}
	text := fmt.Sprintf("%s; all rows were made again from %d items", plain(err), items)
	if absent > 0 {
		text += fmt.Sprintf("; %d items are not here, so their rows are missing: `case rebuild` adds them when they are", absent)
	}
	b.mended = append(b.mended, casefolder.Problem{File: "store", Text: text, Mended: absent == 0})
	return nil
}

var derivedFolder = regexp.MustCompile(`[/\\]store[/\\]derived-[0-9]+($|[/\\])`)

// rowsDamaged says that what is damaged can be made again.
func rowsDamaged(err error) bool {
	var d *store.DamageError
	return errors.Is(err, block.ErrDamaged) || errors.As(err, &d) && derivedFolder.MatchString(d.File)
}

// Rebuild makes the derived store again from evidence and record in a new folder, and puts it in the old one's place.
// Readers go on with the old one until it is complete. Evidence that is not here is left out and counted. Before is ""
// when the old store was too damaged to tell.
func (b *Bench) Rebuild(ctx context.Context, report func(Progress)) (Rebuilt, error) {
	var r Rebuilt
	before, err := b.Digest(ctx)
	if err != nil && !rowsDamaged(err) {
		return r, err
	}
	r.Before = before.Digest
	if r.Items, r.Absent, err = b.makeAgain(ctx, report); err != nil {
		return r, err
	}
	after, err := b.Digest(ctx)
	r.After = after.Digest
	return r, err
}

// makeAgain fills a new derived store and puts it in the old one's place.
func (b *Bench) makeAgain(ctx context.Context, report func(Progress)) (items, absent int, err error) {
	db, commit, err := b.folder.NewDerived(ctx)
	if err != nil {
		return 0, 0, err
	}
	used := false
	defer func() {
		if !used {
			err = errors.Join(err, db.Close())
		}
	}()
	tl, err := timeline.Open(ctx, db)
	if err != nil {
		return 0, 0, err
	}
	byName := map[string]parse.Format{}
	for _, f := range formats.All() {
		byName[f.Name()] = f
	}
	state := b.whole()
	for i, it := range state.Evidence {
		if report != nil {
			report(Progress{Done: int64(i), Total: int64(len(state.Evidence)), Unit: "items"})
		}
		l := parsedImport(state, it)
		if state.PurgeOf(it.SHA256) != nil || l == nil || byName[l.Data.Format] == nil || !inTimeline[parse.Status(l.Data.Status)] {
			continue
		}
		done, err := b.parseAgain(ctx, db, tl, state, it, byName[l.Data.Format])
		if err != nil {
			return 0, 0, fmt.Errorf("workbench: rebuild %s: %w", b.pathFor(it.SHA256, l.Data.Path), err)
		}
		if done {
			items++
		} else {
			absent++
		}
	}
	b.derivedMu.Lock() // commit closes the old store: nobody may ask for it in between
	used = true        // commit closes it when it fails
	if err = commit(); err == nil {
		b.derived, b.tl = db, tl
	}
	b.derivedMu.Unlock()
	if err != nil {
		return 0, 0, err
	}
	b.forgetAnalysis() // not under derivedMu: an analysis that runs asks for the rows
	return items, absent, nil
}

// inTimeline are the statuses of imports whose rows, or proved emptiness, stand in the timeline.
var inTimeline = map[parse.Status]bool{parse.StatusOK: true, parse.StatusEmpty: true, parse.StatusPartial: true}

// answersFor are the signed answers that count for an item.
func answersFor(s *caserecord.State, sha256 string) (r IntakeRequest) {
	if as := s.AssumptionFor(sha256); as != nil {
		r.Zone, r.Year, r.Columns, r.Mapping = as.Data.Zone, as.Data.Year, as.Data.Columns, as.Data.Mapping
	}
	return r
}

func (b *Bench) parseAgain(ctx context.Context, db *store.DB, tl *timeline.Timeline, state *caserecord.State, it *caserecord.EvidenceItem, f parse.Format) (bool, error) {
	d, err := incident.ParseDigest(it.SHA256)
	if err != nil {
		return false, err
	}
	src, err := b.openSource(ctx, d)
	if err != nil {
		return false, nil
	}
	defer src.Close()
	l := parsedImport(state, it)
	req := answersFor(state, it.SHA256)
	item := takenAs(it)
	item.SHA256, item.Path, item.Name, item.Bytes = d, l.Data.Path, "", src.Size()
	im, err := tl.Import(ctx, timeline.Source{Evidence: d, Parser: f.Name(), Version: f.Version(), Assumptions: assumptionText(req)})
	if err != nil {
		return false, err
	}
	as := assume(req, item.ModTime)
	// Formats that bound a guessed year by the time of the import get the time of the first one: same rows, years later.
	res, err := evidence.Parse(ctx, f, src, item, as, l.Recorded, func(e *event.Event) error { return im.Add(e) })
	if err != nil {
		im.Abort() //nolint:errcheck // the import is thrown away with its folder
		return false, err
	}
	if !inTimeline[res.Status] {
		return false, im.Abort()
	}
	keepWarnings(ctx, db, it.SHA256, res.Warnings)
	return true, im.Commit(ctx)
}
