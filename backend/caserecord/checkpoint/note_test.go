package checkpoint

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

var update = flag.Bool("update", false, "write golden files that are absent; published bytes are never rewritten")

// keyOf derives a key from a name, so that every run makes the same bytes.
func keyOf(name string) (ed25519.PrivateKey, string) {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	return key, hex.EncodeToString(key.Public().(ed25519.PublicKey))
}

func signer(name string) func([]byte) ([]byte, error) {
	key, _ := keyOf(name)
	return func(msg []byte) ([]byte, error) { return ed25519.Sign(key, msg), nil }
}

const caseID = "4421f72919780ce84a25dd537704fbfb"

func sample(t testing.TB, author string, size int) (Checkpoint, []byte) {
	t.Helper()
	ids, _ := idsOf(size)
	_, key := keyOf(author)
	c := Checkpoint{Case: caseID, Author: key, Size: uint64(size), Root: Root(ids)}
	s, err := Sign(c, signer(author))
	if err != nil {
		t.Fatal(err)
	}
	return c, s.Note()
}

func witness(name string) Witness {
	_, key := keyOf(name)
	return Witness{Name: "witness.example/" + strings.ToLower(name), Key: key}
}

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func cosigned(t testing.TB, msg []byte, names ...string) []byte {
	t.Helper()
	for _, name := range names {
		var err error
		if msg, err = Cosign(msg, witness(name), noon, signer(name)); err != nil {
			t.Fatal(err)
		}
	}
	return msg
}

// published compares bytes with a published file: a difference means a new version of the format.
func published(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	want, err := os.ReadFile(path)
	if os.IsNotExist(err) && *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: differs from the published bytes:\n%s", name, got)
	}
}

// TestPublished keeps the bytes of notes and proofs by fixed keys.
func TestPublished(t *testing.T) {
	for _, size := range []int{1, 7, 1000} {
		c, msg := sample(t, "Ada Lind", size)
		published(t, map[int]string{1: "size-1.note", 7: "size-7.note", 1000: "size-1000.note"}[size], msg)
		got, err := Verify(msg)
		if err != nil || got != c {
			t.Fatalf("%+v %v", got, err)
		}
	}
	_, msg := sample(t, "Ada Lind", 7)
	msg = cosigned(t, msg, "Ben", "Cy")
	published(t, "size-7-cosigned.note", msg)
	ids, _ := idsOf(1000)
	l := NewLog(ids...)
	inc, err := l.Inclusion(1000, 699)
	if err != nil {
		t.Fatal(err)
	}
	con, err := l.Consistency(7, 1000)
	if err != nil {
		t.Fatal(err)
	}
	published(t, "proofs.txt", append(append(append(AppendProof(nil, inc), '\n'), AppendProof(nil, con)...), '\n'))
	published(t, "witnesses.txt", []byte(witness("Ben").String()+"\n"+witness("Cy").String()+"\n"))
}

// TestAgainstSumdb has x/mod's own note reader verify our note, with a verifier key that it made itself.
func TestAgainstSumdb(t *testing.T) {
	c, msg := sample(t, "Ada Lind", 7)
	vkey, err := note.NewEd25519VerifierKey(c.Origin(), keyBytes(c.Author))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(cosigned(t, msg, "Ben"), note.VerifierList(v))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 1 {
		t.Fatalf("%+v %v", n, err)
	}
}

// TestSpecified holds our key ids and byte layout against the examples printed in C2SP signed-note and tlog-cosignature.
func TestSpecified(t *testing.T) {
	key, err := decode64("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
	if err != nil {
		t.Fatal(err)
	}
	if id := keyID("example.com/foo", key[0], key[1:]); id != 0x530d903a {
		t.Errorf("key id %08x", id)
	}
	at, _, err := splitCosignature("jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==")
	if err != nil || at != 1679315147 {
		t.Errorf("time %d %v", at, err)
	}
	if got := string(toCosign([]byte("example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), at)); got !=
		"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" {
		t.Error(got)
	}
}

// TestFlippedBits flips each bit of a note, cuts it everywhere and adds to it: nothing is taken. With lines of witnesses
// the reader who knows them sees every flip as well.
func TestFlippedBits(t *testing.T) {
	_, plain := sample(t, "Ada Lind", 7)
	if got := bytes.Count(plain, []byte("\n")); got != 5 {
		t.Fatalf("%d lines", got)
	}
	both := cosigned(t, plain, "Ben", "Cy")
	known := []Witness{witness("Ben"), witness("Cy")}
	typed := func(err error) bool {
		return errors.Is(err, ErrForm) || errors.Is(err, ErrSignature) || errors.Is(err, ErrWitness)
	}
	for i := range both {
		for bit := range 8 {
			if i < len(plain) {
				bad := bytes.Clone(plain)
				bad[i] ^= 1 << bit
				if c, err := Verify(bad); !typed(err) || c != (Checkpoint{}) {
					t.Fatalf("byte %d bit %d: %v", i, bit, err)
				}
			}
			bad := bytes.Clone(both)
			bad[i] ^= 1 << bit
			found, unknown, err := Cosignatures(bad, known)
			if !typed(err) && !(err == nil && unknown > 0 && len(found) < 2) { // a changed name or id is another witness's
				t.Fatalf("byte %d bit %d: %v %d %v", i, bit, found, unknown, err)
			}
		}
		if i < len(plain) {
			if _, err := Verify(plain[:i]); !typed(err) {
				t.Fatalf("cut to %d: %v", i, err)
			}
		}
	}
	line := plain[bytes.LastIndex(plain, []byte("— ")):]
	for name, bad := range map[string][]byte{
		"a line twice": append(bytes.Clone(plain), line...), "a line more": append(bytes.Clone(plain), "x\n"...),
		"a blank line": append(bytes.Clone(plain), '\n'), "CR LF": bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
		"a witness first":   bytes.Replace(both, both[len(plain)-len(line):], append(bytes.Clone(both[len(plain):]), line...), 1),
		"a witness twice":   append(bytes.Clone(both), both[len(plain):]...),
		"an extension line": bytes.Replace(plain, []byte("\n\n"), []byte("\nentry 1\n\n"), 1),
		"endless":           append(bytes.Clone(plain), bytes.Repeat([]byte("x"), MaxNoteBytes)...),
	} {
		if _, err := Verify(bad); !typed(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOtherForms: the same values in other bytes are refused.
func TestOtherForms(t *testing.T) {
	c, _ := sample(t, "Ada Lind", 7)
	text, err := Format(c)
	if err != nil {
		t.Fatal(err)
	}
	root := c.Root.String()
	spare := root[:42] + string(root[42]+1) + "=" // a spare bit of the last digit set
	for _, bad := range []string{
		strings.Replace(string(text), "\n7\n", "\n07\n", 1), strings.Replace(string(text), "\n7\n", "\n+7\n", 1),
		strings.Replace(string(text), "\n7\n", "\n0\n", 1), strings.Replace(string(text), "\n7\n", "\n9007199254740992\n", 1),
		strings.Replace(string(text), "\n7\n", "\n 7\n", 1), strings.ToUpper(string(text)), string(text) + "\n", strings.TrimSuffix(string(text), "\n"),
		strings.Replace(string(text), root, strings.TrimRight(root, "="), 1), strings.Replace(string(text), root, spare, 1),
		"x" + string(text), strings.Replace(string(text), "case/", "case//", 1), strings.Repeat("a", 1000), "",
	} {
		if got, err := Parse([]byte(bad)); !errors.Is(err, ErrForm) || got != (Checkpoint{}) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []Checkpoint{{}, {Case: c.Case, Author: c.Author}, {Case: c.Case, Author: c.Author, Size: MaxSize + 1}, {Case: "x", Author: c.Author, Size: 1}, {Case: c.Case, Author: strings.ToUpper(c.Author), Size: 1}} {
		if _, err := Format(bad); !errors.Is(err, ErrForm) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "[", "[]]", "[,]", `[""]`, `["` + root + `",]`, `["` + root + `" ]`, `[ "` + root + `"]`, `["` + spare + `"]`, `['` + root + `']`,
		"[" + strings.Repeat(`"`+root+`",`, MaxProof) + `"` + root + `"]`} {
		if _, err := ParseProof([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestWrongSigner: signatures by another key, over another text, and a key that does not answer.
func TestWrongSigner(t *testing.T) {
	c, _ := sample(t, "Ada Lind", 7)
	if _, err := Sign(c, signer("Ben")); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	no := errors.New("locked")
	if _, err := Sign(c, func([]byte) ([]byte, error) { return nil, no }); !errors.Is(err, no) {
		t.Errorf("locked: %v", err)
	}
	if _, err := Sign(c, func([]byte) ([]byte, error) { return []byte("short"), nil }); err == nil {
		t.Error("short signature")
	}
	// An entry's or a witness's signature by the same key is none of a checkpoint.
	text, err := Format(c)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := keyOf("Ada Lind")
	for _, other := range [][]byte{[]byte("DSSEv1 38 application/vnd.adjutant.entry.v1+json 2 {}"), toCosign(text, noon.Unix())} {
		s := Signed{Text: text, Signature: ed25519.Sign(key, other)}
		if _, err := Verify(s.Note()); !errors.Is(err, ErrSignature) {
			t.Error(err)
		}
		if _, err := Parse(other); !errors.Is(err, ErrForm) {
			t.Errorf("taken for a checkpoint: %q", other)
		}
	}
	if (Signed{}).Note() != nil {
		t.Error("a note of nothing")
	}
}

// TestWitnesses: what a known witness signed is found, by others it is counted, and a false line of a known one ends it.
func TestWitnesses(t *testing.T) {
	c, msg := sample(t, "Ada Lind", 7)
	msg = cosigned(t, msg, "Ben", "Cy")
	found, unknown, err := Cosignatures(msg, []Witness{witness("Cy")})
	if err != nil || len(found) != 1 || unknown != 1 || found[0].Witness != witness("Cy") || !found[0].Time.Equal(noon) {
		t.Fatalf("%v %d %v", found, unknown, err)
	}
	if got, err := Verify(msg); err != nil || got != c {
		t.Errorf("%+v %v", got, err)
	}
	again, err := Cosign(msg, witness("Ben"), noon.Add(time.Hour), signer("Ben"))
	if err != nil || bytes.Count(again, []byte("— ")) != 3 {
		t.Fatalf("%s %v", again, err)
	}
	if found, unknown, err = Cosignatures(again, []Witness{witness("Ben"), witness("Cy")}); err != nil || len(found) != 2 || unknown != 0 || !found[1].Time.Equal(noon.Add(time.Hour)) {
		t.Errorf("%v %d %v", found, unknown, err)
	}
	var asked []byte
	if _, err := Cosign(msg, witness("Dee"), noon, func(m []byte) ([]byte, error) { asked = m; return signer("Dee")(m) }); err != nil {
		t.Fatal(err)
	}
	if got, at, err := ParseToCosign(asked); err != nil || got != c || !at.Equal(noon) {
		t.Errorf("%+v %v %v", got, at, err)
	}
	for _, bad := range []string{"", "cosignature/v1\ntime 01\n" + string(asked[bytes.Index(asked, []byte("adj")):]), "cosignature/v1\ntime 5\nx", string(asked) + "x"} {
		if _, _, err := ParseToCosign([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := Cosign(msg, witness("Ben"), noon, signer("Cy")); !errors.Is(err, ErrWitness) {
		t.Errorf("another's key: %v", err)
	}
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(maxTime+1, 0)} {
		if _, err := Cosign(msg, witness("Ben"), at, signer("Ben")); !errors.Is(err, ErrForm) {
			t.Errorf("%v: %v", at, err)
		}
	}
	// The same lines under another checkpoint are false.
	_, other := sample(t, "Ada Lind", 8)
	lines := msg[bytes.Index(msg, []byte("— witness")):]
	if _, _, err := Cosignatures(append(other, lines...), []Witness{witness("Ben")}); !errors.Is(err, ErrWitness) {
		t.Errorf("moved to another checkpoint: %v", err)
	}
}

// TestVerifierKeys reads back what it wrote and nothing else.
func TestVerifierKeys(t *testing.T) {
	w := witness("Ben")
	if got, err := ParseWitness(w.String()); err != nil || got != w {
		t.Errorf("%+v %v", got, err)
	}
	good := w.String()
	for i := range good {
		for bit := range 7 {
			bad := []byte(good)
			bad[i] ^= 1 << bit
			if got, err := ParseWitness(string(bad)); !errors.Is(err, ErrForm) {
				t.Fatalf("%q: %+v %v", bad, got, err)
			}
		}
	}
	for _, name := range []string{"", "a b", "a+b", "a\nb", "a\u00a0b", "\u202ea", strings.Repeat("x", 201), "\xff"} {
		bad := Witness{Name: name, Key: w.Key}
		if _, err := ParseWitness(bad.String()); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", name, err)
		}
		_, msg := sample(t, "Ada Lind", 1)
		if _, _, err := Cosignatures(msg, []Witness{bad}); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
