package checkpoint

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrRange is returned for a size or index that lies outside the log.
var ErrRange = errors.New("checkpoint: no such size or index in the log")

// ErrProof is returned for a proof that does not lead to the root.
var ErrProof = errors.New("checkpoint: the proof does not lead to the root")

// Log is the Merkle log of one author: it holds all hashes (about 64 bytes an entry) and gives roots and proofs of every
// size. Not safe for concurrent use with Append.
type Log struct {
	hashes []tlog.Hash // in the order of tlog.StoredHashIndex
	size   uint64
}

// NewLog returns the log of these entry ids, in the order of seq. About 30 ms for 100,000.
func NewLog(ids ...[32]byte) *Log {
	l := &Log{hashes: make([]tlog.Hash, 0, 2*len(ids))}
	for _, id := range ids {
		l.Append(id)
	}
	return l
}

// Append adds the author's next entry.
func (l *Log) Append(id [32]byte) {
	h := tlog.RecordHash(id[:])
	l.hashes = append(l.hashes, h)
	// Each trailing 1 bit of the index completes a subtree, whose hash is stored right behind.
	for level, n := 0, int64(l.size); n&1 == 1; level, n = level+1, n>>1 {
		h = tlog.NodeHash(l.hashes[tlog.StoredHashIndex(level, n-1)], h)
		l.hashes = append(l.hashes, h)
	}
	l.size++
}

// Size is the number of entries.
func (l *Log) Size() uint64 { return l.size }

func (l *Log) read(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = l.hashes[at] // tlog asks only for what a log of this size has stored
	}
	return out, nil
}

// Root is the root of the first size entries, 1 ≤ size ≤ Size.
func (l *Log) Root(size uint64) (Hash, error) {
	if size < 1 || size > l.size {
		return Hash{}, fmt.Errorf("%w: root of %d in a log of %d", ErrRange, size, l.size)
	}
	h, err := tlog.TreeHash(int64(size), tlog.HashReaderFunc(l.read))
	return Hash(h), err
}

// Inclusion proves that entry index (its seq − 1) stands in the log of the first size entries.
func (l *Log) Inclusion(size, index uint64) (Proof, error) {
	if size > l.size || index >= size {
		return nil, fmt.Errorf("%w: entry %d of %d in a log of %d", ErrRange, index, size, l.size)
	}
	p, err := tlog.ProveRecord(int64(size), int64(index), tlog.HashReaderFunc(l.read))
	return fromTlog(p), err
}

// Consistency proves that the log of the first oldSize entries is the beginning of the log of the first newSize.
func (l *Log) Consistency(oldSize, newSize uint64) (Proof, error) {
	if oldSize < 1 || oldSize > newSize || newSize > l.size {
		return nil, fmt.Errorf("%w: from %d to %d in a log of %d", ErrRange, oldSize, newSize, l.size)
	}
	p, err := tlog.ProveTree(int64(newSize), int64(oldSize), tlog.HashReaderFunc(l.read))
	return fromTlog(p), err
}

// Root is the root of a log of these ids, without keeping one. For no ids it is RFC 6962's hash of the empty log, which
// no checkpoint has.
func Root(ids [][32]byte) Hash {
	var full []tlog.Hash // roots of complete subtrees, the greatest first
	for i := range ids {
		h := tlog.RecordHash(ids[i][:])
		for n := i; n&1 == 1; n >>= 1 {
			h = tlog.NodeHash(full[len(full)-1], h)
			full = full[:len(full)-1]
		}
		full = append(full, h)
	}
	if len(full) == 0 {
		h, _ := tlog.TreeHash(0, nil) // reads nothing, so nothing can fail
		return Hash(h)
	}
	h := full[len(full)-1]
	for i := len(full) - 2; i >= 0; i-- {
		h = tlog.NodeHash(full[i], h)
	}
	return Hash(h)
}

// VerifyInclusion checks that the entry with this id is number index of the log of this size and root. The error wraps
// ErrProof or ErrRange.
func VerifyInclusion(p Proof, size, index uint64, id [32]byte, root Hash) error {
	if size > MaxSize || index >= size {
		return fmt.Errorf("%w: entry %d of %d", ErrRange, index, size)
	}
	if len(p) > MaxProof || tlog.CheckRecord(toTlog(p), int64(size), tlog.Hash(root), int64(index), tlog.RecordHash(id[:])) != nil {
		return fmt.Errorf("%w: entry %d of %d", ErrProof, index, size)
	}
	return nil
}

// VerifyConsistency checks that the log of oldSize and oldRoot is the beginning of the log of newSize and newRoot. Equal
// sizes need equal roots and an empty proof. The error wraps ErrProof or ErrRange.
func VerifyConsistency(p Proof, oldSize uint64, oldRoot Hash, newSize uint64, newRoot Hash) error {
	if oldSize < 1 || oldSize > newSize || newSize > MaxSize {
		return fmt.Errorf("%w: from %d to %d", ErrRange, oldSize, newSize)
	}
	if len(p) > MaxProof || tlog.CheckTree(toTlog(p), int64(newSize), tlog.Hash(newRoot), int64(oldSize), tlog.Hash(oldRoot)) != nil {
		return fmt.Errorf("%w: from %d to %d entries", ErrProof, oldSize, newSize)
	}
	return nil
}
