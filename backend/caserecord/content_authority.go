package caserecord

import "adjutant/backend/incident"

// RoleDelegatedData lets another person act in the author's own role until a time, for the kinds named or, with none, for
// every kind of that role that may be delegated (authority.Delegable). Only a holder in their own right delegates: a
// delegation is not passed on. Ending the delegate's role (role.ended) ends it early. Must not be withheld.
type RoleDelegatedData struct {
	Person PersonID      `json:"person"`
	Role   incident.Role `json:"role"`
	Scope  []Kind        `json:"scope"` // kinds; empty = all that may be delegated
	From   string        `json:"from"`  // RFC 3339
	To     string        `json:"to"`    // RFC 3339, exclusive; a delegation always ends
	Why    string        `json:"why"`
	ByRole incident.Role `json:"by_role"` // = Role
}

// Kind is role.delegated.
func (*RoleDelegatedData) Kind() Kind                  { return RoleDelegated }
func (d *RoleDelegatedData) actingRole() incident.Role { return d.ByRole }

// SuccessionSetData says who takes a role, in which order, when its holders are missing. A later list replaces the
// earlier one whole. Written by the Incident Commander. Must not be withheld.
type SuccessionSetData struct {
	Role   incident.Role `json:"role"`
	Order  []PersonID    `json:"order"`
	ByRole incident.Role `json:"by_role"`
}

// Kind is succession.set.
func (*SuccessionSetData) Kind() Kind                  { return SuccessionSet }
func (d *SuccessionSetData) actingRole() incident.Role { return d.ByRole }

// RoleAssumedData is signed by a successor who takes the role because everybody before them is missing: all present
// holders and all who stand earlier in the order are named in Absent. The role then counts as granted. Must not be
// withheld.
type RoleAssumedData struct {
	Role   incident.Role `json:"role"`
	Absent []PersonID    `json:"absent"`
	Why    string        `json:"why"` // how it was tried to reach them
}

// Kind is role.assumed.
func (*RoleAssumedData) Kind() Kind { return RoleAssumed }

// GlassBrokenData takes a role that nobody gave, in an emergency, until a time at most MaxGlass later. Any admitted
// person; which roles can be taken so is authority.BreakGlass. What is signed under it counts at once and waits on the
// to-do list for a review (glass.reviewed). Must not be withheld.
type GlassBrokenData struct {
	Role incident.Role `json:"role"`
	Why  string        `json:"why"`
	To   string        `json:"to"` // RFC 3339, exclusive
}

// Kind is glass.broken.
func (*GlassBrokenData) Kind() Kind { return GlassBroken }

// Review is what became of a break-glass.
type Review string

// The closed list of reviews.
const (
	ReviewUpheld    Review = "upheld"
	ReviewNotUpheld Review = "not-upheld" // it stays in the record; what follows from it is for people
)

// GlassReviewedData reviews a break-glass afterwards; by somebody else than the one who broke it.
type GlassReviewedData struct {
	Entry   ID            `json:"entry"` // the glass.broken
	Outcome Review        `json:"outcome"`
	Why     string        `json:"why"`
	Role    incident.Role `json:"role"`
}

// Kind is glass.reviewed.
func (*GlassReviewedData) Kind() Kind                  { return GlassReviewed }
func (d *GlassReviewedData) actingRole() incident.Role { return d.Role }

// AuthorityChangedData replaces one row of the authority matrix in this case: the roles that may write a kind (of a class,
// for documents), and whether two persons must sign. Rows of authority.Core cannot be changed. Of changes that have not
// seen each other, and for entries concurrent with a change, the narrower counts. Must not be withheld.
type AuthorityChangedData struct {
	Of        Kind            `json:"of"`
	Class     Class           `json:"class,omitempty"`
	Roles     []incident.Role `json:"roles"`
	TwoPerson bool            `json:"two_person"`
	Why       string          `json:"why"`
	ByRole    incident.Role   `json:"by_role"`
}

// Kind is authority.changed.
func (*AuthorityChangedData) Kind() Kind                  { return AuthorityChanged }
func (d *AuthorityChangedData) actingRole() incident.Role { return d.ByRole }

// ActCosignedData is the second signature on an act for which the matrix asks two persons. By another person who may
// write the act themselves. Until it is here the act awaits it and is not in force.
type ActCosignedData struct {
	Entry       ID            `json:"entry"`
	ShownSHA256 string        `json:"shown_sha256"` // of what the second person was shown
	Role        incident.Role `json:"role"`
}

// Kind is act.cosigned.
func (*ActCosignedData) Kind() Kind                  { return ActCosigned }
func (d *ActCosignedData) actingRole() incident.Role { return d.Role }

// EntryAdmittedData takes an entry in that was set aside for want of authority (not-authorised, not-yet-admitted or
// key-revoked): from then on it counts, marked so. Must not be withheld.
type EntryAdmittedData struct {
	Entry  ID            `json:"entry"`
	Why    string        `json:"why"`
	ByRole incident.Role `json:"by_role"`
}

// Kind is entry.admitted.
func (*EntryAdmittedData) Kind() Kind                  { return EntryAdmitted }
func (d *EntryAdmittedData) actingRole() incident.Role { return d.ByRole }

// KeyRevokedData ends a key: lost, stolen, or its person has left. Entries of the key that are not in this entry's past are
// set aside, whatever time they claim. By the Incident Commander, or by the same person (with ByRole empty). A new key of
// the person is admitted by person.admitted. Must not be withheld.
type KeyRevokedData struct {
	Person PersonID      `json:"person"`
	Key    Author        `json:"key"`
	Why    string        `json:"why"`
	ByRole incident.Role `json:"by_role,omitempty"`
}

// Kind is key.revoked.
func (*KeyRevokedData) Kind() Kind                  { return KeyRevoked }
func (d *KeyRevokedData) actingRole() incident.Role { return d.ByRole }

// ConflictResolvedData settles a field that two people set without having seen each other: the entry chosen is in force
// again. By somebody who may write that entry. Both histories stay.
type ConflictResolvedData struct {
	Field      string        `json:"field"`  // as Conflict.Field
	Chosen     ID            `json:"chosen"` // one of Over
	Over       []ID          `json:"over"`   // the entries in conflict, ascending
	ReasonCode string        `json:"reason_code"`
	Reason     string        `json:"reason"`
	Role       incident.Role `json:"role"`
}

// Kind is conflict.resolved.
func (*ConflictResolvedData) Kind() Kind                  { return ConflictResolved }
func (d *ConflictResolvedData) actingRole() incident.Role { return d.Role }
