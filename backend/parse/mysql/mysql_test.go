package mysql

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "161209 13:08:33 mysqld_safe Starting mysqld daemon\n2026-03-14T01:02:03.004050Z 7 [Warning] [MY-010453] [Server] root@localhost has an empty password\n2026-03-14  1:02:04 0 [Note] InnoDB: started\n# Time: 2026-03-14T01:02:09.000001Z\n# User@Host: root[root] @ web01 [203.0.113.9]  Id:    14\n# Query_time: 2.475469  Lock_time: 0.000287 Rows_sent: 10\nuse books;\nSET timestamp=1773450125;\nSELECT 1\nFROM x;\n# User@Host: ann[ann] @ localhost []\n# Query_time: 1.0  Lock_time: 0.0\nSET timestamp=1773450126;\nSELECT 2;\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2016-12-09T13:08:33.0000000Z", "message": "mysqld_safe Starting mysqld daemon", "event.dataset": "mysql.error"},
		{"@timestamp": "2026-03-14T01:02:03.0040500Z", "log.level": "Warning", "event.code": "MY-010453", "mysql.error.subsystem": "Server", "mysql.thread_id": "7", "message": "root@localhost has an empty password"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "log.level": "Note", "message": "InnoDB: started"},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "event.dataset": "mysql.slowlog", "user.name": "root", "source.ip": "203.0.113.9", "source.domain": "web01", "mysql.thread_id": "14", "mysql.slowlog.query_time": "2.475469", "mysql.slowlog.rows_sent": "10", "mysql.slowlog.current_db": "books", "mysql.slowlog.query": "SELECT 1\nFROM x;"},
		{"@timestamp": "2026-03-14T01:02:06.0000000Z", "user.name": "ann", "mysql.slowlog.query": "SELECT 2;"},
	})
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"2026-03-14T01:02:03.004050Z 7 [Note] [MY-010926] [Server] Access denied for user 'root'@'203.0.113.9' (using password: YES)": {
			"user.name": "root", "source.ip": "203.0.113.9", "event.category": "authentication database", "event.action": "login", "event.outcome": "failure"},
		"# User@Host: ann[root] @ web01 []  Id:     3\n# Query_time: 0.5\nSET timestamp=1773450126;\n# administrator command: Quit;": {
			"user.name": "ann", "user.effective.name": "root", "source.domain": "web01", "mysql.slowlog.query": "administrator command: Quit;"},
		"# User@Host: ann[ann] @ localhost []\n#\n# explain: id\ttable\n# explain: 1\tx\n#\nSET timestamp=1773450126;\nINSERT INTO x VALUES ('\n161209 13:08:33 mysqld y\n# a comment');": {
			"mysql.slowlog.explain": "id\ttable 1\tx", "mysql.slowlog.query": "INSERT INTO x VALUES ('\n161209 13:08:33 mysqld y\n# a comment');"},
	})
}

func TestGeneral(t *testing.T) {
	const text = "/usr/sbin/mysqld, Version: 8.0.1 (x). started with:\nTcp port: 3306  Unix socket: /x\nTime                 Id Command    Argument\n" +
		"2026-03-14T01:02:03.004050Z\t    7 Connect\troot@203.0.113.9 on books using TCP/IP\n2026-03-14T01:02:04.004050Z\t    7 Query\tSELECT '\n161209 13:08:33 mysqld_safe x'\n" +
		"2026-03-14T01:02:05.004050Z\t    8 Connect\tAccess denied for user 'ann'@'203.0.113.7' (using password: YES)\n" +
		"260314  1:02:06\t    9 Query\tSELECT 2\n\t\t    9 Quit\t\n"
	if s := New().Detect([]byte(text), "x"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(text), "x", assume)
	if res.Status != parse.StatusOK || len(events) != 5 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@": "2026-03-14T01:02:03.0040500Z", "user.name": "root", "source.ip": "203.0.113.9", "mysql.general.database": "books", "event.action": "connect", "event.outcome": "success", "mysql.thread_id": "7", "event.dataset": "mysql.general"},
		{"mysql.general.argument": "SELECT '\n161209 13:08:33 mysqld_safe x'", "event.action": "query"},
		{"user.name": "ann", "source.ip": "203.0.113.7", "event.outcome": "failure"},
		{"@": "2026-03-14T01:02:06.0000000Z", "mysql.general.argument": "SELECT 2", "message": "Connection 9, Query: SELECT 2"},
		{"@": "2026-03-14T01:02:06.0000000Z", "event.action": "quit"},
	} {
		parsetest.Fields(t, "general", events[i], want)
	}
}

// TestHeading: one heading of time holds for all queries below it, and is no record when none follows.
func TestHeading(t *testing.T) {
	const q = "# User@Host: a[a] @ h []\n# Query_time: 1.0\nSELECT 1;\n"
	res, events := parsetest.Run(t, New(), []byte("# Time: 161209 14:37:59\n"+q+q+"# Time: 161209  4:38:00\n"), "x", assume)
	if res.Status != parse.StatusOK || len(events) != 2 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for _, e := range events {
		if parsetest.PrimaryTime(e) != "2016-12-09T14:37:59.0000000Z" {
			t.Errorf("time %s", parsetest.PrimaryTime(e))
		}
	}
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
