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
