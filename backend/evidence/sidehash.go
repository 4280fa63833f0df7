package evidence

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"hash"
	"sync"
	"sync/atomic"
)

// sideHash computes the MD5 and SHA-1 that people compare with other tools' lists, beside the sealing: each on a core of its
// own where there is one. Neither is trusted for anything; an item is its SHA-256.
type sideHash struct {
	sums [2]side
	once sync.Once
}

// side is one of the two hashes.
type side struct {
	h    hash.Hash
	work chan *piece
	done chan struct{}
}

// piece is a copy of what was read; whoever is last to hash it hands it back.
type piece struct {
	b     []byte
	users atomic.Int32
}

const (
	readBytes   = 256 << 10 // one read of a file, as the vault does it
	sideBuffers = 8         // reads that wait for the slower hash; more would only hold memory
)

// pieces are used again by all files: many small ones would make as many of them.
var pieces = sync.Pool{New: func() any { return &piece{b: make([]byte, 0, readBytes)} }}

func newSideHash() *sideHash {
	s := new(sideHash)
	for i, h := range []hash.Hash{md5.New(), sha1.New()} {
		s.sums[i] = side{h: h, work: make(chan *piece, sideBuffers), done: make(chan struct{})}
		go s.sums[i].run()
	}
	return s
}

func (one *side) run() {
	defer close(one.done)
	for p := range one.work {
		one.h.Write(p.b)
		if p.users.Add(-1) == 0 {
			pieces.Put(p)
		}
	}
}

func (s *sideHash) write(b []byte) {
	if len(b) == 0 {
		return
	}
	p := pieces.Get().(*piece)
	p.b = append(p.b[:0], b...)
	p.users.Store(int32(len(s.sums)))
	for i := range s.sums {
		s.sums[i].work <- p
	}
}

// end lets the goroutines finish.
func (s *sideHash) end() {
	s.once.Do(func() {
		for i := range s.sums {
			close(s.sums[i].work)
		}
	})
	for i := range s.sums {
		<-s.sums[i].done
	}
}

// sum ends the hashing and returns both in hexadecimal.
func (s *sideHash) sum() (md5, sha1 string) {
	s.end()
	return hex.EncodeToString(s.sums[0].h.Sum(nil)), hex.EncodeToString(s.sums[1].h.Sum(nil))
}
