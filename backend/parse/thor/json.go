package thor

import (
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
)

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fillJSON}

// fits takes version 1 and 2 (flat, with the id of the scan) and 3 (meta beside the finding).
func fits(v *fastjson.Value) bool {
	if strings.HasPrefix(jsonrec.TextOf(v, "type"), "THOR ") && v.Exists("meta") {
		return true
	}
	return isLevel(jsonrec.TextOf(v, "level")) && jsonrec.IsText(v, "time") && jsonrec.IsText(v, "hostname") && jsonrec.IsText(v, "module") && jsonrec.IsText(v, "message") &&
		(v.Exists("scanid") || v.Exists("uid") || v.Exists("log_version"))
}

func isLevel(s string) bool {
	switch strings.ToLower(s) {
	case "alert", "warning", "notice", "info", "error", "debug":
		return true
	}
	return false
}

func fillJSON(r *jsonrec.Record) {
	get := func(key string) string {
		if s := r.Text(key); s != "" {
			return s
		}
		return r.Text("meta", key)
	}
	r.At(event.Occurred, get("time"))
	leaves := r.Leaves()
	for _, l := range leaves {
		name := strings.TrimPrefix(l.Name, "meta.")
		if name == "time" && len(r.Event.Times) > 0 {
			continue
		}
		key := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
		if meaning := fileTimes[key]; meaning != "" {
			r.At(meaning, l.Value)
		}
		field := fields[key]
		switch {
		case name == "message":
			r.Field("message", l.Kind, l.Value)
			continue
		case field != "" && (name == key || strings.HasPrefix(l.Name, "subject.")) && !has(r.Event, field):
			r.Field(field, l.Kind, l.Value)
			continue
		}
		r.Field("thor."+name, l.Kind, l.Value)
	}
	level := get("level")
	r.Set("event.kind", kindOf(level))
	r.Set("event.module", "thor")
	r.Set("event.dataset", "thor")
}

func has(e *event.Event, name string) bool {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return true
		}
	}
	return false
}

// kindOf says which lines are alerts: THOR's notices are worth a look, its infos are the log of the scan.
func kindOf(level string) string {
	switch strings.ToLower(level) {
	case "alert", "warning", "notice":
		return "alert"
	}
	return "event"
}

// fields are keys with a word in ECS, in small letters. The others stay under thor.
var fields = map[string]string{"hostname": "host.name", "level": "log.level", "file": "file.path", "path": "file.path", "md5": "file.hash.md5", "sha1": "file.hash.sha1",
	"sha256": "file.hash.sha256", "size": "file.size", "owner": "file.owner", "user": "user.name", "pid": "process.pid", "ppid": "process.parent.pid", "command": "process.command_line",
	"process_name": "process.name", "image_file": "process.executable", "parent": "process.parent.executable", "rulename": "rule.name", "rule_name": "rule.name"}

// fileTimes are keys that hold times of what is reported.
var fileTimes = map[string]event.TimeKind{"created": event.Created, "modified": event.Modified, "accessed": event.Accessed, "changed": event.Changed, "process_created": event.Started}
