package identity_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
)

const root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

func checkpointOf(p identity.Person) []byte {
	return fmt.Appendf(nil, "adjutant/case/00112233445566778899aabbccddeeff/%s\n42\n%s\n", p.Key, root)
}

// toCosign is the message of C2SP tlog-cosignature.
func toCosign(text []byte) []byte {
	return append([]byte("cosignature/v1\ntime 1679315147\n"), text...)
}

func newAct(u *identity.Unlocked, shown string, kinds ...string) identity.Act {
	return confirm.New(u, []byte(shown), kinds...)
}

func verify(t *testing.T, p identity.Person, msg, sig []byte) bool {
	t.Helper()
	key, err := hex.DecodeString(string(p.Key))
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.Verify(key, msg, sig)
}

// TestCheckpoint signs one's own checkpoint and cosigns another's; each needs its own act.
func TestCheckpoint(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	ua, ub := unlock(t, home, ada), unlock(t, home, ben)
	own, shown := checkpointOf(ada), "head PR2DK"

	sign := newAct(ua, shown, identity.CheckpointSigned)
	sig, err := ua.SignCheckpoint(sign, own)
	if err != nil || !verify(t, ada, own, sig) {
		t.Fatalf("own checkpoint: %v", err)
	}
	if _, err := ua.SignCheckpoint(sign, own); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("second use: %v", err)
	}
	sig, err = ub.SignCosignature(newAct(ub, shown, identity.CheckpointWitnessed), toCosign(own))
	if err != nil || !verify(t, ben, append([]byte("cosignature/v1\ntime 1679315147\n"), own...), sig) {
		t.Fatalf("cosignature: %v", err)
	}

	for name, try := range map[string]func() ([]byte, error){
		"zero act":         func() ([]byte, error) { return ua.SignCheckpoint(identity.Act{}, own) },
		"act of an entry":  func() ([]byte, error) { return ua.SignCheckpoint(newAct(ua, shown, "note.made"), own) },
		"act of a witness": func() ([]byte, error) { return ua.SignCheckpoint(newAct(ua, shown, identity.CheckpointWitnessed), own) },
		"another's act":    func() ([]byte, error) { return ua.SignCheckpoint(newAct(ub, shown, identity.CheckpointSigned), own) },
		"nothing shown":    func() ([]byte, error) { return ua.SignCheckpoint(newAct(ua, "", identity.CheckpointSigned), own) },
		"batch": func() ([]byte, error) {
			return ua.SignCheckpoint(confirm.Batch(ua, []byte(shown), identity.CheckpointSigned), own)
		},
		"cosign, zero act": func() ([]byte, error) { return ub.SignCosignature(identity.Act{}, toCosign(own)) },
		"cosign, act of own": func() ([]byte, error) {
			return ub.SignCosignature(newAct(ub, shown, identity.CheckpointSigned), toCosign(own))
		},
		"cosign, another's act": func() ([]byte, error) {
			return ub.SignCosignature(newAct(ua, shown, identity.CheckpointWitnessed), toCosign(own))
		},
		"cosign in a batch": func() ([]byte, error) {
			return ub.SignCosignature(confirm.Batch(ub, []byte(shown), identity.CheckpointWitnessed), toCosign(own))
		},
		"an unknown pseudo-kind": func() ([]byte, error) {
			return ua.SignCheckpoint(newAct(ua, shown, identity.CheckpointSigned, "checkpoint.lost"), own)
		},
		"entry by a checkpoint act": func() ([]byte, error) {
			return ua.Sign(newAct(ua, shown, identity.CheckpointSigned), "note.made", entryBytes(t, ada, "a"))
		},
	} {
		if sig, err := try(); !errors.Is(err, identity.ErrNoAct) || sig != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	sign, witness := newAct(ua, shown, identity.CheckpointSigned), newAct(ua, shown, identity.CheckpointWitnessed)
	if _, err := ua.SignCheckpoint(sign, checkpointOf(ben)); !errors.Is(err, identity.ErrNotOwn) {
		t.Errorf("another's checkpoint as one's own: %v", err)
	}
	if _, err := ua.SignCosignature(witness, toCosign(own)); !errors.Is(err, identity.ErrNotOther) {
		t.Errorf("a witness of oneself: %v", err)
	}
	for name, bad := range map[string]string{"before the epoch": "time -1", "leading zero": "time 01", "no time": "time ", "far off": "time 9223372036854775808", "version 2": ""} {
		msg := strings.Replace(string(toCosign(checkpointOf(ben))), "time 1679315147", bad, 1)
		if bad == "" {
			msg = strings.Replace(string(toCosign(checkpointOf(ben))), "/v1", "/v2", 1)
		}
		if _, err := ua.SignCosignature(witness, []byte(msg)); !errors.Is(err, identity.ErrNotOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ua.SignCosignature(witness, checkpointOf(ben)); !errors.Is(err, identity.ErrNotOther) {
		t.Errorf("another's checkpoint without the words of a witness: %v", err)
	}
	for kind, text := range map[string]string{identity.CheckpointSigned: string(own), "note.made": string(own)} {
		if _, err := ua.Sign(newAct(ua, shown, identity.CheckpointSigned, "note.made"), kind, []byte(text)); !errors.Is(err, identity.ErrNotOwn) {
			t.Errorf("a checkpoint as an entry of kind %s: %v", kind, err)
		}
	}
	for name, bad := range badCheckpoints(t, ada) {
		if _, err := ua.SignCheckpoint(sign, bad); !errors.Is(err, identity.ErrNotOwn) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range badCheckpoints(t, ben) {
		if _, err := ua.SignCosignature(witness, toCosign(bad)); !errors.Is(err, identity.ErrNotOther) {
			t.Errorf("cosign %s: %v", name, err)
		}
	}
	// What was refused left both acts their use.
	if _, err := ua.SignCheckpoint(sign, own); err != nil {
		t.Error(err)
	}
	if _, err := ua.SignCosignature(witness, toCosign(checkpointOf(ben))); err != nil {
		t.Error(err)
	}
	ua.Lock()
	if _, err := ua.SignCheckpoint(sign, own); !errors.Is(err, identity.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if _, err := ua.SignCosignature(witness, toCosign(checkpointOf(ben))); !errors.Is(err, identity.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
}

// TestCheckpointNote makes a note with package checkpoint: by its author, and cosigned by somebody else at the same
// keyboard.
func TestCheckpointNote(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	ua, ub := unlock(t, home, ada), unlock(t, home, ben)
	c := checkpoint.Checkpoint{Case: "00112233445566778899aabbccddeeff", Author: string(ada.Key), Size: 2, Root: checkpoint.Root([][32]byte{{1}, {2}})}
	act := newAct(ua, "head PR2DK", identity.CheckpointSigned)
	signed, err := checkpoint.Sign(c, func(text []byte) ([]byte, error) { return ua.SignCheckpoint(act, text) })
	if err != nil {
		t.Fatal(err)
	}
	w := checkpoint.Witness{Name: "witness.example/ben", Key: string(ben.Key)}
	act = newAct(ub, "head PR2DK", identity.CheckpointWitnessed)
	note, err := checkpoint.Cosign(signed.Note(), w, day, func(msg []byte) ([]byte, error) { return ub.SignCosignature(act, msg) })
	if err != nil {
		t.Fatal(err)
	}
	found, unknown, err := checkpoint.Cosignatures(note, []checkpoint.Witness{w})
	if err != nil || unknown != 0 || len(found) != 1 || found[0].Witness != w || !found[0].Time.Equal(day) {
		t.Errorf("%+v %d %v", found, unknown, err)
	}
}

// badCheckpoints are texts that are nearly the checkpoint of this person.
func badCheckpoints(t *testing.T, p identity.Person) map[string][]byte {
	good := string(checkpointOf(p))
	all := map[string][]byte{"nothing": nil, "long": []byte(good + strings.Repeat("x\n", 4000)), "an entry": entryBytes(t, p, "a"),
		"a cosignature": []byte("cosignature/v1\ntime 1\n" + good), "raw bytes": []byte("pay to the bearer")}
	for name, change := range map[string][2]string{
		"another origin":    {"adjutant/case/", "adjutant/log/"},
		"no case":           {"00112233445566778899aabbccddeeff", "0011"},
		"case in capitals":  {"aabbcc", "AABBCC"},
		"size with zero":    {"\n42\n", "\n042\n"},
		"negative":          {"\n42\n", "\n-42\n"},
		"plus":              {"\n42\n", "\n+42\n"},
		"size out of range": {"\n42\n", "\n9007199254740992\n"},
		"no size":           {"\n42\n", "\n\n"},
		"line end of DOS":   {"\n42\n", "\n42\r\n"},
		"root of 31 bytes":  {root, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw=="},
		"root with bits":    {"q2I=", "q2J="},
		"no padding":        {"q2I=", "q2I"},
		"web base64":        {"/Xajj", "_Xajj"},
		"no last line end":  {"q2I=\n", "q2I="},
		"an extension line": {"q2I=\n", "q2I=\nmore\n"},
		"a signature":       {"q2I=\n", "q2I=\n\n— x y\n"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: the sample did not change", name)
		}
		all[name] = []byte(bad)
	}
	return all
}

// TestDomains: what this key signs begins with words of which none is the beginning of another, so that a signature of
// one sort never passes as another.
func TestDomains(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, "Ada Lind", &counting{})
	card, err := identity.SignedCardBytes(ada)
	if err != nil {
		t.Fatal(err)
	}
	sorts := [][]byte{entryBytes(t, ada, "a"), card, checkpointOf(ada), []byte("cosignature/v1\ntime 1\n")}
	words := [][]byte{[]byte("DSSEv1 "), []byte("adjutant card v1\n"), []byte("adjutant/case/"), []byte("cosignature/v1\n")}
	for i, s := range sorts {
		for j, w := range words {
			if bytes.HasPrefix(s, w) != (i == j) || i != j && bytes.HasPrefix(words[i], w) {
				t.Errorf("%.20q and %q", s, w)
			}
		}
	}
}
