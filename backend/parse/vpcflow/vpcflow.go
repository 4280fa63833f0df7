// Package vpcflow reads AWS VPC flow logs: the default form, and any other whose head line names its fields, with or without the time
// that CloudWatch puts in front of a line.
//
// Stage 2 of the flow, one format of parse. It keeps true that every field of a line is kept, that the start of the capture window is the
// primary time and its end is kept beside it, and that a window without data is an event that says so.
//
// Specification: AWS, "Flow log records", versions 2 to 10.
package vpcflow

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "vpcflow"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm    = "not a line of a VPC flow log"
	reasonColumns = "the line does not have the fields of its head"
)

// Format reads AWS VPC flow logs.
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
	score := linelog.Score(head, 96, func(line []byte) bool {
		_, ok := g.values(string(line))
		return ok
	}, nil, func(line []byte) bool {
		head := g.aside(line)
		named = named || head
		return head
	})
	if named && score == 0 && strings.Count(strings.TrimSpace(string(head)), "\n") == 0 {
		return 96 // a head without lines
	}
	return score
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	g := &grammar{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a VPC flow log", Aside: g.aside, Read: g.read}, emit)
}

// defaults are the fields of version 2, by which lines without a head are read.
var defaults = strings.Fields("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status")

type grammar struct {
	columns []string
	time    string // that CloudWatch put in front of the line
}

// aside takes the head: names, in which srcaddr and start stand.
func (g *grammar) aside(line []byte) bool {
	s := string(line)
	if len(s) > 4096 || !strings.Contains(s, "srcaddr") && !strings.Contains(s, "interface-id") || strings.ContainsAny(s, `{"=:`) {
		return false
	}
	f := strings.Fields(s)
	if len(f) < 4 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789- \t\r") != "" {
		return false
	}
	g.columns = f
	return true
}

// values cuts a line; ok says that it has the fields of its head, or the default ones and their form.
func (g *grammar) values(s string) (v []string, ok bool) {
	v = strings.Fields(s)
	g.time = ""
	columns := g.columns
	if columns == nil {
		columns = defaults
	}
	if len(v) == len(columns)+1 && len(v[0]) >= 20 && v[0][4] == '-' && v[0][10] == 'T' {
		g.time, v = v[0], v[1:]
	}
	if len(v) != len(columns) {
		return nil, false
	}
	if g.columns != nil {
		return v, true
	}
	return v, len(v[0]) <= 2 && strings.HasPrefix(v[2], "eni-") && (v[13] == "OK" || v[13] == "NODATA" || v[13] == "SKIPDATA")
}

// fields say where a field goes; others stay under aws.vpcflow.
var fields = map[string]string{"account-id": "cloud.account.id", "region": "cloud.region", "az-id": "cloud.availability_zone", "instance-id": "cloud.instance.id", "vpc-id": "aws.vpcflow.vpc_id"}

// protocols are the numbers of IANA that occur.
var protocols = map[string]string{"1": "icmp", "2": "igmp", "4": "ipv4", "6": "tcp", "17": "udp", "41": "ipv6", "47": "gre", "50": "esp", "51": "ah", "58": "ipv6-icmp", "89": "ospf", "112": "vrrp", "132": "sctp"}

func (g *grammar) read(r *linelog.Record) string {
	v, ok := g.values(r.Text)
	if !ok {
		if g.columns != nil {
			return reasonColumns
		}
		return reasonForm
	}
	columns := g.columns
	if columns == nil {
		columns = defaults
	}
	value := map[string]string{}
	for i, c := range columns {
		value[c] = v[i]
	}
	for _, t := range []struct {
		column  string
		meaning event.TimeKind
	}{{"start", event.Occurred}, {"end", event.Ended}} {
		if s := value[t.column]; s != "" && s != "-" && r.At(t.meaning, s) != nil {
			return linelog.ReasonTime
		}
	}
	if g.time != "" && r.At(event.Recorded, g.time) != nil {
		return linelog.ReasonTime
	}
	r.Keep("cloud.provider", "aws")
	r.Keep("event.category", "network")
	r.Keep("event.dataset", "aws.vpcflow")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "aws")
	r.Keep("event.type", "connection")
	for i, c := range columns {
		g.set(r, c, v[i])
	}
	r.Endpoint(linelog.Source, value["srcaddr"], value["srcport"])
	r.Endpoint(linelog.Destination, value["dstaddr"], value["dstport"])
	r.Keep("message", sentence(value))
	return ""
}

func (g *grammar) set(r *linelog.Record, column, v string) {
	own := "aws.vpcflow." + strings.ReplaceAll(column, "-", "_")
	switch column {
	case "srcaddr", "dstaddr", "srcport", "dstport", "start", "end":
	case "protocol":
		r.Set("network.iana_number", v)
		r.Set("network.transport", protocols[v])
	case "packets":
		r.Number("network.packets", v, "")
	case "bytes":
		r.Number("network.bytes", v, "")
	case "action":
		r.Set("event.action", strings.ToLower(v))
		r.Set("event.outcome", map[string]string{"ACCEPT": "success", "REJECT": "failure"}[v])
		r.Set("event.type", map[string]string{"ACCEPT": "allowed", "REJECT": "denied"}[v])
	case "flow-direction":
		r.Set("network.direction", v)
	default:
		if name := fields[column]; name != "" {
			r.Set(name, v)
		} else {
			r.Set(own, v)
		}
	}
}

func sentence(v map[string]string) string {
	switch v["log-status"] {
	case "NODATA":
		return "no traffic on " + v["interface-id"]
	case "SKIPDATA":
		return "some records of " + v["interface-id"] + " were skipped by AWS"
	}
	protocol := protocols[v["protocol"]]
	if protocol == "" && v["protocol"] != "" {
		protocol = "protocol " + v["protocol"]
	}
	parts := []string{v["srcaddr"] + ":" + v["srcport"], "to", v["dstaddr"] + ":" + v["dstport"], protocol, v["action"]}
	if v["bytes"] != "" {
		parts = append(parts, v["bytes"], "bytes")
	}
	return strings.Join(parts, " ")
}
