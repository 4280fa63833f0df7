package apacheerror

import (
	"strings"

	"adjutant/backend/parse/linelog"
)

// systemError sets "(13)Permission denied: " and the client that 2.4 writes behind it, and returns the rest.
func systemError(r *linelog.Record, s string) string {
	number, text, ok := strings.Cut(s, ")")
	if !ok || !strings.HasPrefix(s, "(") || len(number) > 8 {
		return s
	}
	words, rest, ok := strings.Cut(text, ": ")
	if !ok {
		return s
	}
	r.Number("error.code", number[1:], "")
	r.Set("error.message", words)
	if tag, after, ok := bracket(rest); ok && tagged(r, tag) {
		return after
	}
	return rest
}

// meaning sets what can be read from the message: its number (AH00135), the referrer that 2.2 and 2.4 put at the end, and the tags of
// a ModSecurity alert.
func meaning(r *linelog.Record, s string) {
	if code, text, ok := strings.Cut(s, ": "); ok && len(code) == 7 && strings.HasPrefix(code, "AH") {
		r.Set("event.code", code)
		s = text
	}
	if i := strings.LastIndex(s, ", referer: "); i >= 0 {
		r.Set("http.request.referrer", s[i+len(", referer: "):])
		s = s[:i]
	}
	if path, ok := strings.CutPrefix(s, "File does not exist: "); ok {
		r.Set("file.path", path)
	}
	if strings.Contains(s, "ModSecurity: ") {
		tags(r, s)
	}
}

// securityTags says where the tags of an alert go; others keep their name under apache.modsecurity.
var securityTags = map[string]string{"id": "rule.id", "msg": "rule.name", "file": "rule.reference", "rev": "rule.version", "tag": "tags", "hostname": "url.domain", "uri": "url.path",
	"unique_id": "http.request.id", "client": ""}

// maxTags bounds the tags of one alert; no rule writes more.
const maxTags = 64

// tags reads [name "value"] wherever it stands in an alert.
func tags(r *linelog.Record, s string) {
	for n := 0; n < maxTags; n++ {
		_, after, ok := strings.Cut(s, "[")
		if !ok {
			return
		}
		s = after
		name, rest, ok := strings.Cut(s, ` "`)
		if !ok || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			continue
		}
		value, rest, ok := strings.Cut(rest, `"]`)
		if !ok {
			return
		}
		field, known := securityTags[name]
		if !known {
			field = "apache.modsecurity." + name
		}
		if field != "" {
			r.Set(field, value)
		}
		s = rest
	}
}
