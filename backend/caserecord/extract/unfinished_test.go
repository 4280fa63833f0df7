package extract

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestUnfinished: an extract gets its name after what comes before was done, or is not there; what a killed call left under
// a name that follows from the target goes with the next one, and a link in its place leads nowhere.
func TestUnfinished(t *testing.T) {
	ada, ben := team(t)
	dir := filepath.Join(t.TempDir(), "part")
	o := options(ada, ben, find(t, ada, 1))
	refused := errors.New("nobody signed")
	seen := ""
	o.Before = func() error {
		if _, err := os.Lstat(dir); err == nil {
			t.Error("it has its name already")
		}
		seen = Unfinished(dir)
		return refused
	}
	if _, err := Write(dir, o); !errors.Is(err, refused) || seen == "" || Unfinished(dir) != "" {
		t.Errorf("%v, in %q, left %q", err, seen, Unfinished(dir))
	}
	if _, err := os.Lstat(dir); err == nil {
		t.Error("refused, and there")
	}
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, seen); err != nil {
		t.Fatal(err)
	}
	o.Before = nil
	if _, err := Write(dir, o); err != nil || Unfinished(dir) != "" {
		t.Errorf("%v, left %q", err, Unfinished(dir))
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("%d files where the link led (%v)", len(left), err)
	}
	if err := os.Mkdir(seen, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(seen, "entries.jsonl"), []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(filepath.Dir(dir), "other")
	if _, err := Write(other, o); err != nil || Unfinished(dir) == "" {
		t.Errorf("another extract beside it: %v, left %q", err, Unfinished(dir))
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, o); err != nil || Unfinished(dir) != "" {
		t.Errorf("%v, left %q", err, Unfinished(dir))
	}
}
