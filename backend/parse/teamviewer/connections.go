package teamviewer

import (
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

// connection is one line of a list.
type connection struct{ peer, name, start, end, account, kind, id string }

func isConnection(line []byte) bool {
	_, ok := connectionOf(string(line))
	return ok
}

func date(s string) bool {
	return len(s) == 19 && s[2] == '-' && s[5] == '-' && s[10] == ' ' && s[13] == ':' && strings.Trim(s, "0123456789-: ") == ""
}

// connectionOf takes the identifier, the name that a list of incoming ones has, both times, the account here, the kind and an identifier.
func connectionOf(s string) (c connection, ok bool) {
	var p []string
	for _, field := range strings.SplitN(s, "\t", 16) {
		if field = strings.TrimSpace(field); field != "" {
			p = append(p, field)
		}
	}
	if len(p) < 6 || len(p) > 7 || strings.Trim(p[0], "0123456789") != "" {
		return c, false
	}
	c.peer = p[0]
	if len(p) == 7 {
		c.name = p[1]
	}
	p = p[len(p)-5:]
	c.start, c.end, c.account, c.kind, c.id = p[0], p[1], p[2], p[3], p[4]
	return c, date(c.start) && date(c.end) && strings.HasPrefix(c.id, "{")
}

func (c connection) read(r *linelog.Record) string {
	for i, s := range []string{c.start, c.end} {
		n := func(from, to int) int {
			v, _ := strconv.Atoi(s[from:to]) // digits, or no date
			return v
		}
		t, err := r.Times.Zoned(n(6, 10), n(3, 5), n(0, 2), n(11, 13), n(14, 16), n(17, 19), 0, 0, s)
		switch {
		case err != nil && i == 0:
			return linelog.ReasonTime
		case err != nil:
			r.Warn("the end of the connection is no time")
			continue
		case i == 1:
			t.Meaning = event.Ended
		}
		r.Time(t)
	}
	r.Set("teamviewer.connection_id", c.id)
	r.Set("teamviewer.kind", c.kind)
	r.Set("user.name", c.account)
	r.Set("event.kind", "event")
	r.Set("event.category", "session")
	r.Set("event.module", "teamviewer")
	r.Set("event.dataset", "teamviewer.connections")
	r.Set("teamviewer.peer_id", c.peer)
	if c.name == "" { // only the list of incoming ones has names
		r.Set("event.action", "connection")
		r.Set("message", c.kind+" with "+c.peer+", account "+c.account)
		return ""
	}
	r.Set("teamviewer.peer_name", c.name)
	r.Set("event.action", "connection-incoming")
	r.Set("message", c.kind+" from "+c.peer+" ("+c.name+"), account "+c.account)
	return ""
}
