package main

import (
	"fmt"
	"os/exec"
	"strings"
)

// report gathers the tables. Ratios are peer ÷ ours: above 1 ours is faster or smaller.
type report struct{ strings.Builder }

func (r *report) say(format string, a ...any) { fmt.Fprintf(r, format+"\n", a...) }

func (r *report) row(cells ...string) { r.say("| %s |", strings.Join(cells, " | ")) }

// head starts a table; all columns but the first are numbers.
func (r *report) head(cells ...string) {
	r.row(cells...)
	r.say("|---%s|", strings.Repeat("|---:", len(cells)-1))
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

func times(peer, ours float64) string {
	if peer <= 0 || ours <= 0 {
		return "–"
	}
	return digits(peer/ours) + "×"
}

func milli(c cost) string { return digits(c.Wall*1e3) + " (" + digits(c.CPU*1e3) + ")" }

func (r *report) ingest(names []string, got map[string]*result, events, size float64) {
	r.say("## Ingest\n\n%.0f events, %.0f MB of JSON lines in the page cache, to a closed store. Ours is encrypted, sealed and synced block by block;", events, size/1e6)
	r.say("SQLite (FTS5, five indexes, WAL, synchronous=NORMAL) is neither encrypted nor synced before its checkpoints.\n")
	r.head("", "1,000 events/s", "CPU s per million", "disk ÷ JSON", "peak memory MB", "wall ÷ ours", "CPU ÷ ours", "disk ÷ ours")
	ours := got["ours"]
	for _, d := range names {
		c, o, disk := got[d].of("ingest"), ours.of("ingest"), got[d].Numbers["disk"]
		r.row(d, digits(events/c.Wall/1e3), digits(c.CPU/events*1e6), digits(disk/size), digits(got[d].Numbers["peak"]/1e6),
			times(c.Wall, o.Wall), times(c.CPU, o.CPU), times(disk, ours.Numbers["disk"]))
	}
	r.say("")
}

func (r *report) queries(names []string, got map[string]*result) {
	r.say("## Queries\n\nMilliseconds of wall (CPU). %d different questions of a kind in a process, after one that warms up; files in the page cache. A list of", asked)
	r.say("hits is the total and the first %d full events. All designs gave the same rows, totals and counts; %s works on the plain lines.\n", pageRows, names[len(names)-1])
	cells := append([]string{""}, names...)
	for _, d := range names[1:] {
		cells = append(cells, d+" ÷ ours")
	}
	r.head(cells...)
	line := func(kind string) {
		cells, o := []string{kind}, got["ours"].of(kind)
		for _, d := range names {
			cells = append(cells, milli(got[d].of(kind)))
		}
		for _, d := range names[1:] {
			c := got[d].of(kind)
			cells = append(cells, times(c.Wall, o.Wall)+" ("+times(c.CPU, o.CPU)+")")
		}
		r.row(cells...)
	}
	line(opening)
	for _, k := range kinds {
		line(k.name)
	}
	r.say("")
}

func (r *report) logs(name string, names []string, got map[string]*result) {
	o := got[asJSON].of("all")
	r.say("## Event logs: %s\n\n%.0f files, %.1f MB. Ours reads them in one process, on one goroutine, without the sandbox that the product puts around it;", name, got[asJSON].Numbers["files"], got[asJSON].Numbers["bytes"]/1e6)
	r.say("the peers print text or JSON into a pipe, one process a file, less what starting them costs by itself. Ratios are to ours as JSON.\n")
	r.head("", "records", "damaged files", "wall ms", "CPU ms", "1,000 records per CPU s", "wall ÷ ours", "CPU ÷ ours")
	for _, d := range names {
		n, c := got[d].Numbers, got[d].of("all")
		r.row(d, fmt.Sprint(n["records"]), fmt.Sprint(n["damaged"]), digits(c.Wall*1e3), digits(c.CPU*1e3), digits(n["records"]/c.CPU/1e3), times(c.Wall, o.Wall), times(c.CPU, o.CPU))
	}
	r.say("")
}

func (r *report) appends(names []string, got map[string]*result) {
	r.say("## Record: sign and append one entry\n\nDurable when it returns, about %.0f bytes. Ours encrypts and writes two copies; SQLite (synchronous=FULL) and the file take one in the clear.\n", got["ours"].Numbers["bytes"])
	r.head("", "median ms", "95 of 100 below, ms", "CPU ms", "median ÷ ours")
	for _, d := range names {
		c, o := got[d].of("append"), got["ours"].of("append")
		r.row(d, digits(c.Wall*1e3), digits(got[d].quantile("append", 0.95)*1e3), digits(c.CPU*1e3), times(c.Wall, o.Wall))
	}
	r.say("")
}

func (r *report) verify(names []string, got map[string]*result, entries int) {
	r.say("## Record: verify %d entries\n\nOurs checks bytes, signatures, chains, order and authority; the signatures alone are the floor.\n", entries)
	r.head("", "wall s", "CPU s", "wall µs an entry", "wall ÷ ours")
	for _, d := range names {
		c := got[d].of("verify")
		r.row(d, digits(c.Wall), digits(c.CPU), digits(c.Wall/float64(entries)*1e6), times(c.Wall, got["ours"].of("verify").Wall))
	}
	r.say("")
}

func (r *report) notices(ours *result) {
	r.say("## Paper: notice as PDF\n\nDraft from facts, page count and drawing: %.0f pages, %.0f kB. No peer.\n", ours.Numbers["pages"], ours.Numbers["bytes"]/1e3)
	r.head("", "wall ms", "CPU ms")
	for _, which := range []string{"first", "later"} {
		c := ours.of(which)
		r.row(which+" of a process", digits(c.Wall*1e3), digits(c.CPU*1e3))
	}
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// onDisk is what a folder occupies: blocks, not lengths, since stores reserve space that they do not fill.
func onDisk(dir string) float64 {
	out, err := exec.Command("du", "-s", "--block-size=1", dir).Output()
	n := 0.0
	if err == nil {
		fmt.Sscan(string(out), &n)
	}
	return n
}
