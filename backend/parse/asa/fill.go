package asa

import (
	"strconv"
	"strings"

	"adjutant/backend/parse/linelog"
)

// end is one end of a connection as a message names it.
type end struct{ address, port, iface, user, natIP, natPort string }

// fill sets what a pattern captured.
func (g *grammar) fill(r *linelog.Record, about *message, found []capture) {
	k := knowledge()
	var ends [2]end // as the text names them: src, dst
	direction, conn := "", ""
	for _, c := range found {
		switch c.name {
		case "direction":
			direction = strings.ToLower(c.value)
		case "conn":
			conn = c.value
		}
		t, known := k.names[c.name]
		switch {
		case c.value == "" || c.value == "*":
		case !known:
			r.Set("cisco.asa."+c.name, c.value)
		case t.how == "end":
			take(&ends, c)
		default:
			set(r, t, c)
		}
	}
	if g.swapped(about.action, direction, conn, found) {
		ends[0], ends[1] = ends[1], ends[0]
	}
	ends[0].fill(r, linelog.Source, linelog.SourceNAT, "observer.ingress.interface.name", "source.user")
	ends[1].fill(r, linelog.Destination, linelog.DestinationNAT, "observer.egress.interface.name", "destination.user")
}

// swapped says that the end which the text names first did not open the connection. Connections of TCP and UDP name the outer end
// first; so do those of ICMP, whose names here are the other way round.
func (g *grammar) swapped(action, direction, conn string, found []capture) bool {
	icmp := false
	key := conn
	for _, c := range found {
		switch c.name {
		case "foreign_ip":
			icmp = true
		case "icmp_foreign", "local_ip":
			if conn == "" {
				key += "/" + c.value
			}
		}
	}
	switch action {
	case "connection-built":
		outbound := direction == "outbound"
		if outbound != icmp && len(g.outbound) < maxOpen && key != "" {
			g.outbound[key] = true
		}
		return outbound != icmp && direction != ""
	case "connection-teardown":
		swapped := g.outbound[key]
		delete(g.outbound, key)
		return swapped
	}
	return false
}

func take(ends *[2]end, c capture) {
	side, what, _ := strings.Cut(c.name, "_")
	e := &ends[0]
	if side == "dst" || side == "foreign" {
		e = &ends[1]
	}
	switch what {
	case "ip":
		e.address = c.value
	case "port":
		e.port = c.value
	case "if":
		e.iface = c.value
	case "user":
		e.user = c.value
	case "nat_ip":
		e.natIP = c.value
	case "nat_port":
		e.natPort = c.value
	}
}

func (e end) fill(r *linelog.Record, side, nat linelog.Side, iface, user string) {
	r.Set(iface, e.iface)
	r.Endpoint(side, e.address, e.port)
	if e.natIP != "" && (e.natIP != e.address || e.natPort != e.port) {
		r.Endpoint(nat, e.natIP, e.natPort)
	}
	account(r, user, e.user)
}

// account cuts the domain off a name.
func account(r *linelog.Record, field, v string) {
	if domain, name, ok := strings.Cut(v, `\`); ok {
		r.Set(field+".domain", domain)
		v = name
	}
	r.Set(field+".name", v)
}

func set(r *linelog.Record, t target, c capture) {
	switch t.how {
	case "text":
		r.Set(t.field, c.value)
	case "lower":
		r.Set(t.field, strings.ToLower(c.value))
	case "number":
		r.Number(t.field, c.value, "cisco.asa."+c.name)
	case "ip":
		r.Set(t.field, linelog.IP(c.value))
	case "user":
		account(r, t.field, strings.Trim(c.value, "'"))
	case "direction":
		r.Set(t.field, strings.ToLower(c.value))
	case "decision":
		switch {
		case strings.HasPrefix(c.value, "permitted"):
			r.Keep(t.field, "success")
			r.Keep("event.type", "allowed")
		case c.value == "denied":
			r.Keep(t.field, "failure")
			r.Keep("event.type", "denied")
		}
		r.Set("cisco.asa.decision", c.value)
	case "duration":
		r.Set("cisco.asa.duration", c.value)
		r.Number(t.field, nanoseconds(c.value), "")
	}
}

// nanoseconds turns "1:02:03", "0h:01m:02s" and "1d 2h:03m:04s" into nanoseconds; "" for anything else.
func nanoseconds(s string) string {
	days, clock, found := strings.Cut(s, "d ")
	if !found {
		days, clock = "0", s
	}
	f := strings.Split(strings.NewReplacer("h", "", "m", "", "s", "").Replace(clock), ":")
	if len(f) != 3 {
		return ""
	}
	total := int64(0)
	for i, unit := range []int64{24, 60, 60} {
		text := append([]string{days}, f...)[i]
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return ""
		}
		total = (total + int64(n)) * unit
	}
	n, err := strconv.ParseUint(f[2], 10, 31)
	if err != nil || total > 1<<40 {
		return ""
	}
	if total += int64(n); total == 0 {
		return "0"
	}
	return strconv.FormatInt(total, 10) + "000000000"
}
