package timeline

import (
	"context"
	"errors"
	"sort"
	"sync"
	"time"

	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// Buckets ask for a histogram. A zero From or To means the extent of the matching rows.
type Buckets struct {
	From, To time.Time // [From, To)
	N        int       // at most so many buckets, at most MaxBuckets
}

// Histogram counts matching rows over time. Rows outside [From, To) are not in Counts.
type Histogram struct {
	From, To time.Time // zero when no dated row matches
	Bucket   time.Duration
	Counts   []int64 // bucket i is [From + i·Bucket, From + (i+1)·Bucket)
	Undated  int64
}

// ErrBuckets is returned for a histogram without buckets or with too many, or one that ends before it starts.
var ErrBuckets = errors.New("timeline: buckets of a histogram")

// Histogram counts the rows that match q over time.
func (t *Timeline) Histogram(ctx context.Context, q query.Expr, notes Annotations, by Buckets) (Histogram, error) {
	var h Histogram
	if by.N < 1 || by.N > MaxBuckets || !by.From.IsZero() && !by.To.IsZero() && !by.From.Before(by.To) {
		return h, ErrBuckets
	}
	err := t.read(ctx, func(s *session) error {
		a, err := s.answer(q, notes)
		if err != nil {
			return err
		}
		h.Undated = a.total - a.allDays
		from, to, ok, err := s.span(a, by)
		if err != nil || !ok {
			return err
		}
		width := (uint64(to) - uint64(from) + uint64(by.N) - 1) / uint64(by.N)
		width = min(max(width, 1), 1<<63/100-1) // a bucket is a time.Duration
		h.From, h.To = block.Time(from), block.Time(to)
		h.Bucket = time.Duration(width) * 100
		h.Counts = make([]int64, min((uint64(to)-uint64(from)+width-1)/width, MaxBuckets))
		var mu sync.Mutex
		return s.eachBlock(func(i int) error {
			counts, first, err := s.countBlock(a, i, from, to, width, len(h.Counts))
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			for k, n := range counts {
				h.Counts[first+k] += n
			}
			return nil
		})
	})
	return h, err
}

// span is what the histogram covers, in ticks. ok is false when no dated row matches and no span was given.
func (s *session) span(a *answer, by Buckets) (from, to int64, ok bool, err error) {
	if a.allDays > 0 {
		if from, err = s.timeOfRank(a, 0); err != nil {
			return 0, 0, false, err
		}
		if to, err = s.timeOfRank(a, a.allDays-1); err != nil {
			return 0, 0, false, err
		}
		to++
		ok = true
	}
	if !by.From.IsZero() {
		from = block.Ticks(by.From)
	}
	if !by.To.IsZero() {
		to = block.Ticks(by.To)
	}
	ok = ok || !by.From.IsZero() && !by.To.IsZero()
	return from, to, ok && from < to, nil
}

// countBlock counts one block's matching dated rows into the buckets that it touches, of n; first is the first of those.
func (s *session) countBlock(a *answer, i int, from, to int64, width uint64, n int) (counts []int64, first int, err error) {
	b := s.cat.blocks[i]
	if a.dated[i] == 0 || b.Last < from || b.First >= to {
		return nil, 0, nil
	}
	bucket := func(at int64) int { return min(int((uint64(at)-uint64(from))/width), n-1) }
	first = bucket(max(b.First, from))
	last := bucket(min(b.Last, to-1))
	counts = make([]int64, last-first+1)
	if first == last && b.First >= from && b.Last < to {
		counts[0] = int64(a.dated[i])
		return counts, first, nil
	}
	t, err := s.times(b)
	if err != nil {
		return nil, 0, err
	}
	at := t.Order().At
	row := sort.Search(len(at), func(i int) bool { return at[i] >= from })
	end := sort.Search(len(at), func(i int) bool { return at[i] >= to })
	for row < end {
		k := bucket(at[row])
		next := end
		if k < last {
			next = row + sort.Search(end-row, func(i int) bool { return bucket(at[row+i]) > k })
		}
		counts[k-first] += int64(a.sets[i].below(next) - a.sets[i].below(row))
		row = next
	}
	return counts, first, nil
}
