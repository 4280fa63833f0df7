package casefolder

import (
	"fmt"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/casefolder/vault"
)

// Copy is a case folder that is only read: another copy of a case, on a stick or a read-only disk, to be merged. Nothing in
// it is written, mended or locked. Close it.
type Copy struct {
	info     Info
	entries  []Raw
	problems []Problem
	vlt      *vault.Vault
	keys     *keys
}

// OpenCopy reads the case in dir with a passphrase. The caller wipes pass. It takes entries.log and looks into no store:
// what that file has lost is a problem that opening the case itself may mend. A log that another program is writing to is
// read up to its last whole entry. Errors: ErrNotCase, ErrVersion, ErrPassphrase, ErrDamaged.
func OpenCopy(dir string, pass []byte) (*Copy, error) {
	file, _, err := readCase(dir)
	if err != nil {
		return nil, err
	}
	identity, err := unlockPassphrase(file.Slots, pass)
	if err != nil {
		return nil, err
	}
	c := &Copy{info: file.info()}
	if c.keys, err = deriveKeys(identity); err != nil {
		return nil, err
	}
	if !file.sealedWith(c.keys.caseSeal) {
		return nil, fmt.Errorf("%w: %s was changed without the case's key", ErrDamaged, caseName)
	}
	f := &Folder{dir: dir}
	frames, damage, err := entrylog.Read(f.path(entriesName), c.keys.entries)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, entriesName, err)
	}
	c.vlt = vault.At(f.path(vaultName), identity, c.keys.vaultNames)
	c.take(frames, damage)
	return c, nil
}

// take decodes the frames and names what is not there.
func (c *Copy) take(frames []entrylog.Frame, damage []entrylog.Damage) {
	note := func(format string, a ...any) {
		c.problems = append(c.problems, Problem{File: entriesName, Text: fmt.Sprintf(format, a...)})
	}
	for _, d := range damage {
		if !d.Torn && d.Offset > 0 { // a torn end was never acknowledged; of the header one copy is enough
			note("%s at byte %d (%d bytes)", d.Text, d.Offset, d.Length)
		}
	}
	next := uint64(1)
	for _, fr := range frames {
		if fr.Number > next {
			note("the entries at places %d to %d are missing", next, fr.Number-1)
		}
		next = fr.Number + 1
		r, _, err := decodeEntry(fr.Data)
		if err != nil {
			note("the entry at place %d cannot be read", fr.Number)
			continue
		}
		own := append(append(make([]byte, 0, len(r.Line)+len(r.Body)), r.Line...), r.Body...) // the rest of the file is let go
		r.Line = own[:len(r.Line):len(r.Line)]
		if r.Body != nil {
			r.Body = own[len(r.Line):]
		}
		c.entries = append(c.entries, r)
	}
}

// Info is what the folder says of itself.
func (c *Copy) Info() Info { return c.info }

// Entries returns the entries in append order. The bytes are shared and must not be changed.
func (c *Copy) Entries() []Raw { return c.entries }

// Problems lists what is damaged or missing in the list of entries.
func (c *Copy) Problems() []Problem { return c.problems }

// Vault is the sealed evidence, for reading.
func (c *Copy) Vault() *vault.Vault { return c.vlt }

// Close forgets the keys.
func (c *Copy) Close() { c.keys.wipe() }
