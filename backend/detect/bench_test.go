package detect_test

import (
	"context"
	"testing"

	"adjutant/backend/detect"
	"adjutant/backend/detect/detecttest"
)

// BenchmarkRun walks the sample incident with our rules and all detectors.
func BenchmarkRun(b *testing.B) {
	events, _ := detecttest.Ferry(b)
	sorted := detect.Sorted(events)
	b.ResetTimer()
	for b.Loop() {
		if _, err := detect.Run(context.Background(), sorted, detect.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(events)*b.N)/b.Elapsed().Seconds(), "events/s")
}
