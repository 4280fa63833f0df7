package timeline

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"adjutant/backend/event"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// answer is the matching rows of every block of one catalogue. It is immutable.
type answer struct {
	cat     *catalog
	sets    []set // by block, over its rows in order
	dated   []int // by block: matching rows with a time
	undated []int // by block: the others
	total   int64
	allDays int64 // matching rows with a time, of all blocks
}

// answers keeps the newest answers, so that paging and scrolling ask a block once, and places of rows asked by id.
type answers struct {
	mu     sync.Mutex
	list   []*keptAnswer // newest first
	places map[event.ID]place
	cat    *catalog // of places
}

type keptAnswer struct {
	text string
	*answer
}

func newAnswers() *answers { return &answers{places: map[event.ID]place{}} }

func (k *answers) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = nil
	k.places, k.cat = map[event.ID]place{}, nil
}

func (k *answers) get(cat *catalog, text string) *answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, a := range k.list {
		if a.text == text && a.cat == cat {
			copy(k.list[1:i+1], k.list[:i])
			k.list[0] = a
			return a.answer
		}
	}
	return nil
}

func (k *answers) keep(text string, a *answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append([]*keptAnswer{{text, a}}, k.list...)
	bytes := 0
	for i, x := range k.list {
		bytes += x.bytes()
		if i > 0 && (i >= maxAnswers || bytes > maxAnswerBytes) {
			k.list = k.list[:i]
			return
		}
	}
}

func (a *answer) bytes() int {
	n := 64 * len(a.sets)
	for _, s := range a.sets {
		n += 8 * len(s.bits)
	}
	return n
}

func (k *answers) place(cat *catalog, id event.ID) (place, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cat != cat {
		return place{}, false
	}
	p, ok := k.places[id]
	return p, ok
}

// keepPlace remembers where an event lies; a place without a block says that it is nowhere.
func (k *answers) keepPlace(cat *catalog, id event.ID, p place) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cat != cat || len(k.places) >= maxLocations {
		k.places, k.cat = map[event.ID]place{}, cat
	}
	k.places[id] = p
}

// answer asks every block, some at a time. Answers that depend on annotations are not kept: those change without us.
func (s *session) answer(q query.Expr, notes Annotations) (*answer, error) {
	text, keep := "", !query.UsesAnnotations(q)
	if keep {
		text = q.String()
		if a := s.t.answers.get(s.cat, text); a != nil {
			return a, nil
		}
	}
	n := len(s.cat.blocks)
	a := &answer{cat: s.cat, sets: make([]set, n), dated: make([]int, n), undated: make([]int, n)}
	index := notesFor(q, notes)
	err := s.eachBlock(func(i int) error {
		b := s.cat.blocks[i]
		ask := &asker{session: s, b: b, notes: index}
		got, err := ask.rows(q)
		if err != nil {
			return err
		}
		a.sets[i] = got
		a.dated[i] = got.below(b.Dated)
		a.undated[i] = got.below(b.Rows) - a.dated[i]
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range n {
		a.allDays += int64(a.dated[i])
		a.total += int64(a.dated[i] + a.undated[i])
	}
	if keep {
		s.t.answers.keep(text, a)
	}
	return a, nil
}

// eachBlock calls f for every block number, on several goroutines; reads of one snapshot may be made from several. The
// first error or the context's end stops it.
func (s *session) eachBlock(f func(i int) error) error {
	workers := min(queryWorkers, runtime.GOMAXPROCS(0), len(s.cat.blocks))
	var next atomic.Int64
	var work sync.WaitGroup
	var once sync.Once
	var first error
	var stop atomic.Bool
	fail := func(err error) {
		once.Do(func() { first = err })
		stop.Store(true)
	}
	for range workers {
		work.Add(1)
		go func() {
			defer work.Done()
			for !stop.Load() {
				i := int(next.Add(1)) - 1
				if i >= len(s.cat.blocks) {
					return
				}
				if err := s.ctx.Err(); err != nil {
					fail(err)
					return
				}
				if err := guarded(s.cat.blocks[i], i, f); err != nil {
					fail(err)
					return
				}
			}
		}()
	}
	work.Wait()
	return first
}

// guarded turns a panic over one block into an error: a goroutine of its own would end the program.
func guarded(b *blk, i int, f func(i int) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = b.damage(fmt.Errorf("%w: %v", block.ErrDamaged, p))
		}
	}()
	return f(i)
}
