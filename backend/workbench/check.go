package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// The states that hashing an item again can find.
const (
	CheckSame    = "same"
	CheckAltered = "altered"
	CheckAbsent  = "absent"
	CheckPurged  = "purged" // deleted with a signed tombstone; not counted
)

// EvidenceCheck is what hashing one item again gave.
type EvidenceCheck struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	State  string `json:"state"`
	Text   string `json:"text,omitempty"`
	Damage bool   `json:"-"` // the case lost something: altered bytes, or a sealed copy that is gone
}

// ProposeCheck says what checking all evidence signs at its end: one report of what was found.
func (b *Bench) ProposeCheck() Proposal {
	d := &caserecord.EvidenceCheckedData{}
	return Proposal{Shown: []byte("evidence.checked"), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}
}

// VerifyEvidence hashes every item again and tells each result. With an act it signs at the end what was found; a run that
// was cancelled signs nothing. A sealed copy that is gone counts as altered in the signed report: it was in our keeping.
func (b *Bench) VerifyEvidence(ctx context.Context, act identity.Act, tell func(EvidenceCheck) error, report func(Progress)) error {
	s := b.whole() // the whole of it, with the names that the person at the keyboard may see
	d := &caserecord.EvidenceCheckedData{Version: b.env.Version}
	for i, it := range s.Evidence {
		if err := ctx.Err(); err != nil {
			return err
		}
		if report != nil {
			report(Progress{Done: int64(i), Total: int64(len(s.Evidence)), Unit: "items", Message: b.ItemPath(it.SHA256)})
		}
		if len(it.Received) == 0 {
			continue
		}
		c, err := b.checkItem(ctx, s, it)
		if err != nil {
			return err
		}
		if lane := b.BehindWall(it.SHA256); lane != "" {
			c.Path, c.Text = behindLane(lane), ""
		}
		switch {
		case c.State == CheckPurged:
		case c.Damage:
			d.Altered = append(d.Altered, it.SHA256)
		case c.State == CheckAbsent:
			d.Absent = append(d.Absent, it.SHA256)
		default:
			d.Same++
		}
		if tell != nil {
			if err := tell(c); err != nil {
				return err
			}
		}
	}
	if act == (identity.Act{}) {
		return nil
	}
	slices.Sort(d.Altered)
	slices.Sort(d.Absent)
	d.Items = d.Same + len(d.Altered) + len(d.Absent)
	if _, err := b.append(ctx, act, d); err != nil {
		return fmt.Errorf("workbench: sign what the check found: %w", err)
	}
	return nil
}

func (b *Bench) checkItem(ctx context.Context, s *caserecord.State, it *caserecord.EvidenceItem) (EvidenceCheck, error) {
	r := it.Received[0].Data
	c := EvidenceCheck{Path: r.Path, SHA256: it.SHA256, State: CheckSame}
	if s.PurgeOf(it.SHA256) != nil {
		c.State, c.Text = CheckPurged, "deleted with a signed tombstone"
		return c, nil
	}
	d, err := incident.ParseDigest(it.SHA256)
	if err != nil {
		return c, err
	}
	if r.Kept == caserecord.KeptSealed {
		switch err := b.folder.Vault().Verify(ctx, d); {
		case errors.Is(err, vault.ErrMissing):
			c.State, c.Text = CheckAbsent, "the sealed copy is not in the case: "+plain(err)
		case err != nil:
			c.State, c.Text = CheckAltered, plain(err)
		}
	} else {
		src, err := b.openSource(ctx, d)
		switch {
		case errors.Is(err, evidence.ErrAltered):
			c.State, c.Text = CheckAltered, plain(err)
		case err != nil:
			c.State, c.Text = CheckAbsent, "the original is not where it was: "+plain(err)
		default:
			src.Close()
		}
	}
	c.Damage = c.State == CheckAltered || c.State == CheckAbsent && r.Kept == caserecord.KeptSealed && b.tookIn(it)
	return c, ctx.Err() // stopped half-way: that says nothing about the item
}

// tookIn reports that this laptop's case ought to hold the sealed bytes. An item that came by a merge without its bytes
// is only not here.
func (b *Bench) tookIn(it *caserecord.EvidenceItem) bool {
	return !b.stayedElsewhere(it.SHA256)
}
