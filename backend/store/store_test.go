package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"adjutant/backend/store"
	"adjutant/backend/store/storetest"
)

var testKeys = store.Keys{Badger: [32]byte{1, 2, 3}, Seal: [32]byte{4, 5, 6}}

func open(dir string) (*store.DB, error) { return store.Open(dir, testKeys) }

func TestSuite(t *testing.T) { storetest.Run(t, open) }

func TestSecondOpenIsRefused(t *testing.T) {
	dir := t.TempDir()
	db, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(dir); !errors.Is(err, store.ErrInUse) {
		t.Errorf("second open gave %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = open(dir); err != nil {
		t.Fatalf("open after close: %v", err)
	}
	db.Close()
}

func TestWrongKeysAreRefused(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	for _, k := range []store.Keys{{}, {Seal: testKeys.Seal}, {Badger: testKeys.Badger}} {
		if db, err := store.Open(dir, k); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("wrong keys gave %v, %v", db, err)
		}
	}
	db, err := open(dir)
	if err != nil {
		t.Fatalf("right keys after wrong ones: %v", err)
	}
	db.Close()
}

// TestFolderHoldsNoPlaintext looks for a value and a key in every file of a store.
func TestFolderHoldsNoPlaintext(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	files := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, word := range []string{secretWord, "key/"} {
			if contains(b, word) {
				t.Errorf("%s holds %q in the clear", name, word)
			}
		}
		return nil
	})
	if err != nil || files < 5 {
		t.Fatalf("%d files seen: %v", files, err)
	}
}

func TestDerivedGenerations(t *testing.T) {
	parent := t.TempDir()
	if _, err := store.Current(parent); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("empty parent gave %v", err)
	}
	for n := 1; n <= 3; n++ {
		g, err := store.NextDerived(parent)
		if err != nil || g.N != n {
			t.Fatalf("next is %d, %v; expected %d", g.N, err, n)
		}
		db, err := open(g.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if n == 3 {
			break // unfinished
		}
		if err := g.MarkComplete(); err != nil {
			t.Fatal(err)
		}
	}
	g, err := store.Current(parent)
	if err != nil || g.N != 2 {
		t.Fatalf("current is %d, %v; expected 2", g.N, err)
	}
	if err := store.RemoveOthers(parent, g.N); err != nil {
		t.Fatal(err)
	}
	all, err := store.Generations(parent)
	if err != nil || len(all) != 1 || all[0].N != 2 || !all[0].Complete {
		t.Fatalf("left: %+v, %v", all, err)
	}
}

// fill makes a store with small and large values over several openings, so that tables and value logs exist.
func fill(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	model := map[string][]byte{}
	for round := range 2 {
		db, err := open(dir)
		if err != nil {
			t.Fatal(err)
		}
		put(t, db, model, round)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return model
}

func put(t *testing.T, db *store.DB, model map[string][]byte, round int) {
	t.Helper()
	for i := range 12 {
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			for j := range 3 {
				key, value := entry(round, i, j)
				model[key] = value
				if err := tx.Set([]byte(key), value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
