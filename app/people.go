package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// peopleRoutes holds people, their keys and roles, the authority matrix and what waits for somebody. What is signed goes
// to the page as a preview first, except the giving of a role by its button, which says whom and what.
func (s *Server) peopleRoutes() {
	on(s, "GET /api/people", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return peopleView(b), nil
	})
	on(s, "POST /api/people/add", func(_ context.Context, b *workbench.Bench, in struct {
		Name       string `json:"name"`
		Passphrase string `json:"passphrase"`
	}, _ *http.Request) (any, error) {
		if _, err := workbench.CreatePerson(s.env, in.Name, []byte(in.Passphrase)); err != nil {
			return nil, err
		}
		return peopleView(b), nil
	})
	on(s, "POST /api/people/role", func(ctx context.Context, b *workbench.Bench, in struct {
		Person string `json:"person"`
		Role   string `json:"role"`
	}, _ *http.Request) (any, error) {
		if err := workbench.KnownRole(in.Role); err != nil {
			return nil, err
		}
		who := workbench.Newcomer{Who: in.Person}
		needed, err := b.NeedsAdmission(who)
		if err != nil {
			return nil, err
		}
		if needed {
			if err := signNow(ctx, b)(b.ProposeAdmission(who)); err != nil {
				return nil, err
			}
		}
		if err := signNow(ctx, b)(b.ProposeGrant(workbench.Grant{Person: in.Person, Role: in.Role})); err != nil {
			return nil, err
		}
		return peopleView(b), nil
	})
	on(s, "POST /api/people/admit", func(_ context.Context, b *workbench.Bench, in struct {
		Card        string `json:"card"`   // text of an exported card, or
		Person      string `json:"person"` // somebody with a key on this device
		Fingerprint string `json:"fingerprint"`
	}, _ *http.Request) (any, error) {
		who := workbench.Newcomer{Who: in.Person, Fingerprint: in.Fingerprint}
		if in.Card != "" {
			who.Card = []byte(in.Card)
		}
		return preview(b)(b.ProposeAdmission(who))
	})
	on(s, "POST /api/people/grant", func(_ context.Context, b *workbench.Bench, in struct {
		Person string `json:"person"`
		Role   string `json:"role"`
		From   string `json:"from"`
		To     string `json:"to"`
		Scope  string `json:"scope"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeGrant(workbench.Grant{Person: in.Person, Role: in.Role, From: in.From, To: in.To, Scope: in.Scope}))
	})
	on(s, "POST /api/people/end", func(_ context.Context, b *workbench.Bench, in struct {
		Person string `json:"person"`
		Role   string `json:"role"`
		Why    string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeEnd(in.Person, in.Role, in.Why))
	})
	on(s, "POST /api/people/delegate", func(_ context.Context, b *workbench.Bench, in struct {
		Person string   `json:"person"`
		Role   string   `json:"role"`
		Only   []string `json:"only"`
		To     string   `json:"to"`
		Why    string   `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeDelegation(workbench.Delegation{Person: in.Person, Role: in.Role, Only: in.Only, To: in.To, Why: in.Why}))
	})
	on(s, "POST /api/people/succession", func(_ context.Context, b *workbench.Bench, in struct {
		Role  string   `json:"role"`
		Order []string `json:"order"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeSuccession(in.Role, in.Order))
	})
	on(s, "POST /api/people/assume", func(_ context.Context, b *workbench.Bench, in struct {
		Role string `json:"role"`
		Why  string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeAssume(in.Role, in.Why))
	})
	on(s, "POST /api/people/glass", func(_ context.Context, b *workbench.Bench, in struct {
		Role  string  `json:"role"`
		Why   string  `json:"why"`
		Hours float64 `json:"hours"`
	}, _ *http.Request) (any, error) {
		if in.Hours < 0 || in.Hours > 24 {
			return nil, fmt.Errorf("%w: a break-glass of %g hours", workbench.ErrUsage, in.Hours)
		}
		return preview(b)(b.ProposeBreakGlass(in.Role, in.Why, time.Duration(in.Hours*float64(time.Hour))))
	})
	on(s, "POST /api/people/review", func(_ context.Context, b *workbench.Bench, in struct {
		Entry   string `json:"entry"`
		Outcome string `json:"outcome"`
		Why     string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeReview(in.Entry, in.Outcome, in.Why))
	})
	on(s, "POST /api/people/revoke", func(_ context.Context, b *workbench.Bench, in struct {
		Person string `json:"person"`
		Key    string `json:"key"`
		Why    string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeRevocation(in.Person, in.Key, in.Why))
	})
	on(s, "GET /api/authority", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return authorityView(b), nil
	})
	on(s, "POST /api/authority/set", func(_ context.Context, b *workbench.Bench, in struct {
		Of        string   `json:"of"` // kind, or kind/class
		Roles     []string `json:"roles"`
		TwoPerson bool     `json:"two_person"`
		Why       string   `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeRow(workbench.RowChange{Of: in.Of, Roles: in.Roles, TwoPerson: in.TwoPerson, Why: in.Why}))
	})
	on(s, "POST /api/record/admit", func(_ context.Context, b *workbench.Bench, in struct {
		Entry string `json:"entry"`
		Why   string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeEntryAdmission(in.Entry, in.Why))
	})
	on(s, "GET /api/todo", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return map[string]any{"items": toDo(b)}, nil
	})
}

// signNow signs a proposal whose button said all there is to see.
func signNow(ctx context.Context, b *workbench.Bench) func(workbench.ActProposal, error) error {
	return func(p workbench.ActProposal, err error) error {
		if err != nil {
			return err
		}
		a, err := sign(b, p.Proposal)
		if err != nil {
			return err
		}
		_, err = b.SignAct(ctx, a)
		return err
	}
}

func me(b *workbench.Bench) view.Me {
	m := view.Me{ID: string(b.MyID()), Name: b.MyName(), Roles: []view.RoleHeld{}, Acting: string(b.Acting()), ActingTitle: b.Acting().Title()}
	for _, h := range b.RolesHeld() {
		r := view.RoleHeld{Role: string(h.Role), Title: h.Role.Title(), Until: stamp(h.To)}
		switch h.Basis {
		case caserecord.BasisDelegation:
			r.Basis = "by delegation of " + h.Name
		case caserecord.BasisGlass:
			r.Basis = "by break-glass"
		}
		m.Roles = append(m.Roles, r)
	}
	return m
}

func peopleView(b *workbench.Bench) view.People {
	v := view.People{People: []view.PersonInCase{}, Successions: []view.Succession{}}
	for _, p := range b.People(true) {
		x := view.PersonInCase{ID: string(p.ID), Name: p.Name, Known: p.Known, Here: p.Here, Roles: []view.HeldRole{}, Other: []view.HeldRole{}, Keys: []view.HeldKey{}}
		for _, k := range p.Keys {
			x.Keys = append(x.Keys, view.HeldKey{Key: string(k.Key), Fingerprint: k.Fingerprint, Here: k.Here, Admitted: k.Admitted, Revoked: k.Revoked})
			if x.Fingerprint == "" && k.Revoked == "" {
				x.Fingerprint = k.Fingerprint
			}
		}
		for _, r := range p.Roles {
			h := view.HeldRole{
				Role: string(r.Role), Title: r.Role.Title(), From: stamp(r.From), GrantedBy: r.GrantedBy, Basis: string(r.Basis), Until: stampOrNil(&r.Until), Kinds: texts(r.Kinds),
				Scope: r.Scope, Words: r.Words, Entry: string(r.Entry),
			}
			if r.Held {
				x.Roles = append(x.Roles, h)
			} else {
				x.Other = append(x.Other, h)
			}
		}
		v.People = append(v.People, x)
	}
	s := b.State()
	for _, r := range incident.Roles {
		order := s.Succession(r)
		if len(order) == 0 {
			continue
		}
		x := view.Succession{Role: string(r), Title: r.Title(), Order: []view.PersonInLine{}}
		for _, id := range order {
			if p := s.Person(id); p != nil {
				x.Order = append(x.Order, view.PersonInLine{ID: string(id), Name: p.Name})
			}
		}
		v.Successions = append(v.Successions, x)
	}
	return v
}

func authorityView(b *workbench.Bench) view.Authority {
	v := view.Authority{Rows: []view.MatrixRow{}, Roles: roleViews(incident.Roles), BreakGlass: roleViews(authority.BreakGlass())}
	for _, r := range b.Matrix() {
		v.Rows = append(v.Rows, view.MatrixRow{
			Kind: string(r.Kind), Class: string(r.Class), Members: r.Members, Roles: roleViews(r.Roles), TwoPerson: r.TwoPerson, CanTwo: r.CanTwo, Core: r.Core,
			Why: r.Why, ChangedBy: r.ChangedBy, ChangedAt: stampOrNil(&r.ChangedAt),
		})
	}
	return v
}

func toDo(b *workbench.Bench) []view.ToDo {
	out := []view.ToDo{}
	for _, t := range b.ToDo() {
		out = append(out, view.ToDo{
			Kind: string(t.Kind), Text: t.Text, Roles: roleViews(t.Roles), May: texts(t.May), Mine: t.Mine, Entry: string(t.Entry),
			Link: view.Link{Stage: t.Stage, ID: t.ID}, Due: stampOrNil(t.Due),
		})
	}
	return out
}
