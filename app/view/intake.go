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
