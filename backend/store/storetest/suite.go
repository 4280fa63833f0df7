// Package storetest is one suite that every key-value store of the product must pass.
//
// It stands beside store and is used in tests only. It compares random transactions with a map, across reopening.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"adjutant/backend/store"
)

// Run opens stores in fresh folders through open and checks what a store promises.
func Run(t *testing.T, open func(dir string) (*store.DB, error)) {
	t.Run("twin", func(t *testing.T) { twin(t, open) })
	t.Run("rollback", func(t *testing.T) { rollback(t, open) })
	t.Run("scan", func(t *testing.T) { scan(t, open) })
	t.Run("bounds", func(t *testing.T) { bounds(t, open) })
}

func mustOpen(t *testing.T, dir string, open func(string) (*store.DB, error)) *store.DB {
	t.Helper()
	db, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// twin applies random transactions to one store and to a map, and compares the two, now and then after reopening.
func twin(t *testing.T, open func(string) (*store.DB, error)) {
	dir := t.TempDir()
	db := mustOpen(t, dir, open)
	defer func() { db.Close() }()
	model := map[string][]byte{}
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(r, "transactions") {
			transaction(r, db, model)
		}
		if rapid.IntRange(0, 9).Draw(r, "reopen") == 0 {
			if err := db.Close(); err != nil {
				r.Fatalf("close: %v", err)
			}
			again, err := open(dir)
			if err != nil {
				r.Fatalf("reopen: %v", err)
			}
			db = again
		}
		if err := Same(db, model); err != nil {
			r.Fatal(err)
		}
	})
}

func transaction(r *rapid.T, db *store.DB, model map[string][]byte) {
	fail := rapid.IntRange(0, 4).Draw(r, "fail") == 0
	pending := map[string][]byte{}
	for k, v := range model {
		pending[k] = v
	}
	stop := errors.New("stop")
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		for range rapid.IntRange(0, 8).Draw(r, "writes") {
			key := fmt.Sprintf("k%d", rapid.IntRange(0, 9).Draw(r, "key"))
			if rapid.IntRange(0, 3).Draw(r, "delete") == 0 {
				delete(pending, key)
				if err := tx.Delete([]byte(key)); err != nil {
					return err
				}
				continue
			}
			size := rapid.SampledFrom([]int{0, 1, 100, 5000}).Draw(r, "size")
			value := bytes.Repeat([]byte{byte(rapid.IntRange(0, 255).Draw(r, "fill"))}, size)
			pending[key] = value
			if err := tx.Set([]byte(key), value); err != nil {
				return err
			}
			got, err := tx.Get([]byte(key))
			if err != nil || !bytes.Equal(got, value) {
				return fmt.Errorf("own write not seen: %v", err)
			}
		}
		if fail {
			return stop
		}
		return nil
	})
	if fail != errors.Is(err, stop) || (err != nil && !errors.Is(err, stop)) {
		r.Fatalf("update: %v, expected failure %v", err, fail)
	}
	if !fail {
		clear(model)
		for k, v := range pending {
			model[k] = v
		}
	}
}

// Same says how a store differs from a map, by scan and by single reads.
func Same(db *store.DB, model map[string][]byte) error {
	return db.View(func(tx *store.Tx) error {
		var keys []string
		err := tx.Scan(nil, false, func(k, v []byte) error {
			keys = append(keys, string(k))
			if want, ok := model[string(k)]; !ok || !bytes.Equal(want, v) {
				return fmt.Errorf("key %q: %d bytes stored, %d expected (known %v)", k, len(v), len(want), ok)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(keys) != len(model) || !sort.StringsAreSorted(keys) {
			return fmt.Errorf("scan gave %d keys of %d, sorted %v", len(keys), len(model), sort.StringsAreSorted(keys))
		}
		for k, want := range model {
			got, err := tx.Get([]byte(k))
			if err != nil || !bytes.Equal(got, want) {
				return fmt.Errorf("get %q: %d bytes, %d expected: %v", k, len(got), len(want), err)
			}
		}
		return nil
	})
}

func rollback(t *testing.T, open func(string) (*store.DB, error)) {
	db := mustOpen(t, t.TempDir(), open)
	defer db.Close()
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Set([]byte("a"), []byte("1")); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled update gave %v", err)
	}
	err = db.View(func(tx *store.Tx) error {
		if _, err := tx.Get([]byte("a")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("cancelled write is visible: %v", err)
		}
		if err := tx.Set([]byte("a"), nil); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("write in a view gave %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func scan(t *testing.T, open func(string) (*store.DB, error)) {
	db := mustOpen(t, t.TempDir(), open)
	defer db.Close()
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		for _, k := range []string{"b/2", "a/1", "b/1", "c", "b/10"} {
			if err := tx.Set([]byte(k), []byte("value of "+k)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = db.View(func(tx *store.Tx) error {
		return tx.Scan([]byte("b/"), true, func(k, v []byte) error {
			if v != nil {
				t.Errorf("keys only, but %q has a value", k)
			}
			got = append(got, string(k))
			return nil
		})
	})
	if err != nil || fmt.Sprint(got) != "[b/1 b/10 b/2]" {
		t.Fatalf("scan of b/ gave %v, %v", got, err)
	}
	stop := errors.New("stop")
	err = db.View(func(tx *store.Tx) error {
		return tx.Scan(nil, false, func(_, _ []byte) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Fatalf("error of the caller became %v", err)
	}
}

func bounds(t *testing.T, open func(string) (*store.DB, error)) {
	db := mustOpen(t, t.TempDir(), open)
	for _, key := range [][]byte{nil, {0, 1}, bytes.Repeat([]byte("k"), 2000)} {
		err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.Set(key, nil) })
		if !errors.Is(err, store.ErrKey) {
			t.Errorf("key of %d bytes gave %v", len(key), err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); !errors.Is(err, store.ErrClosed) {
		t.Errorf("second close gave %v", err)
	}
	if err := db.View(func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("view of a closed store gave %v", err)
	}
	err := db.Update(context.Background(), func(*store.Tx) error { return nil })
	if !errors.Is(err, store.ErrClosed) {
		t.Errorf("update of a closed store gave %v", err)
	}
}
