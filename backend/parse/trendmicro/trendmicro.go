// Package trendmicro reads Trend Micro OfficeScan virus logs and web reputation logs.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that the moment in seconds since 1970 that a line ends with is its time, the date and clock at its front only when there is none. It judges nothing.
//
// Specification: Trend Micro OfficeScan, pccnt35.log and OfcUrlf.log; Plaso, parsers trendmicro_vd and trendmicro_url.
package trendmicro

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
const Name = "trendmicro"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an OfficeScan log"

// Format reads Trend Micro OfficeScan virus logs and web reputation logs.
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
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an OfficeScan log", Read: read}, emit)
}

const separator = "<;>"

// maxColumns bounds the columns of a line, of which fourteen are known; what stands behind is one value.
const maxColumns = 40

// head splits a line. Date and clock are local, to the minute.
func head(s string) (p []string, at yearless.Civil, ok bool) {
	p = strings.SplitN(s, separator, maxColumns)
	if len(p) < 8 || len(p[0]) != 8 || len(p[1]) != 4 || strings.Trim(p[0]+p[1], "0123456789") != "" {
		return nil, at, false
	}
	n := func(s string) int {
		v, _ := strconv.Atoi(s) // digits, as was seen
		return v
	}
	at = yearless.Civil{Year: n(p[0][:4]), Month: n(p[0][4:6]), Day: n(p[0][6:]), Hour: n(p[1][:2]), Min: n(p[1][2:])}
	return p, at, at.Hour < 24 && at.Min < 60
}

func fits(line []byte) bool {
	_, _, ok := head(string(line))
	return ok
}

// epochAt is where seconds since 1970 stand: behind the columns of either log.
var epochAt = map[bool]int{false: 9, true: 12}

var virusColumns = []string{"", "", "threat.name", "trendmicro.action", "trendmicro.scan_type", "trendmicro.mobile", "file.directory", "file.name"}

var webColumns = []string{"", "", "trendmicro.block_mode", "url.original", "trendmicro.group_code", "trendmicro.group_name", "trendmicro.credibility_rating",
	"trendmicro.policy", "process.executable", "trendmicro.credibility_score", "source.address", "trendmicro.threshold"}

func read(r *linelog.Record) string {
	p, at, ok := head(r.Text)
	if !ok {
		return reasonForm
	}
	web := strings.Contains(p[3], "://") && len(p) > 8
	columns := virusColumns
	if web {
		columns = webColumns
	}
	when := p[0] + " " + p[1]
	if i := epochAt[web]; i < len(p) && len(p[i]) == 10 && r.At(event.Occurred, p[i]) == nil {
		r.Set("trendmicro.local_time", when)
	} else if r.Civil(event.Occurred, at, when) != nil {
		return linelog.ReasonTime
	}
	for i, v := range p {
		switch {
		case i < 2 || v == "" || i == epochAt[web]:
		case i < len(columns):
			r.Set(columns[i], v)
		default:
			r.Set("trendmicro.column_"+strconv.Itoa(i+1), v)
		}
	}
	r.Set("event.kind", "alert")
	r.Set("event.category", "malware")
	r.Set("event.module", "trendmicro")
	if web {
		r.Set("event.dataset", "trendmicro.web_reputation")
		r.Set("message", p[8]+" asked for "+p[3]+" ("+p[5]+")")
		return ""
	}
	r.Set("event.dataset", "trendmicro.virus")
	r.Set("file.path", p[6]+p[7])
	r.Set("message", p[2]+" was found in "+p[6]+p[7])
	return ""
}
