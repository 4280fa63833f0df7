package workbench

import (
	"context"
	"slices"
	"sort"
	"time"

	"adjutant/backend/attack"
	"adjutant/backend/caserecord"
	"adjutant/backend/document"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
)

// lookup gives the grounding check the rows as they are in the timeline now.
func (b *Bench) lookup(ctx context.Context) document.Lookup { return lookupIn(ctx, b.Timeline()) }

func lookupIn(ctx context.Context, rows *timeline.Timeline) document.Lookup {
	return func(id string) (document.RowFacts, bool) {
		r, err := rows.Row(ctx, rowID(id))
		if err != nil {
			return document.RowFacts{}, false
		}
		f := document.RowFacts{Fields: map[string][]string{}, Text: RowText(r)}
		for _, t := range r.Event.Times {
			f.Times = append(f.Times, t.At)
		}
		for _, x := range r.Event.Fields {
			f.Fields[x.Name] = x.Values
		}
		return f, true
	}
}

// facts gathers what a document may say, as of now, to those who see what look gives.
func (b *Bench) facts(ctx context.Context, look func() sight) (document.Facts, error) {
	view := look()
	s := view.state
	a, err := b.analysisOf(ctx, look)
	if err != nil {
		return document.Facts{}, err
	}
	f := document.Facts{
		Case:         b.documentCase(s),
		AsOf:         document.AsOf{Head: s.Head, Code: caserecord.HeadCode(s.Head), Entries: s.Entries, At: s.Latest},
		Organisation: document.Letterhead{Organisation: s.Case.Organisation},
		Generated:    b.Now().Truncate(time.Second), Promoted: promotedFacts(s), Clocks: b.clocksOf(s, b.Now()), Coverage: a.CoverageLines(),
	}
	f.People = peopleFacts(s, b.Now())
	if c := s.SeverityInForce(); c != nil {
		f.Severity = &document.Severity{Level: c.Data.Level, By: c.Name, Role: c.Data.Role, At: c.Recorded, Reason: c.Data.Reason, Entry: string(c.Entry)}
	}
	if f.KeyRows, err = b.keyRows(ctx, look); err != nil {
		return f, err
	}
	cited := map[string]bool{}
	for _, k := range f.KeyRows {
		cited[k.Row] = true
	}
	for _, p := range f.Promoted {
		for _, r := range p.Rows {
			cited[r] = true
		}
	}
	for _, g := range a.Groups {
		x := document.Group{
			ID: g.ID, Title: g.Title, Severity: g.Severity, Score: g.Score, Hosts: g.Hosts, Users: g.Users, Techniques: texts(g.Techniques), Count: len(g.Findings),
			First: g.First, Last: g.Last, Rows: head(texts(g.Rows), 12),
		}
		if v := s.VerdictInForce(g.ID); v != nil {
			x.Verdict, x.VerdictBy = v.Data.Verdict, v.Name
		}
		for _, r := range x.Rows {
			cited[r] = true
		}
		f.Groups = append(f.Groups, x)
	}
	for _, d := range s.Decisions {
		c := s.DecisionInForce(d.Recommendation)
		if c == nil {
			continue // it awaits a second person, and stands among the open ones
		}
		x := document.Decision{
			Entry: string(c.Entry), Outcome: string(c.Data.Outcome), Title: c.Data.Recommended, Recommended: c.Data.Recommended, By: c.Data.RecommendedBy.Name + " " + c.Data.RecommendedBy.Version,
			Instead: c.Data.Instead, Person: c.Name, Role: c.Data.Role, At: c.Recorded, ReasonCode: c.Data.ReasonCode, Reason: c.Data.Reason,
		}
		for _, r := range c.Data.Rows {
			x.Rows = append(x.Rows, r.RowID)
			cited[r.RowID] = true
		}
		f.Decisions = append(f.Decisions, x)
	}
	for _, r := range a.Recommendations {
		switch {
		case s.DecisionInForce(r.ID) != nil:
		case s.DecisionAwaiting(r.ID) != nil:
			f.Open = append(f.Open, r.Title+" (a decision awaits its second signature)")
		default:
			f.Open = append(f.Open, r.Title)
		}
	}
	for _, it := range s.Evidence {
		if len(it.Received) == 0 || len(it.Imports) == 0 {
			continue
		}
		r, l := it.Received[0], parsedImport(s, it)
		if l == nil {
			f.Evidence = append(f.Evidence, document.EvidenceItem{Path: r.Data.Path, SHA256: it.SHA256, Bytes: r.Data.Bytes, Status: "import undone", Taken: r.Recorded, TakenBy: r.Name})
			continue
		}
		f.Evidence = append(f.Evidence, document.EvidenceItem{
			Path: l.Data.Path, SHA256: it.SHA256, Bytes: r.Data.Bytes, Format: l.Data.Format, Status: l.Data.Status, Parsed: l.Data.Parsed, Taken: r.Recorded, TakenBy: r.Name,
		})
	}
	f.Rows = citedRows(ctx, view.rows, cited)
	return f, nil
}

// peopleFacts lists who holds which role, each once, in the order of the grants.
func peopleFacts(s *caserecord.State, at time.Time) []document.Person {
	var out []document.Person
	for _, r := range s.Roles {
		p := s.Person(r.Person)
		if x := (document.Person{Role: r.Role}); p != nil && r.HeldAt(at) {
			if x.Name = p.Name; !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

func citedRows(ctx context.Context, rows *timeline.Timeline, ids map[string]bool) []document.CitedRow {
	sorted := make([]string, 0, len(ids))
	for id := range ids {
		sorted = append(sorted, id)
	}
	sort.Strings(sorted)
	var out []document.CitedRow
	for _, id := range sorted {
		r, err := rows.Row(ctx, rowID(id))
		if err != nil {
			continue // the check names it: a citation without its row fails
		}
		e := r.Event
		out = append(out, document.CitedRow{
			ID: id, At: r.At, Host: e.Get("host.name"), Path: e.Path, Evidence: e.Evidence.String(), Locator: e.Locator.String(),
			Parser: e.Parser + " " + e.Version, RowHash: digestOf(e.JSON(max(r.Index, 0))),
		})
	}
	return out
}

func promotedFacts(s *caserecord.State) []document.Promoted {
	var out []document.Promoted
	for _, p := range s.Promoted {
		x := document.Promoted{Title: p.Data.Title, Text: p.Data.Text, At: p.At, By: p.Name, Entry: string(p.Entry)}
		if held := s.RolesOf(p.Person, p.Recorded); len(held) > 0 {
			x.Role = held[0]
		}
		for _, c := range p.Data.Rows {
			x.Rows = append(x.Rows, c.RowID)
		}
		out = append(out, x)
	}
	return out
}

// keyRowsEach bounds the rows that one finding gives to the narrative: its first ones tell the story.
const keyRowsEach = 3

// keyRows are the rows that findings mark as telling, for narratives and reports.
func (b *Bench) keyRows(ctx context.Context, look func() sight) ([]document.KeyRow, error) {
	view := look()
	a, err := b.analysisOf(ctx, look)
	if err != nil {
		return nil, err
	}
	total := float64(max(len(a.Report.Findings), 1))
	byRule := map[string]float64{}
	for _, f := range a.Report.Findings {
		byRule[f.Rule.ID]++
	}
	harmless := dismissed(a, view.state)
	var out []document.KeyRow
	for _, f := range a.Report.Findings {
		if f.Severity < incident.SeverityMedium || harmless[f.ID] {
			continue
		}
		for _, id := range head(f.Rows, keyRowsEach) {
			r, err := view.rows.Row(ctx, id)
			if err != nil || r.Index < 0 {
				continue
			}
			e := r.Event
			out = append(out, document.KeyRow{
				Row: string(id), At: r.At, Rule: f.Rule.Title, RuleID: f.Rule.ID, Level: f.Severity, Phase: phase(f.Techniques), Rarity: 1 - (byRule[f.Rule.ID]-1)/total,
				Host: e.Get("host.name"), User: e.Get("user.name"), Address: e.Get("source.ip"), Artefact: artefact(e),
			})
		}
	}
	return out, nil
}

// dismissed are the findings of groups that a person judged harmless, or that the score suggests to be and nobody judged.
func dismissed(a *Analysis, s *caserecord.State) map[string]bool {
	out := map[string]bool{}
	for _, g := range a.Groups {
		v := g.Suggested
		if given := s.VerdictInForce(g.ID); given != nil {
			v = given.Data.Verdict
		}
		if v == incident.VerdictBenign || v == incident.VerdictFalsePositive {
			for _, f := range g.Findings {
				out[f.ID] = true
			}
		}
	}
	return out
}

// artefact is the file, service, process or path that a row is about.
func artefact(e *event.Event) string {
	for _, f := range []string{"service.name", "file.name", "process.name", "url.path"} {
		if v := e.Get(f); v != "" {
			return v
		}
	}
	return ""
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}

// phase is the ATT&CK tactic of a finding's first technique that has one, "" when unknown.
func phase(ts []incident.Technique) string {
	for _, t := range ts {
		if x, ok := attack.Lookup(t); ok && len(x.Tactics) > 0 {
			return string(x.Tactics[0])
		}
	}
	return ""
}
