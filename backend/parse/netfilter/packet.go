package netfilter

import (
	"strings"

	"adjutant/backend/parse/linelog"
)

// flags are the words of a packet that have no value.
var flags = map[string]bool{"SYN": true, "ACK": true, "FIN": true, "RST": true, "PSH": true, "URG": true, "ECE": true, "CWR": true, "DF": true, "MF": true, "CE": true, "INCOMPLETE": true,
	"OPT": true, "FRAG": true}

// numbers are keys whose values are decimal numbers.
var numbers = map[string]bool{"LEN": true, "TTL": true, "ID": true, "WINDOW": true, "URGP": true, "SEQ": true, "ACK": true, "TYPE": true, "CODE": true, "HOPLIMIT": true, "FLOWLBL": true,
	"TC": true, "MTU": true}

// maxKeys bounds the keys of one packet; the kernel writes fewer than forty.
const maxKeys = 80

// IsPacket says that a message of the kernel is a logged packet.
func IsPacket(message string) bool {
	_, _, ok := split(message)
	return ok
}

// Packet sets the fields of a message "[uptime] prefix IN=eth0 OUT= MAC=… SRC=… DST=… …" and returns its sentence. Package syslog
// calls it, too: packets stand among other messages of the kernel.
func Packet(r *linelog.Record, s string) (sentence string) {
	s = strings.TrimLeft(s, " ")
	if up, after, ok := strings.Cut(s, "]"); ok && strings.HasPrefix(up, "[") && strings.Trim(up[1:], "0123456789. ") == "" && len(up) > 1 {
		r.Decimal("netfilter.uptime", strings.TrimSpace(up[1:]), "")
		s = strings.TrimLeft(after, " ")
	}
	in := max(strings.Index(s, "IN="), 0)
	prefix := strings.TrimSpace(s[:in])
	s = s[in:]
	r.Keep("event.category", "network")
	r.Set("netfilter.prefix", prefix)
	words := verdict(r, prefix)
	if open := strings.IndexByte(s, '['); open >= 0 { // the packet that an ICMP error is about
		if end := strings.LastIndexByte(s, ']'); end > open {
			r.Set("netfilter.inner", strings.TrimSpace(s[open+1:end]))
			s = s[:open] + s[end+1:]
		}
	}
	p := map[string]string{}
	for n, f := range strings.Fields(s) {
		if n == maxKeys {
			break
		}
		key, v, found := strings.Cut(f, "=")
		switch {
		case !found:
			if flags[key] {
				r.Keep("netfilter.flags", key)
			} else {
				r.Keep("netfilter.words", key)
			}
		case v == "":
		case p[key] != "" || len(key) > 32:
			r.Set("netfilter."+strings.ToLower(key[:min(len(key), 32)]), v)
		default:
			p[key] = v
			set(r, key, v)
		}
	}
	r.Endpoint(linelog.Source, p["SRC"], p["SPT"])
	r.Endpoint(linelog.Destination, p["DST"], p["DPT"])
	switch {
	case p["IN"] != "" && p["OUT"] == "":
		r.Keep("network.direction", "ingress")
	case p["IN"] == "" && p["OUT"] != "":
		r.Keep("network.direction", "egress")
	}
	end := func(address, port string) string {
		switch {
		case port == "":
			return address
		case strings.Contains(address, ":"):
			return "[" + address + "]:" + port
		}
		return address + ":" + port
	}
	return words + " " + p["PROTO"] + " from " + end(p["SRC"], p["SPT"]) + " to " + end(p["DST"], p["DPT"])
}

// verdict takes from the prefix of the rule what became of the packet, and the first word of the sentence.
func verdict(r *linelog.Record, prefix string) string {
	upper := strings.ToUpper(prefix)
	for _, word := range []string{"LIMIT BLOCK", "BLOCK", "DROP", "REJECT", "DENY", "DENIED"} {
		if strings.Contains(upper, word) {
			r.Keep("event.action", strings.ToLower(word))
			r.Keep("event.outcome", "failure")
			r.Keep("event.type", "connection")
			r.Keep("event.type", "denied")
			return strings.ToLower(word)
		}
	}
	for _, word := range []string{"ALLOW", "ACCEPT", "PASS"} {
		if strings.Contains(upper, word) {
			r.Keep("event.action", strings.ToLower(word))
			r.Keep("event.outcome", "success")
			r.Keep("event.type", "connection")
			r.Keep("event.type", "allowed")
			return strings.ToLower(word)
		}
	}
	r.Keep("event.action", "packet-logged")
	r.Keep("event.type", "connection")
	return "packet logged:"
}

func set(r *linelog.Record, key, v string) {
	switch key {
	case "SRC", "DST", "SPT", "DPT":
	case "PROTO":
		r.Set("network.transport", strings.ToLower(v))
	case "IN":
		r.Set("observer.ingress.interface.name", v)
	case "OUT":
		r.Set("observer.egress.interface.name", v)
	case "MAC":
		r.Set("netfilter.mac", v)
		if m := strings.Split(v, ":"); len(m) >= 12 { // destination, source, type of Ethernet
			r.Set("destination.mac", strings.ToUpper(strings.Join(m[:6], "-")))
			r.Set("source.mac", strings.ToUpper(strings.Join(m[6:12], "-")))
		}
	default:
		name := "netfilter." + strings.ToLower(key)
		if numbers[key] {
			r.Number(name, v, name+"_text")
		} else {
			r.Set(name, v)
		}
	}
}
