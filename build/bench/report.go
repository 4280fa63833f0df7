package main

import (
	"fmt"
	"strings"
)

func say(format string, a ...any) { fmt.Printf(format+"\n", a...) }

// table prints a row for each name; all columns but the first are numbers.
func table(head []string, names []string, row func(name string) []string) {
	say("| | %s |\n|---%s|", strings.Join(head, " | "), strings.Repeat("|---:", len(head)))
	for _, n := range names {
		say("| %s | %s |", n, strings.Join(row(n), " | "))
	}
	say("")
}

// digits prints two or three digits that mean something.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func ms(seconds float64) string { return digits(seconds * 1e3) }

// ratio is peer ÷ ours: above 1 ours is faster or smaller.
func ratio(peer, ours float64) string { return digits(peer/ours) + "×" }

func ingest(names []string, got map[string]*result, size float64) {
	events := float64(setting("EVENTS", 200_000))
	say("## Ingest\n\n%.0f events, %.0f MB of JSON lines in the page cache, to a closed store. Ours is encrypted, sealed and synced block by block;", events, size/1e6)
	say("SQLite (FTS5, five indexes, WAL, synchronous=NORMAL) is neither encrypted nor synced before its checkpoints.\n")
	o := got["ours"].of("ingest", 0.5)
	table([]string{"1,000 events/s", "CPU s per million", "disk ÷ JSON", "peak memory MB", "wall ÷ ours", "CPU ÷ ours", "disk ÷ ours"}, names, func(d string) []string {
		c, n := got[d].of("ingest", 0.5), got[d].Numbers
		return []string{digits(events / c.Wall / 1e3), digits(c.CPU / events * 1e6), digits(n["disk"] / size), digits(n["peak MB"]),
			ratio(c.Wall, o.Wall), ratio(c.CPU, o.CPU), ratio(n["disk"], got["ours"].Numbers["disk"])}
	})
}

func queries(names []string, got map[string]*result) {
	say("## Queries\n\nMilliseconds of wall (CPU). %d different questions of a kind in a process, after one that warms up; files in the page cache. A list of", asked)
	say("hits is the total and the first %d full events. All designs gave the same rows, totals and counts; %s works on the plain lines.\n", pageRows, names[len(names)-1])
	var head []string
	rows := []string{opening}
	for _, k := range kinds {
		rows = append(rows, k.name)
	}
	for _, d := range names[1:] {
		head = append(head, d+" ÷ ours")
	}
	table(append(names, head...), rows, func(kind string) (cells []string) {
		var ratios []string
		o := got["ours"].of(kind, 0.5)
		for _, d := range names {
			c := got[d].of(kind, 0.5)
			cells, ratios = append(cells, ms(c.Wall)+" ("+ms(c.CPU)+")"), append(ratios, ratio(c.Wall, o.Wall)+" ("+ratio(c.CPU, o.CPU)+")")
		}
		return append(cells, ratios[1:]...)
	})
}

func logs(name string, names []string, got map[string]*result) {
	o, n := got[asJSON].of("all", 0.5), got[asJSON].Numbers
	say("## Event logs: %s\n\n%.0f files, %.1f MB. Ours reads them in one process, on one goroutine, without the sandbox that the product puts around it;", name, n["files"], n["MB"])
	say("the peers print text or JSON into a pipe, one process a file, less what starting them costs by itself. Ratios are to ours as JSON.\n")
	table([]string{"records", "damaged files", "wall ms", "CPU ms", "1,000 records per CPU s", "wall ÷ ours", "CPU ÷ ours"}, names, func(d string) []string {
		n, c := got[d].Numbers, got[d].of("all", 0.5)
		return []string{fmt.Sprint(n["records"]), fmt.Sprint(n["damaged"]), ms(c.Wall), ms(c.CPU), digits(n["records"] / c.CPU / 1e3), ratio(c.Wall, o.Wall), ratio(c.CPU, o.CPU)}
	})
}

func appends(names []string, got map[string]*result) {
	say("## Record: sign and append one entry\n\nDurable when it returns, about %.0f bytes. Ours encrypts and writes two copies; SQLite (synchronous=FULL) and the file take one in the clear.\n", got["ours"].Numbers["bytes"])
	table([]string{"median ms", "95 of 100 below, ms", "CPU ms", "median ÷ ours"}, names, func(d string) []string {
		c := got[d].of("append", 0.5)
		return []string{ms(c.Wall), ms(got[d].of("append", 0.95).Wall), ms(c.CPU), ratio(c.Wall, got["ours"].of("append", 0.5).Wall)}
	})
}

func verified(names []string, got map[string]*result) {
	n := float64(setting("ENTRIES", 20_000))
	say("## Record: verify %.0f entries\n\nOurs checks bytes, signatures, chains, order and authority; the signatures alone are the floor.\n", n)
	table([]string{"wall s", "CPU s", "wall µs an entry", "wall ÷ ours"}, names, func(d string) []string {
		c := got[d].of("verify", 0.5)
		return []string{digits(c.Wall), digits(c.CPU), digits(c.Wall / n * 1e6), ratio(c.Wall, got["ours"].of("verify", 0.5).Wall)}
	})
}

func paper(ours *result) {
	say("## Paper: notice as PDF\n\nDraft from facts, page count and drawing: %.0f pages, %.0f kB. No peer.\n", ours.Numbers["pages"], ours.Numbers["kB"])
	table([]string{"wall ms", "CPU ms"}, []string{"first of a process", "each later one"}, func(which string) []string {
		c := ours.of(which, 0.5)
		return []string{ms(c.Wall), ms(c.CPU)}
	})
}
