package workbench

import (
	"context"
	"fmt"

	"adjutant/backend/casefolder"
	"adjutant/backend/timeline"
)

// importsCutOff tells at opening of evidence that came into custody and was never imported, because the program ended in
// between, and takes away rows that no receipt tells of. Taking the same files in again goes on where it stopped.
func (b *Bench) importsCutOff(ctx context.Context) ([]casefolder.Problem, error) {
	var paths []string
	cut := map[string]bool{}
	for _, it := range b.whole().Evidence {
		if len(it.Received) > 0 && len(it.Imports) == 0 && !b.stayedElsewhere(it.SHA256) && b.whole().PurgeOf(it.SHA256) == nil {
			cut[it.SHA256] = true
			paths = append(paths, b.pathFor(it.SHA256, it.Received[0].Data.Path))
		}
	}
	if len(cut) == 0 {
		return nil, nil
	}
	sources, err := b.rows().Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range sources {
		if cut[x.Evidence.String()] {
			if err := b.rows().Remove(ctx, x.Evidence); err != nil {
				return nil, fmt.Errorf("workbench: rows of an import that was cut off: %w", err)
			}
		}
	}
	return []casefolder.Problem{{File: "evidence", Text: fmt.Sprintf("an import was cut off before %s could be read; taking the same files in again goes on there", someOf(paths))}}, nil
}

// rowsCutOff takes away, at opening, rows of an import that was cut off before its receipt was signed: rows that no receipt tells
// of, and those of another format beside the receipt's. It tells of rows that were made under other answers than those that count
// now. Nothing is imported while a case is opened, so what does not fit was left behind.
func (b *Bench) rowsCutOff(ctx context.Context) ([]casefolder.Problem, error) {
	sources, err := b.rows().Sources(ctx)
	if err != nil {
		return nil, err
	}
	there := map[string][]timeline.SourceInfo{}
	for _, x := range sources {
		there[x.Evidence.String()] = append(there[x.Evidence.String()], x)
	}
	var old []string
	s := b.whole()
	for _, it := range s.Evidence {
		have := there[it.SHA256]
		if len(have) == 0 {
			continue
		}
		in, wanted := rowsOf(s, it)
		whole, current := false, false
		for _, x := range have {
			if x.Parser == in.format {
				whole, current = true, x.Assumptions == in.answers
			}
		}
		switch {
		case !wanted:
			err = b.rows().Remove(ctx, have[0].Evidence)
		case whole && len(have) > 1:
			err = b.rows().RemoveOthers(ctx, have[0].Evidence, in.format)
		}
		if err != nil {
			return nil, fmt.Errorf("workbench: rows of an import that was cut off: %w", err)
		}
		if wanted && !current {
			old = append(old, b.pathFor(it.SHA256, in.path))
		}
	}
	if len(old) == 0 {
		return nil, nil
	}
	return []casefolder.Problem{{File: "evidence", Text: fmt.Sprintf("the rows of %s were made under other answers than those signed last; reading the evidence again, or making all rows again, gives those that count now", someOf(old))}}, nil
}
