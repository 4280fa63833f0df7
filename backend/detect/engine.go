package detect

import (
	"fmt"
	"sort"

	"adjutant/backend/detect/logsource"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

// engine runs the Sigma rules of all packs over the events that their log sources allow.
type engine struct {
	m          *logsource.Map
	classifier *logsource.Classifier
	rules      []*rule
	bySource   [][]*rule // by logsource.Source.Index
	names      []map[string][]string
	events     []int64 // by source
	unrouted   map[string]int64
	match      sigma.Record
	current    *event.Event
	currentIn  map[string][]string
	all        []string // every value of the current event, for keyword searches
	number     int64    // of the current event
	packs      []PackRef
	refused    []NotRun
	otherKind  []NotRun
	unmapped   []Unmapped
	findings   []Finding
}

// rule is one Sigma rule with its open findings.
type rule struct {
	*sigma.Rule
	pack    PackRef
	sources []*logsource.Source
	open    map[string]*gather // by host
	last    int64              // number of the event it matched last: two sources may offer the same event
	matched bool
}

func newEngine(m *logsource.Map, packs []sigma.Pack) *engine {
	n := len(m.Sources())
	e := &engine{m: m, classifier: m.Classifier(), bySource: make([][]*rule, n), names: make([]map[string][]string, n), events: make([]int64, n), unrouted: map[string]int64{}}
	for i := range e.names {
		e.names[i] = map[string][]string{}
	}
	taken := map[string]bool{}
	for _, p := range packs {
		ref := PackRef{Name: p.Name, Version: p.Version, Rules: len(p.Rules)}
		e.packs = append(e.packs, ref)
		for _, r := range p.Refused {
			nr := NotRun{Rule: r.ID, Title: r.Title, Source: r.Source, Reason: r.Reason}
			if r.Kind == sigma.NotApplicable {
				e.otherKind = append(e.otherKind, nr)
			} else {
				e.refused = append(e.refused, nr)
			}
		}
		for _, r := range p.Rules {
			if taken[r.ID] {
				e.refused = append(e.refused, NotRun{r.ID, r.Title, r.Source, "detect: another pack has brought a rule with this id"})
				continue
			}
			taken[r.ID] = true
			e.add(&rule{Rule: r, pack: ref, sources: m.For(r.LogSource), open: map[string]*gather{}, last: -1})
		}
	}
	return e
}

func (e *engine) add(r *rule) {
	e.rules = append(e.rules, r)
	fields := r.Fields()
	unmapped := map[string]bool{}
	for _, s := range r.sources {
		e.bySource[s.Index] = append(e.bySource[s.Index], r)
		for _, f := range fields {
			names, ok := e.m.Names(s, f)
			if !ok {
				unmapped[f] = true
			}
			e.names[s.Index][f] = names
		}
	}
	for _, f := range fields {
		if unmapped[f] {
			e.unmapped = append(e.unmapped, Unmapped{Rule: r.ID, Field: f, LogSource: r.LogSource.String()})
		}
	}
}

func (e *engine) see(r *record) {
	e.number++
	sources := e.classifier.Sources(r.Event)
	if len(sources) == 0 {
		if k := r.source(); e.unrouted[k] > 0 || len(e.unrouted) < MaxSources {
			e.unrouted[k]++
		} else {
			e.unrouted["further logs"]++
		}
		return
	}
	e.current, e.all = r.Event, e.all[:0]
	for _, s := range sources {
		e.events[s.Index]++
		if len(e.bySource[s.Index]) == 0 {
			continue
		}
		e.currentIn = e.names[s.Index]
		e.match.Reset(e.values)
		for _, rule := range e.bySource[s.Index] {
			if rule.last == e.number {
				continue
			}
			if matched, ok := e.match.Match(rule.Rule); ok {
				rule.last = e.number
				e.hit(rule, r, matched)
			}
		}
	}
}

// values answers the matcher: the first of a field's names that the event has.
func (e *engine) values(field string) []string {
	if field == "" {
		if len(e.all) == 0 {
			for _, f := range e.current.Fields {
				e.all = append(e.all, f.Values...)
			}
		}
		return e.all
	}
	for _, n := range e.currentIn[field] {
		if v := e.current.All(n); len(v) > 0 {
			return v
		}
	}
	return nil
}

// eventName is the name under which the event has the field that matched.
func (e *engine) eventName(field string) string {
	for _, n := range e.currentIn[field] {
		if len(e.current.All(n)) > 0 {
			return n
		}
	}
	return field
}

func (e *engine) hit(rule *rule, r *record, matched []sigma.FieldValue) {
	rule.matched = true
	for i := range matched {
		matched[i].Field = e.keyword(matched[i])
	}
	host := ShortHost(r.host)
	if rule.open[host] == nil && len(rule.open) >= MaxHosts {
		host = "\x00further hosts"
	}
	g := rule.open[host]
	if g != nil && (r.At.IsZero() != g.f.First.IsZero() || !r.At.IsZero() && r.At.Sub(g.f.Last) > SessionGap) {
		e.close(rule, g)
		g = nil
	}
	if g == nil {
		g = newGather(KindRule, Rule{ID: rule.ID, Title: rule.Title, Level: rule.Level, Author: rule.Author, Hash: rule.Hash,
			Pack: rule.pack.Name, Version: rule.pack.Version}, rule.Techniques(), host)
		g.f.Tactics = rule.Tactics()
		rule.open[host] = g
	}
	g.add(r, matched)
}

// keyword names the field of a match; for a keyword search, whose field is empty, it is the field that holds the value.
func (e *engine) keyword(m sigma.FieldValue) string {
	if m.Field != "" {
		return e.eventName(m.Field)
	}
	for _, f := range e.current.Fields {
		for _, v := range f.Values {
			if v == m.Value {
				return f.Name
			}
		}
	}
	return "message"
}

func (e *engine) close(rule *rule, g *gather) {
	f := &g.f
	text := fmt.Sprintf("The rule “%s” matched %s", rule.Title, count(f.Count, "event", "events"))
	if len(f.Hosts) > 0 {
		text += " on " + list(f.Hosts, 3)
	}
	if len(f.Users) > 0 {
		text += " (" + plural(len(f.Users), "user", "users") + " " + list(sorted(f.Users), 3) + ")"
	}
	e.findings = append(e.findings, g.done(text+" "+between(f.First, f.Last)+"."))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func sorted(s []string) []string {
	out := append([]string(nil), s...)
	sort.Strings(out)
	return out
}

func (e *engine) finish() []Finding {
	for _, r := range e.rules {
		for _, g := range r.open {
			e.close(r, g)
		}
	}
	return e.findings
}

// report fills in what ran and what did not.
func (e *engine) report(rep *Report) {
	rep.Packs, rep.Failed, rep.Unmapped, rep.Unrouted = e.packs, e.refused, e.unmapped, e.unrouted
	rep.NotApplicable = append(rep.NotApplicable, e.otherKind...)
	rep.Loaded = len(e.rules) + len(e.refused) + len(e.otherKind)
	for _, r := range e.rules {
		reason := ""
		var seen int64
		for _, s := range r.sources {
			seen += e.events[s.Index]
		}
		switch {
		case len(r.sources) == 0 && r.LogSource.Category == "" && r.LogSource.Service == "":
			reason = "its log source (" + r.LogSource.String() + ") names neither category nor service: too wide to run"
		case len(r.sources) == 0:
			reason = "no mapping for its log source (" + r.LogSource.String() + ")"
		case seen == 0:
			reason = "no event of its log source (" + r.LogSource.String() + ") is in this case"
		}
		if reason != "" {
			rep.NotApplicable = append(rep.NotApplicable, NotRun{r.ID, r.Title, r.Source, reason})
			continue
		}
		rep.Ran++
		if r.matched {
			rep.Matched++
		}
	}
	for _, l := range []*[]NotRun{&rep.NotApplicable, &rep.Failed} {
		sort.SliceStable(*l, func(i, j int) bool {
			if (*l)[i].Rule != (*l)[j].Rule {
				return (*l)[i].Rule < (*l)[j].Rule
			}
			return (*l)[i].Source < (*l)[j].Source
		})
	}
	sort.SliceStable(rep.Unmapped, func(i, j int) bool { return rep.Unmapped[i].Rule < rep.Unmapped[j].Rule })
}
