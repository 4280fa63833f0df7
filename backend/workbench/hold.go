package workbench

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// ErrHeld is returned for a deletion that a legal hold forbids.
var ErrHeld = errors.New("workbench: a legal hold forbids deleting")

// ProposeHold says what placing a legal hold would sign. Without items it is on the whole case.
func (b *Bench) ProposeHold(matter, why string, items []string) (ActProposal, error) {
	if err := filled(map[string]string{"the matter": matter, "the reason": why}); err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.HoldPlacedData{Matter: strings.TrimSpace(matter), Why: strings.TrimSpace(why), Role: b.Acting()}
	follows := []string{"The case and its evidence cannot be deleted with this program until the hold is released."}
	if len(items) > 0 {
		named, err := b.itemsNamed(items)
		if err != nil {
			return ActProposal{}, err
		}
		d.Items = named
		follows = []string{"These items, and the case that holds them, cannot be deleted with this program until the hold is released."}
	}
	return b.propose(d, append(follows, "It does not keep anybody from deleting the folder by other means.")...), nil
}

// ProposeHoldRelease says what lifting a hold would sign.
func (b *Bench) ProposeHoldRelease(hold, why string) (ActProposal, error) {
	for _, h := range b.State().Holds {
		if h.Released == nil && len(hold) >= 6 && strings.HasPrefix(string(h.Entry), strings.ToLower(hold)) {
			d := &caserecord.HoldReleasedData{Hold: h.Entry, Why: strings.TrimSpace(why), Role: b.Acting()}
			return b.longWhy(d, why, append([]string{"What the hold kept can be deleted again, unless another hold stands."}, b.deletedOnceFree(h)...)...)
		}
	}
	return ActProposal{}, fmt.Errorf("%w: no hold %q that stands; `hold list` lists them", ErrNotFound, hold)
}

// deletedOnceFree tells what a hold's release lets go at once: items that somebody who did not know of the hold signed away.
func (b *Bench) deletedOnceFree(h *caserecord.Hold) []string {
	s := b.whole()
	var out []string
	for _, p := range s.Purges {
		sha := p.Data.SHA256
		d, err := incident.ParseDigest(sha)
		if err != nil || s.PurgeOf(sha) == nil || s.HoldOn(sha, func(id caserecord.ID) bool { return id != h.Entry && s.Accepted(id) }) != nil || !b.folder.Vault().Has(d) {
			continue
		}
		out = append(out, fmt.Sprintf("%s signed that %s is deleted without knowing of this hold: its bytes are then deleted from this laptop.", p.Name, b.pathFor(sha, itemPath(s, sha))))
	}
	return out
}

// MayDelete is ErrHeld while a hold stands on the case or on any item of it, whoever asks and whatever they may read.
func (b *Bench) MayDelete() error { return b.held("") }

func (b *Bench) held(sha256 string) error {
	if h := b.whole().HoldOn(sha256, nil); h != nil {
		return fmt.Errorf("%w: %s placed one for %s", ErrHeld, h.Name, h.Data.Matter)
	}
	return nil
}

// ProposePurge says what deleting an item's bytes would sign.
func (b *Bench) ProposePurge(sha256, why string) (ActProposal, error) {
	items, err := b.itemsNamed([]string{sha256})
	if err != nil {
		return ActProposal{}, err
	}
	s := b.State()
	if s.PurgeOf(items[0]) != nil {
		return ActProposal{}, fmt.Errorf("%w: the item was deleted already", ErrUsage)
	}
	if err := b.held(items[0]); err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.EvidencePurgedData{SHA256: items[0], Why: strings.TrimSpace(why), Role: b.Acting()}
	return b.longWhy(d, why,
		"The sealed bytes of "+itemPath(s, items[0])+" and its rows are deleted from this laptop. This cannot be undone.",
		"Its hash, its receipts, and the text of rows that decisions cite stay in the record.",
		"Copies on other laptops are not touched; they delete it when they merge this case.",
	)
}

// FinishPurges deletes the bytes and rows of items whose tombstone is in force. It is run after signing one, after a merge
// and at opening, so that a purge that was cut off, or that came from another laptop, is carried out.
func (b *Bench) FinishPurges(ctx context.Context, report func(Progress)) (int, error) {
	s := b.whole()
	n := 0
	for _, p := range s.Purges {
		d, err := incident.ParseDigest(p.Data.SHA256)
		if err != nil || s.PurgeOf(p.Data.SHA256) == nil || !b.folder.Vault().Has(d) {
			continue
		}
		if s.HoldOn(p.Data.SHA256, nil) != nil {
			continue // a hold that whoever purged had not seen: nothing more is deleted
		}
		if err := b.folder.Vault().Remove(d); err != nil && !errors.Is(err, vault.ErrMissing) {
			return n, fmt.Errorf("workbench: delete the bytes of %s: %w", p.Data.SHA256[:12], err)
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	_, err := b.Rebuild(ctx, report)
	return n, err
}
