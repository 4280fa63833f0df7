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

// decode reads all logs below a folder, one after the other.
func decode(out *result, design, dir string) error {
	records, damaged, size := 0, 0, int64(0)
	one, who := func(path string) (int, bool, error) { return decodeOurs(path, design == asJSON) }, self
	if p, ok := evtxPeers[design]; ok {
		who = children
		one = func(path string) (int, bool, error) {
			b, err := exec.Command(p.command[0], append(p.command[1:], path)...).Output()
			return bytes.Count(b, []byte(p.mark)), err != nil, nil
		}
		// Ours starts once: what starting the program costs by itself is taken off below.
		if err := out.timed(who, "start", func() error { return exec.Command(p.command[0], "--help").Run() }); out.of("start").CPU == 0 {
			return err
		}
	}
	files, err := logsBelow(dir)
	if err != nil {
		return err
	}
	err = out.timed(who, "all", func() error {
		for _, path := range files {
			n, bad, err := one(path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if records += n; bad {
				damaged++
			}
		}
		return nil
	})
	for _, path := range files {
		if info, err := os.Stat(path); err == nil {
			size += info.Size()
		}
	}
	all, start := &out.Costs["all"][0], out.of("start")
	all.Wall, all.CPU = all.Wall-start.Wall*float64(len(files)), all.CPU-start.CPU*float64(len(files))
	out.Numbers = map[string]float64{"files": float64(len(files)), "bytes": float64(size), "records": float64(records), "damaged": float64(damaged)}
	return err
}

// decodeOurs reads on one goroutine and without the sandbox that the product puts around it. asJSON also makes a line of
// each event and drops it.
func decodeOurs(path string, asJSON bool) (int, bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	res, err := evtx.New().Parse(context.Background(), parse.Input{Reader: f, Size: info.Size(), Name: filepath.Base(path)}, func(e *event.Event) error {
		if asJSON {
			e.JSON(0)
		}
		return nil
	})
	return int(res.Parsed), res.Status == parse.StatusPartial || res.Status == parse.StatusFailed, err
}

func logsBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".evtx") {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// sampleLogs makes the sample incident below dir and says how many records its logs hold by its truth, those of a cut
// chunk included.
func sampleLogs(dir string) (int64, error) {
	s, err := ferry.Build(ferry.DefaultSeed)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, f := range s.Truth.Files {
		if f.Format == "evtx" {
			n += max(f.Records, f.WholeRecords)
		}
	}
	return n, ferry.Generate(ferry.DefaultSeed, dir)
}
