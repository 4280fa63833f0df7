package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

func (s *Server) replayRoutes() {
	on(s, "GET /api/replay", func(_ context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		m, err := momentOf(r.URL.Query())
		if err != nil {
			return nil, err
		}
		then, err := b.At(m)
		if err != nil {
			return nil, err
		}
		return thenView(then), nil
	})
	on(s, "GET /api/replay/axes", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return axesView(b.TimeAxes(), b.Now()), nil
	})
}

// momentOf reads at=RFC 3339 or entry=ID, and person=ID.
func momentOf(q url.Values) (workbench.Moment, error) {
	m := workbench.Moment{Entry: caserecord.ID(q.Get("entry")), Person: q.Get("person")}
	if text := q.Get("at"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return m, fmt.Errorf("%w: %q is no time", workbench.ErrUsage, text)
		}
		m.At = at
	}
	return m, nil
}

func thenView(t workbench.Then) view.Then {
	k := t.Known()
	v := view.Then{
		At: stamp(k.At), Head: k.Head, HeadCode: k.HeadCode, Entries: k.Entries, Now: k.Now,
		Verdicts: []view.VerdictCount{}, Decisions: []view.DecisionThen{}, Triggers: []view.TriggerThen{}, Clocks: clockViewsOf(k.Clocks), Documents: []view.DocumentThen{}, People: []view.PersonThen{},
		Evidence: k.Evidence, Notes: k.Notes, Promoted: k.Promoted, Conflicts: k.Conflicts, SetAside: k.SetAside, Later: laterView(k.Later),
	}
	if k.Of != nil {
		e := entryView(*k.Of)
		v.Of = &e
	}
	if x := k.Severity; x != nil {
		v.Severity = &view.SeverityBy{Level: x.Level, By: x.By, Role: x.Role, At: stamp(x.At)}
	}
	for _, x := range k.Verdicts {
		v.Verdicts = append(v.Verdicts, view.VerdictCount(x))
	}
	for _, d := range k.Decisions {
		v.Decisions = append(v.Decisions, view.DecisionThen{
			ID: d.Entry, Recommendation: d.Recommendation, Outcome: d.Outcome, Recommended: d.Recommended, Instead: d.Instead, Target: d.Target, Reason: d.Reason,
			By: d.By, Role: d.Role, At: stamp(d.At), Awaits: d.Awaits,
		})
	}
	for _, x := range k.Triggers {
		v.Triggers = append(v.Triggers, view.TriggerThen{ID: x.Entry, Anchor: x.Anchor, At: stamp(x.At), TZ: x.TZ, Basis: x.Basis, By: x.By, Recorded: stamp(x.Recorded), Awaits: x.Awaits})
	}
	for _, d := range k.Documents {
		v.Documents = append(v.Documents, view.DocumentThen{ID: d.ID, Title: d.Title, Class: d.Class, State: d.State, At: stamp(d.At)})
	}
	for _, p := range k.People {
		x := view.PersonThen(p)
		v.People = append(v.People, x)
		if p.ID == k.PersonID {
			v.Person = &x
		}
	}
	if k.PersonID != "" && v.Person == nil { // admitted since
		v.Person = &view.PersonThen{ID: k.PersonID, Name: k.Person, Roles: []string{}}
	}
	return v
}

func laterView(l workbench.LaterLine) view.Later {
	out := view.Later{Entries: l.Entries, Kinds: []view.KindCount{}, Facts: []view.LaterFact{}, Left: l.Left}
	for _, k := range l.Kinds {
		out.Kinds = append(out.Kinds, view.KindCount(k))
	}
	for _, f := range l.Facts {
		out.Facts = append(out.Facts, view.LaterFact{
			ID: f.Entry, Kind: f.Kind, Story: f.Story, By: f.By, Recorded: stamp(f.Recorded), Happened: stampOrNil(f.Happened), Learned: f.Learned,
		})
	}
	return out
}

func axesView(a workbench.TimeAxes, now time.Time) view.Axes {
	v := view.Axes{
		From: stamp(a.From), To: stamp(a.To), Now: stamp(now), Hours: []view.HourTick{}, Marks: markViews(a.Marks), Happened: markViews(a.Happened), Left: a.Left,
		EvidenceFirst: stampOrNil(&a.First), EvidenceLast: stampOrNil(&a.Last),
	}
	for _, h := range a.Hours {
		v.Hours = append(v.Hours, view.HourTick{Hour: stamp(h.Hour), Entries: h.Entries})
	}
	return v
}

func markViews(in []workbench.AxisMark) []view.AxisMark {
	out := []view.AxisMark{}
	for _, m := range in {
		out = append(out, view.AxisMark{At: stamp(m.At), Recorded: stamp(m.Recorded), ID: m.Entry, Kind: string(m.Kind), Text: m.Text, By: m.Name})
	}
	return out
}

// entryView is an entry of the record for the page.
func entryView(t workbench.Told) view.RecordEntry {
	return view.RecordEntry{
		ID: t.ID, Kind: t.Kind, Story: t.Story, Author: t.Author, AuthorName: t.Name, Role: incident.Role(t.Role).Title(), Seq: t.Seq, Recorded: stamp(t.Recorded), Refused: t.Refused,
		Withheld: t.Withheld, Lane: t.Lane, Body: t.Data, Line: t.Line,
	}
}
