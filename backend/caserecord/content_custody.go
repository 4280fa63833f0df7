package caserecord

import "adjutant/backend/incident"

// CustodyGivenData hands items over: the giver's half of a transfer. With To a person of the case takes them by
// custody.taken; without To the receiver has no key here and signs the printed receipt, so the transfer stands as
// handed to an outside party.
type CustodyGivenData struct {
	Items        []string      `json:"items"`        // sha256, ascending
	To           PersonID      `json:"to,omitempty"` // person of the case who is to take them
	Receiver     string        `json:"receiver"`     // name in words
	Organisation string        `json:"organisation,omitempty"`
	Purpose      string        `json:"purpose"`
	Place        string        `json:"place"`
	Seal         string        `json:"seal,omitempty"` // number of the bag or seal
	Condition    string        `json:"condition"`
	At           string        `json:"at"` // RFC 3339
	Role         incident.Role `json:"role"`
}

// Kind is custody.given.
func (*CustodyGivenData) Kind() Kind                  { return CustodyGiven }
func (d *CustodyGivenData) actingRole() incident.Role { return d.Role }

// CustodyTakenData is the receiver's half: taken over, or refused with the reason in Condition.
type CustodyTakenData struct {
	Transfer  ID     `json:"transfer"` // the custody.given
	Accepted  bool   `json:"accepted"`
	Condition string `json:"condition"` // as found; of the seal too
	Place     string `json:"place"`
	At        string `json:"at"` // RFC 3339
}

// Kind is custody.taken.
func (*CustodyTakenData) Kind() Kind { return CustodyTaken }

// EvidenceCheckedData says that the items were hashed again, and what came out. Altered and Absent hold sha256 values,
// ascending; Same counts the rest. Absent are items that are not at hand: no mismatch.
type EvidenceCheckedData struct {
	Items   int      `json:"items"`
	Same    int      `json:"same"`
	Altered []string `json:"altered"`
	Absent  []string `json:"absent"`
	Version string   `json:"version"` // of the program
}

// Kind is evidence.checked.
func (*EvidenceCheckedData) Kind() Kind { return EvidenceChecked }

// MismatchExplainedData explains why an item is not what was taken in. Until a person does, exports are refused.
type MismatchExplainedData struct {
	SHA256 string        `json:"sha256"`
	Check  ID            `json:"check"` // the evidence.checked that found it
	Text   string        `json:"text"`
	Role   incident.Role `json:"role"`
}

// Kind is mismatch.explained.
func (*MismatchExplainedData) Kind() Kind                  { return MismatchExplained }
func (d *MismatchExplainedData) actingRole() incident.Role { return d.Role }

// EvidencePurgedData is the tombstone of an item whose bytes were deleted here: hash and history stay. Refused while a
// hold stands on the item.
type EvidencePurgedData struct {
	SHA256 string        `json:"sha256"`
	Why    string        `json:"why"`
	Role   incident.Role `json:"role"`
}

// Kind is evidence.purged.
func (*EvidencePurgedData) Kind() Kind                  { return EvidencePurged }
func (d *EvidencePurgedData) actingRole() incident.Role { return d.Role }

// HoldPlacedData forbids deletion, of the case or of the items named.
type HoldPlacedData struct {
	Matter string        `json:"matter"`
	Why    string        `json:"why"`
	Items  []string      `json:"items"` // sha256, ascending; empty = the whole case
	Role   incident.Role `json:"role"`
}

// Kind is hold.placed.
func (*HoldPlacedData) Kind() Kind                  { return HoldPlaced }
func (d *HoldPlacedData) actingRole() incident.Role { return d.Role }

// HoldReleasedData lifts a hold.
type HoldReleasedData struct {
	Hold ID            `json:"hold"` // the hold.placed
	Why  string        `json:"why"`
	Role incident.Role `json:"role"`
}

// Kind is hold.released.
func (*HoldReleasedData) Kind() Kind                  { return HoldReleased }
func (d *HoldReleasedData) actingRole() incident.Role { return d.Role }
