package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// cost is what one piece of work took, in seconds; CPU is user plus system over all threads.
type cost struct{ Wall, CPU float64 }

// result is what one process reports.
type result struct {
	Costs   map[string][]cost  // by name of the work
	Numbers map[string]float64 // the greatest of all rounds is shown
	Check   []string           // must be equal in all designs and rounds
}

const (
	self     = syscall.RUSAGE_SELF
	children = syscall.RUSAGE_CHILDREN // programs that the work starts and waits for
)

// timed runs f and keeps its cost under name.
func (r *result) timed(who int, name string, f func()) {
	cpu, at := cpuSeconds(who), time.Now()
	f()
	r.Costs[name] = append(r.Costs[name], cost{time.Since(at).Seconds(), cpuSeconds(who) - cpu})
}

func cpuSeconds(who int) float64 {
	var u syscall.Rusage
	check(syscall.Getrusage(who, &u))
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// of is a quantile of the costs of a work; wall and CPU are taken apart.
func (r *result) of(name string, q float64) cost {
	var wall, cpu []float64
	for _, c := range r.Costs[name] {
		wall, cpu = append(wall, c.Wall), append(cpu, c.CPU)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	k := min(int(q*float64(len(wall))), len(wall)-1)
	return cost{wall[k], cpu[k]}
}

// alternate runs a step for each design in turn, each time in a process of its own, so that no design meets the heap or
// the caches of another one; every round begins with another design. It ends the run when checks differ.
func alternate(step string, designs []string, place string) map[string]*result {
	out, want := map[string]*result{}, []string(nil)
	for round := range setting("ROUNDS", 3) {
		for i := range designs {
			d := designs[(i+round)%len(designs)]
			one := newResult()
			cmd := exec.Command(must(os.Executable()), step, d, place)
			cmd.Stderr = os.Stderr
			check(json.Unmarshal(must(cmd.Output()), one))
			one.Numbers["peak MB"] = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1e3
			if want == nil {
				want = one.Check
			}
			if k := slices.IndexFunc(one.Check, func(s string) bool { return !slices.Contains(want, s) }); k >= 0 || len(one.Check) != len(want) {
				check(fmt.Errorf("%s: %s gives %q, the first design something else: times mean nothing", step, d, one.Check[max(k, 0)]))
			}
			if out[d] == nil {
				out[d] = newResult()
			}
			for name, costs := range one.Costs {
				out[d].Costs[name] = append(out[d].Costs[name], costs...)
			}
			for name, n := range one.Numbers {
				out[d].Numbers[name] = max(n, out[d].Numbers[name])
			}
		}
	}
	return out
}

func newResult() *result { return &result{Costs: map[string][]cost{}, Numbers: map[string]float64{}} }

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
