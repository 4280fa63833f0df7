package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

// cost is what one piece of work took: seconds, CPU being user plus system over all threads, and the most memory in MB.
type cost struct{ Wall, CPU, Anon, File, Heap float64 }

// result is what one process reports.
type result struct {
	Costs   map[string][]cost  // by name of the work
	Numbers map[string]float64 // of several rounds the last is shown
	Check   map[string]string  // must be equal in all designs and rounds
	watch   *watch
	running []string // works that have begun and not ended
}

func newResult() *result {
	return &result{Costs: map[string][]cost{}, Numbers: map[string]float64{}, Check: map[string]string{}}
}

const (
	self     = syscall.RUSAGE_SELF
	children = syscall.RUSAGE_CHILDREN // programs that the work starts and waits for
	both     = -100                    // all of these
)

// cpuOf is the CPU time spent so far, in nanoseconds.
func cpuOf(who int) int64 {
	if who == both {
		return cpuOf(self) + cpuOf(children)
	}
	var u syscall.Rusage
	check(syscall.Getrusage(who, &u))
	return u.Utime.Nano() + u.Stime.Nano()
}

// timed runs f and keeps its cost under name.
func (r *result) timed(who int, name string, f func()) {
	if r.watch != nil && len(r.running) == 0 {
		debug.FreeOSMemory() // what earlier work has left is not of this one
	}
	r.running = append(r.running, name)
	defer func() { r.running = r.running[:len(r.running)-1] }()
	before, at := cpuOf(who), time.Now()
	f()
	c := cost{Wall: time.Since(at).Seconds(), CPU: float64(cpuOf(who)-before) / 1e9}
	if r.watch != nil {
		most := r.watch.peak(at)
		c.Anon, c.File, c.Heap = most.Anon, most.File, most.Heap
	}
	r.Costs[name] = append(r.Costs[name], c)
}

// of is a quantile of the costs of a work; each figure is taken apart.
func (r *result) of(name string, q float64) cost {
	costs := r.Costs[name]
	k := min(int(q*float64(len(costs))), len(costs)-1)
	at := func(figure func(cost) float64) float64 {
		all := make([]float64, len(costs))
		for i, c := range costs {
			all[i] = figure(c)
		}
		slices.Sort(all)
		return all[k]
	}
	return cost{
		at(func(c cost) float64 { return c.Wall }), at(func(c cost) float64 { return c.CPU }),
		at(func(c cost) float64 { return c.Anon }), at(func(c cost) float64 { return c.File }), at(func(c cost) float64 { return c.Heap }),
	}
}

// alternate runs a step for each design in turn, each time in a process of its own, so that no design meets the heap or
// the caches of another one; every round begins with another design. It ends the run when checks differ.
func alternate(step string, designs []string, place string) map[string]*result {
	out, want := map[string]*result{}, map[string]string{}
	for round := range setting("ROUNDS", 3) {
		for i := range designs {
			d := designs[(i+round)%len(designs)]
			one := newResult()
			cmd := exec.Command(must(os.Executable()), step, d, place)
			cmd.Stderr = os.Stderr
			check(json.Unmarshal(must(cmd.Output()), one))
			one.Numbers["peak MB"] = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1e3
			for k, v := range one.Check {
				if want[k] = cmp.Or(want[k], v); v != want[k] {
					check(fmt.Errorf("%s: %s gives %s, others %s: times mean nothing", k, d, v, want[k]))
				}
			}
			if before := out[d]; before != nil {
				for name, costs := range before.Costs {
					one.Costs[name] = append(one.Costs[name], costs...)
				}
			}
			out[d] = one
		}
	}
	return out
}

// check ends the process; half a benchmark is none.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func must[T any](v T, err error) T {
	check(err)
	return v
}
