package identity_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

var update = flag.Bool("update", false, "write golden files again")

func export(t *testing.T, u *identity.Unlocked) []byte {
	t.Helper()
	b, err := identity.ExportCard(u)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCard exports and reads a card; the golden file is the published form.
func TestCard(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, `Ada "<Lind>" & Söhne`, &counting{})
	u := unlock(t, home, ada)
	b := export(t, u)
	if *update {
		write(t, "testdata/card.json", b)
	}
	if !bytes.Equal(b, read(t, "testdata/card.json")) {
		t.Errorf("the card is %s", b)
	}
	if p, err := identity.ReadCard(b); err != nil || p != ada {
		t.Fatalf("read: %v %v", p, err)
	}
	if !bytes.Equal(export(t, u), b) {
		t.Error("two exports differ")
	}
	u.Lock()
	if b, err := identity.ExportCard(u); !errors.Is(err, identity.ErrLocked) || b != nil {
		t.Errorf("locked: %v", err)
	}
}

// TestCardMangled changes each bit of each byte of a card, cuts and lengthens it: nothing of it is a card.
func TestCardMangled(t *testing.T) {
	good := read(t, "testdata/card.json")
	for i := range good {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << bit
			if p, err := identity.ReadCard(bad); !errors.Is(err, identity.ErrCard) || p != (identity.Person{}) {
				t.Fatalf("bit %d of byte %d flipped: %v %v", bit, i, p, err)
			}
		}
		if _, err := identity.ReadCard(good[:i]); !errors.Is(err, identity.ErrCard) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	line := string(good)
	for name, bad := range map[string]string{
		"nothing":           "",
		"line end of DOS":   strings.TrimSuffix(line, "\n") + "\r\n",
		"no line end":       strings.TrimSuffix(line, "\n"),
		"a space":           strings.Replace(line, `{"v"`, `{ "v"`, 1),
		"second name":       strings.Replace(line, `"key":`, `"name":"Eve","key":`, 1),
		"unknown field":     strings.Replace(line, `"key":`, `"role":"commander","key":`, 1),
		"name without case": strings.Replace(line, `"name":`, `"Name":`, 1),
		"escaped name":      strings.Replace(line, `<Lind>`, `\u003cLind\u003e`, 1),
		"two cards":         line + line,
		"a megabyte":        strings.Replace(line, "Ada", strings.Repeat("A", 1<<20), 1),
	} {
		if bad == line {
			t.Fatalf("%s: the sample did not change", name)
		}
		if _, err := identity.ReadCard([]byte(bad)); !errors.Is(err, identity.ErrCard) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCardForged signs, with keys of our own, cards that no person's program makes.
func TestCardForged(t *testing.T) {
	key, eve := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	author := func(k ed25519.PrivateKey) caserecord.Author {
		return caserecord.Author(hex.EncodeToString(k.Public().(ed25519.PublicKey)))
	}
	good := identity.Person{ID: "00112233445566778899aabbccddeeff", Name: "Ada Lind", Key: author(key), Created: day}
	with := func(f func(p *identity.Person)) identity.Person { p := good; f(&p); return p }
	card := func(p identity.Person, k ed25519.PrivateKey, domain string) []byte {
		t.Helper()
		msg, err := identity.SignedCardBytes(p)
		if err != nil {
			t.Fatal(err)
		}
		_, c, _ := strings.Cut(string(msg), "\n")
		b, err := identity.AssembleCard(p, ed25519.Sign(k, []byte(domain+c)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	const domain = "adjutant card v1\n"
	if p, err := identity.ReadCard(card(good, key, domain)); err != nil || p != good {
		t.Fatalf("the honest card: %v", err)
	}
	for name, bad := range map[string][]byte{
		"another's signature":       card(good, eve, domain),
		"another's key":             card(with(func(p *identity.Person) { p.Key = author(eve) }), key, domain),
		"no domain":                 card(good, key, ""),
		"another version":           card(good, key, "adjutant card v2\n"),
		"id too short":              card(with(func(p *identity.Person) { p.ID = "0011" }), key, domain),
		"id with a path":            card(with(func(p *identity.Person) { p.ID = "../../../../../../../../etc/passw" }), key, domain),
		"id in upper case":          card(with(func(p *identity.Person) { p.ID = "00112233445566778899AABBCCDDEEFF" }), key, domain),
		"no name":                   card(with(func(p *identity.Person) { p.Name = " " }), key, domain),
		"name of two lines":         card(with(func(p *identity.Person) { p.Name = "Ada\nLind" }), key, domain),
		"name that is long":         card(with(func(p *identity.Person) { p.Name = strings.Repeat("x", 201) }), key, domain),
		"name that is no UTF-8":     card(with(func(p *identity.Person) { p.Name = "Ada\xff" }), key, domain),
		"half a second":             card(with(func(p *identity.Person) { p.Created = day.Add(time.Second / 2) }), key, domain),
		"another zone":              card(with(func(p *identity.Person) { p.Created = day.In(time.FixedZone("", 3600)) }), key, domain),
		"a year before the epoch":   card(with(func(p *identity.Person) { p.Created = day.AddDate(-200, 0, 0) }), key, domain),
		"key in upper case":         card(with(func(p *identity.Person) { p.Key = caserecord.Author(strings.ToUpper(string(p.Key))) }), key, domain),
		"key that is no point":      card(with(func(p *identity.Person) { p.Key = caserecord.Author("02" + strings.Repeat("00", 31)) }), key, domain),
		"key of another length":     card(with(func(p *identity.Person) { p.Key = p.Key[:62] }), key, domain),
		"point in its second guise": card(with(func(p *identity.Person) { p.Key = caserecord.Author("ee" + strings.Repeat("ff", 30) + "7f") }), key, domain),
	} {
		if p, err := identity.ReadCard(bad); !errors.Is(err, identity.ErrCard) || p != (identity.Person{}) {
			t.Errorf("%s: %v %v", name, p, err)
		}
	}
}

// TestSmallOrder refuses the keys under which everybody can sign everything: with the neutral point as key, R = [S]B
// fits any message.
func TestSmallOrder(t *testing.T) {
	neutral := caserecord.Author("01" + strings.Repeat("00", 31))
	p := identity.Person{ID: "00112233445566778899aabbccddeeff", Name: "Nobody", Key: neutral, Created: day}
	sig := append([]byte{1}, make([]byte, 63)...) // R the neutral point, S = 0
	msg, err := identity.SignedCardBytes(p)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := hex.DecodeString(string(neutral))
	if !ed25519.Verify(raw, msg, sig) {
		t.Fatal("the sample is not the danger it stands for")
	}
	b, err := identity.AssembleCard(p, sig)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := identity.ReadCard(b); !errors.Is(err, identity.ErrCard) || !errors.Is(err, identity.ErrKey) {
		t.Errorf("card: %v", err)
	}
	if _, err := identity.Seal([]caserecord.Author{neutral}, []byte("x")); !errors.Is(err, identity.ErrKey) {
		t.Errorf("box: %v", err)
	}
}

// TestFilesOfPeople: whatever stands in the folder of people costs nobody else their key.
func TestFilesOfPeople(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben, cy := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r), create(t, home, "Cy Young", r)
	path := func(p identity.Person, ext string) string { return home + "/people/" + string(p.ID) + ext }
	good := read(t, path(ada, ".json"))
	stranger := bytes.Replace(read(t, path(ben, ".json")), []byte("Ben"), []byte("Bea"), 1)
	for name, bad := range map[string][]byte{
		"empty": {}, "one byte": {'\n'}, "cut": good[:40], "garbage": []byte("\xff\xfe\n"), "spaces": append([]byte(" "), good...), "two": append(bytes.Clone(good), good...),
		"long": bytes.Repeat([]byte(" "), 100_000), "another's": stranger, "no line end": bytes.TrimSuffix(good, []byte("\n")), "array": []byte("[]\n"), "null": []byte("null\n"),
	} {
		write(t, path(ada, ".json"), bad)
		people, err := identity.List(home)
		if err != nil || len(people) != 2 || people[0] != ben || people[1] != cy {
			t.Fatalf("%s: %v %v", name, people, err)
		}
		told := identity.Damaged(home)
		if len(told) != 1 || !strings.Contains(told[0], path(ada, ".json")) || !strings.Contains(told[0], "identity mend "+string(ada.ID)) {
			t.Errorf("%s: told %q", name, told)
		}
		if _, err := identity.Find(home, "Ada Lind"); !errors.Is(err, identity.ErrUnknownPerson) {
			t.Errorf("%s: find: %v", name, err)
		}
	}
	if _, err := identity.Mend(home, string(ada.ID), pass2); !errors.Is(err, identity.ErrPassphrase) {
		t.Errorf("mend with a wrong passphrase: %v", err)
	}
	if p, err := identity.Mend(home, string(ada.ID), pass); err != nil || p != ada {
		t.Errorf("mend: %v %v", p, err)
	}
	if !bytes.Equal(read(t, path(ada, ".json")), good) {
		t.Error("the mended card is another one")
	}
	if _, err := identity.Mend(home, string(ada.ID), pass); !errors.Is(err, identity.ErrWhole) {
		t.Errorf("mend what is whole: %v", err)
	}
	for _, id := range []string{"Ada Lind", strings.Repeat("0", 32), "../people/" + string(ada.ID)} {
		if _, err := identity.Mend(home, id, pass); !errors.Is(err, identity.ErrUnknownPerson) {
			t.Errorf("mend %q: %v", id, err)
		}
	}
	if told := identity.Damaged(home); len(told) != 0 {
		t.Errorf("told %q", told)
	}

	// A missing key, a missing card, a folder and a foreign file.
	if err := errors.Join(os.Remove(path(ben, ".key.age")), os.Remove(path(cy, ".json")), os.Mkdir(home+"/people/x.json", 0o700)); err != nil {
		t.Fatal(err)
	}
	write(t, home+"/people/notes.txt", []byte("mine"))
	people, err := identity.List(home)
	if err != nil || len(people) != 2 || people[0] != ada || people[1] != ben {
		t.Errorf("list: %v %v", people, err)
	}
	if told := identity.Damaged(home); len(told) != 3 {
		t.Errorf("told %q", told)
	}
	if _, err := identity.Unlock(home, "Ben Okafor", pass); !errors.Is(err, identity.ErrDamaged) {
		t.Errorf("unlock without a key file: %v", err)
	}
	if p, err := identity.Mend(home, string(cy.ID), pass); err != nil || p != cy {
		t.Errorf("mend a missing card: %v %v", p, err)
	}
}
