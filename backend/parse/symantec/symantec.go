// Package symantec reads Symantec Endpoint Protection scan logs.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that every column is kept under the name that the other tool gives it. It judges nothing.
//
// Specification: Symantec, "External logging settings and log event severity levels for Endpoint Protection", scan log; Plaso, parser symantec_scanlog.
package symantec

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "symantec"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm    = "not a line of a Symantec scan log"
	reasonColumns = "more columns than a scan log has"
)

// minCommas is fewer than the columns of any line seen.
const minCommas = 25

// maxCommas bounds the columns of a line: sixty are known, and some of them hold commas.
const maxCommas = 1000

// Format reads Symantec Endpoint Protection scan logs.
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
	return linelog.Score(head, 94, fits, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a Symantec scan log", Read: read}, emit)
}

// columns are the names of the columns in their order.
var columns = strings.Fields("time event category logger hostname username virus file_path action1 action2 action0 virus_type flags description scan_identifier new_ext " +
	"group_identifier event_fields vbin_identifier virus_identifier quarfwd_status access sdn_status compressed depth still_infected definfo def_sequence_number cleaninfo " +
	"deleteinfo backup_identifier parent guid client_group address domain_name ntdomain mac_address version remote_machine remote_ip_address action1_status action2_status " +
	"license_feature_name license_feature_version license_serial_number license_fulfillment_identifier license_start_date license_expiration_date license_lifecycle " +
	"license_seats_total license_seats error_code license_seats_delta status domain_identifier log_session_identifier virus_bin_identifier login_domain extra")

// moment reads six bytes in hexadecimal: years since 1970, month from 0, day, hour, minute, second.
func moment(s string) (at yearless.Civil, ok bool) {
	if len(s) != 12 {
		return at, false
	}
	var v [6]int
	for i := range v {
		n, err := strconv.ParseUint(s[2*i:2*i+2], 16, 8)
		if err != nil {
			return at, false
		}
		v[i] = int(n)
	}
	at = yearless.Civil{Year: 1970 + v[0], Month: v[1] + 1, Day: v[2], Hour: v[3], Min: v[4], Sec: v[5]}
	return at, at.Month <= 12 && at.Day >= 1 && at.Day <= 31 && at.Hour < 24 && at.Min < 60 && at.Sec < 61
}

func fits(line []byte) bool {
	s := string(line)
	first, _, _ := strings.Cut(s, ",")
	_, ok := moment(first)
	return ok && strings.Count(s, ",") > minCommas
}

func read(r *linelog.Record) string {
	if !fits([]byte(r.Text)) { // before a reader of CSV is made for it
		return reasonForm
	}
	if strings.Count(r.Text, ",") > maxCommas {
		return reasonColumns
	}
	c := csv.NewReader(strings.NewReader(r.Text))
	c.LazyQuotes, c.FieldsPerRecord = true, -1
	p, err := c.Read()
	if err != nil || len(p) < 20 {
		return reasonForm
	}
	at, ok := moment(p[0])
	if !ok {
		return reasonForm
	}
	if r.Civil(event.Occurred, at, p[0]) != nil {
		return linelog.ReasonTime
	}
	for i, v := range p[1:] {
		if name := i + 1; name < len(columns) && columns[name] == "event_fields" {
			r.Event.Set("symantec.event_fields", event.KindString, strings.SplitN(v, "\t", maxCommas)...)
		} else if name < len(columns) {
			r.Set("symantec."+columns[name], v)
		} else {
			r.Set("symantec.column_"+strconv.Itoa(name+1), v)
		}
	}
	r.Set("event.code", p[1])
	r.Set("host.name", p[4])
	r.Set("user.name", p[5])
	r.Set("threat.name", p[6])
	r.Set("file.path", p[7])
	r.Set("event.kind", "event")
	r.Set("event.category", "malware")
	r.Set("event.module", "symantec")
	r.Set("event.dataset", "symantec.scanlog")
	message := p[13]
	if p[6] != "" || p[7] != "" {
		message = strings.TrimSpace(p[6] + " in " + p[7])
	}
	if message == "" {
		message = "event " + p[1]
	}
	r.Set("message", message)
	return ""
}
