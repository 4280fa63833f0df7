package linelog

import (
	"net/netip"
	"strings"

	"adjutant/backend/event"
)

// arena gives the fields of many records their room at once: a line has twenty fields, and twenty small allocations would cost
// more than reading it.
type arena struct {
	free []string
	most int // fields of the record before, a good guess for the next
}

// arenaStrings is how many values share one allocation. A single event that is kept holds on to no more than these.
const arenaStrings = 128

// fieldsAtMost bounds the guess, so that one odd record does not make the next ones big.
const fieldsAtMost = 64

// begin is the record of a text, with an event to fill.
func (p *walk) begin(text string) *Record {
	e := &p.scratch
	if p.transient {
		*e = event.Event{Fields: e.Fields[:0], Times: e.Times[:0]}
		p.values.free = p.values.free[:0]
	} else {
		e = &event.Event{Fields: make([]event.Field, 0, max(8, p.values.most))}
	}
	e.Parser, e.Version, e.Locator = p.g.Name, p.g.Version, event.Locator{Offset: p.offset, Length: p.size}
	p.recordOf = Record{Event: e, Text: text, Offset: p.offset, Times: p.times, years: &p.years, values: &p.values, res: &p.res}
	return &p.recordOf
}

func (a *arena) saw(n int) { a.most = min(n, fieldsAtMost) }

func (a *arena) one(value string) []string {
	if len(a.free) == cap(a.free) {
		a.free = make([]string, 0, arenaStrings)
	}
	n := len(a.free)
	a.free = append(a.free, value)
	return a.free[n : n+1 : n+1]
}

// Set sets a text field; "" and "-", which logs write for "none", set nothing.
func (r *Record) Set(name, value string) {
	if value != "-" {
		r.Keep(name, value)
	}
}

// Keep sets a text field as it stands: "-" is a value like others.
func (r *Record) Keep(name, value string) {
	if value != "" {
		r.Event.Fields = append(r.Event.Fields, event.Field{Name: name, Values: r.values.one(value)})
	}
}

// Bool sets a truth value.
func (r *Record) Bool(name string, value bool) {
	text := "false"
	if value {
		text = "true"
	}
	r.Event.Fields = append(r.Event.Fields, event.Field{Name: name, Kind: event.KindBool, Values: r.values.one(text)})
}

// Number sets a whole number by its digits, as many as there are; what is no number is kept as text under other, or left out
// when other is "".
func (r *Record) Number(name, digits, other string) {
	s := strings.TrimPrefix(digits, "-")
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			s = ""
		}
	}
	if s == "" {
		if other != "" {
			r.Set(other, digits)
		}
		return
	}
	if s[0] == '0' && len(s) > 1 || digits[0] == '-' && s == "0" {
		for len(s) > 1 && s[0] == '0' {
			s = s[1:]
		}
		if digits[0] == '-' && s != "0" {
			s = "-" + s
		}
		digits = s
	}
	r.Event.Fields = append(r.Event.Fields, event.Field{Name: name, Kind: event.KindNumber, Values: r.values.one(digits)})
}

// Decimal sets a number with a fraction ("0.013"); what is none is kept as text under other, or left out when other is "".
func (r *Record) Decimal(name, text, other string) {
	if !isDecimal(text) {
		if other != "" {
			r.Set(other, text)
		}
		return
	}
	r.Event.Fields = append(r.Event.Fields, event.Field{Name: name, Kind: event.KindNumber, Values: r.values.one(text)})
}

// isDecimal says that a text is a number as JSON writes it, without an exponent.
func isDecimal(s string) bool {
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	if s == "" || s[0] < '0' || s[0] > '9' || s[0] == '0' && len(s) > 1 && s[1] != '.' || s[len(s)-1] == '.' {
		return false
	}
	points := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			points++
		} else if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return points < 2
}

// sort brings the fields into their order. Formats that set them in it are spared the sorting, which costs a fifth of reading a line.
func sort(e *event.Event) {
	for i := 1; i < len(e.Fields); i++ {
		if e.Fields[i-1].Name >= e.Fields[i].Name {
			e.Sort()
			return
		}
	}
}

// Time adds a time that the format has read itself.
func (r *Record) Time(t event.Time) {
	if r.Event.Times == nil {
		r.Event.Times = make([]event.Time, 0, 1)
	}
	r.Event.Times = append(r.Event.Times, t)
}

// Side names the fields of one end of a connection.
type Side struct{ Address, IP, Domain, Port string }

// Ends of a connection, as ECS names them.
var (
	Source         = Side{"source.address", "source.ip", "source.domain", "source.port"}
	Destination    = Side{"destination.address", "destination.ip", "destination.domain", "destination.port"}
	SourceNAT      = Side{"", "source.nat.ip", "", "source.nat.port"}
	DestinationNAT = Side{"", "destination.nat.ip", "", "destination.nat.port"}
)

// Endpoint sets one end: the address as it stands, the IP that it is or else the name, and the port. An IPv4 address in IPv6
// clothing loses them, and an IPv6 address its zone; Address keeps both.
func (r *Record) Endpoint(side Side, address, port string) {
	if address != "" && address != "-" {
		if side.Address != "" {
			r.Keep(side.Address, address)
		}
		if ip := IP(address); ip != "" {
			r.Keep(side.IP, ip)
		} else if side.Domain != "" {
			r.Keep(side.Domain, address)
		}
	}
	if port != "" && port != "-" {
		r.Number(side.Port, port, "")
	}
}

// IP is the address in a text, "" when it is none.
func IP(text string) string {
	if len(text) > 2 && text[0] == '[' && text[len(text)-1] == ']' {
		text = text[1 : len(text)-1]
	}
	if len(text) < 2 || text[0] > 'f' {
		return ""
	}
	ip, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return ""
	case ip.Is4In6():
		return ip.Unmap().String()
	case ip.Zone() != "":
		return ip.WithZone("").String()
	}
	return text
}

// HostPort cuts the port off an address: "1.2.3.4:80", "[::1]:80", and "::1:80" only when what is left is an address.
func HostPort(s string) (host, port string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || i+1 == len(s) || len(s)-i > 6 || strings.Trim(s[i+1:], "0123456789") != "" {
		return s, ""
	}
	host = s[:i]
	if strings.IndexByte(host, ':') >= 0 {
		if IP(host) == "" || host[0] != '[' && IP(s) != "" && strings.Count(s, ":") < 8 {
			return s, "" // the last group of an IPv6 address without a port
		}
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return host, s[i+1:]
}
