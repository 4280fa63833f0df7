// Package syslogjson reads syslog messages that a daemon wrote as JSON: rsyslog's %jsonmesg% and the usual JSON templates for it, and
// syslog-ng's format-json.
//
// Stage 2 of the flow, one format of parse. It keeps true that a message says the same here and in a line of syslog, and that members
// which no template is known for stay under their own names.
//
// Specifications: rsyslog, "Templates" (option.jsonf) and "Properties" (jsonmesg); syslog-ng, "format-json" with scopes.
package syslogjson

import (
	"context"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/syslog"
)

// Name is the parser's word in receipts and event ids.
const Name = "syslogjson"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads syslog as JSON.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format.
func (Format) Detect(head []byte, name string) int { return shape.Detect(head, name) }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, shape, emit)
}

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fill}

// What templates call a thing. The first that a record has counts; the others stay under their own names.
var (
	timeNames     = []string{"timereported", "timestamp", "@timestamp", "time", "ISODATE", "DATE"}
	recordedNames = []string{"timegenerated", "generated"}
	messageNames  = []string{"msg", "message", "MESSAGE"}
	hostNames     = []string{"hostname", "host", "HOST", "fromhost"}
	tagNames      = []string{"syslogtag", "syslog-tag", "tag", "programname", "program", "PROGRAM", "app-name", "appname"}
	severityNames = []string{"syslogseverity", "syslogseverity-text", "severity", "PRIORITY", "LEVEL"}
	facilityNames = []string{"syslogfacility", "syslogfacility-text", "facility", "FACILITY"}
	pidNames      = []string{"procid", "PID", "pid"}
)

// fits wants what every template of syslog has: text, host, program, and facility or severity, all of them plain values.
func fits(v *fastjson.Value) bool {
	return named(v, messageNames) != "" && named(v, hostNames) != "" && named(v, tagNames) != "" && (named(v, facilityNames) != "" || named(v, severityNames) != "") && named(v, timeNames) != ""
}

// named is the first of some names that the record has with a text or a number.
func named(v *fastjson.Value, names []string) string {
	for _, n := range names {
		if c := v.Get(n); c != nil && (c.Type() == fastjson.TypeString || c.Type() == fastjson.TypeNumber) {
			return n
		}
	}
	return ""
}

func fill(r *jsonrec.Record) {
	used := map[string]bool{}
	take := func(names []string) string {
		n := named(r.Value, names)
		if n == "" {
			return ""
		}
		used[n] = true
		return r.Text(n)
	}
	if n := named(r.Value, timeNames); n != "" && r.At(event.Occurred, r.Text(n)) {
		used[n] = true
	}
	if n := named(r.Value, recordedNames); n != "" && len(r.Event.Times) > 0 && r.At(event.Recorded, r.Text(n)) {
		used[n] = true
	}
	host, message := take(hostNames), take(messageNames)
	program, pid := tag(take(tagNames))
	if p := named(r.Value, pidNames); p != "" && (pid == "" || pid == r.Text(p)) {
		used[p] = true
		pid = r.Text(p)
	}
	r.Set("event.kind", "event")
	r.Set("event.module", "system")
	r.Set("host.name", host)
	r.Set("host.hostname", host)
	r.Set("message", strings.TrimPrefix(message, " "))
	r.Set("process.name", program)
	if _, err := strconv.ParseUint(pid, 10, 32); err == nil {
		r.Number("process.pid", pid)
	} else if pid != "-" {
		r.Set("log.syslog.procid", pid)
	}
	facility := code(r, "facility", take(facilityNames), 24, syslog.Facility)
	code(r, "severity", take(severityNames), 8, syslog.Severity)
	dataset := "system.syslog"
	if syslog.Meaning(syslog.Into(r.Event), program, strings.TrimPrefix(message, " ")) || facility == 4 || facility == 10 {
		dataset = "system.auth"
	}
	r.Set("event.dataset", dataset)
	var rest []jsonrec.Leaf
	for _, l := range r.Leaves() {
		if !used[l.Name] {
			rest = append(rest, l)
		}
	}
	r.Put(Name+".", rest)
}

// tag parts "sshd[123]:".
func tag(s string) (program, pid string) {
	s = strings.TrimSuffix(strings.TrimSpace(s), ":")
	if i := strings.IndexByte(s, '['); i > 0 && strings.HasSuffix(s, "]") {
		return s[:i], s[i+1 : len(s)-1]
	}
	return s, ""
}

// synonyms are words that programs use for syslog.conf's.
var synonyms = map[string]string{"warn": "warning", "error": "err", "critical": "crit", "emergency": "emerg", "panic": "emerg", "informational": "info", "security": "auth"}

// code sets number and word of a facility or severity from whichever of them the record has, and returns the number, -1 for none.
func code(r *jsonrec.Record, what, text string, limit int, word func(int) string) int {
	if text == "" {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		lower := strings.ToLower(text)
		if s, ok := synonyms[lower]; ok {
			lower = s
		}
		for n = 0; n < limit && word(n) != lower; n++ {
		}
	}
	if n < 0 || n >= limit {
		r.Set(Name+"."+what, text)
		return -1
	}
	r.Number("log.syslog."+what+".code", strconv.Itoa(n))
	r.Set("log.syslog."+what+".name", word(n))
	return n
}
