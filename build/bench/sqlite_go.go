package main

import (
	"database/sql/driver"

	"modernc.org/sqlite"
)

const sqliteGo = "SQLite (Go)" // translated from C to Go; needs no compiler, about half as fast as C

func init() {
	sqlite.MustRegisterDeterministicScalarFunction("regexp", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		pattern, _ := args[0].(string)
		text, _ := args[1].(string)
		return matches(pattern, text)
	})
	sqliteDrivers[sqliteGo] = "sqlite"
}
