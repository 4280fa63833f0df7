package casefolder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/incident"
	"adjutant/backend/store"
)

const (
	testID   = "0123456789abcdef0123456789abcdef"
	testPass = "correct horse"
)

var (
	ctx      = context.Background()
	testConf = Config{ID: testID, Mode: incident.ModeExercise, Created: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	quick    = Options{WorkFactor: 1} // scrypt's cost is age's business, not what these tests look at
)

func mustCreate(t testing.TB, dir string) *Folder {
	t.Helper()
	f, err := Create(dir, testConf, []byte(testPass), quick)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustOpen(t testing.TB, dir string) *Folder {
	t.Helper()
	f, err := Open(dir, []byte(testPass))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func entry(n int) Raw {
	return Raw{
		Line: []byte(fmt.Sprintf(`{"payload":"entry %d"}`, n)), Body: []byte(fmt.Sprintf(`{"text":"body %d"}`, n)),
		Author: []string{"ada", "bo"}[n%2], Seq: uint64((n + 1) / 2),
	}
}

func fill(t testing.TB, f *Folder, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		if err := f.Append(ctx, entry(n)); err != nil {
			t.Fatal(err)
		}
	}
}

// entriesOf reads all entries.
func entriesOf(t testing.TB, f *Folder) (all []Raw) {
	t.Helper()
	if err := f.Each(0, f.Len(), keepRaws(&all)); err != nil {
		t.Fatal(err)
	}
	return all
}

func keepRaws(all *[]Raw) func([]Raw) error {
	return func(block []Raw) error {
		for _, r := range block {
			r.Line, r.Body = slices.Clone(r.Line), slices.Clone(r.Body)
			*all = append(*all, r)
		}
		return nil
	}
}

// mustHold compares the entries with entry(1), entry(2) … except those lost.
func mustHold(t testing.TB, f *Folder, count int, lost ...int) {
	t.Helper()
	got := entriesOf(t, f)
	if len(got) != count-len(lost) {
		t.Fatalf("%d entries, want %d; problems: %v", len(got), count-len(lost), f.Problems())
	}
	i := 0
	for n := 1; n <= count; n++ {
		if len(lost) > 0 && lost[0] == n {
			lost = lost[1:]
			continue
		}
		if want := entry(n); !bytes.Equal(got[i].Line, want.Line) || !bytes.Equal(got[i].Body, want.Body) || got[i].Author != want.Author || got[i].Seq != want.Seq {
			t.Fatalf("entry %d: got %s %s", n, got[i].Line, got[i].Body)
		}
		i++
	}
}

func TestCaseKeepsWhatItAcknowledged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "harbor.case")
	f := mustCreate(t, dir)
	fill(t, f, 1, 25)
	noBody := Raw{Line: []byte("withheld")}
	if err := f.Append(ctx, noBody); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"note/1": "half a sent", "note/2": "gone"} {
		if err := f.Drafts().Set(key, []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Drafts().Delete("note/2"); err != nil {
		t.Fatal(err)
	}
	sealed, size, err := f.Vault().Put(ctx, strings.NewReader("evidence"))
	if err != nil || size != 8 {
		t.Fatal(size, err)
	}
	slots := f.SlotsHash()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}

	f = mustOpen(t, dir)
	defer f.Close()
	if p := f.Problems(); len(p) != 0 {
		t.Fatalf("problems: %v", p)
	}
	if f.ID() != testID || f.Mode() != incident.ModeExercise || !f.Created().Equal(testConf.Created) || f.Dir() != dir || f.SlotsHash() != slots {
		t.Fatal("case.json says something else than was given")
	}
	got := entriesOf(t, f)
	if len(got) != 26 {
		t.Fatal(len(got))
	}
	if last := got[25]; string(last.Line) != "withheld" || last.Body != nil {
		t.Fatalf("an entry without a body came back as %q %v", last.Line, last.Body)
	}
	if v, ok := f.Drafts().Get("note/1"); !ok || string(v) != "half a sent" {
		t.Fatalf("draft: %q %v", v, ok)
	}
	if keys := f.Drafts().Keys(); len(keys) != 1 || keys[0] != "note/1" {
		t.Fatalf("drafts: %v", keys)
	}
	if err := f.Vault().Verify(ctx, sealed); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	fill(t, f, 1, 3)
	if _, err := Open(dir, []byte(testPass)); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), testID) {
		t.Errorf("second opening: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Append(ctx, entry(4)); !errors.Is(err, ErrClosed) {
		t.Errorf("append to a closed case: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if _, err := Open(dir, []byte("wrong")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := Open(dir, nil); !errors.Is(err, ErrPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
	if _, err := Open(t.TempDir(), []byte(testPass)); !errors.Is(err, ErrNotCase) {
		t.Errorf("no case: %v", err)
	}
	if _, err := Create(dir, testConf, []byte(testPass), quick); !errors.Is(err, ErrExists) {
		t.Errorf("create over a case: %v", err)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "e"), testConf, nil, quick); !errors.Is(err, ErrPassphrase) {
		t.Errorf("create without passphrase: %v", err)
	}
	// After all those refusals the case still opens.
	g := mustOpen(t, dir)
	mustHold(t, g, 3)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	newer, err := os.ReadFile(filepath.Join(dir, caseName))
	if err != nil {
		t.Fatal(err)
	}
	newer = bytes.Replace(newer, []byte(`"version": 1`), []byte(`"version": 2`), 1)
	for _, name := range []string{caseName, caseCopyName} {
		if err := os.WriteFile(filepath.Join(dir, name), newer, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(dir, []byte(testPass)); !errors.Is(err, ErrVersion) {
		t.Errorf("newer version: %v", err)
	}
}

// A changed case.json (here: an exercise turned live, with a fitting checksum) is refused, because its seal does not fit.
func TestCaseFileCannotBeChangedWithoutTheKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	if err := mustCreate(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	c, _, err := readCase(dir)
	if err != nil {
		t.Fatal(err)
	}
	c.Mode = incident.ModeLive
	c.Sum = c.sum()
	if err := writeCase(dir, c); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, []byte(testPass)); !errors.Is(err, ErrDamaged) {
		t.Fatalf("opened a case whose mode was changed: %v", err)
	}
}

func TestSlots(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	first := f.SlotsHash()
	person, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.AddSlot([]byte("second"), quick); err != nil {
		t.Fatal(err)
	}
	if err := f.AddRecipient(person.Recipient().String()); err != nil {
		t.Fatal(err)
	}
	if f.SlotsHash() == first || len(f.Slots()) != 3 {
		t.Fatal("the slots' hash did not follow the slots")
	}
	fill(t, f, 1, 2)
	f.Close()
	for _, open := range []func() (*Folder, error){
		func() (*Folder, error) { return Open(dir, []byte("second")) },
		func() (*Folder, error) { return OpenWith(dir, person) },
	} {
		g, err := open()
		if err != nil {
			t.Fatal(err)
		}
		mustHold(t, g, 2)
		g.Close()
	}
	f = mustOpen(t, dir)
	if err := f.RemoveSlot(1); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := Open(dir, []byte("second")); !errors.Is(err, ErrPassphrase) {
		t.Fatalf("a removed passphrase still opens: %v", err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenWith(dir, other); !errors.Is(err, ErrPassphrase) {
		t.Fatalf("a stranger's identity: %v", err)
	}
}

// TestReplaceSlot: the new passphrase takes the old one's place; the slot of a passphrase is found, the slot of none is not.
func TestReplaceSlot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	if err := f.AddSlot([]byte("second"), quick); err != nil {
		t.Fatal(err)
	}
	if i, err := f.SlotOf([]byte("second")); err != nil || i != 1 {
		t.Fatalf("slot of the second passphrase: %d %v", i, err)
	}
	if _, err := f.SlotOf([]byte("third")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("slot of a passphrase that opens nothing: %v", err)
	}
	before := f.SlotsHash()
	if err := f.ReplaceSlot(1, []byte("third"), quick); err != nil || f.SlotsHash() == before || len(f.Slots()) != 2 {
		t.Fatalf("replace: %v, %d slots", err, len(f.Slots()))
	}
	if err := f.ReplaceSlot(2, []byte("fourth"), quick); err == nil {
		t.Error("replaced a slot that is not there")
	}
	f.Close()
	if _, err := Open(dir, []byte("second")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a replaced passphrase still opens: %v", err)
	}
	g, err := Open(dir, []byte("third"))
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
	mustOpen(t, dir).Close()
}

func TestInspectNeedsNoPassphraseAndTellsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	defer f.Close()
	info, err := Inspect(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Info{ID: testID, Mode: incident.ModeExercise, FormatVersion: 1, Created: testConf.Created}); info != want {
		t.Fatalf("got %+v, want %+v", info, want)
	}
}

// Nothing that went in may be found in any file of the folder.
func TestNoPlaintextOnDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	secret := []byte("Fährhafen-Geheimnis-4711")
	if err := f.Append(ctx, Raw{Line: bytes.Repeat(secret, 3), Body: bytes.Repeat(secret, 200), Author: string(secret), Seq: 1}); err != nil {
		t.Fatal(err)
	}
	if err := f.Drafts().Set(string(secret), bytes.Repeat(secret, 50)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Vault().Put(ctx, bytes.NewReader(bytes.Repeat(secret, 5000))); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, p := range filesOf(t, dir) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files++
		if bytes.Contains(b, secret[:10]) || bytes.Contains(b, []byte(testPass)) {
			t.Errorf("%s holds plain text", p)
		}
	}
	if files < 8 {
		t.Fatalf("looked at %d files only", files)
	}
	// Badger gives its files the process's default mode; the folder keeps others out of all of them.
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("case folder: mode %v (%v)", info.Mode(), err)
	}
}

func filesOf(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDerivedIsReplacedAsAWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	put := func(db *store.DB, v string) {
		t.Helper()
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.Set([]byte("k"), []byte(v)) }); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(want string) {
		t.Helper()
		db, err := f.Derived(ctx)
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(func(tx *store.Tx) error {
			v, err := tx.Get([]byte("k"))
			if string(v) != want {
				t.Errorf("derived holds %q, want %q", v, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	first, err := f.Derived(ctx)
	if err != nil {
		t.Fatal(err)
	}
	put(first, "one")
	second, _, err := f.NewDerived(ctx) // never committed
	if err != nil {
		t.Fatal(err)
	}
	put(second, "two")
	second.Close()
	f.Close()

	f = mustOpen(t, dir)
	holds("one")
	third, commit, err := f.NewDerived(ctx)
	if err != nil {
		t.Fatal(err)
	}
	put(third, "three")
	holds("one")
	if err := commit(); err != nil {
		t.Fatal(err)
	}
	holds("three")
	f.Close()
	f = mustOpen(t, dir)
	holds("three")
	if all, err := store.Generations(filepath.Join(dir, "store")); err != nil || len(all) != 1 {
		t.Fatalf("derived stores left: %v %v", all, err)
	}
	f.Close()

	// A derived store that vanished is missed, not replaced by an empty one.
	for _, p := range []string{"derived-2", "derived-2.complete"} {
		if err := os.RemoveAll(filepath.Join(dir, "store", p)); err != nil {
			t.Fatal(err)
		}
	}
	f = mustOpen(t, dir)
	defer f.Close()
	if _, err := f.Derived(ctx); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a vanished derived store: %v", err)
	}
	if db, commit, err := f.NewDerived(ctx); err != nil || commit() != nil {
		t.Fatal(db, err)
	}
}

// When the second copy cannot be written, the append is refused, taken back, and nothing else is appended until the case
// was opened again.
func TestHalfWrittenAppendIsTakenBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	fill(t, f, 1, 3)
	if err := f.record.Close(); err != nil { // Badger is gone under us
		t.Fatal(err)
	}
	if err := f.Append(ctx, entry(4)); err == nil {
		t.Fatal("acknowledged with one copy")
	}
	if err := f.Append(ctx, entry(4)); !errors.Is(err, ErrBroken) {
		t.Fatalf("second append: %v", err)
	}
	if err := f.Drafts().Set("k", []byte("v")); err == nil {
		t.Fatal("draft acknowledged with one copy")
	}
	if err := f.Drafts().Set("k", []byte("v")); !errors.Is(err, ErrBroken) {
		t.Fatalf("second draft: %v", err)
	}
	mustHold(t, f, 3)
	f.Close() //nolint:errcheck // the record store is closed already
	f = mustOpen(t, dir)
	defer f.Close()
	mustHold(t, f, 3)
	if keys := f.Drafts().Keys(); len(keys) != 0 || len(f.Problems()) != 0 {
		t.Fatalf("drafts %v, problems %v", keys, f.Problems())
	}
	fill(t, f, 4, 4)
	mustHold(t, f, 4)
}

func TestDraftsLogStaysSmall(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	text := bytes.Repeat([]byte("typing "), 10_000)
	for n := range 60 {
		if err := f.Drafts().Set("long", append(text, byte('0'+n%10))); err != nil {
			t.Fatal(err)
		}
		if err := f.Drafts().Set(fmt.Sprint("k", n%3), []byte{byte(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Drafts().Delete("k0"); err != nil {
		t.Fatal(err)
	}
	if size := f.drafts.log.Size(); size > 2*draftsCompactBytes {
		t.Fatalf("drafts.log has %d bytes for %d alive", size, len(text))
	}
	f.Close()
	f = mustOpen(t, dir)
	defer f.Close()
	if p := f.Problems(); len(p) > 0 {
		t.Fatal(p)
	}
	if keys := f.Drafts().Keys(); fmt.Sprint(keys) != "[k1 k2 long]" {
		t.Fatal(keys)
	}
	if v, ok := f.Drafts().Get("k2"); !ok || v[0] != 59 {
		t.Fatal(v, ok)
	}
}

func TestAppendRefusesWhatIsNoEntry(t *testing.T) {
	f := mustCreate(t, filepath.Join(t.TempDir(), "c"))
	defer f.Close()
	for _, r := range []Raw{{}, {Line: make([]byte, MaxEntryBytes+1)}, {Line: []byte("l"), Body: make([]byte, MaxEntryBytes+1)}} {
		if err := f.Append(ctx, r); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d + %d bytes: %v", len(r.Line), len(r.Body), err)
		}
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if err := f.Append(stopped, entry(1)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	mustHold(t, f, 0)
}

func BenchmarkAppend(b *testing.B) {
	f := mustCreate(b, filepath.Join(b.TempDir(), "c"))
	defer f.Close()
	r := Raw{Line: bytes.Repeat([]byte("l"), 700), Body: bytes.Repeat([]byte("b"), 900), Author: "a"}
	for b.Loop() {
		r.Seq++
		if err := f.Append(ctx, r); err != nil {
			b.Fatal(err)
		}
	}
}

// TestManyDraftsInANewStore: values that do not fit into one transaction come back when store/record is made again.
func TestManyDraftsInANewStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	f := mustCreate(t, dir)
	const count = 2500
	text := []byte(strings.Repeat("half a sentence ", 50)) // below what goes past Badger's tables
	var frames []entrylog.Frame
	for n := range uint64(count) {
		frames = append(frames, entrylog.Frame{Number: n + 1, Data: encodeChange(n+1, opSet, draftKey+fmt.Sprint("note/", n), text)})
	}
	l, err := f.drafts.rewrite(frames)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	f.Close()
	if err := os.RemoveAll(filepath.Join(dir, recordName)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		f = mustOpen(t, dir)
		if got := f.Drafts().Keys(); len(got) != count {
			t.Fatalf("%d drafts, want %d: %v", len(got), count, f.Problems())
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, draftsName)); err != nil { // the second opening has the store alone
			t.Fatal(err)
		}
	}
}
