package caserecord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files; published bytes are only written when they are absent")

// published compares bytes with a published file. A difference means a new version of the format, never a new
// expectation, so the flag does not touch a file that exists.
func published(t *testing.T, name string, got []byte) {
	t.Helper()
	_, err := os.Stat(filepath.Join("testdata", "golden", name))
	compare(t, name, got, *update && os.IsNotExist(err))
}

// golden compares text that may grow with the product.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	compare(t, name, got, *update)
}

func compare(t *testing.T, name string, got []byte, write bool) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if write {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: differs from the golden file", name)
	}
}

// TestOldBytes keeps every published encoding readable: version 1 entries of all kinds, what they fold to, and their head.
func TestOldBytes(t *testing.T) {
	ada, _, _ := fullCase(t)
	var now bytes.Buffer
	for _, e := range ada.log.Entries() {
		now.Write(e.Line())
		now.WriteByte('\n')
		now.Write(e.Body())
		now.WriteByte('\n')
	}
	published(t, "entries-v1.txt", now.Bytes())

	old, err := os.ReadFile(filepath.Join("testdata", "golden", "entries-v1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(old, []byte("\n")), []byte("\n"))
	var entries []Entry
	var ids strings.Builder
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		entries = append(entries, e)
		ids.WriteString(string(e.ID) + " " + string(e.Header.Kind) + "\n")
	}
	if len(entries) != 28 {
		t.Fatalf("%d entries", len(entries))
	}
	r := Verify(entries)
	ids.WriteString("head " + r.Head + "\ncode " + r.HeadCode + "\n")
	published(t, "ids-v1.txt", []byte(ids.String()))
	state, err := json.MarshalIndent(Fold(entries), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "state-v1.json", append(state, '\n'))
	var story strings.Builder
	for _, e := range entries {
		story.WriteString(Story(e, Fold(entries)) + "\n")
	}
	golden(t, "story-v1.txt", []byte(story.String()))
}
