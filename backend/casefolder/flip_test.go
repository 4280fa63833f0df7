package casefolder

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
	"adjutant/backend/store"
)

// flipCase is a closed case of which every part holds something.
func flipCase(t *testing.T, dir string) (sealed incident.Digest) {
	t.Helper()
	f := mustCreate(t, dir)
	fill(t, f, 1, 12)
	for _, k := range []string{"a", "b", "a"} {
		if err := f.Drafts().Set(k, []byte("draft "+k)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := f.Derived(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.Set([]byte(fmt.Sprint("row", n)), []byte(strings.Repeat("x", 300*n)))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sealed, _, err = f.Vault().Put(ctx, strings.NewReader(strings.Repeat("evidence ", 10000)))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return sealed
}

// whatIsLost opens a case and says which of flipCase's things are not there, and whether that was said.
func whatIsLost(dir string, sealed incident.Digest) (lost []string, said []string) {
	f, err := Open(dir, []byte(testPass))
	if err != nil {
		return []string{"everything"}, []string{err.Error()}
	}
	defer f.Close()
	for _, p := range f.Problems() {
		said = append(said, fmt.Sprintf("%s: %s (%v)", p.File, p.Text, p.Mended))
	}
	var entries []Raw
	err = f.Each(0, f.Len(), keepRaws(&entries))
	if err != nil {
		said = append(said, err.Error())
	}
	for n := 1; n <= 12; n++ {
		if n > len(entries) || string(entries[n-1].Line) != string(entry(n).Line) || string(entries[n-1].Body) != string(entry(n).Body) {
			lost = append(lost, fmt.Sprint("entry ", n))
		}
	}
	for _, k := range []string{"a", "b"} {
		if v, ok := f.Drafts().Get(k); !ok || string(v) != "draft "+k {
			lost = append(lost, "draft "+k)
		}
	}
	lost, said = derivedLost(f, lost, said)
	if err := f.Vault().Verify(ctx, sealed); err != nil {
		lost, said = append(lost, "evidence"), append(said, err.Error())
	}
	return lost, said
}

func derivedLost(f *Folder, lost, said []string) ([]string, []string) {
	db, err := f.Derived(ctx)
	if err != nil {
		return append(lost, "derived"), append(said, err.Error())
	}
	err = db.View(func(tx *store.Tx) error {
		for n := range 20 {
			v, err := tx.Get([]byte(fmt.Sprint("row", n)))
			if err != nil {
				lost, said = append(lost, fmt.Sprint("row ", n)), append(said, err.Error())
				if !errors.Is(err, store.ErrDamaged) {
					said = nil // "not found" is exactly the silence that must not be
				}
			} else if len(v) != 300*n {
				lost = append(lost, fmt.Sprint("row ", n))
			}
		}
		return nil
	})
	if err != nil {
		said = append(said, err.Error())
	}
	return lost, said
}

// One byte is flipped in every file of a case, at many places, one at a time. What is lost must be said, and what the
// folder keeps twice must not be lost at all.
func TestEveryFlippedByteIsMendedOrNamed(t *testing.T) {
	template := filepath.Join(memoryDir(t), "template")
	sealed := flipCase(t, template)
	if lost, said := whatIsLost(template, sealed); len(lost)+len(said) > 0 {
		t.Fatalf("before any damage: lost %v, said %v", lost, said)
	}
	work := filepath.Join(memoryDir(t), "c")
	rnd := rand.New(rand.NewPCG(1, 2))
	flips, mended := 0, 0
	for _, p := range filesOf(t, template) {
		name, err := filepath.Rel(template, p)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range offsets(rnd, info.Size()) {
			flips++
			copyTree(t, template, work)
			flip(t, filepath.Join(work, name), at)
			lost, said := whatIsLost(work, sealed)
			where := fmt.Sprintf("%s at byte %d of %d", name, at, info.Size())
			if len(lost) > 0 && len(said) == 0 {
				t.Errorf("%s: lost in silence: %v", where, lost)
			}
			for _, l := range lost {
				if strings.HasPrefix(l, "entry") || strings.HasPrefix(l, "draft") || l == "everything" {
					t.Errorf("%s: %s is lost although it was kept twice; said: %v", where, l, said)
				}
			}
			if twice := strings.HasSuffix(name, ".log") || strings.HasPrefix(name, "case.json"); twice {
				mended++
				if len(said) == 0 {
					t.Errorf("%s: nothing was said", where)
				}
				if again, said := whatIsLost(work, sealed); len(again)+len(said) > 0 {
					t.Errorf("%s: after mending: lost %v, said %v", where, again, said)
				}
			}
		}
	}
	if flips < 120 || mended < 30 {
		t.Fatalf("only %d flips, %d in files that are kept twice", flips, mended)
	}
	t.Logf("%d flips", flips)
}

// When both copies of an entry are hit, the entry's author and number are said, at every opening, and the rest is there.
func TestLossInBothCopiesIsNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	flipCase(t, dir)
	hitEntryInBoth(t, dir, 7)
	for round := range 3 {
		f := mustOpen(t, dir)
		mustHold(t, f, 12, 7)
		text := fmt.Sprint(f.Problems())
		if !strings.Contains(text, "entry 4 of author bo is lost in both copies") || !strings.Contains(text, "place 7") {
			t.Fatalf("opening %d: the loss is not named: %v", round, text)
		}
		unmended := 0
		for _, p := range f.Problems() {
			if !p.Mended {
				unmended++
			}
		}
		if unmended == 0 {
			t.Fatalf("opening %d: a loss is called mended", round)
		}
		f.Close()
	}
	f := mustOpen(t, dir)
	defer f.Close()
	if err := f.Append(ctx, entry(13)); err != nil {
		t.Fatal(err)
	}
	mustHold(t, f, 13, 7)
}

// hitEntryInBoth takes one entry out of both copies of a closed case.
func hitEntryInBoth(t *testing.T, dir string, number uint64) {
	t.Helper()
	f := mustOpen(t, dir)
	at := int64(framesStartForTest)
	for n := uint64(1); n < number; n++ {
		at += frameLength(t, f, n)
	}
	if err := f.record.Update(ctx, func(tx *store.Tx) error { return tx.Delete(entryKey(number)) }); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	flip(t, filepath.Join(dir, entriesName), at+60)
}

const (
	framesStartForTest   = 72 // entrylog/frame.go
	frameOverheadForTest = 60
)

func frameLength(t *testing.T, f *Folder, number uint64) (n int64) {
	t.Helper()
	err := f.record.View(func(tx *store.Tx) error {
		b, err := tx.Get(entryKey(number))
		n = int64(len(b)) + frameOverheadForTest
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Files that are missing as a whole.
func TestMissingFiles(t *testing.T) {
	template := filepath.Join(memoryDir(t), "template")
	sealed := flipCase(t, template)
	work := filepath.Join(memoryDir(t), "c")
	for _, name := range []string{caseName, caseCopyName, lockName, entriesName, draftsName, recordName} {
		copyTree(t, template, work)
		if err := os.RemoveAll(filepath.Join(work, name)); err != nil {
			t.Fatal(err)
		}
		lost, said := whatIsLost(work, sealed)
		if len(lost) > 0 || (len(said) == 0 && name != lockName) {
			t.Errorf("%s missing: lost %v, said %v", name, lost, said)
		}
		if lost, said := whatIsLost(work, sealed); len(lost)+len(said) > 0 {
			t.Errorf("%s missing, second opening: lost %v, said %v", name, lost, said)
		}
	}
	copyTree(t, template, work)
	for _, name := range []string{entriesName, recordName} {
		if err := os.RemoveAll(filepath.Join(work, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(work, []byte(testPass)); !errors.Is(err, ErrDamaged) {
		t.Errorf("both copies missing: %v", err)
	}
	copyTree(t, template, work)
	f := mustOpen(t, work)
	defer f.Close()
	if err := f.Vault().Remove(sealed); err != nil {
		t.Fatal(err)
	}
	if err := f.Vault().Verify(ctx, sealed); !errors.Is(err, vault.ErrMissing) {
		t.Errorf("missing evidence: %v", err)
	}
}

// memoryDir is a folder in memory where the system has one: these tests open hundreds of cases, and a sync that waits for
// a disk is not what they look at.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "casefolder-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func offsets(rnd *rand.Rand, size int64) []int64 {
	if size == 0 {
		return nil
	}
	at := map[int64]bool{0: true, size - 1: true, size / 2: true}
	for range 6 {
		at[rnd.Int64N(size)] = true
		at[rnd.Int64N(min(size, 4096))] = true // large files are mostly empty behind their beginning
	}
	var out []int64
	for o := range at {
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

func flip(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x20
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	for _, p := range filesOf(t, from) {
		rel, err := filepath.Rel(from, p)
		if err != nil {
			t.Fatal(err)
		}
		dst := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(dst), 0o700); err != nil {
			t.Fatal(err)
		}
		copyFile(t, p, dst)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
}
