package workbench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/event"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/recommend"
	"adjutant/backend/triage"
)

// DecisionRequest is what a person decides about a recommendation, or about the severity of the incident.
type DecisionRequest struct {
	Recommendation string            // id; "" for a severity
	Level          incident.Severity // for a severity
	Outcome        decision.Outcome  // accept, override, reject; severity when Recommendation is ""
	Instead        string            // what is done instead, for an override
	ReasonCode     string
	Reason         string
}

// DecisionProposal is what the confirm dialog shows and what signing it will write.
type DecisionProposal struct {
	Proposal
	ShownModel decision.Shown
	data       caserecord.Content
}

// ProposeDecision prepares a decision: everything the person will see, the hash of which the signature covers, and
// whether they may sign. The reason is not needed yet.
func (b *Bench) ProposeDecision(ctx context.Context, r DecisionRequest) (DecisionProposal, error) {
	if r.Recommendation == "" {
		return b.proposeSeverity(ctx, r)
	}
	a, err := b.Analysis(ctx)
	if err != nil {
		return DecisionProposal{}, err
	}
	rec, ok := a.Recommendation(r.Recommendation)
	if !ok {
		return DecisionProposal{}, fmt.Errorf("%w: no recommendation %q; `recommend list` names them", ErrNotFound, r.Recommendation)
	}
	switch r.Outcome {
	case decision.Accept, decision.Reject:
	case decision.Override:
		if r.Instead = strings.TrimSpace(r.Instead); r.Instead == "" {
			r.Instead = strings.TrimSpace(r.Reason) // the command line has one text; the window asks for both
		}
	default:
		return DecisionProposal{}, fmt.Errorf("%w: a recommendation is accepted, overridden or rejected", ErrUsage)
	}
	by := decision.Source{Kind: "rule", Name: rec.Rule, Version: rec.RuleVersion}
	shown := b.shown(r.Outcome, rec.ID, rec.Title)
	shown.Recommended, shown.By, shown.Why = rec.Title, by, rec.Why
	if g, ok := a.Group(rec.Group); ok {
		shown.Factors = factors(g.Factors)
	}
	shown.Rows = b.shownRows(ctx, texts(rec.Rows))
	shown.Choice = map[decision.Outcome]string{decision.Accept: rec.Title, decision.Override: r.Instead, decision.Reject: "nothing is done"}[r.Outcome]
	shown.Consequences = decision.Consequences(decision.Change{Outcome: r.Outcome, Title: rec.Title, Instead: r.Instead, Owner: owner(rec), Second: b.second(&caserecord.DecisionMadeData{})})
	cites, err := b.citeShown(ctx, texts(rec.Rows))
	if err != nil {
		return DecisionProposal{}, err
	}
	data := &caserecord.DecisionMadeData{
		Recommendation: rec.ID, Subject: "recommendation", Outcome: caserecord.Outcome(r.Outcome), Recommended: rec.Title,
		RecommendedBy: caserecord.Origin(by), Action: string(rec.Action), Target: rec.Target, ReasonCode: r.ReasonCode,
		Reason: decision.CleanReason(r.Reason), Rows: cites, ShownSHA256: shown.Hash().String(), Role: incident.Role(shown.Role),
	}
	if r.Outcome == decision.Override {
		data.Instead = r.Instead
	}
	return b.proposal(shown, data, r.Outcome), nil
}

func (b *Bench) proposeSeverity(ctx context.Context, r DecisionRequest) (DecisionProposal, error) {
	a, err := b.Analysis(ctx)
	if err != nil {
		return DecisionProposal{}, err
	}
	if r.Level == 0 {
		return DecisionProposal{}, fmt.Errorf("%w: name a level: informational, low, medium, high or critical", ErrUsage)
	}
	suggested, fs := triage.IncidentSeverity(a.Groups)
	by := decision.Source{Kind: "rule", Name: "triage", Version: triage.Version}
	shown := b.shown(decision.Severity, "", "Severity of the incident")
	shown.By, shown.Factors, shown.Choice = by, factors(fs), r.Level.String()
	data := &caserecord.SeverityDeclaredData{Level: r.Level, ReasonCode: r.ReasonCode, Reason: decision.CleanReason(r.Reason), Role: incident.Role(shown.Role)}
	if suggested != 0 {
		shown.Recommended = suggested.String()
		data.Suggested, data.SuggestedBy = suggested, &caserecord.Origin{Kind: by.Kind, Name: by.Name, Version: by.Version}
	}
	if len(a.Groups) > 0 {
		data.Rows = texts(head(a.Groups[0].Rows, MaxShownRows))
		shown.Rows = b.shownRows(ctx, data.Rows)
	}
	from := ""
	if c := b.State().SeverityInForce(); c != nil {
		from = c.Data.Level.String()
	}
	shown.Consequences = decision.Consequences(decision.Change{Outcome: decision.Severity, From: from, To: r.Level.String(), Suggests: shown.Recommended, Second: b.second(data)})
	return b.proposal(shown, data, decision.Severity), nil
}

// second names the roles of which another person has to sign an act too, nil when one signature is enough.
func (b *Bench) second(d caserecord.Content) []string {
	if roles, two := b.State().NeedsSecond(d); two {
		return titlesOf(roles)
	}
	return nil
}

func (b *Bench) shown(o decision.Outcome, subject, title string) decision.Shown {
	return decision.Shown{
		Case: b.ID(), Head: b.State().Head, Outcome: o, Subject: subject, Title: title, Person: b.MyName(), Role: string(b.Acting()),
	}
}

func (b *Bench) proposal(shown decision.Shown, data caserecord.Content, o decision.Outcome) DecisionProposal {
	p := DecisionProposal{ShownModel: shown, data: data}
	p.Shown, p.Kinds, p.Consequences = shown.Canonical(), kinds(data.Kind()), shown.Consequences
	p.Refused = b.mayWrite(b.whole(), withReason(data))
	return p
}

// withReason lets authority be asked before the person has written a reason.
func withReason(c caserecord.Content) caserecord.Content {
	const later = "the reason is written in the dialog"
	switch d := c.(type) {
	case *caserecord.DecisionMadeData:
		x := *d
		x.Reason, x.ReasonCode = later, "other"
		return &x
	case *caserecord.SeverityDeclaredData:
		x := *d
		x.Reason, x.ReasonCode = later, "other"
		return &x
	case *caserecord.VerdictGivenData:
		x := *d
		x.Reason, x.ReasonCode = later, "other"
		return &x
	}
	return c
}

// Decide signs a decision. act must be over exactly the bytes that ProposeDecision gives now: when the case has moved on
// in between, ErrShownChanged asks the person to look again.
func (b *Bench) Decide(ctx context.Context, act identity.Act, r DecisionRequest) (caserecord.Entry, error) {
	if r.Recommendation == "" {
		r.Outcome = decision.Severity
	}
	if err := decision.ValidateReason(r.ReasonCode, r.Reason, r.Outcome); err != nil {
		return caserecord.Entry{}, fmt.Errorf("%w: %w", ErrReason, err)
	}
	p, err := b.ProposeDecision(ctx, r)
	if err != nil {
		return caserecord.Entry{}, err
	}
	if act.Shown() != p.ShownModel.Hash() {
		return caserecord.Entry{}, ErrShownChanged
	}
	return b.append(ctx, act, p.data)
}

// VerdictRequest is a person's verdict on a group.
type VerdictRequest struct {
	Group      string
	Verdict    incident.Verdict
	ReasonCode string
	Reason     string
}

// ProposeVerdict says what a verdict would sign. A verdict that differs from the suggested one needs a reason.
func (b *Bench) ProposeVerdict(ctx context.Context, r VerdictRequest) (Proposal, *caserecord.VerdictGivenData, error) {
	a, err := b.Analysis(ctx)
	if err != nil {
		return Proposal{}, nil, err
	}
	g, ok := a.Group(r.Group)
	if !ok {
		return Proposal{}, nil, fmt.Errorf("%w: no group %q; `triage list` names them", ErrNotFound, r.Group)
	}
	valid := false
	for _, v := range incident.Verdicts {
		valid = valid || v == r.Verdict
	}
	if !valid {
		return Proposal{}, nil, fmt.Errorf("%w: unknown verdict %q", ErrUsage, r.Verdict)
	}
	d := &caserecord.VerdictGivenData{
		Group: g.ID, Title: g.Title, Verdict: r.Verdict, Suggested: g.Suggested, SuggestedBy: caserecord.Origin{Kind: "rule", Name: "triage", Version: triage.Version},
		ReasonCode: r.ReasonCode, Reason: decision.CleanReason(r.Reason), Rows: texts(head(g.Rows, MaxCitations)), Role: b.Acting(),
	}
	return Proposal{
		Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.mayWrite(b.whole(), withReason(d)),
		Consequences: decision.Consequences(decision.Change{Outcome: decision.Verdict, Title: g.Title, To: string(r.Verdict), Findings: len(g.Findings), Suggests: string(g.Suggested), Second: b.second(d)}),
	}, d, nil
}

// GiveVerdict signs a verdict.
func (b *Bench) GiveVerdict(ctx context.Context, act identity.Act, r VerdictRequest) (caserecord.Entry, error) {
	_, d, err := b.ProposeVerdict(ctx, r)
	if err != nil {
		return caserecord.Entry{}, err
	}
	if d.Verdict != d.Suggested || d.Reason != "" || d.ReasonCode != "" {
		if err := decision.ValidateReason(r.ReasonCode, r.Reason, decision.Verdict); err != nil {
			return caserecord.Entry{}, fmt.Errorf("%w: %w", ErrReason, err)
		}
	}
	if err := agreed(act, ShownOf(d)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

func factors(fs []triage.Factor) []decision.Factor {
	out := make([]decision.Factor, len(fs))
	for i, f := range fs {
		out[i] = decision.Factor{Name: f.Name, Weight: f.Weight, Value: f.Value, Words: f.Words}
	}
	return out
}

func owner(r recommend.Recommendation) string {
	if len(r.MayDecide) == 0 {
		return ""
	}
	return r.MayDecide[0].Title()
}

// MaxShownRows are the cited rows that a dialog shows; the others are one click away.
const MaxShownRows = 12

func (b *Bench) shownRows(ctx context.Context, rows []string) []decision.ShownRow {
	var out []decision.ShownRow
	for _, id := range head(rows, MaxShownRows) {
		if r, err := b.Timeline().Row(ctx, event.RowID(id)); err == nil {
			out = append(out, decision.ShownRow{ID: id, At: r.At.UTC().Format(time.RFC3339Nano), Text: RowText(r)})
		}
	}
	return out
}

func (b *Bench) citeShown(ctx context.Context, rows []string) ([]caserecord.Citation, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	c, _, err := b.cite(ctx, head(rows, MaxShownRows))
	return c, err
}

func head[T any](s []T, n int) []T {
	if len(s) > n {
		return s[:n]
	}
	return s
}
