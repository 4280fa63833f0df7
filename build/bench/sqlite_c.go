//go:build cgo && sqlite_fts5

package main

import (
	"database/sql"

	"github.com/mattn/go-sqlite3"
)

const sqliteC = "SQLite (C)"

func init() {
	sql.Register("sqlite3_regexp", &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		return c.RegisterFunc("regexp", func(pattern, text string) (bool, error) { return matches(pattern, text) }, true)
	}})
	sqliteDrivers[sqliteC] = "sqlite3_regexp"
}
