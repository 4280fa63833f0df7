package casefolder

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// takeFromStore takes an entry out of the second copy alone, as if a value had gone bad after both were known to be equal.
func takeFromStore(t *testing.T, f *Folder, number uint64) {
	t.Helper()
	if err := f.record.Update(ctx, func(tx *store.Tx) error { return tx.Delete(entryKey(number)) }); err != nil {
		t.Fatal(err)
	}
}

// TestCompareFindsWhatAQuickOpeningLeaves: an entry that is gone from the second copy of a case that was closed shows when
// both copies are compared, and the next opening mends it.
func TestCompareFindsWhatAQuickOpeningLeaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	flipCase(t, dir)
	f := mustOpen(t, dir)
	takeFromStore(t, f, 7)
	f.Close()

	f = mustOpen(t, dir)
	mustHold(t, f, 12)
	if p := f.Problems(); len(p) > 0 {
		t.Fatalf("a quick opening reads no value of the second copy: %v", p)
	}
	found, err := f.Compare(ctx, nil)
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Text, "entry 7 is missing") || found[0].Mended || len(f.Problems()) != 1 {
		t.Fatalf("%v, %v; problems %v", found, err, f.Problems())
	}
	f.Close()

	f = mustOpen(t, dir)
	mustHold(t, f, 12)
	if text := fmt.Sprint(f.Problems()); !strings.Contains(text, "lost entry 7; taken from entries.log") {
		t.Fatalf("the opening after it: %s", text)
	}
	if found, err := f.Compare(ctx, nil); err != nil || len(found) > 0 {
		t.Fatalf("after mending: %v, %v", found, err)
	}
	f.Close()
	f = mustOpen(t, dir)
	defer f.Close()
	if p := f.Problems(); len(p) > 0 {
		t.Fatalf("mended and said again: %v", p)
	}
}

// TestACaseThatWasNotClosedIsComparedWhole: a quick opening is for a case that somebody closed.
func TestACaseThatWasNotClosedIsComparedWhole(t *testing.T) {
	dir, killed := filepath.Join(t.TempDir(), "c"), filepath.Join(t.TempDir(), "killed")
	flipCase(t, dir)
	f := mustOpen(t, dir)
	takeFromStore(t, f, 7)
	copyTree(t, dir, killed)
	f.Close()
	f = mustOpen(t, killed)
	defer f.Close()
	mustHold(t, f, 12)
	if text := fmt.Sprint(f.Problems()); !strings.Contains(text, "lost entry 7; taken from entries.log") {
		t.Fatalf("problems: %s", text)
	}
}

// TestAnotherLogIsNoAgreement: a log of the same length that is sealed with the case's key is not the one that was agreed on.
func TestAnotherLogIsNoAgreement(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	flipCase(t, dir)
	f := mustOpen(t, dir)
	key := f.keys.entries
	f.Close()
	frames, err := framesOf(filepath.Join(dir, entriesName), key)
	if err != nil {
		t.Fatal(err)
	}
	other := entry(5)
	other.Body = []byte("another body")
	heads := map[string]head{}
	for n := 1; n < 5; n++ {
		addHead(heads, entry(n))
	}
	frames[4].Data = encodeEntry(other, heads)
	l, err := entrylog.Rewrite(filepath.Join(dir, entriesName), key, nonces{}, func(write func(entrylog.Frame) error) error {
		for _, fr := range frames {
			if err := write(fr); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	f = mustOpen(t, dir)
	defer f.Close()
	if text := fmt.Sprint(f.Problems()); !strings.Contains(text, "entry 5 differs") {
		t.Fatalf("problems: %s", text)
	}
}

// framesOf reads a log whole.
func framesOf(path string, key [32]byte) (out []entrylog.Frame, err error) {
	_, _, err = entrylog.Read(path, key, math.MaxInt64, func(block []entrylog.Frame) error {
		for _, fr := range block {
			out = append(out, entrylog.Frame{Number: fr.Number, Data: slices.Clone(fr.Data)})
		}
		return nil
	})
	return out, err
}

type nonces struct{}

func (nonces) Read(b []byte) (int, error) { return len(b), nil }

// TestCompareNamesEachCopy: damage on the disk under an open case, in either copy.
func TestCompareNamesEachCopy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	flipCase(t, dir)
	f := mustOpen(t, dir)
	defer f.Close()
	if found, err := f.Compare(ctx, nil); err != nil || len(found) > 0 {
		t.Fatalf("a sound case: %v, %v", found, err)
	}
	whole := entriesOf(t, f)
	flip(t, filepath.Join(dir, entriesName), 300)
	takeFromStore(t, f, 3)
	var read []Raw
	found, err := f.Compare(ctx, keepRaws(&read))
	text := fmt.Sprint(found)
	if err != nil || !strings.Contains(text, "{entries.log frame") || !strings.Contains(text, "{"+recordName+" entry 3 is missing") {
		t.Fatalf("%v, %s", err, text)
	}
	if !reflect.DeepEqual(read, whole) {
		t.Fatalf("%d of %d entries were handed out from what is left of the two", len(read), len(whole))
	}
	if err := f.Each(0, 12, keepRaws(new([]Raw))); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a damaged entry was read again: %v", err)
	}
}
