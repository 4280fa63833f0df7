package workbench

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Progress is how far long work is. Total 0 means: not known.
type Progress struct {
	Done, Total int64
	Unit        string
	Message     string
}

// Job is long work that a person started: it never blocks the window, can be cancelled, and says how far it is.
type Job struct {
	ID       string
	Title    string
	State    JobState
	Progress Progress
	Err      error
	Started  time.Time
	Ended    time.Time
	cancel   context.CancelFunc
}

// Rate is units a second since the start.
func (j Job) Rate(now time.Time) float64 {
	end := now
	if !j.Ended.IsZero() {
		end = j.Ended
	}
	if s := end.Sub(j.Started).Seconds(); s > 0 {
		return float64(j.Progress.Done) / s
	}
	return 0
}

// Jobs keeps the jobs of one window. It is safe for concurrent use.
type Jobs struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	now  func() time.Time
	next int
	all  map[string]*Job
}

// NewJobs returns an empty drawer.
func NewJobs(now func() time.Time) *Jobs { return &Jobs{now: now, all: map[string]*Job{}} }

// Go starts work. A panic in it becomes the job's error: a fault in one import must not end the program.
func (js *Jobs) Go(title string, work func(ctx context.Context, report func(Progress)) error) Job {
	ctx, cancel := context.WithCancel(context.Background())
	js.mu.Lock()
	js.next++
	j := &Job{ID: fmt.Sprintf("j%d", js.next), Title: title, State: JobRunning, Started: js.now(), cancel: cancel}
	js.all[j.ID] = j
	first := *j
	js.mu.Unlock()
	js.wg.Add(1)
	go func() {
		defer js.wg.Done()
		defer cancel()
		err := guarded(func() error {
			return work(ctx, func(p Progress) {
				js.mu.Lock()
				j.Progress = p
				js.mu.Unlock()
			})
		})
		js.mu.Lock()
		defer js.mu.Unlock()
		j.Ended, j.Err = js.now(), err
		switch {
		case err == nil:
			j.State = JobDone
		case errors.Is(err, context.Canceled):
			j.State = JobCancelled
		default:
			j.State = JobFailed
		}
	}()
	return first
}

func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("workbench: job: %v", r)
		}
	}()
	return f()
}

// List returns the jobs, newest first.
func (js *Jobs) List() []Job {
	js.mu.Lock()
	defer js.mu.Unlock()
	out := make([]Job, 0, len(js.all))
	for _, j := range js.all {
		out = append(out, *j)
	}
	sort.Slice(out, func(a, b int) bool {
		if !out[a].Started.Equal(out[b].Started) {
			return out[a].Started.After(out[b].Started)
		}
		return out[a].ID > out[b].ID
	})
	return out
}

// Cancel asks a job to stop; what it has acknowledged stays. It reports whether there was such a job.
func (js *Jobs) Cancel(id string) bool {
	js.mu.Lock()
	defer js.mu.Unlock()
	j, ok := js.all[id]
	if ok {
		j.cancel()
	}
	return ok
}

// Running is the number of jobs at work.
func (js *Jobs) Running() int {
	js.mu.Lock()
	defer js.mu.Unlock()
	n := 0
	for _, j := range js.all {
		if j.State == JobRunning {
			n++
		}
	}
	return n
}

// Stop cancels all jobs and waits for them.
func (js *Jobs) Stop() {
	js.mu.Lock()
	for _, j := range js.all {
		j.cancel()
	}
	js.mu.Unlock()
	js.wg.Wait()
}
