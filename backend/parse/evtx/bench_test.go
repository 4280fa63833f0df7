package evtx

import (
	"bytes"
	"context"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// BenchmarkParse reads three real logs of 3,000, 2,261 and 1,146 records.
func BenchmarkParse(b *testing.B) {
	dir := parsetest.SharedData(b, "evtx/samples", "the speed of reading Windows logs")
	var logs [][]byte
	size := 0
	for _, name := range []string{"sample-with-irregular-bool-values.evtx", "security_bad_string_cache.evtx", "E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational.evtx"} {
		l := parsetest.Read(b, dir, name)
		logs = append(logs, l)
		size += len(l)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	records := 0
	for b.Loop() {
		for _, l := range logs {
			_, err := New().Parse(context.Background(), parse.Input{Reader: bytes.NewReader(l), Size: int64(len(l))}, func(*event.Event) error { records++; return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}
