package document

import (
	"fmt"
	"strings"

	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// builders are the parts of a paper that code words, by the name templates use.
var builders map[string]func(*writer) []Clause

func init() { // the map and Draft refer to each other; a plain literal would be a circle
	builders = map[string]func(*writer) []Clause{
		"severity": (*writer).buildSeverity, "counts": (*writer).buildCounts, "next_clock": (*writer).buildNextClock,
		"open_decisions": (*writer).buildOpen, "narrative": (*writer).buildNarrative, "groups_table": (*writer).buildGroups,
		"decisions": (*writer).buildDecisions, "clocks_table": (*writer).buildClocks, "coverage": (*writer).buildCoverage,
		"awareness": (*writer).buildAwareness, "first_step": (*writer).buildFirstStep, "measures": (*writer).buildMeasures,
		"delay": (*writer).buildDelay, "not_yet_known": (*writer).buildUnknown, "plain_start": (*writer).buildPlainStart,
	}
}

func (w *writer) buildSeverity() []Clause {
	s := w.f.Severity
	if s == nil {
		return []Clause{computed("case record", Sentence{Text: "The severity of the incident is still to be declared."})}
	}
	c := Clause{Origin: Origin{Kind: OriginPerson, Name: s.By, Role: s.Role.Title(), At: stamp(s.At)}}
	text := fmt.Sprintf("%s, %s, declared the severity %s on %s.", s.By, s.Role.Title(), s.Level, Moment(s.At))
	c.Sentences = []Sentence{{Text: text, Entries: entry(s.Entry)}}
	if s.Reason != "" {
		c.Sentences = append(c.Sentences, Sentence{Text: "Reason given: " + sentenceCase(s.Reason)})
	}
	return []Clause{c}
}

func entry(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

func (w *writer) buildCounts() []Clause {
	findings, judged := 0, 0
	hosts := map[string]bool{}
	for _, g := range w.f.Groups {
		findings += g.Count
		if g.Verdict != "" {
			judged++
		}
		for _, h := range g.Hosts {
			hosts[strings.ToLower(h)] = true
		}
	}
	text := fmt.Sprintf("The rules raised %s in %s on %s; people have judged %s.",
		count(findings, "finding"), count(len(w.f.Groups), "group"), count(len(hosts), "host"), count(judged, "group"))
	items, rows := len(w.f.Evidence), int64(0)
	for _, e := range w.f.Evidence {
		rows += e.Parsed
	}
	return []Clause{computed("findings", Sentence{Text: text},
		Sentence{Text: fmt.Sprintf("They rest on %s with %s.", count(items, "evidence item"), thousands(rows)+nbsp+"parsed records")})}
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (w *writer) buildNextClock() []Clause {
	var past, next []string
	for _, c := range w.f.Clocks {
		if c.Strict == nil {
			continue
		}
		words := fmt.Sprintf("%s, %s: %s (%s)", c.RegimeName, c.StageName, limit(c.Strict), deadline.Left(w.f.Generated, *c.Strict))
		switch c.State {
		case deadline.Missed:
			past = append(past, words)
		case deadline.Running:
			next = append(next, words)
		}
	}
	var s []Sentence
	if len(past) > 0 {
		s = append(s, Sentence{Text: "By the strict reading these clocks have run out before a submission was recorded: " + strings.Join(past, "; ") + "."})
	}
	if len(next) > 0 {
		s = append(s, Sentence{Text: "The clock that runs out next is " + next[0] + "."})
	}
	if len(s) == 0 {
		s = []Sentence{{Text: "Reporting clocks wait for a person to declare the moment they count from."}}
	}
	return []Clause{computed("clocks", s...)}
}

func (w *writer) buildOpen() []Clause {
	if len(w.f.Open) == 0 {
		return nil
	}
	text := fmt.Sprintf("%s wait for a decision: %s.", count(len(w.f.Open), "recommendation"), some(quoted(w.f.Open), 5))
	if len(w.f.Open) == 1 {
		text = strings.Replace(text, " wait ", " waits ", 1)
	}
	return []Clause{computed("recommendations", Sentence{Text: text})}
}

func quoted(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = "“" + strings.TrimSuffix(s, ".") + "”"
	}
	return out
}

// buildNarrative tells what happened: the given narrative (checked like any other) or the twin's.
func (w *writer) buildNarrative() []Clause {
	sentences, origin := Narrative(w.f.KeyRows, w.f.Groups, w.f.Promoted), NarrativeOrigin
	if n := w.f.Narrative; n != nil && len(n.Sentences) > 0 {
		sentences, origin = n.Sentences, n.Origin
	}
	var out []Clause
	for _, s := range sentences {
		out = append(out, Clause{Origin: origin, Sentences: []Sentence{s}})
	}
	if out == nil {
		out = []Clause{computed("narrative", Sentence{Text: "The timeline holds rows, and people have yet to mark the telling ones."})}
	}
	return out
}

func (w *writer) buildGroups() []Clause {
	if len(w.f.Groups) == 0 {
		return []Clause{computed("findings", Sentence{Text: "The list of findings is empty. The coverage below says what the rules could look at."})}
	}
	t := &Table{Columns: []Column{{"Group", 40, "strong"}, {"Severity", 13, ""}, {"Hosts", 22, ""}, {"Findings", 12, ""}, {"Judged", 18, ""}}}
	for _, g := range w.f.Groups {
		verdict := "open"
		if g.Verdict != "" {
			verdict = strings.ReplaceAll(string(g.Verdict), "-", " ")
		}
		rows := g.Rows
		if len(rows) > 3 {
			rows = rows[:3] // the case holds the rest; a footnote of a hundred rows helps nobody
		}
		t.Rows = append(t.Rows, TableRow{Cells: []string{g.Title, g.Severity.String(), some(g.Hosts, 3), itoa(g.Count), verdict}, Rows: rows})
	}
	return []Clause{Clause{Origin: Origin{Kind: OriginComputed, Name: "triage"}, Table: t}}
}

func (w *writer) buildDecisions() []Clause {
	if len(w.f.Decisions) == 0 {
		return []Clause{computed("case record", Sentence{Text: "Decisions on recommendations are still to be taken."})}
	}
	var out []Clause
	for _, x := range w.f.Decisions {
		verb := map[string]string{"accept": "accepted", "override": "decided against", "reject": "rejected"}[x.Outcome]
		if verb == "" {
			verb = "decided on"
		}
		s := Sentence{Text: fmt.Sprintf("%s, %s, %s “%s” on %s.", x.Person, x.Role.Title(), verb, strings.TrimSuffix(x.Title, "."), Moment(x.At)),
			Rows: first(x.Rows, 3), Entries: entry(x.Entry)}
		c := Clause{Origin: Origin{Kind: OriginPerson, Name: x.Person, Role: x.Role.Title(), At: stamp(x.At)}, Sentences: []Sentence{s}}
		if x.Instead != "" {
			c.Sentences = append(c.Sentences, Sentence{Text: "Instead: " + sentenceCase(x.Instead)})
		}
		if x.Reason != "" {
			c.Sentences = append(c.Sentences, Sentence{Text: "Reason: " + sentenceCase(x.Reason)})
		}
		if x.By != "" {
			c.Sentences = append(c.Sentences, Sentence{Text: "Recommended by " + x.By + "."})
		}
		out = append(out, c)
	}
	return out
}

func first(list []string, n int) []string {
	if len(list) > n {
		return list[:n]
	}
	return list
}

func (w *writer) buildClocks() []Clause {
	t := &Table{Columns: []Column{{"Duty and stage", 36, "strong"}, {"Strict reading", 23, ""}, {"Another reading", 23, ""}, {"State", 18, ""}}}
	noted := map[string]bool{}
	for _, c := range w.f.Clocks {
		if c.Trigger == nil && c.State == deadline.Waiting && c.Submission == nil {
			continue // what waits for a declaration is on the board; here it would bury the rest
		}
		state := strings.ReplaceAll(string(c.State), "-", " ")
		if c.Strict != nil && c.State == deadline.Running {
			state = deadline.Left(w.f.Generated, *c.Strict)
		}
		row := TableRow{Cells: []string{c.RegimeName + ", " + c.StageName, limit(c.Strict), limit(c.Extended), state}}
		if c.Trigger != nil && !noted[c.Trigger.Entry] { // one declaration starts many clocks; it is noted once
			row.Entries = entry(c.Trigger.Entry)
			noted[c.Trigger.Entry] = true
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return []Clause{computed("clocks", Sentence{Text: "Reporting clocks wait for a person to declare the moment they count from."})}
	}
	return []Clause{Clause{Origin: Origin{Kind: OriginComputed, Name: "deadline"}, Table: t}}
}

func (w *writer) buildCoverage() []Clause {
	if len(w.f.Coverage) == 0 {
		return []Clause{computed("coverage", Sentence{Text: "The coverage has yet to be worked out; until then this paper makes no statement about what was absent.", Absence: true})}
	}
	var out []Clause
	for _, s := range w.f.Coverage {
		out = append(out, computed("coverage", Sentence{Text: sentenceCase(s), Absence: true}))
	}
	return out
}

func (w *writer) buildAwareness() []Clause {
	if w.clock == nil || w.clock.Trigger == nil {
		return []Clause{computed("clocks", Sentence{Text: "The moment of awareness is still to be declared by a person."})}
	}
	t := w.clock.Trigger
	role := incident.Role(t.Role).Title()
	text := fmt.Sprintf("The controller became aware of the breach on %s (%s), as declared by %s, %s.", Moment(t.At), local(t), t.By, role)
	c := Clause{Lead: "Awareness.", Origin: Origin{Kind: OriginPerson, Name: t.By, Role: role, At: stamp(t.Recorded)},
		Sentences: []Sentence{{Text: text, Entries: entry(t.Entry)}}}
	if t.Basis != "" {
		c.Sentences = append(c.Sentences, Sentence{Text: "Basis: " + sentenceCase(t.Basis)})
	}
	return []Clause{c}
}

// local is the trigger's moment in the zone it was declared in.
func local(t *deadline.Trigger) string {
	at := inZone(t.At, t.TZ)
	return limit(&at)
}

// buildFirstStep names the first telling row. It says "recorded" and not "began": what came before may be unseen.
func (w *writer) buildFirstStep() []Clause {
	k := w.earliest()
	if k == nil {
		return nil
	}
	m := Moment(k.At)
	s := Sentence{Text: "The first recorded step that the rules count to the incident is of " + m + ".", Rows: []string{k.Row},
		Values: []Value{{Kind: ValueTime, Text: m, Row: k.Row}}}
	c := computed("first key row", s)
	c.Lead = "First recorded step."
	return []Clause{c}
}

// earliest is the first row that a person promoted or that a rule above low level marks, else the first of all.
func (w *writer) earliest() *KeyRow {
	best := w.firstPromoted()
	for i := range w.f.KeyRows {
		k := &w.f.KeyRows[i]
		if k.At.IsZero() || k.Row == "" {
			continue
		}
		telling := k.Level > incident.SeverityLow
		if best == nil || telling && best.Level <= incident.SeverityLow ||
			telling == (best.Level > incident.SeverityLow) && (k.At.Before(best.At) || k.At.Equal(best.At) && k.Row < best.Row) {
			best = k
		}
	}
	return best
}

// firstPromoted is the first row that a person put on the incident timeline, as a telling row; nil when there is none.
func (w *writer) firstPromoted() *KeyRow {
	var best *KeyRow
	for _, p := range w.f.Promoted {
		for _, id := range p.Rows {
			for _, r := range w.f.Rows {
				if r.ID == id && !r.At.IsZero() && (best == nil || r.At.Before(best.At) || r.At.Equal(best.At) && id < best.Row) {
					best = &KeyRow{Row: id, At: r.At, Host: r.Host, Level: incident.SeverityCritical}
				}
			}
		}
	}
	return best
}

// buildPlainStart tells staff the day alone.
func (w *writer) buildPlainStart() []Clause {
	k := w.earliest()
	if k == nil {
		return nil
	}
	day := Day(k.At)
	s := Sentence{Text: "We are dealing with a security incident on some of our computers. The first trace of it is of " + day + ".",
		Rows: []string{k.Row}, Values: []Value{{Kind: ValueTime, Text: day, Row: k.Row}}}
	return []Clause{computed("first key row", s)}
}

// buildMeasures lists what was decided to be done: accepted steps, and what stands instead of overridden ones.
func (w *writer) buildMeasures() []Clause {
	var out []Clause
	for _, x := range w.f.Decisions {
		what := x.Title
		switch x.Outcome {
		case "accept":
		case "override":
			what = x.Instead
		default:
			continue
		}
		c := Clause{Origin: Origin{Kind: OriginPerson, Name: x.Person, Role: x.Role.Title(), At: stamp(x.At)},
			Sentences: []Sentence{{Text: fmt.Sprintf("Ordered on %s: %s", Moment(x.At), sentenceCase(what)), Entries: entry(x.Entry)}}}
		out = append(out, c)
	}
	return out
}

func (w *writer) buildDelay() []Clause {
	if w.clock == nil || w.clock.Strict == nil {
		return []Clause{computed("clocks", Sentence{Text: "The 72" + nbsp + "hours are computed once the moment of awareness is declared."})}
	}
	text := "This paper was drafted on " + Moment(w.f.Generated) + ", before the 72" + nbsp + "hours end by the strict reading."
	if w.late() {
		text = "This paper was drafted on " + Moment(w.f.Generated) + ", after the 72" + nbsp + "hours ended by the strict reading."
	}
	return []Clause{computed("clocks", Sentence{Text: text})}
}

// buildUnknown lists the fields that persons left open.
func (w *writer) buildUnknown() []Clause {
	var open []string
	empty := 0
	for _, s := range w.d.Slots {
		if IsNotYetKnown(s.Value) {
			open = append(open, lowerFirst(s.Label))
		}
		if s.Value == "" && s.Required {
			empty++
		}
	}
	if empty > 0 {
		return []Clause{computed("fields", Sentence{Text: count(empty, "field") + " of this draft wait to be filled in or to be marked as not yet known."})}
	}
	if len(open) == 0 {
		return []Clause{computed("fields", Sentence{Text: "Every field of this notice has been answered; corrections follow without undue further delay."})}
	}
	return []Clause{computed("fields", Sentence{Text: "Not yet known: " + list(open) + ". This information follows in phases without undue further delay."})}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
