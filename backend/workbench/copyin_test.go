package workbench

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/identity"
	"adjutant/backend/parcel"
)

// TestImportsThatAreRefused leaves nothing and says why.
func TestImportsThatAreRefused(t *testing.T) {
	ada, ben := laptops(t)
	ada.addLog("web01.log", 30)
	base := t.TempDir()
	plain, word, key := filepath.Join(base, "plain"), filepath.Join(base, "word"), filepath.Join(base, "key")
	ada.export(CopyRequest{Out: plain, Form: FormPlain, Evidence: EvidenceAll})
	ada.export(CopyRequest{Out: word, Form: FormParcel, Passphrase: wordPass})
	ada.export(CopyRequest{Out: key, Form: FormParcel, Recipients: []string{"Ada"}})
	for name, c := range map[string]struct {
		r   ImportRequest
		err error
	}{
		"wrong word": {ImportRequest{Path: word, Passphrase: []byte("another one")}, parcel.ErrPassphrase}, "no word": {ImportRequest{Path: word}, parcel.ErrPassphrase},
		"not for Ben": {ImportRequest{Path: key, Key: casePass}, parcel.ErrNotForYou}, "Ben's key stays shut": {ImportRequest{Path: key, Key: []byte("wrong word")}, identity.ErrPassphrase},
		"nothing": {ImportRequest{Path: filepath.Join(base, "none")}, ErrNotFound}, "no copy": {ImportRequest{Path: base}, parcel.ErrNotParcel}, "a case": {ImportRequest{Path: ada.dir}, parcel.ErrNotParcel},
		"no age key": {ImportRequest{Path: key, Identity: []byte("x")}, ErrUsage},
	} {
		c.r.Dir = filepath.Join(base, "new.case")
		if _, err := OpenImport(t.Context(), ben.env, c.r, nil); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	run := func(r ImportRequest, pass []byte) (Merged, error) {
		t.Helper()
		i, err := OpenImport(t.Context(), ben.env, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		return i.Run(t.Context(), pass, nil)
	}
	if _, err := run(ImportRequest{Path: plain, Dir: filepath.Join(base, "new.case")}, []byte("short")); !errors.Is(err, ErrUsage) {
		t.Errorf("a short passphrase: %v", err)
	}
	if _, err := run(ImportRequest{Path: plain, Dir: ben.dir}, casePass); !errors.Is(err, casefolder.ErrExists) {
		t.Errorf("over a case: %v", err)
	}
	// One byte of the record is changed: nothing comes in, unless somebody says so.
	raw, err := os.ReadFile(filepath.Join(plain, bundle.EntriesFile))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(raw, []byte(`"sig":"`)) + 10
	raw[at] = map[bool]byte{true: 'B', false: 'A'}[raw[at] == 'A']
	if err := os.WriteFile(filepath.Join(plain, bundle.EntriesFile), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var damage *CopyDamage
	if _, err := run(ImportRequest{Path: plain, Dir: filepath.Join(base, "new.case")}, casePass); !errors.As(err, &damage) || len(damage.Problems) == 0 {
		t.Errorf("a changed byte: %v", err)
	}
	if _, err := os.Stat(filepath.Join(base, "new.case")); err == nil || len(hiddenIn(t, base)) > 0 {
		t.Errorf("left behind: %v", hiddenIn(t, base))
	}
	if m, err := run(ImportRequest{Path: plain, Dir: filepath.Join(base, "new.case"), KeepGoing: true}, casePass); err != nil || m.Entries == 0 || len(m.LeftOut) == 0 {
		t.Errorf("what is sound of it: %+v %v", m, err)
	}
}

// TestAnImportThatWasKilledGoesOn: what was sealed already is not sealed again; another passphrase begins anew.
func TestAnImportThatWasKilledGoesOn(t *testing.T) {
	ada, ben := laptops(t)
	ada.addLog("web01.log", 200)
	ada.addLog("web02.log", 200)
	base := t.TempDir()
	word := filepath.Join(base, "word")
	ada.export(CopyRequest{Out: word, Form: FormParcel, Passphrase: wordPass})
	for _, again := range [][]byte{casePass, []byte("another passphrase")} {
		r := ImportRequest{Path: word, Passphrase: wordPass, Dir: filepath.Join(base, "b.case")}
		i, err := OpenImport(t.Context(), ben.env, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		if _, err := i.fill(ctx, growing(r.Dir), casePass, func(p Progress) {
			if strings.HasPrefix(p.Message, "taking in") && strings.HasSuffix(p.Message, "web02.log") {
				stop()
			}
		}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := casefolder.Inspect(growing(r.Dir)); err != nil {
			t.Fatal(err)
		}
		i.Close()
		if i, err = OpenImport(t.Context(), ben.env, r, nil); err != nil {
			t.Fatal(err)
		}
		m, err := i.Run(t.Context(), again, nil)
		if want := map[bool]int{true: 1, false: 2}[bytes.Equal(again, casePass)]; err != nil || m.Evidence != want || len(hiddenIn(t, base)) > 0 {
			t.Errorf("%s: %+v %v", again, m, err)
		}
		i.Close()
		b, err := OpenCase(t.Context(), ben.env, OpenConfig{Dir: r.Dir, Passphrase: again})
		if err != nil {
			t.Fatal(err)
		}
		if b.whole().Head != m.Head || len(b.Problems()) != 0 {
			t.Errorf("%v", b.Problems())
		}
		if err := errors.Join(b.Close(), os.RemoveAll(r.Dir)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnImportGoesOnWithItsOwnCopyOnly: what an import of another copy left at the same place, which may have been damaged or
// taken in with --keep-going, does not slip into the case that is made.
func TestAnImportGoesOnWithItsOwnCopyOnly(t *testing.T) {
	ada, ben := laptops(t)
	ada.addLog("web01.log", 20)
	base := t.TempDir()
	first, second := filepath.Join(base, "first"), filepath.Join(base, "second")
	ada.export(CopyRequest{Out: first, Form: FormParcel, Passphrase: wordPass})
	ben.note("only Ben's copy holds this")
	ben.export(CopyRequest{Out: second, Form: FormParcel, Passphrase: wordPass})
	dir := filepath.Join(base, "c.case")
	other, _ := receive(t, testEnv(t.TempDir()), ImportRequest{Path: second, Passphrase: wordPass, Dir: filepath.Join(base, "other.case")})
	other.close()
	if err := os.Rename(other.dir, growing(dir)); err != nil { // as when that import was killed at its end
		t.Fatal(err)
	}
	got, m := receive(t, testEnv(t.TempDir()), ImportRequest{Path: first, Passphrase: wordPass, Dir: dir})
	if got.head() != ada.head() || m.Head != ada.head() || m.Entries != got.b.whole().Entries || m.Evidence != 1 {
		t.Errorf("%d entries, %d of them taken in now, the copy has %d; %d items", got.b.whole().Entries, m.Entries, ada.b.whole().Entries, m.Evidence)
	}
}
