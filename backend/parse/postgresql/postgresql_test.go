package postgresql

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "2026-03-14 01:02:03.004 UTC [3474-2] mira@books FATAL:  28P01: password authentication failed for user \"mira\"\n2026-03-14 01:02:04 UTC [11] LOG:  duration: 37.598 ms  statement: SELECT 1\n\tFROM x\n2026-03-14 01:02:05 UTC [12-1] [unknown]@[unknown] LOG:  incomplete startup packet\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "process.pid": "3474", "postgresql.log.session_line_number": "2", "user.name": "mira", "postgresql.log.database": "books", "log.level": "FATAL", "postgresql.log.sql_state_code": "28P01", "message": "password authentication failed for user \"mira\""},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "postgresql.log.duration_ms": "37.598", "postgresql.log.query_step": "statement", "postgresql.log.query": "SELECT 1\n\tFROM x", "user.name": ""},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "user.name": "", "message": "incomplete startup packet"},
	})
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		`2026-03-14 01:02:03 UTC:203.0.113.9(50112):ann@books:[123]:ERROR:  relation "x" does not exist at character 15`: {
			"@": "2026-03-14T01:02:03.0000000Z", "source.ip": "203.0.113.9", "source.port": "50112", "user.name": "ann", "postgresql.log.database": "books", "process.pid": "123",
			"log.level": "ERROR", "message": `relation "x" does not exist at character 15`},
		`2026-03-14 01:02:03 UTC::@:[123]:LOG:  checkpoint starting: time`: {"source.ip": "", "user.name": "", "process.pid": "123", "message": "checkpoint starting: time"},
		`2026-03-14 01:02:03.004 CET [7-1] [unknown]@[unknown] LOG:  connection received: host=203.0.113.9 port=50112`: {
			"@": "2026-03-14T00:02:03.0040000Z", "source.ip": "203.0.113.9", "source.port": "50112", "event.action": "connection", "event.category": "network", "user.name": ""},
		`2026-03-14 01:02:03 UTC [7] ann@books LOG:  connection authorized: user=ann database=books SSL enabled`: {
			"user.name": "ann", "postgresql.log.database": "books", "event.action": "login", "event.outcome": "success", "event.category": "authentication"},
		`2026-03-14 01:02:03 Europe/Berlin [7] FATAL:  28P01: password authentication failed for user "postgres"`: {
			"@": "2026-03-14T00:02:03.0000000Z", "user.name": "postgres", "event.outcome": "failure", "postgresql.log.sql_state_code": "28P01"},
		`2026-07-14 01:02:03 GMT [7] x@y FATAL:  no pg_hba.conf entry for host "203.0.113.9", user "x", database "y", SSL off`: {
			"source.ip": "203.0.113.9", "event.action": "login", "event.outcome": "failure"},
		`2026-07-14 01:02:03 GMT [7] x@y LOG:  disconnection: session time: 0:00:01.2 user=x database=y host=203.0.113.9 port=5`: {
			"source.port": "5", "event.action": "logout", "user.name": "x"},
	})
}

// TestSharedAbbreviation: CST is a zone of America and one of China. The zone assumed holds, and the receipt says so once.
func TestSharedAbbreviation(t *testing.T) {
	const line = "2026-03-14 01:02:03 CST [7] x@y LOG:  m\n"
	res, events := parsetest.Run(t, New(), []byte(line+line), "x", assume)
	if len(events) != 2 || res.WarningCount != 1 || events[0].Times[0].Assumed == "" || res.Local != 2 {
		t.Errorf("%+v", res)
	}
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
