package mysql

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

// commands that the general query log names; the server's word for a kind of packet.
var commands = map[string]bool{"Connect": true, "Quit": true, "Init DB": true, "Query": true, "Field List": true, "Create DB": true, "Drop DB": true, "Refresh": true,
	"Shutdown": true, "Statistics": true, "Processlist": true, "Kill": true, "Debug": true, "Ping": true, "Change user": true, "Binlog Dump": true, "Binlog Dump GTID": true,
	"Table Dump": true, "Connect Out": true, "Register Slave": true, "Register Replica": true, "Prepare": true, "Execute": true, "Long Data": true, "Close stmt": true,
	"Reset stmt": true, "Set option": true, "Fetch": true, "Daemon": true, "Delayed insert": true, "Reset Connection": true, "clone": true}

// call is one line of the general query log: "2026-03-14T01:02:03.004050Z\t    7 Query\tSELECT 1". Up to 5.6 a line of the same second as
// the one before it states no time.
type call struct{ when, thread, command, argument string }

func callOf(s string) (c call, ok bool) {
	c.when, s, ok = strings.Cut(s, "\t")
	if !ok || c.when != "" && (len(c.when) < 14 || len(c.when) > 40) {
		return c, false
	}
	c.thread, s, ok = strings.Cut(strings.TrimLeft(s, " \t"), " ")
	if !ok || !digits(c.thread) {
		return c, false
	}
	c.command, c.argument, _ = strings.Cut(s, "\t")
	return c, commands[c.command]
}

// general reads a line of the general query log.
func (w *state) general(r *linelog.Record, c call, more string) string {
	if c.when != "" {
		w.second = c.when
	}
	if w.second == "" || stamp(r, event.Occurred, w.second) != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		c.argument += "\n" + more
	}
	r.Number("mysql.thread_id", c.thread, "")
	r.Set("mysql.general.command", c.command)
	r.Keep("mysql.general.argument", c.argument)
	r.Set("event.action", strings.ToLower(c.command))
	if c.command == "Connect" && !said(r, c.argument) { // root@203.0.113.9 on books using TCP/IP
		account, rest, _ := strings.Cut(c.argument, " on ")
		name, host, found := strings.Cut(account, "@")
		if found {
			r.Set("user.name", name)
			r.Endpoint(linelog.Source, strings.TrimSpace(host), "")
		}
		database, _, _ := strings.Cut(rest, " using ")
		r.Set("mysql.general.database", strings.TrimSpace(database))
		r.Set("event.outcome", "success")
	}
	if c.command == "Connect" {
		r.Set("event.category", "authentication")
	}
	r.Set("message", "Connection "+c.thread+", "+c.command+": "+c.argument)
	dataset(r, "mysql.general")
	return ""
}
