package checkpoint

import (
	"bytes"
	"testing"
)

// FuzzNote reads any bytes as a note. What is taken has one form: its checkpoint formats to the text that stands there.
func FuzzNote(f *testing.F) {
	_, msg := sample(f, "Ada Lind", 7)
	f.Add(msg)
	f.Add(cosigned(f, msg, "Ben", "Cy"))
	f.Add(bytes.Repeat([]byte("— a+b \n\n"), 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := Parse(b); err == nil {
			if text, err := Format(c); err != nil || !bytes.Equal(text, b) {
				t.Fatalf("a second form of a text: %q", b)
			}
		}
		if _, _, err := ParseToCosign(b); err == nil && !bytes.HasPrefix(b, []byte(cosignedHead)) {
			t.Fatalf("%q", b)
		}
		c, err := Verify(b)
		if err != nil {
			return
		}
		text, err := Format(c)
		if err != nil || !bytes.HasPrefix(b, append(text, "\n— "+c.Origin()+" "...)) {
			t.Fatalf("a second form of a note: %q", b)
		}
		if _, _, err := Cosignatures(b, []Witness{witness("Ben")}); err == nil {
			if again, err := Cosign(b, witness("Dee"), noon, signer("Dee")); err != nil {
				t.Fatalf("%q: %v", again, err)
			}
		}
	})
}

// FuzzProof reads any bytes as a proof and runs it at any place: one form, and no proof of a made-up root.
func FuzzProof(f *testing.F) {
	ids, _ := idsOf(23)
	l := NewLog(ids...)
	inc, err := l.Inclusion(23, 9)
	if err != nil {
		f.Fatal(err)
	}
	con, err := l.Consistency(6, 23)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(AppendProof(nil, inc), uint64(23), uint64(9))
	f.Add(AppendProof(nil, con), uint64(23), uint64(6))
	f.Add([]byte("[]"), uint64(1), uint64(0))
	f.Add([]byte("[]"), uint64(MaxSize), ^uint64(0))
	f.Fuzz(func(t *testing.T, b []byte, size, at uint64) {
		p, err := ParseProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(AppendProof(nil, p), b) {
			t.Fatalf("a second form of a proof: %q", b)
		}
		if VerifyInclusion(p, size, at, ids[0], Hash{}) == nil || (at != size && VerifyConsistency(p, at, Hash{}, size, Hash{1}) == nil) {
			t.Fatal("a proof of a root that nobody made")
		}
	})
}

// FuzzWitness reads any text as a verifier key.
func FuzzWitness(f *testing.F) {
	f.Add(witness("Ben").String())
	f.Add("a+00000000+BA==")
	f.Fuzz(func(t *testing.T, vkey string) {
		if w, err := ParseWitness(vkey); err == nil && w.String() != vkey {
			t.Fatalf("a second form: %q", vkey)
		}
	})
}
