package evidence

import (
	"slices"
	"sync"
	"time"
)

// FileState is where one file or archive member stands on its way in.
type FileState string

// The states before the receipt, which is the last.
const (
	FileWaiting FileState = "waiting"
	FileHashing FileState = "hashing"
	FileHashed  FileState = "hashed" // hashed and sealed, its turn to be parsed has not come
	FileParsing FileState = "parsing"
)

// FileProgress is how far one file or archive member is: bytes hashed while it is hashed, bytes parsed while it is parsed.
type FileProgress struct {
	Path        string // as in its receipt, except that a referenced file's receipt has the absolute path
	State       FileState
	Done, Total int64
}

// Progress says how far an intake is. Done and Total are bytes to hash plus bytes to parse; Total grows when archives
// show what is in them.
type Progress struct {
	Path        string
	Done, Total int64
	Files       int // whose receipts are there
	FilesTotal  int
	Rate        int64          // of Done in a second, over the last ten; 0 while it is not known
	Remaining   time.Duration  // at that rate; 0 while it is not known
	Active      []FileProgress // what is under way, in order; all else is waiting or has its receipt
}

const (
	rateWindow = 10 * time.Second
	rateSteps  = 10 // samples in the window
)

type sample struct {
	at   time.Time
	done int64
}

// meter counts what workers and the goroutine of Take do. It is safe for concurrent use.
type meter struct {
	now   func() time.Time
	moved chan struct{} // something was counted since it was last emptied

	mu      sync.Mutex
	p       Progress
	told    int64
	stale   bool // a file came or went since the last report
	active  []FileProgress
	samples []sample
}

func newMeter(now func() time.Time) *meter {
	return &meter{now: now, moved: make(chan struct{}, 1), samples: []sample{{at: now()}}}
}

// grow makes room for bytes that are still to come.
func (m *meter) grow(files int, n int64) {
	m.mu.Lock()
	m.p.FilesTotal += files
	m.p.Total += n
	m.mu.Unlock()
}

// step counts n bytes of a file.
func (m *meter) step(path string, n int64) {
	m.mu.Lock()
	m.p.Done = min(m.p.Done+n, m.p.Total)
	if f := m.find(path); f != nil {
		f.Done = min(f.Done+n, f.Total)
	}
	m.mu.Unlock()
	m.wake()
}

// enter says that a file is now in a state, with so many bytes ahead of it.
func (m *meter) enter(path string, s FileState, total int64) {
	m.mu.Lock()
	f := m.find(path)
	if f == nil {
		m.active = append(m.active, FileProgress{Path: path})
		f = &m.active[len(m.active)-1]
	}
	f.State, f.Done, f.Total = s, 0, total
	if s == FileHashed {
		f.Done = total
	}
	m.stale = true
	m.mu.Unlock()
	m.wake()
}

func (m *meter) wake() {
	select {
	case m.moved <- struct{}{}:
	default:
	}
}

func (m *meter) find(path string) *FileProgress {
	for i := range m.active { // at most the few that are under way
		if m.active[i].Path == path {
			return &m.active[i]
		}
	}
	return nil
}

// leave says that nothing more is done for a file.
func (m *meter) leave(path string) {
	m.mu.Lock()
	m.active = slices.DeleteFunc(m.active, func(f FileProgress) bool { return f.Path == path })
	m.mu.Unlock()
}

// receipt counts a file whose receipt is there.
func (m *meter) receipt(path string) {
	m.mu.Lock()
	m.p.Files++
	m.p.FilesTotal = max(m.p.FilesTotal, m.p.Files)
	m.stale = true
	m.mu.Unlock()
	m.leave(path)
}

// due returns the progress when it is time to tell it: a file began or ended, or enough bytes were done.
func (m *meter) due(path string) (Progress, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.stale && m.p.Done-m.told < max(progressBytes, m.p.Total/1000) {
		return Progress{}, false
	}
	m.told, m.stale = m.p.Done, false
	m.rate()
	p := m.p
	p.Path = path
	p.Active = slices.Clone(m.active)
	return p, true
}

// rate brings Rate and Remaining up to date.
func (m *meter) rate() {
	now, last := m.now(), m.samples[len(m.samples)-1]
	if now.Sub(last.at) >= rateWindow/rateSteps {
		m.samples = append(m.samples, sample{now, m.p.Done})
		if len(m.samples) > rateSteps+1 {
			m.samples = slices.Delete(m.samples, 0, 1)
		}
	}
	first := m.samples[0]
	m.p.Rate, m.p.Remaining = 0, 0
	if took := now.Sub(first.at); took >= time.Second/2 {
		m.p.Rate = int64(float64(m.p.Done-first.done) / took.Seconds())
	}
	if m.p.Rate > 0 {
		m.p.Remaining = time.Duration(float64(m.p.Total-m.p.Done) / float64(m.p.Rate) * float64(time.Second)).Round(time.Second)
	}
}
