package delimited

import (
	"bytes"
	"strings"

	"adjutant/backend/parse/lines"
)

// dialect is how a table is written.
type dialect struct {
	cutter
	start     int64 // of the header line, or of the first row when there is none
	header    []string
	headless  bool // the names in header are ours
	rows      int  // of the sample that fit the header
	knownTime bool // a column has a name that stands in the table of times
}

// sampleRows is how many rows decide about the separator.
const sampleRows = 30

// dialectOf looks at the first bytes. Excel's "sep=;" line and comment lines ("#") may stand above the header. The separator
// is the one with which most rows have as many columns as the header; more columns decide between equals.
func dialectOf(head []byte) (dialect, bool) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(lines.Text(head), []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '<' || !isText(trimmed) {
		return dialect{}, false
	}
	if d, ok := densityOf(trimmed, int64(max(0, len(head)-len(trimmed)))); ok {
		return d, true
	}
	r := lines.New(bytes.NewReader(head), int64(len(head)))
	var start int64 = -1
	var sample []string
	only := byte(0)
	for len(sample) < sampleRows*3 {
		l, err := r.Next()
		if err != nil {
			break
		}
		if l.Blank() {
			continue
		}
		text, _ := lines.Clean(l.Text)
		if start < 0 {
			if sep, ok := strings.CutPrefix(text, "sep="); ok && len(sep) == 1 {
				only = sep[0]
				continue
			}
			if strings.HasPrefix(text, "#") {
				if w := strings.ToLower(text); strings.HasPrefix(w, "#separator") || strings.HasPrefix(w, "#fields") {
					return dialect{}, false // Zeek and W3C logs name their columns in comments: other formats
				}
				continue
			}
			start = l.Offset
		}
		sample = append(sample, text)
	}
	if start < 0 {
		return dialect{}, false
	}
	best, bestScore := dialect{}, 0
	for _, sep := range []byte{',', ';', '\t', '|'} {
		if only != 0 && sep != only {
			continue
		}
		d := dialect{cutter: cutter{separator: string(sep)}, start: start}
		if score := d.fit(sample); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best, bestScore > 0
}

// isText says that the first line holds no zero and the rest hardly any: a value may hold one, a binary file holds many.
func isText(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.IndexByte(line, 0) < 0 && bytes.Count(head, []byte{0})*100 <= len(head)
}

// densityOf recognises the lines of DensityScout, "(0.12345) | C:\file", which have no header.
func densityOf(b []byte, start int64) (dialect, bool) {
	for n := 0; n < 3; n++ {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		density, path, found := bytes.Cut(line, []byte(") | "))
		if !found || len(density) < 2 || density[0] != '(' || !isNumber(string(density[1:])) || len(path) == 0 {
			return dialect{}, false
		}
		if b = rest; len(b) == 0 {
			break
		}
	}
	return dialect{cutter: cutter{separator: " | ", noQuotes: true}, start: start, headless: true, header: []string{"density", "file"}, rows: 1}, true
}

// fit scores a separator on the sample, 0 when the first line is no header under it.
func (d *dialect) fit(sample []string) int {
	header, open := d.split(nil, sample[0])
	if open || len(header) < 2 || !isHeader(header) || d.separator == "|" && strings.TrimSpace(header[0]) == "" { // a drawn table
		return 0
	}
	d.header = header
	for _, h := range header {
		if _, ok := tablesOnce().timeRank[normal(h)]; ok {
			d.knownTime = true
		}
	}
	all := 0
	for i := 1; i < len(sample) && all < sampleRows; i++ {
		text := sample[i]
		fields, open := d.split(nil, text)
		for open && i+1 < len(sample) {
			i++
			text += "\n" + sample[i]
			fields, open = d.split(nil, text)
		}
		if open {
			break // cut at the end of the sample
		}
		all++
		if len(fields) == len(header) {
			d.rows++
		}
	}
	if all > 0 && d.rows*2 < all {
		return 0
	}
	return 1000*(d.rows+1)/(all+1) + min(len(header), 100)
}

// isHeader says that a row looks like names: few are empty, none is long, and none is a plain number.
func isHeader(row []string) bool {
	empty := 0
	for _, h := range row {
		h = strings.TrimSpace(h)
		switch {
		case h == "":
			empty++
		case len(h) > 120 || strings.ContainsAny(h, "\n\r") || isNumber(h):
			return false
		}
	}
	return empty*3 <= len(row)
}

func isNumber(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' && s[i] != '-' {
			return false
		}
	}
	return true
}

// normal is the form in which column names are compared: lower case, letters and digits only.
func normal(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f:
			return r
		}
		return -1
	}, name)
}
