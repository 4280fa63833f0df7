package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// grepDesign searches the plain lines with ripgrep when it is installed, else grep, and with awk, sort and uniq.
type grepDesign struct{ events string }

// grepProgram is the name of the design.
func grepProgram() string {
	if installed("rg") {
		return "ripgrep"
	}
	return "grep"
}

func (g grepDesign) close() {}

func (g grepDesign) ingest(string) int64 { return 0 }

// tails make of the wanted lines what is shown; the stamp stands in columns 16 to 43.
var tails = map[string]string{
	"hits":   `sort -s -t '\n' -k1.16,1.43`,
	"page":   `sort -s -t '\n' -k1.16,1.43 | head -` + fmt.Sprint(pageRows),
	"hours":  `cut -c16-28 | sort | uniq -c`,
	"images": `$E -o '"process":\{"name":"[^"]*"' | cut -d'"' -f6 | sort | uniq -c | sort -k1,1nr -k2 | head -` + fmt.Sprint(facetTop),
}

func (g grepDesign) ask(q question) answer {
	search, extended := "grep", "grep -E"
	if grepProgram() == "ripgrep" {
		search, extended = "rg --no-config -N -I", "rg --no-config -N -I"
	}
	cmd := exec.Command("sh", "-c", q.pipe+" | "+strings.Replace(tails[q.shows], `\n`, "\x01", 1))
	cmd.Env = append(os.Environ(), "LC_ALL=C", "G="+search, "E="+extended, "F="+g.events)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cmd.Run(); stderr.Len() > 0 { // nothing found is no error, a complaint is
		check(fmt.Errorf("%v: %s", cmd, &stderr))
	}
	a := answer{counts: map[string]int64{}}
	for l := range strings.Lines(stdout.String()) {
		var n int64
		if q.shows == "hours" || q.shows == "images" {
			var value string
			must(fmt.Sscan(l, &n, &value))
			a.counts[value] = n
			continue
		}
		if q.shows == "hits" {
			a.total++
		}
		if len(a.rows) < pageRows {
			must(fmt.Sscanf(l[strings.Index(l, `"sequence":`):], `"sequence":%d`, &n))
			a.rows = append(a.rows, n)
		}
	}
	return a
}
