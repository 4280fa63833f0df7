package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// The twin: RFC 6962 §2.1 as it is written, recursive and slow.

func twinSplit(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

func twinRoot(leaves [][]byte) [32]byte {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := twinSplit(len(leaves))
	l, r := twinRoot(leaves[:k]), twinRoot(leaves[k:])
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}

func twinPath(m int, leaves [][]byte) Proof {
	if len(leaves) == 1 {
		return Proof{}
	}
	if k := twinSplit(len(leaves)); m < k {
		return append(twinPath(m, leaves[:k]), twinRoot(leaves[k:]))
	} else {
		return append(twinPath(m-k, leaves[k:]), twinRoot(leaves[:k]))
	}
}

func twinSubproof(m int, leaves [][]byte, whole bool) Proof {
	if m == len(leaves) {
		if whole {
			return Proof{}
		}
		return Proof{twinRoot(leaves)}
	}
	if k := twinSplit(len(leaves)); m <= k {
		return append(twinSubproof(m, leaves[:k], whole), twinRoot(leaves[k:]))
	} else {
		return append(twinSubproof(m-k, leaves[k:], false), twinRoot(leaves[:k]))
	}
}

func idOf(n int) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "entry %d", n)) }

func idsOf(n int) (ids [][32]byte, leaves [][]byte) {
	for i := range n {
		id := idOf(i)
		ids, leaves = append(ids, id), append(leaves, id[:])
	}
	return ids, leaves
}

// TestTwin compares roots and both proofs with RFC 6962's own words for all sizes 1 … 70 and all indices.
func TestTwin(t *testing.T) {
	const most = 70
	ids, leaves := idsOf(most)
	l := NewLog(ids...)
	if l.Size() != most {
		t.Fatal(l.Size())
	}
	roots := make([]Hash, most+1)
	for n := 1; n <= most; n++ {
		root, err := l.Root(uint64(n))
		if want := twinRoot(leaves[:n]); err != nil || root != want || Root(ids[:n]) != want {
			t.Fatalf("root of %d: %v", n, err)
		}
		roots[n] = root
	}
	if Root(nil) != twinRoot(nil) {
		t.Error("the empty log")
	}
	inclusions, consistencies := 0, 0
	for n := 1; n <= most; n++ {
		for m := range n {
			p, err := l.Inclusion(uint64(n), uint64(m))
			if err != nil || !slices.Equal(p, twinPath(m, leaves[:n])) {
				t.Fatalf("inclusion %d of %d: %v", m, n, err)
			}
			if err := VerifyInclusion(p, uint64(n), uint64(m), ids[m], roots[n]); err != nil {
				t.Fatal(err)
			}
			inclusions++
			p, err = l.Consistency(uint64(m+1), uint64(n))
			if err != nil || !slices.Equal(p, twinSubproof(m+1, leaves[:n], true)) {
				t.Fatalf("consistency %d to %d: %v", m+1, n, err)
			}
			if err := VerifyConsistency(p, uint64(m+1), roots[m+1], uint64(n), roots[n]); err != nil {
				t.Fatal(err)
			}
			consistencies++
		}
	}
	if inclusions != most*(most+1)/2 || consistencies != inclusions {
		t.Errorf("%d and %d proofs checked", inclusions, consistencies)
	}
}

// TestTransparencyVectors is someone else's check: the eight leaves and roots of Certificate Transparency's reference
// code (merkle_tree_test, Apache-2.0), which are no ids of ours but run through the same hashes.
func TestTransparencyVectors(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var raw [][]byte
	l := &Log{}
	for i, leaf := range leaves {
		b, err := hex.DecodeString(leaf)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, b)
		// Append takes ids only; the hashes above the leaves are the same for any leaf.
		h := tlog.RecordHash(b)
		stored, err := tlog.StoredHashesForRecordHash(int64(i), h, tlog.HashReaderFunc(l.read))
		if err != nil {
			t.Fatal(err)
		}
		l.hashes, l.size = append(l.hashes, stored...), l.size+1
		root, err := l.Root(l.size)
		if twin := twinRoot(raw); err != nil || hex.EncodeToString(root[:]) != roots[i] || hex.EncodeToString(twin[:]) != roots[i] {
			t.Errorf("root %d: %x, %v", i+1, root, err)
		}
	}
}

// TestProofsRefused changes each bit, each place and each number of proofs: none leads to the root any more.
func TestProofsRefused(t *testing.T) {
	ids, _ := idsOf(23)
	l := NewLog(ids...)
	root := func(n uint64) Hash {
		h, err := l.Root(n)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	refused := 0
	must := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, ErrProof) && !errors.Is(err, ErrRange) {
			t.Fatalf("%s: %v", what, err)
		}
		refused++
	}
	flips := func(p Proof, try func(Proof)) {
		for i := range p {
			for bit := range 256 {
				q := slices.Clone(p)
				q[i][bit/8] ^= 1 << (bit % 8)
				try(q)
			}
		}
		for i := range p {
			try(slices.Delete(slices.Clone(p), i, i+1))
			try(slices.Insert(slices.Clone(p), i, p[i]))
			if i > 0 && p[i] != p[i-1] {
				q := slices.Clone(p)
				q[i], q[i-1] = q[i-1], q[i]
				try(q)
			}
		}
		try(append(slices.Clone(p), Hash{}))
	}
	for _, n := range []uint64{1, 2, 5, 8, 16, 23} {
		for m := range n {
			p, err := l.Inclusion(n, m)
			if err != nil {
				t.Fatal(err)
			}
			flips(p, func(q Proof) { must("inclusion", VerifyInclusion(q, n, m, ids[m], root(n))) })
			for bit := range 256 {
				id, r := ids[m], root(n)
				id[bit/8] ^= 1 << (bit % 8)
				r[bit/8] ^= 1 << (bit % 8)
				must("another id", VerifyInclusion(p, n, m, id, root(n)))
				must("another root", VerifyInclusion(p, n, m, ids[m], r))
			}
			for other := range n {
				if other != m {
					must("another index", VerifyInclusion(p, n, other, ids[m], root(n)))
					must("another entry", VerifyInclusion(p, n, m, ids[other], root(n)))
				}
			}
			q, err := l.Consistency(m+1, n)
			if err != nil {
				t.Fatal(err)
			}
			flips(q, func(q Proof) { must("consistency", VerifyConsistency(q, m+1, root(m+1), n, root(n))) })
			for bit := range 256 {
				a, b := root(m+1), root(n)
				a[bit/8] ^= 1 << (bit % 8)
				b[bit/8] ^= 1 << (bit % 8)
				must("another old root", VerifyConsistency(q, m+1, a, n, root(n)))
				must("another new root", VerifyConsistency(q, m+1, root(m+1), n, b))
			}
		}
	}
	if refused < 50_000 {
		t.Errorf("only %d changes tried", refused)
	}
}

// TestRange: sizes and indices beyond the log, zero, and near the end of what a number holds.
func TestRange(t *testing.T) {
	ids, _ := idsOf(4)
	l := NewLog(ids...)
	_, e1 := l.Root(0)
	_, e2 := l.Root(5)
	_, e3 := l.Inclusion(4, 4)
	_, e4 := l.Inclusion(5, 0)
	_, e5 := l.Consistency(0, 4)
	_, e6 := l.Consistency(3, 2)
	_, e7 := l.Consistency(4, 5)
	many := make(Proof, MaxProof+1)
	all := []error{e1, e2, e3, e4, e5, e6, e7, VerifyInclusion(nil, 1<<63-1, 0, ids[0], Hash{}), VerifyInclusion(nil, MaxSize+1, 0, ids[0], Hash{}),
		VerifyInclusion(nil, 0, 0, ids[0], Hash{}), VerifyInclusion(nil, 1, ^uint64(0), ids[0], Hash{}),
		VerifyConsistency(nil, 0, Hash{}, 0, Hash{}), VerifyConsistency(nil, 1, Hash{}, ^uint64(0), Hash{}), VerifyConsistency(nil, 2, Hash{}, 1, Hash{})}
	for i, err := range all {
		if !errors.Is(err, ErrRange) {
			t.Errorf("%d: %v", i, err)
		}
	}
	for _, err := range []error{VerifyInclusion(many, MaxSize, 1, ids[0], Hash{}), VerifyConsistency(many, 7, Hash{}, MaxSize, Hash{}),
		VerifyInclusion(many[:MaxProof], MaxSize, MaxSize-1, ids[0], Hash{}), VerifyConsistency(many[:MaxProof], 1, Hash{}, MaxSize, Hash{})} {
		if !errors.Is(err, ErrProof) {
			t.Error(err)
		}
	}
}

// BenchmarkLog builds the log of 100,000 ids, with its root and one proof.
func BenchmarkLog(b *testing.B) {
	ids, _ := idsOf(100_000)
	for b.Loop() {
		l := NewLog(ids...)
		if _, err := l.Inclusion(l.Size(), 77); err != nil {
			b.Fatal(err)
		}
	}
}
