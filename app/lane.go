package app

import (
	"context"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (s *Server) laneRoutes() {
	on(s, "GET /api/lanes", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return lanesView(b)
	})
	on(s, "POST /api/lanes/open", func(_ context.Context, b *workbench.Bench, in struct {
		Name      string   `json:"name"`
		Matter    string   `json:"matter"`
		Direction string   `json:"direction"`
		Members   []string `json:"members"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLane(workbench.LaneOpening{Name: in.Name, Matter: in.Matter, Direction: in.Direction, Members: in.Members}))
	})
	on(s, "POST /api/lanes/members", func(_ context.Context, b *workbench.Bench, in struct {
		Lane    string   `json:"lane"`
		Members []string `json:"members"`
		Why     string   `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLaneMembers(in.Lane, in.Members, in.Why))
	})
	on(s, "POST /api/lanes/note", func(_ context.Context, b *workbench.Bench, in struct {
		Lane  string `json:"lane"`
		Track string `json:"track"`
		About string `json:"about"`
		Text  string `json:"text"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLaneNote(workbench.LaneNote{Lane: in.Lane, Track: in.Track, About: in.About, Text: in.Text}))
	})
	on(s, "POST /api/lanes/mark", func(_ context.Context, b *workbench.Bench, in struct {
		Of    string `json:"of"`
		Ref   string `json:"ref"`
		Lane  string `json:"lane"`
		Track string `json:"track"`
		Basis string `json:"basis"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeMark(workbench.MarkRequest{Of: in.Of, Ref: in.Ref, Lane: in.Lane, Track: in.Track, Basis: in.Basis}))
	})
	on(s, "POST /api/lanes/lift", func(_ context.Context, b *workbench.Bench, in struct {
		Of  string `json:"of"`
		Ref string `json:"ref"`
		Why string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLift(in.Of, in.Ref, in.Why))
	})
	on(s, "POST /api/lanes/share", func(_ context.Context, b *workbench.Bench, in struct {
		Lane  string `json:"lane"`
		Entry string `json:"entry"`
		To    string `json:"to"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLaneShare(in.Lane, in.Entry, in.To))
	})
	on(s, "POST /api/lanes/model", func(_ context.Context, b *workbench.Bench, in struct {
		Lane string `json:"lane"`
		On   bool   `json:"on"`
		Why  string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeLaneModel(in.Lane, in.On, in.Why))
	})
}

func lanesView(b *workbench.Bench) (view.Lanes, error) {
	v := view.Lanes{Lanes: []view.Lane{}, Marks: []view.LaneMark{}, Log: []view.PrivilegeLine{}, Limit: workbench.WallsLimit}
	for _, l := range b.Lanes() {
		x := view.Lane{
			ID: l.ID, Name: l.Name, Matter: l.Matter, Direction: l.Direction, Members: texts(l.Members), Mine: l.Mine, Model: l.Model, By: l.By, At: stamp(l.At), Words: []view.LaneWord{},
		}
		words, err := b.LaneWords(l.ID)
		if err != nil {
			return v, err
		}
		for _, w := range words {
			x.Words = append(x.Words, view.LaneWord{
				Entry: string(w.Entry), Recorded: stamp(w.Recorded), Author: w.Author, Track: string(w.Track), Keys: w.Keys, To: texts(w.To), Open: w.Open, About: w.About, Text: w.Text, Why: w.Why,
			})
		}
		v.Lanes = append(v.Lanes, x)
		for _, m := range l.Marks {
			v.Marks = append(v.Marks, view.LaneMark{
				Entry: string(m.Entry), Of: string(m.Data.Of), Ref: m.Data.Ref, Title: markTitle(b, m), Lane: m.Data.Lane, Track: string(m.Data.Track), Basis: m.Data.Basis, By: m.Name, At: stamp(m.Recorded),
			})
		}
	}
	for _, l := range b.PrivilegeLog() {
		v.Log = append(v.Log, view.PrivilegeLine{
			Entry: string(l.Entry), Kind: string(l.Kind), Recorded: stamp(l.Recorded), Author: l.Author, Lane: l.Lane, Matter: l.Matter, Track: string(l.Track), Basis: l.Basis, Recipients: texts(l.Recipients),
		})
	}
	return v, nil
}

// markTitle names what is marked, as far as the person at the keyboard may see it.
func markTitle(b *workbench.Bench, m *caserecord.Mark) string {
	s := b.State()
	switch m.Data.Of {
	case caserecord.MarkEvidence:
		if s.Item(m.Data.Ref) != nil {
			return b.ItemPath(m.Data.Ref)
		}
	case caserecord.MarkDocument:
		if d := s.Document(m.Data.Ref); d != nil {
			return d.Draft.Data.Title
		}
	case caserecord.MarkEntry:
		if text, ok := b.StoryOf(caserecord.ID(m.Data.Ref)); ok {
			return text
		}
	}
	return ""
}
