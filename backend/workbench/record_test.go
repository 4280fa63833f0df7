package workbench

import (
	"context"
	"path/filepath"
	"testing"

	"adjutant/backend/identity/confirm"
)

// TestEntriesAreKeptWithTheirAuthor: what lies in the folder says beside each entry whose it is and which, so that a loss
// in both copies is named by author and number.
func TestEntriesAreKeptWithTheirAuthor(t *testing.T) {
	ctx := context.Background()
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Note(ctx, confirm.New(me, []byte("a note"), "note.made"), "case", "a note"); err != nil {
		t.Fatal(err)
	}
	raws, err := b.folder.Entries()
	if err != nil || len(raws) != 2 {
		t.Fatalf("%d entries: %v", len(raws), err)
	}
	for i, r := range raws {
		if r.Author != string(me.Person().Key) || r.Seq != uint64(i+1) {
			t.Errorf("entry %d is kept as number %d of %q", i+1, r.Seq, r.Author)
		}
	}
}
