// Command bench runs ours and the peers alternately on the same data and prints ratios as Markdown.
//
// It stands outside the product, in a module of its own, so that no peer becomes a dependency. It keeps true that every
// design answers every question alike (the run fails otherwise), that each run has a process of its own, that no question
// is asked twice in one process, and that the report says on which machine and under which load it was made. Timings are
// never tests: nothing here fails because something is slow.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	step := flag.String("step", "", "used by the program itself: run one step for a design and print JSON")
	dir := flag.String("dir", "", "folder for data")
	real := flag.String("evtx", "", "folder with real event logs, may be empty")
	title := flag.String("title", "", "file with the head of the report: date, machine, circumstances")
	out := flag.String("out", "", "file for the report")
	events := flag.Int("events", 200_000, "events to ingest and ask")
	entries := flag.Int("entries", 20_000, "entries to verify")
	rounds := flag.Int("rounds", 3, "interleaved rounds")
	flag.Parse()
	var err error
	if *step != "" {
		err = child(*step, flag.Args())
	} else {
		err = run(*dir, *real, *title, *out, *events, *entries, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir, real, title, out string, events, entries, rounds int) error {
	if events < 2000 || entries < 2 || rounds < 1 {
		return errors.New("bench: at least 2000 events, 2 entries and 1 round are needed")
	}
	lines := filepath.Join(dir, "events.jsonl")
	size, err := writeEvents(lines, events)
	if err != nil {
		return err
	}
	var r report
	dbs := append([]string{"ours"}, slices.Sorted(maps.Keys(sqliteDrivers))...)
	got, err := alternate(rounds, "ingest", dbs, lines, dir)
	if err != nil {
		return err
	}
	r.ingest(dbs, got, float64(events), float64(size))
	all := append(slices.Clone(dbs), grepProgram())
	if got, err = alternate(rounds, "ask", all, lines, dir); err != nil {
		return err
	}
	r.queries(all, got)

	sample := filepath.Join(dir, "sample")
	records, err := sampleLogs(sample)
	if err != nil {
		return err
	}
	readers := []string{asEvents, asJSON}
	for _, name := range slices.Sorted(maps.Keys(evtxPeers)) {
		if installed(evtxPeers[name].command[0]) {
			readers = append(readers, name)
		}
	}
	for _, logs := range []struct{ name, dir string }{{"the sample incident", sample}, {"real logs", real}} {
		if files, _ := logsBelow(logs.dir); len(files) == 0 {
			r.say("## Event logs: %s\n\nNOT MEASURED: the logs are not here.\n", logs.name)
			continue
		}
		if got, err = alternate(rounds, "decode", readers, logs.dir); err != nil {
			return err
		}
		if n := got[asEvents].Numbers["records"]; logs.dir == sample && n != float64(records) {
			return fmt.Errorf("bench: %.0f records read from the sample incident's logs, %d are in them", n, records)
		}
		r.logs(logs.name, readers, got)
	}

	writers := append(slices.Clone(dbs), plainFile)
	if got, err = alternate(rounds, "append", writers, dir); err != nil {
		return err
	}
	r.appends(writers, got)
	verifiers := []string{"ours", bareChecks}
	if got, err = alternate(rounds, "verify", verifiers, strconv.Itoa(entries)); err != nil {
		return err
	}
	r.verify(verifiers, got, entries)
	if got, err = alternate(rounds, "notices", []string{"ours"}, dir); err != nil {
		return err
	}
	r.notices(got["ours"])

	head, err := os.ReadFile(title)
	if err != nil {
		return err
	}
	text := string(head) + strings.TrimRight(r.String(), "\n") + "\n"
	fmt.Print(text)
	return os.WriteFile(out, []byte(text), 0o644)
}

// store is a design that keeps events.
type store interface {
	design
	ingest(events string) (int64, error)
}

// child is one step of one design in a process of its own.
func child(step string, args []string) error {
	out, name := newResult(), args[0]
	folder := func(what string) string { return filepath.Join(args[len(args)-1], what+" "+name) }
	open := func() (store, error) {
		if driver, ok := sqliteDrivers[name]; ok {
			return openSQLite(driver, folder("store"))
		}
		return openOurs(folder("store"))
	}
	var err error
	switch step {
	case "ingest": // design, events, folder
		if err = os.RemoveAll(folder("store")); err != nil {
			return err
		}
		err = out.timed(self, "ingest", func() error {
			s, err := open()
			if err != nil {
				return err
			}
			n, err := s.ingest(args[1])
			out.Check = []string{fmt.Sprint(n, " events")}
			return errors.Join(err, s.close())
		})
		out.Numbers["disk"] = onDisk(folder("store"))
	case "ask": // design, events, folder
		if name == grepProgram() {
			err = interrogate(out, children, func() (design, error) { return &grepDesign{args[1]}, nil })
		} else {
			err = interrogate(out, self, func() (design, error) { return open() })
		}
	case "decode": // design, folder
		err = decode(out, name, args[1])
	case "append": // design, folder
		place := folder("append")
		if err = os.RemoveAll(place); err == nil {
			err = appendSome(out, name, place)
		}
	case "verify": // design, entries
		var n int
		if n, err = strconv.Atoi(args[1]); err == nil {
			err = verify(out, name, n)
		}
	case "notices":
		err = notices(out)
	default:
		err = fmt.Errorf("bench: unknown step %q", step)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}
