// Package table reads the reviewable tables in which the formats keep what they know: header names, event kinds, field
// mappings, as CSV files embedded beside the code.
//
// It stands under the formats of parse. It keeps true that a table has a head row and as many columns in each row as its
// reader expects, so that a slip in a table fails when it is loaded and not when evidence meets it. Lines that begin with
// # are comments. It never reads evidence.
package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
)

// Read returns the rows of a table without its head.
func Read(files fs.FS, name string, columns int) ([][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment, r.FieldsPerRecord = '#', columns
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w", name, errors.New("no head row"))
	}
	return rows[1:], nil
}
