package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (s *Server) boardRoutes() {
	on(s, "GET /api/board", func(ctx context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return board(ctx, b)
	})
}

func board(ctx context.Context, b *workbench.Bench) (any, error) {
	a, err := b.Analysis(ctx)
	if err != nil {
		return nil, err
	}
	n, err := b.Narrative(ctx)
	if err != nil {
		return nil, err
	}
	st := b.State()
	since := b.Since()
	v := view.Board{Since: stamp(since), Changed: []view.Change{}, OpenDecisions: []view.OpenDecision{}, Clocks: clockViews(b), BlindSpots: blindSpots(a.Coverage), Narrative: narrativeView(n), ToDo: toDo(b)}
	for _, c := range b.Changed(since, 40) {
		v.Changed = append(v.Changed, view.Change{At: stamp(c.At), Text: c.Text, Origin: view.Origin{Kind: "person", Name: c.Name, Role: c.Role, At: stamp(c.At)}, Link: &view.Link{Stage: stageOf(c.Kind), ID: c.ID}})
	}
	for _, r := range a.Recommendations {
		if st.DecisionInForce(r.ID) == nil {
			v.OpenDecisions = append(v.OpenDecisions, view.OpenDecision{ID: r.ID, Title: r.Title, Severity: r.Severity.String(), Link: view.Link{Stage: "decision", ID: r.ID}})
		}
	}
	v.Facts, err = facts(ctx, b, a)
	return v, err
}

// facts are the figures of the board, each with its origin.
func facts(ctx context.Context, b *workbench.Bench, a *workbench.Analysis) ([]view.Fact, error) {
	st := b.State()
	events, rows, err := b.Timeline().Count(ctx)
	if err != nil {
		return nil, err
	}
	out := []view.Fact{}
	add := func(label, value string, o view.Origin) {
		out = append(out, view.Fact{Label: label, Value: value, Origin: o})
	}
	counted := view.Origin{Kind: "computed", Name: "count"}
	if c := st.SeverityInForce(); c != nil {
		add("Severity", c.Data.Level.String(), view.Origin{Kind: "person", Name: c.Name, Role: c.Data.Role.Title(), At: stamp(c.Recorded)})
	} else if c := st.SeverityAwaiting(); c != nil {
		add("Severity", "not in force; "+c.Data.Level.String()+" awaits a second signature", view.Origin{Kind: "person", Name: c.Name, Role: c.Data.Role.Title(), At: stamp(c.Recorded)})
	} else {
		add("Severity", "not declared", counted)
	}
	add("Evidence items", strconv.Itoa(len(st.Evidence)), counted)
	add("Events", fmt.Sprintf("%d in %d rows", events, rows), counted)
	add("Findings", fmt.Sprintf("%d in %d groups", len(a.Report.Findings), len(a.Groups)), view.Origin{Kind: "rule", Name: "own rules", Version: reportView(a).Pack})
	hosts := map[string]bool{}
	var first, last time.Time
	for _, g := range a.Groups {
		for _, h := range g.Hosts {
			hosts[h] = true
		}
		if first.IsZero() || g.First.Before(first) && !g.First.IsZero() {
			first = g.First
		}
		if g.Last.After(last) {
			last = g.Last
		}
	}
	add("Hosts with findings", strconv.Itoa(len(hosts)), counted)
	if !first.IsZero() {
		add("First finding", stamp(first), counted)
		add("Last finding", stamp(last), counted)
	}
	return out, nil
}

func stageOf(k caserecord.Kind) string {
	switch k {
	case caserecord.EvidenceReceived, caserecord.EvidenceImported, caserecord.SourceAssumed:
		return "evidence"
	case caserecord.RowTagged, caserecord.RowUntagged, caserecord.NoteMade, caserecord.EventPromoted:
		return "timeline"
	case caserecord.DetectionRan, caserecord.VerdictGiven:
		return "triage"
	case caserecord.DecisionMade, caserecord.SeverityDeclared:
		return "decision"
	case caserecord.TriggerDeclared, caserecord.TriggerSubmitted:
		return "deadline"
	case caserecord.DocumentDrafted, caserecord.DocumentApproved, caserecord.DocumentReleased:
		return "document"
	}
	return "record"
}

func narrativeView(n workbench.Narrative) view.Narrative {
	v := view.Narrative{By: makerView(n.By), Sentences: sentences(n.Sentences)}
	if n.Other != nil {
		v.Other = &view.OtherNarrative{By: makerView(n.Other.By), Sentences: sentences(n.Other.Sentences), Note: n.Other.Note}
	}
	return v
}

func makerView(m workbench.Maker) view.Origin {
	return view.Origin{Kind: m.Kind, Name: m.Name, Version: m.Version}
}

func sentences(in []workbench.Sentence) []view.Sentence {
	out := []view.Sentence{}
	for _, s := range in {
		out = append(out, view.Sentence{Text: s.Text, Rows: texts(s.Rows), Checked: s.Failed == "", Failed: s.Failed})
	}
	return out
}
