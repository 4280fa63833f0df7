package plaso

import (
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/winrecord"
)

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fillJSON}

func fits(v *fastjson.Value) bool {
	return v.Exists("timestamp") && v.Exists("timestamp_desc") && v.Exists("data_type") && (v.Exists("__container_type__") || v.Exists("pathspec") || v.Exists("parser") && v.Exists("date_time"))
}

// names are attributes with a word in ECS; the others stay under plaso.
var names = map[string]string{"hostname": "host.name", "username": "user.name", "computer_name": "host.name", "pid": "process.pid", "reporter": "process.name",
	"pathspec.location": "log.file.path", "filename": "file.path", "file_size": "file.size", "inode": "file.inode", "url": "url.original", "user_agent": "user_agent.original",
	"command": "process.command_line", "message": "message"}

func fillJSON(r *jsonrec.Record) {
	mapped := false
	if x := r.Text("xml_string"); x != "" && strings.HasPrefix(r.Text("data_type"), "windows:evtx") {
		if _, mapped = winrecord.FillXML(r.Event, x); mapped {
			for i, f := range r.Event.Fields {
				switch f.Name {
				case "event.module", "event.kind":
					r.Event.Fields[i].Name = "plaso." + f.Name
				case "message":
					r.Event.Fields[i].Name = "winlog.sentence"
				}
			}
		}
	}
	times(r)
	set := map[string]bool{}
	for _, f := range r.Event.Fields {
		set[f.Name] = true
	}
	for _, l := range r.Leaves() {
		if l.Name == "timestamp" && len(r.Event.Times) > 0 || strings.HasPrefix(l.Name, "__") || strings.HasPrefix(l.Name, "date_time.__") || strings.HasPrefix(l.Name, "pathspec.__") ||
			mapped && l.Name == "xml_string" {
			continue
		}
		put(r.Field, func(prefix, _ string) string { return r.Under(prefix, &l) }, set, l.Name, l.Kind, l.Value)
	}
	r.Set("event.kind", "event")
	r.Set("event.module", "plaso")
	if !set["event.dataset"] {
		r.Set("event.dataset", "plaso")
	}
}

// put keeps an attribute under its ECS name where it has one that is free and fits.
func put(field func(string, event.Kind, string), name func(prefix, leaf string) string, set map[string]bool, key string, kind event.Kind, value string) {
	to := names[key]
	switch {
	case to == "" || set[to]:
	case to == "host.name" && (value == ":" || value == "-"), to == "user.name" && value == "-": // what Plaso writes for none
	case strings.HasSuffix(to, ".pid") || to == "file.size":
		if value != "" && strings.Trim(value, "0123456789") == "" {
			set[to] = true
			field(to, event.KindNumber, value)
			return
		}
	default:
		set[to] = true
		field(to, event.KindString, value)
		return
	}
	field(name("plaso.", key), kind, value)
}

// times reads the event's time with each meaning that timestamp_desc names.
func times(r *jsonrec.Record) {
	desc := r.Text("timestamp_desc")
	stampText := r.Text("timestamp")
	if desc == "Not a time" || r.Text("date_time", "__class_name__") == "SemanticTime" && (stampText == "0" || stampText == "") {
		return
	}
	n, err := strconv.ParseInt(stampText, 10, 64)
	if err != nil {
		return
	}
	us, err := microseconds.Read(r.Times, stampText)
	if n == 0 { // midnight of 1970 is what it says, when a date says so
		us, err = seconds1970(r, err)
	}
	if err != nil {
		return
	}
	if fine, ok := finer(r); ok && fine.At.Sub(us.At).Abs() < 2000 { // nanoseconds: the rounding of a microsecond
		us.At, us.Original = fine.At, fine.Original
	}
	meanings := stamp.Meanings(desc)
	if len(meanings) == 0 {
		meanings = []event.TimeKind{event.Occurred}
	}
	for _, m := range meanings {
		us.Meaning = m
		r.Event.Times = append(r.Event.Times, us)
	}
}

func seconds1970(r *jsonrec.Record, err error) (event.Time, error) {
	if r.Text("date_time", "timestamp") == "0" || r.Text("date_time", "time_elements_tuple") != "" {
		t, err := r.Times.Read("1970-01-01T00:00:00Z")
		t.Original = "0"
		return t, err
	}
	return event.Time{}, err
}

// finer reads date_time where it counts in units smaller than microseconds.
func finer(r *jsonrec.Record) (event.Time, bool) {
	form := ""
	switch r.Text("date_time", "__class_name__") {
	case "PosixTimeInNanoseconds", "APFSTime":
		form = "epoch-ns"
	case "Filetime":
		form = "filetime"
	default:
		return event.Time{}, false
	}
	f, err := stamp.FormNamed(form)
	if err != nil {
		return event.Time{}, false
	}
	t, err := f.Read(r.Times, r.Text("date_time", "timestamp"))
	return t, err == nil
}

// microseconds is how Plaso counts: since 1970, before it with a minus.
var microseconds = mustForm("epoch-us")

func mustForm(name string) stamp.Form {
	f, err := stamp.FormNamed(name)
	if err != nil {
		panic("plaso: " + err.Error()) // a broken build, which the package's tests find
	}
	return f
}
