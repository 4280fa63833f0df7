// Package authority says which role may write which kind of entry: a table as data, and the one function that reads it.
//
// It stands beside the case record: caserecord's fold refuses with it, and workbench asks the same function before a
// person signs, so that a window and a verifier can never disagree. It keeps true that every answer comes from
// roles.json, or from a row that a case put in its place (authority.changed), and names the roles that would do. It knows no keys, no entries and no time: which roles a person held at
// an entry is worked out by the fold. Roles follow ICS; legal counsel stands beside the command staff.
package authority

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"adjutant/backend/incident"
)

//go:embed roles.json
var rolesJSON []byte

// rule is one row of roles.json. Exactly one of the three forms is set.
type rule struct {
	Members bool                       `json:"members,omitempty"` // any admitted person, no role needed
	Roles   []incident.Role            `json:"roles,omitempty"`   // any one of these
	Classes map[string][]incident.Role `json:"classes,omitempty"` // by class of document
	Core    bool                       `json:"core,omitempty"`    // cannot be changed by a case, nor delegated
	Own     bool                       `json:"own,omitempty"`     // only by a role of one's own; a case may still change who
	Opens   []incident.Role            `json:"opens,omitempty"`   // of glass.broken: the roles that can be taken so
	Why     string                     `json:"why"`               // the reason for the row, for reviewers
}

var table = mustLoad(rolesJSON)

// mustLoad reads the embedded table. A broken table is a broken program.
func mustLoad(b []byte) map[string]rule {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var t map[string]rule
	if err := dec.Decode(&t); err != nil {
		panic("authority: embedded roles.json: " + err.Error())
	}
	return t
}

// ErrNotAuthorised is what every refusal wraps.
var ErrNotAuthorised = errors.New("authority: not authorised")

// Refusal says who tried what and which roles would do. Its text is one sentence for people.
type Refusal struct {
	Kind   string
	Class  string          // of document, "" for other kinds
	Acting incident.Role   // role claimed, "" when the kind needs none
	Needed []incident.Role // any one of these may
	text   string
}

func (r *Refusal) Error() string { return r.text }

// Unwrap gives ErrNotAuthorised.
func (r *Refusal) Unwrap() error { return ErrNotAuthorised }

// Kinds lists the kinds that have a row, sorted.
func Kinds() []string {
	var out []string
	for k := range table {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// titles joins role titles with "or".
func titles(roles []incident.Role) string {
	var t []string
	for _, r := range roles {
		t = append(t, r.Title())
	}
	if len(t) < 2 {
		return strings.Join(t, "")
	}
	return strings.Join(t[:len(t)-1], ", ") + " or " + t[len(t)-1]
}
