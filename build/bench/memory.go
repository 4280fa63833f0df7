package main

import (
	"fmt"
	"os"
	"runtime/metrics"
	"sync"
	"time"
)

// memory is what the process held at one moment, in MB: pages of its own, pages of mapped files (which the system takes
// back when it needs them), and objects of the heap, dead ones that are not collected yet included.
type memory struct {
	at               time.Time
	Anon, File, Heap float64
}

// watch notes the memory of the process every few milliseconds: the system keeps a peak of the whole alone.
type watch struct {
	mu      sync.Mutex
	samples []memory
}

const between = 5 * time.Millisecond

func newWatch() *watch {
	w := &watch{}
	go func() {
		for {
			w.sample()
			time.Sleep(between)
		}
	}()
	return w
}

func (w *watch) sample() {
	m, ok := memoryNow()
	if !ok {
		return
	}
	w.mu.Lock()
	w.samples = append(w.samples, m)
	w.mu.Unlock()
}

// peak is the most of each since a moment.
func (w *watch) peak(since time.Time) (most memory) {
	w.sample()
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := len(w.samples) - 1; i >= 0 && !w.samples[i].at.Before(since); i-- {
		s := w.samples[i]
		most.Anon, most.File, most.Heap = max(most.Anon, s.Anon), max(most.File, s.File), max(most.Heap, s.Heap)
	}
	return most
}

// memoryNow reads /proc; false where there is none.
func memoryNow() (m memory, ok bool) {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return m, false
	}
	var size, resident, shared float64
	if _, err := fmt.Sscan(string(raw), &size, &resident, &shared); err != nil {
		return m, false
	}
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	page := float64(os.Getpagesize()) / 1e6
	return memory{time.Now(), (resident - shared) * page, shared * page, float64(heap[0].Value.Uint64()) / 1e6}, true
}
