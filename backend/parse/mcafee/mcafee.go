// Package mcafee reads McAfee VirusScan Enterprise access protection logs.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a line with fewer columns, as port blocking writes it, keeps what it has. It judges nothing.
//
// Specification: McAfee VirusScan Enterprise 8.8, AccessProtectionLog.txt; Plaso, parser mcafee_protection.
package mcafee

import (
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "mcafee"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an access protection log"

// Format reads McAfee VirusScan Enterprise access protection logs.
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
	return linelog.Score(head, 95, fits, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an access protection log", Read: read}, emit)
}

// head takes "9/27/2013\t2:42:26 PM\tBlocked by …\t…".
func head(s string) (at yearless.Civil, p []string, ok bool) {
	p = strings.SplitN(s, "\t", 9)
	if len(p) < 5 || !strings.Contains(p[2], "locked by") {
		return at, nil, false
	}
	d := strings.Split(p[0], "/")
	clock, half, found := strings.Cut(p[1], " ")
	if len(d) != 3 || !found || len(d[2]) != 4 {
		return at, nil, false
	}
	var errs [3]error
	at.Month, errs[0] = strconv.Atoi(d[0])
	at.Day, errs[1] = strconv.Atoi(d[1])
	at.Year, errs[2] = strconv.Atoi(d[2])
	if len(clock) == 7 {
		clock = "0" + clock
	}
	if errs[0] != nil || errs[1] != nil || errs[2] != nil || !at.Clock(clock) || at.Hour < 1 || at.Hour > 12 || half != "AM" && half != "PM" {
		return at, nil, false
	}
	at.Hour %= 12
	if half == "PM" {
		at.Hour += 12
	}
	return at, p, true
}

func fits(line []byte) bool {
	_, _, ok := head(string(line))
	return ok
}

func read(r *linelog.Record) string {
	at, p, ok := head(r.Text)
	if !ok {
		return reasonForm
	}
	if r.Civil(event.Occurred, at, p[0]+" "+p[1]) != nil {
		return linelog.ReasonTime
	}
	status := strings.TrimSpace(p[2])
	r.Set("mcafee.status", status)
	blocked := "failure"
	if strings.HasPrefix(status, "Would be") {
		blocked = "success"
	}
	rest := p[3:]
	subject := ""
	if strings.Contains(status, "port blocking") {
		subject = get(rest, 0)
		r.Set("process.executable", subject)
		r.Set("rule.name", get(rest, 1))
		address, port, _ := strings.Cut(get(rest, 2), ":")
		r.Endpoint(linelog.Destination, address, port)
	} else {
		domain, user, found := strings.Cut(get(rest, 0), `\`)
		if !found {
			domain, user = "", get(rest, 0)
		}
		subject = get(rest, 1)
		r.Set("user.domain", domain)
		r.Set("user.name", user)
		r.Set("process.executable", subject)
		r.Set("mcafee.trigger_location", get(rest, 2))
		r.Set("rule.name", get(rest, 3))
		r.Set("mcafee.action", get(rest, 4))
	}
	r.Set("event.kind", "alert")
	r.Set("event.category", "malware")
	r.Set("event.outcome", blocked)
	r.Set("event.module", "mcafee")
	r.Set("event.dataset", "mcafee.access_protection")
	r.Set("message", status+": "+subject)
	return ""
}

func get(p []string, i int) string {
	if i < len(p) {
		return strings.TrimSpace(p[i])
	}
	return ""
}
