package zeek

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
)

// head is what the directives of a TSV file say, and the row that is being read.
type head struct {
	separator    string
	setSeparator string
	empty, unset string
	path         string
	columns      []column
	plan         *plan // nil until it is needed
	cells        []string
}

func newHead() *head {
	return &head{separator: "\t", setSeparator: ",", empty: "(empty)", unset: "-"}
}

// maxColumns bounds the columns of a file; the longest log of Zeek's has fewer than 60.
const maxColumns = 1000

// directive takes a line that begins with "#": parts of the head, and the times of opening and closing, which say nothing that rows
// do not.
func (h *head) directive(line []byte) bool {
	if len(line) == 0 || line[0] != '#' {
		return false
	}
	s := strings.ToValidUTF8(string(line[1:]), "\uFFFD")
	if v, ok := strings.CutPrefix(s, "separator "); ok {
		if v = unescape(v); v != "" {
			h.separator = v
		}
		return true
	}
	name, value, _ := strings.Cut(s, h.separator)
	switch name {
	case "set_separator":
		if v := unescape(value); v != "" {
			h.setSeparator = v
		}
	case "empty_field":
		h.empty = value
	case "unset_field":
		h.unset = value
	case "path":
		h.path, h.plan = value, nil
	case "fields":
		h.columns, h.plan = nil, nil
		for _, f := range strings.Split(value, h.separator) {
			if len(h.columns) < maxColumns {
				h.columns = append(h.columns, column{name: f})
			}
		}
	case "types":
		for i, t := range strings.Split(value, h.separator) {
			if i < len(h.columns) {
				h.columns[i].kind = t
			}
		}
		h.plan = nil
	}
	return true
}

func (h *head) read(r *linelog.Record) string {
	if len(h.columns) == 0 {
		return reasonHead
	}
	cells := h.cells[:0]
	for rest, more := r.Text, true; more && len(cells) <= len(h.columns); {
		var c string
		c, rest, more = strings.Cut(rest, h.separator)
		cells = append(cells, c)
	}
	h.cells = cells
	if len(cells) != len(h.columns) {
		return reasonColumns
	}
	if h.plan == nil {
		h.plan = newPlan(h.path, h.columns)
	}
	for i, c := range cells {
		switch {
		case c == h.unset || c == h.empty:
			cells[i] = ""
		case strings.IndexByte(c, '\\') >= 0 && !strings.HasSuffix(h.columns[i].kind, "]"):
			cells[i] = unescape(c)
		}
	}
	if !h.plan.stamps(h, r.Times, r) {
		r.Warn(warnTime)
	}
	h.plan.run(h, r)
	return ""
}

// Value implements sentence.Row.
func (h *head) Value(col int) string { return h.cells[col] }

func (h *head) each(col int, f func(string)) {
	if h.cells[col] == "" {
		return
	}
	for rest, more := h.cells[col], true; more; {
		var v string
		v, rest, more = strings.Cut(rest, h.setSeparator)
		if v != h.unset && v != h.empty {
			f(unescape(v))
		}
	}
}

// unescape undoes "\\" and "\xHH" where they spell printable text. Others (control characters, bytes that are not UTF-8) stay as Zeek wrote them, because that is how they can be shown.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		switch {
		case s[i] != '\\':
			b.WriteByte(s[i])
			i++
		case strings.HasPrefix(s[i:], `\\`):
			b.WriteByte('\\')
			i += 2
		default:
			run, end := hexRun(s, i)
			if end == i {
				b.WriteByte('\\')
				i++
				continue
			}
			if run == "\t" && i == 0 && end == len(s) { // the separator itself, as its directive writes it
				return run
			}
			for len(run) > 0 {
				c, n := utf8.DecodeRuneInString(run)
				if (c != utf8.RuneError || n > 1) && unicode.IsPrint(c) {
					b.WriteRune(c)
				} else {
					b.WriteString(s[i : i+4*n])
				}
				run, i = run[n:], i+4*n
			}
			i = end
		}
	}
	return b.String()
}

// hexRun reads "\xHH\xHH…" at i.
func hexRun(s string, i int) (run string, end int) {
	var b []byte
	for i+4 <= len(s) && s[i] == '\\' && s[i+1] == 'x' {
		n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if err != nil {
			break
		}
		b = append(b, byte(n))
		i += 4
	}
	return string(b), i
}

// readTime reads seconds since 1970 with a fraction, or what JSON may hold instead: an ISO time or milliseconds.
func readTime(s string, times *stamp.Reader) (event.Time, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) > 0 && len(whole) <= 10 && len(fraction) <= 9 {
		n, ok := int64(0), true
		for i := 0; i < len(whole); i++ {
			n = n*10 + int64(whole[i]-'0')
			ok = ok && whole[i] >= '0' && whole[i] <= '9'
		}
		nsec := int64(0)
		for i := 0; i < 9; i++ {
			nsec *= 10
			if i < len(fraction) {
				nsec += int64(fraction[i] - '0')
				ok = ok && fraction[i] >= '0' && fraction[i] <= '9'
			}
		}
		if ok {
			return event.Time{Meaning: event.Occurred, At: time.Unix(n, nsec).UTC().Truncate(100), Original: s, Zone: "UTC"}, nil
		}
	}
	return times.Read(s)
}
