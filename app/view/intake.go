package view

// Format is a kind of file that this program reads.
type Format struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// KeptMapping is a mapping of a table or of JSON that is kept in the case.
type KeptMapping struct {
	Name    string `json:"name"`
	Mapping string `json:"mapping"` // one JSON object in its one form
	By      string `json:"by"`
	At      string `json:"at"`
}

// Limit is one bound of taking in evidence.
type Limit struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
	Usual int64  `json:"usual"` // the program's own
	Least int64  `json:"least"`
	Most  int64  `json:"most"`
	Unit  string `json:"unit"`
	Why   string `json:"why"`
}

// IntakeLimits are the bounds that count, and who set them; By is empty while the program's own count.
type IntakeLimits struct {
	Limits []Limit `json:"limits"`
	By     string  `json:"by"`
	At     *string `json:"at"`
	Why    string  `json:"why"`
}

// Examined is what a file would be if it were taken in. State: read, archive, image, no-parser, known, refused.
type Examined struct {
	Path   string   `json:"path"`
	Bytes  int64    `json:"bytes"`
	Kind   string   `json:"kind"`
	Format string   `json:"format"`
	State  string   `json:"state"`
	Note   string   `json:"note"`
	Needs  []string `json:"needs"` // zone, year, columns
}

// TimeForm is a form in which the values of a column can be read as times, with the first readings.
type TimeForm struct {
	Form      string   `json:"form"`
	Words     string   `json:"words"`
	Readings  []string `json:"readings"`
	Ambiguous bool     `json:"ambiguous"` // day and month could be either way round
	Yearless  bool     `json:"yearless"`
}

// MappedColumn is a column of a table, or a name in JSON. Kind: time, number, address, text.
type MappedColumn struct {
	Name  string     `json:"name"`
	Kind  string     `json:"kind"`
	Field string     `json:"field"` // ECS name that the mapping gives it, "" for none
	Forms []TimeForm `json:"forms"`
}

// MappingPreview is what a table or JSON would become under a mapping.
type MappingPreview struct {
	Mapping     string         `json:"mapping"`
	Columns     []MappedColumn `json:"columns"`
	Rows        [][]string     `json:"rows"`
	Consequence string         `json:"consequence"` // what the zone makes of a time, "" when the values state one
	Problem     string         `json:"problem"`     // why the import would refuse it
}
