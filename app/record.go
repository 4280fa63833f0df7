package app

import (
	"context"
	"net/http"
	"sort"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (s *Server) recordRoutes() {
	on(s, "GET /api/record", func(_ context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		q := r.URL.Query()
		p, state := recordPage(b.Stories(), q.Get("kind"), q.Get("author"), number(q, "offset", 0), min(number(q, "limit", 200), workbench.MaxPage)), b.State()
		for i, e := range p.Entries {
			p.Entries[i].Awaits = state.Awaits(caserecord.ID(e.ID))
		}
		return p, nil
	})
	on(s, "POST /api/record/verify", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		v, err := b.Verify()
		if err != nil {
			return nil, err
		}
		out := view.Verification{
			Verdict: v.Word(), Anchored: v.Anchored, Entries: v.Entries, Authors: v.Authors, Head: v.Head, HeadCode: caserecord.HeadCode(v.Head), Problems: []view.Problem{}, At: stamp(v.At),
		}
		for _, p := range v.Problems {
			out.Problems = append(out.Problems, view.Problem{Code: string(p.Code), Text: p.Text, Entry: p.Entry})
		}
		return out, nil
	})
}

// recordPage filters the story, newest first, and counts kinds and authors over the whole record.
func recordPage(all []workbench.Told, kind, author string, offset, limit int) view.RecordPage {
	p := view.RecordPage{Offset: offset, Entries: []view.RecordEntry{}, Kinds: []view.KindCount{}, Authors: []view.AuthorCount{}}
	kinds, authors, names := map[string]int{}, map[string]int{}, map[string]string{}
	for i := len(all) - 1; i >= 0; i-- {
		t := all[i]
		kinds[t.Kind]++
		authors[t.Author]++
		names[t.Author] = t.Name
		if kind != "" && t.Kind != kind || author != "" && t.Author != author {
			continue
		}
		p.Total++
		if p.Total <= offset || len(p.Entries) >= limit {
			continue
		}
		p.Entries = append(p.Entries, entryView(t))
	}
	for k, n := range kinds {
		p.Kinds = append(p.Kinds, view.KindCount{Kind: k, Count: n})
	}
	sort.Slice(p.Kinds, func(i, j int) bool { return p.Kinds[i].Kind < p.Kinds[j].Kind })
	for a, n := range authors {
		p.Authors = append(p.Authors, view.AuthorCount{ID: a, Name: names[a], Count: n})
	}
	sort.Slice(p.Authors, func(i, j int) bool { return p.Authors[i].Name+p.Authors[i].ID < p.Authors[j].Name+p.Authors[j].ID })
	return p
}
