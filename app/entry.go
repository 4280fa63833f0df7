package app

import (
	"context"
	"fmt"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (s *Server) entryRoutes() {
	on(s, "GET /api/record/entry", func(_ context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		return entryDetail(b, caserecord.ID(r.URL.Query().Get("id")))
	})
}

// grounds says on what a role rests that was not the author's own.
var grounds = map[caserecord.Basis]string{
	caserecord.BasisSuccession: "The role was taken over by succession.",
	caserecord.BasisDelegation: "The role was lent.",
	caserecord.BasisGlass:      "The role was taken by break-glass.",
	caserecord.BasisAdmission:  "It was set aside, and counts since it was admitted.",
}

// entryDetail tells how an entry stands now. What is behind a wall is told as the story of the record tells it.
func entryDetail(b *workbench.Bench, id caserecord.ID) (view.EntryDetail, error) {
	s := b.State()
	if _, ok := s.TimeOf(id); !ok {
		return view.EntryDetail{}, fmt.Errorf("%w: no entry %s in this case", workbench.ErrNotFound, id)
	}
	v := view.EntryDetail{Entry: string(id), Awaits: []view.RoleHeld{}, Corrections: []view.EntryWord{}}
	for _, a := range s.Awaiting {
		if a.Entry == id {
			v.Awaits = roleViews(a.Roles)
		}
	}
	if c := s.CosignedBy(id); c != nil {
		v.Cosigned = &view.EntryWord{Entry: string(c.Entry), Name: c.Name, At: stamp(c.Recorded), Text: c.Data.Role.Title()}
	}
	if g := s.GroundOf(id); g.Basis != caserecord.BasisGrant {
		w := view.EntryWord{Entry: string(g.Entry), Text: grounds[g.Basis]}
		if at, ok := s.TimeOf(g.Entry); ok {
			w.At = stamp(at)
		}
		if story, ok := b.StoryOf(g.Entry); ok {
			w.Text += " " + story
		}
		v.Ground = &w
	}
	for _, c := range s.CorrectionsOf(id) {
		v.Corrections = append(v.Corrections, view.EntryWord{Entry: string(c.Entry), Name: c.Name, At: stamp(c.Recorded), Text: c.Data.Text})
	}
	return v, nil
}
