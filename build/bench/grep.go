package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// grepDesign searches the plain lines with what is on the machine: ripgrep when there is one, else grep, and awk, sort and
// uniq for the rest. Literals are matched on the whole line wherever the data allows it, which is kind to grep.
type grepDesign struct{ program, events string }

// grepProgram is the faster one that is installed.
func grepProgram() string {
	if _, err := exec.LookPath("rg"); err == nil {
		return "rg"
	}
	return "grep"
}

func (g *grepDesign) close() error { return nil }

// byTime sorts lines by their stamp, which stands in columns 16 to 43.
const byTime = `sort -s -t "$(printf '\001')" -k1.16,1.43`

func (g *grepDesign) ask(q question) (answer, error) {
	var steps []string
	args := []string{g.events}
	// Every step reads what the one before left; the first one reads the file. $n are the arguments.
	step := func(format string, values ...string) {
		for _, v := range values {
			args = append(args, v)
			format = strings.Replace(format, "?", fmt.Sprintf(`"${%d}"`, len(args)), 1)
		}
		if len(steps) == 0 {
			format += ` "$1"`
		}
		steps = append(steps, format)
	}
	search := g.program
	if search == "rg" {
		search = "rg --no-config -N -I"
	}
	if q.Token != "" {
		step(search+" -i -w -F -e ?", q.Token)
	}
	if q.Text != "" {
		step(search+" -i -F -e ?", q.Text)
	}
	if q.Regex != "" {
		flag := " -E"
		if g.program == "rg" {
			flag = ""
		}
		step(search+flag+" -i -e ?", q.Regex)
	}
	if q.Host != "" {
		step(search+" -F -e ?", `"host":{"name":"`+q.Host+`"`)
	}
	if q.Provider != "" {
		step(search+" -F -e ?", `"provider":"`+q.Provider+`"`)
	}
	if q.NotHost != "" {
		step(search+" -v -F -e ?", `"host":{"name":"`+q.NotHost+`"`)
	}
	if !q.From.IsZero() {
		until := "9999"
		if !q.To.IsZero() {
			until = stampOf(q.To)
		}
		step(`awk -v a=? -v b=? '{t=substr($0,16,28)} t>=a && t<b'`, stampOf(q.From), until)
	}
	switch {
	case q.Hourly:
		steps = append(steps, "cut -c16-28 | sort | uniq -c")
	case q.Facet != "":
		object, _, _ := strings.Cut(q.Facet, ".")
		steps = append(steps, search+` -o '"`+object+`":{"name":"[^"]*"' | cut -d'"' -f6 | sort | uniq -c | sort -rn | head -`+strconv.Itoa(facetTop))
		if g.program == "rg" {
			steps[len(steps)-1] = strings.Replace(steps[len(steps)-1], `:{`, `:\{`, 1)
		}
	case q.pageOnly():
		steps = append(steps, byTime+" | head -"+strconv.Itoa(pageRows))
	default:
		steps = append(steps, byTime)
	}
	out, err := pipe(strings.Join(steps, " | "), args)
	if err != nil {
		return answer{}, err
	}
	return readLines(q, out)
}

func stampOf(t interface{ Format(string) string }) string { return t.Format("2006-01-02T15:04:05.0000000Z") }

// pipe runs a line of shell. Nothing found is no error of grep's; wrong usage is.
func pipe(script string, args []string) ([]byte, error) {
	cmd := exec.Command("sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if stderr.Len() > 0 && !strings.Contains(stderr.String(), "Broken pipe") {
		return nil, fmt.Errorf("bench: %s: %s", script, stderr.String())
	}
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		return nil, err
	}
	return out, nil
}

// readLines takes totals and sequence numbers, or counts, out of what the pipeline printed.
func readLines(q question, out []byte) (answer, error) {
	a := answer{Total: -1, Counts: map[string]int64{}}
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	if len(out) == 0 {
		lines = nil
	}
	if q.Hourly || q.Facet != "" {
		for _, l := range lines {
			n, value, _ := strings.Cut(strings.TrimSpace(string(l)), " ")
			count, err := strconv.ParseInt(n, 10, 64)
			if err != nil {
				return a, fmt.Errorf("bench: grep: count %q: %w", l, err)
			}
			a.Counts[value] = count
		}
		return a, nil
	}
	if !q.pageOnly() {
		a.Total = int64(len(lines))
	}
	for _, l := range lines[:min(pageRows, len(lines))] {
		_, rest, _ := strings.Cut(string(l), `"sequence":`)
		n, _, _ := strings.Cut(rest, "}")
		sequence, err := strconv.ParseInt(n, 10, 64)
		if err != nil {
			return a, fmt.Errorf("bench: grep: line %q: %w", l, err)
		}
		a.Rows = append(a.Rows, sequence)
	}
	return a, nil
}
