package asa

import (
	"strings"

	"adjutant/backend/parse/linelog"
)

// securityFields say where the values of FTD's security events go; others stay under cisco.ftd.security.
var securityFields = map[string]string{"AccessControlRuleName": "rule.name", "URL": "url.original", "User": "user.name", "ApplicationProtocol": "network.protocol", "WebApplication": "network.application",
	"IngressInterface": "observer.ingress.interface.name", "EgressInterface": "observer.egress.interface.name", "IngressZone": "observer.ingress.zone", "EgressZone": "observer.egress.zone",
	"FileName": "file.name", "FileSHA256": "file.hash.sha256", "UserAgent": "user_agent.original", "DNSQuery": "dns.question.name", "HTTPReferer": "http.request.referrer", "Message": "rule.description",
	"Classification": "rule.category", "ThreatName": "threat.indicator.name"}

// maxPairs bounds the values of one event; FTD writes about fifty.
const maxPairs = 200

// security reads "Key: value, Key: value"; a value may hold commas, so that one ends only before the next key.
func security(r *linelog.Record, s string) {
	v := map[string]string{}
	for n := 0; s != "" && n < maxPairs; n++ {
		key, rest, ok := strings.Cut(s, ": ")
		if !ok {
			break
		}
		end, next := len(rest), len(rest)
		for at := 0; ; {
			i := strings.Index(rest[at:], ", ")
			if i < 0 {
				break
			}
			at += i
			if word, _, ok := strings.Cut(rest[at+2:], ": "); ok && word != "" && len(word) < 40 && strings.IndexAny(word, " ,") < 0 {
				end, next = at, at+2
				break
			}
			at += 2
		}
		value := rest[:end]
		s = rest[next:]
		if len(key) > 40 || strings.IndexByte(key, ' ') >= 0 {
			continue
		}
		v[key] = value
		switch key {
		case "SrcIP", "DstIP", "SrcPort", "DstPort", "InitiatorPackets", "ResponderPackets", "InitiatorBytes", "ResponderBytes", "Protocol":
		default:
			if name := securityFields[key]; name != "" {
				r.Set(name, value)
			} else {
				r.Set("cisco.ftd.security."+key, value)
			}
		}
	}
	r.Endpoint(linelog.Source, v["SrcIP"], v["SrcPort"])
	r.Endpoint(linelog.Destination, v["DstIP"], v["DstPort"])
	r.Number("source.packets", v["InitiatorPackets"], "")
	r.Number("source.bytes", v["InitiatorBytes"], "")
	r.Number("destination.packets", v["ResponderPackets"], "")
	r.Number("destination.bytes", v["ResponderBytes"], "")
	r.Set("network.transport", strings.ToLower(v["Protocol"]))
	r.Keep("event.category", "network")
	action := strings.ToLower(v["AccessControlRuleAction"])
	r.Set("event.action", action)
	switch {
	case strings.HasPrefix(action, "block"):
		r.Keep("event.outcome", "failure")
		r.Keep("event.type", "denied")
	case action == "allow" || action == "trust":
		r.Keep("event.outcome", "success")
		r.Keep("event.type", "allowed")
	}
}
