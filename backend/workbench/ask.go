package workbench

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"adjutant/backend/ask"
	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
)

// Cited is a source of an answer, with the place of the window that shows it.
type Cited struct {
	Text  string `json:"text"`
	Stage string `json:"stage"`
	ID    string `json:"id,omitempty"`
	Query string `json:"query,omitempty"`
}

// Answer is what a plain question got: a visible query with its first rows, or a status answer from the record.
type Answer struct {
	By          Maker
	Kind        string // query, status, none
	Query       string
	Total       int64
	Text        string
	Cites       []Cited
	Suggestions []string
}

// Line is the answer as `ask --json` prints it.
func (a Answer) Line() map[string]any {
	out := map[string]any{"by": "grammar", "kind": a.Kind, "citations": orEmpty(a.Cites)}
	if a.Query != "" {
		out["query"], out["total"] = a.Query, a.Total
	}
	out["answer"] = a.Text
	if len(a.Suggestions) > 0 {
		out["suggestions"] = a.Suggestions
	}
	return out
}

// askShown is how many rows or lines an answer names; the query leads to the rest.
const askShown = 10

// Ask reads a question by the grammar and answers it from the rows or the record. No model takes part.
func (b *Bench) Ask(ctx context.Context, question string) (Answer, error) {
	v, err := b.vocabulary(ctx)
	if err != nil {
		return Answer{}, err
	}
	r, _ := ask.Parse(question, v)
	a := Answer{By: Maker{Kind: "computed", Name: "grammar of common questions", Version: "1"}, Kind: string(r.Kind), Text: r.Text, Suggestions: r.Suggestions}
	switch r.Kind {
	case ask.KindQuery:
		err = b.answerQuery(ctx, r, &a)
	case ask.KindStatus:
		err = b.answerStatus(ctx, r, &a)
	}
	for _, n := range r.Notes {
		a.Text += " " + n
	}
	return a, err
}

// vocabularySize bounds the names that a question may use; a case with more is asked by query.
const vocabularySize = 5000

func (b *Bench) vocabulary(ctx context.Context) (ask.Vocabulary, error) {
	v := ask.Vocabulary{Now: b.Now(), Zone: b.Zone()}
	for _, f := range []struct {
		field string
		into  *[]string
	}{{"host.name", &v.Hosts}, {"user.name", &v.Users}, {"event.dataset", &v.Sources}} {
		got, err := b.Timeline().Facet(ctx, query.All{}, nil, f.field, vocabularySize)
		if err != nil {
			return v, err
		}
		for _, c := range got.Values {
			*f.into = append(*f.into, c.Value)
		}
	}
	h, err := b.Timeline().Histogram(ctx, query.All{}, nil, timeline.Buckets{N: 1})
	v.First, v.Last = h.From, h.To
	return v, err
}

func (b *Bench) answerQuery(ctx context.Context, r ask.Reading, a *Answer) error {
	a.Query = r.Query.String()
	if r.Want == ask.WantValues {
		for _, f := range r.Fields {
			got, err := b.Timeline().Facet(ctx, r.Query, b.Notes(), f, askShown)
			if err != nil {
				return err
			}
			a.Total = int64(got.Distinct)
			for _, c := range got.Values {
				a.Cites = append(a.Cites, Cited{Text: fmt.Sprintf("%s: %d rows", c.Value, c.N), Stage: "timeline", Query: query.Both(r.Query, query.Term(f, c.Value)).String()})
			}
		}
		return nil
	}
	o := timeline.Options{Limit: askShown, Notes: b.Notes()}
	switch r.Want {
	case ask.WantFirst:
		o.Limit = 1
	case ask.WantLast:
		o.Limit, o.Descending = 1, true
	case ask.WantCount:
		o.Limit = 1
	}
	page, err := b.Timeline().Page(ctx, r.Query, o)
	if err != nil {
		return err
	}
	a.Total = page.Total
	if page.Total == 0 {
		a.Text += " No row matches in what was read; see the blind spots for what was not."
		return nil
	}
	if r.Want == ask.WantCount {
		a.Text += fmt.Sprintf(" %d rows match.", page.Total)
		return nil
	}
	for _, row := range page.Rows {
		a.Cites = append(a.Cites, Cited{Text: RowText(row), Stage: "timeline", ID: string(row.ID), Query: a.Query})
	}
	if page.Total > int64(len(page.Rows)) && o.Limit > 1 {
		a.Text += fmt.Sprintf(" %d rows match; the first %d are named.", page.Total, len(page.Rows))
	}
	return nil
}

func (b *Bench) answerStatus(ctx context.Context, r ask.Reading, a *Answer) error {
	s := b.State()
	cite := func(stage, id, format string, v ...any) {
		a.Cites = append(a.Cites, Cited{Text: fmt.Sprintf(format, v...), Stage: stage, ID: id})
	}
	switch r.Status {
	case ask.StatusOverdue, ask.StatusDeadlines:
		b.answerClocks(r.Status == ask.StatusOverdue, a)
	case ask.StatusSeverity:
		if c := s.SeverityInForce(); c != nil {
			a.Text = fmt.Sprintf("%s, declared by %s as %s on %s.", upper(c.Data.Level.String()), c.Name, c.Data.Role.Title(), moment(c.Recorded))
			cite("decision", string(c.Entry), "Reason: %s", c.Data.Reason)
		} else {
			a.Text = "No severity is in force."
		}
		if c := s.SeverityAwaiting(); c != nil {
			a.Text += fmt.Sprintf(" %s declared %s on %s; that awaits a second signature and is not in force.", c.Name, c.Data.Level, moment(c.Recorded))
			cite("decision", string(c.Entry), "Awaits a second person: %s", c.Data.Level)
		} else if s.Severity.Current == nil {
			a.Text = "Nobody has declared a severity."
		}
	case ask.StatusOpen:
		an, err := b.Analysis(ctx)
		if err != nil {
			return err
		}
		for _, x := range an.Recommendations {
			switch {
			case s.DecisionInForce(x.ID) != nil:
			case s.DecisionAwaiting(x.ID) != nil:
				cite("decision", x.ID, "%s (%s); a decision awaits its second signature", x.Title, x.Severity)
			default:
				cite("decision", x.ID, "%s (%s)", x.Title, x.Severity)
			}
		}
		a.Text = fmt.Sprintf("%d recommendations wait for a decision.", len(a.Cites))
	case ask.StatusDecisions, ask.StatusWhoDecided:
		b.answerDecisions(s, r.About, a)
	case ask.StatusChanged:
		since := r.Since
		if since.IsZero() {
			since = b.Since()
		}
		for _, c := range b.Changed(since, 200) {
			if r.Until.IsZero() || c.At.Before(r.Until) {
				cite("record", c.ID, "%s: %s", moment(c.At), c.Text)
			}
		}
		a.Text = fmt.Sprintf("%d entries were recorded since %s.", len(a.Cites), moment(since))
	case ask.StatusRoles:
		for _, h := range s.Roles {
			if h.HeldAt(b.Now()) && (r.About == "" || strings.Contains(strings.ToLower(h.Role.Title()), strings.ToLower(r.About))) {
				if p := s.Person(h.Person); p != nil {
					cite("record", string(h.Entry), "%s: %s, since %s%s", h.Role.Title(), p.Name, moment(h.From), basisWords(h))
				}
			}
		}
		a.Text = fmt.Sprintf("%d roles are held.", len(a.Cites))
	case ask.StatusEvidence:
		counts := map[string]int{}
		items := b.EvidenceItems()
		for _, it := range items {
			counts[it.Status]++
		}
		names := make([]string, 0, len(counts))
		for n := range counts {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			cite("evidence", n, "%d %s", counts[n], n)
		}
		a.Text = fmt.Sprintf("%d items were taken in.", len(items))
	case ask.StatusBlindSpots:
		an, err := b.Analysis(ctx)
		if err != nil {
			return err
		}
		for _, t := range an.CoverageLines() {
			cite("evidence", "", "%s", t)
		}
		a.Text = fmt.Sprintf("%d blind spots are known.", len(a.Cites))
	}
	if len(a.Cites) > 200 {
		a.Cites = a.Cites[:200]
	}
	return nil
}

func (b *Bench) answerClocks(overdue bool, a *Answer) {
	now := b.Now()
	n := 0
	for _, c := range b.Clocks() {
		if c.Strict == nil || (c.State != deadline.Running && c.State != deadline.Missed) || overdue && c.State != deadline.Missed {
			continue
		}
		n++
		a.Cites = append(a.Cites, Cited{Text: fmt.Sprintf("%s, %s: %s (%s); %s", c.RegimeName, c.StageName, moment(*c.Strict), deadline.Left(now, *c.Strict), c.Citation), Stage: "deadline", ID: c.ID})
	}
	switch {
	case overdue && n == 0:
		a.Text = "No clock that runs has passed its strict reading without a recorded submission."
	case overdue:
		a.Text = fmt.Sprintf("%d clocks have passed their strict reading without a recorded submission.", n)
	default:
		a.Text = fmt.Sprintf("%d clocks run.", n)
	}
	a.Text += " " + deadline.ComputedAid
}

func (b *Bench) answerDecisions(s *caserecord.State, about string, a *Answer) {
	about = strings.ToLower(about)
	for _, d := range s.Decisions {
		c := d.Current
		if about != "" && !strings.Contains(strings.ToLower(c.Data.Recommended+" "+c.Data.Instead+" "+c.Data.Target+" "+c.Data.Action), about) {
			continue
		}
		text := fmt.Sprintf("%s, %s, %s on %s: %s", c.Name, c.Data.Role.Title(), past(c.Data.Outcome), moment(c.Recorded), c.Data.Recommended)
		if s.Awaits(c.Entry) {
			text += " (awaits a second signature, not in force)"
		}
		if c.Data.Reason != "" {
			text += ". Reason: " + c.Data.Reason
		}
		a.Cites = append(a.Cites, Cited{Text: text, Stage: "decision", ID: string(c.Entry)})
	}
	a.Text = fmt.Sprintf("%d signed decisions on recommendations.", len(a.Cites))
	if about != "" {
		a.Text = fmt.Sprintf("%d signed decisions about “%s”.", len(a.Cites), about)
	}
}

func past(o caserecord.Outcome) string {
	switch o {
	case caserecord.OutcomeAccept:
		return "accepted"
	case caserecord.OutcomeOverride:
		return "overrode"
	}
	return "rejected"
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "the beginning"
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}
