package workbench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
)

// TestDamagedRowsAreMadeAgain: whatever happens to the derived store, the case opens with all its rows and says what was
// wrong; evidence that is not here is counted and comes back with a rebuild.
func TestDamagedRowsAreMadeAgain(t *testing.T) {
	ctx := context.Background()
	env, dir := testEnv(t.TempDir()), t.TempDir()
	c := OpenConfig{Dir: filepath.Join(dir, "a.case"), Passphrase: []byte("long enough")}
	b, err := CreateCase(ctx, env, CaseConfig{Dir: c.Dir, Name: "A", Person: "P", Passphrase: c.Passphrase}, signs)
	if err != nil {
		t.Fatal(err)
	}
	sealed, referenced := filepath.Join(dir, "sealed.log"), filepath.Join(dir, "referenced.log")
	take(t, b, evidence.KeepSealed, sealed, lines("fs01", 3000))
	take(t, b, evidence.KeepReferenced, referenced, lines("db01", 2000))
	want, err := b.Digest(ctx)
	if err != nil || want.Rows != 5000 {
		t.Fatalf("%d rows: %v", want.Rows, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(store string) error{
		"missing": os.RemoveAll,
		"altered": func(s string) error { return spoil(filepath.Join(s, "MANIFEST"), 5, 1<<20) },
		"rows altered": func(s string) error {
			logs, err := filepath.Glob(filepath.Join(s, "*.vlog"))
			for _, l := range logs {
				err = spoil(l, 100, 500)
			}
			return err
		},
	} {
		if err := damage(derivedOf(t, c.Dir)); err != nil {
			t.Fatal(err)
		}
		b, err := OpenCase(ctx, env, c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p := b.Problems(); len(p) != 1 || !p[0].Mended || !strings.Contains(p[0].Text, "made again from 2 items") {
			t.Errorf("%s: said %v", name, p)
		}
		if got, err := b.Digest(ctx); err != nil || got.Digest != want.Digest {
			t.Errorf("%s: digest %s of %d rows, want %s (%v)", name, got.Digest, got.Rows, want.Digest, err)
		}
		if v, err := b.Verify(); err != nil || v.Word() != "good" {
			t.Errorf("%s: record %s (%v)", name, v.Word(), err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(derivedOf(t, c.Dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(referenced, referenced+".away"); err != nil {
		t.Fatal(err)
	}
	if b, err = OpenCase(ctx, env, c); err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if p := b.Problems(); len(p) != 1 || p[0].Mended || !strings.Contains(p[0].Text, "1 items are not here") {
		t.Errorf("without the referenced log: said %v", p)
	}
	if got, err := b.Digest(ctx); err != nil || got.Rows != 3000 {
		t.Errorf("without the referenced log: %d rows (%v)", got.Rows, err)
	}
	if err := os.Rename(referenced+".away", referenced); err != nil {
		t.Fatal(err)
	}
	if r, err := b.Rebuild(ctx, nil); err != nil || r.After != want.Digest || r.Absent != 0 {
		t.Errorf("with it again: %+v, want %s (%v)", r, want.Digest, err)
	}
}

// TestDamageWhileReadingIsNamed: a row that does not pass its seal is damage with a way out, never an empty answer.
func TestDamageWhileReadingIsNamed(t *testing.T) {
	ctx := context.Background()
	env, dir := testEnv(t.TempDir()), t.TempDir()
	c := OpenConfig{Dir: filepath.Join(dir, "a.case"), Passphrase: []byte("long enough")}
	b, err := CreateCase(ctx, env, CaseConfig{Dir: c.Dir, Name: "A", Person: "P", Passphrase: c.Passphrase}, signs)
	if err != nil {
		t.Fatal(err)
	}
	take(t, b, evidence.KeepSealed, filepath.Join(dir, "a.log"), lines("fs01", 8000))
	// A second value log, so that the first is not hashed at opening.
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err = OpenCase(ctx, env, c); err != nil {
		t.Fatal(err)
	}
	take(t, b, evidence.KeepSealed, filepath.Join(dir, "b.log"), lines("db01", 10))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	largest, size := "", int64(0)
	logs, err := filepath.Glob(filepath.Join(derivedOf(t, c.Dir), "*.vlog"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range logs {
		if info, err := os.Stat(l); err == nil && info.Size() > size {
			largest, size = l, info.Size()
		}
	}
	for _, at := range []int64{size / 8, size / 4, size / 2, size * 3 / 4} {
		if err := spoil(largest, int(at), 1<<30); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = OpenCase(ctx, env, c); err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if len(b.Problems()) > 0 {
		t.Fatalf("the opening saw it already: %v", b.Problems())
	}
	var out strings.Builder
	n, err := b.ExportJSONL(ctx, "", &out)
	if f := Explain(err); f.Code != CodeDamaged || !strings.Contains(f.Hint, "case rebuild") {
		t.Errorf("export of %d rows: %v; %s", n, err, f)
	}
	if r, err := b.Rebuild(ctx, nil); err != nil || r.Items != 2 {
		t.Errorf("rebuild: %+v (%v)", r, err)
	}
	if n, err := b.ExportJSONL(ctx, "", &out); err != nil || n != 8010 {
		t.Errorf("export after the rebuild: %d rows (%v)", n, err)
	}
}

// take writes a file and takes it in.
func take(t *testing.T, b *Bench, keep evidence.Keep, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	req := IntakeRequest{Paths: []string{path}, Keep: keep}
	p, err := b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.AddEvidence(context.Background(), confirm.Batch(me, p.Shown, p.Kinds...), req, nil, nil); err != nil {
		t.Fatal(err)
	}
}

func lines(host string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "2026-03-03T%02d:%02d:%02dZ %s app[%d]: %x\n", i/3600%24, i/60%60, i%60, host, i, i*2654435761%4294967296)
	}
	return b.String()
}

// derivedOf is the folder of the derived store in use.
func derivedOf(t *testing.T, dir string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "store", "derived-*[0-9]"))
	if err != nil || len(all) != 1 {
		t.Fatalf("derived stores: %v (%v)", all, err)
	}
	return all[0]
}

// spoil flips a bit at the offset from and every step bytes behind it.
func spoil(path string, from, step int) error {
	raw, err := os.ReadFile(path)
	for i := from; i < len(raw); i += step {
		raw[i] ^= 1
	}
	if err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	return err
}
