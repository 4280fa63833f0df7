// Package winfirewall reads pfirewall.log, the log of the Windows firewall, in the versions of Windows XP to 11.
//
// Stage 2 of the flow, one format of parse. It keeps true that rows are read by the #Fields in force where they stand, and that times
// are local, as the head says; which zone the machine had is assumed and said to be.
//
// Specification: Microsoft, "Interpreting the Windows Firewall log" (version 1.5), in the W3C extended form.
package winfirewall

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/w3c"
)

// Name is the parser's word in receipts and event ids.
const Name = "winfirewall"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm    = "not a row of a Windows firewall log"
	reasonColumns = "the row does not have the columns of its head"
)

// Format reads the log of the Windows firewall.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format.
func (Format) Detect(head []byte, _ string) int {
	g := grammar{}
	named := false
	score := linelog.Score(head, 95, func(line []byte) bool {
		columns := g.columns()
		v := g.Values(string(line), len(columns))
		return len(v) == len(columns) && actions[v[2]].action != ""
	}, nil, func(line []byte) bool {
		directive := g.Directive(line)
		named = named || strings.HasPrefix(g.Software, "Microsoft Windows Firewall")
		return directive
	})
	if named && score == 0 && strings.Count(string(head), "\n") <= 6 {
		return 95 // a head without rows
	}
	if len(g.Columns) > 0 && !named {
		return 0
	}
	return score
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	g := &grammar{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a row of a Windows firewall log", Aside: g.Directive, Read: g.read}, emit)
}

type grammar struct{ w3c.Rows }

// defaults are the columns of version 1.5, by which rows without a head are read: a log that was cut at its front.
var defaults = strings.Fields("date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path")

func (g *grammar) columns() []string {
	if len(g.Columns) > 0 {
		return g.Columns
	}
	return defaults
}

// actions are the words of the log, with what they mean in ECS and for people.
var actions = map[string]struct{ action, outcome, kind, words string }{
	"ALLOW":            {"allowed", "success", "allowed", "allowed"},
	"DROP":             {"dropped", "failure", "denied", "dropped"},
	"OPEN":             {"opened", "success", "start", "opened"},
	"OPEN-INBOUND":     {"opened-inbound", "success", "start", "opened inbound"},
	"CLOSE":            {"closed", "success", "end", "closed"},
	"INFO-EVENTS-LOST": {"events-lost", "", "info", "events lost"},
}

// numbers are columns that hold numbers, with their names here.
var numbers = map[string]string{"size": "winfirewall.size", "tcpsyn": "winfirewall.tcpsyn", "tcpack": "winfirewall.tcpack", "tcpwin": "winfirewall.tcpwin",
	"icmptype": "winfirewall.icmptype", "icmpcode": "winfirewall.icmpcode", "pid": "process.pid"}

func (g *grammar) read(r *linelog.Record) string {
	columns := g.columns()
	v := g.Values(r.Text, len(columns))
	if len(v) != len(columns) {
		// Version 1.5 of Windows 10 leaves out the last column in some rows.
		if len(v)+1 != len(columns) || len(v) < 4 {
			return reasonColumns
		}
		columns = columns[:len(v)]
	}
	value := map[string]string{}
	for i, c := range columns {
		value[c] = v[i]
	}
	if r.At(event.Occurred, value["date"]+" "+value["time"]) != nil {
		if actions[value["action"]].action == "" {
			return reasonForm
		}
		return linelog.ReasonTime
	}
	r.Keep("event.category", "network")
	r.Keep("event.dataset", "windows.firewall")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "windows")
	a := actions[value["action"]]
	r.Set("event.action", a.action)
	r.Set("event.outcome", a.outcome)
	r.Set("event.type", a.kind)
	switch value["path"] {
	case "RECEIVE":
		r.Keep("network.direction", "ingress")
	case "SEND":
		r.Keep("network.direction", "egress")
	}
	for i, c := range columns {
		switch c {
		case "date", "time", "src-ip", "dst-ip", "src-port", "dst-port":
		case "protocol":
			r.Set("network.transport", strings.ToLower(v[i]))
		default:
			if name := numbers[c]; name != "" {
				r.Number(name, v[i], "winfirewall."+c+"_text")
			} else {
				r.Set("winfirewall."+c, v[i])
			}
		}
	}
	r.Endpoint(linelog.Source, value["src-ip"], value["src-port"])
	r.Endpoint(linelog.Destination, value["dst-ip"], value["dst-port"])
	r.Keep("message", sentence(value, a.words))
	return ""
}

func sentence(v map[string]string, words string) string {
	if words == "" {
		words = v["action"]
	}
	if v["src-ip"] == "-" || v["src-ip"] == "" {
		if n := v["info"]; n != "" && n != "-" {
			return "the firewall lost " + n + " events"
		}
		return words
	}
	end := func(ip, port string) string {
		if port == "-" || port == "" {
			return ip
		}
		if strings.Contains(ip, ":") {
			ip = "[" + ip + "]"
		}
		return ip + ":" + port
	}
	return words + " " + v["protocol"] + " from " + end(v["src-ip"], v["src-port"]) + " to " + end(v["dst-ip"], v["dst-port"])
}
