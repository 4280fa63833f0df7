package main

import (
	"bufio"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fastjson"
	"modernc.org/sqlite"
)

// schema is what a careful user would make: typed columns in front of the raw line, the five orders that the questions
// need, and full text without a second copy of it.
const schema = `
CREATE TABLE ev(id INTEGER PRIMARY KEY, ts INTEGER, host TEXT, usr TEXT, src TEXT, code TEXT, image TEXT, ip TEXT, domain TEXT, cmd TEXT, raw TEXT);
CREATE INDEX by_ts ON ev(ts); CREATE INDEX by_host ON ev(host, ts); CREATE INDEX by_src ON ev(src, ts);
CREATE INDEX by_usr ON ev(usr, ts); CREATE INDEX by_code ON ev(code, ts);
CREATE VIRTUAL TABLE ft USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0');`

// settings sync only at checkpoints, which is kinder than our sync of each block.
const settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-262144; PRAGMA mmap_size=8589934592; PRAGMA temp_store=MEMORY"

// columns of ev between ts and raw, by the field that fills them.
var columns = [][]string{{"host", "name"}, {"user", "name"}, {"event", "provider"}, {"event", "code"}, {"process", "name"},
	{"source", "ip"}, {"dns", "question", "name"}, {"process", "command_line"}}

const rowsPerTransaction = 20_000

// sqliteDrivers are the builds of SQLite at hand: name of the design to driver of database/sql. The translation to Go
// needs no compiler but is slower than the original, which sqlite_c.go adds.
var sqliteDrivers = map[string]string{"SQLite (Go)": "sqlite"}

func init() {
	sqlite.MustRegisterDeterministicScalarFunction("regexp", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return matches(args[0].(string), args[1].(string)), nil
	})
}

type sqliteDesign struct{ *sql.DB }

func openSQLite(driverName, dir string) *sqliteDesign {
	check(os.MkdirAll(dir, 0o700))
	db := must(sql.Open(driverName, filepath.Join(dir, "events.db")))
	db.SetMaxOpenConns(1) // the settings belong to a connection
	must(db.Exec(settings))
	return &sqliteDesign{db}
}

func (s *sqliteDesign) close() { check(s.Close()) }

func (s *sqliteDesign) ingest(events string) (n int64) {
	f := must(os.Open(events))
	defer f.Close()
	must(s.Exec(schema))
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	var p fastjson.Parser
	for more := true; more; {
		tx := must(s.Begin())
		row := must(tx.Prepare("INSERT INTO ev VALUES(?,?,?,?,?,?,?,?,?,?,?)"))
		text := must(tx.Prepare("INSERT INTO ft(rowid, text) VALUES(?,?)"))
		for i := 0; i < rowsPerTransaction && more; i++ {
			if more = lines.Scan(); !more {
				break
			}
			v := must(p.ParseBytes(lines.Bytes()))
			args := []any{n, ticks(must(time.Parse(time.RFC3339Nano, string(v.GetStringBytes("@timestamp")))))}
			for _, c := range columns {
				args = append(args, sql.NullString{String: string(v.GetStringBytes(c...)), Valid: v.Exists(c...)})
			}
			var words strings.Builder
			values(&words, v)
			must(row.Exec(append(args, lines.Text())...))
			must(text.Exec(n, words.String()))
			n++
		}
		check(tx.Commit())
	}
	check(lines.Err())
	must(s.Exec("PRAGMA wal_checkpoint(TRUNCATE)"))
	return n
}

// values gathers every value but the time, one a line.
func values(b *strings.Builder, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(k []byte, c *fastjson.Value) {
			if string(k) != "@timestamp" {
				values(b, c)
			}
		})
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			values(b, c)
		}
	case fastjson.TypeString:
		b.Write(v.GetStringBytes())
	default:
		b.WriteString(v.String())
	}
	b.WriteByte('\n')
}

func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

func (s *sqliteDesign) ask(q question) answer {
	out, rest := answer{counts: map[string]int64{}}, " FROM ev WHERE "+q.sql
	full := func(id int64, _ string) { out.rows = append(out.rows, id) }
	switch q.shows {
	case "page":
		each(s, fmt.Sprint("SELECT id, raw", rest, " ORDER BY ts, id LIMIT ", pageRows), full)
	case "hours":
		each(s, "SELECT count(*), ts/36000000000 AS h"+rest+" GROUP BY h", func(n, h int64) { out.counts[hourOf(time.Unix(h*3600, 0))] = n })
	case "images":
		each(s, fmt.Sprint("SELECT count(*) AS n, image", rest, " AND image IS NOT NULL GROUP BY image ORDER BY n DESC, image LIMIT ", facetTop),
			func(n int64, v string) { out.counts[v] = n })
	default:
		// Total and first page in one pass, which is faster than counting and selecting apart.
		var hits [][2]int64
		each(s, "SELECT ts, id"+rest, func(ts, id int64) { hits = append(hits, [2]int64{ts, id}) })
		slices.SortFunc(hits, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
		out.total = len(hits)
		for _, h := range hits[:min(pageRows, len(hits))] {
			each(s, "SELECT id, raw FROM ev WHERE id = ?", full, h[1])
		}
	}
	return out
}

// each calls f with the two columns of every row.
func each[A, B any](s *sqliteDesign, sql string, f func(A, B), args ...any) {
	rows := must(s.Query(sql, args...))
	defer rows.Close()
	for rows.Next() {
		var a A
		var b B
		check(rows.Scan(&a, &b))
		f(a, b)
	}
	check(rows.Err())
}

var compiled sync.Map // pattern to expression: SQLite asks row by row

// matches is the function behind SQLite's REGEXP.
func matches(pattern, text string) bool {
	re, ok := compiled.Load(pattern)
	if !ok {
		re, _ = compiled.LoadOrStore(pattern, must(regexp.Compile("(?i)"+pattern)))
	}
	return re.(*regexp.Regexp).MatchString(text)
}
