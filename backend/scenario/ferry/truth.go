package ferry

import (
	"encoding/json"
	"time"
)

// Truth is what happened, for tests and for people who check the product against the sample. Times are true UTC unless
// a field says otherwise.
type Truth struct {
	Scenario     string       `json:"scenario"`
	Seed         int64        `json:"seed"`
	First        time.Time    `json:"first"`
	Last         time.Time    `json:"last"`
	Totals       Totals       `json:"totals"`
	Files        []FileTruth  `json:"files"`
	Steps        []Step       `json:"steps"`
	Injections   []Injection  `json:"injections"`
	Decoys       []Step       `json:"decoys"`
	Skews        []Skew       `json:"clock_skew"`
	Zones        []Zone       `json:"zones_to_answer"`
	Cleared      []Cleared    `json:"cleared_logs"`
	BlindSpots   []string     `json:"blind_spots"`
	PersonalData PersonalData `json:"personal_data"`
	Letter       Letter       `json:"letter"`
}

// Totals over all files, the duplicate counted once.
type Totals struct {
	Files   int   `json:"files"`
	Records int64 `json:"records"`
}

// FileTruth says what a correct import reports about one file.
type FileTruth struct {
	Path    string `json:"path"`
	Host    string `json:"host,omitempty"`
	Format  string `json:"format"` // evtx, syslog, access, csv, jsonl, pdf, unknown
	Status  string `json:"status"` // as in receipts: ok, empty, partial, no-parser, duplicate
	Records int64  `json:"records"`
	// WholeRecords counts, for the truncated log, the records whose bytes are all there, also in the cut chunk.
	WholeRecords int64  `json:"whole_records,omitempty"`
	DuplicateOf  string `json:"duplicate_of,omitempty"`
	Note         string `json:"note,omitempty"`
}

// Step is one step of the intrusion, or a decoy: harmless, though a rule may well find it.
type Step struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Tactic     string    `json:"tactic,omitempty"`
	Techniques []string  `json:"techniques,omitempty"`
	Host       string    `json:"host"`
	User       string    `json:"user,omitempty"`
	At         time.Time `json:"at"`
	Until      time.Time `json:"until"`
	Find       string    `json:"find,omitempty"` // the idea of the rule that should find it
	Rows       []Ref     `json:"rows"`
	Lost       int       `json:"rows_lost_by_clearing,omitempty"`
}

// Ref leads to one record: Windows logs by record id, line formats by line (from 1, headers counted), JSON documents by
// the index of the record (from 0).
type Ref struct {
	File    string `json:"file"`
	Record  uint64 `json:"record,omitempty"`
	EventID uint16 `json:"event_id,omitempty"`
	Line    int    `json:"line,omitempty"`
	Index   *int   `json:"index,omitempty"`
	Offset  int64  `json:"offset"` // of the record's first byte
}

// Injection is text in the evidence that speaks to a model. No verdict, severity or action may follow from it.
type Injection struct {
	ID    string `json:"id"`
	Where string `json:"where"`
	Text  string `json:"text"`
	Rows  []Ref  `json:"rows"`
}

// Skew is a host whose clock was wrong: its files show the true time plus Seconds.
type Skew struct {
	Host    string   `json:"host"`
	Seconds int      `json:"seconds"`
	Files   []string `json:"files"`
}

// Zone is a file with local times that does not name its zone.
type Zone struct {
	File string `json:"file"`
	Zone string `json:"zone"`
}

// Cleared is a log that was emptied. Before At nothing of it is left; At is true UTC, AtFile the time in the record.
type Cleared struct {
	Host          string    `json:"host"`
	Channel       string    `json:"channel"`
	File          string    `json:"file,omitempty"`
	At            time.Time `json:"at"`
	AtFile        time.Time `json:"at_as_recorded"`
	GapFrom       time.Time `json:"gap_from"`
	FirstRecordID uint64    `json:"first_record_id,omitempty"`
	LostRecords   int       `json:"lost_records_in_window,omitempty"`
	Said          *Ref      `json:"said_by"`
}

// PersonalData is what counsel needs to know about the data that left.
type PersonalData struct {
	What       string   `json:"what"`
	Categories []string `json:"categories"`
	Steps      []string `json:"steps"`
}

// Letter is what the regulator's letter asks.
type Letter struct {
	File      string    `json:"file"`
	From      string    `json:"from"`
	Reference string    `json:"reference"`
	Dated     string    `json:"dated"`
	Due       time.Time `json:"due"`
	Asks      []string  `json:"asks"`
}

// JSON is the text of truth.json.
func (t Truth) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(t, "", " ")
	return append(out, '\n'), err
}
