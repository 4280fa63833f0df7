package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/caserecord/extract"
)

// noted signs a checkpoint as one of the golden file's people, whose keys follow from their names, and writes it to a file.
func noted(t *testing.T, name string, c checkpoint.Checkpoint) string {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	s, err := checkpoint.Sign(c, func(text []byte) ([]byte, error) { return ed25519.Sign(key, text), nil })
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "checkpoint.txt")
	if err := os.WriteFile(path, s.Note(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func of(t *testing.T, entries []caserecord.Entry, author caserecord.Author) checkpoint.Checkpoint {
	t.Helper()
	c, err := extract.CheckpointOf(entries, author)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCheckpointOfBundle: a signed checkpoint from elsewhere anchors a bundle, or shows that it is another history.
func TestCheckpointOfBundle(t *testing.T) {
	dir, entries := exported(t)
	ada := entries[0].Header.Author
	now, then := of(t, entries, ada), of(t, entries[:10], ada)
	if then.Size >= now.Size || then.Size < 2 {
		t.Fatalf("%d and %d entries", then.Size, now.Size)
	}
	fits, early := noted(t, "Ada Lind", now), noted(t, "Ada Lind", then)
	otherRoot, otherCase, ahead := now, now, now
	otherRoot.Root[0] ^= 1
	otherCase.Case = strings.Repeat("0", 32)
	ahead.Size++
	strange := now
	seed := sha256.Sum256([]byte("Mallory"))
	strange.Author = keyText(ed25519.NewKeyFromSeed(seed[:]))
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("not a note"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		args     []string
		exit     int
		anchored bool
		code     string
	}{
		{"fits", []string{"--checkpoint", fits}, 0, true, ""},
		{"an earlier one fits", []string{"--checkpoint", early}, 0, true, ""},
		{"both", []string{"--checkpoint", early, "--checkpoint", fits}, 0, true, ""},
		{"another root", []string{"--checkpoint", noted(t, "Ada Lind", otherRoot)}, 1, false, "checkpoint"},
		{"one fits, one does not", []string{"--checkpoint", fits, "--checkpoint", noted(t, "Ada Lind", otherRoot)}, 1, true, "checkpoint"},
		{"another case", []string{"--checkpoint", noted(t, "Ada Lind", otherCase)}, 1, false, "checkpoint"},
		{"another key", []string{"--checkpoint", noted(t, "Mallory", strange)}, 1, false, "checkpoint"},
		{"no note", []string{"--checkpoint", broken}, 1, false, "checkpoint"},
		{"more entries than here", []string{"--checkpoint", noted(t, "Ada Lind", ahead)}, 3, false, "truncated"},
	} {
		code, out, errOut := call(append(c.args, dir, "--json")...)
		var r caserecord.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%s: %v %s", c.name, err, errOut)
		}
		named := c.code == "" || slices.ContainsFunc(r.Problems, func(p caserecord.Problem) bool { return string(p.Code) == c.code })
		if code != c.exit || r.Anchored != c.anchored || !named || (c.exit == 0) != (r.Verdict == caserecord.VerdictGood) {
			t.Errorf("%s: exit %d %s anchored %v %v", c.name, code, r.Verdict, r.Anchored, r.Problems)
		}
	}
	if code, out, _ := call(dir, "--checkpoint", early); code != 0 || !strings.Contains(out, "came later, and the checkpoint says nothing about them") || strings.Contains(out, "not checked") {
		t.Errorf("%d\n%s", code, out)
	}
	// Of a forked chain the branch that was checkpointed is found, and the fork stays named.
	forked := append(slices.Clone(entries), fork(t, entries, "Ada Lind"))
	two := filepath.Join(t.TempDir(), "two")
	if _, err := bundle.Write(t.Context(), two, forked, bundle.Options{Written: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := call(two, "--checkpoint", fits, "--json"); code != 4 || !strings.Contains(out, `"anchored": true`) {
		t.Errorf("%d\n%s", code, out)
	}
	for _, missing := range []string{filepath.Join(dir, "nowhere"), dir} {
		if code, out, errOut := call(dir, "--checkpoint", missing); code != 2 || out != "" || !strings.HasPrefix(errOut, "caseverify: checkpoint: ") {
			t.Errorf("%d %s%s", code, out, errOut)
		}
	}
}

// fork signs another entry with the number of somebody's last one.
func fork(t *testing.T, entries []caserecord.Entry, name string) caserecord.Entry {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	last := entries[0]
	for _, e := range entries {
		if string(e.Header.Author) == keyText(key) && e.Header.Seq > last.Header.Seq {
			last = e
		}
	}
	e, err := caserecord.Seal(last.Header, &caserecord.NoteMadeData{About: "case", Text: "another history"}, [16]byte{1},
		func(pae []byte) ([]byte, error) { return ed25519.Sign(key, pae), nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func keyText(key ed25519.PrivateKey) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, x := range key.Public().(ed25519.PublicKey) {
		b.WriteByte(digits[x>>4])
		b.WriteByte(digits[x&15])
	}
	return b.String()
}

// TestExtract: a folder with extract.json is checked as one, and the report says what it does not prove.
func TestExtract(t *testing.T) {
	_, entries := exported(t)
	ada := entries[0].Header.Author
	file := noted(t, "Ada Lind", of(t, entries, ada))
	note, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	chosen := slices.IndexFunc(entries, func(e caserecord.Entry) bool { return e.Header.Kind == caserecord.SeverityDeclared })
	dir := filepath.Join(t.TempDir(), "extract")
	m, err := extract.Write(dir, extract.Options{Entries: entries, Chosen: []caserecord.ID{entries[chosen].ID}, Checkpoints: [][]byte{note},
		To: "Harbour authority", Reason: "severity", Written: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	opener := caserecord.KeyCode(ada)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no anchor", []string{dir}, 0, "verdict  consistent with itself; signers not checked\n"},
		{"checkpoint", []string{"--checkpoint", file, dir}, 0, "verdict  good\n"},
		{"key", []string{dir, "--key", opener}, 0, "verdict  good\n"},
		{"other key", []string{dir, "--key", "00000-00000-00000-00000"}, 1, "verdict  damaged or forged\n"},
		{"head", []string{dir, "--head", caserecord.HeadCode(caserecord.Head(entries))}, 3, "verdict  incomplete\n"},
	} {
		code, out, errOut := call(c.args...)
		if code != c.code || !strings.HasSuffix(out, c.says) || errOut != "" || !strings.HasPrefix(out, "EXERCISE") ||
			!strings.Contains(out, "not checked\n  whether anything else was written") {
			t.Errorf("%s: %d\n%s%s", c.name, code, out, errOut)
		}
	}
	code, out, _ := call(dir, "--json", "--checkpoint", file)
	var r struct {
		Verdict    string
		Anchored   bool
		Entries    int
		Logs       []struct{ Size, Shown int }
		NotChecked []string `json:"not_checked"`
		Problems   []struct{ Code, Entry, Text string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if code != 0 || r.Verdict != "good" || !r.Anchored || r.Entries != m.Entries || len(r.Logs) != 1 || r.Logs[0].Shown != m.Entries || len(r.NotChecked) < 3 || r.Problems == nil {
		t.Errorf("%d\n%s", code, out)
	}
	path := filepath.Join(dir, extract.EntriesFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := call(dir); code != 1 || !strings.HasSuffix(out, "verdict  damaged or forged\n") {
		t.Errorf("flipped: %d\n%s", code, out)
	}
}
