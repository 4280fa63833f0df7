package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/coverpage"
	"adjutant/backend/deadline"
)

// page makes index.html and the privilege log. Both are made from the record as it leaves: they say nothing that the copy
// does not hold.
func (p *packing) page(c *Copying) ([]bundle.Attachment, error) {
	g := coverpage.FromRecord(p.entries)
	g.Case.Written, g.Case.WrittenBy, g.Case.For = p.now, p.b.MyName(), strings.TrimSpace(p.r.To)
	here := map[string]CopyItem{}
	for _, it := range p.items {
		here[it.SHA256] = it
	}
	for i := range g.Items {
		it := here[g.Items[i].SHA256]
		g.Items[i].Here, g.Items[i].Absent = it.Here, it.Why
	}
	for i, d := range p.s.Documents { // the page lists papers in this order
		for _, x := range p.papers {
			if x.Document == d.Document && i < len(g.Papers) {
				g.Papers[i].File = x.File
			}
		}
	}
	g.Clocks = p.clocks()
	g.Verifiers = p.verifiers
	g.Withheld = p.withheld(c)
	g.PrivilegeLog = len(c.Log) > 0
	raw, err := coverpage.Render(g)
	if err != nil {
		return nil, fmt.Errorf("workbench: page of the copy: %w", err)
	}
	out := []bundle.Attachment{inMemory(bundle.KindPage, "", raw)}
	if g.PrivilegeLog {
		out = append(out, inMemory(bundle.KindPrivilege, "", privilegeText(p.s, c.Log, p.now)))
	}
	return out, nil
}

// clocks are those that run or ran from what the record as it leaves declares.
func (p *packing) clocks() []coverpage.Clock {
	var out []coverpage.Clock
	for _, c := range p.b.clocksOf(p.s, p.now) {
		if c.Trigger == nil || c.Strict == nil || c.State == deadline.Waiting {
			continue
		}
		x := coverpage.Clock{
			Duty: c.RegimeName + ": " + c.StageName, Citation: c.Citation, Anchor: c.Trigger.Anchor, AnchorAt: c.Trigger.At, Due: *c.Strict,
			Declared: coverpage.Act{Name: c.Trigger.By, Role: c.Trigger.Role, At: c.Trigger.Recorded, Entry: caserecord.ID(c.Trigger.Entry)},
		}
		switch {
		case c.State == deadline.Submitted && c.Submission != nil:
			x.State = "submitted " + moment(c.Submission.At)
		case c.State == deadline.Missed:
			x.State = "past; no submission is recorded in this copy"
		default:
			x.State = "open"
		}
		out = append(out, x)
	}
	return out
}

// withheld counts what stays out, by ground.
func (p *packing) withheld(c *Copying) []coverpage.Withheld {
	var out []coverpage.Withheld
	add := func(what, ground string) {
		i := slices.IndexFunc(out, func(x coverpage.Withheld) bool { return x.What == what && x.Ground == ground })
		if i < 0 {
			out = append(out, coverpage.Withheld{What: what, Ground: ground})
			i = len(out) - 1
		}
		out[i].Count++
	}
	logged := map[caserecord.ID]bool{}
	for _, l := range c.Log {
		logged[l.Entry] = true
		add("words of entries", "marked or sealed by legal counsel, lane "+l.Lane)
	}
	for _, e := range p.entries {
		if e.Withheld() && !logged[e.ID] {
			add("words of entries", "they are not in the case from which this copy was made")
		}
	}
	for _, it := range p.items {
		if !it.Here {
			add("items of evidence", itemGround(it.Why))
		}
	}
	for _, it := range p.whole.Evidence { // of which this copy does not even hold the receipt
		if p.s.Item(it.SHA256) == nil && p.out.Evidence(it.SHA256) {
			add("items of evidence", itemGround(string(bundle.WhyWithheld)))
		}
	}
	for _, x := range p.papers {
		if x.File == "" {
			add("papers", paperGround(x.Left))
		}
	}
	return out
}

// itemGround says why the bytes of an item are not in the folder.
func itemGround(why string) string {
	switch why {
	case string(bundle.WhyWithheld):
		return "marked by legal counsel"
	case string(bundle.WhyNotAsked):
		return "this copy was made without their bytes"
	case string(bundle.WhyReferenced):
		return "this copy was made without their bytes, which stayed where they were found"
	case string(bundle.WhyPurged):
		return "their bytes were deleted; the record says by whom and why"
	case whyAltered:
		return "their bytes are not what was taken in"
	}
	return "their bytes are not on the laptop that made this copy"
}

// paperGround says why a paper that the record lists is not in the folder.
func paperGround(left string) string {
	switch left {
	case leftNotAsked:
		return "this copy was made without papers"
	case leftDraft:
		return "drafts that nobody has approved"
	case leftNoText:
		return "the record holds their hash alone; their text stayed on another laptop"
	}
	return "marked by legal counsel, or they rest on what is"
}

// privilegeText is privilege-log.txt. A log that is longer than a bundle takes is cut, and says so.
func privilegeText(s *caserecord.State, log []LogLine, at time.Time) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "PRIVILEGE LOG\n\nCase:    %s (%s)\nWritten: %s\n\nThe words of these %s stay out of this copy. The entries themselves are here, with their signatures.\n",
		plainLine(s.Case.Name), s.Case.ID, moment(at), counted(len(log), "entry", "entries"))
	const tail = 256
	for i, l := range log {
		var x strings.Builder
		fmt.Fprintf(&x, "\n%d. Entry %s\n", i+1, l.Entry)
		for _, f := range [][2]string{
			{"kind", string(l.Kind)}, {"recorded", moment(l.Recorded)}, {"signed by", l.Author}, {"lane", l.Lane}, {"matter", l.Matter},
			{"track", string(l.Track)}, {"ground", l.Basis}, {"for", strings.Join(l.Recipients, ", ")},
		} {
			if f[1] != "" {
				fmt.Fprintf(&x, "   %-10s %s\n", f[0]+":", plainLine(f[1]))
			}
		}
		if b.Len()+x.Len() > bundle.MaxSmallFile-tail {
			fmt.Fprintf(&b, "\nThe log is cut here: %d more.\n", len(log)-i)
			break
		}
		b.WriteString(x.String())
	}
	return []byte(b.String())
}

// plainLine makes one inert line of any text: what is no visible character is shown as its number.
func plainLine(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
