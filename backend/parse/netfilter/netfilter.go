// Package netfilter reads the packets that the Linux kernel logs: LOG rules of iptables and nftables, and ufw, behind a syslog head, in
// the form of dmesg, or as ulogd writes them.
//
// Stage 2 of the flow, one format of parse. It keeps true that every key of a line is a field, and that what became of the packet is said
// only when the rule's own prefix says it: a LOG rule decides nothing.
//
// Specification: Linux, net/netfilter/nf_log_syslog.c; ufw(8), "Logging".
package netfilter

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/devicehead"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "netfilter"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a packet logged by the kernel"

// Format reads packets logged by the Linux kernel.
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
	return linelog.Score(head, 94, func(line []byte) bool { _, _, ok := split(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a packet logged by the kernel", Read: read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			s := string(line)
			if i := strings.Index(s, ": "); i > 0 { // the packet itself may lie beyond what is shown here
				return devicehead.Parse(s[:i+1]).Yearless()
			}
			return yearless.Civil{}, false
		}}, emit)
}

// split cuts a line into its syslog head, the prefix of the rule, and the packet.
func split(s string) (head, rest string, ok bool) {
	in := strings.Index(s, "IN=")
	if in < 0 || in > 400 || in > 0 && s[in-1] != ' ' && s[in-1] != ':' && s[in-1] != ']' {
		return "", "", false
	}
	packet := s[in:]
	if !strings.Contains(packet, " OUT=") || !strings.Contains(packet, "SRC=") && !strings.Contains(packet, "MAC=") && !strings.Contains(packet, "ARP") {
		return "", "", false
	}
	before := s[:in]
	if i := strings.Index(before, "kernel:"); i >= 0 {
		return before[:i+len("kernel:")], s[i+len("kernel:"):], true
	}
	if i := strings.Index(before, "]: "); i >= 0 && !strings.HasPrefix(before, "[") { // ulogd[812]:
		return before[:i+2], s[i+3:], true
	}
	return "", s, true
}

func read(r *linelog.Record) string {
	text, rest, ok := split(r.Text)
	if !ok {
		return reasonForm
	}
	head := devicehead.Parse(text)
	if head.Times(r) != nil || !head.Dated() && strings.Contains(text, " ") { // dmesg has no time, syslog always has one
		return linelog.ReasonTime
	}
	r.Keep("event.dataset", "linux.netfilter")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "linux")
	head.Fields(r)
	r.Keep("message", Packet(r, rest))
	return ""
}
