package workbench

import (
	"context"
	"fmt"

	"adjutant/backend/casefolder"
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
