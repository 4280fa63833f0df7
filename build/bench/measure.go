package main

import (
	"bytes"
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

// timed runs f and keeps its cost under name; "" keeps nothing.
func (r *result) timed(who int, name string, f func() error) error {
	cpu, at := cpuSeconds(who), time.Now()
	err := f()
	if name != "" {
		r.Costs[name] = append(r.Costs[name], cost{time.Since(at).Seconds(), cpuSeconds(who) - cpu})
	}
	return err
}

func cpuSeconds(who int) float64 {
	var u syscall.Rusage
	if syscall.Getrusage(who, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// of is the median cost of a work; wall and CPU are taken apart.
func (r *result) of(name string) cost { return cost{r.quantile(name, 0.5), r.cpu(name)} }

func (r *result) quantile(name string, q float64) float64 {
	return quantile(r.Costs[name], q, func(c cost) float64 { return c.Wall })
}

func (r *result) cpu(name string) float64 {
	return quantile(r.Costs[name], 0.5, func(c cost) float64 { return c.CPU })
}

func quantile(costs []cost, q float64, of func(cost) float64) float64 {
	var v []float64
	for _, c := range costs {
		v = append(v, of(c))
	}
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[min(int(q*float64(len(v))), len(v)-1)]
}

// alternate runs a step for each design in turn, rounds times, each in a process of its own, so that no design meets the
// heap or the caches of another one; every round begins with another design. It fails when checks differ.
func alternate(rounds int, step string, designs []string, args ...string) (map[string]*result, error) {
	out, check := map[string]*result{}, []string(nil)
	for round := range rounds {
		for i := range designs {
			d := designs[(i+round)%len(designs)]
			one := newResult()
			if err := inChild(one, append([]string{"-step", step, d}, args...)...); err != nil {
				return nil, err
			}
			if check == nil {
				check = one.Check
			}
			for k := range check {
				if one.Check[k] != check[k] {
					return nil, fmt.Errorf("bench: %s: %s gives %s where %s gave %s; times mean nothing", step, d, one.Check[k], designs[0], check[k])
				}
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
	return out, nil
}

func newResult() *result { return &result{Costs: map[string][]cost{}, Numbers: map[string]float64{}} }

func inChild(out *result, args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(program, args...)
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("bench: %v: %w", args[:3], err)
	}
	if err := json.Unmarshal(stdout.Bytes(), out); err != nil {
		return fmt.Errorf("bench: %v: answer: %w", args[:3], err)
	}
	out.Numbers["peak"] = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10)
	return nil
}
