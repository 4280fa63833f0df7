package main

import (
	"database/sql/driver"

	"modernc.org/sqlite"
)

// SQLite translated to Go: needs no compiler, but is slower than the original.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("regexp", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		pattern, _ := args[0].(string)
		text, _ := args[1].(string)
		return matches(pattern, text), nil
	})
	sqliteDrivers["SQLite (Go)"] = "sqlite"
}
