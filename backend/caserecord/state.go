package caserecord

import (
	"time"

	"adjutant/backend/incident"
)

// State is what a set of entries says: the result of Fold. It is plain data, ordered the same way on every laptop.
// Slices are in causal order unless said otherwise. A State is never changed after Fold returned it.
type State struct {
	Case    CaseInfo
	Entries int       // entries folded, refused ones included
	Head    string    // case head, 64 hexadecimal digits; HeadCode makes it printable
	Latest  time.Time // greatest recorded time seen

	People      []*Person // by name, then id
	Roles       []RoleHeld
	Clocks      []ClockReading
	Evidence    []*EvidenceItem // by path, then hash
	Assumptions []*Assumption   // current answer per source, by source
	Notes       []Note
	Promoted    []Promoted
	Detections  []Detection
	Verdicts    []*VerdictState // by group
	Severity    SeverityState
	Decisions   []*DecisionState // by recommendation
	Triggers    []*TriggerState  // by anchor
	Submissions []Submission
	Documents   []*DocumentState // in order of their first draft
	Models      []ModelRun
	Switches    []ModelSwitch
	Limits      []LimitsSetting // the last in force counts: LimitsNow
	Mappings    []SavedMapping  // the last in force of a name counts: MappingNamed
	Exports     []Export
	Merges      []Merge
	Corrections []Correction
	Conflicts   []Conflict
	Refused     []Refusal
	Withheld    int // entries whose body is not here

	Successions []Succession
	Glass       []*Glass
	Rows        []RowChange
	Awaiting    []Awaiting
	Cosigned    []Cosignature
	Admitted    []Admitted
	Revoked     []RevokedKey
	Resolutions []Resolution
	Transfers   []*Transfer
	Checks      []EvidenceCheck
	Explained   []Explanation
	Purges      []Purge
	Holds       []*Hold
	Lanes       []*Lane
	Sealed      []SealedWords
	Marks       []*Mark
	Checkpoints []CheckpointState
	Witnesses   []Witness
	Slots       []SlotsState

	tags      table[map[string][]ID] // row -> tag -> entries that added it and were not taken back
	about     table[[]int]           // note.about -> index into Notes
	entries   accepted               // accepted entries -> index into graph.entries
	byAuthor  map[Author]PersonID    // key -> person, admitted keys only
	documents table[*DocumentState]
	items     table[*EvidenceItem] // by sha256
	assumed   table[*Assumption]   // by sha256 or AllSources
	handed    map[string]handing   // sha256 -> the transfer that a resolution chose
	chosen    map[string]picked    // field -> what its last resolution chose
	grounds   map[ID]Ground
	rows      map[rowKey][]change
	two       map[ID]bool     // acts whose row asked for two persons
	revoked   map[Author]bool // keys that may not sign the next entry
	find      finder
	graph     *graph
}

// Stamp says who wrote an accepted entry and when; every part of State carries one.
type Stamp struct {
	Entry    ID
	Person   PersonID
	Name     string // of the person, as admitted
	Recorded time.Time
}

// CaseInfo is what case.opened says.
type CaseInfo struct {
	Stamp
	ID           string
	Name         string
	Organisation string // whose incident it is; "" when nobody said
	TLP          incident.TLP
	Template     string
	Zone         string
	Mode         incident.Mode
	Creator      PersonID
}

// Person is someone whose key was admitted.
type Person struct {
	Stamp // of the admission
	ID    PersonID
	Name  string
	Keys  []Author // in order of admission
}

// RoleHeld is one way in which a person came to a role: a grant, an assumed succession, a delegation or a break-glass.
// Ended is set when a role.ended took it away.
type RoleHeld struct {
	Stamp    // who gave it
	Person   PersonID
	Role     incident.Role
	Basis    Basis
	From, To time.Time // To zero: until ended
	Scope    string    // words of a grant
	Kinds    []Kind    // of a delegation: what it is limited to; empty = all that may be delegated
	Ended    *Stamp
	EndedWhy string
}

// ClockReading is a clock.observed.
type ClockReading struct {
	Stamp
	Data ClockObservedData
}

// EvidenceItem joins an item with its latest receipt.
type EvidenceItem struct {
	SHA256   string
	Received []EvidenceReceipt // each evidence.received of this hash: the same bytes may come in by several paths
	Imports  []ImportReceipt   // in causal order; the last is the current one
	Undone   []ImportUndoing   // in causal order; State.Undone says which receipts they take out
}

// EvidenceReceipt is one taking into custody.
type EvidenceReceipt struct {
	Stamp
	Data EvidenceReceivedData
}

// ImportReceipt is one receipt of an import.
type ImportReceipt struct {
	Stamp
	Data EvidenceImportedData
}

// Latest returns the newest receipt, or nil when the item was never imported.
func (e *EvidenceItem) Latest() *ImportReceipt {
	if len(e.Imports) == 0 {
		return nil
	}
	return &e.Imports[len(e.Imports)-1]
}

// Assumption is the current answer for one source, with all that were given, oldest first.
type Assumption struct {
	Stamp
	Data    SourceAssumedData
	History []AssumptionEntry
}

// AssumptionEntry is one source.assumed.
type AssumptionEntry struct {
	Stamp
	Data SourceAssumedData
}

// Note is a note.made; CorrectionsOf says what superseded its words.
type Note struct {
	Stamp
	Data NoteMadeData
}

// Promoted is one line of the incident timeline.
type Promoted struct {
	Stamp
	At   time.Time
	Data EventPromotedData
}

// Detection is one run of a rule pack.
type Detection struct {
	Stamp
	Data DetectionRanData
}

// VerdictState is the current verdict of a group with its history, oldest first (the last is the current one).
type VerdictState struct {
	Group   string
	Current VerdictEntry
	History []VerdictEntry
}

// VerdictEntry is one verdict.given.
type VerdictEntry struct {
	Stamp
	Data VerdictGivenData
}

// SeverityState is the declared severity; Current is nil until someone declared it.
type SeverityState struct {
	Current *SeverityEntry
	History []SeverityEntry
}

// SeverityEntry is one severity.declared.
type SeverityEntry struct {
	Stamp
	Data SeverityDeclaredData
}

// DecisionState is the current decision on a recommendation with its history.
type DecisionState struct {
	Recommendation string
	Current        DecisionEntry
	History        []DecisionEntry
}

// DecisionEntry is one decision.made.
type DecisionEntry struct {
	Stamp
	Data DecisionMadeData
}

// TriggerState is the current declaration of an anchor with its history.
type TriggerState struct {
	Anchor  string
	Current TriggerEntry
	History []TriggerEntry
}

// TriggerEntry is one trigger.declared.
type TriggerEntry struct {
	Stamp
	At   time.Time
	Data TriggerDeclaredData
}

// Submission is one trigger.submitted.
type Submission struct {
	Stamp
	At   time.Time
	Data TriggerSubmittedData
}

// DocumentState is a document with all its drafts, approvals and releases.
type DocumentState struct {
	Document  string
	Draft     DocumentDraft // the current one
	Drafts    []DocumentDraft
	Approvals []Approval
	Releases  []Release
}

// DocumentDraft is one document.drafted.
type DocumentDraft struct {
	Stamp
	Data DocumentDraftedData
}

// Approval is one document.approved. Void: the current draft's model is another one than was approved. Awaits: a second
// person has still to sign.
type Approval struct {
	Stamp
	Data   DocumentApprovedData
	Void   bool
	Awaits bool
}

// Release is one document.released. Approved: a valid approval of the draft stood in its causal past.
type Release struct {
	Stamp
	Data     DocumentReleasedData
	Approved bool
}

// Approved returns the newest approval that is not void and awaits nobody, or nil.
func (d *DocumentState) Approved() *Approval {
	for i := len(d.Approvals) - 1; i >= 0; i-- {
		if !d.Approvals[i].Void && !d.Approvals[i].Awaits {
			return &d.Approvals[i]
		}
	}
	return nil
}

// ModelRun is one model.ran.
type ModelRun struct {
	Stamp
	Data ModelRanData
}

// ModelSwitch is one model.switched.
type ModelSwitch struct {
	Stamp
	Data ModelSwitchedData
}

// Export is one bundle.exported.
type Export struct {
	Stamp
	Data BundleExportedData
}

// Merge is one merge.received.
type Merge struct {
	Stamp
	Data MergeReceivedData
}

// Correction is one correction.made.
type Correction struct {
	Stamp
	Data CorrectionMadeData
}

// Conflict is one field that people changed without having seen each other. The state's current value is the last of
// Entries in causal order; a later entry that has seen them all resolves it.
type Conflict struct {
	Field   string // "severity", "verdict GROUP", "source SHA256", "trigger ANCHOR", "decision RECOMMENDATION" …
	Entries []ID   // the concurrent entries, in causal order
	Text    string // one sentence
}

// Refusal is a well-formed, signed entry that the fold sets aside.
type Refusal struct {
	Entry  ID
	Author Author
	Kind   Kind
	Code   Code   // unknown-author, not-authorised, …
	Text   string // one sentence
}
