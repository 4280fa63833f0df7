package main

import (
	"fmt"
	"strings"
)

func say(format string, a ...any) { fmt.Printf(format+"\n", a...) }

// table prints a row for each name; all columns but the first are numbers.
func table(head, names []string, row func(name string) []string) {
	say("\n| | %s |\n|---%s|", strings.Join(head, " | "), strings.Repeat("|---:", len(head)))
	for _, n := range names {
		say("| %s | %s |", n, strings.Join(row(n), " | "))
	}
}

// compare prints the median cost of a work for each design and its ratio to base, behind columns of its own kind.
func compare(names []string, got map[string]*result, work, base string, head []string, columns func(r *result) []float64) {
	table(append(head, "wall ms", "CPU ms", "wall ÷ ours", "CPU ÷ ours"), names, func(d string) (cells []string) {
		c, o := got[d].of(work, 0.5), got[base].of(work, 0.5)
		for _, v := range columns(got[d]) {
			cells = append(cells, digits(v))
		}
		return append(cells, digits(c.Wall*1e3), digits(c.CPU*1e3), digits(c.Wall/o.Wall)+"×", digits(c.CPU/o.CPU)+"×")
	})
}

// digits prints large numbers whole and others with three digits.
func digits(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func queries(names []string, got map[string]*result) {
	say("\n## Queries\n\nMilliseconds of wall (CPU). %d different questions of a kind in a process, after one that warms up; files in the page cache. A list of", asked)
	say("hits is the total and the first %d full events. All designs gave the same rows, totals and counts; %s works on the plain lines.", pageRows, names[len(names)-1])
	rows, ratios := []string{opening}, []string(nil)
	for _, k := range kinds {
		rows = append(rows, k.name)
	}
	for _, d := range names[1:] {
		ratios = append(ratios, d+" ÷ ours")
	}
	table(append(names, ratios...), rows, func(kind string) (cells []string) {
		o, ratios := got["ours"].of(kind, 0.5), []string(nil)
		for _, d := range names {
			c := got[d].of(kind, 0.5)
			cells = append(cells, digits(c.Wall*1e3)+" ("+digits(c.CPU*1e3)+")")
			ratios = append(ratios, digits(c.Wall/o.Wall)+"× ("+digits(c.CPU/o.CPU)+"×)")
		}
		return append(cells, ratios[1:]...)
	})
}

const memoryWords = "The most memory while it went on, in MB; the goal is 300 MB of the process's own pages. Pages of mapped files belong to the page\ncache: the system takes them back when it needs them. The heap counts dead objects until they are collected;\nwhat earlier work has left is given back before each."

// memoryTable prints the peaks of works, given by their name in the table and in the result.
func memoryTable(r *result, works [][2]string) {
	say("\n| | own pages | ÷ goal | heap | mapped file pages |\n|---|---:|---:|---:|---:|")
	for _, w := range works {
		c := r.of(w[1], 0.5)
		say("| %s | %.0f | %.2f× | %.0f | %.0f |", w[0], c.Anon, c.Anon/300, c.Heap, c.File)
	}
}
