package authority

import (
	"fmt"
	"slices"

	"adjutant/backend/incident"
)

// Row is what the matrix says about one kind (of one class, for documents): a row of roles.json, or what a case made of it
// by authority.changed.
type Row struct {
	Members   bool            // any admitted person, with or without a role
	Roles     []incident.Role // any one of these
	TwoPerson bool            // two persons sign; the act awaits the second
}

// Default is the row of roles.json.
func Default(kind, class string) Row {
	r, ok := table[kind]
	if !ok {
		return Row{}
	}
	if r.Classes != nil {
		return Row{Roles: slices.Clone(r.Classes[class])}
	}
	return Row{Members: r.Members, Roles: slices.Clone(r.Roles)}
}

// Narrowed is what both rows allow.
func (r Row) Narrowed(o Row) Row {
	out := Row{Members: r.Members && o.Members, TwoPerson: r.TwoPerson || o.TwoPerson}
	switch {
	case r.Members:
		out.Roles = slices.Clone(o.Roles)
	case o.Members:
		out.Roles = slices.Clone(r.Roles)
	default:
		for _, x := range r.Roles {
			if slices.Contains(o.Roles, x) {
				out.Roles = append(out.Roles, x)
			}
		}
	}
	return out
}

// Core reports kinds whose authority is fixed: who may give, take and change authority must not depend on itself. They
// can be neither changed nor delegated, nor be written under a break-glass.
func Core(kind string) bool { return table[kind].Core }

// Delegable reports whether a delegation or a break-glass reaches a kind.
func Delegable(kind string) bool { r, ok := table[kind]; return ok && !r.Core && !r.Own }

// HasClass reports whether a kind has rows by class and this is one of them, or has none and class is "".
func HasClass(kind, class string) bool {
	r, ok := table[kind]
	if !ok {
		return false
	}
	if r.Classes == nil {
		return class == ""
	}
	return len(r.Classes[class]) > 0
}

// Classes lists the classes of a kind, sorted; nil for kinds without.
func Classes(kind string) []string {
	var out []string
	for c := range table[kind].Classes {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// BreakGlass lists the roles that can be taken in an emergency.
func BreakGlass() []incident.Role { return slices.Clone(table["glass.broken"].Opens) }

// Why is the reason for a row of roles.json, for people.
func Why(kind string) string { return table[kind].Why }

// Check says whether a person who holds these roles may write a kind under this row. acting is the role named in the
// entry, "" for kinds that name none. The error is a *Refusal.
func (r Row) Check(kind, class string, acting incident.Role, held []incident.Role) error {
	refuse := func(format string, a ...any) error {
		return &Refusal{Kind: kind, Class: class, Acting: acting, Needed: r.Roles, text: fmt.Sprintf(format, a...)}
	}
	what := kind
	if class != "" {
		what += " (" + class + ")"
	}
	if acting != "" && !slices.Contains(held, acting) {
		return refuse("authority: %s: signed as %s without holding that role", what, acting.Title())
	}
	switch {
	case r.Members:
		return nil
	case len(r.Roles) == 0:
		return refuse("authority: %s: nobody may write this", what)
	case acting != "":
		if !slices.Contains(r.Roles, acting) {
			return refuse("authority: %s: takes %s, not %s", what, titles(r.Roles), acting.Title())
		}
		return nil
	}
	for _, x := range held {
		if slices.Contains(r.Roles, x) {
			return nil
		}
	}
	return refuse("authority: %s: takes %s", what, titles(r.Roles))
}
