package formats

import (
	"context"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// TestLongRecordsEnd: a record of 4 MiB in short lines is read in seconds, not hours. In-process formats have no time limit.
func TestLongRecordsEnd(t *testing.T) {
	for name, c := range map[string]struct{ head, line string }{
		"apt":          {"Start-Date: 2026-03-14  01:02:03\nInstall: a:amd64 (1)\n", "a \n"},
		"plaso":        {"+-+-+-+-+-+-+-+-+-+-+-+-+-\n[Timestamp]:\n  2026-03-14T01:02:03+00:00\n\n[Reserved attributes]:\n  {data_type} a:b\n", "[\n"},
		"pstranscript": {"**********************\nWindows PowerShell transcript start\nStart time: 20260314010203\nUsername: A\\b\n", "x: y\n"},
		"syslog":       {"2026-03-14T01:02:03Z h app: x\n", "  a\n"},
		"apacheerror":  {"[Mon Dec 26 16:22:08 2016] [error] [client 192.168.33.1] x\n", "a\n"},
	} {
		f := parse.ByName(All(), name)
		text := c.head + strings.Repeat(c.line, (4<<20)/len(c.line))
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		done := make(chan error, 1)
		go func() {
			_, err := f.Parse(ctx, parse.Input{Reader: strings.NewReader(text), Size: int64(len(text)), Name: "x", Assume: parse.Assume{Zone: time.UTC}},
				func(*event.Event) error { return nil })
			done <- err
		}()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s does not end", name)
		}
		cancel()
	}
}
