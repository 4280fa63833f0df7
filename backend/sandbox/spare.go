package sandbox

import (
	"sync"
	"time"
)

// spareTime is how long a spare child waits for an item before it is ended.
const spareTime = 15 * time.Second

// spares holds one child that is started ahead. Starting takes longer than parsing most items (10 ms; 100 ms for the
// program with the window, which loads GTK), so the next child starts while the present one works. It has seen nothing
// when it is taken: every item still has a child of its own.
type spares struct {
	mu       sync.Mutex
	waiting  *child
	starting bool
	expire   *time.Timer
}

var spare spares

// take returns the waiting child, or nil.
func (s *spares) take() *child {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.waiting
	if s.waiting = nil; s.expire != nil {
		s.expire.Stop()
	}
	return c
}

// prepare starts the next child in the background.
func (s *spares) prepare() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting != nil || s.starting {
		return
	}
	s.starting = true
	go func() {
		c, err := startIdle()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.starting = false
		if err != nil {
			return // the item that needs it will start one itself and say why it cannot
		}
		s.waiting = c
		s.expire = time.AfterFunc(spareTime, s.drop)
	}()
}

// drop ends a child that nobody took.
func (s *spares) drop() {
	if c := s.take(); c != nil {
		c.kill()
		c.reap()
	}
}
