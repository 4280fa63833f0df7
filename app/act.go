package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// actRoutes holds the one way in which the page signs what a stage proposed: by the hash of what it showed.
func (s *Server) actRoutes() {
	on(s, "POST /api/act/sign", func(ctx context.Context, b *workbench.Bench, in struct {
		Shown string `json:"shown"`
	}, _ *http.Request) (any, error) {
		var sum [sha256.Size]byte
		if n, err := hex.Decode(sum[:], []byte(in.Shown)); err != nil || n != len(sum) {
			return nil, fmt.Errorf("%w: shown is not a hash", workbench.ErrUsage)
		}
		p, err := b.Prepared(sum)
		if err != nil {
			return nil, err
		}
		a, err := sign(b, p)
		if err != nil {
			return nil, err
		}
		e, err := b.SignAct(ctx, a)
		if err != nil {
			return nil, err
		}
		return signedView(b, e), nil
	})
	on(s, "POST /api/act/second", func(_ context.Context, b *workbench.Bench, in struct {
		Entry string `json:"entry"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeSecond(in.Entry))
	})
	on(s, "POST /api/act/cosign", func(ctx context.Context, b *workbench.Bench, in struct {
		Entry      string `json:"entry"`
		Person     string `json:"person"`
		Role       string `json:"role"`
		Passphrase string `json:"passphrase"`
	}, _ *http.Request) (any, error) {
		second, err := b.UnlockSecond(in.Person, []byte(in.Passphrase))
		if err != nil {
			return nil, err
		}
		defer second.Lock()
		p, err := b.ProposeCosign(caserecord.ID(in.Entry), second.Person().ID, incident.Role(in.Role))
		if err != nil {
			return nil, err
		}
		if p.Refused != nil {
			return nil, fmt.Errorf("%w: %w", workbench.ErrNotAllowed, p.Refused)
		}
		e, err := b.Cosign(ctx, second, confirm.New(second, p.Shown, p.Kinds...), p)
		if err != nil {
			return nil, err
		}
		return signedView(b, e), nil
	})
}

// actPreview shows a proposal; the page sends its hash back to sign it.
func actPreview(b *workbench.Bench, p workbench.ActProposal) view.ActPreview {
	sum := sha256.Sum256(p.Shown)
	v := view.ActPreview{
		Shown: hex.EncodeToString(sum[:]), Sentence: p.Sentence, Consequences: []string{}, Second: roleViews(p.Second),
		SignsAs: view.SignsAs{Person: b.MyName(), Role: string(b.Acting()), RoleTitle: b.Acting().Title()},
	}
	v.Consequences = append(v.Consequences, p.Consequences...)
	if p.Refused != nil {
		why := workbench.Explain(fmt.Errorf("%w: %w", workbench.ErrNotAllowed, p.Refused)).Sentence
		v.Refused = &why
	}
	return v
}

func signedView(b *workbench.Bench, e caserecord.Entry) view.Signed {
	s := b.State()
	v := view.Signed{Entry: string(e.ID), Kind: string(e.Header.Kind), Story: caserecord.Story(e, s), Awaits: []view.RoleHeld{}}
	for _, a := range s.Awaiting {
		if a.Entry == e.ID {
			v.Awaits = roleViews(a.Roles)
		}
	}
	return v
}

func roleViews(roles []incident.Role) []view.RoleHeld {
	out := []view.RoleHeld{}
	for _, r := range roles {
		out = append(out, view.RoleHeld{Role: string(r), Title: r.Title()})
	}
	return out
}
