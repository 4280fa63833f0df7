package main

import (
	"bufio"
	"cmp"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// columns of ev after id and ts, by the field that fills them.
var columns = []string{"host.name", "user.name", "event.provider", "event.code", "process.name", "source.ip", "dns.question.name", "process.command_line"}

const rowsPerTransaction = 20_000

// sqliteDrivers are the builds of SQLite at hand: design name to database/sql driver.
var sqliteDrivers = map[string]string{}

func openDB(driver, dir string) (*sql.DB, error) {
	db, err := sql.Open(driver, filepath.Join(dir, "events.db"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // the settings below belong to a connection
	for _, p := range []string{"journal_mode=WAL", "synchronous=NORMAL", "cache_size=-262144", "mmap_size=8589934592", "temp_store=MEMORY"} {
		if _, err := db.Exec("PRAGMA " + p); err != nil {
			return nil, err
		}
	}
	return db, nil
}

// ingestSQLite reads the same lines with the JSON library that ours uses. SQLite syncs only at checkpoints here, which
// is kinder than our sync of each block; the data is neither encrypted nor sealed.
func ingestSQLite(driver, events, dir string) (int64, error) {
	f, err := os.Open(events)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	db, err := openDB(driver, dir)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec(schema); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	n := int64(0)
	for more := true; more; {
		if more, err = insertSome(db, lines, &n); err != nil {
			return n, err
		}
	}
	if _, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return n, err
	}
	return n, db.Close()
}

// insertSome writes one transaction and says whether there may be more.
func insertSome(db *sql.DB, lines *bufio.Scanner, n *int64) (bool, error) {
	tx, err := db.Begin()
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
			if s := v.GetStringBytes(strings.Split(c, ".")...); s != nil {
				args = append(args, string(s))
			} else {
				args = append(args, nil)
			}
		}
		if _, err := row.Exec(append(args, lines.Text())...); err != nil {
			return false, err
		}
		var words strings.Builder
		valuesInto(&words, v)
		if _, err := text.Exec(*n, words.String()); err != nil {
			return false, err
		}
		*n++
	}
	return true, tx.Commit()
}

// valuesInto gathers every value but the time, one a line.
func valuesInto(b *strings.Builder, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(k []byte, c *fastjson.Value) {
			if string(k) != "@timestamp" {
				valuesInto(b, c)
			}
		})
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			valuesInto(b, c)
		}
	case fastjson.TypeString:
		b.Write(v.GetStringBytes())
		b.WriteByte('\n')
	default:
		b.WriteString(v.String())
		b.WriteByte('\n')
	}
}

func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

type sqlite struct{ db *sql.DB }

func openSQLite(driver, dir string) (design, error) {
	db, err := openDB(driver, dir)
	return &sqlite{db}, err
}

func (s *sqlite) close() error { return s.db.Close() }

func (s *sqlite) ask(q question) (answer, error) {
	out := answer{Total: -1, Counts: map[string]int64{}}
	if q.pageOnly() {
		return out, s.each("SELECT id, raw FROM ev WHERE ts >= ? ORDER BY ts, id LIMIT ?", []any{ticks(q.From), pageRows}, func(id int64, _ string) {
			out.Rows = append(out.Rows, id)
		})
	}
	where, args := condition(q)
	switch {
	case q.Hourly:
		return out, s.each("SELECT count(*), ts/36000000000 AS h FROM ev WHERE "+where+" GROUP BY h", args, func(n int64, h string) {
			var hours int64
			fmt.Sscan(h, &hours)
			out.Counts[hourOf(time.Unix(hours*3600, 0))] = n
		})
	case q.Facet != "":
		sql := "SELECT count(*) AS n, image FROM ev WHERE image IS NOT NULL AND " + where + " GROUP BY image ORDER BY n DESC LIMIT ?"
		return out, s.each(sql, append(args, facetTop), func(n int64, v string) { out.Counts[v] = n })
	}
	return s.hits(where, args)
}

// hits finds total and first page in one pass, which is faster than counting and selecting apart.
func (s *sqlite) hits(where string, args []any) (answer, error) {
	type hit struct{ ts, id int64 }
	var all []hit
	out := answer{Counts: map[string]int64{}}
	err := s.each("SELECT id, ts FROM ev WHERE "+where, args, func(id int64, ts string) {
		h := hit{id: id}
		fmt.Sscan(ts, &h.ts)
		all = append(all, h)
	})
	if err != nil {
		return out, err
	}
	slices.SortFunc(all, func(a, b hit) int { return cmp.Or(cmp.Compare(a.ts, b.ts), cmp.Compare(a.id, b.id)) })
	out.Total = int64(len(all))
	for _, h := range all[:min(pageRows, len(all))] {
		var raw string
		if err := s.db.QueryRow("SELECT raw FROM ev WHERE id = ?", h.id).Scan(&raw); err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, h.id)
	}
	return out, nil
}

func condition(q question) (string, []any) {
	var parts []string
	var args []any
	add := func(set bool, sql string, a ...any) {
		if set {
			parts, args = append(parts, sql), append(args, a...)
		}
	}
	add(q.Host != "", "host = ?", q.Host)
	add(q.NotHost != "", "host <> ?", q.NotHost)
	add(q.Provider != "", "src = ?", q.Provider)
	add(!q.From.IsZero(), "ts >= ? AND ts < ?", ticks(q.From), ticks(q.To))
	add(q.Token != "", "id IN (SELECT rowid FROM ft WHERE ft MATCH ?)", q.Token)
	add(q.Text != "", "cmd LIKE ?", "%"+q.Text+"%")
	add(q.Regex != "", "cmd IS NOT NULL AND cmd REGEXP ?", q.Regex)
	return strings.Join(parts, " AND "), args
}

func (s *sqlite) each(sql string, args []any, f func(n int64, text string)) error {
	rows, err := s.db.Query(sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var text string
		if err := rows.Scan(&n, &text); err != nil {
			return err
		}
		f(n, text)
	}
	return rows.Err()
}

// lastRegexp keeps the one expression that a query applies to all rows; SQLite calls it from one goroutine.
var lastRegexp struct {
	source string
	re     interface{ MatchString(string) bool }
}

// matches is the function behind SQLite's REGEXP.
func matches(source, text string) (bool, error) {
	if lastRegexp.source != source {
		re, err := folded(source)
		if err != nil {
			return false, err
		}
		lastRegexp.source, lastRegexp.re = source, re
	}
	return lastRegexp.re.MatchString(text), nil
}
