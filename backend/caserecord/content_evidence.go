package caserecord

// Kept says where the bytes of an evidence item are.
type Kept string

// The two ways of keeping an item (DESIGN §3).
const (
	KeptSealed     Kept = "sealed"     // copied into the vault
	KeptReferenced Kept = "referenced" // stays on the read-only disk
)

// EvidenceReceivedData takes an item into custody.
type EvidenceReceivedData struct {
	SHA256       string `json:"sha256"`
	MD5          string `json:"md5,omitempty"`
	SHA1         string `json:"sha1,omitempty"`
	Path         string `json:"path"` // as taken in: "logs.zip!Security.evtx"
	Bytes        int64  `json:"bytes"`
	Kept         Kept   `json:"kept"`
	Custodian    string `json:"custodian"`
	Source       string `json:"source"` // host or place it came from
	Why          string `json:"why"`
	Acquired     string `json:"acquired,omitempty"`      // RFC 3339
	AcquiredZone string `json:"acquired_zone,omitempty"` // zone of the acquiring clock
	Modified     string `json:"modified,omitempty"`      // RFC 3339, of the original file: year-less times are read by it
	Original     string `json:"original,omitempty"`      // path on the machine it was collected from, as a collection says
	Host         string `json:"host,omitempty"`          // name of that machine, as a collection says
}

// Kind is evidence.received.
func (*EvidenceReceivedData) Kind() Kind { return EvidenceReceived }

// Skipped counts records that gave no event, by reason.
type Skipped struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// EvidenceImportedData is the receipt of one import of one item (P8). read == parsed + sum(skipped).
type EvidenceImportedData struct {
	SHA256        string    `json:"sha256"`
	Path          string    `json:"path"`
	Format        string    `json:"format"` // "" when no parser took it
	ParserVersion string    `json:"parser_version"`
	Status        string    `json:"status"` // ok, empty, partial, failed, no-parser, duplicate, quarantined
	Read          int64     `json:"read"`
	Parsed        int64     `json:"parsed"`
	Skipped       []Skipped `json:"skipped"`
	Warnings      int64     `json:"warnings"`
	First         string    `json:"first"` // RFC 3339, "" when there is no dated event
	Last          string    `json:"last"`
	Note          string    `json:"note"`
	DuplicateOf   string    `json:"duplicate_of,omitempty"` // sha256
	LocalTimes    int64     `json:"local_times,omitempty"`  // times read under an assumed zone
	Absent        []string  `json:"absent,omitempty"`       // what such an item or collection is expected to hold and did not
}

// Kind is evidence.imported.
func (*EvidenceImportedData) Kind() Kind { return EvidenceImported }

// AllSources in SourceAssumedData.SHA256 means: every item without an answer of its own.
const AllSources = "*"

// SourceAssumedData is a person's complete answer about one source: what it does not say itself. A later answer for the
// same source replaces it whole; concurrent different answers are a conflict.
type SourceAssumedData struct {
	SHA256      string            `json:"sha256"` // of the item, or AllSources
	Zone        string            `json:"zone,omitempty"`
	Year        int               `json:"year,omitempty"`
	SkewSeconds float64           `json:"skew_seconds,omitempty"` // source clock minus true time
	Columns     map[string]string `json:"columns,omitempty"`      // CSV header -> ECS field
	Mapping     string            `json:"mapping,omitempty"`      // canonical JSON of package parse/mapping: how the records are read
	Basis       string            `json:"basis"`                  // why the person thinks so
}

// Kind is source.assumed.
func (*SourceAssumedData) Kind() Kind { return SourceAssumed }

// ImportUndoneData takes the rows of imports out of the timeline. The evidence stays in custody and can be imported again; the
// receipts stay readable. A receipt that the author had not seen stays as it is. Concurrent undoings agree.
type ImportUndoneData struct {
	Imports []ID   `json:"imports"` // the evidence.imported entries that no longer count, ascending
	Why     string `json:"why"`
}

// Kind is import.undone.
func (*ImportUndoneData) Kind() Kind { return ImportUndone }

// LimitsSetData sets the bounds of taking in evidence for this case. Bounds that it does not name are the program's own. A
// later entry replaces it whole; concurrent different ones are a conflict.
type LimitsSetData struct {
	Limits map[string]int64 `json:"limits"` // by the names of package evidence
	Why    string           `json:"why"`
}

// Kind is limits.set.
func (*LimitsSetData) Kind() Kind { return LimitsSet }

// MappingSavedData keeps a mapping of a table or of JSON records under a name, to be offered again. It assumes nothing about
// a source: source.assumed does. A later entry under the name replaces it; concurrent different ones are a conflict.
type MappingSavedData struct {
	Name    string `json:"name"`
	Mapping string `json:"mapping"` // canonical JSON of package parse/mapping
}

// Kind is mapping.saved.
func (*MappingSavedData) Kind() Kind { return MappingSaved }

// RowTaggedData adds a tag to rows. Tags are a set: adding and removing concurrently, adding wins.
type RowTaggedData struct {
	Rows []string `json:"rows"`
	Tag  string   `json:"tag"`
}

// Kind is row.tagged.
func (*RowTaggedData) Kind() Kind { return RowTagged }

// RowUntaggedData removes a tag from rows, as far as the author had seen it added.
type RowUntaggedData struct {
	Rows []string `json:"rows"`
	Tag  string   `json:"tag"`
}

// Kind is row.untagged.
func (*RowUntaggedData) Kind() Kind { return RowUntagged }

// NoteMadeData is a person's words about something.
type NoteMadeData struct {
	About string `json:"about"` // row id, finding, group, evidence sha256, entry id …
	Text  string `json:"text"`
}

// Kind is note.made.
func (*NoteMadeData) Kind() Kind { return NoteMade }

// Citation is a row with enough of its bytes to outlive parser changes and absent evidence.
type Citation struct {
	RowID          string `json:"row_id"`
	EventID        string `json:"event_id"`
	EvidenceSHA256 string `json:"evidence_sha256"`
	Locator        string `json:"locator"`
	Parser         string `json:"parser"`     // "evtx 1"
	RawSHA256      string `json:"raw_sha256"` // of the record's source bytes, "" when they could not be read
	Text           string `json:"text"`       // the row in words, as it was shown
}

// EventPromotedData puts something on the incident timeline.
type EventPromotedData struct {
	Title string     `json:"title"`
	Text  string     `json:"text"`
	At    string     `json:"at"` // RFC 3339
	Rows  []Citation `json:"rows"`
}

// Kind is event.promoted.
func (*EventPromotedData) Kind() Kind { return EventPromoted }

// DetectionRanData says which rules ran and, as important, which did not.
type DetectionRanData struct {
	Pack          string `json:"pack"`
	PackHash      string `json:"pack_hash"` // sha256
	Loaded        int    `json:"loaded"`
	Matched       int    `json:"matched"`
	NotApplicable int    `json:"not_applicable"`
	Failed        int    `json:"failed"`
	Findings      int    `json:"findings"`
}

// Kind is detection.ran.
func (*DetectionRanData) Kind() Kind { return DetectionRan }

// ModelRanData is one run of the language model. Any admitted person's program writes it; it decides nothing.
type ModelRanData struct {
	Function      string            `json:"function"`
	Model         string            `json:"model"`
	Digest        string            `json:"digest"`
	ServerVersion string            `json:"server_version"`
	Params        map[string]string `json:"params"`
	PromptVersion string            `json:"prompt_version"`
	InputSHA256   string            `json:"input_sha256"`
	OutputSHA256  string            `json:"output_sha256"`
	Outcome       string            `json:"outcome"` // "used", "refused: …", "cancelled"
	DurationMS    int64             `json:"duration_ms"`
}

// Kind is model.ran.
func (*ModelRanData) Kind() Kind { return ModelRan }

// ModelSwitchedData turns the model or one function of it on or off in this case.
type ModelSwitchedData struct {
	On       bool   `json:"on"`
	Function string `json:"function,omitempty"` // "" = the model as a whole
	Why      string `json:"why"`
}

// Kind is model.switched.
func (*ModelSwitchedData) Kind() Kind { return ModelSwitched }
