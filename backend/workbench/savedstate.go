package workbench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/store"
)

// A case is opened from a saved reading of its record: what parsing found out beside the bytes (caserecord.Save), kept in
// the derived store under the digest of the bytes that it is about. entries.log is still decrypted and authenticated frame
// by frame; the reading only spares parsing, its hash is checked, and the state is folded from it. When it does not fit, the
// record is parsed as if there were none. It is never part of the record.

const readingKey = "record/reading"

const (
	leastReading = 200 // entries below which parsing takes no time that anybody notices
	readingGrows = 8   // it is made again when an eighth was added: the derived store frees nothing, and the rest is parsed quickly
)

// Reading says how the record was read when the case was opened.
type Reading struct {
	Entries int    `json:"entries"`
	Saved   int    `json:"saved"`         // taken from the saved reading; the others were parsed
	Why     string `json:"why,omitempty"` // why a reading that was there was not used
}

// Reading is how the record was read at opening.
func (b *Bench) Reading() Reading { return b.reading }

// readRecord makes the log of a folder's entries.
func readRecord(ctx context.Context, folder *casefolder.Folder) (*caserecord.Log, Reading, error) {
	n := folder.Len()
	log, r, err := restoreRecord(ctx, folder, n)
	if err != nil {
		return nil, r, err
	}
	r.Entries = n
	if err := log.ReadSealed(r.Saved, n, sourceIn(folder)); err != nil {
		return nil, r, fmt.Errorf("%w: %v", casefolder.ErrDamaged, err)
	}
	return log, r, nil
}

// sourceIn reads the entries of a folder for caserecord.
func sourceIn(folder *casefolder.Folder) caserecord.Source {
	return func(from, to int, see func([]caserecord.Sealed) error) error {
		return folder.Each(from, to, func(block []casefolder.Raw) error { return see(sealed(block)) })
	}
}

func sealed(raws []casefolder.Raw) []caserecord.Sealed {
	all := make([]caserecord.Sealed, len(raws))
	for i, r := range raws {
		all[i] = caserecord.Sealed{Line: r.Line, Body: r.Body}
	}
	return all
}

// restoreRecord takes as many entries as a saved reading that fits is about.
func restoreRecord(ctx context.Context, folder *casefolder.Folder, all int) (*caserecord.Log, Reading, error) {
	none := caserecord.NewLog()
	if all < leastReading {
		return none, Reading{}, nil
	}
	db, err := folder.Derived(ctx)
	if err != nil {
		return none, Reading{}, nil // openDerived says what is wrong with it, and makes it again
	}
	saved, err := readFrom(db, readingKey)
	if errors.Is(err, store.ErrNotFound) {
		return none, Reading{}, nil
	}
	if err != nil {
		return none, Reading{Why: "it is damaged"}, nil
	}
	n := caserecord.SavedEntries(saved)
	of, known := folder.Digest(n)
	if n == 0 || !known {
		return none, Reading{Why: "it is about another record"}, nil
	}
	log, err := caserecord.Restore(saved, of, n, sourceIn(folder))
	switch {
	case errors.Is(err, caserecord.ErrSaved):
		return none, Reading{Why: plain(err)}, nil
	case err != nil:
		return none, Reading{}, err
	}
	return log, Reading{Saved: n}, nil
}

func readFrom(db *store.DB, key string) (out []byte, err error) {
	err = db.View(func(tx *store.Tx) (err error) {
		out, err = tx.Get([]byte(key))
		return err
	})
	return out, err
}

// problem tells of a reading that was not used.
func (r Reading) problem() []casefolder.Problem {
	if r.Why == "" {
		return nil
	}
	return []casefolder.Problem{{File: "store", Text: "the saved reading of the record was not used (" + r.Why + "); the record was read from its own bytes", Mended: true}}
}

// keepReading saves the reading at closing, when enough was added since the last one.
func (b *Bench) keepReading(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.log.Len()
	if db := b.derivedStore(); db == nil || n < leastReading || n-b.reading.Saved < max(leastReading, n/readingGrows) {
		return
	}
	of, ok := b.folder.Digest(b.folder.Len())
	if !ok {
		return
	}
	if saved := b.log.Save([sha256.Size]byte(of), b.folder.Len(), sourceIn(b.folder)); saved != nil {
		b.keepDerived(ctx, readingKey, saved)
	}
}
