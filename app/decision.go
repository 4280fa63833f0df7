package app

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/incident"
	"adjutant/backend/recommend"
	"adjutant/backend/workbench"
)

// decisionInput is what the dialog asks about: a recommendation, or the severity of the incident.
type decisionInput struct {
	Shown          string `json:"shown"`
	Subject        string `json:"subject"`
	Recommendation string `json:"recommendation"`
	Level          string `json:"level"`
	Outcome        string `json:"outcome"`
	Instead        string `json:"instead"`
	ReasonCode     string `json:"reason_code"`
	Reason         string `json:"reason"`
}

func (in decisionInput) request() (workbench.DecisionRequest, error) {
	r := workbench.DecisionRequest{Recommendation: in.Recommendation, Outcome: decision.Outcome(in.Outcome), Instead: in.Instead, ReasonCode: in.ReasonCode, Reason: in.Reason}
	if in.Recommendation == "" {
		r.Outcome = decision.Severity
		l, err := incident.ParseSeverity(in.Level)
		if err != nil {
			return r, fmt.Errorf("%w: %w", workbench.ErrUsage, err)
		}
		r.Level = l
	}
	return r, nil
}

func (s *Server) decisionRoutes() {
	on(s, "GET /api/recommendations", func(ctx context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		a, err := b.Analysis(ctx)
		if err != nil {
			return nil, err
		}
		st := b.State()
		held := map[incident.Role]bool{}
		for _, r := range st.RolesFor(b.MyID(), caserecord.DecisionMade, b.Now()) {
			held[r] = true
		}
		out := []view.Recommendation{}
		for _, r := range a.Recommendations {
			out = append(out, recommendationView(r, st, held))
		}
		return map[string]any{"recommendations": out}, nil
	})
	do(s, "GET /api/decision/reasons", func(context.Context, none) (any, error) {
		out := []view.ReasonCode{}
		for _, r := range decision.ReasonCodes() {
			out = append(out, view.ReasonCode{Code: r.Code, Words: r.Words, Example: r.Example, Outcomes: texts(r.Outcomes)})
		}
		return map[string]any{"reasons": out}, nil
	})
	on(s, "POST /api/decision/preview", func(ctx context.Context, b *workbench.Bench, in decisionInput, _ *http.Request) (any, error) {
		r, err := in.request()
		if err != nil {
			return nil, err
		}
		if r.Outcome == decision.Override && r.Instead == "" {
			r.Instead = "what you write on the right"
		}
		p, err := b.ProposeDecision(ctx, r)
		if err != nil {
			return nil, err
		}
		return previewView(ctx, b, p), nil
	})
	on(s, "POST /api/decision/sign", func(ctx context.Context, b *workbench.Bench, in decisionInput, _ *http.Request) (any, error) {
		r, err := in.request()
		if err != nil {
			return nil, err
		}
		p, err := b.ProposeDecision(ctx, r)
		if err != nil {
			return nil, err
		}
		// What the person saw must be what is signed now. The dialog asks for a fresh preview whenever its fields change.
		if in.Shown != p.ShownModel.Hash().String() {
			return nil, workbench.ErrShownChanged
		}
		a, err := sign(b, p.Proposal)
		if err != nil {
			return nil, err
		}
		e, err := b.Decide(ctx, a, r)
		if err != nil {
			return nil, err
		}
		for _, d := range decisionViews(b.State()) {
			if d.ID == string(e.ID) {
				return d, nil
			}
		}
		return nil, fmt.Errorf("%w: the decision just signed", workbench.ErrNotFound)
	})
	on(s, "GET /api/decisions", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return map[string]any{"decisions": decisionViews(b.State())}, nil
	})
}

func previewView(ctx context.Context, b *workbench.Bench, p workbench.DecisionProposal) view.DecisionPreview {
	m := p.ShownModel
	h := m.Hash()
	v := view.DecisionPreview{
		Shown:        hex.EncodeToString(h[:]),
		Recommended:  view.Recommended{Text: m.Recommended, By: view.Origin{Kind: m.By.Kind, Name: m.By.Name, Version: m.By.Version}, Why: m.Why, Factors: []view.Factor{}, Rows: []view.Row{}},
		Consequences: p.Consequences,
		SignsAs:      view.SignsAs{Person: m.Person, Role: m.Role, RoleTitle: incident.Role(m.Role).Title()},
	}
	for _, f := range m.Factors {
		v.Recommended.Factors = append(v.Recommended.Factors, view.Factor{Name: f.Name, Weight: f.Weight, Value: f.Value, Words: f.Words})
	}
	mk := newMarks(ctx, b)
	for _, r := range m.Rows {
		if row, err := b.Row(ctx, r.ID); err == nil {
			v.Recommended.Rows = append(v.Recommended.Rows, mk.row(row, nil))
		}
	}
	if p.Refused != nil {
		f := workbench.Explain(fmt.Errorf("%w: %w", workbench.ErrNotAllowed, p.Refused))
		v.Refused = &f.Sentence
	}
	return v
}

func recommendationView(r recommend.Recommendation, st *caserecord.State, held map[incident.Role]bool) view.Recommendation {
	v := view.Recommendation{
		ID: r.ID, Action: string(r.Action), Title: r.Title, Why: r.Why, Rule: r.Rule, RuleVersion: r.RuleVersion, Severity: r.Severity.String(), Group: r.Group,
		Target: r.Target, Rows: texts(r.Rows), Changes: texts(r.Changes), Risks: texts(r.Risks), MayDecide: []view.RoleHeld{},
	}
	for _, role := range r.MayDecide {
		v.MayDecide = append(v.MayDecide, view.RoleHeld{Role: string(role), Title: role.Title()})
		v.CanDecide = v.CanDecide || held[role]
	}
	if d := st.DecisionInForce(r.ID); d != nil {
		x := decisionView(*d)
		v.Decision = &x
	}
	if d := st.DecisionAwaiting(r.ID); d != nil {
		x := decisionView(*d)
		x.Awaits, v.Awaiting = true, &x
	}
	return v
}

func decisionView(c caserecord.DecisionEntry) view.Decision {
	d := c.Data
	v := view.Decision{
		ID: string(c.Entry), Outcome: string(d.Outcome), Action: d.Action, Instead: d.Instead, By: c.Name, Role: string(d.Role), RoleTitle: d.Role.Title(), At: stamp(c.Recorded),
		ReasonCode: d.ReasonCode, Reason: d.Reason, Recommended: d.Recommended, RecommendedBy: view.Origin{Kind: d.RecommendedBy.Kind, Name: d.RecommendedBy.Name, Version: d.RecommendedBy.Version},
		Rows: []string{}, Subject: "recommendation",
	}
	for _, r := range d.Rows {
		v.Rows = append(v.Rows, r.RowID)
	}
	return v
}

// decisionViews lists every signed decision, newest first: on recommendations, severity and verdicts.
func decisionViews(st *caserecord.State) []view.Decision {
	out := []view.Decision{}
	for _, d := range st.Decisions {
		for _, h := range d.History {
			out = append(out, decisionView(h))
		}
	}
	for _, h := range st.Severity.History {
		v := view.Decision{
			ID: string(h.Entry), Outcome: "accept", Action: h.Data.Level.String(), By: h.Name, Role: string(h.Data.Role), RoleTitle: h.Data.Role.Title(), At: stamp(h.Recorded),
			ReasonCode: h.Data.ReasonCode, Reason: h.Data.Reason, Rows: texts(h.Data.Rows), Subject: "severity",
		}
		if h.Data.SuggestedBy != nil {
			v.Recommended = h.Data.Suggested.String()
			v.RecommendedBy = view.Origin{Kind: h.Data.SuggestedBy.Kind, Name: h.Data.SuggestedBy.Name, Version: h.Data.SuggestedBy.Version}
			if h.Data.Suggested != h.Data.Level {
				v.Outcome, v.Instead = "override", h.Data.Level.String()
			}
		}
		out = append(out, v)
	}
	for _, g := range st.Verdicts {
		for _, h := range g.History {
			v := view.Decision{
				ID: string(h.Entry), Outcome: "accept", Action: string(h.Data.Verdict), By: h.Name, Role: string(h.Data.Role), RoleTitle: h.Data.Role.Title(), At: stamp(h.Recorded),
				ReasonCode: h.Data.ReasonCode, Reason: h.Data.Reason, Recommended: string(h.Data.Suggested), Rows: texts(h.Data.Rows), Subject: "verdict",
				RecommendedBy: view.Origin{Kind: h.Data.SuggestedBy.Kind, Name: h.Data.SuggestedBy.Name, Version: h.Data.SuggestedBy.Version},
			}
			if h.Data.Verdict != h.Data.Suggested {
				v.Outcome, v.Instead = "override", string(h.Data.Verdict)
			}
			out = append(out, v)
		}
	}
	for i := range out {
		out[i].Awaits = st.Awaits(caserecord.ID(out[i].ID))
	}
	sortNewest(out)
	return out
}
