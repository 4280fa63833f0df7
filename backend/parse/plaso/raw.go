package plaso

import (
	"fmt"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

const reasonForm = "not an event of rawpy"

// continues says that a line belongs to the event above it: all but the line between two.
func continues(line []byte) bool { return !isRule(line) }

// readRaw takes one event apart: sections in brackets, attributes in braces, values that may run over lines.
func readRaw(r *linelog.Record) string {
	section, key := "", ""
	values := map[string]string{}
	var order []string
	var more strings.Builder // of a value that runs over lines, which may be thousands
	settle := func() {
		if more.Len() > 0 {
			values[key] += more.String()
			more.Reset()
		}
	}
	put := func(k, v string) {
		if _, twice := values[k]; !twice {
			order = append(order, k)
		}
		values[k] = v
	}
	text := r.Text
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case isRule([]byte(line)):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(trimmed, "]:"):
			settle()
			section, key = strings.TrimSuffix(trimmed[1:], "]:"), ""
		case section == "Timestamp":
			put("timestamp", trimmed)
		case section == "Pathspec":
			rawPath(trimmed, put)
		case strings.HasPrefix(line, "  {"):
			name, value, ok := strings.Cut(line[3:], "} ")
			if !ok {
				name = strings.TrimSuffix(strings.TrimSpace(line[3:]), "}")
			}
			if len(order) < maxAttributes {
				settle()
				key = name
				put(key, value)
			}
		case key != "": // the value goes on
			more.WriteByte('\n')
			more.WriteString(line)
		}
	}
	settle()
	if values["timestamp"] == "" && values["data_type"] == "" {
		return reasonForm
	}
	if t := values["timestamp"]; t != "" && r.At(event.Occurred, t) == nil {
		delete(values, "timestamp")
	}
	set := map[string]bool{}
	for _, k := range order {
		if v, ok := values[k]; ok && v != "" {
			fill(r, set, k, v)
		}
	}
	r.Set("event.dataset", "plaso")
	r.Set("event.kind", "event")
	r.Set("event.module", "plaso")
	if !set["message"] {
		r.Set("message", sentence(values))
	}
	return ""
}

// maxAttributes bounds the attributes of one event.
const maxAttributes = 1000

// rawPath reads "type: OS, location: /a/b" and keeps the line.
func rawPath(line string, put func(k, v string)) {
	if _, location, ok := strings.Cut(line, "location: "); ok {
		put("pathspec.location", location) // of several layers the innermost comes last
	}
	put("pathspec", line)
}

func fill(r *linelog.Record, set map[string]bool, key, value string) {
	put(func(name string, kind event.Kind, v string) {
		if kind == event.KindNumber {
			r.Number(name, v, "plaso."+key)
			return
		}
		r.Keep(name, v)
	}, func(prefix, leaf string) string { return prefix + leaf }, set, key, event.KindString, value)
}

// sentence is the message that Plaso's formatters make of the attributes, for the kinds that every timeline has; for others what
// the event is, and its body.
func sentence(v map[string]string) string {
	body := strings.ReplaceAll(v["message_body"], "\n", "")
	switch v["data_type"] {
	case "syslog:line":
		if v["pid"] != "" {
			return "[" + v["reporter"] + ", pid: " + v["pid"] + "] " + body
		}
		return "[" + v["reporter"] + "] " + body
	case "syslog:cron:task_run":
		return "Cron ran: " + v["command"] + " for user: " + v["username"] + " pid: " + v["pid"]
	case "fs:stat":
		mode := v["mode"]
		if n, err := strconv.ParseUint(mode, 10, 16); err == nil {
			mode = fmt.Sprintf("0o%o", n)
		}
		return v["display_name"] + " Type: " + v["file_entry_type"] + " Owner identifier: " + v["owner_identifier"] + " Group identifier: " + v["group_identifier"] +
			" Mode: " + mode + " Number of links: " + v["number_of_links"]
	}
	if body != "" {
		return body
	}
	return strings.TrimSpace(v["data_type"] + " " + v["display_name"])
}
