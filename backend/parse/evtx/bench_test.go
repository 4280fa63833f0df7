package evtx

import (
	"bytes"
	"context"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// BenchmarkParse reads all shared logs (205 files, 90 MB), for a caller that keeps the events and for one that does not, as a
// parser child.
func BenchmarkParse(b *testing.B) {
	logs := sharedLogs(b)
	size := 0
	for _, l := range logs {
		size += len(l)
	}
	for name, transient := range map[string]bool{"kept": false, "transient": true} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			records := 0
			for b.Loop() {
				for _, l := range logs {
					in := parse.Input{Reader: bytes.NewReader(l), Size: int64(len(l)), Transient: transient}
					if _, err := New().Parse(context.Background(), in, func(*event.Event) error { records++; return nil }); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
