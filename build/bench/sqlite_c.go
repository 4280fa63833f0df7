//go:build cgo && sqlite_fts5

package main

import (
	"database/sql"

	"github.com/mattn/go-sqlite3"
)

// SQLite as it is: what most people have, and the fairer peer.
func init() {
	sql.Register("sqlite3_regexp", &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		return c.RegisterFunc("regexp", matches, true)
	}})
	sqliteDrivers["SQLite (C)"] = "sqlite3_regexp"
}
