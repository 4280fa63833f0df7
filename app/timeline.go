package app

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/timeline"
	"adjutant/backend/workbench"
)

func (s *Server) timelineRoutes() {
	on(s, "GET /api/timeline", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		q := r.URL.Query()
		from, _ := time.Parse(time.RFC3339, q.Get("from"))
		begun := time.Now()
		page, expr, err := b.Page(ctx, q.Get("q"), timeline.Options{Offset: int64(number(q, "offset", 0)), Limit: number(q, "limit", 200), Descending: q.Get("desc") != "" && q.Get("desc") != "false", From: from})
		if err != nil {
			return nil, err
		}
		var columns []string
		if c := q.Get("columns"); c != "" {
			columns = strings.Split(c, ",")
		}
		m := newMarks(ctx, b)
		v := view.TimelinePage{Total: page.Total, Offset: page.Offset, Rows: []view.Row{}, Query: expr.String(), Partial: page.Partial, MS: float64(time.Since(begun).Microseconds()) / 1000}
		for _, row := range page.Rows {
			v.Rows = append(v.Rows, m.row(row, columns))
		}
		return v, nil
	})
	on(s, "GET /api/timeline/histogram", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		expr, err := workbench.ParseQuery(r.URL.Query().Get("q"))
		if err != nil {
			return nil, err
		}
		h, err := b.Timeline().Histogram(ctx, expr, b.Notes(), timeline.Buckets{N: min(number(r.URL.Query(), "buckets", 120), 2000)})
		if err != nil {
			return nil, err
		}
		if h.Counts == nil {
			h.Counts = []int64{}
		}
		return view.Histogram{From: stamp(h.From), To: stamp(h.To), BucketSeconds: h.Bucket.Seconds(), Counts: h.Counts, Undated: h.Undated, Query: expr.String()}, nil
	})
	on(s, "GET /api/timeline/facet", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		q := r.URL.Query()
		expr, err := workbench.ParseQuery(q.Get("q"))
		if err != nil {
			return nil, err
		}
		f, err := b.Timeline().Facet(ctx, expr, b.Notes(), q.Get("field"), min(number(q, "n", 20), 1000))
		if err != nil {
			return nil, err
		}
		v := view.Facet{Field: q.Get("field"), Values: []view.FacetValue{}, Distinct: f.Distinct, Missing: f.Missing}
		for _, c := range f.Values {
			v.Values = append(v.Values, view.FacetValue{Value: c.Value, Count: c.N})
		}
		return v, nil
	})
	on(s, "GET /api/timeline/fields", func(ctx context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		all, err := b.Timeline().Fields(ctx)
		out := []view.FieldCount{}
		for _, f := range all {
			out = append(out, view.FieldCount{Name: f.Field, Count: f.Events})
		}
		return map[string]any{"fields": out}, err
	})
	on(s, "GET /api/timeline/row", func(ctx context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		return rowDetail(ctx, b, r.URL.Query().Get("id"))
	})
	on(s, "POST /api/timeline/tag", func(ctx context.Context, b *workbench.Bench, in struct {
		Rows   []string `json:"rows"`
		Tag    string   `json:"tag"`
		Remove bool     `json:"remove"`
	}, _ *http.Request) (any, error) {
		a, err := sign(b, b.ProposeTag(in.Rows, in.Tag, in.Remove))
		if err != nil {
			return nil, err
		}
		return map[string]bool{"done": true}, b.Tag(ctx, a, in.Rows, in.Tag, in.Remove)
	})
	on(s, "POST /api/timeline/note", func(ctx context.Context, b *workbench.Bench, in struct {
		About string `json:"about"`
		Text  string `json:"text"`
	}, _ *http.Request) (any, error) {
		a, err := sign(b, b.ProposeNote(in.About, in.Text))
		if err != nil {
			return nil, err
		}
		e, err := b.Note(ctx, a, in.About, in.Text)
		return map[string]string{"entry": string(e.ID)}, err
	})
	on(s, "POST /api/timeline/promote", func(ctx context.Context, b *workbench.Bench, in struct {
		Rows  []string `json:"rows"`
		Title string   `json:"title"`
		Text  string   `json:"text"`
	}, _ *http.Request) (any, error) {
		a, err := sign(b, b.ProposePromote(in.Rows, in.Title, in.Text))
		if err != nil {
			return nil, err
		}
		e, err := b.Promote(ctx, a, in.Rows, in.Title, in.Text)
		return map[string]string{"entry": string(e.ID)}, err
	})
	on(s, "GET /api/timeline/promoted", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		out := []view.PromotedEvent{}
		for _, p := range b.State().Promoted {
			v := view.PromotedEvent{ID: string(p.Entry), Title: p.Data.Title, Text: p.Data.Text, At: stampOrNil(&p.At), Rows: []string{}, By: p.Name, Recorded: stamp(p.Recorded)}
			for _, c := range p.Data.Rows {
				v.Rows = append(v.Rows, c.RowID)
			}
			out = append(out, v)
		}
		return map[string]any{"events": out}, nil
	})
}

func number(q url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// maxRowFindings are the findings that a row names in the grid; the inspector's rows lead to the others.
const maxRowFindings = 8

// marks joins rows with what people and rules said about them.
type marks struct {
	state    *caserecord.State
	promoted map[string]bool
	analysis *workbench.Analysis // nil when it could not be had: rows are shown all the same
}

func newMarks(ctx context.Context, b *workbench.Bench) *marks {
	m := &marks{state: b.State(), promoted: map[string]bool{}}
	for _, p := range m.state.Promoted {
		for _, c := range p.Data.Rows {
			m.promoted[c.RowID] = true
		}
	}
	if a, err := b.Analysis(ctx); err == nil {
		m.analysis = a
	}
	return m
}

func (m *marks) row(r timeline.Row, columns []string) view.Row {
	e, id := r.Event, string(r.ID)
	v := view.Row{
		ID: id, EventID: string(e.ID()), Host: e.Get("host.name"), User: e.Get("user.name"), Source: source(e), Action: e.Get("event.action"),
		Message: workbench.Message(e), Code: e.Get("event.code"), Tags: m.state.TagsOf(id), Notes: len(m.state.NotesAbout(id)), Promoted: m.promoted[id],
		Findings: []view.RowFinding{}, Values: map[string]string{},
	}
	if v.Tags == nil {
		v.Tags = []string{}
	}
	if m.analysis != nil {
		for _, f := range m.analysis.FindingsOn(r.ID, maxRowFindings) {
			v.Findings = append(v.Findings, view.RowFinding{Title: f.Rule.Title, Severity: f.Severity.String()})
		}
	}
	if r.Index >= 0 && r.Index < len(e.Times) {
		t := e.Times[r.Index]
		at := event.FormatTime(t.At)
		v.At, v.TimeKind, v.Original, v.Zone, v.Assumed = &at, string(t.Meaning), t.Original, t.Zone, t.Assumed
	}
	for _, c := range columns {
		if vals := e.All(c); len(vals) > 0 {
			v.Values[c] = strings.Join(vals, ", ")
		}
	}
	return v
}

// source names where a row comes from in a few characters: its data set, else the channel, else the file.
func source(e *event.Event) string {
	for _, f := range []string{"event.dataset", "winlog.channel", "event.module"} {
		if v := e.Get(f); v != "" {
			return v
		}
	}
	return e.Path[strings.LastIndexAny(e.Path, `/\!`)+1:]
}

func rowDetail(ctx context.Context, b *workbench.Bench, id string) (any, error) {
	r, err := b.Timeline().Row(ctx, event.RowID(id))
	if err != nil {
		return nil, fmt.Errorf("%w: row %s: %w", workbench.ErrNotFound, id, err)
	}
	e := r.Event
	m := newMarks(ctx, b)
	v := view.RowDetail{
		Row: m.row(r, nil), Fields: []view.DetailField{}, Times: []view.DetailTime{}, Notes: []view.Note{}, JSON: string(e.JSON(max(r.Index, 0))),
		Evidence: view.RowEvidence{Path: e.Path, SHA256: e.Evidence.String(), Parser: e.Parser + " " + e.Version, Locator: e.Locator.String()},
	}
	kinds := []string{"string", "number", "bool"}
	for _, f := range e.Fields {
		v.Fields = append(v.Fields, view.DetailField{Name: f.Name, Values: f.Values, Kind: kinds[f.Kind]})
	}
	for _, t := range e.Times {
		v.Times = append(v.Times, view.DetailTime{Meaning: string(t.Meaning), At: event.FormatTime(t.At), Original: t.Original, Zone: t.Zone, Assumed: t.Assumed})
	}
	for _, n := range m.state.NotesAbout(id) {
		v.Notes = append(v.Notes, view.Note{ID: string(n.Entry), By: n.Name, At: stamp(n.Recorded), Text: n.Data.Text})
	}
	raw, err := b.Bytes(ctx, e)
	if err != nil {
		return nil, err
	}
	v.Evidence.Present = raw.Present
	if raw.Altered != "" {
		v.Raw = &view.RawBytes{Text: "The evidence here is not what was taken in: " + raw.Altered + ". Its bytes are not shown.", Offset: raw.Offset, Length: raw.Length}
	}
	if raw.Present {
		text := string(raw.Bytes)
		if !utf8.ValidString(text) {
			text = readable(raw.Bytes)
		}
		v.Raw = &view.RawBytes{Text: text, Hex: hex.EncodeToString(raw.Bytes), Offset: raw.Offset, Length: raw.Length, Truncated: raw.Truncated}
	}
	return v, nil
}

// readable shows a binary record as text: printable ASCII and UTF-16LE runs, everything else as a dot.
func readable(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c >= 0x20 && c < 0x7f {
			out.WriteByte(c)
			if i+1 < len(b) && b[i+1] == 0 { // the high byte of UTF-16LE text
				i++
			}
			continue
		}
		out.WriteByte('.')
	}
	return out.String()
}
