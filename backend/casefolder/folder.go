// Package casefolder is the case as a folder: case.json with the key slots, the lock, entries.log, the stores and the
// vault.
//
// It stands under workbench, which alone opens cases, and beside the flow: evidence writes into its vault, timeline into
// its derived store, caserecord's entries pass through as bytes. It keeps true (DESIGN §3):
//
//   - nothing about the incident is on the disk in plain, and nothing is readable without a key slot;
//   - Append has written and synced an entry in two places (entries.log and store/record) when it returns nil, and so have
//     drafts; opening compares the two, mends what one of them lost and names what both lost (what a quick opening
//     compares, and what it leaves to Compare, stands in agreed.go);
//   - one program at a time has a case open.
//
// What it cannot see: the whole folder replaced by an older copy of itself. That shows only against a head of the record
// that someone else holds (DESIGN §4). Removing a key slot does not lock out who kept an old copy of case.json.
//
//	harbor.case/
//	  case.json, case.json.copy   format version, case id, mode, key slots (casejson.go)
//	  lock                        held while open; always empty
//	  entries.log                 the record's entries, sealed and numbered (entrylog)
//	  drafts.log                  half-typed words and the folder's own small state, the same way (mirror.go)
//	  store/record                Badger: entries and drafts again
//	  store/derived-N             Badger: what can be made again from evidence and record
//	  vault/                      sealed evidence (vault)
package casefolder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"filippo.io/age"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
	"adjutant/backend/store"
)

// Config says which case to make.
type Config struct {
	ID      string // 32 hexadecimal digits, random, given by the caller
	Mode    incident.Mode
	Created time.Time
}

// Options are for tests and for slow laptops.
type Options struct {
	WorkFactor int       // log2 of scrypt's N; 0 means DefaultWorkFactor
	Rand       io.Reader // nonces and log ids; nil means crypto/rand. age always uses crypto/rand
}

// Folder is an open case. It is safe for concurrent use. Close it.
type Folder struct {
	dir  string
	info Info
	lock *os.File
	rand io.Reader
	vlt  *vault.Vault

	mu       sync.Mutex
	closed   bool
	broken   error
	file     *caseFile
	keys     *keys
	log      *entrylog.Log
	record   *store.DB
	derived  *store.DB
	drafts   *mirror
	count    int // of entries
	heads    map[string]head
	last     uint64   // position of the newest entry
	lost     []uint64 // positions lost in both copies, ascending
	doubted  bool     // Compare found the copies to differ: the next opening compares them whole
	torn     int      // entries behind the gap of a step that was never acknowledged, as opening found them
	problems []Problem
}

const (
	lockName    = "lock"
	entriesName = "entries.log"
	draftsName  = "drafts.log"
	vaultName   = "vault"
)

var recordName = filepath.Join("store", "record")

// Create makes a new case in dir, which must not exist or be empty, and opens it. case.json is written last, so that a
// creation that was cut off is no case. The caller wipes pass.
// Errors: ErrExists, ErrPassphrase (empty), ErrDiskFull, ErrInUse.
func Create(dir string, c Config, pass []byte, o Options) (*Folder, error) {
	if !idText.MatchString(c.ID) {
		return nil, fmt.Errorf("casefolder: create: case id %.40q: not 32 hexadecimal digits", c.ID)
	}
	if c.Mode != incident.ModeLive && c.Mode != incident.ModeExercise {
		return nil, fmt.Errorf("casefolder: create: mode %.40q", string(c.Mode))
	}
	file := &caseFile{Format: caseFormat, Version: FormatVersion, Case: c.ID, Mode: c.Mode,
		Created: c.Created.UTC().Format(time.RFC3339Nano)}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("casefolder: create: %w", err)
	}
	s, err := passphraseSlot(pass, o.WorkFactor, identity)
	if err != nil {
		return nil, err
	}
	file.Slots = []slot{s}
	if err := emptyFolder(dir); err != nil {
		return nil, err
	}
	if err := durable.Room(dir, 0); err != nil {
		return nil, fmt.Errorf("casefolder: create %s: %w", dir, err)
	}
	f, err := begin(dir, file, o.Rand)
	if err != nil {
		return nil, err
	}
	if err := f.create(identity); err != nil {
		f.Close() //nolint:errcheck // the first error is the one to tell
		return nil, fmt.Errorf("casefolder: create %s: %w", dir, durable.Wrap(err))
	}
	return f, nil
}

func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, durable.DirMode); err != nil {
		return fmt.Errorf("casefolder: create: %w", durable.Wrap(err))
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("casefolder: create: %w", err)
	}
	if len(names) > 0 {
		return fmt.Errorf("%w: %s", ErrExists, dir)
	}
	return os.Chmod(dir, durable.DirMode)
}

func (f *Folder) create(identity *age.X25519Identity) (err error) {
	if f.keys, err = deriveKeys(identity); err != nil {
		return err
	}
	f.file.sealWith(f.keys.caseSeal)
	if f.log, err = entrylog.Create(f.path(entriesName), f.keys.entries, f.rand); err != nil {
		return err
	}
	drafts, err := entrylog.Create(f.path(draftsName), f.keys.drafts, f.rand)
	if err != nil {
		return err
	}
	if f.record, err = f.openStore(recordName, f.keys.recordStore); err != nil {
		drafts.Close() //nolint:errcheck // nothing was written to it
		return err
	}
	f.drafts = f.newMirror(drafts)
	if err := f.drafts.load(nil, nil, newStored(), f.note); err != nil {
		return err
	}
	if f.vlt, err = vault.New(f.path(vaultName), identity, f.keys.vaultNames); err != nil {
		return err
	}
	if err := writeCase(f.dir, f.file); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(f.dir))
}

// Open opens the case in dir with a passphrase. The caller wipes pass. Errors: ErrNotCase, ErrVersion, ErrInUse,
// ErrPassphrase (after the same work as a right one), ErrDamaged when nothing can be had, ErrDiskFull. Damage that
// leaves something is no error: see Problems.
func Open(dir string, pass []byte) (*Folder, error) {
	return open(dir, func(slots []slot) (*age.X25519Identity, error) { return unlockPassphrase(slots, pass) })
}

// OpenWith opens the case with a person's age identity (a recipient slot). Errors as for Open.
func OpenWith(dir string, identity age.Identity) (*Folder, error) {
	return open(dir, func(slots []slot) (*age.X25519Identity, error) { return unlock(slots, slotRecipient, identity) })
}

func open(dir string, unlock func([]slot) (*age.X25519Identity, error)) (*Folder, error) {
	file, bad, err := readCase(dir)
	if err != nil {
		return nil, err
	}
	f, err := begin(dir, file, nil)
	if err != nil {
		return nil, err
	}
	if err := f.open(unlock, bad); err != nil {
		f.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return f, nil
}

// begin takes the lock.
func begin(dir string, file *caseFile, random io.Reader) (*Folder, error) {
	if random == nil {
		random = rand.Reader
	}
	l, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, durable.FileMode)
	if err != nil {
		return nil, fmt.Errorf("casefolder: lock: %w", durable.Wrap(err))
	}
	held, err := lockFile(l)
	if err == nil && held {
		err = fmt.Errorf("%w: case %s in %s", ErrInUse, file.Case, dir)
	}
	if err != nil {
		l.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return &Folder{dir: dir, info: file.info(), lock: l, rand: random, file: file, heads: map[string]head{}}, nil
}

func (f *Folder) open(unlock func([]slot) (*age.X25519Identity, error), badCase []Problem) error {
	identity, err := unlock(f.file.Slots)
	if err != nil {
		return err
	}
	if f.keys, err = deriveKeys(identity); err != nil {
		return err
	}
	if !f.file.sealedWith(f.keys.caseSeal) {
		return fmt.Errorf("%w: %s was changed without the case's key", ErrDamaged, caseName)
	}
	if err := f.mendCase(badCase); err != nil {
		return err
	}
	if err := f.openRecord(); err != nil {
		return err
	}
	f.vlt, err = vault.New(f.path(vaultName), identity, f.keys.vaultNames)
	return err
}

func (f *Folder) mendCase(bad []Problem) error {
	if len(bad) == 0 {
		return nil
	}
	if err := writeCase(f.dir, f.file); err != nil {
		return err
	}
	for _, p := range bad {
		f.note(Problem{File: p.File, Text: p.Text + "; written again from the other copy", Mended: true})
	}
	return nil
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *Folder) note(p Problem) { f.problems = append(f.problems, p) }

func (f *Folder) openStore(name string, k [2][32]byte) (*store.DB, error) {
	if err := os.MkdirAll(f.path(name), durable.DirMode); err != nil {
		return nil, durable.Wrap(err)
	}
	db, err := store.Open(f.path(name), store.Keys{Badger: k[0], Seal: k[1]})
	return db, noRoom(err)
}

// noRoom gives store's word for a full disk our own.
func noRoom(err error) error {
	if errors.Is(err, store.ErrFull) {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return durable.Wrap(err)
}

// ID is the case id.
func (f *Folder) ID() string { return f.info.ID }

// Mode says whether the case is live or an exercise.
func (f *Folder) Mode() incident.Mode { return f.info.Mode }

// Created is when the case was made.
func (f *Folder) Created() time.Time { return f.info.Created }

// Dir is the folder's path as given to Open.
func (f *Folder) Dir() string { return f.dir }

// Vault is the sealed evidence.
func (f *Folder) Vault() *vault.Vault { return f.vlt }

// Problems lists what opening found, in the order found.
func (f *Folder) Problems() []Problem {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.problems)
}

// Len is the number of entries.
func (f *Folder) Len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// Each hands out entries from and up to, not including, to, counted from 0 in append order, read and authenticated again.
// They come in blocks of some megabytes; a block is see's until it returns. Others may append meanwhile. Errors: ErrClosed,
// ErrDamaged when the file is not any more what it was, see's, or the system's.
func (f *Folder) Each(from, to int, see func(block []Raw) error) error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return ErrClosed
	}
	if from < 0 || to > f.count || from > to {
		f.mu.Unlock()
		return fmt.Errorf("casefolder: entries %d to %d of %d", from, to, f.count)
	}
	log, frames, count := f.log.Reader(), f.log.Frames(), f.count
	f.mu.Unlock()
	first, last, at := from, to, from
	if frames != count { // some frames are no entries: opening has named them
		first, last, at = 0, frames, 0
	}
	var saw error
	err := log.Each(first, last, func(block []entrylog.Frame) error {
		raws := make([]Raw, 0, len(block))
		for _, fr := range block {
			r, _, err := cutEntry(fr.Data)
			if err != nil {
				continue
			}
			if at >= from && at < to {
				raws = append(raws, r)
			}
			at++
		}
		if len(raws) > 0 {
			saw = see(raws)
		}
		return saw
	})
	if err != nil && saw == nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, entriesName, err)
	}
	return err
}

// Digest names the bytes of the first n entries: whoever has the same digest later has the same bytes before them. false
// when there are fewer, or when some were lost.
func (f *Folder) Digest(n int) (incident.Digest, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.log == nil || n < 0 || n > f.count || f.count != f.log.Frames() {
		return incident.Digest{}, false
	}
	return f.log.DigestOf(n), true
}

// Close frees the lock and wipes the keys. Everything acknowledged is already on the disk.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	f.noteAgreed()
	var errs []error
	if f.drafts != nil {
		errs = append(errs, f.drafts.close())
	}
	for _, db := range []*store.DB{f.derived, f.record} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if f.log != nil {
		errs = append(errs, f.log.Close())
	}
	if f.keys != nil {
		f.keys.wipe()
	}
	errs = append(errs, f.lock.Close())
	return errors.Join(errs...)
}
