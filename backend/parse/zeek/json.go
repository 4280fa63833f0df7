package zeek

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/weblog"
)

// jsonReader turns JSON records into rows of the heads that they would have had.
type jsonReader struct {
	name  string // log by the file's name
	plans map[string]*plan

	columns []column
	lists   [][]string
	key     strings.Builder
}

// maxPlans bounds the heads that are remembered; a file of all logs of Zeek's has about a hundred.
const maxPlans = 500

func (j *jsonReader) fill(r *jsonrec.Record) {
	path := r.Text("_path")
	if path == "" {
		if path = pathOfKeys(r.Value.GetObject()); path == "" {
			path = j.name
		}
	}
	j.columns, j.lists = j.columns[:0], j.lists[:0]
	for _, l := range r.Leaves() {
		if l.Name == "_path" {
			continue
		}
		if n := len(j.columns); n > 0 && j.columns[n-1].name == l.Name {
			j.lists[n-1] = append(j.lists[n-1], l.Value)
			j.columns[n-1].kind = listOf(j.columns[n-1].kind)
			continue
		}
		j.columns = append(j.columns, column{l.Name, kindOf(path, l)})
		j.lists = append(j.lists, []string{l.Value})
	}
	j.key.Reset()
	j.key.WriteString(path)
	for _, c := range j.columns {
		j.key.WriteByte(0)
		j.key.WriteString(c.name)
		j.key.WriteByte(0)
		j.key.WriteString(c.kind)
	}
	p := j.plans[j.key.String()]
	if p == nil {
		p = newPlan(path, j.columns)
		if len(j.plans) < maxPlans {
			j.plans[strings.Clone(j.key.String())] = p
		}
	}
	to := jsonEvent{weblog.Event{Event: r.Event}}
	p.stamps(j, r.Times, to)
	p.run(j, to)
}

func kindOf(path string, l jsonrec.Leaf) string {
	if knowledge().meaning(path, l.Name) != "" {
		return "time"
	}
	switch l.Kind {
	case event.KindNumber:
		return "double"
	case event.KindBool:
		return "bool"
	}
	return "string"
}

func listOf(kind string) string {
	switch kind {
	case "double", "vector[double]":
		return "vector[double]"
	}
	return "vector[string]"
}

// Value implements sentence.Row.
func (j *jsonReader) Value(col int) string { return strings.Join(j.lists[col], ",") }

func (j *jsonReader) each(col int, f func(string)) {
	for _, v := range j.lists[col] {
		f(v)
	}
}

// jsonEvent is the event of a JSON record.
type jsonEvent struct{ weblog.Event }

// Time adds a time.
func (e jsonEvent) Time(t event.Time) { e.Event.Event.Times = append(e.Event.Event.Times, t) }
