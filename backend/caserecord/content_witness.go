package caserecord

// CheckpointMadeData says that the author signed a checkpoint of their own chain: how many entries, and the root of their
// Merkle tree. Note is the signed text (C2SP tlog-checkpoint; package checkpoint), so that everybody can hand it on.
type CheckpointMadeData struct {
	Size int    `json:"size"` // entries of this author before this one
	Root string `json:"root"` // 64 hexadecimal digits
	Note string `json:"note"`
}

// Kind is checkpoint.made.
func (*CheckpointMadeData) Kind() Kind { return CheckpointMade }

// WitnessHow says in which way a second party got hold of a head.
type WitnessHow string

// The closed list of ways.
const (
	WitnessPaper       WitnessHow = "paper"       // a slip with the code, signed by hand
	WitnessCosignature WitnessHow = "cosignature" // a checkpoint cosigned by another key
	WitnessTimestamp   WitnessHow = "timestamp"   // an RFC 3161 token
)

// WitnessReceivedData says that a second party holds, or has signed, a head of this case.
type WitnessReceivedData struct {
	Head  string     `json:"head"` // case head that was witnessed
	How   WitnessHow `json:"how"`
	By    string     `json:"by"`    // who, in words
	At    string     `json:"at"`    // RFC 3339, by the witness's clock
	Text  string     `json:"text"`  // what was checked and what not
	Proof string     `json:"proof"` // base64 of the token or cosigned note; "" for paper
}

// Kind is witness.received.
func (*WitnessReceivedData) Kind() Kind { return WitnessReceived }

// SlotsChangedData pins the key slots of the case folder on one laptop: what opens it.
type SlotsChangedData struct {
	SlotsSHA256 string `json:"slots_sha256"`
	What        string `json:"what"`
}

// Kind is slots.changed.
func (*SlotsChangedData) Kind() Kind { return SlotsChanged }
