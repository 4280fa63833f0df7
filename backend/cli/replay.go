package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/workbench"
)

func (p *program) recordAt() *cobra.Command {
	var person string
	var diff bool
	c := &cobra.Command{
		Use: "at CASE TIME", Short: "The case as it was known at a time",
		Long: "The case as it was known at a time: RFC 3339, or local time in the case's zone. Times are by the clocks of the laptops that\n" +
			"recorded. Without --as-known-to it is what somebody knew, on any of the laptops whose copies are joined here.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				at, err := deadline.ParseTime(a[1], b.Zone().String())
				if err != nil {
					return usage("%q is no time: give 2026-03-04T05:06:07Z, or 2026-03-04T05:06 in the case's zone", a[1])
				}
				return p.showThen(b, workbench.Moment{At: at, Person: person}, diff)
			})
		},
	}
	c.Flags().StringVar(&person, "as-known-to", "", "what this person (name or id) knew by then")
	c.Flags().BoolVar(&diff, "diff", false, "also what came later, one by one")
	return c
}

func (p *program) recordKnown() *cobra.Command {
	var diff bool
	c := &cobra.Command{
		Use: "known CASE ENTRY", Short: "The case as it was known when an entry was signed",
		Long: "What the author of an entry, for instance a decision, had seen when they signed it. ENTRY is an entry's id or its beginning.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				return p.showThen(b, workbench.Moment{Entry: caserecord.ID(strings.ToLower(a[1]))}, diff)
			})
		},
	}
	c.Flags().BoolVar(&diff, "diff", false, "also what came later, one by one")
	return c
}

func (p *program) showThen(b *workbench.Bench, m workbench.Moment, diff bool) error {
	then, err := b.At(m)
	if err != nil {
		return err
	}
	k := then.Known()
	if p.json {
		if !diff {
			k.Later.Left += len(k.Later.Facts)
			k.Later.Facts = []workbench.LaterFactLine{}
		}
		return p.line(k)
	}
	const layout = "2006-01-02 15:04:05Z"
	switch {
	case k.Of != nil:
		p.say("Known when entry %s was signed, %s:", k.Of.ID[:12], k.At.Format(layout))
		p.sentence("  ", k.Of.Story)
	case k.Person != "":
		p.say("Known to %s at %s:", printable(k.Person), k.At.Format(layout))
	default:
		p.say("Known to somebody at %s:", k.At.Format(layout))
	}
	p.say("  entries    %d of the %d that are here now", k.Entries, k.Now)
	if k.Entries > 0 {
		p.say("  head       %s", k.HeadCode)
	}
	if v := k.Severity; v != nil {
		p.say("  severity   %s, by %s, %s", v.Level, printable(v.By), v.At.Format(layout))
	} else {
		p.say("  severity   not declared")
	}
	p.say("  evidence   %d items; %d notes, %d promoted events", k.Evidence, k.Notes, k.Promoted)
	var verdicts []string
	for _, v := range k.Verdicts {
		verdicts = append(verdicts, fmt.Sprintf("%d %s", v.Count, v.Verdict))
	}
	if len(verdicts) > 0 {
		p.say("  verdicts   %s", strings.Join(verdicts, ", "))
	}
	if k.Conflicts > 0 || k.SetAside > 0 {
		p.say("  open       %d conflicts, %d entries set aside", k.Conflicts, k.SetAside)
	}
	p.sayActs(k, layout)
	p.sayLater(k.Later, layout, diff)
	return nil
}

func (p *program) sayActs(k workbench.KnownThen, layout string) {
	awaits := func(yes bool) string {
		if yes {
			return " (awaited a second signature: not in force)"
		}
		return ""
	}
	for _, x := range k.People {
		roles := "no role"
		if len(x.Roles) > 0 {
			roles = strings.Join(x.Roles, ", ")
		}
		p.say("  person     %s: %s", printable(x.Name), roles)
	}
	for _, d := range k.Decisions {
		p.sentence("  decision   ", fmt.Sprintf("%s %s: %s, by %s%s", d.At.Format(layout), d.Outcome, d.Recommended, d.By, awaits(d.Awaits)))
	}
	for _, t := range k.Triggers {
		p.sentence("  trigger    ", fmt.Sprintf("%s at %s, declared by %s%s", t.Anchor, t.At.Format(layout), t.By, awaits(t.Awaits)))
	}
	for _, c := range k.Clocks {
		if c.State == deadline.Waiting {
			continue
		}
		line := fmt.Sprintf("%s %s: %s", c.RegimeName, c.StageName, c.State)
		if c.Strict != nil {
			line += ", " + c.Strict.UTC().Format(layout)
		}
		p.sentence("  clock      ", line)
	}
	if len(k.Clocks) > 0 {
		p.say("             %s", deadline.ComputedAid)
	}
	for _, d := range k.Documents {
		p.sentence("  document   ", fmt.Sprintf("%s: %s, %s", d.Title, d.State, d.At.Format(layout)))
	}
}

func (p *program) sayLater(l workbench.LaterLine, layout string, diff bool) {
	if l.Entries == 0 {
		p.say("Nothing came later.")
		return
	}
	p.say("%d entries came later:", l.Entries)
	for _, c := range l.Kinds {
		p.say("  %6d %s", c.Count, c.Kind)
	}
	if !diff {
		return
	}
	for _, f := range l.Facts {
		word := "decided"
		if f.Learned {
			word = "learned"
		}
		line := fmt.Sprintf("%s %s: %s", f.Recorded.Format(layout), word, f.Story)
		if f.Happened != nil {
			line += " (happened " + f.Happened.Format(layout) + ")"
		}
		p.sentence("  ", line)
	}
	if l.Left > 0 {
		p.say("  and %d more of these kinds", l.Left)
	}
}
