// Command bench runs ours and the peers alternately on the same data and prints ratios as Markdown.
//
// It stands outside the product, in a module of its own, so that no peer becomes a dependency. It keeps true that every
// design answers every question alike (the run fails otherwise), that each run has a process of its own, that no question
// is asked twice in one process, and that the report says on which machine and under which load it was made. Timings are
// never tests: nothing here fails because something is slow.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"adjutant/backend/sandbox"
)

// usage: bench FOLDER (a run; see run.sh) or bench STEP DESIGN FOLDER (one process of a run, prints JSON)
func main() {
	sandbox.MaybeChild()
	if len(os.Args) == 4 {
		step(os.Args[1], os.Args[2], os.Args[3])
	} else {
		run(os.Args[1])
	}
}

// run measures everything, or with BENCH_ONLY=record what concerns cases with very many entries, with BENCH_ONLY=intake how
// logs come in.
func run(dir string) {
	if os.Getenv("BENCH_ONLY") == "record" {
		mergeCopies(dir)
		longCase(dir)
		return
	}
	lines, events, entries := filepath.Join(dir, "events.jsonl"), float64(setting("EVENTS", 200_000)), float64(setting("ENTRIES", 20_000))
	writeEvents(lines, int(events))
	if os.Getenv("BENCH_ONLY") == "intake" {
		intakeSpeed(dir)
		return
	}
	size := float64(must(os.Stat(lines)).Size())
	dbs := append([]string{"ours"}, slices.Sorted(maps.Keys(sqliteDrivers))...)
	got := alternate("ingest", dbs, dir)
	say("## Ingest\n\n%.0f events, %.0f MB of JSON lines in the page cache, to a closed store. Ours is encrypted, sealed and synced block by block;", events, size/1e6)
	say("SQLite (FTS5, five indexes, WAL, synchronous=NORMAL) is neither encrypted nor synced before its checkpoints.")
	compare(dbs, got, "ingest", "ours", []string{"1,000 events/s", "CPU µs an event", "disk ÷ JSON", "peak MB"}, func(r *result) []float64 {
		c := r.of("ingest", 0.5)
		return []float64{events / c.Wall / 1e3, c.CPU / events * 1e6, r.Numbers["disk"] / size, r.Numbers["peak MB"]}
	})
	intakeSpeed(dir)
	all := append(slices.Clone(dbs), grepProgram())
	queries(all, alternate("ask", all, dir))

	sample := filepath.Join(dir, "sample")
	eventLogs("the sample incident", sample, sampleLogs(sample))
	eventLogs("real logs", filepath.Join(dir, "real"), "")

	writers, verifiers := append(dbs, plainFile), []string{"ours", bareChecks}
	got = alternate("append", writers, dir)
	say("\n## Record: append one signed entry\n\nDurable when it returns, about %.0f bytes. Ours encrypts and writes two copies; SQLite (synchronous=FULL) and the file take one in the clear.", got["ours"].Numbers["bytes"])
	compare(writers, got, "append", "ours", []string{"95 of 100 below, ms"}, func(r *result) []float64 { return []float64{r.of("append", 0.95).Wall * 1e3} })
	say("\n## Record: verify %.0f entries\n\nOurs checks bytes, signatures, chains, order and authority on all cores; the signatures alone are the floor of CPU.", entries)
	compare(verifiers, alternate("verify", verifiers, dir), "verify", "ours", []string{"wall µs an entry"}, func(r *result) []float64 {
		return []float64{r.of("verify", 0.5).Wall / entries * 1e6}
	})
	mergeCopies(dir)
	longCase(dir)
	got = alternate("notices", []string{"ours"}, dir)
	say("\n## Paper: notice as PDF\n\nDraft from facts, page count and drawing. No peer.")
	compare([]string{"ours"}, got, "later", "ours", []string{"pages", "kB", "first of a process, ms"}, func(r *result) []float64 {
		return []float64{r.Numbers["pages"], r.Numbers["kB"], r.of("first", 0.5).Wall * 1e3}
	})
}

// mergeCopies merges two copies of a case that went on apart. There is no peer.
func mergeCopies(dir string) {
	n := setting("COPY", 50_000)
	makeCopies(filepath.Join(dir, "copies ours"), n)
	got := alternate("merge", []string{"ours"}, dir)
	say("\n## Record: merge two copies of %d entries each\n\nOpening the case, reading the other copy and checking every signature in it, then joining, signing and making it durable. No peer.", n)
	compare([]string{"ours"}, got, "all", "ours", []string{"open, s", "read and check, s", "merge, s"}, func(r *result) []float64 {
		return []float64{r.of("open", 0.5).Wall, r.of("read", 0.5).Wall, r.of("merge", 0.5).Wall}
	})
	say("\n%s", memoryWords)
	memoryTable(got["ours"], [][2]string{{"open the case", "open"}, {"read and check the copy", "read"}, {"merge", "merge"}})
}

// eventLogs compares readers on the logs below a folder. wanted is the number of records in them when that is known.
func eventLogs(name, dir, wanted string) {
	readers := []string{asEvents, asJSON}
	for _, peer := range slices.Sorted(maps.Keys(evtxPeers)) {
		if installed(evtxPeers[peer].command[0]) {
			readers = append(readers, peer)
		}
	}
	say("\n## Event logs: %s\n", name)
	if len(logsBelow(dir)) == 0 {
		say("NOT MEASURED: the shared logs are not here.")
		return
	}
	got := alternate("decode", readers, dir)
	n := got[asEvents].Numbers
	if read := fmt.Sprint(n["records"]); wanted != "" && read != wanted {
		check(fmt.Errorf("%s records read from the sample incident's logs, %s are in them", read, wanted))
	}
	say("%.0f files, %.1f MB. Ours reads them in one process, on one goroutine, without the sandbox that the product puts around it;", n["files"], n["MB"])
	say("the peers print text or JSON into a pipe, one process a file, less what starting them costs by itself. Ratios are to ours as JSON.")
	compare(readers, got, "all", asJSON, []string{"records", "files called damaged", "1,000 records per CPU s"}, func(r *result) []float64 {
		return []float64{r.Numbers["records"], r.Numbers["damaged"], r.Numbers["records"] / r.of("all", 0.5).CPU / 1e3}
	})
}

// step is one step of one design in a process of its own.
func step(what, name, dir string) {
	out, place, lines := newResult(), filepath.Join(dir, what+" "+name), filepath.Join(dir, "events.jsonl")
	stored := filepath.Join(dir, "ingest "+name)
	who, open := self, func() design { return openOurs(stored) }
	if driver, ok := sqliteDrivers[name]; ok {
		open = func() design { return openSQLite(driver, stored) }
	} else if name == grepProgram() {
		who, open = children, func() design { return grepDesign{lines} }
	}
	check(os.RemoveAll(place))
	switch what {
	case "ingest":
		out.timed(self, what, func() {
			d := open()
			out.Check["events"] = fmt.Sprint(d.ingest(lines))
			d.close()
		})
		out.Numbers["disk"] = diskOf(stored)
	case "intake":
		intake(out, name, dir, place)
		out.Numbers["disk"] = diskOf(place)
	case "ask":
		interrogate(out, who, open)
	case "decode":
		decode(out, name, dir)
	case "append":
		appendSome(out, name, place)
	case "verify":
		verify(out, name, setting("ENTRIES", 20_000))
	case "merge":
		out.watch = newWatch()
		merge(out, filepath.Join(dir, "copies "+name), place, setting("COPY", 50_000))
	case "long":
		out.watch = newWatch()
		long(out, filepath.Join(dir, "long"))
	case "notices":
		notices(out)
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

// diskOf counts blocks, not lengths: stores reserve what they do not fill.
func diskOf(dir string) float64 {
	first, _, _ := strings.Cut(string(must(exec.Command("du", "-s", "--block-size=1", dir).Output())), "\t")
	return must(strconv.ParseFloat(first, 64))
}

func setting(name string, standard int) int {
	if n, err := strconv.Atoi(os.Getenv("BENCH_" + name)); err == nil {
		return n
	}
	return standard
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
