package casefolder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
)

func entries(from, to int) (out []Raw) {
	for n := from; n <= to; n++ {
		out = append(out, entry(n))
	}
	return out
}

// TestManyEntriesAtOnce: what was appended in one call is there as if appended one by one, in both copies, in steps.
func TestManyEntriesAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	fill(t, f, 1, 3)
	const all = 3 + 2*maxStepEntries + 5
	if n, err := f.AppendAll(ctx, entries(4, all)); err != nil || n != all-3 {
		t.Fatalf("%d written: %v", n, err)
	}
	fill(t, f, all+1, all+2)
	mustHold(t, f, all+2)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, lose := range []string{"", entriesName, recordName} {
		if lose != "" {
			if err := os.RemoveAll(filepath.Join(dir, lose)); err != nil {
				t.Fatal(err)
			}
		}
		f = mustOpen(t, dir)
		mustHold(t, f, all+2)
		if p := f.Problems(); (len(p) == 0) != (lose == "") {
			t.Errorf("without %q: %v", lose, p)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestACancelledAppendLeavesAPrefix: the number returned is what is there.
func TestACancelledAppendLeavesAPrefix(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	ctx, stop := context.WithCancel(context.Background())
	all := entries(1, 3*maxStepEntries)
	ctx = &stopAfter{Context: ctx, left: 2, stop: stop}
	n, err := f.AppendAll(ctx, all)
	if !errors.Is(err, context.Canceled) || n != 2*maxStepEntries {
		t.Fatalf("%d written: %v", n, err)
	}
	f.Close()
	f = mustOpen(t, dir)
	defer f.Close()
	mustHold(t, f, n)
	if n, err := f.AppendAll(context.Background(), all[n:]); err != nil || n != maxStepEntries {
		t.Fatalf("the rest: %d %v", n, err)
	}
	mustHold(t, f, len(all))
	if n, err := f.AppendAll(context.Background(), []Raw{entry(1), {}}); !errors.Is(err, ErrTooLarge) || n != 0 {
		t.Errorf("an empty line: %d %v", n, err)
	}
}

// stopAfter is cancelled when it was asked so many times.
type stopAfter struct {
	context.Context
	left int
	stop func()
}

func (c *stopAfter) Err() error {
	if c.left--; c.left < 0 {
		c.stop()
	}
	return c.Context.Err()
}

// TestAHoleInAStepThatWasNeverAcknowledged: after a power cut any page of one write may be missing. Entries behind the gap
// are left out, nothing is called lost, and everything acknowledged is there.
func TestAHoleInAStepThatWasNeverAcknowledged(t *testing.T) {
	for hole := 5; hole <= 9; hole++ {
		dir := filepath.Join(t.TempDir(), "c")
		f := mustCreate(t, dir)
		fill(t, f, 1, 4)
		var step [][]byte
		heads := map[string]head{}
		for _, r := range entries(5, 9) {
			addHead(heads, r)
			step = append(step, encodeEntry(r, heads))
		}
		if err := f.log.AppendAll(5, step...); err != nil { // the store never got them
			t.Fatal(err)
		}
		frames, err := framesOf(f.path(entriesName), f.keys.entries)
		if err != nil || len(frames) != 9 {
			t.Fatalf("%d frames: %v", len(frames), err)
		}
		at := f.log.Size()
		for n := 8; n >= hole-1; n-- {
			at -= int64(len(frames[n].Data)) + frameLength(t, f, 4) - int64(len(frames[3].Data))
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		zero := bytes.Repeat([]byte{0}, 60)
		file, err := os.OpenFile(filepath.Join(dir, entriesName), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteAt(zero, at); err != nil {
			t.Fatal(err)
		}
		file.Close()
		f = mustOpen(t, dir)
		mustHold(t, f, hole-1)
		for _, p := range f.Problems() {
			if !p.Mended || strings.Contains(p.Text, "lost") {
				t.Errorf("hole at %d: %v", hole, p)
			}
		}
		if _, err := f.AppendAll(ctx, entries(hole, 12)); err != nil {
			t.Fatal(err)
		}
		f.Close()
		f = mustOpen(t, dir)
		mustHold(t, f, 12)
		if p := f.Problems(); len(p) > 0 {
			t.Errorf("hole at %d, opened again: %v", hole, p)
		}
		f.Close()
	}
}

// TestABodyMayComeLater: the same entry given again with its body stands beside the one without, and the author's newest
// number stays.
func TestABodyMayComeLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	withheld := entry(2)
	withheld.Body = nil
	if _, err := f.AppendAll(ctx, []Raw{entry(1), withheld, entry(3), entry(4)}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.AppendAll(ctx, []Raw{entry(2)}); err != nil {
		t.Fatal(err)
	}
	if got := f.heads["ada"].seq; got != entry(4).Seq {
		t.Errorf("newest entry of ada is number %d", got)
	}
	f.Close()
	f = mustOpen(t, dir)
	defer f.Close()
	got := entriesOf(t, f)
	if len(got) != 5 || got[1].Body != nil || string(got[4].Body) != string(entry(2).Body) || len(f.Problems()) > 0 {
		t.Fatalf("%d entries, %v", len(got), f.Problems())
	}
}

// TestACopyIsOnlyRead: reading another copy gives its entries and evidence and changes no byte of it, damaged or not.
func TestACopyIsOnlyRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	fill(t, f, 1, 20)
	sum, _, err := f.Vault().Put(ctx, strings.NewReader("evidence"))
	if err != nil {
		t.Fatal(err)
	}
	at := f.log.Size() - frameLength(t, f, 20) - frameLength(t, f, 19)
	before := contents(t, dir)
	var got []Raw
	c, err := OpenCopy(dir, []byte(testPass), keepRaws(&got)) // while it is open elsewhere
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 20 || string(got[19].Line) != string(entry(20).Line) || len(c.Problems()) > 0 || c.Info().ID != testID || c.Vault().Verify(ctx, sum) != nil {
		t.Errorf("%d entries, %v", len(got), c.Problems())
	}
	c.Close()
	if contents(t, dir) != before {
		t.Error("reading changed the folder")
	}
	f.Close()
	flip(t, filepath.Join(dir, entriesName), at+50)
	before = contents(t, dir)
	got = nil
	if c, err = OpenCopy(dir, []byte(testPass), keepRaws(&got)); err != nil {
		t.Fatal(err)
	}
	if len(got) != 19 || len(c.Problems()) != 2 {
		t.Errorf("%d entries, %v", len(got), c.Problems())
	}
	c.Close()
	if contents(t, dir) != before {
		t.Error("reading a damaged copy changed it")
	}
	if _, err := OpenCopy(dir, []byte("another"), keepRaws(&got)); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if _, err := OpenCopy(t.TempDir(), []byte(testPass), keepRaws(&got)); !errors.Is(err, ErrNotCase) {
		t.Errorf("no case: %v", err)
	}
}

// contents is all files with their bytes.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	for _, name := range filesOf(t, dir) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %d %x\n", name, len(b), sha256.Sum256(b))
	}
	return out.String()
}

// TestTheVaultTakesOnlyTheItemItWasPromised.
func TestTheVaultTakesOnlyTheItemItWasPromised(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	defer f.Close()
	sum, _, err := f.Vault().Put(ctx, strings.NewReader("evidence"))
	if err != nil {
		t.Fatal(err)
	}
	files := len(filesOf(t, filepath.Join(dir, vaultName)))
	if err := f.Vault().PutItem(ctx, sum, strings.NewReader("evidence")); err != nil {
		t.Error(err)
	}
	var other incident.Digest
	if err := f.Vault().PutItem(ctx, other, strings.NewReader("evidence of something else")); !errors.Is(err, vault.ErrOther) {
		t.Errorf("other bytes: %v", err)
	}
	if n := len(filesOf(t, filepath.Join(dir, vaultName))); n != files || f.Vault().Has(other) {
		t.Errorf("%d files in the vault, were %d", n, files)
	}
}
