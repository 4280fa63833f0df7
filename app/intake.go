package app

import (
	"context"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/parse/formats"
	tables "adjutant/backend/parse/preview"
	"adjutant/backend/workbench"
)

// intakeRoutes hold what is done with imports afterwards: undoing them, reading the evidence again, mappings that are kept.
func (s *Server) intakeRoutes() {
	on(s, "POST /api/evidence/undo", func(_ context.Context, b *workbench.Bench, in struct {
		Items []string `json:"items"`
		Why   string   `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeUndo(in.Items, in.Why))
	})
	on(s, "POST /api/evidence/again", func(_ context.Context, b *workbench.Bench, in workbench.Again, _ *http.Request) (any, error) {
		p, err := b.ProposeAgain(in)
		if err != nil {
			return nil, err
		}
		a, err := signBatch(b, p)
		if err != nil {
			return nil, err
		}
		job, err := s.work(b, "Reading evidence again", func(ctx context.Context, report func(workbench.Progress)) error {
			defer a.End()
			_, err := b.ImportAgain(ctx, a, in, report)
			return err
		})
		return map[string]string{"job": job.ID}, err
	})
	on(s, "GET /api/evidence/formats", func(context.Context, *workbench.Bench, none, *http.Request) (any, error) {
		out := []view.Format{}
		for _, f := range formats.All() {
			out = append(out, view.Format{Name: f.Name(), Version: f.Version()})
		}
		return map[string]any{"formats": out}, nil
	})
	on(s, "GET /api/evidence/mappings", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		out := []view.KeptMapping{}
		for _, m := range b.Mappings() {
			out = append(out, view.KeptMapping{Name: m.Name, Mapping: m.Mapping, By: m.By, At: stamp(m.At)})
		}
		return map[string]any{"mappings": out}, nil
	})
	on(s, "POST /api/evidence/mapping/preview", func(ctx context.Context, b *workbench.Bench, in struct {
		Path    string `json:"path"`
		SHA256  string `json:"sha256"`
		Mapping string `json:"mapping"`
	}, _ *http.Request) (any, error) {
		p, err := b.PreviewMapping(ctx, in.Path, in.SHA256, in.Mapping)
		if err != nil {
			return nil, err
		}
		return mappingPreviewView(p)
	})
	on(s, "GET /api/evidence/limits", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		l := b.IntakeLimits()
		v := view.IntakeLimits{Limits: []view.Limit{}, By: l.By, At: stampOrNil(&l.At), Why: l.Why}
		for _, x := range l.Limits {
			v.Limits = append(v.Limits, view.Limit{Name: x.Name, Value: x.Value, Usual: x.Usual, Least: x.Least, Most: x.Most, Unit: x.Unit, Why: x.Why})
		}
		return v, nil
	})
	on(s, "POST /api/evidence/limits", func(_ context.Context, b *workbench.Bench, in struct {
		Limits map[string]int64 `json:"limits"`
		Why    string           `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLimits(in.Limits, in.Why))
	})
	on(s, "POST /api/evidence/examine", func(ctx context.Context, b *workbench.Bench, in struct {
		Paths []string `json:"paths"`
	}, _ *http.Request) (any, error) {
		files, more, err := b.Examine(ctx, in.Paths)
		if err != nil {
			return nil, err
		}
		out := []view.Examined{}
		for _, x := range files {
			out = append(out, view.Examined{Path: x.Path, Bytes: x.Bytes, Kind: x.Kind, Format: x.Format, State: string(x.State), Note: x.Note, Needs: append([]string{}, x.Needs...)})
		}
		return map[string]any{"files": out, "more": more}, nil
	})
	on(s, "POST /api/evidence/mapping", func(_ context.Context, b *workbench.Bench, in struct {
		Name    string `json:"name"`
		Mapping string `json:"mapping"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeMapping(in.Name, in.Mapping))
	})
}

func mappingPreviewView(p tables.Preview) (view.MappingPreview, error) {
	text, err := p.Mapping.Bytes()
	if err != nil {
		return view.MappingPreview{}, err
	}
	v := view.MappingPreview{Mapping: string(text), Columns: []view.MappedColumn{}, Rows: p.Rows, Problem: p.Problem}
	if v.Rows == nil {
		v.Rows = [][]string{}
	}
	for _, c := range p.Columns {
		m := view.MappedColumn{Name: c.Name, Kind: kindOfColumn(c), Field: c.Field, Forms: []view.TimeForm{}}
		for _, f := range c.Forms {
			t := view.TimeForm{Form: f.Form, Words: f.Title, Readings: []string{}, Ambiguous: c.Ambiguous != "", Yearless: c.MissingYear}
			for _, r := range f.Readings {
				text := r.Original + " = " + r.UTC
				if r.Doubt != "" {
					text += " (" + r.Doubt + ")"
				}
				t.Readings = append(t.Readings, text)
			}
			m.Forms = append(m.Forms, t)
		}
		if c.Time && c.Zone != "" && v.Consequence == "" {
			v.Consequence = c.Zone
		}
		v.Columns = append(v.Columns, m)
	}
	return v, nil
}

// kindOfColumn is the page's word: what is neither time, number nor address is text.
func kindOfColumn(c tables.Column) string {
	switch {
	case c.Time, c.Kind == "time":
		return "time"
	case c.Kind == "number", c.Kind == "address":
		return c.Kind
	}
	return "text"
}
