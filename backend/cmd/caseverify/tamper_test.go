package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"
	"adjutant/backend/parcel"

	"filippo.io/age"
)

// victim is an exported case: two items of evidence with their bytes, a severity, and notes, by one commander.
type victim struct {
	dir     string
	key     ed25519.PrivateKey
	author  caserecord.Author
	entries []caserecord.Entry
	items   map[string][]byte
}

func sum(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

// exportedCase is made anew under any name: the same words under another key are another case.
func exportedCase(t *testing.T, name string, items ...string) *victim {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	v := &victim{key: ed25519.NewKeyFromSeed(seed[:]), items: map[string][]byte{}}
	v.author = caserecord.Author(hex.EncodeToString(v.key.Public().(ed25519.PublicKey)))
	ref := caserecord.PersonRef{ID: "0123456789abcdef0123456789abcdef", Name: "Ada Lind", Key: v.author}
	contents := []caserecord.Content{&caserecord.CaseOpenedData{Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: ref}}
	for i, item := range items {
		v.items[sum([]byte(item))] = []byte(item)
		contents = append(contents, &caserecord.EvidenceReceivedData{SHA256: sum([]byte(item)), Path: fmt.Sprintf("till-%d.log", i), Bytes: int64(len(item)), Kept: caserecord.KeptSealed, Custodian: "Ada Lind", Source: "TILL01", Why: "it stopped"})
	}
	contents = append(contents,
		&caserecord.SeverityDeclaredData{Level: incident.SeverityHigh, ReasonCode: "impact", Reason: "the tills of all piers are down", Role: incident.RoleIncidentCommander},
		&caserecord.NoteMadeData{Text: "the night shift saw nobody"}, &caserecord.NoteMadeData{Text: "the day shift saw the supplier"},
		&caserecord.NoteMadeData{Text: "the supplier was in the till room at 05:10"})
	log := caserecord.NewLog()
	for i, c := range contents {
		at := time.Date(2026, 3, 4, 5, 6, i, 0, time.UTC)
		h := caserecord.Header{Mode: incident.ModeExercise, Author: v.author, Seq: 1, Recorded: at}
		if i > 0 {
			var err error
			if h, err = log.Next(v.author, at); err != nil {
				t.Fatal(err)
			}
		}
		e, err := caserecord.Seal(h, c, [16]byte{byte(i)}, func(pae []byte) ([]byte, error) { return ed25519.Sign(v.key, pae), nil })
		if err != nil {
			t.Fatal(err)
		}
		log.Add(e)
	}
	v.entries = log.Entries()
	v.dir = filepath.Join(t.TempDir(), "bundle")
	if _, err := bundle.Write(t.Context(), v.dir, v.entries, v.options()); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *victim) options() bundle.Options {
	o := bundle.Options{Written: time.Unix(0, 0)}
	for hash, b := range v.items {
		o.Attachments = append(o.Attachments, bundle.Attachment{Kind: bundle.KindEvidence, Name: hash, Bytes: int64(len(b)), SHA256: hash,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
	}
	return o
}

func (v *victim) head() string { return caserecord.HeadCode(caserecord.Head(v.entries)) }

// edit changes a file of the folder.
func edit(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	after := change(bytes.Clone(b))
	if bytes.Equal(after, b) {
		t.Fatalf("%s was not changed", filepath.Base(path))
	}
	if err := os.WriteFile(path, after, 0o644); err != nil {
		t.Fatal(err)
	}
}

// editLine changes the words of an entry's body, as somebody without its key can.
func editLine(t *testing.T, dir string, n int, from, to string) {
	edit(t, filepath.Join(dir, bundle.EntriesFile), func(b []byte) []byte {
		lines := bytes.Split(b, []byte("\n"))
		head, rest, _ := bytes.Cut(lines[n], []byte(`,"body":"`))
		body, err := base64.StdEncoding.DecodeString(string(bytes.TrimSuffix(rest, []byte(`"}`))))
		if err != nil || !bytes.Contains(body, []byte(from)) {
			t.Fatalf("line %d: %v %s", n+1, err, body)
		}
		body = bytes.Replace(body, []byte(from), []byte(to), 1)
		lines[n] = fmt.Appendf(head, `,"body":"%s"}`, base64.StdEncoding.EncodeToString(body))
		return bytes.Join(lines, []byte("\n"))
	})
}

// fit makes all that is not signed agree with the files again, as a careful forger does.
func fit(t *testing.T, dir string, change func(m *bundle.Manifest)) {
	t.Helper()
	edit(t, filepath.Join(dir, bundle.ManifestFile), func(b []byte) []byte {
		var m bundle.Manifest
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(&m)
		}
		for i := range m.Files {
			f, err := os.ReadFile(filepath.Join(dir, m.Files[i].Name))
			if err != nil {
				t.Fatal(err)
			}
			m.Files[i].Bytes, m.Files[i].SHA256 = int64(len(f)), sum(f)
		}
		out, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		return append(out, '\n')
	})
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == bundle.SumsFile {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		lines = append(lines, filepath.ToSlash(name)+"\x00"+sum(b)+"  "+filepath.ToSlash(name)+"\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	text := ""
	for _, l := range lines {
		_, line, _ := strings.Cut(l, "\x00")
		text += line
	}
	if err := os.WriteFile(filepath.Join(dir, bundle.SumsFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// verdictOf asks caseverify with the commander's public key, and the head when it is given.
func verdictOf(t *testing.T, dir string, args ...string) (exit int, codes map[string]bool) {
	t.Helper()
	exit, out, errOut := call(append([]string{dir, "--json"}, args...)...)
	var r struct {
		Problems []struct{ Code string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v %s", err, errOut)
	}
	codes = map[string]bool{}
	for _, p := range r.Problems {
		codes[p.Code] = true
	}
	return exit, codes
}

// TestEightTamperings are the changes of which another program of this kind noticed three and passed five, on an exported
// case, for somebody who has nothing but the commander's public key. The forger is careful: whatever is not signed is made
// to agree again. One of them, a cut-off end that nobody had seen, no signature shows; for that the head was handed out.
func TestEightTamperings(t *testing.T) {
	first, second := "2026-03-04 05:10 drawer opened", "2026-03-04 05:12 drawer closed"
	evidence := func(v *victim, item string) string { return filepath.Join(v.dir, "evidence", sum([]byte(item))) }
	for _, c := range []struct {
		name   string
		tamper func(t *testing.T, v *victim)
		code   string // with the key alone
		exit   int
		byHead string // with the head from a slip as well; "" = as with the key
	}{
		{"one byte of evidence", func(t *testing.T, v *victim) {
			edit(t, evidence(v, first), func(b []byte) []byte { b[3] ^= 1; return b })
		}, "file-hash", 1, ""},
		{"one byte of evidence, the lists made to agree", func(t *testing.T, v *victim) {
			edit(t, evidence(v, first), func(b []byte) []byte { b[3] ^= 1; return b })
			fit(t, v.dir, nil)
		}, "manifest", 1, ""},
		{"a line in the middle", func(t *testing.T, v *victim) {
			editLine(t, v.dir, 4, "nobody", "the master")
			fit(t, v.dir, nil)
		}, "body-hash", 1, ""},
		{"the last line", func(t *testing.T, v *victim) {
			editLine(t, v.dir, 6, "supplier", "watchman")
			fit(t, v.dir, nil)
		}, "body-hash", 1, ""},
		{"the last three lines cut off", func(t *testing.T, v *victim) { cutLines(t, v, 3) }, "truncated", 3, ""},
		{"the last three lines cut off, the lists made to agree", func(t *testing.T, v *victim) {
			cutLines(t, v, 3)
			kept := v.entries[:len(v.entries)-3]
			fit(t, v.dir, func(m *bundle.Manifest) {
				m.Entries, m.Head, m.HeadCode = len(kept), caserecord.Head(kept), caserecord.HeadCode(caserecord.Head(kept))
				last := kept[len(kept)-1]
				m.Heads[0].Seq, m.Heads[0].Entry = last.Header.Seq, last.ID
			})
		}, "", 0, "anchor-head"},
		{"evidence and the line that names it, together", func(t *testing.T, v *victim) {
			forged := strings.Replace(second, "closed", "forced", 1)
			if err := os.Remove(evidence(v, second)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(evidence(v, forged), []byte(forged), 0o644); err != nil {
				t.Fatal(err)
			}
			editLine(t, v.dir, 2, sum([]byte(second)), sum([]byte(forged)))
			fit(t, v.dir, func(m *bundle.Manifest) {
				for i := range m.Files {
					m.Files[i].Name = strings.Replace(m.Files[i].Name, sum([]byte(second)), sum([]byte(forged)), 1)
				}
				for i := range m.Evidence {
					m.Evidence[i].SHA256 = strings.Replace(m.Evidence[i].SHA256, sum([]byte(second)), sum([]byte(forged)), 1)
				}
			})
		}, "body-hash", 1, ""},
		{"the first evidence changed and the whole record made anew under another key", func(t *testing.T, v *victim) {
			forged := exportedCase(t, "somebody else", strings.Replace(first, "05:10", "06:10", 1), second)
			v.dir = forged.dir
		}, "anchor-key", 1, ""},
		{"a severity from high to informational", func(t *testing.T, v *victim) {
			editLine(t, v.dir, 3, `"level":"high"`, `"level":"informational"`)
			fit(t, v.dir, nil)
		}, "body-hash", 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := exportedCase(t, "Ada Lind", first, second)
			key := "--key=" + caserecord.KeyCode(v.author)
			if exit, codes := verdictOf(t, v.dir, key, "--head="+v.head()); exit != 0 || len(codes) != 0 {
				t.Fatalf("before: %d %v", exit, codes)
			}
			c.tamper(t, v)
			exit, codes := verdictOf(t, v.dir, key)
			if exit != c.exit || (c.code != "" && !codes[c.code]) || (c.code == "" && len(codes) != 0) {
				t.Errorf("key alone: exit %d, %v; want %d, %s", exit, codes, c.exit, c.code)
			}
			exit, codes = verdictOf(t, v.dir, key, "--head="+v.head())
			if exit == 0 || (c.byHead != "" && !codes[c.byHead]) {
				t.Errorf("key and head: exit %d, %v", exit, codes)
			}
		})
	}
	t.Run("one byte of the encrypted copy", func(t *testing.T) {
		v := exportedCase(t, "Ada Lind", first, second)
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "case.adjutant")
		if _, err := parcel.Write(t.Context(), path, v.entries, v.options(), id.Recipient()); err != nil {
			t.Fatal(err)
		}
		for _, at := range []float64{0.5, 0.99} {
			edit(t, path, func(b []byte) []byte { b[int(at*float64(len(b)))] ^= 1; return b })
			dir := filepath.Join(t.TempDir(), "out")
			if _, err := parcel.Unpack(t.Context(), path, dir, []age.Identity{id}, parcel.Limits{}, nil); !errors.Is(err, parcel.ErrDamaged) {
				t.Errorf("unpacked: %v", err)
			}
			edit(t, path, func(b []byte) []byte { b[int(at*float64(len(b)))] ^= 1; return b })
		}
	})
}

func cutLines(t *testing.T, v *victim, n int) {
	edit(t, filepath.Join(v.dir, bundle.EntriesFile), func(b []byte) []byte {
		lines := bytes.SplitAfter(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
		return bytes.Join(lines[:len(lines)-n], nil)
	})
}

// TestRewrittenRecord: a record made anew under other keys is sound in itself. It passes as "signers not checked", and
// against nothing from elsewhere.
func TestRewrittenRecord(t *testing.T) {
	honest, forged := exportedCase(t, "Ada Lind", "a", "b"), exportedCase(t, "somebody else", "a", "c")
	if code, out, _ := call(forged.dir); code != 0 || !strings.HasSuffix(out, "verdict  consistent with itself; signers not checked\n") {
		t.Errorf("nothing from elsewhere: %d\n%s", code, out)
	}
	for _, anchor := range []string{"--head=" + honest.head(), "--key=" + caserecord.KeyCode(honest.author)} {
		if exit, _ := verdictOf(t, forged.dir, anchor); exit != 1 {
			t.Errorf("%s: %d", anchor, exit)
		}
	}
}

// TestNamesAreInert: a name with characters that print nothing or turn the direction of reading leaves no exit of this
// program, or of the folder, as it is. The window, the papers and the page have tests of their own.
func TestNamesAreInert(t *testing.T) {
	b, err := os.ReadFile("../../caserecord/testdata/bad/bidi-name.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	read := filepath.Join(t.TempDir(), "read")
	if err := os.MkdirAll(read, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(read, bundle.EntriesFile), b, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := bundle.Read(read)
	if err != nil || len(got.Entries) != 1 {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if _, err := bundle.Write(t.Context(), dir, got.Entries, bundle.Options{Written: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	_, out, _ := call(dir, "--key", string(got.Entries[0].Header.Author))
	readme, err := os.ReadFile(filepath.Join(dir, bundle.ReadmeFile))
	if err != nil {
		t.Fatal(err)
	}
	story := caserecord.Story(got.Entries[0], caserecord.Fold(got.Entries))
	if !strings.Contains(story, "Ada ⟨U+202E⟩") || !strings.Contains(out, "edniL") && !strings.Contains(out, "dniL") {
		t.Errorf("the name is gone altogether:\n%s\n%s", story, out)
	}
	for exit, text := range map[string]string{"caseverify": out, "README": string(readme), "story": story} {
		if strings.ContainsAny(text, "\u202e\u2066\u200b") {
			t.Errorf("%s: %q", exit, text)
		}
	}
}
