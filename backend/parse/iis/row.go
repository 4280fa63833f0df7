package iis

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/weblog"
	"adjutant/backend/parse/yearless"
)

// row is what a row's columns give together: the parts of its time, its address and its sentence.
type row struct {
	date, time                     string
	server, serverPort             string
	client, clientPort             string
	method, stem, query, uri, host string
	status, reason, queue          string
	isError                        bool
}

func (g *grammar) read(r *linelog.Record) string {
	columns, ok := g.columns(r.Text)
	if !ok {
		if len(g.Columns) > 0 {
			return reasonColumns
		}
		return reasonForm
	}
	w := row{date: g.Date}
	values := g.Values(r.Text, len(columns))
	for i, c := range columns {
		w.take(c, values[i])
	}
	t, err := w.at(r.Times)
	if err != nil {
		return linelog.ReasonTime
	}
	if g.off {
		r.Warn(warnColumns)
	}
	r.Time(t)
	r.Keep("event.category", "web")
	if w.server != "" { // both ends are known
		r.Keep("event.category", "network")
		r.Keep("event.type", "connection")
	}
	r.Keep("event.kind", "event")
	r.Keep("event.module", "iis")
	prefix := "iis.access."
	if w.isError {
		prefix = "iis.error."
		r.Keep("event.dataset", "iis.error")
	} else {
		r.Keep("event.dataset", "iis.access")
	}
	for i, c := range columns {
		if values[i] != "-" {
			set(r, prefix, c, values[i])
		}
	}
	w.fill(r)
	return ""
}

// take keeps the values that are set together with others.
func (w *row) take(column, v string) {
	if v == "-" && column != "cs-uri-query" {
		return
	}
	switch column {
	case "date":
		w.date = v
	case "time":
		w.time = v
	case "s-ip":
		w.server = v
	case "s-port":
		w.serverPort = v
	case "c-ip":
		w.client = v
	case "c-port":
		w.clientPort = v
	case "cs-method":
		w.method = v
	case "cs-uri-stem":
		w.stem = v
	case "cs-uri-query":
		w.query = v
	case "cs-uri":
		w.uri = v
	case "cs-host", "cs(Host)":
		w.host = v
	case "sc-status":
		w.status = v
	case "s-reason":
		w.reason, w.isError = v, true
	}
}

// at reads the date and the time, which the form gives in UTC.
func (w *row) at(times *stamp.Reader) (event.Time, error) {
	var c yearless.Civil
	if !isDate(w.date) || !c.Clock(w.time) {
		return event.Time{}, stamp.ErrNotTime
	}
	n := func(s string) int {
		n := 0
		for i := 0; i < len(s); i++ {
			if s[i] < '0' || s[i] > '9' {
				return -1
			}
			n = n*10 + int(s[i]-'0')
		}
		return n
	}
	return times.Zoned(n(w.date[:4]), n(w.date[5:7]), n(w.date[8:]), c.Hour, c.Min, c.Sec, c.Nsec, 0, w.date+" "+w.time)
}

// set puts a value where ECS has a place for it, else under the column's own name.
func set(r *linelog.Record, prefix, column, v string) {
	switch column {
	case "date", "time", "s-ip", "s-port", "c-ip", "c-port", "cs-method", "cs-uri-stem", "cs-uri-query", "cs-uri", "cs-host", "cs(Host)", "s-reason":
	case "cs-username":
		if domain, name, ok := strings.Cut(v, `\`); ok {
			r.Set("user.domain", domain)
			v = name
		}
		r.Set("user.name", v)
	case "sc-status":
		r.Number("http.response.status_code", v, prefix+"sc-status")
		r.Set("event.outcome", weblog.Outcome(v))
	case "sc-substatus":
		r.Number(prefix+"sub_status", v, prefix+column)
	case "sc-win32-status":
		r.Number(prefix+"win32_status", v, prefix+column)
	case "time-taken":
		if v == "0" {
			r.Number("event.duration", v, "")
		} else {
			r.Number("event.duration", v+"000000", prefix+column) // milliseconds; ECS counts nanoseconds
		}
	case "sc-bytes":
		r.Number("http.response.body.bytes", v, prefix+column)
	case "cs-bytes":
		r.Number("http.request.body.bytes", v, prefix+column)
	case "cs-version":
		r.Set("http.version", strings.TrimPrefix(v, "HTTP/"))
	case "cs(User-Agent)":
		r.Set("user_agent.original", strings.ReplaceAll(v, "+", " "))
	case "cs(Referer)":
		r.Set("http.request.referrer", v)
	case "cs(Cookie)":
		r.Set(prefix+"cookie", v)
	case "s-sitename":
		r.Set(prefix+"site_name", v)
	case "s-siteid":
		r.Set(prefix+"site_id", v)
	case "s-computername":
		r.Set("host.name", v)
		r.Set(prefix+"server_name", v)
	case "s-queuename":
		r.Set(prefix+"queue_name", v)
	case "X-Forwarded-For", "cs(X-Forwarded-For)", "x-forwarded-for":
		r.Set("network.forwarded_ip", linelog.IP(v))
		r.Set(prefix+"x_forwarded_for", v)
	default:
		r.Set(prefix+column, v)
	}
}

// fill sets what several columns give together.
func (w *row) fill(r *linelog.Record) {
	r.Endpoint(linelog.Source, w.client, w.clientPort)
	r.Endpoint(linelog.Destination, w.server, w.serverPort)
	if w.host != "" {
		host, port := linelog.HostPort(w.host)
		r.Set("destination.domain", host)
		r.Set("url.domain", host)
		r.Number("url.port", port, "")
	}
	r.Set("http.request.method", w.method)
	target := w.uri
	if target != "" {
		weblog.URL(r, target)
	} else if target = w.stem; target != "" {
		r.Set("url.path", w.stem)
		if w.query != "" && w.query != "-" {
			r.Keep("url.query", w.query)
			target += "?" + w.query
		}
		r.Keep("url.original", target)
	}
	if w.isError {
		r.Set("iis.error.reason_phrase", w.reason)
		m := weblog.Message(w.client, w.method, target, "", w.status)
		r.Keep("message", m+": "+w.reason)
		return
	}
	r.Keep("message", weblog.Message(w.client, w.method, target, "", w.status))
}
