// Package authority says which role may write which kind of entry: a table as data, and the one function that reads it.
//
// It stands beside the case record: caserecord's fold refuses with it, and workbench asks the same function before a
// person signs, so that a window and a verifier can never disagree. It keeps true that every answer comes from
// roles.json and names the roles that would do. It knows no keys, no entries and no time: which roles a person held at
// an entry is worked out by the fold. Roles follow ICS; legal counsel stands beside the command staff.
package authority

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
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

// Roles lists the roles that may write a kind; class matters for documents only. members is true when any admitted
// person may, with or without a role.
func Roles(kind, class string) (roles []incident.Role, members bool) {
	r, ok := table[kind]
	if !ok {
		return nil, false
	}
	if r.Classes != nil {
		return slices.Clone(r.Classes[class]), false
	}
	return slices.Clone(r.Roles), r.Members
}

// Check says whether a person who holds these roles may write a kind. acting is the role named in the entry, "" for
// kinds that name none. The error is a *Refusal.
func Check(kind, class string, acting incident.Role, held []incident.Role) error {
	needed, members := Roles(kind, class)
	refuse := func(format string, a ...any) error {
		return &Refusal{Kind: kind, Class: class, Acting: acting, Needed: needed, text: fmt.Sprintf(format, a...)}
	}
	what := kind
	if class != "" {
		what += " (" + class + ")"
	}
	if acting != "" && !slices.Contains(held, acting) {
		return refuse("authority: %s: signed as %s without holding that role", what, acting.Title())
	}
	switch {
	case members:
		return nil
	case len(needed) == 0:
		return refuse("authority: %s: nobody may write this", what)
	case acting != "":
		if !slices.Contains(needed, acting) {
			return refuse("authority: %s: takes %s, not %s", what, titles(needed), acting.Title())
		}
		return nil
	}
	for _, r := range held {
		if slices.Contains(needed, r) {
			return nil
		}
	}
	return refuse("authority: %s: takes %s", what, titles(needed))
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
