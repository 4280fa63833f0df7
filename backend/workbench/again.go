package workbench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/timeline"
)

// Again is how evidence in custody is to be read once more.
type Again struct {
	SHA256  string            `json:"sha256"`
	Format  string            `json:"format"` // "" means: told by the content
	Zone    string            `json:"zone"`
	Year    int               `json:"year"`
	Columns map[string]string `json:"columns"`
	Mapping string            `json:"mapping"` // in its one form; says the format too
	Basis   string            `json:"basis"`   // what the answers rest on
}

func (a Again) answers() IntakeRequest {
	return IntakeRequest{Zone: a.Zone, Year: a.Year, Columns: a.Columns, Mapping: a.Mapping}
}

// ProposeAgain says what reading an item again would sign: the answers, complete, and a receipt. Errors: ErrUsage, ErrNotFound.
func (b *Bench) ProposeAgain(a Again) (Proposal, error) {
	items, err := b.itemsNamed([]string{a.SHA256})
	if err != nil {
		return Proposal{}, err
	}
	a.SHA256 = items[0]
	if err := a.answers().check(); err != nil {
		return Proposal{}, err
	}
	if a.Format != "" && parse.ByName(formats.All(), a.Format) == nil {
		return Proposal{}, fmt.Errorf("%w: no format is called %q; `evidence formats` lists them", ErrUsage, a.Format)
	}
	if strings.TrimSpace(a.Basis) == "" {
		return Proposal{}, fmt.Errorf("%w: say what the answers rest on: they move times in the timeline", ErrUsage)
	}
	if b.State().PurgeOf(a.SHA256) != nil {
		return Proposal{}, fmt.Errorf("%w: the item was deleted", ErrUsage)
	}
	return Proposal{
		Shown: ShownOf(a), Kinds: kinds(caserecord.SourceAssumed, caserecord.EvidenceImported),
		Consequences: []string{"Its rows are made again with these answers, and take the place of those that are there.", "A new receipt is signed; the old one stays in the record."},
		Refused:      b.State().MayWrite(b.MyID(), &caserecord.SourceAssumedData{}, b.Now()),
	}, nil
}

// ImportAgain reads an item of evidence that is in custody again, with other answers or another format: the answers and the
// new receipt are signed, and the new rows replace the old ones when they are whole. act is a batch act. When the item cannot
// be read so, its old rows stay and the receipt says why. Errors: those of ProposeAgain, evidence.ErrAbsent, evidence.ErrAltered.
func (b *Bench) ImportAgain(ctx context.Context, act identity.Act, a Again, report func(Progress)) (evidence.Receipt, error) {
	var none evidence.Receipt
	p, err := b.ProposeAgain(a)
	if err != nil {
		return none, err
	}
	if p.Refused != nil {
		return none, fmt.Errorf("%w: %w", ErrNotAllowed, p.Refused)
	}
	if err := agreed(act, p.Shown); err != nil {
		return none, err
	}
	items, err := b.itemsNamed([]string{a.SHA256})
	if err != nil {
		return none, err
	}
	d, err := incident.ParseDigest(items[0])
	if err != nil {
		return none, err
	}
	src, err := b.openSource(ctx, d)
	if err != nil {
		return none, fmt.Errorf("workbench: read %s again: %w", items[0][:12], err)
	}
	defer src.Close()
	defer b.forgetAnalysis()
	item := takenAs(b.whole().Item(items[0]))
	item.SHA256, item.Bytes = d, src.Size()
	if _, err := b.append(ctx, act, &caserecord.SourceAssumedData{SHA256: items[0], Zone: a.Zone, Year: a.Year, Columns: a.Columns, Mapping: a.Mapping, Basis: strings.TrimSpace(a.Basis)}); err != nil {
		return none, err
	}
	formatsHere := formats.All()
	if m, err := mapping.Parse([]byte(a.Mapping)); a.Mapping != "" && err == nil && a.Format == "" {
		a.Format = m.Format()
	}
	if a.Format != "" {
		formatsHere = []parse.Format{parse.ByName(formatsHere, a.Format)}
	}
	rc, err := evidence.Read(ctx, evidence.Reading{
		Item: item, Content: src, Formats: formatsHere, Forced: a.Format != "", Assume: assume(a.answers(), item.ModTime), Now: b.env.Now,
		Open: func(it evidence.Item, f parse.Format) (evidence.Sink, error) {
			return b.rows().Import(ctx, timeline.Source{Evidence: d, Parser: f.Name(), Version: f.Version(), Assumptions: assumptionText(a.answers())})
		},
		Progress: func(done int64) {
			if report != nil {
				report(Progress{Done: done, Total: item.Bytes, Unit: "bytes", Message: item.Name})
			}
		},
	})
	if err != nil {
		return rc, err
	}
	if _, err := b.append(ctx, act, importedData(rc)); err != nil {
		return rc, err
	}
	keepWarnings(ctx, b.derivedStore(), rc.SHA256, rc.WarningList)
	if inTimeline[rc.Status] {
		err = b.rows().RemoveOthers(ctx, d, rc.Format) // another format read it before
	} else {
		err = b.reconcileRows(ctx, func(string) bool { return false }, &Merged{}, func(Progress) {})
	}
	return rc, err
}

// takenAs is an item as it came into custody.
func takenAs(it *caserecord.EvidenceItem) evidence.Item {
	var item evidence.Item
	for i, r := range it.Received {
		if i == 0 {
			item.Path, item.MD5, item.SHA1, item.Sealed = r.Data.Path, r.Data.MD5, r.Data.SHA1, r.Data.Kept == caserecord.KeptSealed
		}
		if t, err := time.Parse(time.RFC3339, r.Data.Modified); err == nil && item.ModTime.IsZero() {
			item.ModTime = t
		}
	}
	item.Name = evidence.NameOf(item.Path)
	return item
}
