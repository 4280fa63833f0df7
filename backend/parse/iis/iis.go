// Package iis reads the logs of Internet Information Services 6 to 10: the site logs in the W3C extended form with any columns, and
// the HTTPERR log of the kernel driver below them.
//
// Stage 2 of the flow, one format of parse. It keeps true that rows are read by the #Fields in force where they stand, that a row
// which does not fit them is read by the default columns only when it fits those, with a warning, and that cookies, queries and names
// stay as the visitor sent them. In the user agent "+" is turned back into the space for which IIS wrote it. Times are UTC, as the
// form prescribes.
//
// Specifications: W3C "Extended Log File Format"; Microsoft, "W3C Extended Log File Format (IIS 6.0)"; Microsoft, "Error logging in
// HTTP APIs".
package iis

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/w3c"
)

// Name is the parser's word in receipts and event ids.
const Name = "iis"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm    = "not a row of an IIS log"
	reasonColumns = "the row does not have the columns of its head"
	warnColumns   = "the row does not have the columns of its head and was read by the default columns"
)

// Format reads IIS logs.
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
		_, ok := g.columns(string(line))
		return ok
	}, nil, func(line []byte) bool {
		directive := g.Directive(line)
		if directive && (strings.HasPrefix(g.Software, "Microsoft Internet Information Services") || strings.HasPrefix(g.Software, "Microsoft HTTP API") || has(g.Columns, "cs-uri-stem") || has(g.Columns, "s-reason")) {
			named = true
		}
		return directive
	})
	switch {
	case has(g.Columns, "x-edge-location"): // a CDN's
		return 0
	case named && score == 0 && !hasRow(head):
		return 95 // a head without rows: an empty log
	case len(g.Columns) > 0 && !named:
		return 0
	}
	return score
}

// hasRow says that something other than directives stands there.
func hasRow(head []byte) bool {
	for _, l := range strings.Split(string(head), "\n") {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			return true
		}
	}
	return false
}

func has(columns []string, name string) bool {
	for _, c := range columns {
		if c == name {
			return true
		}
	}
	return false
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	g := &grammar{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a row of an IIS log", Aside: g.Directive, Read: g.read}, emit)
}

type grammar struct {
	w3c.Rows
	off bool // the row does not have the columns of its head
}

// Default columns, by which rows without a head are read: IIS 7 and 7.5, IIS 8 to 10, and HTTPERR.
var (
	columns14  = strings.Fields("date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken")
	columns15  = strings.Fields("date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken")
	columnsErr = strings.Fields("date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename")
)

// columns chooses the columns by which a row is read; the row's values are in its hands until the next row.
func (g *grammar) columns(row string) (columns []string, ok bool) {
	g.off = false
	if len(g.Columns) > 0 && len(g.Values(row, len(g.Columns))) == len(g.Columns) {
		return g.Columns, true
	}
	for _, c := range [][]string{columns15, columns14, columnsErr} {
		v := g.Values(row, len(c))
		if len(v) != len(c) || !isDate(v[0]) || len(v[1]) != 8 || linelog.IP(v[2]) == "" {
			continue
		}
		if &c[0] == &columnsErr[0] && linelog.IP(v[4]) == "" || &c[0] != &columnsErr[0] && linelog.IP(v[8]) == "" {
			continue
		}
		g.off = len(g.Columns) > 0
		return c, true
	}
	return nil, false
}

func isDate(s string) bool { return len(s) == 10 && s[4] == '-' && s[7] == '-' }
