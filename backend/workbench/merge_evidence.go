package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"adjutant/backend/casefolder"
	"adjutant/backend/casefolder/vault"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"
)

// sealedItem is an item that some copy of the case holds sealed.
type sealedItem struct {
	sha256 string
	digest incident.Digest
	path   string
	bytes  int64
}

// sealedItems lists the items that the record says are sealed and not deleted, in the order of the state.
func sealedItems(s *caserecord.State) []sealedItem {
	var out []sealedItem
	for _, it := range s.Evidence {
		i := slices.IndexFunc(it.Received, func(r caserecord.EvidenceReceipt) bool { return r.Data.Kept == caserecord.KeptSealed })
		d, err := incident.ParseDigest(it.SHA256)
		if i < 0 || err != nil || s.PurgeOf(it.SHA256) != nil {
			continue
		}
		out = append(out, sealedItem{it.SHA256, d, it.Received[i].Data.Path, it.Received[i].Data.Bytes})
	}
	return out
}

// evidence finds the sealed items that come into the case and whose bytes are not here.
func (p *mergePlan) evidence(has func(incident.Digest) bool) {
	known := map[string]bool{}
	for _, it := range sealedItems(p.before) {
		known[it.sha256] = true
	}
	for _, it := range sealedItems(p.after) {
		if !known[it.sha256] && !has(it.digest) {
			p.sealedAbsent = append(p.sealedAbsent, it.sha256)
		}
	}
}

// wantsBytes lists the items whose sealed bytes this folder lacks, or holds altered as far as the last check knows, and that
// the source has.
func (b *Bench) wantsBytes(s *caserecord.State, src *source) []sealedItem {
	if src.has == nil {
		return nil
	}
	altered := s.Altered()
	var out []sealedItem
	for _, it := range sealedItems(s) {
		if (altered[it.sha256].Entry != "" || !b.folder.Vault().Has(it.digest)) && src.has(it.digest) {
			out = append(out, it)
		}
	}
	return out
}

// takeEvidence copies sealed bytes that this folder lacks: streamed, hashed again on the way, each whole or not at all. What
// cannot be had from the source is named and stays elsewhere; what this disk cannot take ends the merge.
func (b *Bench) takeEvidence(ctx context.Context, src *source, out *Merged, report func(Progress)) (err error) {
	defer func() { // also of a merge that is cut short: what came along is here
		n, merr := b.countElsewhere()
		out.Elsewhere = n
		err = errors.Join(err, merr)
	}()
	items := b.wantsBytes(b.whole(), src)
	var done, total int64
	for _, it := range items {
		total += it.bytes
	}
	for _, it := range items {
		path := b.pathFor(it.sha256, it.path)
		tell := func(n int64) {
			report(Progress{Done: done + n, Total: total, Unit: "bytes", Message: "taking in " + path})
		}
		tell(0)
		err := b.takeItem(ctx, src, it, tell)
		var unreadable *vault.ReadError
		switch {
		case err == nil:
			out.Evidence++
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, vault.ErrOther), errors.Is(err, vault.ErrDamaged), errors.Is(err, vault.ErrMissing), errors.As(err, &unreadable):
			out.LeftOut = append(out.LeftOut, caserecord.Problem{
				Code: bundle.CodeFileHash, Text: fmt.Sprintf("the bytes of %s (%s) could not be taken from the copy: %s", path, it.sha256[:12], plain(err)),
			})
		default:
			return fmt.Errorf("workbench: take in %s: %w", path, err)
		}
		done += it.bytes
	}
	return nil
}

func (b *Bench) takeItem(ctx context.Context, src *source, it sealedItem, tell func(int64)) error {
	r, err := src.open(it.digest)
	if err != nil {
		return &vault.ReadError{Err: err}
	}
	defer r.Close()
	// One byte more than the receipt says cannot be the item: a copy does not fill the disk with something else.
	return b.folder.Vault().PutItem(ctx, it.digest, &meter{r: io.LimitReader(r, it.bytes+1), tell: tell})
}

// meter tells how much was read, not more often than every few megabytes.
type meter struct {
	r       io.Reader
	n, told int64
	tell    func(int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if m.n += int64(n); m.n-m.told >= 4<<20 {
		m.told = m.n
		m.tell(m.n)
	}
	return n, err
}

// Items whose sealed bytes stayed in another copy are this folder's own knowledge: the record is the same on all laptops.
// They are kept as lists of hashes, sixteen of them by first digit, so that each fits into one mirrored value.
const elsewhereDigits = "0123456789abcdef"

func elsewhereKey(digit string) string { return "elsewhere/" + digit }

// elsewhere is the set of items whose bytes a merge could not bring along.
func (b *Bench) elsewhere() map[string]bool {
	out := map[string]bool{}
	for _, digit := range elsewhereDigits {
		raw, _ := b.folder.Drafts().Get(elsewhereKey(string(digit)))
		for _, sha := range strings.Fields(string(raw)) {
			out[sha] = true
		}
	}
	return out
}

func (b *Bench) stayedElsewhere(sha256 string) bool {
	raw, ok := b.folder.Drafts().Get(elsewhereKey(sha256[:1]))
	return ok && strings.Contains(string(raw), sha256)
}

// markElsewhere adds items to that set and takes those out whose bytes have come since.
func (b *Bench) markElsewhere(items []string) error {
	set := b.elsewhere()
	for _, sha := range items {
		set[sha] = true
	}
	lists := map[string][]string{}
	for sha := range set {
		if d, err := incident.ParseDigest(sha); err == nil && !b.folder.Vault().Has(d) {
			lists[sha[:1]] = append(lists[sha[:1]], sha)
		}
	}
	for _, digit := range elsewhereDigits {
		key, list := elsewhereKey(string(digit)), lists[string(digit)]
		slices.Sort(list)
		text := strings.Join(list, "\n")
		old, _ := b.folder.Drafts().Get(key)
		var err error
		switch {
		case string(old) == text:
		case text == "":
			err = b.folder.Drafts().Delete(key)
		default:
			err = b.folder.Drafts().Set(key, []byte(text))
		}
		if err != nil {
			return fmt.Errorf("workbench: note what stayed elsewhere: %w", err)
		}
	}
	return nil
}

// countElsewhere brings the marks up to date and counts the sealed items that are not here.
func (b *Bench) countElsewhere() (int, error) {
	err := b.markElsewhere(nil)
	if errors.Is(err, casefolder.ErrDiskFull) {
		err = nil // the marks that are left say that something is elsewhere which has come: the vault is asked first
	}
	n := 0
	for _, it := range sealedItems(b.whole()) {
		if !b.folder.Vault().Has(it.digest) {
			n++
		}
	}
	return n, err
}
