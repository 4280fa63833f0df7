package logsource

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

func fields(parser string, pairs ...string) *event.Event {
	e := &event.Event{Parser: parser}
	for i := 0; i < len(pairs); i += 2 {
		e.Set(pairs[i], event.KindString, pairs[i+1])
	}
	e.Sort()
	return e
}

func ids(sources []*Source) string {
	var out []string
	for _, s := range sources {
		out = append(out, s.ID)
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

func TestRouting(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	c := m.Classifier()
	const sysmon = "Microsoft-Windows-Sysmon/Operational"
	for _, x := range []struct {
		e    *event.Event
		want string
	}{
		{fields("evtx", "winlog.channel", sysmon, "event.code", "1"), "windows-sysmon windows-sysmon-process-creation"},
		{fields("evtx", "winlog.channel", sysmon, "event.code", "12", "winlog.event_data.EventType", "DeleteValue"), "windows-sysmon windows-sysmon-registry-delete windows-sysmon-registry-event"},
		{fields("evtx", "winlog.channel", "Security", "event.code", "4688"), "windows-security windows-security-process-creation"},
		{fields("evtx", "winlog.channel", "Security", "event.code", "1"), "windows-security"},
		{fields("evtx", "winlog.channel", "Some-Other/Operational", "event.code", "1"), ""},
		{fields("jsonl", "winlog.channel", sysmon, "event.code", "3", "source.ip", "10.0.0.1", "destination.ip", "10.0.0.2", "destination.port", "1"), "windows-sysmon windows-sysmon-network-connection"},
		{fields("csv", "source.ip", "10.0.0.1", "destination.ip", "10.0.0.2", "destination.port", "1"), "firewall-flow"},
		{fields("csv", "source.ip", "10.0.0.1", "destination.port", "1"), ""},
		{fields("evtx", "source.ip", "10.0.0.1", "destination.ip", "10.0.0.2", "destination.port", "1"), ""},
		{fields("syslog", "event.module", "system", "event.dataset", "system.auth", "process.name", "sshd"), "linux-auth linux-sshd"},
		{fields("access", "event.dataset", "web.access"), "web-access"},
		{fields("jsonl", "event.dataset", "aws.cloudtrail"), "aws-cloudtrail"},
		{fields("jsonl"), ""},
	} {
		for range 2 { // the second answer comes from memory
			if got := ids(c.Sources(x.e)); got != x.want {
				t.Errorf("%v: %q, want %q", x.e.Fields, got, x.want)
			}
		}
	}
}

// TestStrict: a part that a rule leaves out is no wildcard.
func TestStrict(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		ls   sigma.LogSource
		want int
	}{
		{sigma.LogSource{Product: "windows", Category: "process_creation"}, 2},
		{sigma.LogSource{Product: "windows", Category: "process_creation", Service: "sysmon"}, 1},
		{sigma.LogSource{Product: "windows", Service: "security"}, 1},
		{sigma.LogSource{Product: "windows"}, 0},
		{sigma.LogSource{Category: "process_creation"}, 0},
		{sigma.LogSource{Product: "linux", Category: "process_creation"}, 0},
		{sigma.LogSource{Product: "macos", Category: "process_creation"}, 0},
		{sigma.LogSource{Service: "security"}, 0},
		{sigma.LogSource{Category: "webserver"}, 1},
		{sigma.LogSource{}, 0},
	} {
		if got := m.For(x.ls); len(got) != x.want {
			t.Errorf("%s: %d sources (%s), want %d", x.ls, len(got), ids(got), x.want)
		}
	}
}

func TestNames(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*Source{}
	for i, s := range m.Sources() {
		if s.Index != i || byID[s.ID] != nil {
			t.Errorf("source %s: index %d at %d, or twice", s.ID, s.Index, i)
		}
		byID[s.ID] = s
	}
	for _, x := range []struct {
		source, field, want string
	}{
		{"windows-sysmon-process-creation", "Image", "winlog.event_data.Image process.executable"},
		{"windows-sysmon-process-creation", "EventID", "winlog.event_data.EventID event.code"},
		{"windows-sysmon-process-creation", "NewThing", "winlog.event_data.NewThing"},
		{"windows-security-process-creation", "Image", "winlog.event_data.NewProcessName"},
		{"windows-security-process-creation", "ProcessId", "winlog.event_data.NewProcessId"},
		{"windows-security", "event.code", "event.code"},
		{"web-access", "cs-method", "http.request.method"},
		{"web-access", "unknown", ""},
		{"web-access", "message", "message"},
		{"aws-cloudtrail", "requestParameters.userName", "aws.cloudtrail.requestParameters.userName"},
	} {
		names, ok := m.Names(byID[x.source], x.field)
		if got := strings.Join(names, " "); got != x.want || ok != (x.want != "") {
			t.Errorf("%s %s: %q, %v; want %q", x.source, x.field, got, ok, x.want)
		}
	}
}

func TestBadMaps(t *testing.T) {
	for text, want := range map[string]string{
		"sources:\n  - id: a\n    for: [x/y/z]\n":                                        "needs for and when",
		"sources:\n  - id: a\n    for: [x/y]\n    when: {a: [b]}\n":                      "product/category/service",
		"sources:\n  - id: a\n    for: [x/y/z]\n    when: {a: [b]}\n    use: [t]\n":      "unknown table",
		"sources:\n  - id: a\n    frob: 1\n":                                             "frob",
		"tables:\n  t: {A: [b]}\nsources:\n  - id: a\n    for: [x/y/z]\n    when: [b]\n": "unmarshal",
	} {
		_, err := Load(fstest.MapFS{"m/a.yaml": {Data: []byte(text)}}, "m")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestClassifierForgets: evidence chooses event codes, so the memory of answers is bounded.
func TestClassifierForgets(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	c := m.Classifier()
	for i := range maxKnown + 10 {
		c.Sources(fields("evtx", "winlog.channel", "Security", "event.code", fmt.Sprint(i)))
	}
	if len(c.known) > maxKnown {
		t.Errorf("%d answers kept", len(c.known))
	}
}
