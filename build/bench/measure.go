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

// cost is what one run took, in seconds; CPU is user plus system over all threads.
type cost struct {
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
}

// timed runs f. who is RUSAGE_SELF for work in this process, RUSAGE_CHILDREN for programs that f starts and waits for.
func timed(who int, f func() error) (cost, error) {
	cpu, at := cpuSeconds(who), time.Now()
	err := f()
	return cost{time.Since(at).Seconds(), cpuSeconds(who) - cpu}, err
}

func cpuSeconds(who int) float64 {
	var u syscall.Rusage
	if syscall.Getrusage(who, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// inChild runs one step in a process of its own, so that no design meets the heap or the caches of another one. It fills
// out from the child's JSON and returns the child's peak memory in bytes.
func inChild(out any, step string, args ...string) (int64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, append([]string{"-step", step}, args...)...)
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("bench: step %s %v: %w", step, args, err)
	}
	if err := json.Unmarshal(stdout.Bytes(), out); err != nil {
		return 0, fmt.Errorf("bench: step %s %v: answer: %w", step, args, err)
	}
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10, nil
}

// median of at least one value; the upper one of the two in the middle.
func median(v []float64) float64 { return quantile(v, 0.5) }

func quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return v[min(int(q*float64(len(v))), len(v)-1)]
}

// medianCost takes wall and CPU apart.
func medianCost(runs []cost) cost {
	var wall, cpu []float64
	for _, c := range runs {
		wall, cpu = append(wall, c.Wall), append(cpu, c.CPU)
	}
	return cost{median(wall), median(cpu)}
}
