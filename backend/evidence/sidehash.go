package evidence

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"sync"
)

// sideHash computes the MD5 and SHA-1 that people compare with other tools' lists, beside the sealing: on the second core
// they cost no time. Neither is trusted for anything; an item is its SHA-256.
type sideHash struct {
	work chan []byte
	free chan []byte
	done chan struct{}
	once sync.Once
	md5  string
	sha1 string
}

const sideBuffers = 8 // pieces of a read; more would only hold memory

func newSideHash() *sideHash {
	s := &sideHash{work: make(chan []byte, sideBuffers), free: make(chan []byte, sideBuffers), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		m, h := md5.New(), sha1.New()
		for b := range s.work {
			m.Write(b)
			h.Write(b)
			select {
			case s.free <- b:
			default:
			}
		}
		s.md5, s.sha1 = hex.EncodeToString(m.Sum(nil)), hex.EncodeToString(h.Sum(nil))
	}()
	return s
}

func (s *sideHash) write(p []byte) {
	var b []byte
	select {
	case b = <-s.free:
	default:
	}
	s.work <- append(b[:0], p...)
}

// end lets the goroutine finish.
func (s *sideHash) end() {
	s.once.Do(func() { close(s.work) })
	<-s.done
}

// sums ends the hashing and returns both in hexadecimal.
func (s *sideHash) sums() (md5, sha1 string) {
	s.end()
	return s.md5, s.sha1
}
