package caserecord

import "adjutant/backend/incident"

// PersonRef introduces a person and the public key of one of their devices.
type PersonRef struct {
	ID   PersonID `json:"id"`   // 32 lower-case hexadecimal digits
	Name string   `json:"name"` // as printed on papers
	Key  Author   `json:"key"`  // Ed25519 public key, 64 lower-case hexadecimal digits
}

// CaseOpenedData is the first entry of a case (seq 1 of its author, nothing seen). Its person becomes Incident Commander.
// Written once; a second opening of the same case is refused. Must not be withheld: it is the root of trust.
type CaseOpenedData struct {
	Name         string       `json:"name"`
	TLP          incident.TLP `json:"tlp"`
	Template     string       `json:"template"`               // template of the case, "" for none
	Zone         string       `json:"zone"`                   // IANA name of the site's zone, for showing local times
	Person       PersonRef    `json:"person"`                 // the creator; Key is the entry's author
	Organisation string       `json:"organisation,omitempty"` // whose incident it is, as papers print it
}

// Kind is case.opened.
func (*CaseOpenedData) Kind() Kind { return CaseOpened }

// PersonAdmittedData makes a person's key known. The same person may be admitted again with another key (another
// device). Written by the Incident Commander. Must not be withheld.
type PersonAdmittedData struct {
	Person PersonRef `json:"person"`
}

// Kind is person.admitted.
func (*PersonAdmittedData) Kind() Kind { return PersonAdmitted }

// RoleGrantedData gives a role to a person. It counts for entries that have it in their causal past.
type RoleGrantedData struct {
	Person PersonID      `json:"person"`
	Role   incident.Role `json:"role"`
	From   string        `json:"from"`            // RFC 3339
	To     string        `json:"to,omitempty"`    // RFC 3339, exclusive; "" = until ended
	Scope  string        `json:"scope,omitempty"` // words for people; not enforced by the fold
	ByRole incident.Role `json:"by_role"`         // role in which the author grants
}

// Kind is role.granted.
func (*RoleGrantedData) Kind() Kind                  { return RoleGranted }
func (d *RoleGrantedData) actingRole() incident.Role { return d.ByRole }

// RoleEndedData takes a role away. It wins over everything concurrent: what the person signed in that role without
// being in this entry's past is set aside. A person may also lay down their own role (ByRole = Role).
type RoleEndedData struct {
	Person PersonID      `json:"person"`
	Role   incident.Role `json:"role"`
	Why    string        `json:"why"`
	ByRole incident.Role `json:"by_role"`
}

// Kind is role.ended.
func (*RoleEndedData) Kind() Kind                  { return RoleEnded }
func (d *RoleEndedData) actingRole() incident.Role { return d.ByRole }

// ClockObservedData compares the laptop's clock with a reference. Any admitted person.
type ClockObservedData struct {
	Reference     string  `json:"reference"`      // "wall clock of the control room", "GPS receiver" …
	OffsetSeconds float64 `json:"offset_seconds"` // laptop minus reference
	Note          string  `json:"note"`
}

// Kind is clock.observed.
func (*ClockObservedData) Kind() Kind { return ClockObserved }

// BundleExportedData says that a copy of the record left this laptop. It is signed before the copy is made and goes along,
// save in an extract.
type BundleExportedData struct {
	To      string `json:"to"`
	Head    string `json:"head"`    // case head before this entry, which a plain copy or a parcel holds too
	Entries int    `json:"entries"` // entries before this one; of an extract those chosen

	Form       string   `json:"form,omitempty"`       // "plain", "parcel", "extract"; "" of older programs: plain
	Withheld   int      `json:"withheld,omitempty"`   // bodies left out
	Evidence   int      `json:"evidence,omitempty"`   // items whose bytes went along
	Recipients []string `json:"recipients,omitempty"` // whom a parcel was encrypted for
}

// Kind is bundle.exported.
func (*BundleExportedData) Kind() Kind { return BundleExported }

// MergeReceivedData says that entries of another copy were taken in.
type MergeReceivedData struct {
	Heads map[Author]ID `json:"heads"` // author heads of the other copy
}

// Kind is merge.received.
func (*MergeReceivedData) Kind() Kind { return MergeReceived }

// CorrectionMadeData supersedes the words of an earlier entry; both stay. By the same person or the Incident Commander.
type CorrectionMadeData struct {
	Supersedes ID     `json:"supersedes"`
	Text       string `json:"text"`
}

// Kind is correction.made.
func (*CorrectionMadeData) Kind() Kind { return CorrectionMade }
