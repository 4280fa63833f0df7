package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/store"
)

const secretWord = "plain-words-of-the-case"

func contains(b []byte, word string) bool { return bytes.Contains(b, []byte(word)) }

// entry makes keys that both rounds share and keys of their own; every third value goes to the value log.
func entry(round, i, j int) (string, []byte) {
	key := fmt.Sprintf("key/%d/%d", i, j)
	if i%2 == 1 {
		key = fmt.Sprintf("key/%d/%d/%d", round, i, j)
	}
	value := []byte(fmt.Sprintf("%s %d %d %d", secretWord, round, i, j))
	if j == 2 {
		value = bytes.Repeat(value, 60)
	}
	return key, value
}

// TestFlippedBytesAreNamed flips one byte at a time in every file of a cleanly closed store. Whatever is then read must
// be right, or damage must be named.
func TestFlippedBytesAreNamed(t *testing.T) {
	origin := filepath.Join(t.TempDir(), "origin")
	model := fill(t, origin)
	entries, err := os.ReadDir(origin)
	if err != nil {
		t.Fatal(err)
	}
	tried, refused := 0, 0
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(origin, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range offsets(len(data)) {
			tried++
			dir := copyStore(t, origin)
			flipped := bytes.Clone(data)
			flipped[at] ^= 0x40
			if err := os.WriteFile(filepath.Join(dir, e.Name()), flipped, 0o600); err != nil {
				t.Fatal(err)
			}
			if outcome(t, dir, model, fmt.Sprintf("%s byte %d", e.Name(), at)) {
				refused++
			}
			os.RemoveAll(dir)
		}
	}
	if tried < 40 || refused < tried/2 {
		t.Fatalf("%d flips, %d refused: the test does not bite", tried, refused)
	}
	t.Logf("%d flips, %d named, the rest without effect", tried, refused)
}

// TestMissingAndCutFilesAreNamed removes and shortens each file.
func TestMissingAndCutFilesAreNamed(t *testing.T) {
	origin := filepath.Join(t.TempDir(), "origin")
	model := fill(t, origin)
	entries, err := os.ReadDir(origin)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int64{-1, 0, info.Size() / 2} {
			dir := copyStore(t, origin)
			name := filepath.Join(dir, e.Name())
			if size < 0 {
				err = os.Remove(name)
			} else {
				err = os.Truncate(name, size)
			}
			if err != nil {
				t.Fatal(err)
			}
			outcome(t, dir, model, fmt.Sprintf("%s cut to %d", e.Name(), size))
		}
	}
}

// outcome opens a damaged store and reports whether damage was named; silent loss or change fails the test.
func outcome(t *testing.T, dir string, model map[string][]byte, what string) bool {
	t.Helper()
	v := verdict(dir, model)
	if v != "same" && v != "damaged" {
		t.Errorf("%s: %s", what, v)
	}
	return v == "damaged"
}

// verdict is "same", "damaged" (named, with a file), or a sentence about what went wrong.
func verdict(dir string, model map[string][]byte) string {
	db, err := open(dir)
	if err != nil {
		var d *store.DamageError
		if !errors.As(err, &d) || !strings.HasPrefix(d.File, dir) {
			return fmt.Sprintf("refused without naming a file: %v", err)
		}
		return "damaged"
	}
	defer db.Close()
	result := "same"
	err = db.View(func(tx *store.Tx) error {
		for key, want := range model {
			got, err := tx.Get([]byte(key))
			if errors.Is(err, store.ErrDamaged) {
				result = "damaged"
				continue
			}
			if err != nil || !bytes.Equal(got, want) {
				return fmt.Errorf("silent: %s gives %.20q, %v", key, got, err)
			}
		}
		n := 0
		err := tx.Scan(nil, false, func(k, v []byte) error {
			n++
			if !bytes.Equal(model[string(k)], v) {
				return fmt.Errorf("silent: scan gives another value for %s", k)
			}
			return nil
		})
		if errors.Is(err, store.ErrDamaged) {
			result = "damaged"
			return nil
		}
		if err == nil && n != len(model) {
			return fmt.Errorf("silent: scan gives %d of %d keys", n, len(model))
		}
		return err
	})
	if err != nil {
		return err.Error()
	}
	return result
}

// offsets are the first bytes and an even spread: enough to meet header, middle and end of each file.
func offsets(n int) []int {
	var out []int
	for _, at := range []int{0, 1, 5, 9, 20, 30} {
		if at < n {
			out = append(out, at)
		}
	}
	for i := 1; i <= 12; i++ {
		if at := n * i / 13; at < n && at > 30 {
			out = append(out, at)
		}
	}
	if n > 31 {
		out = append(out, n-1)
	}
	return out
}

func copyStore(t *testing.T, origin string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "s"), os.DirFS(origin)); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "s")
}
