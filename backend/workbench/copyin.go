package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/casefolder/durable"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/parcel"
)

// A copy becomes a case of its own where the case is not yet: the same id, every entry byte for byte and so the same head,
// the evidence that came along, rows made again; a key and a passphrase of its own. Nothing is signed by it, and whoever
// reads it needs no admission. Where the case is there already, taking in a copy is a merge.

// ImportRequest names a copy and the case that shall be made of it.
type ImportRequest struct {
	Path       string // folder or parcel
	Passphrase []byte // of a parcel that opens with one
	Identity   []byte // file of an age identity that opens a parcel
	Person     string // whose key on this device opens a parcel; "" means the device's default person
	Key        []byte // passphrase of that key
	Dir        string // what shall be made of it
	KeepGoing  bool   // take in what is sound of a damaged copy
}

// ImportPreview says what a copy holds.
type ImportPreview struct {
	From      string               `json:"from"`
	Kind      string               `json:"kind"` // bundle, parcel
	Case      string               `json:"case"`
	Name      string               `json:"name"`
	Mode      incident.Mode        `json:"mode"`
	TLP       incident.TLP         `json:"tlp"`
	Opened    time.Time            `json:"opened"`
	OpenedBy  string               `json:"opened_by"`
	OpenerKey string               `json:"opener_key"` // its code, to compare with the person
	Entries   int                  `json:"entries"`
	Withheld  int                  `json:"withheld"`
	Evidence  int                  `json:"evidence"` // sealed items whose bytes come along
	Bytes     int64                `json:"bytes"`    // of them
	Elsewhere int                  `json:"elsewhere"`
	Head      string               `json:"head"`
	HeadCode  string               `json:"head_code"`
	Blocked   bool                 `json:"blocked"`  // it has problems: only what is sound comes in, and only with --keep-going
	Problems  []caserecord.Problem `json:"problems"` // the first of them
	// ProblemCount counts all.
	ProblemCount int `json:"problem_count"`
}

// Importing is a copy that was read and checked. Close it.
type Importing struct {
	env   Env
	r     ImportRequest
	src   *source
	state *caserecord.State
	found []caserecord.Problem
	done  func()
}

// OpenImport reads a copy, checking every signature in it. Nothing is changed. Errors: ErrUsage, ErrNotFound, those of
// opening a parcel, ErrOtherCase for entries of several cases, ErrCopyDamaged when nothing in it is sound.
func OpenImport(ctx context.Context, env Env, r ImportRequest, report func(Progress)) (*Importing, error) {
	i := &Importing{env: env, r: r, done: func() {}}
	var err error
	switch {
	case parcel.IsParcel(r.Path):
		keys := parcelKeys{passphrase: r.Passphrase, file: r.Identity}
		if by, berr := parcel.ByPassphrase(r.Path); berr == nil && !by && r.Identity == nil {
			if keys.person, err = readerHere(env, r); err != nil {
				return nil, err
			}
			defer keys.person.Lock() // the parcel's own key is known once it is open
		}
		i.src, i.done, err = parcelSource(ctx, r.Path, keys, report)
	case isBundle(r.Path):
		i.src, err = bundleSource(ctx, r.Path, report)
	default:
		_, serr := os.Stat(r.Path)
		if serr != nil {
			return nil, fmt.Errorf("%w: there is nothing at %s", ErrNotFound, r.Path)
		}
		return nil, fmt.Errorf("%w: %s is neither a folder of `bundle export` nor a parcel", parcel.ErrNotParcel, r.Path)
	}
	if err != nil {
		return nil, err
	}
	i.src.keepGoing = r.KeepGoing
	if err := i.look(); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

// readerHere unlocks the person of this device whose key shall open a parcel.
func readerHere(env Env, r ImportRequest) (*identity.Unlocked, error) {
	who := r.Person
	if who == "" {
		p, err := identity.Default(env.Home)
		if err != nil {
			return nil, err
		}
		who = string(p.ID)
	}
	return identity.Unlock(env.Home, who, r.Key)
}

// look finds out whose case it is and what is wrong with it.
func (i *Importing) look() error {
	if len(i.src.entries) == 0 {
		if len(i.src.problems) > 0 {
			return &CopyDamage{i.src.problems}
		}
		return fmt.Errorf("%w: it holds no entries", ErrOtherCase)
	}
	log := caserecord.NewLog(i.src.entries...)
	i.state = log.State()
	for _, x := range append(i.src.problems, log.Survey()...) {
		if x.Code.Damages() || x.Code.Incomplete() {
			i.found = append(i.found, x)
		}
	}
	if i.state.Case.Entry == "" { // without it nobody could say whose case this is
		if len(i.found) == 0 {
			i.found = []caserecord.Problem{{Code: caserecord.CodeNoOpening, Text: "the opening of the case is not here"}}
		}
		return &CopyDamage{i.found}
	}
	return nil
}

// Preview says what the copy holds.
func (i *Importing) Preview() ImportPreview {
	s := i.state
	v := ImportPreview{
		From: i.src.name, Kind: i.src.kind, Case: s.Case.ID, Name: s.Case.Name, Mode: s.Case.Mode, TLP: s.Case.TLP, Opened: s.Case.Recorded,
		OpenedBy: s.Case.Name, Entries: len(i.src.entries), Withheld: s.Withheld, Head: s.Head, HeadCode: caserecord.HeadCode(s.Head),
		Blocked: len(i.found) > 0, Problems: orEmpty(head(i.found, MaxMergeStories)), ProblemCount: len(i.found),
	}
	for _, e := range i.src.entries {
		if e.ID == s.Case.Entry {
			v.OpenedBy, v.OpenerKey = authorName(s, e.Header.Author), caserecord.KeyCode(e.Header.Author)
		}
	}
	for _, it := range sealedItems(s) {
		if i.src.has != nil && i.src.has(it.digest) {
			v.Evidence++
			v.Bytes += it.bytes
		} else {
			v.Elsewhere++
		}
	}
	return v
}

// Close frees the copy.
func (i *Importing) Close() { i.done() }

// Run makes the case in Dir, under this passphrase. It grows in a hidden folder beside its place and gets its name when it is whole; a program that is
// killed leaves that folder, sealed, and the same import goes on in it. Errors: casefolder.ErrExists, ErrCopyDamaged,
// casefolder.ErrDiskFull, the context's.
func (i *Importing) Run(ctx context.Context, pass []byte, report func(Progress)) (Merged, error) {
	dir, err := filepath.Abs(i.r.Dir)
	if err != nil {
		return Merged{}, fmt.Errorf("%w: %v", ErrUsage, err)
	}
	if len(i.found) > 0 && !i.src.keepGoing {
		return Merged{}, &CopyDamage{i.found}
	}
	if err := longEnough(pass); err != nil {
		return Merged{}, err
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return Merged{}, fmt.Errorf("%w: %s", casefolder.ErrExists, dir)
	}
	if err := durable.Room(existing(dir), i.Preview().Bytes); err != nil {
		return Merged{}, err
	}
	part := growing(dir)
	out, err := i.fill(ctx, part, pass, report)
	if err != nil {
		if !errors.Is(err, casefolder.ErrInUse) { // another program makes the same case there
			err = errors.Join(err, os.RemoveAll(part))
		}
		return out, err
	}
	os.Remove(dir) //nolint:errcheck // an empty folder, or nothing: Rename reports what is in the way
	if err := os.Rename(part, dir); err != nil {
		return out, fmt.Errorf("workbench: import: %w", err)
	}
	if err := durable.SyncDir(filepath.Dir(dir)); err != nil {
		return out, fmt.Errorf("workbench: import: %w", err)
	}
	remember(i.env, dir, i.state.Case.Mode)
	return out, nil
}

// growing is where an imported case grows; the name follows from the target, so that the next try finds it.
func growing(dir string) string {
	sum := sha256.Sum256([]byte(filepath.Base(dir)))
	return filepath.Join(filepath.Dir(dir), ".import-"+hex.EncodeToString(sum[:8])+".part")
}

func (i *Importing) fill(ctx context.Context, part string, pass []byte, report func(Progress)) (out Merged, err error) {
	b, err := i.resume(ctx, part, pass)
	if err != nil {
		return out, err
	}
	if b == nil {
		if err := os.RemoveAll(part); err != nil {
			return out, fmt.Errorf("workbench: import: %w", err)
		}
		c := casefolder.Config{ID: i.state.Case.ID, Mode: i.state.Case.Mode, Created: i.env.Now().UTC()}
		folder, err := casefolder.Create(part, c, pass, casefolder.Options{WorkFactor: i.env.WorkFactor, Rand: i.env.Rand})
		if err != nil {
			return out, err
		}
		if b, err = newBench(ctx, i.env, part, folder, nil); err != nil {
			return out, errors.Join(err, folder.Close())
		}
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return b.mergeFrom(ctx, identity.Act{}, i.src, report)
}

// resume opens what an earlier import left, nil when it has to begin anew: what lies there may be of another copy of the
// case, and the case that is made holds what this copy holds and nothing else.
func (i *Importing) resume(ctx context.Context, part string, pass []byte) (*Bench, error) {
	folder, err := i.begun(part, pass)
	if err != nil || folder == nil {
		return nil, err
	}
	b, err := newBench(ctx, i.env, part, folder, nil)
	if err != nil {
		return nil, folder.Close() // damaged: made anew
	}
	here := make(map[caserecord.ID]bool, len(i.src.entries))
	for _, e := range i.src.entries {
		here[e.ID] = true
	}
	for _, e := range b.wholeEntries() {
		if !here[e.ID] {
			return nil, b.Close()
		}
	}
	return b, nil
}

// begun opens what an earlier import of the same case left there; nil when there is nothing, or something else.
func (i *Importing) begun(part string, pass []byte) (*casefolder.Folder, error) {
	info, err := casefolder.Inspect(part)
	if err != nil || info.ID != i.state.Case.ID || info.Mode != i.state.Case.Mode {
		return nil, nil
	}
	f, err := casefolder.Open(part, pass)
	if errors.Is(err, casefolder.ErrInUse) {
		return nil, err
	}
	if err != nil {
		return nil, nil // another passphrase, or damaged: made anew
	}
	return f, nil
}

// What a copy opens with.
const (
	OpensFreely         = "" // a plain folder, or no copy at all
	OpensWithPassphrase = "passphrase"
	OpensWithKey        = "key"
)

// Opens says what a parcel opens with.
func Opens(path string) string {
	by, err := parcel.ByPassphrase(path)
	switch {
	case err != nil:
		return OpensFreely
	case by:
		return OpensWithPassphrase
	}
	return OpensWithKey
}

func isBundle(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, bundle.ManifestFile))
	return err == nil
}

// Unpack takes a parcel apart into the plain folder Dir, for whoever checks or reads it without this program. Nothing in it
// was checked then.
func Unpack(ctx context.Context, env Env, r ImportRequest, report func(Progress)) (*bundle.Manifest, error) {
	keys := parcelKeys{passphrase: r.Passphrase, file: r.Identity}
	by, err := parcel.ByPassphrase(r.Path)
	if err != nil {
		return nil, err
	}
	if !by && r.Identity == nil {
		if keys.person, err = readerHere(env, r); err != nil {
			return nil, err
		}
		defer keys.person.Lock()
	}
	ids, err := keys.identitiesFor(r.Path)
	if err != nil {
		return nil, err
	}
	l := parcel.Limits{}
	if free, err := durable.Free(existing(r.Dir)); err == nil {
		l.Bytes = max(1, int64(min(free, 1<<62)))
	}
	return parcel.Unpack(ctx, r.Path, r.Dir, ids, l, func(done, total int64) {
		if report != nil {
			report(Progress{Done: done, Total: total, Unit: "bytes", Message: filepath.Base(r.Path)})
		}
	})
}
