package app

import (
	"context"
	"net/http"
	"strings"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/detect"
	"adjutant/backend/incident"
	"adjutant/backend/triage"
	"adjutant/backend/workbench"
)

func (s *Server) triageRoutes() {
	on(s, "GET /api/findings", func(ctx context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		a, err := b.Analysis(ctx)
		if err != nil {
			return nil, err
		}
		out := []view.Finding{}
		for _, f := range a.Report.Findings {
			out = append(out, findingView(f))
		}
		return map[string]any{"findings": out, "report": reportView(a), "blind_spots": blindSpots(a.Coverage)}, nil
	})
	on(s, "POST /api/detect/run", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		p, err := b.ProposeDetect()
		if err != nil {
			return nil, err
		}
		a, err := signBatch(b, p)
		if err != nil {
			return nil, err
		}
		job, err := s.work(b, "Running the rules", func(ctx context.Context, report func(workbench.Progress)) error {
			defer a.End()
			_, err := b.Detect(ctx, a, "", report)
			return err
		})
		return map[string]string{"job": job.ID}, err
	})
	on(s, "GET /api/triage", func(ctx context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		a, err := b.Analysis(ctx)
		if err != nil {
			return nil, err
		}
		st := b.State()
		out := []view.Group{}
		for _, g := range a.Groups {
			out = append(out, groupView(g, st))
		}
		return map[string]any{"groups": out}, nil
	})
	on(s, "POST /api/triage/verdict", func(ctx context.Context, b *workbench.Bench, in struct {
		Group      string `json:"group"`
		Verdict    string `json:"verdict"`
		ReasonCode string `json:"reason_code"`
		Reason     string `json:"reason"`
	}, _ *http.Request) (any, error) {
		r := workbench.VerdictRequest{Group: in.Group, Verdict: incident.Verdict(in.Verdict), ReasonCode: in.ReasonCode, Reason: in.Reason}
		p, _, err := b.ProposeVerdict(ctx, r)
		if err != nil {
			return nil, err
		}
		a, err := sign(b, p)
		if err != nil {
			return nil, err
		}
		if _, err := b.GiveVerdict(ctx, a, r); err != nil {
			return nil, err
		}
		an, err := b.Analysis(ctx)
		if err != nil {
			return nil, err
		}
		g, _ := an.Group(in.Group)
		return groupView(g, b.State()), nil
	})
}

func findingView(f detect.Finding) view.Finding {
	v := view.Finding{
		ID: f.ID, Title: f.Rule.Title, Severity: f.Severity.String(), Kind: string(f.Kind), Text: f.Text, Matched: []view.Matched{}, Rows: texts(f.Rows),
		Techniques: texts(f.Techniques), First: stampOrNil(&f.First), Last: stampOrNil(&f.Last),
		Rule: view.FindingRule{ID: f.Rule.ID, Title: f.Rule.Title, Level: string(f.Rule.Level), Author: f.Rule.Author, Hash: f.Rule.Hash.String(), Pack: f.Rule.Pack + " " + shortVersion(f.Rule.Version)},
	}
	if len(f.Hosts) > 0 {
		v.Host = f.Hosts[0]
	}
	if len(f.Users) > 0 {
		v.User = f.Users[0]
	}
	for _, m := range f.Matched {
		v.Matched = append(v.Matched, view.Matched{Field: m.Field, Value: m.Value})
	}
	return v
}

func reportView(a *workbench.Analysis) view.DetectReport {
	r := a.Report
	v := view.DetectReport{Loaded: r.Loaded, Matched: r.Matched, NotApplicable: len(r.NotApplicable), Unmapped: []view.UnmappedField{}, Failed: []view.FailedRule{}}
	for i, p := range r.Packs {
		if i > 0 {
			v.Pack += " + "
		}
		v.Pack += p.Name + " " + p.Version
	}
	if a.Ran != nil {
		v.Ran = stampOrNil(&a.Ran.Recorded)
	}
	for _, u := range r.Unmapped {
		v.Unmapped = append(v.Unmapped, view.UnmappedField{Rule: u.Rule, Field: u.Field})
	}
	for _, f := range r.Failed {
		v.Failed = append(v.Failed, view.FailedRule{Rule: f.Title, Reason: f.Reason})
	}
	return v
}

func factorsView(fs []triage.Factor) []view.Factor {
	out := []view.Factor{}
	for _, f := range fs {
		out = append(out, view.Factor{Name: f.Name, Weight: f.Weight, Value: f.Value, Words: f.Words})
	}
	return out
}

func groupView(g triage.Group, st *caserecord.State) view.Group {
	v := view.Group{
		ID: g.ID, Title: g.Title, Severity: g.Severity.String(), Score: g.Score, Factors: factorsView(g.Factors), Suggested: string(g.Suggested), SuggestedWhy: g.SuggestedWhy,
		Count: int(g.Count), Hosts: texts(g.Hosts), Users: texts(g.Users), Techniques: texts(g.Techniques), First: stampOrNil(&g.First), Last: stampOrNil(&g.Last), Rows: texts(g.Rows), Findings: []view.Finding{},
	}
	for _, f := range g.Findings {
		v.Findings = append(v.Findings, findingView(f))
	}
	if c := st.VerdictInForce(g.ID); c != nil {
		v.Verdict = &view.GroupVerdict{Verdict: string(c.Data.Verdict), By: c.Name, Role: c.Data.Role.Title(), At: stamp(c.Recorded), ReasonCode: c.Data.ReasonCode, Reason: c.Data.Reason}
	}
	return v
}

// shortVersion keeps the telling part of a hash; the whole one stands in the record of the run.
func shortVersion(v string) string {
	if kind, sum, ok := strings.Cut(v, ":"); ok && len(sum) > 12 {
		return kind + ":" + sum[:12]
	}
	return v
}

// texts turns named strings into plain ones, never nil: the page counts on lists.
func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}
