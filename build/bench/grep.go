package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
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

func (g *grepDesign) close() error { return nil }

func (g *grepDesign) ask(q question) (answer, error) {
	search, extended := "grep", " -E"
	if grepProgram() == "ripgrep" {
		search, extended = "rg --no-config -N -I", "" // its expressions are extended ones
	}
	var steps []string
	args := []string{g.events}
	add := func(set bool, command string, values ...string) {
		if !set {
			return
		}
		for _, v := range values {
			args = append(args, v)
			command = strings.Replace(command, "?", `"$`+strconv.Itoa(len(args))+`"`, 1)
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
	object, _, _ := strings.Cut(q.Facet, ".")
	add(q.Facet != "", search+extended+` -o -e ? | cut -d'"' -f6 | sort | uniq -c | sort -rn | head -`+strconv.Itoa(facetTop), `"`+object+`":\{"name":"[^"]*"`)
	add(q.Hourly, "cut -c16-28 | sort | uniq -c")
	add(q.Facet == "" && !q.Hourly, `sort -s -t "$(printf '\001')" -k1.16,1.43`) // by the stamp
	add(q.pageOnly(), "head -"+strconv.Itoa(pageRows))
	out, err := pipe(strings.Join(steps, " | "), args)
	if err != nil {
		return answer{}, err
	}
	return read(q, out)
}

// pipe runs a line of shell. Nothing found is no error; complaints are.
func pipe(script string, args []string) (string, error) {
	cmd := exec.Command("sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if stderr.Len() > 0 {
		return "", fmt.Errorf("bench: %s: %s (%v)", script, stderr.String(), err)
	}
	return stdout.String(), nil
}

// read takes hits or counts out of what the pipeline printed.
func read(q question, out string) (a answer, err error) {
	a.Counts = map[string]int64{}
	for l := range strings.Lines(out) {
		var number string
		if q.Hourly || q.Facet != "" {
			count, value, _ := strings.Cut(strings.TrimSpace(l), " ")
			a.Counts[value], err = strconv.ParseInt(count, 10, 64)
		} else if a.Total++; a.Total <= pageRows {
			_, number, _ = strings.Cut(l, `"sequence":`)
			number, _, _ = strings.Cut(number, "}")
			n, e := strconv.ParseInt(number, 10, 64)
			a.Rows, err = append(a.Rows, n), e
		}
		if err != nil {
			return a, fmt.Errorf("bench: line %q: %w", l, err)
		}
	}
	if q.pageOnly() {
		a.Total = 0
	}
	return a, nil
}
