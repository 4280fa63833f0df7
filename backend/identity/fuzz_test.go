package identity_test

import (
	"bytes"
	"os"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// FuzzReadCard: never a panic; what is read was signed and is bounded, and one byte more or less is no card.
func FuzzReadCard(f *testing.F) {
	good, err := os.ReadFile("testdata/card.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(bytes.Replace(good, []byte(`"v":1`), []byte(`"v":2`), 1))
	f.Add([]byte(`{"card":{},"sig":""}` + "\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := identity.ReadCard(b)
		if err != nil {
			if p != (identity.Person{}) {
				t.Error("a person with an error")
			}
			return
		}
		if len(b) > identity.MaxCardBytes {
			t.Error("longer than the bound")
		}
		sig := b[len(b)-len(`"}`+"\n")-88 : len(b)-len(`"}`+"\n")]
		again, err := identity.AssembleCard(p, nil)
		if err != nil || !bytes.Contains(b, again[:len(again)-len(`"}`+"\n")]) || len(sig) != 88 {
			t.Errorf("written again it is another: %v", err)
		}
		if _, err := identity.ReadCard(append(bytes.Clone(b), '\n')); err == nil {
			t.Error("one more line end is a card too")
		}
	})
}

// FuzzLocalCard: never a panic on the public file of a person.
func FuzzLocalCard(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"a56145270ce6b3bebd1dd012b7394867","name":"Ada Lind \u0026 Söhne","key":"65a7963e7f996cf654eb716eb69a1ee7e7f31897c3c0414266ef046ad95b247b","created":"2026-03-04T05:06:07Z"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if identity.ParseCardBytes(b) == nil && identity.ParseCardBytes(append([]byte(" "), b...)) == nil {
			t.Error("two forms")
		}
	})
}

// FuzzKeyFile: never a panic, and no other bytes than the file's own open.
func FuzzKeyFile(f *testing.F) {
	good, err := os.ReadFile("testdata/home-v1/people/a56145270ce6b3bebd1dd012b7394867.key.age")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(bytes.Replace(good, []byte(" 10\n"), []byte(" 20\n"), 1))
	f.Add([]byte("age-encryption.org/v1\n-> scrypt"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := identity.OpenKeyBytes(b, pass); (err == nil) != bytes.Equal(b, good) {
			t.Errorf("opened: %v", err)
		}
	})
}

// FuzzSecret: never a panic on what a key file holds, and one form only.
func FuzzSecret(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"a56145270ce6b3bebd1dd012b7394867","name":"Ada","seed":"0000000000000000000000000000000000000000000000000000000000000001","created":"2026-03-04T05:06:07Z"}`))
	f.Add([]byte(`{"v":1,"id":"a56145270ce6b3bebd1dd012b7394867","name":"Ada","seed":"0000000000000000000000000000000000000000000000000000000000000001"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := identity.ParseSecretBytes(b)
		if err != nil {
			return
		}
		if len(p.Key) != 64 || len(p.ID) != 32 || p.Name == "" {
			t.Errorf("a person out of form: %+v", p)
		}
		if _, err := identity.ParseSecretBytes(append(bytes.Clone(b), ' ')); err == nil {
			t.Error("two forms")
		}
	})
}

// FuzzBox: never a panic; a box that is not for this key never opens.
func FuzzBox(f *testing.F) {
	home := f.TempDir()
	p, err := identity.Create(home, "Ada Lind", pass, &counting{}, day, identity.WithWorkFactor(10))
	if err != nil {
		f.Fatal(err)
	}
	u, err := identity.Unlock(home, "Ada Lind", pass)
	if err != nil {
		f.Fatal(err)
	}
	if *update {
		box, err := identity.Seal([]caserecord.Author{p.Key}, []byte("the keys of the lane"))
		if err != nil || os.WriteFile("testdata/box.age", box, 0o600) != nil {
			f.Fatal(err)
		}
	}
	sample, err := os.ReadFile("testdata/box.age")
	if err != nil {
		f.Fatal(err)
	}
	if got, err := u.Open(sample); err != nil || string(got) != "the keys of the lane" {
		f.Fatalf("the published box of %s: %q %v", p.Key, got, err)
	}
	f.Add(sample)
	f.Add(sample[:len(sample)-1])
	f.Add([]byte("age-encryption.org/v1\n-> ssh-ed25519 AAAAAA AAAA\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := u.Open(b); (err == nil) != (got != nil) || err == nil && !bytes.Equal(b, sample) {
			t.Errorf("opened: %q %v", got, err)
		}
	})
}

// FuzzCheckpoint: no text but a checkpoint of this key in its one form is signed.
func FuzzCheckpoint(f *testing.F) {
	home := f.TempDir()
	p, err := identity.Create(home, "Ada Lind", pass, &counting{}, day, identity.WithWorkFactor(10))
	if err != nil {
		f.Fatal(err)
	}
	u, err := identity.Unlock(home, "Ada Lind", pass)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(checkpointOf(p))
	f.Add([]byte("adjutant/case/"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sig, err := u.SignCheckpoint(newAct(u, "x", identity.CheckpointSigned), text)
		if err == nil && (bytes.Count(text, []byte("\n")) != 3 || !bytes.HasPrefix(text, []byte("adjutant/case/")) || len(sig) != 64 ||
			!bytes.Contains(text, []byte("/"+string(p.Key)+"\n"))) {
			t.Errorf("signed %q", text)
		}
	})
}
