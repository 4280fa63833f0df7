package identity_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"

	"filippo.io/age"
)

// TestBox seals to people and opens: those named, nobody else, and nothing that was changed.
func TestBox(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben, cy := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r), create(t, home, "Cy Young", r)
	ua, ub, uc := unlock(t, home, ada), unlock(t, home, ben), unlock(t, home, cy)
	words := []byte("the keys of the lane")
	box, err := identity.Seal([]caserecord.Author{ben.Key, ada.Key, ben.Key}, words)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(box, []byte("-> ssh-ed25519 ")); n != 2 {
		t.Errorf("sealed to %d keys", n)
	}
	if bytes.Contains(box, words) {
		t.Error("the box shows its words")
	}
	for _, u := range []*identity.Unlocked{ua, ub} {
		if got, err := u.Open(box); err != nil || !bytes.Equal(got, words) {
			t.Errorf("%s: %q %v", u.Person().Name, got, err)
		}
	}
	if got, err := uc.Open(box); !errors.Is(err, identity.ErrNotForYou) || got != nil {
		t.Errorf("somebody else: %q %v", got, err)
	}
	for i := range box {
		bad := bytes.Clone(box)
		bad[i] ^= 1
		if got, err := ua.Open(bad); err == nil || got != nil || !errors.Is(err, identity.ErrDamaged) && !errors.Is(err, identity.ErrNotForYou) {
			t.Fatalf("byte %d flipped: %q %v", i, got, err)
		}
	}
	for i := range box {
		if got, err := ua.Open(box[:i]); err == nil || got != nil {
			t.Fatalf("cut to %d bytes: %q", i, got)
		}
	}
	ub.Lock()
	if got, err := ub.Open(box); !errors.Is(err, identity.ErrLocked) || got != nil {
		t.Errorf("locked: %q %v", got, err)
	}
	if got, err := ua.Open(box); err != nil || !bytes.Equal(got, words) {
		t.Errorf("Ben is locked, Ada is not: %v", err)
	}
}

// TestBoxBounds: nobody, too many, too long, keys that are none; and boxes that others made too large.
func TestBoxBounds(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, "Ada Lind", &counting{})
	u := unlock(t, home, ada)
	many := make([]caserecord.Author, identity.MaxBoxPeople+1)
	for i := range many {
		many[i] = caserecord.Author(fmt.Sprintf("%064x", i))
	}
	for name, c := range map[string]struct {
		to    []caserecord.Author
		bytes int
		want  error
	}{
		"nobody":   {nil, 1, identity.ErrBox},
		"too many": {many, 1, identity.ErrBox},
		"too long": {[]caserecord.Author{ada.Key}, identity.MaxBoxPlain + 1, identity.ErrBox},
		"no key":   {[]caserecord.Author{ada.Key, "ab"}, 1, identity.ErrKey},
		"no hex":   {[]caserecord.Author{caserecord.Author(strings.Repeat("g", 64))}, 1, identity.ErrKey},
	} {
		if b, err := identity.Seal(c.to, make([]byte, c.bytes)); !errors.Is(err, c.want) || b != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, n := range []int{0, 1, identity.MaxBoxPlain} {
		box, err := identity.Seal([]caserecord.Author{ada.Key}, make([]byte, n))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := u.Open(box); err != nil || len(got) != n {
			t.Errorf("%d bytes: %d %v", n, len(got), err)
		}
	}
	to, err := identity.Recipient(ada.Key)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{identity.MaxBoxPlain + 1, identity.MaxBoxPlain + 100_000} {
		if got, err := u.Open(encrypt(t, to, n)); !errors.Is(err, identity.ErrDamaged) || got != nil {
			t.Errorf("a box of %d bytes by others: %v", n, err)
		}
	}
	for name, bad := range map[string][]byte{"nothing": nil, "no age file": []byte("age-encryption.org/v2\n"), "noise": bytes.Repeat([]byte{0xff}, 4096)} {
		if got, err := u.Open(bad); !errors.Is(err, identity.ErrDamaged) || got != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A box that only a passphrase opens costs no scrypt here.
	scrypt, err := age.NewScryptRecipient("x")
	if err != nil {
		t.Fatal(err)
	}
	scrypt.SetWorkFactor(10)
	if _, err := u.Open(encrypt(t, scrypt, 10)); !errors.Is(err, identity.ErrNotForYou) {
		t.Errorf("a box under a passphrase: %v", err)
	}
}

// TestAgeIdentity opens what is encrypted to the person for as long as they are unlocked, and shows no key.
func TestAgeIdentity(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada := create(t, home, "Ada Lind", r)
	u := unlock(t, home, ada)
	to, err := identity.Recipient(ada.Key)
	if err != nil {
		t.Fatal(err)
	}
	long := encrypt(t, to, 3<<20)
	id := u.AgeIdentity()
	plain, err := age.Decrypt(bytes.NewReader(long), id)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, plain); err != nil || n != 3<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
	seed := make([]byte, 48)
	(&counting{}).Read(seed)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, x := range []any{u, id, []any{u}, struct{ U *identity.Unlocked }{u}} {
			s := fmt.Sprintf(form, x)
			if strings.Contains(s, fmt.Sprintf("%x", seed[16:])) || strings.Contains(s, fmt.Sprintf("%v", seed[16:])[1:40]) || strings.Contains(s, fmt.Sprintf("%#v", seed[16:20])[8:]) {
				t.Errorf("%s prints the key: %s", form, s)
			}
		}
	}
	u.Lock()
	if _, err := age.Decrypt(bytes.NewReader(long), id); !errors.Is(err, identity.ErrLocked) {
		t.Errorf("after Lock: %v", err)
	}
}

func encrypt(t *testing.T, to age.Recipient, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
