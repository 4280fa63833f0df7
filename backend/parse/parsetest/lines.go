package parsetest

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Lines reads each line as a file of its own, which must give one event, and compares the named fields; several values are joined
// by a space, "" means that there is no such field. "@" is the primary time and "@meaning" the first one of a meaning.
func Lines(t *testing.T, f parse.Format, a parse.Assume, want map[string]map[string]string) {
	t.Helper()
	for line, fields := range want {
		_, events := Run(t, f, []byte(line+"\n"), "sample", a)
		if len(events) != 1 {
			t.Errorf("%s: %d events", line, len(events))
			continue
		}
		ValidText(t, events)
		Fields(t, line, events[0], fields)
	}
}

// Fields compares fields of an event as Lines does.
func Fields(t *testing.T, record string, e *event.Event, want map[string]string) {
	t.Helper()
	for name, v := range want {
		got := strings.Join(e.All(name), " ")
		if meaning, isTime := strings.CutPrefix(name, "@"); isTime {
			got = ""
			for _, at := range e.Times {
				if meaning == "" || string(at.Meaning) == meaning {
					got = event.FormatTime(at.At)
					break
				}
			}
		}
		if got != v {
			t.Errorf("%s:\n%s is %q, want %q", record, name, got, v)
		}
	}
}

// AllFields compares as Fields does, and holds that the event has no other field.
func AllFields(t *testing.T, record string, e *event.Event, want map[string]string) {
	t.Helper()
	Fields(t, record, e, want)
	for _, f := range e.Fields {
		if _, ok := want[f.Name]; !ok {
			t.Errorf("%s: %s is %q, which nobody asked for", record, f.Name, f.Values)
		}
	}
}
