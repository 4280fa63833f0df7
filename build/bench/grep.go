package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"errors"
)

// grepDesign searches the plain lines with ripgrep when it is installed, else grep, and with awk, sort and uniq for the
// rest. Literals are sought in the whole line wherever the data allows it, which is kind to grep.
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

func (g grepDesign) ask(q question) answer {
	search, extended := "grep", " -E"
	if grepProgram() == "ripgrep" {
		search, extended = "rg --no-config -N -I", "" // its expressions are extended ones
	}
	var steps []string
	args := []string{"-c", "", "sh", g.events}
	add := func(set bool, command string, values ...string) {
		if !set {
			return
		}
		for _, v := range values {
			args = append(args, v)
			command = strings.Replace(command, "?", `"$`+strconv.Itoa(len(args)-3)+`"`, 1)
		}
		if len(steps) == 0 {
			command += ` "$1"` // the first step reads the file, the others what is left
		}
		steps = append(steps, command)
	}
	until := "9999"
	if !q.To.IsZero() {
		until = stampOf(q.To)
	}
	add(q.Token != "", search+" -i -w -F -e ?", q.Token)
	add(q.Text != "", search+" -i -F -e ?", q.Text)
	add(q.Regex != "", search+extended+" -i -e ?", q.Regex)
	add(q.Host != "", search+" -F -e ?", `"host":{"name":"`+q.Host+`"`)
	add(q.Provider != "", search+" -F -e ?", `"provider":"`+q.Provider+`"`)
	add(q.NotHost != "", search+" -v -F -e ?", `"host":{"name":"`+q.NotHost+`"`)
	add(!q.From.IsZero(), `awk -v a=? -v b=? '{t=substr($0,16,28)} t>=a && t<b'`, stampOf(q.From), until)
	add(q.Facet, search+extended+` -o -e ? | cut -d'"' -f6 | sort | uniq -c | sort -rn | head -`+strconv.Itoa(facetTop), `"process":\{"name":"[^"]*"`)
	add(q.Hourly, "cut -c16-28 | sort | uniq -c")
	add(!q.Facet && !q.Hourly, `sort -s -t "$(printf '\001')" -k1.16,1.43`) // by the stamp
	add(q.pageOnly(), "head -"+strconv.Itoa(pageRows))
	args[1] = strings.Join(steps, " | ")
	cmd := exec.Command("sh", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cmd.Run(); stderr.Len() > 0 { // nothing found is no error, a complaint is
		check(errors.New(args[1] + ": " + stderr.String()))
	}
	return read(q, stdout.String())
}

// read takes hits or counts out of what the pipeline printed.
func read(q question, out string) answer {
	a := answer{Counts: map[string]int64{}}
	number := func(s string) int64 { return must(strconv.ParseInt(s, 10, 64)) }
	for l := range strings.Lines(out) {
		if q.Hourly || q.Facet {
			count, value, _ := strings.Cut(strings.TrimSpace(l), " ")
			a.Counts[value] = number(count)
		} else if a.Total++; a.Total <= pageRows {
			_, sequence, _ := strings.Cut(l, `"sequence":`)
			sequence, _, _ = strings.Cut(sequence, "}")
			a.Rows = append(a.Rows, number(sequence))
		}
	}
	if q.pageOnly() {
		a.Total = 0
	}
	return a
}
