package workbench

import (
	"slices"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// PersonInCase is somebody whom the case knows, or whose key lies on this device.
type PersonInCase struct {
	ID    caserecord.PersonID
	Name  string
	Known bool // by the case
	Here  bool // with a key on this device
	Roles []RoleInCase
	Keys  []KeyInCase
}

// RoleInCase is one way in which a person holds, held or will hold a role.
type RoleInCase struct {
	Role      incident.Role     `json:"role"`
	From      time.Time         `json:"from"`
	Until     time.Time         `json:"until,omitzero"`
	GrantedBy string            `json:"granted_by"`
	Basis     caserecord.Basis  `json:"basis"` // "" given, succession, delegation, break-glass
	Kinds     []caserecord.Kind `json:"kinds,omitempty"`
	Scope     string            `json:"scope,omitempty"`
	Held      bool              `json:"held"` // now
	EndedBy   string            `json:"ended_by,omitempty"`
	EndedAt   time.Time         `json:"ended_at,omitzero"`
	EndedWhy  string            `json:"ended_why,omitempty"`
	Entry     caserecord.ID     `json:"entry"`
	Words     string            `json:"-"`
}

// KeyInCase is a key of a person: one for each of their devices.
type KeyInCase struct {
	Key         caserecord.Author `json:"key"`
	Fingerprint string            `json:"fingerprint"`
	Here        bool              `json:"here"`
	Admitted    bool              `json:"admitted"`
	Revoked     string            `json:"revoked,omitempty"` // by whom, when and why; "" while it signs
}

// People lists the people of the case by name, then those who have a key on this device alone. all brings roles that
// ended or have not begun.
func (b *Bench) People(all bool) []PersonInCase {
	s, now := b.State(), b.Now()
	if s.Latest.After(now) {
		now = s.Latest
	}
	keys := map[caserecord.Author]identity.Person{}
	here, _ := identity.List(b.env.Home) // a damaged folder of keys is told by `identity list`; the case can still be read
	for _, p := range here {
		keys[p.Key] = p
	}
	var out []PersonInCase
	for _, p := range s.People {
		x := PersonInCase{ID: p.ID, Name: p.Name, Known: true}
		for _, r := range s.Roles {
			if r.Person == p.ID && (all || r.HeldAt(now)) {
				x.Roles = append(x.Roles, roleInCase(r, now))
			}
		}
		for _, k := range p.Keys {
			_, local := keys[k]
			x.Here = x.Here || local
			kc := KeyInCase{Key: k, Fingerprint: caserecord.KeyCode(k), Here: local, Admitted: true}
			if r := s.KeyRevokedAt(k); r != nil {
				kc.Revoked = "by " + r.Name + " on " + moment(r.Recorded) + ": " + r.Data.Why
			}
			x.Keys = append(x.Keys, kc)
		}
		if !slices.ContainsFunc(p.Keys, func(k caserecord.Author) bool { return s.PersonNow(k) != "" }) {
			for i := range x.Roles {
				if x.Roles[i].Held {
					x.Roles[i].Words += "; none of their keys may sign"
				}
			}
		}
		for _, k := range here { // a second device that the case does not know yet
			if _, known := s.PersonOf(k.Key); k.ID == p.ID && !known {
				x.Here = true
				x.Keys = append(x.Keys, KeyInCase{Key: k.Key, Fingerprint: caserecord.KeyCode(k.Key), Here: true})
			}
		}
		out = append(out, x)
	}
	for _, p := range here {
		if s.Person(p.ID) == nil {
			out = append(out, PersonInCase{ID: p.ID, Name: p.Name, Here: true, Keys: []KeyInCase{{Key: p.Key, Fingerprint: caserecord.KeyCode(p.Key), Here: true}}})
		}
	}
	return out
}

func roleInCase(r caserecord.RoleHeld, now time.Time) RoleInCase {
	x := RoleInCase{
		Role: r.Role, From: r.From, Until: r.To, GrantedBy: r.Name, Basis: r.Basis, Kinds: r.Kinds, Scope: r.Scope, Held: r.HeldAt(now), EndedWhy: r.EndedWhy, Entry: r.Entry,
	}
	x.Words = map[caserecord.Basis]string{
		caserecord.BasisGrant: "own, given by " + r.Name, caserecord.BasisSuccession: "own, taken over by succession",
		caserecord.BasisDelegation: "lent by " + r.Name, caserecord.BasisGlass: "taken by break-glass",
	}[r.Basis]
	x.Words += ", since " + moment(r.From)
	if now.Before(r.From) {
		x.Words = "from " + moment(r.From) + " on, given by " + r.Name
	}
	if !r.To.IsZero() {
		x.Words += ", until " + moment(r.To)
	}
	if len(r.Kinds) > 0 {
		x.Words += ", for"
		for i, k := range r.Kinds {
			if i > 0 {
				x.Words += ","
			}
			x.Words += " " + string(k)
		}
	}
	if r.Scope != "" {
		x.Words += " (" + r.Scope + ")"
	}
	if r.Ended != nil {
		x.EndedBy, x.EndedAt = r.Ended.Name, r.Ended.Recorded
		x.Words += "; ended by " + r.Ended.Name + " on " + moment(r.Ended.Recorded) + ": " + r.EndedWhy
	}
	return x
}
