package parcel

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"pgregory.net/rapid"
)

var day = time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)

func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func authorOf(name string) caserecord.Author {
	return caserecord.Author(hex.EncodeToString(keyOf(name).Public().(ed25519.PublicKey)))
}

func sumOf(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

// sample is a case by Ada Lind who took items into custody, and the options that attach them.
func sample(t fataler, items ...[]byte) ([]caserecord.Entry, bundle.Options) {
	t.Helper()
	log, now, author := caserecord.NewLog(), time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), authorOf("Ada Lind")
	var salt [16]byte
	seal := func(h caserecord.Header, c caserecord.Content) {
		salt[0]++
		e, err := caserecord.Seal(h, c, salt, func(b []byte) ([]byte, error) { return ed25519.Sign(keyOf("Ada Lind"), b), nil })
		if err != nil {
			t.Fatal(err)
		}
		log.Add(e)
	}
	seal(caserecord.Header{Mode: incident.ModeExercise, Author: author, Seq: 1, Recorded: now}, &caserecord.CaseOpenedData{Name: "Harbour",
		TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: caserecord.PersonRef{ID: caserecord.PersonID(author[:32]), Name: "Ada Lind", Key: author}})
	o := bundle.Options{Written: day}
	seen := map[string]bool{}
	for i, b := range items {
		now = now.Add(time.Second)
		h, err := log.Next(author, now)
		if err != nil {
			t.Fatal(err)
		}
		seal(h, &caserecord.EvidenceReceivedData{SHA256: sumOf(b), Path: fmt.Sprintf("item-%d.bin", i), Bytes: int64(len(b)),
			Kept: caserecord.KeptSealed, Custodian: "Ada Lind", Source: "FS01", Why: "preserve the logs of the file server"})
		if !seen[sumOf(b)] {
			seen[sumOf(b)] = true
			o.Attachments = append(o.Attachments, attach(bundle.KindEvidence, sumOf(b), b))
		}
	}
	o.Attachments = append(o.Attachments, attach(bundle.KindDocument, "report.pdf", []byte("%PDF report")), attach(bundle.KindPage, "", []byte("<!doctype html>")))
	return log.Entries(), o
}

type fataler interface {
	Helper()
	Fatal(...any)
}

func attach(kind bundle.Kind, name string, b []byte) bundle.Attachment {
	a := bundle.Attachment{Kind: kind, Name: name, Bytes: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
	if kind == bundle.KindEvidence {
		a.SHA256 = name
	}
	return a
}

func person(t fataler, name string) (age.Recipient, age.Identity) {
	t.Helper()
	r, err := ForPerson(authorOf(name))
	if err != nil {
		t.Fatal(err)
	}
	id, err := agessh.NewEd25519Identity(keyOf(name))
	if err != nil {
		t.Fatal(err)
	}
	return r, id
}

// TestBothWays: what goes in comes out, for people, for an age key and for a passphrase, and not for others.
func TestBothWays(t *testing.T) {
	entries, o := sample(t, []byte("first"), bytes.Repeat([]byte("second "), 40_000))
	ben, benKey := person(t, "Ben Okafor")
	cy, cyKey := person(t, "Cy Marsh")
	_, stranger := person(t, "Dana Roe")
	box, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	boxRecipient, err := ParseRecipient(" " + box.Recipient().String() + "\n")
	if err != nil {
		t.Fatal(err)
	}
	word, err := ForPassphrase([]byte("a long walk by the sea"), 8)
	if err != nil {
		t.Fatal(err)
	}
	wordKey, err := PassphraseIdentity([]byte("a long walk by the sea"))
	if err != nil {
		t.Fatal(err)
	}
	wrongWord, err := PassphraseIdentity([]byte("a long walk by the see"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		to     []age.Recipient
		opens  [][]age.Identity
		closed []age.Identity
		err    error
		word   bool
	}{
		{"people and a key", []age.Recipient{ben, cy, boxRecipient}, [][]age.Identity{{benKey}, {stranger, cyKey}, {box}, {wordKey, box}}, []age.Identity{stranger, wordKey}, ErrNotForYou, false},
		{"passphrase", []age.Recipient{word}, [][]age.Identity{{wordKey}, {wrongWord, benKey, wordKey}}, []age.Identity{wrongWord, benKey}, ErrPassphrase, true},
	} {
		path := filepath.Join(t.TempDir(), "to court"+Extension)
		m, err := Write(t.Context(), path, entries, o, c.to...)
		if err != nil {
			t.Fatal(err)
		}
		if by, err := ByPassphrase(path); err != nil || by != c.word || !IsParcel(path) {
			t.Errorf("%s: by passphrase %v %v", c.name, by, err)
		}
		b := slurp(t, path)
		for _, plain := range []string{"Harbour", "Ada Lind", "entries.jsonl", string(authorOf("Ben Okafor"))} {
			if bytes.Contains(b, []byte(plain)) {
				t.Errorf("%s: %q is readable in the parcel", c.name, plain)
			}
		}
		for _, ids := range c.opens {
			dir := filepath.Join(t.TempDir(), "in")
			got, err := Unpack(t.Context(), path, dir, ids, Limits{}, nil)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if got.Head != m.Head || len(got.Files) != 6 {
				t.Errorf("%s: %+v", c.name, got)
			}
			verified(t, dir, entries)
		}
		for _, ids := range [][]age.Identity{c.closed, c.closed[:1], nil} {
			dir := filepath.Join(t.TempDir(), "in")
			if _, err := Unpack(t.Context(), path, dir, ids, Limits{}, nil); !errors.Is(err, c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("%s: something was unpacked", c.name)
			}
		}
	}
}

// verified reads an unpacked folder and compares it with what went in.
func verified(t fataler, dir string, entries []caserecord.Entry) {
	t.Helper()
	b, err := bundle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Problems) != 0 || len(b.Entries) != len(entries) || len(b.Files) != len(b.Manifest.Files) {
		t.Fatal(fmt.Sprint(b.Problems, len(b.Entries)))
	}
	for i, e := range caserecord.CausalOrder(entries) {
		if !bytes.Equal(e.Line(), b.Entries[i].Line()) || !bytes.Equal(e.Body(), b.Entries[i].Body()) {
			t.Fatal("entry", i, "changed on the way")
		}
	}
	r := b.Verify(caserecord.Anchors{Head: caserecord.HeadCode(caserecord.Head(entries))})
	if r.Verdict != caserecord.VerdictGood {
		t.Fatal(r.Verdict, r.Problems)
	}
}

// TestExportUnpackProperty: any items, same entries, same head, same bytes; and the folder form holds the same files.
func TestExportUnpackProperty(t *testing.T) {
	ben, benKey := person(t, "Ben Okafor")
	rapid.Check(t, func(rt *rapid.T) {
		items := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 3000), 0, 5).Draw(rt, "items")
		if rapid.Bool().Draw(rt, "big") {
			items = append(items, bytes.Repeat([]byte{7}, 64<<10-rapid.IntRange(0, 700).Draw(rt, "short of a chunk")))
		}
		entries, o := sample(rt, items...)
		base, err := os.MkdirTemp("", "parcel-*")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(base)
		path, dir, plain := filepath.Join(base, "x"+Extension), filepath.Join(base, "in"), filepath.Join(base, "plain")
		if _, err := Write(t.Context(), path, entries, o, ben); err != nil {
			rt.Fatal(err)
		}
		if _, err := Unpack(t.Context(), path, dir, []age.Identity{benKey}, Limits{}, nil); err != nil {
			rt.Fatal(err)
		}
		verified(rt, dir, entries)
		size, err := bundle.Estimate(entries, o)
		info, errInfo := os.Stat(path)
		if err != nil || errInfo != nil {
			rt.Fatal(err, errInfo)
		}
		if limit := Estimate(size, 1); info.Size() > limit || info.Size() < limit-int64(size.Files)*3000-2000 {
			rt.Fatal("estimated at most", limit, "is", info.Size())
		}
		if rapid.IntRange(0, 5).Draw(rt, "folder") > 0 {
			return // the folder syncs every file, which is slow
		}
		if _, err := bundle.Write(t.Context(), plain, entries, o); err != nil {
			rt.Fatal(err)
		}
		for _, name := range namesIn(rt, plain) {
			a, errA := os.ReadFile(filepath.Join(plain, name))
			b, errB := os.ReadFile(filepath.Join(dir, name))
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				rt.Fatal(name, "differs between folder and parcel", errA, errB)
			}
		}
		if a, b := namesIn(rt, plain), namesIn(rt, dir); len(a) != len(b) {
			rt.Fatal(a, b)
		}
	})
}

func namesIn(t fataler, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			names = append(names, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestFlippedBytes flips a bit of each of the first 400 bytes and of one in 16 KiB: all are refused, none leaves a file.
func TestFlippedBytes(t *testing.T) {
	path, key := big(t)
	good := slurp(t, path)
	bad := filepath.Join(t.TempDir(), "bad"+Extension)
	refused := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "in")
		_, err := Unpack(t.Context(), bad, dir, []age.Identity{key}, Limits{}, nil)
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotForYou) && !errors.Is(err, ErrNotParcel) {
			t.Fatalf("%s: %v", what, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%s: something was unpacked", what)
		}
	}
	n := 0
	for i := 0; i < len(good); i++ {
		if i >= 400 && i%(16<<10) != 0 && i != len(good)-1 {
			continue
		}
		b := bytes.Clone(good)
		b[i] ^= 1 << (i % 8)
		refused(fmt.Sprintf("byte %d", i), b)
		n++
	}
	for cut := 0; cut < len(good); cut += 64<<10 + 16 {
		refused(fmt.Sprintf("cut to %d bytes", cut), good[:cut])
		n++
	}
	header := bytes.Index(good, []byte("\n--- ")) + 1
	header += bytes.IndexByte(good[header:], '\n') + 1 + 16
	for at := header; at < len(good); at += 64<<10 + 16 { // exactly at the borders of chunks
		refused(fmt.Sprintf("cut at chunk border %d", at), good[:at])
		n++
	}
	refused("one byte short", good[:len(good)-1])
	refused("one byte more", append(bytes.Clone(good), 0))
	if n < 460 {
		t.Errorf("only %d tries", n)
	}
}

// big is a parcel of more than ten chunks.
func big(t *testing.T) (path string, key age.Identity) {
	t.Helper()
	item := make([]byte, 700_000)
	for i := range item {
		item[i] = byte(i * i >> 3)
	}
	entries, o := sample(t, []byte("first"), item)
	ben, key := person(t, "Ben Okafor")
	path = filepath.Join(t.TempDir(), "big"+Extension)
	if _, err := Write(t.Context(), path, entries, o, ben); err != nil {
		t.Fatal(err)
	}
	return path, key
}

// TestDamageSaysWhere: the file and the place in the parcel are named.
func TestDamageSaysWhere(t *testing.T) {
	path, key := big(t)
	b := slurp(t, path)
	b[500_000] ^= 1
	spill(t, path, b)
	_, err := Unpack(t.Context(), path, filepath.Join(t.TempDir(), "in"), []age.Identity{key}, Limits{}, nil)
	var d *DamageError
	if !errors.As(err, &d) || d.Offset < 500_000 || d.Offset > 700_000 || !strings.HasPrefix(d.File, "evidence/") {
		t.Errorf("%v", err)
	}
}

// TestWriteRefuses: nothing appears over something, for nobody, or half.
func TestWriteRefuses(t *testing.T) {
	entries, o := sample(t, []byte("first"))
	ben, key := person(t, "Ben Okafor")
	dir := t.TempDir()
	path := filepath.Join(dir, "x"+Extension)
	if _, err := Write(t.Context(), path, entries, o); !errors.Is(err, ErrNoRecipients) {
		t.Error(err)
	}
	if _, err := Write(t.Context(), path, nil, o, ben); !errors.Is(err, bundle.ErrNoEntries) {
		t.Error(err)
	}
	broken := o
	broken.Attachments = append([]bundle.Attachment{}, o.Attachments...)
	broken.Attachments[0].Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("other")), nil }
	if _, err := Write(t.Context(), path, entries, broken, ben); !errors.Is(err, bundle.ErrSource) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(done, total int64) { cancel() }
	if _, err := Write(ctx, path, entries, o, ben); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	// What a killed write leaves is removed by the next.
	spill(t, unfinished(path), []byte("half a parcel"))
	var done, total int64
	o.Progress = func(d, all int64) { done, total = d, all }
	if _, err := Write(t.Context(), path, entries, o, ben); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || done != total || done == 0 {
		t.Errorf("left behind: %v; progress %d of %d", left, done, total)
	}
	if info, err := os.Stat(path); err != nil || (info.Mode().Perm() != 0o600 && os.PathSeparator == '/') {
		t.Errorf("others may read it: %v", info.Mode())
	}
	if _, err := Write(t.Context(), path, entries, o, ben); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	into := t.TempDir()
	spill(t, filepath.Join(into, "mine"), nil)
	if _, err := Unpack(t.Context(), path, into, []age.Identity{key}, Limits{}, nil); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(into, "mine")); err != nil {
		t.Error("what was there is gone")
	}
	for _, l := range []Limits{{Files: 3}, {Bytes: 2000}} {
		if _, err := Unpack(t.Context(), path, filepath.Join(t.TempDir(), "in"), []age.Identity{key}, l, nil); !errors.Is(err, ErrTooBig) {
			t.Errorf("%+v: %v", l, err)
		}
	}
	ctx, cancel = context.WithCancel(t.Context())
	if _, err := Unpack(ctx, path, filepath.Join(t.TempDir(), "in"), []age.Identity{key}, Limits{}, func(done, total int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestWords: recipients and passphrases that are none, and files that are no parcels.
func TestWords(t *testing.T) {
	for _, s := range []string{"", "age1", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", strings.Repeat("0", 63), strings.Repeat("g", 64), "ssh-ed25519 AAAA", strings.Repeat("f", 62) + "fe"} {
		if _, err := ParseRecipient(s); !errors.Is(err, ErrRecipient) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := ParseRecipient(strings.ToUpper(string(authorOf("Ben Okafor")))); err != nil {
		t.Error(err)
	}
	for _, w := range []int{-1, MaxWorkFactor + 1} {
		if _, err := ForPassphrase([]byte("x"), w); !errors.Is(err, ErrRecipient) {
			t.Errorf("work factor %d: %v", w, err)
		}
	}
	if _, err := ForPassphrase(nil, 8); !errors.Is(err, ErrRecipient) {
		t.Error(err)
	}
	if _, err := PassphraseIdentity(nil); !errors.Is(err, ErrPassphrase) {
		t.Error(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "x"+Extension)
	spill(t, file, []byte("age-encryption.org/v2\n-> "))
	for _, p := range []string{file, dir} {
		if _, err := ByPassphrase(p); !errors.Is(err, ErrNotParcel) || IsParcel(p) {
			t.Errorf("%s: %v", p, err)
		}
		if _, err := Unpack(t.Context(), p, filepath.Join(dir, "in"), nil, Limits{}, nil); !errors.Is(err, ErrNotParcel) {
			t.Errorf("%s: %v", p, err)
		}
	}
	if IsParcel(filepath.Join(dir, "nowhere")) {
		t.Error("nothing is a parcel")
	}
}

func slurp(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func spill(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
