package workbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/timeline"
)

// rowInputs is all that the rows of an item depend on beside its bytes and the parser.
type rowInputs struct {
	format   string
	answers  string // assumptionText
	recorded time.Time
	modified string
	path     string
}

// rowsOf says what the rows of an item are made from; ok is false when the record knows of none.
func rowsOf(s *caserecord.State, it *caserecord.EvidenceItem) (in rowInputs, ok bool) {
	l := parsedImport(s, it)
	if l == nil || !inTimeline[parse.Status(l.Data.Status)] || s.PurgeOf(it.SHA256) != nil {
		return in, false
	}
	in = rowInputs{format: l.Data.Format, answers: assumptionText(answersFor(s, it.SHA256)), recorded: l.Recorded, path: l.Data.Path}
	for _, r := range it.Received {
		if in.modified == "" {
			in.modified = r.Data.Modified
		}
	}
	return in, true
}

// rows finds the items whose rows would be other ones after the merge, though they are here already.
func (p *mergePlan) rows() {
	for _, it := range p.after.Evidence {
		was := p.before.Item(it.SHA256)
		if was == nil {
			continue
		}
		now, wanted := rowsOf(p.after, it)
		old, had := rowsOf(p.before, was)
		if wanted != had || now != old {
			p.rowsChanged = append(p.rowsChanged, it.SHA256)
		}
	}
}

// reconcileRows makes the rows of items that came in, or whose answers changed, by the path that a rebuild takes, and takes
// rows away that the record no longer knows of. changed says which items need it whatever the timeline holds of them. Rows of
// an item whose bytes are not here stay as they are, or are missing.
func (b *Bench) reconcileRows(ctx context.Context, changed func(sha256 string) bool, out *Merged, report func(Progress)) error {
	s, tl := b.whole(), b.rows()
	sources, err := tl.Sources(ctx)
	if err != nil {
		return err
	}
	there := map[string][]timeline.SourceInfo{}
	for _, x := range sources {
		there[x.Evidence.String()] = append(there[x.Evidence.String()], x)
	}
	byName := map[string]parse.Format{}
	for _, f := range formats.All() {
		byName[f.Name()] = f
	}
	defer b.forgetAnalysis()
	for i, it := range s.Evidence {
		if err := ctx.Err(); err != nil {
			return err
		}
		in, wanted := rowsOf(s, it)
		have := there[it.SHA256]
		switch fits := len(have) == 1 && have[0].Parser == in.format && have[0].Assumptions == in.answers; {
		case wanted && fits && !changed(it.SHA256), !wanted && (len(have) == 0 || !changed(it.SHA256)):
		case !wanted:
			if err := tl.Remove(ctx, have[0].Evidence); err != nil {
				return fmt.Errorf("workbench: rows of %s: %w", it.SHA256[:12], err)
			}
		case byName[in.format] != nil: // a newer program's format: the receipt stands, the rows come with that program
			path := b.pathFor(it.SHA256, in.path)
			report(Progress{Done: int64(i), Total: int64(len(s.Evidence)), Unit: "items", Message: "making the rows of " + path})
			made, err := b.parseAgain(ctx, b.derivedStore(), tl, s, it, byName[in.format])
			if err == nil && made && len(have) > 0 {
				err = tl.RemoveOthers(ctx, have[0].Evidence, in.format)
			}
			switch {
			case errors.Is(err, timeline.ErrImporting): // whoever reads it at the moment finishes it
			case err != nil:
				return fmt.Errorf("workbench: rows of %s: %w", path, err)
			case made:
				out.Rows++
			case len(have) > 0:
				out.Stale++
			}
		}
	}
	return nil
}
