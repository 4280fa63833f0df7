// Package w3c reads what the logs in the W3C extended form share: directives that begin with "#", the columns that #Fields names
// from there on, and rows of as many values.
//
// Stage 2 of the flow, below the formats of parse that use it. It keeps true that a row is read by the columns in force where it
// stands, however often they change in a file, and that a row of another length is told from one that fits.
//
// Specification: W3C Working Draft "Extended Log File Format" (WD-logfile-960323).
package w3c

import "strings"

// Rows is the state of one file.
type Rows struct {
	Software string
	Date     string // of #Date: for columns with a time but no date
	Local    bool   // "#Time Format: Local"
	Columns  []string
	values   []string
}

// maxColumns bounds the columns of a file; the longest known head has 37.
const maxColumns = 256

// Directive takes a line that begins with "#" and reports whether it is one.
func (w *Rows) Directive(line []byte) bool {
	if len(line) == 0 || line[0] != '#' {
		return false
	}
	name, value, _ := strings.Cut(string(line[1:]), ":")
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "software":
		w.Software = value
	case "date":
		w.Date, _, _ = strings.Cut(value, " ")
	case "time format":
		w.Local = strings.EqualFold(value, "local")
	case "fields":
		if f := strings.Fields(value); len(f) <= maxColumns {
			w.Columns = f
		}
	}
	return true
}

// Values cuts a row at its spaces; two spaces are an empty value only where that is what fits want, the number of columns. The
// result is valid until the next call.
func (w *Rows) Values(row string, want int) []string {
	v := w.values[:0]
	row = strings.TrimRight(row, " ")
	empty := 0
	for rest, more := row, true; more && len(v) <= maxColumns; {
		var f string
		f, rest, more = strings.Cut(rest, " ")
		if f == "" {
			empty++
		}
		v = append(v, f)
	}
	if empty > 0 && len(v) != want {
		kept := v[:0]
		for _, f := range v {
			if f != "" {
				kept = append(kept, f)
			}
		}
		v = kept
	}
	w.values = v
	return v
}
