package app

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sort"

	"adjutant/app/view"
	"adjutant/backend/casefolder/durable"
	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/document"
	"adjutant/backend/document/pdf"
	"adjutant/backend/workbench"
)

func (s *Server) deadlineRoutes() {
	on(s, "GET /api/clocks", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return clocksView(b), nil
	})
	on(s, "POST /api/clocks/declare", func(ctx context.Context, b *workbench.Bench, in workbench.TriggerRequest, _ *http.Request) (any, error) {
		p, _, err := b.ProposeTrigger(in)
		if err != nil {
			return nil, err
		}
		a, err := sign(b, p)
		if err != nil {
			return nil, err
		}
		if _, err := b.DeclareTrigger(ctx, a, in); err != nil {
			return nil, err
		}
		return clocksView(b), nil
	})
	on(s, "POST /api/clocks/submitted", func(ctx context.Context, b *workbench.Bench, in struct {
		Clock string `json:"clock"`
		At    string `json:"at"`
		Proof string `json:"proof"`
	}, _ *http.Request) (any, error) {
		p, err := b.ProposeSubmitted(in.Clock, in.At, in.Proof)
		if err != nil {
			return nil, err
		}
		a, err := sign(b, p)
		if err != nil {
			return nil, err
		}
		if _, err := b.Submitted(ctx, a, in.Clock, in.At, in.Proof); err != nil {
			return nil, err
		}
		return clocksView(b), nil
	})
}

func clocksView(b *workbench.Bench) view.Clocks {
	v := view.Clocks{Now: stamp(b.Now()), ComputedAid: deadline.ComputedAid, Clocks: clockViews(b), Anchors: []view.Anchor{}}
	used := map[string]bool{}
	for _, c := range b.Clocks() {
		if r, ok := deadline.Find(c.Regime); ok {
			used[r.Anchor] = true
			for _, st := range r.Stages {
				used[st.Deadline.From] = true
			}
		}
	}
	for _, a := range deadline.Anchors() {
		if used[a.ID] {
			v.Anchors = append(v.Anchors, view.Anchor{ID: a.ID, Title: a.Title, Words: a.Words, Regimes: texts(a.Regimes)})
		}
	}
	if obs := b.State().Clocks; len(obs) > 0 {
		note := "The laptop's clock was compared with " + obs[len(obs)-1].Data.Reference + "."
		v.ClockNote = &note
	} else {
		note := "The laptop's clock has not been compared with a reference in this case."
		v.ClockNote = &note
	}
	return v
}

func clockViews(b *workbench.Bench) []view.Clock { return clockViewsOf(b.Clocks()) }

func clockViewsOf(clocks []deadline.Clock) []view.Clock {
	out := []view.Clock{}
	for _, c := range clocks {
		v := view.Clock{
			ID: c.ID, Regime: c.Regime, RegimeName: c.RegimeName, Jurisdiction: c.Jurisdiction, Stage: c.Stage, StageName: c.StageName, Strict: stampOrNil(c.Strict),
			Extended: stampOrNil(c.Extended), ExtendedBasis: c.ExtendedBasis, Precision: string(c.Precision), Citation: c.Citation, Edition: c.Edition, Text: c.Text,
			Recipient: c.Recipient, Status: c.Status, State: string(c.State), Content: texts(c.Content), Note: c.Note,
		}
		if t := c.Trigger; t != nil {
			v.Trigger = &view.ClockTrigger{Anchor: t.Anchor, At: stamp(t.At), TZ: t.TZ, By: t.By, Role: t.Role, Recorded: stamp(t.Recorded), Basis: t.Basis}
		}
		out = append(out, v)
	}
	return out
}

func (s *Server) documentRoutes() {
	on(s, "GET /api/documents", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		papers, err := b.Papers()
		if err != nil {
			return nil, err
		}
		list, templates := []view.Paper{}, []view.PaperTemplate{}
		for _, p := range papers {
			list = append(list, paperView(b, p))
		}
		for _, t := range document.Templates() {
			templates = append(templates, view.PaperTemplate{ID: t.ID, Title: t.Title, Words: t.Words, NeedsRoleTitle: t.NeedsRole.Title()})
		}
		return map[string]any{"documents": list, "templates": templates}, nil
	})
	on(s, "POST /api/documents/draft", func(ctx context.Context, b *workbench.Bench, in struct {
		Template string            `json:"template"`
		Slots    map[string]string `json:"slots"`
	}, _ *http.Request) (any, error) {
		return draft(ctx, b, workbench.DraftRequest{Template: in.Template, Slots: in.Slots})
	})
	on(s, "GET /api/documents/{id}", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		return paperDetail(ctx, b, r.PathValue("id"))
	})
	on(s, "POST /api/documents/{id}/slots", func(ctx context.Context, b *workbench.Bench, in struct {
		Slots map[string]string `json:"slots"`
	}, r *http.Request) (any, error) {
		d := b.State().Document(r.PathValue("id")) // its text need not be here, or may be behind a wall: it is drafted anew
		if d == nil {
			return nil, fmt.Errorf("%w: document %q", workbench.ErrNotFound, r.PathValue("id"))
		}
		return draft(ctx, b, workbench.DraftRequest{Template: d.Draft.Data.Template, Document: d.Document, Slots: in.Slots})
	})
	on(s, "GET /api/documents/{id}/pdf", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		pdf, err := b.PDF(ctx, r.PathValue("id"))
		return file{"application/pdf", pdf}, err
	})
	// A web view has no downloads: the window asks where to save and the program writes the file.
	on(s, "POST /api/documents/{id}/save", func(ctx context.Context, b *workbench.Bench, in struct {
		Path string `json:"path"`
	}, r *http.Request) (any, error) {
		if !filepath.IsAbs(in.Path) {
			return nil, fmt.Errorf("%w: name the place of the file in full", workbench.ErrUsage)
		}
		pdf, err := b.PDF(ctx, r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		return map[string]string{"path": in.Path}, durable.WriteFile(in.Path, pdf)
	})
	on(s, "POST /api/documents/{id}/release", func(_ context.Context, b *workbench.Bench, in struct {
		Channel string `json:"channel"`
		To      string `json:"to"`
	}, r *http.Request) (any, error) {
		return preview(b)(b.ProposeRelease(r.PathValue("id"), in.Channel, in.To))
	})
	on(s, "POST /api/documents/{id}/approve", func(ctx context.Context, b *workbench.Bench, in struct {
		Shown string `json:"shown"`
	}, r *http.Request) (any, error) {
		id := r.PathValue("id")
		p, err := b.Paper(ctx, id)
		if err != nil {
			return nil, err
		}
		if in.Shown != p.Hash {
			return nil, workbench.ErrShownChanged
		}
		pr, err := b.ProposeApproval(ctx, id)
		if err != nil {
			return nil, err
		}
		a, err := sign(b, pr)
		if err != nil {
			return nil, err
		}
		if _, err := b.Approve(ctx, a, id); err != nil {
			return nil, err
		}
		return paperDetail(ctx, b, id)
	})
}

func draft(ctx context.Context, b *workbench.Bench, r workbench.DraftRequest) (any, error) {
	pr, err := b.ProposeDraft(r)
	if err != nil {
		return nil, err
	}
	a, err := sign(b, pr)
	if err != nil {
		return nil, err
	}
	p, err := b.Draft(ctx, a, r)
	if err != nil {
		return nil, err
	}
	return paperDetail(ctx, b, p.ID)
}

func paperView(b *workbench.Bench, p workbench.Paper) view.Paper {
	v := view.Paper{
		ID: p.ID, Template: p.Template, Title: p.Title, State: string(p.State), Drafted: stamp(p.Drafted), DraftedBy: p.DraftedBy, AsOf: p.AsOf, Hash: p.Hash,
		NeedsRole: string(p.NeedsRole), NeedsRoleTitle: p.NeedsRole.Title(),
	}
	if a := p.Approval; a != nil {
		v.Approved = &view.PaperApproval{By: a.By, Role: a.Role, At: stamp(a.At), Hash: a.Hash}
	}
	if a := p.Awaiting; a != nil {
		v.Awaits = &view.PaperApproval{By: a.By, Role: a.Role, At: stamp(a.At), Hash: a.Hash}
	}
	v.CanApprove = slices.Contains(b.State().RolesFor(b.MyID(), caserecord.DocumentApproved, b.Now()), p.NeedsRole)
	return v
}

func paperDetail(ctx context.Context, b *workbench.Bench, id string) (any, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return nil, err
	}
	failed := document.FailedClauses(p.Checks)
	pages, err := pdf.Pages(p.Model, p.Signed())
	if err != nil {
		return nil, err
	}
	v := view.PaperDetail{Paper: paperView(b, p), Sections: []view.PaperSection{}, Checks: []view.PaperCheck{}, Slots: []view.PaperSlot{}, Shown: p.Hash}
	v.Paper.Pages = pages
	var last *document.Section
	p.Model.Numbered(func(s *document.Section, c *document.Clause, number string) {
		if s != last {
			last = s
			v.Sections = append(v.Sections, view.PaperSection{Title: s.Title, Clauses: []view.PaperClause{}})
		}
		at := &v.Sections[len(v.Sections)-1]
		at.Clauses = append(at.Clauses, view.PaperClause{
			Number: number, Text: clauseText(c), Rows: texts(c.Rows()), Failed: failed[number], Slot: c.Slot,
			Origin: view.Origin{Kind: string(c.Origin.Kind), Name: c.Origin.Name, Version: c.Origin.Version, Role: c.Origin.Role, At: c.Origin.At},
		})
	})
	for _, c := range p.Checks {
		text := c.Text
		if c.Clause != "" {
			text = c.Clause + " " + text
		}
		v.Checks = append(v.Checks, view.PaperCheck{OK: c.OK, Text: text})
	}
	for _, s := range p.Model.Slots {
		v.Slots = append(v.Slots, view.PaperSlot{Name: s.Name, Label: s.Label, Value: s.Value, Hint: s.Hint, Required: s.Required})
	}
	return v, nil
}

func clauseText(c *document.Clause) string {
	if c.Table == nil {
		return c.Text()
	}
	out := c.Table.Caption
	for _, r := range c.Table.Rows {
		out += "\n"
		for i, cell := range r.Cells {
			if i > 0 {
				out += " · "
			}
			out += cell
		}
	}
	return out
}

func sortNewest(ds []view.Decision) {
	sort.SliceStable(ds, func(i, j int) bool { return ds[i].At > ds[j].At })
}
