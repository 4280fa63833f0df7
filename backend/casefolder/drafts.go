package casefolder

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"adjutant/backend/casefolder/durable"
)

// Drafts are half-typed words by key: durable when Set returns, never part of the record and never bundled.
type Drafts struct{ f *Folder }

const draftKey = "draft/"

// Drafts returns the case's drafts.
func (f *Folder) Drafts() Drafts { return Drafts{f} }

// Set keeps value under key. Errors: ErrDiskFull, ErrTooLarge, ErrBroken, ErrClosed.
func (d Drafts) Set(key string, value []byte) error {
	if len(key) == 0 || len(key) > 512 || len(value) > MaxDraftBytes {
		return fmt.Errorf("%w: draft of %d bytes, at most %d", ErrTooLarge, len(value), MaxDraftBytes)
	}
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	if err := d.f.roomForDraft(); err != nil {
		return err
	}
	if err := d.f.drafts.set(draftKey+key, value); err != nil {
		return fmt.Errorf("casefolder: keep draft: %w", err)
	}
	return nil
}

// Get returns the value under key and whether there is one.
func (d Drafts) Get(key string) ([]byte, bool) {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	v, ok := d.f.drafts.values[draftKey+key]
	return slices.Clone(v.value), ok
}

// Delete removes the value under key; a key that is not there is no error.
func (d Drafts) Delete(key string) error {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	if d.f.closed {
		return ErrClosed
	}
	if err := d.f.drafts.remove(draftKey + key); err != nil {
		return fmt.Errorf("casefolder: delete draft: %w", err)
	}
	return nil
}

// Keys lists the keys of all drafts, sorted.
func (d Drafts) Keys() []string {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	var out []string
	for _, k := range slices.Sorted(maps.Keys(d.f.drafts.values)) {
		if name, ok := strings.CutPrefix(k, draftKey); ok {
			out = append(out, name)
		}
	}
	return out
}

func (f *Folder) roomForDraft() error {
	if f.closed {
		return ErrClosed
	}
	return durable.Room(f.dir, 0)
}
