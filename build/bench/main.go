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
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// usage: bench FOLDER (a run; see run.sh) or bench STEP DESIGN FOLDER (one process of a run, prints JSON)
func main() {
	switch len(os.Args) {
	case 2:
		run(os.Args[1])
	case 4:
		step(os.Args[1], os.Args[2], os.Args[3])
	default:
		check(errors.New("use build/bench/run.sh"))
	}
}

func run(dir string) {
	lines, sample, real := filepath.Join(dir, "events.jsonl"), filepath.Join(dir, "sample"), filepath.Join(dir, "real")
	writeEvents(lines, setting("EVENTS", 200_000))
	dbs := append([]string{"ours"}, slices.Sorted(maps.Keys(sqliteDrivers))...)
	ingest(dbs, alternate("ingest", dbs, dir), float64(must(os.Stat(lines)).Size()))
	all := append(slices.Clone(dbs), grepProgram())
	queries(all, alternate("ask", all, dir))

	wanted, readers := sampleLogs(sample), []string{asEvents, asJSON}
	for _, name := range slices.Sorted(maps.Keys(evtxPeers)) {
		if installed(evtxPeers[name].command[0]) {
			readers = append(readers, name)
		}
	}
	got := alternate("decode", readers, sample)
	if n := fmt.Sprint(got[asEvents].Numbers["records"]); n != wanted {
		check(fmt.Errorf("%s records read from the sample incident's logs, %s are in them", n, wanted))
	}
	logs("the sample incident", readers, got)
	if len(logsBelow(real)) > 0 {
		logs("real logs", readers, alternate("decode", readers, real))
	} else {
		say("## Event logs: real logs\n\nNOT MEASURED: the shared logs are not here.\n")
	}

	writers, verifiers := append(slices.Clone(dbs), plainFile), []string{"ours", bareChecks}
	appends(writers, alternate("append", writers, dir))
	verified(verifiers, alternate("verify", verifiers, dir))
	paper(alternate("notices", []string{"ours"}, dir)["ours"])
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
			out.Check = []string{fmt.Sprint(d.ingest(lines), " events")}
			d.close()
		})
		fmt.Sscan(string(must(exec.Command("du", "-s", "--block-size=1", stored).Output())), &place)
		out.Numbers["disk"] = must(strconv.ParseFloat(place, 64)) // blocks, not lengths: stores reserve what they do not fill
	case "ask":
		interrogate(out, who, open)
	case "decode":
		decode(out, name, dir)
	case "append":
		appendSome(out, name, place)
	case "verify":
		verify(out, name)
	case "notices":
		notices(out)
	default:
		check(fmt.Errorf("unknown step %q", what))
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func setting(name string, standard int) int {
	n, err := strconv.Atoi(os.Getenv("BENCH_" + name))
	if err != nil {
		return standard
	}
	return n
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
