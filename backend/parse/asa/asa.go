// Package asa reads the messages of Cisco firewalls: ASA, PIX, FWSM and FTD, behind any head that syslog or a relay put in front.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line with the mark "%ASA-level-number:" is an event with its number,
// level and text; that the values of the messages in tables/messages.csv are fields, and messages that the table does not know are kept
// all the same; and that the source of a connection is who opened it, which the text of outbound ones names second.
//
// Specifications: Cisco, "Secure Firewall ASA Series Syslog Messages"; "Firepower Threat Defense Syslog Messages", security events
// 430001 to 430005.
package asa

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
const Name = "asa"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a message of a Cisco firewall"

// Format reads messages of Cisco firewalls.
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
	return linelog.Score(head, 96, func(line []byte) bool { var m mark; return m.parse(string(line)) }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	g := &grammar{outbound: map[string]bool{}}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a message of a Cisco firewall", Read: g.read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			var m mark
			if !m.parse(string(line)) && !strings.Contains(string(line), "%") {
				return yearless.Civil{}, false
			}
			return devicehead.Parse(m.head).Yearless()
		}}, emit)
}

// mark is a line taken apart: what is before the mark, the mark, and the text.
type mark struct{ head, product, class, level, id, text string }

func (m *mark) parse(s string) bool {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '%')
		if i < 0 || at+i > 400 {
			return false
		}
		at += i + 1
		product, rest, ok := strings.Cut(s[at:], "-")
		switch product {
		case "ASA", "FTD", "PIX", "FWSM", "NGIPS":
		default:
			continue
		}
		word, rest, ok2 := strings.Cut(rest, "-")
		if ok2 && len(word) > 1 && len(word) < 24 { // the class of the message, where it is switched on
			m.class = word
			word, rest, ok2 = strings.Cut(rest, "-")
		}
		if !ok || !ok2 || len(word) != 1 || word[0] < '0' || word[0] > '7' || len(rest) < 7 || rest[6] != ':' || strings.Trim(rest[:6], "0123456789") != "" {
			continue
		}
		m.head, m.product, m.level, m.id, m.text = s[:at-1], product, word, rest[:6], strings.TrimLeft(rest[7:], " ")
		return true
	}
}

// grammar remembers the outbound connections that are open, because the end of one does not say which side opened it.
type grammar struct{ outbound map[string]bool }

// maxOpen bounds what is remembered; a firewall of the middle class holds fewer connections open.
const maxOpen = 1 << 18

func (g *grammar) read(r *linelog.Record) string {
	var m mark
	if !m.parse(r.Text) {
		return reasonForm
	}
	head := devicehead.Parse(m.head)
	if head.Times(r) != nil {
		return linelog.ReasonTime
	}
	if !head.Dated() && strings.ContainsAny(m.head, " ") {
		r.Warn("no time could be read in front of the message")
	}
	r.Keep("event.code", m.id)
	r.Keep("event.dataset", "cisco."+strings.ToLower(m.product))
	r.Keep("event.kind", "event")
	r.Keep("event.module", "cisco")
	r.Number("event.severity", m.level, "")
	r.Keep("log.level", levels[m.level[0]-'0'])
	r.Set("cisco.asa.message_class", m.class)
	r.Keep("observer.product", m.product)
	r.Keep("observer.type", "firewall")
	r.Keep("observer.vendor", "Cisco")
	head.Fields(r)
	r.Set("message", m.text)
	if strings.HasPrefix(m.id, "43000") && strings.Contains(m.text, ": ") {
		security(r, m.text)
		return ""
	}
	about, found := knowledge().find(m.id, m.text)
	if about == nil {
		return ""
	}
	r.Set("event.action", about.action)
	for _, c := range about.categories {
		r.Keep("event.category", c)
	}
	for _, t := range about.types {
		r.Keep("event.type", t)
	}
	r.Set("event.outcome", about.outcome)
	g.fill(r, about, found)
	return ""
}

var levels = [8]string{"emergency", "alert", "critical", "error", "warning", "notification", "informational", "debugging"}
