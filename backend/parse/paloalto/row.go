package paloalto

import (
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/devicehead"
	"adjutant/backend/parse/linelog"
)

// maxColumns bounds one row; the longest type has 120.
const maxColumns = 256

// cut splits a row at commas outside of quotes; a quote inside a quoted text is doubled, or marked by a backslash.
func cut(s string) []string {
	var out []string
	for more := true; more && len(out) < maxColumns; {
		if !strings.HasPrefix(s, `"`) {
			var f string
			f, s, more = strings.Cut(s, ",")
			out = append(out, f)
			continue
		}
		var b strings.Builder
		i := 1
		for ; i < len(s); i++ {
			if s[i] == '"' {
				if i+1 < len(s) && s[i+1] == '"' {
					i++
				} else {
					break
				}
			} else if s[i] == '\\' && i+1 < len(s) && s[i+1] == '"' {
				i++
			}
			b.WriteByte(s[i])
		}
		out = append(out, b.String())
		if _, s, more = strings.Cut(s[min(i, len(s)):], ","); !more {
			break
		}
	}
	return out
}

func read(r *linelog.Record) string {
	text, line, ok := split(r.Text)
	if !ok {
		return reasonForm
	}
	values := cut(line)
	k := knowledge()
	kind := values[3]
	columns := k.columns[kind]
	if kind == "CONFIG" && len(values) > 14 && strings.Trim(values[14], "0123456789") != "" { // a custom form with what was changed
		columns = k.columns["CONFIG+"]
	}
	v := map[string]string{}
	for i, c := range columns {
		if i < len(values) && c != "-" {
			v[c] = values[i]
		}
	}
	head := devicehead.Parse(text)
	if times(r, v) != nil || head.Recorded(r) != nil {
		return linelog.ReasonTime
	}
	r.Keep("event.dataset", "panw.panos")
	r.Keep("event.module", "panw")
	r.Keep("observer.product", "PAN-OS")
	r.Keep("observer.vendor", "Palo Alto Networks")
	r.Keep("observer.type", "firewall")
	head.Fields(r)
	if head.Host == "" {
		r.Set("host.name", v["device_name"])
	}
	for i, c := range columns {
		if i < len(values) && c != "-" && values[i] != "" {
			set(r, k, c, values[i])
		}
	}
	for i := len(columns); i < len(values); i++ {
		r.Set("panw.panos.column_"+strconv.Itoa(i+1), values[i])
	}
	about(r, kind, v)
	return ""
}

// times: the moment that the log states, the receipt by the management plane, and the start of the session.
func times(r *linelog.Record, v map[string]string) error {
	if err := r.At(event.Occurred, v["generated_time"]); err != nil {
		return err
	}
	for _, t := range []struct {
		column  string
		meaning event.TimeKind
	}{{"receive_time", event.Recorded}, {"high_res_timestamp", event.Recorded}, {"start", event.Started}} {
		if s := v[t.column]; s != "" {
			if err := r.At(t.meaning, s); err != nil && t.column == "receive_time" {
				return err
			}
		}
	}
	return nil
}

func set(r *linelog.Record, k *known, column, v string) {
	t, ok := k.fields[column]
	if !ok {
		switch column {
		case "receive_time", "generated_time", "start", "misc", "opaque":
		default:
			r.Set("panw.panos."+column, v)
		}
		return
	}
	switch t.how {
	case "text":
		r.Set(t.field, v)
	case "number":
		r.Number(t.field, v, "panw.panos."+column)
	case "nat":
		if v != "0" {
			r.Number(t.field, v, "")
		}
	case "ip":
		if ip := linelog.IP(v); ip != "" && ip != "0.0.0.0" && ip != "::" {
			r.Keep(t.field, ip)
		}
	case "end":
		if v != "0.0.0.0" {
			r.Keep(t.field+".address", v)
			r.Set(t.field+".ip", linelog.IP(v))
		}
	case "lower":
		r.Set(t.field, strings.ToLower(v))
	case "seconds":
		if v == "0" {
			r.Number(t.field, v, "")
		} else {
			r.Number(t.field, v+"000000000", "")
		}
	case "hash":
		if len(v) == 64 {
			r.Set(t.field, v)
		} else {
			r.Set("panw.panos."+column, v)
		}
	case "user":
		if domain, name, ok := strings.Cut(v, `\`); ok {
			r.Set(t.field+".domain", domain)
			v = name
		}
		r.Set(t.field+".name", v)
	}
}

// about sets the category, the outcome and the sentence of a type.
func about(r *linelog.Record, kind string, v map[string]string) {
	r.Keep("event.kind", map[bool]string{true: "alert", false: "event"}[kind == "THREAT"])
	ends := end(v["src"], v["sport"]) + " to " + end(v["dst"], v["dport"])
	switch kind {
	case "TRAFFIC":
		r.Keep("event.category", "network")
		r.Keep("event.type", "connection")
		decision(r, v["action"])
		r.Keep("message", strings.TrimSpace(v["action"]+" "+v["proto"]+" "+v["app"])+" from "+ends+rule(v))
	case "THREAT":
		r.Keep("event.category", "network")
		r.Keep("event.category", map[bool]string{true: "web", false: "intrusion_detection"}[v["subtype"] == "url"])
		decision(r, v["action"])
		switch v["subtype"] {
		case "url":
			r.Set("url.original", v["misc"])
		case "file", "virus", "wildfire", "wildfire-virus":
			r.Set("file.name", v["misc"])
		default:
			r.Set("panw.panos.misc", v["misc"])
		}
		r.Keep("message", strings.TrimSpace(v["action"]+" "+v["subtype"]+" "+v["threatid"]+" "+v["misc"])+": "+ends+rule(v))
	case "CONFIG":
		r.Keep("event.category", "configuration")
		r.Keep("event.type", "change")
		r.Set("event.outcome", map[string]string{"Succeeded": "success", "Submitted": "success", "Failed": "failure", "Unauthorized": "failure"}[v["result"]])
		r.Keep("message", v["admin"]+" "+v["cmd"]+" "+v["path"]+" from "+v["host"]+" ("+v["client"]+"): "+v["result"])
	case "GLOBALPROTECT", "AUTHENTICATION", "USERID":
		r.Keep("event.category", "authentication")
		r.Keep("event.type", "info")
		r.Set("event.action", v["eventid"])
		r.Set("event.outcome", map[string]string{"success": "success", "failure": "failure"}[v["status"]])
		who := first(v["srcuser"], v["user"])
		r.Keep("message", strings.TrimSpace(who+" "+first(v["eventid"], v["event"], v["subtype"])+" from "+first(v["public_ip"], v["ip"])+" "+v["status"]+" "+first(v["opaque"], v["desc"], v["error"])))
		r.Set("panw.panos.opaque", v["opaque"])
	case "SYSTEM":
		r.Keep("event.category", "host")
		r.Keep("event.type", "info")
		r.Set("event.code", v["eventid"])
		r.Keep("message", first(v["opaque"], v["eventid"], "system"))
	default:
		r.Keep("event.category", "host")
		r.Keep("event.type", "info")
		r.Keep("message", strings.TrimSpace(kind+" "+v["subtype"]+" "+first(v["machinename"], v["src"])+" "+v["matchname"]))
	}
}

func decision(r *linelog.Record, action string) {
	switch {
	case action == "allow" || action == "alert" || action == "continue":
		r.Keep("event.outcome", "success")
		r.Keep("event.type", "allowed")
	case action != "":
		r.Keep("event.outcome", "failure")
		r.Keep("event.type", "denied")
	}
}

func rule(v map[string]string) string {
	if v["rule"] == "" {
		return ""
	}
	return " (rule " + v["rule"] + ")"
}

func end(address, port string) string {
	switch {
	case port == "" || port == "0":
		return address
	case strings.Contains(address, ":"):
		return "[" + address + "]:" + port
	}
	return address + ":" + port
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
