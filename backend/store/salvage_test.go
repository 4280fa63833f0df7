package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

var salvageKeys = Keys{Badger: [32]byte{1}, Seal: [32]byte{2}}

func put(t *testing.T, db *DB, key, value string) {
	t.Helper()
	err := db.Update(context.Background(), func(tx *Tx) error { return tx.Set([]byte(key), []byte(value)) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestOpenDamagedSavesWhatIsLeft loses the last table and reads the rest.
func TestOpenDamagedSavesWhatIsLeft(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(dir, salvageKeys)
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, "a", "kept")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, inventoryName), 3); err != nil {
		t.Fatal(err)
	}
	state := db.head.at
	head, _, err := openHead(dir, salvageKeys.Seal)
	if err != nil {
		t.Fatal(err)
	}
	if err := head.put(state.acknowledged+5, false); err != nil { // as if five more had been acknowledged
		t.Fatal(err)
	}
	if err := head.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, salvageKeys); !errors.Is(err, ErrDamaged) {
		t.Fatalf("open of a store that lost transactions: %v", err)
	}
	db, err = OpenDamaged(dir, salvageKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *Tx) error {
		v, err := tx.Get([]byte("a"))
		if string(v) != "kept" {
			t.Errorf("a is %q", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, "b", "goes on")
}

// TestFullDiskIsRefusedBeforeWriting asks for more space than any disk has.
func TestFullDiskIsRefusedBeforeWriting(t *testing.T) {
	if err := enoughSpace(t.TempDir(), 1<<62); !errors.Is(err, ErrFull) {
		t.Errorf("no space gave %v", err)
	}
	if err := enoughSpace(t.TempDir(), 1); err != nil {
		t.Errorf("one byte gave %v", err)
	}
}

// TestOlderVersionIsNoticed brings back an older value of a key under the newest tally, as a lost table would.
func TestOlderVersionIsNoticed(t *testing.T) {
	db, err := Open(t.TempDir(), salvageKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	put(t, db, "k", "old")
	before := db.last
	put(t, db, "k", "new")
	if before.sumLo == db.last.sumLo || before.keys != db.last.keys {
		t.Errorf("the tally does not tell versions of a key apart: %+v, %+v", before, db.last)
	}
	err = db.Update(context.Background(), func(tx *Tx) error { return tx.Delete([]byte("k")) })
	if err != nil {
		t.Fatal(err)
	}
	if db.last.keys != 0 || db.last.sumLo != 0 || db.last.sumHi != 0 {
		t.Errorf("an empty store has the tally %+v", db.last)
	}
}
