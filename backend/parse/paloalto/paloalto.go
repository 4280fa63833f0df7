// Package paloalto reads the logs of Palo Alto Networks firewalls as they send them by syslog: TRAFFIC, THREAT, SYSTEM, CONFIG,
// GLOBALPROTECT, USERID, HIPMATCH and AUTHENTICATION, comma separated, by the columns that the version at hand writes.
//
// Stage 2 of the flow, one format of parse. It keeps true that every column that is not empty is a field, that the moment which the log
// states is the primary time (its zone is the firewall's, which the log does not state), and that columns of newer versions are kept by
// their place.
//
// Specification: PAN-OS Administrator's Guide 11.1, "Syslog Field Descriptions" (tables/columns.csv).
package paloalto

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
const Name = "paloalto"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of a Palo Alto firewall"

// Format reads logs of Palo Alto firewalls.
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
	return linelog.Score(head, 96, func(line []byte) bool { _, _, ok := split(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a Palo Alto firewall", Read: read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			head, _, _ := split(string(line))
			return devicehead.Parse(head).Yearless()
		}}, emit)
}

// split finds ",2026/03/14 01:02:03,serial,TYPE," and cuts the syslog head off. The first column is "1", the version of the format.
func split(s string) (head, row string, ok bool) {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], ',')
		if i < 0 || at+i > 400 {
			return s[:min(len(s), 128)], "", false
		}
		at += i + 1
		if len(s) < at+22 || s[at+4] != '/' || s[at+7] != '/' || s[at+10] != ' ' || s[at+13] != ':' || s[at+19] != ',' {
			continue
		}
		start := strings.LastIndexByte(s[:at-1], ' ') + 1
		f := strings.SplitN(s[at+20:], ",", 3)
		if len(f) == 3 && knowledge().columns[f[1]] != nil && len(s[start:at-1]) <= 4 {
			return s[:start], s[start:], true
		}
	}
}
