package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/evtx"
	"adjutant/backend/scenario/ferry"
)

const asEvents, asJSON = "ours, events", "ours, as JSON"

// evtxPeers are the programs that print a log, each with a mark that stands once in its output for each record.
var evtxPeers = map[string]struct {
	mark    string
	command []string
}{
	"evtxexport (libevtx)": {"Event number\t", []string{"evtxexport"}},
	"evtx_dump (Rust)":     {"\n", []string{"evtx_dump", "-t", "1", "-o", "jsonl"}},
}

// decode reads all logs below a folder, one after the other. Ours starts once, so what starting a peer costs by itself is
// taken off.
func decode(out *result, design, dir string) {
	files, size, records, damaged := logsBelow(dir), 0.0, 0, 0
	for _, path := range files {
		size += float64(must(os.Stat(path)).Size())
	}
	p, isPeer := evtxPeers[design]
	who, start := self, cost{}
	if isPeer {
		who = children
		for range 10 {
			out.timed(who, "start", func() { exec.Command(p.command[0], "--help").Run() })
		}
		start = out.of("start", 0.5)
	}
	out.timed(who, "all", func() {
		for _, path := range files {
			n, bad := 0, false
			if isPeer {
				b, err := exec.Command(p.command[0], append(p.command[1:], path)...).Output()
				n, bad = bytes.Count(b, []byte(p.mark)), err != nil
			} else {
				n, bad = decodeOurs(path, design == asJSON)
			}
			if records += n; bad {
				damaged++
			}
		}
	})
	all, n := &out.Costs["all"][0], float64(len(files))
	all.Wall, all.CPU = all.Wall-start.Wall*n, all.CPU-start.CPU*n
	out.Numbers = map[string]float64{"files": n, "MB": size / 1e6, "records": float64(records), "damaged": float64(damaged)}
}

// decodeOurs reads on one goroutine and without the sandbox that the product puts around it; asJSON also makes a line of
// each event and drops it.
func decodeOurs(path string, asJSON bool) (records int, damaged bool) {
	f := must(os.Open(path))
	defer f.Close()
	in := parse.Input{Reader: f, Size: must(f.Stat()).Size(), Name: filepath.Base(path)}
	res := must(evtx.New().Parse(context.Background(), in, func(e *event.Event) error {
		if asJSON {
			e.JSON(0)
		}
		return nil
	}))
	return int(res.Parsed), res.Status == parse.StatusPartial || res.Status == parse.StatusFailed
}

func logsBelow(dir string) (files []string) {
	check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".evtx") {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// sampleLogs makes the sample incident below dir and says how many records its logs hold by its truth, those of a cut
// chunk included.
func sampleLogs(dir string) string {
	n := int64(0)
	for _, f := range must(ferry.Build(ferry.DefaultSeed)).Truth.Files {
		if f.Format == "evtx" {
			n += max(f.Records, f.WholeRecords)
		}
	}
	check(ferry.Generate(ferry.DefaultSeed, dir))
	return fmt.Sprint(n)
}
