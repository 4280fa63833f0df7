package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/evtx"
)

// corpus is a set of event logs.
type corpus struct {
	Name  string
	Files []string
	Bytes int64
}

// logsBelow finds event logs by their first bytes.
func logsBelow(name, dir string) (corpus, error) {
	c := corpus{Name: name}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.HasPrefix(b, []byte("ElfFile\x00")) {
			c.Files, c.Bytes = append(c.Files, path), c.Bytes+int64(len(b))
		}
		return err
	})
	sort.Strings(c.Files)
	return c, err
}

// decoded is what one run over a corpus gave.
type decoded struct {
	Cost    cost
	Records int64
	Failed  int // files that the program gave up on, wholly or partly
}

// decodeOurs reads the logs one after the other on one goroutine. asJSON also writes each event as a line and drops it.
func decodeOurs(files []string, asJSON bool) (decoded, error) {
	var out decoded
	format, bytes := evtx.New(), 0
	c, err := timed(syscall.RUSAGE_SELF, func() error {
		for _, path := range files {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			info, err := f.Stat()
			if err != nil {
				return err
			}
			res, err := format.Parse(context.Background(), parse.Input{Reader: f, Size: info.Size(), Name: filepath.Base(path)}, func(e *event.Event) error {
				if asJSON {
					bytes += len(e.JSON(0))
				}
				return nil
			})
			f.Close()
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			out.Records += res.Parsed
			if res.Status == parse.StatusPartial || res.Status == parse.StatusFailed {
				out.Failed++
			}
		}
		return nil
	})
	out.Cost = c
	return out, err
}

// evtxPeer is a program that prints a log; mark stands once in its output for each record.
type evtxPeer struct {
	name, program, mark string
	args                []string
}

var evtxPeers = []evtxPeer{
	{"libevtx evtxexport", "evtxexport", "Event number\t", nil},
	{"evtx_dump (Rust)", "evtx_dump", "\n", []string{"-t", "1", "-o", "jsonl"}},
}

func (p evtxPeer) installed() bool {
	_, err := exec.LookPath(p.program)
	return err == nil
}

// count reads the output once, untimed.
func (p evtxPeer) count(files []string) (out decoded) {
	for _, f := range files {
		b, err := exec.Command(p.program, append(p.args, f)...).Output()
		if err != nil {
			out.Failed++
		}
		out.Records += int64(bytes.Count(b, []byte(p.mark)))
	}
	return out
}

// run prints every log to nowhere; a failing file is part of the run.
func (p evtxPeer) run(files []string) cost {
	c, _ := timed(syscall.RUSAGE_CHILDREN, func() error {
		for _, f := range files {
			exec.Command(p.program, append(p.args, f)...).Run()
		}
		return nil
	})
	return c
}

// starts is what starting the program for each file costs by itself; ours starts once.
func (p evtxPeer) starts(n int) cost {
	const tries = 20
	c, _ := timed(syscall.RUSAGE_CHILDREN, func() error {
		for range tries {
			exec.Command(p.program, "--version").Run()
		}
		return nil
	})
	return cost{c.Wall * float64(n) / tries, c.CPU * float64(n) / tries}
}

// wantedRecords is how many records the sample incident's logs hold by its truth.
func wantedRecords(truth string) (int64, error) {
	var t struct {
		Files []struct {
			Format  string `json:"format"`
			Status  string `json:"status"`
			Records int64  `json:"records"`
		} `json:"files"`
	}
	b, err := os.ReadFile(truth)
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return 0, err
	}
	n := int64(0)
	for _, f := range t.Files {
		if strings.EqualFold(f.Format, "evtx") {
			n += f.Records
		}
	}
	return n, nil
}
