package casefolder

import (
	"errors"
	"fmt"
	"slices"

	"adjutant/backend/incident"
)

// SlotsHash is a hash over all key slots; the record keeps it, so that a slot added behind people's backs shows.
func (f *Folder) SlotsHash() incident.Digest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slotsHash(f.file.Slots)
}

// Slots lists the key slots in their order.
func (f *Folder) Slots() []SlotInfo {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []SlotInfo
	for _, s := range f.file.Slots {
		out = append(out, SlotInfo{Kind: s.Kind, Recipient: s.Recipient})
	}
	return out
}

// AddSlot lets another passphrase open the case. The caller wipes pass.
func (f *Folder) AddSlot(pass []byte, o Options) error {
	return f.changeSlots(func(slots []slot) ([]slot, error) {
		s, err := passphraseSlot(pass, o.WorkFactor, f.keys.identity)
		return append(slots, s), err
	})
}

// AddRecipient lets the holder of an age X25519 identity open the case. recipient is "age1…".
func (f *Folder) AddRecipient(recipient string) error {
	return f.changeSlots(func(slots []slot) ([]slot, error) {
		s, err := recipientSlot(recipient, f.keys.identity)
		return append(slots, s), err
	})
}

// SlotOf finds the slot that a passphrase opens. ErrPassphrase when it opens none. It tries every passphrase slot.
func (f *Folder) SlotOf(pass []byte) (int, error) {
	f.mu.Lock()
	slots := slices.Clone(f.file.Slots)
	f.mu.Unlock()
	for i, s := range slots {
		if _, err := unlockPassphrase([]slot{s}, pass); err == nil {
			return i, nil
		} else if !errors.Is(err, ErrPassphrase) {
			return 0, err
		}
	}
	return 0, ErrPassphrase
}

// ReplaceSlot puts another passphrase into the slot at index i, in one write: whenever the program ends, one of the two
// opens the case. As for RemoveSlot, older copies of case.json still open with the old one. The caller wipes pass.
func (f *Folder) ReplaceSlot(i int, pass []byte, o Options) error {
	return f.changeSlots(func(slots []slot) ([]slot, error) {
		if i < 0 || i >= len(slots) {
			return nil, fmt.Errorf("casefolder: replace key slot %d of %d", i, len(slots))
		}
		s, err := passphraseSlot(pass, o.WorkFactor, f.keys.identity)
		slots[i] = s
		return slots, err
	})
}

// RemoveSlot removes the slot at index i; the last one stays. The case keeps its key: a copy of case.json from before,
// wherever one lies, still opens the case with the removed passphrase or person. Screens must say so.
func (f *Folder) RemoveSlot(i int) error {
	return f.changeSlots(func(slots []slot) ([]slot, error) {
		if i < 0 || i >= len(slots) || len(slots) == 1 {
			return nil, fmt.Errorf("casefolder: remove key slot %d of %d: the last one stays", i, len(slots))
		}
		return slices.Delete(slots, i, i+1), nil
	})
}

func (f *Folder) changeSlots(change func([]slot) ([]slot, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.writable(); err != nil {
		return err
	}
	slots, err := change(slices.Clone(f.file.Slots))
	if err != nil {
		return err
	}
	if len(slots) > maxSlots {
		return fmt.Errorf("%w: %d key slots, at most %d", ErrTooLarge, len(slots), maxSlots)
	}
	next := *f.file
	next.Slots = slots
	next.sealWith(f.keys.caseSeal)
	if err := writeCase(f.dir, &next); err != nil {
		return err
	}
	f.file = &next
	return nil
}
