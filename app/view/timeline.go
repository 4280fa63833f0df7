package view

// RowFinding is a finding that cites a row.
type RowFinding struct {
	Title    string `json:"title"`
	Severity string `json:"severity"`
}

// Row is a row of the grid.
type Row struct {
	ID       string            `json:"id"`
	EventID  string            `json:"event_id"`
	At       *string           `json:"at"`
	TimeKind string            `json:"time_kind"`
	Original string            `json:"original"`
	Zone     string            `json:"zone"`
	Assumed  string            `json:"assumed"`
	Host     string            `json:"host"`
	User     string            `json:"user"`
	Source   string            `json:"source"`
	Action   string            `json:"action"`
	Message  string            `json:"message"`
	Code     string            `json:"code"`
	Tags     []string          `json:"tags"`
	Notes    int               `json:"notes"`
	Promoted bool              `json:"promoted"`
	Findings []RowFinding      `json:"findings"`
	Values   map[string]string `json:"values"`
}

// TimelinePage is a page of rows.
type TimelinePage struct {
	Total   int64   `json:"total"`
	Offset  int64   `json:"offset"`
	Rows    []Row   `json:"rows"`
	Query   string  `json:"query"`
	Partial bool    `json:"partial"`
	MS      float64 `json:"ms"`
}

// Histogram counts rows over time.
type Histogram struct {
	From          string  `json:"from"`
	To            string  `json:"to"`
	BucketSeconds float64 `json:"bucket_seconds"`
	Counts        []int64 `json:"counts"`
	Undated       int64   `json:"undated"`
	Query         string  `json:"query"`
}

// FacetValue is a value with its count.
type FacetValue struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// Facet is the most frequent values of a field.
type Facet struct {
	Field    string       `json:"field"`
	Values   []FacetValue `json:"values"`
	Distinct int          `json:"distinct"`
	Missing  int64        `json:"missing"`
}

// FieldCount is a field with the number of events that have it.
type FieldCount struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// DetailField is a field in the inspector.
type DetailField struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
	Kind   string   `json:"kind"`
}

// DetailTime is a time in the inspector.
type DetailTime struct {
	Meaning  string `json:"meaning"`
	At       string `json:"at"`
	Original string `json:"original"`
	Zone     string `json:"zone"`
	Assumed  string `json:"assumed"`
}

// RowEvidence says where a row comes from.
type RowEvidence struct {
	Path    string `json:"path"`
	SHA256  string `json:"sha256"`
	Parser  string `json:"parser"`
	Locator string `json:"locator"`
	Present bool   `json:"present"`
}

// RawBytes are the exact source bytes of a row.
type RawBytes struct {
	Text      string `json:"text"`
	Hex       string `json:"hex"`
	Offset    int64  `json:"offset"`
	Length    int64  `json:"length"`
	Truncated bool   `json:"truncated"`
}

// Note is a person's note.
type Note struct {
	ID   string `json:"id"`
	By   string `json:"by"`
	Role string `json:"role"`
	At   string `json:"at"`
	Text string `json:"text"`
}

// RowDetail is the inspector.
type RowDetail struct {
	Row      Row           `json:"row"`
	Fields   []DetailField `json:"fields"`
	Times    []DetailTime  `json:"times"`
	Evidence RowEvidence   `json:"evidence"`
	Raw      *RawBytes     `json:"raw"`
	Notes    []Note        `json:"notes"`
	JSON     string        `json:"json"`
}

// PromotedEvent is an event of the incident timeline, made by a person.
type PromotedEvent struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	At       *string  `json:"at"`
	Rows     []string `json:"rows"`
	By       string   `json:"by"`
	Role     string   `json:"role"`
	Recorded string   `json:"recorded"`
}

// Answer is what a plain question got.
type Answer struct {
	By          Origin   `json:"by"`
	Kind        string   `json:"kind"`
	Query       string   `json:"query,omitempty"`
	Total       int64    `json:"total,omitempty"`
	Text        string   `json:"text"`
	Cites       []Cite   `json:"cites"`
	Suggestions []string `json:"suggestions"`
}

// Cite is a source of an answer.
type Cite struct {
	Text string `json:"text"`
	Link Link   `json:"link"`
}
