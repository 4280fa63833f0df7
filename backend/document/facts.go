package document

import (
	"time"

	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// Facts is what the workbench knows at the moment of drafting. Everything in it is data: Draft asks nobody else.
type Facts struct {
	Case         Case
	AsOf         AsOf
	Generated    time.Time // by the injected clock
	Organisation Letterhead
	People       []Person
	Severity     *Severity // as declared, nil when nobody did
	Promoted     []Promoted
	KeyRows      []KeyRow
	Groups       []Group
	Decisions    []Decision
	Open         []string // titles of recommendations nobody has decided on
	Clocks       []deadline.Clock
	Evidence     []EvidenceItem
	Coverage     []string // sentences on what was not seen and where, worded by detect from the coverage
	Narrative    *NarrativeText
	Rows         []CitedRow // every row that anything above cites
	Slots        []SlotValue
	Privilege    string
}

// Person is somebody in the case with the role held.
type Person struct {
	Name string
	Role incident.Role
}

// Severity is a person's declaration.
type Severity struct {
	Level  incident.Severity
	By     string
	Role   incident.Role
	At     time.Time
	Reason string
	Entry  string
}

// Promoted is an event that a person put on the incident timeline. Title and Text are that person's words.
type Promoted struct {
	Title string
	Text  string
	At    time.Time
	Rows  []string
	By    string
	Role  incident.Role
	Entry string
}

// KeyRow is a row that a rule or a person marked as telling.
type KeyRow struct {
	Row      string
	At       time.Time
	Rule     string // title of the rule
	RuleID   string
	Level    incident.Severity
	Phase    string  // ATT&CK tactic ("TA0001") or "" when unknown
	Rarity   float64 // 1 = seen once in the case, towards 0 = everywhere
	Host     string
	User     string
	Address  string
	Artefact string // file, service, process or path that the row is about
}

// Group is a triage group.
type Group struct {
	ID         string
	Title      string
	Severity   incident.Severity
	Score      float64
	Hosts      []string
	Users      []string
	Techniques []string
	Count      int // findings in it
	First      time.Time
	Last       time.Time
	Rows       []string
	Verdict    incident.Verdict // "" when nobody judged it
	VerdictBy  string
}

// Decision is a signed decision on a recommendation.
type Decision struct {
	Entry       string
	Outcome     string // accept, override, reject
	Title       string // what was decided on
	Recommended string
	By          string // rule or model that recommended, with version
	Instead     string
	Person      string
	Role        incident.Role
	At          time.Time
	ReasonCode  string
	Reason      string
	Rows        []string
}

// EvidenceItem is one item as its receipt tells.
type EvidenceItem struct {
	Path    string
	SHA256  string
	Bytes   int64
	Format  string
	Status  string
	Parsed  int64
	Taken   time.Time
	TakenBy string
}

// CitedRow is a row of the timeline as a footnote prints it.
type CitedRow struct {
	ID       string
	At       time.Time
	Host     string
	Path     string
	Evidence string // SHA-256 of the item
	Locator  string
	Parser   string // "evtx 1.2"
	RowHash  string // SHA-256 of the row's JSON
}

// NarrativeText replaces the twin's narrative, for example by checked sentences of a model.
type NarrativeText struct {
	Sentences []Sentence
	Origin    Origin
}

// SlotValue is what a person wrote into a field.
type SlotValue struct {
	Name  string
	Value string
	By    string
	Role  incident.Role
	At    time.Time
}
