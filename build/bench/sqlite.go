package main

import (
	"bufio"
	"cmp"
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fastjson"
)

// schema is what a careful user would make: typed columns in front of the raw line, the five orders that the questions
// need, and full text without a second copy of it.
const schema = `
CREATE TABLE ev(id INTEGER PRIMARY KEY, ts INTEGER, host TEXT, usr TEXT, src TEXT, code TEXT, image TEXT, ip TEXT, domain TEXT, cmd TEXT, raw TEXT);
CREATE INDEX by_ts ON ev(ts); CREATE INDEX by_host ON ev(host, ts); CREATE INDEX by_src ON ev(src, ts);
CREATE INDEX by_usr ON ev(usr, ts); CREATE INDEX by_code ON ev(code, ts);
CREATE VIRTUAL TABLE ft USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0');`

// columns of ev between ts and raw, by the field that fills them.
var columns = [][]string{{"host", "name"}, {"user", "name"}, {"event", "provider"}, {"event", "code"}, {"process", "name"},
	{"source", "ip"}, {"dns", "question", "name"}, {"process", "command_line"}}

const rowsPerTransaction = 20_000

// sqliteDrivers are the builds of SQLite at hand: name of the design to driver of database/sql.
var sqliteDrivers = map[string]string{}

type sqliteDesign struct{ *sql.DB }

// openSQLite syncs only at checkpoints unless told otherwise.
func openSQLite(driver, dir string) (*sqliteDesign, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	db, err := sql.Open(driver, filepath.Join(dir, "events.db"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // the settings belong to a connection
	_, err = db.Exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-262144; PRAGMA mmap_size=8589934592; PRAGMA temp_store=MEMORY")
	return &sqliteDesign{db}, err
}

func (s *sqliteDesign) close() error { return s.Close() }

func (s *sqliteDesign) ingest(events string) (n int64, err error) {
	f, err := os.Open(events)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if _, err := s.Exec(schema); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for more := true; more && err == nil; {
		more, err = s.insertSome(lines, &n)
	}
	if err == nil {
		_, err = s.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return n, err
}

// insertSome writes one transaction and says whether there may be more.
func (s *sqliteDesign) insertSome(lines *bufio.Scanner, n *int64) (bool, error) {
	tx, err := s.Begin()
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	row, err := tx.Prepare("INSERT INTO ev VALUES(?,?,?,?,?,?,?,?,?,?,?)")
	if err != nil {
		return false, err
	}
	text, err := tx.Prepare("INSERT INTO ft(rowid, text) VALUES(?,?)")
	if err != nil {
		return false, err
	}
	var p fastjson.Parser
	for range rowsPerTransaction {
		if !lines.Scan() {
			return false, cmp.Or(lines.Err(), tx.Commit())
		}
		v, err := p.ParseBytes(lines.Bytes())
		if err != nil {
			return false, err
		}
		at, err := time.Parse(time.RFC3339Nano, string(v.GetStringBytes("@timestamp")))
		if err != nil {
			return false, err
		}
		args := []any{*n, ticks(at)}
		for _, c := range columns {
			args = append(args, sql.NullString{String: string(v.GetStringBytes(c...)), Valid: v.Exists(c...)})
		}
		var words strings.Builder
		values(&words, v)
		if _, err := row.Exec(append(args, lines.Text())...); err != nil {
			return false, err
		}
		if _, err := text.Exec(*n, words.String()); err != nil {
			return false, err
		}
		*n++
	}
	return true, tx.Commit()
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
		b.Write(append(v.GetStringBytes(), '\n'))
	default:
		b.WriteString(v.String() + "\n")
	}
}

func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

func (s *sqliteDesign) ask(q question) (answer, error) {
	out := answer{Counts: map[string]int64{}}
	var where []string
	var args []any
	add := func(set bool, sql string, a ...any) {
		if set {
			where, args = append(where, sql), append(args, a...)
		}
	}
	add(q.Host != "", "host = ?", q.Host)
	add(q.NotHost != "", "host <> ?", q.NotHost)
	add(q.Provider != "", "src = ?", q.Provider)
	add(!q.To.IsZero(), "ts >= ? AND ts < ?", ticks(q.From), ticks(q.To))
	add(q.Token != "", "id IN (SELECT rowid FROM ft WHERE ft MATCH ?)", q.Token)
	add(q.Text != "", "cmd LIKE ?", "%"+q.Text+"%")
	add(q.Regex != "", "cmd IS NOT NULL AND cmd REGEXP ?", q.Regex)
	rest := " FROM ev WHERE " + strings.Join(where, " AND ")
	switch {
	case q.pageOnly():
		return out, each(s, "SELECT id, raw FROM ev WHERE ts >= ? ORDER BY ts, id LIMIT ?", []any{ticks(q.From), pageRows}, func(id int64, _ string) {
			out.Rows = append(out.Rows, id)
		})
	case q.Hourly:
		return out, each(s, "SELECT count(*), ts/36000000000 AS h"+rest+" GROUP BY h", args, func(n, h int64) {
			out.Counts[hourOf(time.Unix(h*3600, 0))] = n
		})
	case q.Facet != "":
		return out, each(s, "SELECT count(*) AS n, image"+rest+" AND image IS NOT NULL GROUP BY image ORDER BY n DESC LIMIT ?", append(args, facetTop),
			func(n int64, v string) { out.Counts[v] = n })
	}
	// Total and first page in one pass, which is faster than counting and selecting apart.
	var hits [][2]int64
	if err := each(s, "SELECT ts, id"+rest, args, func(ts, id int64) { hits = append(hits, [2]int64{ts, id}) }); err != nil {
		return out, err
	}
	slices.SortFunc(hits, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	out.Total = len(hits)
	for _, h := range hits[:min(pageRows, len(hits))] {
		err := each(s, "SELECT id, raw FROM ev WHERE id = ?", []any{h[1]}, func(id int64, _ string) { out.Rows = append(out.Rows, id) })
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// each calls f with the two columns of every row.
func each[A, B any](s *sqliteDesign, sql string, args []any, f func(A, B)) error {
	rows, err := s.Query(sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a A
		var b B
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		f(a, b)
	}
	return rows.Err()
}

var compiled sync.Map // pattern to expression: SQLite asks row by row

// matches is the function behind SQLite's REGEXP.
func matches(pattern, text string) (bool, error) {
	if re, ok := compiled.Load(pattern); ok {
		return re.(*regexp.Regexp).MatchString(text), nil
	}
	re, err := regexp.Compile("(?i)" + pattern)
	if err != nil {
		return false, err
	}
	compiled.Store(pattern, re)
	return re.MatchString(text), nil
}
