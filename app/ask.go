package app

import (
	"context"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/workbench"
)

func (s *Server) askRoutes() {
	on(s, "POST /api/ask", func(ctx context.Context, b *workbench.Bench, in struct {
		Question string `json:"question"`
	}, _ *http.Request) (any, error) {
		a, err := b.Ask(ctx, in.Question)
		if err != nil {
			return nil, err
		}
		v := view.Answer{By: makerView(a.By), Kind: a.Kind, Query: a.Query, Total: a.Total, Text: a.Text, Cites: []view.Cite{}, Suggestions: texts(a.Suggestions)}
		for _, c := range a.Cites {
			v.Cites = append(v.Cites, view.Cite{Text: c.Text, Link: view.Link{Stage: c.Stage, ID: c.ID, Query: c.Query}})
		}
		return v, nil
	})
	on(s, "GET /api/model", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return modelView(b), nil
	})
	on(s, "POST /api/model", func(ctx context.Context, b *workbench.Bench, in struct {
		On bool `json:"on"`
	}, _ *http.Request) (any, error) {
		a, err := sign(b, b.ProposeModel(in.On))
		if err != nil {
			return nil, err
		}
		if _, err := b.SwitchModel(ctx, a, in.On); err != nil {
			return nil, err
		}
		return modelView(b), nil
	})
	on(s, "POST /api/model/check", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		job := s.jobs.Go("Fitness check of the model", func(ctx context.Context, report func(workbench.Progress)) error {
			_, err := workbench.CheckModel(ctx, s.env, report)
			return err
		})
		return s.job(job), nil
	})
	on(s, "POST /api/model/write", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		a, err := signBatch(b, b.ProposeModelRun())
		if err != nil {
			return nil, err
		}
		job, err := s.work(b, "The model writes the timeline", func(ctx context.Context, report func(workbench.Progress)) error {
			defer a.End()
			_, err := b.LetModelWrite(ctx, a, report)
			return err
		})
		return s.job(job), err
	})
}

func modelView(b *workbench.Bench) view.ModelStatus {
	m := b.Model()
	v := view.ModelStatus{State: m.State, Name: m.Name, Digest: m.Digest, Text: m.Text, Variant: m.Variant, Version: m.Version, Functions: []view.ModelFunction{}}
	for _, f := range m.Functions {
		score := "not checked"
		if f.Asked > 0 {
			score = workbench.FitnessScore(f)
		}
		v.Functions = append(v.Functions, view.ModelFunction{ID: f.Function, Title: workbench.FunctionTitle(f.Function), On: f.Fit && m.State == workbench.ModelOn, Twin: "extract of key rows", Score: score, Why: f.Why})
	}
	return v
}
