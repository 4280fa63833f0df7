package casefolder

import (
	"fmt"
	"math"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/casefolder/vault"
)

// Copy is a case folder that is only read: another copy of a case, on a stick or a read-only disk, to be merged. Nothing in
// it is written, mended or locked. Close it.
type Copy struct {
	info     Info
	problems []Problem
	next     uint64 // position behind the last frame that was read
	vlt      *vault.Vault
	keys     *keys
}

// OpenCopy reads the case in dir with a passphrase. The caller wipes pass. It takes entries.log and looks into no store:
// what that file has lost is a problem that opening the case itself may mend. A log that another program is writing to is
// read up to its last whole entry. see is given the entries in append order; a block is see's until it returns. Errors:
// ErrNotCase, ErrVersion, ErrPassphrase, ErrDamaged, see's.
func OpenCopy(dir string, pass []byte, see func(block []Raw) error) (*Copy, error) {
	file, _, err := readCase(dir)
	if err != nil {
		return nil, err
	}
	identity, err := unlockPassphrase(file.Slots, pass)
	if err != nil {
		return nil, err
	}
	c := &Copy{info: file.info(), next: 1}
	if c.keys, err = deriveKeys(identity); err != nil {
		return nil, err
	}
	if !file.sealedWith(c.keys.caseSeal) {
		return nil, fmt.Errorf("%w: %s was changed without the case's key", ErrDamaged, caseName)
	}
	f := &Folder{dir: dir}
	var saw error
	_, damage, err := entrylog.Read(f.path(entriesName), c.keys.entries, math.MaxInt64, func(block []entrylog.Frame) error {
		saw = see(c.take(block))
		return saw
	})
	if saw != nil {
		c.keys.wipe()
		return nil, saw
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, entriesName, err)
	}
	var damaged []Problem
	for _, d := range damage {
		if !d.Torn && d.Offset > 0 { // a torn end was never acknowledged; of the header one copy is enough
			damaged = append(damaged, Problem{File: entriesName, Text: fmt.Sprintf("%s at byte %d (%d bytes)", d.Text, d.Offset, d.Length)})
		}
	}
	c.problems = append(damaged, c.problems...)
	c.vlt = vault.At(f.path(vaultName), identity, c.keys.vaultNames)
	return c, nil
}

// take decodes frames and names what is not there.
func (c *Copy) take(block []entrylog.Frame) []Raw {
	note := func(format string, a ...any) {
		c.problems = append(c.problems, Problem{File: entriesName, Text: fmt.Sprintf(format, a...)})
	}
	raws := make([]Raw, 0, len(block))
	for _, fr := range block {
		if fr.Number > c.next {
			note("the entries at places %d to %d are missing", c.next, fr.Number-1)
		}
		c.next = fr.Number + 1
		r, _, err := decodeEntry(fr.Data)
		if err != nil {
			note("the entry at place %d cannot be read", fr.Number)
			continue
		}
		raws = append(raws, r)
	}
	return raws
}

// Info is what the folder says of itself.
func (c *Copy) Info() Info { return c.info }

// Problems lists what is damaged or missing in the list of entries.
func (c *Copy) Problems() []Problem { return c.problems }

// Vault is the sealed evidence, for reading.
func (c *Copy) Vault() *vault.Vault { return c.vlt }

// Close forgets the keys.
func (c *Copy) Close() { c.keys.wipe() }
