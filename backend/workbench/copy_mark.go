package workbench

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/extract"
)

// A copy that was begun is noted in the folder until it is complete, or was given up: a program that is killed in between may
// leave plain evidence in a hidden folder.

const copyMarks = "copy/"

func copyKey(out string) string {
	sum := sha256.Sum256([]byte(out))
	return copyMarks + hex.EncodeToString(sum[:8])
}

func (b *Bench) beginCopy(out string) error {
	return b.folder.Drafts().Set(copyKey(out), []byte(out))
}

func (b *Bench) endCopy(out string) error { return b.folder.Drafts().Delete(copyKey(out)) }

// copyCutOff tells at opening of copies that were begun and not completed. Where nothing is left, nothing is told.
func (b *Bench) copyCutOff() []casefolder.Problem {
	var out []casefolder.Problem
	for _, key := range b.folder.Drafts().Keys() {
		raw, ok := b.folder.Drafts().Get(key)
		if !ok || !strings.HasPrefix(key, copyMarks) {
			continue
		}
		place := string(raw)
		left := cmp.Or(bundle.Unfinished(place), extract.Unfinished(place))
		if _, err := os.Lstat(place); err == nil {
			left = place
		}
		if left == "" {
			b.endCopy(place) //nolint:errcheck // the next opening tries again
			continue
		}
		out = append(out, casefolder.Problem{File: draftsFile, Text: fmt.Sprintf(
			"a copy to %s was begun and its end was not noted; %s is left of it and may hold evidence in plain: make the copy again, or remove it", place, left)})
	}
	return out
}
