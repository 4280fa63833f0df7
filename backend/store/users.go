package store

import "sync"

// users counts running views, so that Close waits for them instead of unmapping files under their feet. A plain
// RWMutex would lock up when a view opens another one while Close waits.
type users struct {
	mu     sync.Mutex
	idle   sync.Cond
	n      int
	closed bool
}

func (u *users) enter() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return false
	}
	u.n++
	return true
}

func (u *users) leave() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.n--; u.n == 0 && u.closed {
		u.idle.Broadcast()
	}
}

// finish lets nobody in any more and waits for those inside.
func (u *users) finish() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	u.idle.L = &u.mu
	for u.n > 0 {
		u.idle.Wait()
	}
}
