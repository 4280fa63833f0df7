//go:build unix

package evidence

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// cpuSeconds is what this process has used; other work on the machine does not count.
func cpuSeconds() float64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkHashAndSeal is the rate at which files come in that nothing reads: one large file, and many small ones.
func BenchmarkHashAndSeal(b *testing.B) {
	for _, c := range []struct{ files, size int }{{1, 256 << 20}, {4, 64 << 20}, {512, 64 << 10}} {
		for _, keep := range []Keep{KeepSealed, KeepReferenced} {
			b.Run(fmt.Sprintf("%dx%dKiB-%s", c.files, c.size>>10, keep), func(b *testing.B) {
				dir := b.TempDir()
				r := rand.NewChaCha8([32]byte{3})
				for i := range c.files {
					f, err := os.Create(filepath.Join(dir, fmt.Sprint(i)))
					if err == nil {
						_, err = io.CopyN(f, r, int64(c.size))
					}
					if err != nil || f.Close() != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(int64(c.files * c.size))
				var used float64
				for b.Loop() {
					b.StopTimer()
					n := newBench(b)
					n.in.Paths, n.in.Keep = []string{dir}, keep
					b.StartTimer()
					before := cpuSeconds()
					if err := Take(ctx, n.in); err != nil {
						b.Fatal(err)
					}
					used += cpuSeconds() - before
				}
				b.ReportMetric(float64(c.files*c.size*b.N)/1e6/used, "MB/cpu-s")
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.HeapSys)/(1<<20), "heap-MiB")
			})
		}
	}
}
