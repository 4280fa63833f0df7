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
	free chan *piece
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

const sideBuffers = 8 // pieces of a read; more would only hold memory

func newSideHash() *sideHash {
	s := &sideHash{free: make(chan *piece, sideBuffers)}
	for i, h := range []hash.Hash{md5.New(), sha1.New()} {
		s.sums[i] = side{h: h, work: make(chan *piece, sideBuffers), done: make(chan struct{})}
		go s.run(&s.sums[i])
	}
	return s
}

func (s *sideHash) run(one *side) {
	defer close(one.done)
	for p := range one.work {
		one.h.Write(p.b)
		if p.users.Add(-1) == 0 {
			select {
			case s.free <- p:
			default:
			}
		}
	}
}

func (s *sideHash) write(b []byte) {
	var p *piece
	select {
	case p = <-s.free:
	default:
		p = new(piece)
	}
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
