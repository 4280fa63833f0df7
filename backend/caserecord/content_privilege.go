package caserecord

import "adjutant/backend/incident"

// Track says whether privileged words are facts or advice: courts treat them differently.
type Track string

// The closed list of tracks.
const (
	TrackFact   Track = "fact"
	TrackAdvice Track = "advice"
)

// LaneOpenedData makes a circle of people around counsel. What its members write into it is encrypted to them. The
// program records circumstances; it does not say that something is privileged.
type LaneOpenedData struct {
	Lane      string        `json:"lane"` // 32 hexadecimal digits, chosen here
	Name      string        `json:"name"`
	Matter    string        `json:"matter"`
	Direction string        `json:"direction"` // at whose direction, for what, in counsel's words
	Members   []PersonID    `json:"members"`   // ascending
	Role      incident.Role `json:"role"`
}

// Kind is lane.opened.
func (*LaneOpenedData) Kind() Kind                  { return LaneOpened }
func (d *LaneOpenedData) actingRole() incident.Role { return d.Role }

// LaneChangedData sets the members anew. Words sealed before stay readable for those they were sealed to, and for nobody
// else.
type LaneChangedData struct {
	Lane    string        `json:"lane"`
	Members []PersonID    `json:"members"` // ascending
	Why     string        `json:"why"`
	Role    incident.Role `json:"role"`
}

// Kind is lane.changed.
func (*LaneChangedData) Kind() Kind                  { return LaneChanged }
func (d *LaneChangedData) actingRole() incident.Role { return d.Role }

// WordsSealedData are words of a lane: Box is an age file in base64 that holds the data of a note.made (SealedNote) for
// the keys in To. By a member, to members.
type WordsSealedData struct {
	Lane  string   `json:"lane"`
	Track Track    `json:"track"`
	To    []Author `json:"to"`  // ascending
	Box   string   `json:"box"` // standard base64
}

// Kind is words.sealed.
func (*WordsSealedData) Kind() Kind { return WordsSealed }

// MarkOf says what a privilege mark is on.
type MarkOf string

// The closed list of things that can be marked.
const (
	MarkEntry    MarkOf = "entry"    // an entry id: its body is withheld from exports
	MarkEvidence MarkOf = "evidence" // a sha256: its bytes stay out of exports
	MarkDocument MarkOf = "document" // a document id: its paper stays out of exports
)

// PrivilegeMarkedData marks something that is in plain as belonging to a lane: from then on exports leave it out unless
// counsel puts it in, and no model reads it.
type PrivilegeMarkedData struct {
	Of    MarkOf        `json:"of"`
	Ref   string        `json:"ref"`
	Lane  string        `json:"lane"`
	Track Track         `json:"track"`
	Basis string        `json:"basis"`
	Role  incident.Role `json:"role"`
}

// Kind is privilege.marked.
func (*PrivilegeMarkedData) Kind() Kind                  { return PrivilegeMarked }
func (d *PrivilegeMarkedData) actingRole() incident.Role { return d.Role }

// PrivilegeLiftedData takes a mark off again.
type PrivilegeLiftedData struct {
	Of   MarkOf        `json:"of"`
	Ref  string        `json:"ref"`
	Why  string        `json:"why"`
	Role incident.Role `json:"role"`
}

// Kind is privilege.lifted.
func (*PrivilegeLiftedData) Kind() Kind                  { return PrivilegeLifted }
func (d *PrivilegeLiftedData) actingRole() incident.Role { return d.Role }
