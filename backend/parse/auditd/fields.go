package auditd

import (
	"encoding/hex"
	"strings"

	"adjutant/backend/parse/lines"
)

// fields are names and values in the order of the record, names unique.
type fields []field

type field struct {
	name, value string
	bare        bool // it stood without quotes: text in hexadecimal is written so
}

func (f fields) find(name string) *field {
	for i := range f {
		if f[i].name == name {
			return &f[i]
		}
	}
	return nil
}

func (f fields) get(name string) string {
	if at := f.find(name); at != nil {
		return at.value
	}
	return ""
}

func (f *fields) set(name, value string) { f.put(field{name: name, value: value}) }

func (f *fields) put(n field) {
	if at := f.find(n.name); at != nil {
		*at = n
		return
	}
	if len(*f) < maxFields {
		*f = append(*f, n)
	}
}

// take removes a field and returns its value.
func (f *fields) take(name string) string {
	for i := range *f {
		if (*f)[i].name == name {
			v := (*f)[i].value
			*f = append((*f)[:i], (*f)[i+1:]...)
			return v
		}
	}
	return ""
}

// maxFields bounds one record: EXECVE holds as many arguments as the kernel writes into 8 KiB, far fewer than these.
const maxFields = 1500

// scan takes name=value pairs apart. Values are bare words, '…' or "…"; msg='…' holds pairs of its own. Names in capitals are
// those that the daemon adds in ENRICHED format behind a group separator, and go to names.
func scan(s string, out, names *fields) {
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && isName(s[i]) {
			i++
		}
		if i == start || i == len(s) || s[i] != '=' {
			i++
			continue
		}
		name := s[start:i]
		if rest := s[i+1:]; strings.HasPrefix(rest, none) && len(rest) > len(none) && rest[len(none)] >= 'A' && rest[len(none)] <= 'Z' {
			i += 1 + len(none) // a copy of the log has lost the separator
			continue
		}
		value, quoted, next := value(s, i+1)
		i = next
		switch {
		case name == "msg" && quoted:
			scan(value, out, names)
			continue
		case strings.Trim(value, `'" `) == "" || value == "?" || value == "?," || value == none:
			continue // how the log writes "none"
		}
		f := field{name: name, value: strings.Trim(value, `'" `), bare: !quoted}
		if c := name[0]; c >= 'A' && c <= 'Z' {
			f.name = strings.ToLower(name)
			names.put(f)
			continue
		}
		out.put(f)
	}
}

func isName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '_' || c == '-' || c == '[' || c == ']'
}

// none is the kernel's word for a pointer to nothing.
const none = "(null)"

// separator stands between a record and what the daemon adds to it.
const separator = '\x1d'

func value(s string, i int) (v string, quoted bool, next int) {
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		for j := i + 1; j < len(s); j++ {
			switch s[j] {
			case '\\':
				if j+1 < len(s) && s[j+1] == s[i] {
					j++
				}
			case s[i]:
				return s[i+1 : j], true, j + 1
			}
		}
		return "", false, i + 1 // never closed: what stands in it is read for pairs
	}
	j := i
	for j < len(s) && s[j] > ' ' && s[j] != '"' && s[j] != '\'' {
		j++
	}
	return s[i:j], false, j
}

// unhex decodes a value that the kernel wrote in hexadecimal because it holds blanks, quotes or bytes beyond ASCII. Zero bytes
// part the words of a command line.
func (f fields) unhex(names ...string) {
	for _, name := range names {
		at := f.find(name)
		if at == nil || !at.bare {
			continue
		}
		if text, ok := decode(at.value); ok {
			at.value, at.bare = text, false
		}
	}
}

func decode(s string) (string, bool) {
	if len(s) < 2 || len(s)%2 == 1 || strings.Trim(s, "0123456789ABCDEF") != "" {
		return "", false
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		return "", false
	}
	text, _ := lines.Clean(b)
	return strings.ReplaceAll(text, "\x00", " "), true
}
