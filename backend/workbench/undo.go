package workbench

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// ProposeUndo says what undoing the imports of items would sign: all receipts of theirs that count. Their rows leave the
// timeline; the evidence stays in custody, and importing it again brings rows back. Errors: ErrUsage, ErrNotFound.
func (b *Bench) ProposeUndo(items []string, why string) (ActProposal, error) {
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	if len(items) == 0 {
		return ActProposal{}, fmt.Errorf("%w: no evidence was named; `evidence list` shows the hashes", ErrUsage)
	}
	named, err := b.itemsNamed(items)
	if err != nil {
		return ActProposal{}, err
	}
	s := b.State()
	d := &caserecord.ImportUndoneData{Why: strings.TrimSpace(why)}
	var rows int64
	var paths []string
	for _, sha256 := range named {
		it := s.Item(sha256)
		if l := parsedImport(s, it); l != nil {
			rows += l.Data.Parsed
			paths = append(paths, l.Data.Path)
		}
		for i := range it.Imports {
			if id := it.Imports[i].Entry; s.Undone(it, id) == nil {
				d.Imports = append(d.Imports, id)
			}
		}
	}
	if len(d.Imports) == 0 {
		return ActProposal{}, fmt.Errorf("%w: no import of these items counts any more", ErrNotFound)
	}
	slices.Sort(d.Imports)
	return b.propose(d,
		fmt.Sprintf("%d events of %s leave the timeline; findings and counts are worked out again without them.", rows, someOf(paths)),
		"The evidence stays in custody with its hash. It can be imported again at any time.",
		"Notes, tags and decisions that cite these rows stay in the record, with the text of the rows that decisions cite.",
	), nil
}

// finishUndos takes rows away whose import was undone, when that was cut off.
func (b *Bench) finishUndos(ctx context.Context) error {
	undone := map[string]bool{}
	s := b.whole()
	for _, it := range s.Evidence {
		if len(it.Undone) > 0 {
			_, wanted := rowsOf(s, it)
			undone[it.SHA256] = !wanted
		}
	}
	if len(undone) == 0 {
		return nil
	}
	return b.reconcileRows(ctx, func(sha256 string) bool { return undone[sha256] }, &Merged{}, func(Progress) {})
}

// someOf names up to three of a list.
func someOf(names []string) string {
	if len(names) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
	}
	return strings.Join(names, ", ")
}
