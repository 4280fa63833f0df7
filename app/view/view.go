// Package view holds the flat types that cross to the window: RFC 3339 times, hex hashes, string ids.
//
// It stands at the outer edge of app and mirrors frontend/src/api/types.ts; a test there compares the field names, so
// that neither side drifts. It keeps true that no domain type is shown raw and that nothing here has behaviour.
package view

import "encoding/json"

// Error is what the window shows when something failed.
type Error struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Hint     string `json:"hint"`
	About    string `json:"about,omitempty"`
}

// Origin is who says so: the product's one visual language.
type Origin struct {
	Kind    string `json:"kind"` // evidence, rule, model, person, computed
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Role    string `json:"role,omitempty"`
	At      string `json:"at,omitempty"`
	Checked string `json:"checked,omitempty"`
}

// RecentCase is a line of the start screen.
type RecentCase struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	Mode   string `json:"mode"`
	Opened string `json:"opened"`
}

// Person is somebody with a key on this device.
type Person struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
	Default     bool   `json:"default"`
}

// Start is the start screen.
type Start struct {
	Version string       `json:"version"`
	Recent  []RecentCase `json:"recent"`
	Persons []Person     `json:"persons"`
	Home    string       `json:"home"`
	Sample  bool         `json:"sample"`
	Propose string       `json:"propose"` // case named when the program was started, "" for none
}

// RoleHeld is a role with its title, and how and how long it is held when that is not in one's own right.
type RoleHeld struct {
	Role  string `json:"role"`
	Title string `json:"title"`
	Basis string `json:"basis,omitempty"` // "by delegation of Ada Lind", "by break-glass"
	Until string `json:"until,omitempty"`
}

// Problem is a fault found in the record or the folder.
type Problem struct {
	Code   string `json:"code"`
	Text   string `json:"text"`
	Entry  string `json:"entry,omitempty"`
	Mended bool   `json:"mended,omitempty"`
}

// SeverityBy is the declared severity and who declared it.
type SeverityBy struct {
	Level string `json:"level"`
	By    string `json:"by"`
	Role  string `json:"role"`
	At    string `json:"at"`
}

// NextClock is the clock that runs out next.
type NextClock struct {
	Title    string `json:"title"`
	Stage    string `json:"stage"`
	Deadline string `json:"deadline"`
	Missed   bool   `json:"missed"`
}

// StateText is a state with its words.
type StateText struct {
	State string `json:"state"`
	Text  string `json:"text"`
}

// Me is the person at the keyboard.
type Me struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Roles       []RoleHeld `json:"roles"`
	Acting      string     `json:"acting"`
	ActingTitle string     `json:"acting_title"`
}

// CaseView is the situation strip.
type CaseView struct {
	Open           bool        `json:"open"`
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	Dir            string      `json:"dir"`
	Mode           string      `json:"mode"`
	TLP            string      `json:"tlp"`
	Zone           string      `json:"zone"`
	Created        string      `json:"created"`
	Severity       *SeverityBy `json:"severity"`                  // in force
	SeverityAwaits *SeverityBy `json:"severity_awaits,omitempty"` // declared, and not in force until a second person signs
	Clock          *NextClock  `json:"clock"`
	OpenDecisions  int         `json:"open_decisions"`
	Model          StateText   `json:"model"`
	Isolation      StateText   `json:"isolation"`
	Person         Me          `json:"person"`
	Head           string      `json:"head"`
	Entries        int         `json:"entries"`
	Verified       *string     `json:"verified"`
	Problems       []Problem   `json:"problems"`
}

// Link leads to a stage of the window.
type Link struct {
	Stage string `json:"stage"`
	ID    string `json:"id,omitempty"`
	Query string `json:"query,omitempty"`
}

// Change is a line of "since your last visit".
type Change struct {
	At     string `json:"at"`
	Text   string `json:"text"`
	Origin Origin `json:"origin"`
	Link   *Link  `json:"link,omitempty"`
}

// OpenDecision is a recommendation that waits for a person.
type OpenDecision struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Link     Link   `json:"link"`
}

// Fact is a key fact with its origin.
type Fact struct {
	Label  string `json:"label"`
	Value  string `json:"value"`
	Origin Origin `json:"origin"`
}

// BlindSpot is what was not seen, and where.
type BlindSpot struct {
	Host   string  `json:"host"`
	Source string  `json:"source"`
	From   *string `json:"from"`
	To     *string `json:"to"`
	Text   string  `json:"text"`
}

// Sentence is one sentence of a narrative with the rows it cites.
type Sentence struct {
	Text    string   `json:"text"`
	Rows    []string `json:"rows"`
	Checked bool     `json:"checked"`
	Failed  string   `json:"failed,omitempty"`
}

// OtherNarrative is the text of the other maker, shown beside the one in use.
type OtherNarrative struct {
	By        Origin     `json:"by"`
	Sentences []Sentence `json:"sentences"`
	Note      string     `json:"note"`
}

// Narrative is the timeline in sentences.
type Narrative struct {
	By        Origin          `json:"by"`
	Sentences []Sentence      `json:"sentences"`
	Other     *OtherNarrative `json:"other,omitempty"`
}

// Board is the commander's home.
type Board struct {
	Since         string         `json:"since"`
	Changed       []Change       `json:"changed"`
	OpenDecisions []OpenDecision `json:"open_decisions"`
	Clocks        []Clock        `json:"clocks"`
	Facts         []Fact         `json:"facts"`
	BlindSpots    []BlindSpot    `json:"blind_spots"`
	Narrative     Narrative      `json:"narrative"`
	ToDo          []ToDo         `json:"todo"`
}

// Skipped counts records left out of an import for one reason.
type Skipped struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Warning is damage at a place.
type Warning struct {
	Offset int64  `json:"offset"`
	Text   string `json:"text"`
}

// EvidenceItem is one item with its latest receipt.
type EvidenceItem struct {
	Path        string    `json:"path"`
	Format      string    `json:"format"`
	Version     string    `json:"parser_version,omitempty"` // of the parser that read it
	Status      string    `json:"status"`
	SHA256      string    `json:"sha256"`
	Bytes       int64     `json:"bytes"`
	Read        int64     `json:"read"`
	Parsed      int64     `json:"parsed"`
	Skipped     []Skipped `json:"skipped"`
	Warnings    int64     `json:"warnings"`
	First       *string   `json:"first"`
	Last        *string   `json:"last"`
	DuplicateOf string    `json:"duplicate_of,omitempty"`
	Note        string    `json:"note,omitempty"`
	Sealed      string    `json:"sealed"`
	Custodian   string    `json:"custodian"`
	Taken       string    `json:"taken"`
	TakenBy     string    `json:"taken_by"`
	Why         string    `json:"why"`
	Zone        string    `json:"zone"`
	ZoneBy      string    `json:"zone_by"`
	SkewSeconds float64   `json:"skew_seconds,omitempty"`
	WarningList []Warning `json:"warning_list,omitempty"`
	Undone      string    `json:"undone,omitempty"`    // who took the rows of this import out of the timeline, when and why
	Absent      []string  `json:"absent,omitempty"`    // what such an item is expected to hold and did not
	Elsewhere   bool      `json:"elsewhere,omitempty"` // sealed in another copy of the case; its bytes are not here
	Lane        string    `json:"lane,omitempty"`      // it stands behind the wall of this lane: path, counts and the rest are not told
}

// Job is long work with its progress.
type Job struct {
	ID               string   `json:"id"`
	Title            string   `json:"title"`
	State            string   `json:"state"`
	Done             int64    `json:"done"`
	Total            int64    `json:"total"`
	Unit             string   `json:"unit"`
	Rate             float64  `json:"rate"`
	RemainingSeconds *float64 `json:"remaining_seconds"`
	Message          string   `json:"message"`
	Error            *Error   `json:"error,omitempty"`
	Started          string   `json:"started"`
	Ended            *string  `json:"ended"`
}

// Raw marks a value that is already JSON.
type Raw = json.RawMessage
