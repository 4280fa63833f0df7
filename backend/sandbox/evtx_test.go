package sandbox

import (
	"bytes"
	"context"
	"path/filepath"
	"reflect"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/evtx"
	"adjutant/backend/parse/parsetest"
)

// TestRealLogsComeThroughUnchanged: what the parent gives is what the parser gave, event by event, damaged logs included.
func TestRealLogsComeThroughUnchanged(t *testing.T) {
	dir := parsetest.SharedData(t, "evtx/samples", "that Windows logs come through a parser child unchanged")
	files, _ := filepath.Glob(filepath.Join(dir, "*.evtx"))
	total := 0
	for _, file := range files {
		b := parsetest.Read(t, file)
		want, wanted, err := parsetest.Collect(evtx.New(), b, "x", parse.Assume{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		got, err := Parse(context.Background(), evtx.New(), parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Name: "x"}, func(e *event.Event) error {
			if n >= len(wanted) || !reflect.DeepEqual(e, wanted[n]) {
				t.Fatalf("%s: event %d:\n%+v", file, n, e)
			}
			n++
			return nil
		})
		if err != nil || n != len(wanted) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %d of %d events\n%+v\n%+v", file, err, n, len(wanted), got, want)
		}
		total += n
	}
	if total < 5000 {
		t.Errorf("only %d events compared", total)
	}
}
