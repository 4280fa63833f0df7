package document

import (
	"sort"
	"strings"
	"time"

	"adjutant/backend/incident"
)

// NarrativeOrigin is who made the twin's text.
var NarrativeOrigin = Origin{Kind: OriginComputed, Name: "extract of key rows", Version: "1"}

// Narrative tells the key rows in template sentences, in the order of time: the twin of the model's narrative. Rows of
// the same rule on the same host, account and address become one sentence. When there are more than MaxNarrative, the
// first of each phase stays, then the worse and the rarer ones. Events that persons promoted are told in their words.
// Every sentence passes Check.
func Narrative(keyRows []KeyRow, groups []Group, promoted []Promoted) []Sentence {
	if len(keyRows) == 0 {
		keyRows = fromGroups(groups)
	}
	runs := gather(notTold(keyRows, promoted))
	runs = choose(runs, MaxNarrative)
	type timed struct {
		at time.Time
		s  Sentence
	}
	var all []timed
	for _, r := range runs {
		all = append(all, timed{r.first().At, r.sentence()})
	}
	for _, p := range promoted {
		all = append(all, timed{p.At, p.sentence()})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at.Before(all[j].at) })
	out := make([]Sentence, 0, len(all))
	for _, t := range all {
		out = append(out, t.s)
	}
	return out
}

// notTold leaves out the rows that a person has already put on the incident timeline in their own words.
func notTold(rows []KeyRow, promoted []Promoted) []KeyRow {
	told := map[string]bool{}
	for _, p := range promoted {
		for _, r := range p.Rows {
			told[r] = true
		}
	}
	var out []KeyRow
	for _, k := range rows {
		if !told[k.Row] {
			out = append(out, k)
		}
	}
	return out
}

// fromGroups falls back to one telling row a group when no rows were marked.
func fromGroups(groups []Group) []KeyRow {
	var out []KeyRow
	for _, g := range groups {
		if len(g.Rows) == 0 || g.First.IsZero() {
			continue
		}
		k := KeyRow{Row: g.Rows[0], At: g.First, Rule: g.Title, RuleID: g.ID, Level: g.Severity, Rarity: 1}
		if len(g.Hosts) == 1 {
			k.Host = g.Hosts[0]
		}
		out = append(out, k)
	}
	return out
}

// run is rows that say the same of the same place.
type run struct{ rows []KeyRow }

func (r run) first() KeyRow { return r.rows[0] }
func (r run) last() KeyRow  { return r.rows[len(r.rows)-1] }

func gather(rows []KeyRow) []run {
	type key struct{ rule, host, user, address, artefact string }
	index := map[key]int{}
	seen := map[string]bool{}
	var out []run
	for _, k := range rows {
		if k.Row == "" || k.At.IsZero() || seen[k.RuleID+"\x00"+k.Row] {
			continue
		}
		seen[k.RuleID+"\x00"+k.Row] = true
		id := key{k.Rule, strings.ToLower(k.Host), strings.ToLower(k.User), k.Address, strings.ToLower(k.Artefact)}
		if i, ok := index[id]; ok && len(out[i].rows) < MaxRowsCited {
			out[i].rows = append(out[i].rows, k)
			continue
		}
		index[id] = len(out)
		out = append(out, run{rows: []KeyRow{k}})
	}
	for i := range out {
		sort.SliceStable(out[i].rows, func(a, b int) bool {
			x, y := out[i].rows[a], out[i].rows[b]
			if !x.At.Equal(y.At) {
				return x.At.Before(y.At)
			}
			return x.Row < y.Row
		})
	}
	return out
}

// choose keeps n runs: the worst of each phase first, so that the story has no holes, then by level and rarity.
func choose(runs []run, n int) []run {
	better := func(a, b run) bool {
		x, y := a.first(), b.first()
		switch {
		case x.Level != y.Level:
			return x.Level > y.Level
		case x.Rarity != y.Rarity:
			return x.Rarity > y.Rarity
		case !x.At.Equal(y.At):
			return x.At.Before(y.At)
		}
		return x.Row+x.Rule < y.Row+y.Rule
	}
	sort.SliceStable(runs, func(i, j int) bool { return better(runs[i], runs[j]) })
	if len(runs) <= n {
		return runs
	}
	var kept, rest []run
	phases := map[string]bool{}
	for _, r := range runs {
		if p := r.first().Phase; p != "" && !phases[p] && r.first().Level > incident.SeverityLow {
			phases[p] = true
			kept = append(kept, r)
		} else {
			rest = append(rest, r)
		}
	}
	kept = append(kept, rest...)
	return kept[:n]
}

func (r run) sentence() Sentence {
	f, l := r.first(), r.last()
	s := Sentence{}
	for _, k := range r.rows {
		s.Rows = append(s.Rows, k.Row)
	}
	value := func(k ValueKind, text, row string) string {
		s.Values = append(s.Values, Value{Kind: k, Text: text, Row: row})
		return text
	}
	var b strings.Builder
	host := ""
	if f.Host != "" {
		host = " on " + value(ValueHost, f.Host, f.Row)
	}
	if len(r.rows) == 1 {
		b.WriteString("On " + value(ValueTime, Moment(f.At), f.Row) + host + ": ")
		b.WriteString("“" + value(ValueQuote, f.Rule, "") + "”")
	} else {
		if Moment(f.At) == Moment(l.At) {
			b.WriteString("On " + value(ValueTime, Moment(f.At), f.Row))
		} else {
			b.WriteString("From " + value(ValueTime, Moment(f.At), f.Row) + " to " + value(ValueTime, Moment(l.At), l.Row))
		}
		// Rows, not times: one act may stand in the logs of two sources.
		b.WriteString(host + ", in " + value(ValueCount, itoa(len(r.rows)), "") + nbsp + "rows: “" + value(ValueQuote, f.Rule, "") + "”")
	}
	var with []string
	if f.User != "" {
		with = append(with, "account "+value(ValueUser, f.User, f.Row))
	}
	if f.Address != "" {
		with = append(with, "address "+value(ValueAddress, f.Address, f.Row))
	}
	if f.Artefact != "" {
		with = append(with, value(ValueText, f.Artefact, f.Row))
	}
	if len(with) > 0 {
		b.WriteString(" (" + strings.Join(with, "; ") + ")")
	}
	b.WriteString(".")
	s.Text = b.String()
	return s
}

// sentence tells a promoted event in the words of the person who promoted it.
func (p Promoted) sentence() Sentence {
	s := Sentence{Rows: append([]string(nil), p.Rows...)}
	if p.Entry != "" {
		s.Entries = []string{p.Entry}
	}
	title := strings.TrimSpace(strings.TrimSuffix(p.Title, "."))
	s.Values = []Value{{Kind: ValueQuote, Text: title}, {Kind: ValueQuote, Text: p.By}}
	who := p.By
	if p.Role != "" {
		who += ", " + p.Role.Title() + ","
		s.Values = append(s.Values, Value{Kind: ValueQuote, Text: p.Role.Title()})
	}
	when := ""
	if !p.At.IsZero() {
		m := Moment(p.At)
		when = " for " + m
		s.Values = append(s.Values, Value{Kind: ValueQuote, Text: m}) // the person's statement, which may differ from a row's time
	}
	s.Text = who + " put on the incident timeline" + when + ": “" + title + "”."
	return s
}
