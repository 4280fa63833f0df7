package detect

import (
	"strings"
	"time"
)

// record is the event that detectors look at, with the fields that most of them ask for.
type record struct {
	Row
	host, user, code, channel, provider, dataset, action, outcome string
}

func (r *record) set(row Row) {
	e := row.Event
	*r = record{
		Row: row, host: e.Get("host.name"), user: e.Get("user.name"), code: e.Get("event.code"), channel: e.Get("winlog.channel"),
		provider: e.Get("event.provider"), dataset: e.Get("event.dataset"), action: e.Get("event.action"), outcome: e.Get("event.outcome"),
	}
}

// source is the word for the log that the event came from: its channel, else its dataset, else its parser.
func (r *record) source() string {
	switch {
	case r.channel != "":
		return r.channel
	case r.dataset != "":
		return r.dataset
	}
	return r.Event.Parser
}

// ShortHost is the host's first label in lower case, an address as it is: the same machine calls itself FS01 in one log
// and fs01.corp.example in another.
func ShortHost(name string) string {
	name = strings.ToLower(name)
	label, _, _ := strings.Cut(name, ".")
	if strings.Trim(label, "0123456789") == "" || strings.Contains(name, ":") {
		return name
	}
	return label
}

// clock prints a time for sentences: UTC to the second.
func clock(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}
