// Package weblog reads what the logs of web servers, proxies and balancers share: the request line, the status with its outcome,
// and the time in brackets.
//
// Stage 2 of the flow, below the web formats of parse. It keeps true that what a visitor sent is kept as it stands, escapes
// included: it is hostile text, and nothing in it is decoded or followed.
//
// Specifications: RFC 9112 §3 (request line), RFC 9110 §15 (status), the NCSA common log format for times.
package weblog

import (
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// SplitRequest takes "METHOD target HTTP/x" apart. The target may hold spaces; a request without a protocol is taken only when
// its first word looks like a method.
func SplitRequest(s string) (method, target, version string) {
	method, rest, found := strings.Cut(s, " ")
	if !found || !isMethod(method) {
		return "", "", ""
	}
	if i := strings.LastIndex(rest, " HTTP/"); i >= 0 {
		return method, rest[:i], rest[i+len(" HTTP/"):]
	}
	return method, rest, ""
}

func isMethod(s string) bool {
	if len(s) < 2 || len(s) > 20 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i]|0x20 < 'a' || s[i]|0x20 > 'z') && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return true
}

// Fields is where fields are set: a linelog.Record, or an Event.
type Fields interface {
	Keep(name, value string)
	Number(name, digits, other string)
	Decimal(name, text, other string)
	Bool(name string, value bool)
}

// Event sets fields of an event that does not come from a line.
type Event struct{ *event.Event }

// Keep sets a text field.
func (e Event) Keep(name, value string) { e.Set(name, event.KindString, value) }

// Number sets a whole number; what is none is kept as text under other, or left out when other is "".
func (e Event) Number(name, digits, other string) { e.Decimal(name, digits, other) }

// Decimal sets a number; what is none is kept as text under other, or left out when other is "".
func (e Event) Decimal(name, text, other string) {
	switch {
	case text != "" && fastjson.Validate(text) == nil && (text[0] == '-' || text[0] >= '0' && text[0] <= '9'):
		e.Set(name, event.KindNumber, text)
	case other != "":
		e.Keep(other, text)
	}
}

// Bool sets a truth value.
func (e Event) Bool(name string, value bool) {
	e.Set(name, event.KindBool, strconv.FormatBool(value))
}

// URL sets a request target: a path with its query, or an absolute address as proxies and balancers write it.
func URL(r Fields, target string) {
	if target == "" || target == "-" {
		return
	}
	path := target
	scheme, rest, absolute := strings.Cut(target, "://")
	absolute = absolute && scheme != "" && len(scheme) <= 8 && strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz") == ""
	host, port := "", ""
	if absolute {
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		path = rest[end:]
		host, port = linelog.HostPort(rest[:end])
	}
	if host != "" {
		r.Keep("url.domain", host)
	}
	r.Keep("url.original", target)
	if q := strings.IndexByte(path, '?'); q >= 0 {
		r.Keep("url.path", path[:q])
		r.Number("url.port", port, "")
		r.Keep("url.query", path[q+1:])
	} else {
		r.Keep("url.path", path)
		r.Number("url.port", port, "")
	}
	if absolute {
		r.Keep("url.scheme", scheme)
	}
}

// Outcome is what a status says of a request: "failure" from 400 on, "" when it is no status.
func Outcome(status string) string {
	switch {
	case len(status) != 3 || status[0] < '1' || status[0] > '9' || status[1] < '0' || status[1] > '9' || status[2] < '0' || status[2] > '9':
		return ""
	case status[0] >= '4':
		return "failure"
	}
	return "success"
}

// Message is the line for people: who asked for what, with which status.
func Message(client, method, target, request, status string) string {
	if method == "" {
		method, target = request, ""
	}
	n := len(client)
	for _, s := range [3]string{method, target, status} {
		if s != "" {
			n += 1 + len(s)
		}
	}
	b := make([]byte, 0, n)
	b = append(b, client...)
	for _, s := range [3]string{method, target, status} {
		if s != "" {
			b = append(b, ' ')
			b = append(b, s...)
		}
	}
	return string(b)
}

// IsClock says that a text begins like "02/Jan/2006:15:04:05".
func IsClock(t string) bool {
	return len(t) >= 20 && t[2] == '/' && t[6] == '/' && t[11] == ':' && t[14] == ':' && t[17] == ':' && digits(t[:2]) && digits(t[7:11])
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// At reads "02/Jan/2006:15:04:05", with a fraction of the second and with an offset where there are any.
func At(times *stamp.Reader, text string) (event.Time, error) {
	if !IsClock(text) {
		return event.Time{}, stamp.ErrNotTime
	}
	clock, zone, zoned := strings.Cut(text[12:], " ")
	c := yearless.Civil{Month: yearless.Month(text[3:6])}
	if !c.Clock(clock) {
		return event.Time{}, stamp.ErrNotTime
	}
	day, year := number(text[:2]), number(text[7:11])
	if !zoned {
		return times.Civil(year, c.Month, day, c.Hour, c.Min, c.Sec, c.Nsec, text)
	}
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' || !digits(zone[1:]) {
		return event.Time{}, stamp.ErrNotTime
	}
	offset := number(zone[1:3])*3600 + number(zone[3:])*60
	if zone[0] == '-' {
		offset = -offset
	}
	return times.Zoned(year, c.Month, day, c.Hour, c.Min, c.Sec, c.Nsec, offset, text)
}

func number(digits string) int {
	n := 0
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
