package decision

import (
	"fmt"
	"strings"
)

// Change is what an act would do, as far as the workbench knows.
type Change struct {
	Outcome  Outcome
	Title    string // of the recommendation or group
	Instead  string // what is done instead, for an override
	Owner    string // role that gets the task, in words
	From, To string // severity or verdict before and after
	Findings int    // findings a verdict covers
	Suggests string // what the rule suggested, for severity and verdict
	Voids    []string
	Second   []string // roles of which another person signs too; nil when one signature is enough
}

// Consequences says what happens when the person signs, and what does not. The program never acts on other machines.
func Consequences(c Change) []string {
	var out []string
	add := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	owner := c.Owner
	if owner == "" {
		owner = "the section in charge"
	}
	switch c.Outcome {
	case Accept:
		add("“%s” becomes a task for %s.", c.Title, owner)
		add("People carry it out; this program changes nothing on other machines.")
	case Override:
		add("“%s” is closed as not followed. The record keeps it with your reason.", c.Title)
		add("Instead, this becomes a task for %s: %s", owner, c.Instead)
	case Reject:
		add("“%s” is closed as rejected and no task is made. The record keeps it with your reason.", c.Title)
	case Severity:
		if c.From == "" {
			add("The severity of the incident is declared %s.", c.To)
		} else {
			add("The severity of the incident changes from %s to %s.", c.From, c.To)
		}
		if c.Suggests != "" && c.Suggests != c.To {
			add("The rules suggest %s; the difference stands in the record with your reason.", c.Suggests)
		}
		add("No clock starts or stops by this: clocks run from declared moments.")
	case Verdict:
		n := fmt.Sprintf("%d findings are", c.Findings)
		if c.Findings == 1 {
			n = "1 finding is"
		}
		add("“%s”: %s judged %s.", c.Title, n, c.To)
		if c.Suggests != "" && c.Suggests != c.To {
			add("The rules suggest %s; the difference stands in the record with your reason.", c.Suggests)
		}
		add("Score and findings stay as they are and can be judged again.")
	}
	for _, v := range c.Voids {
		add("The approval of “%s” no longer holds, because its facts change.", v)
	}
	if len(c.Second) > 0 {
		add("Two persons sign this: it is not in force, and shows as waiting, until somebody else as %s has signed too.", strings.Join(c.Second, " or "))
	}
	add("Your name, role, reason and what you see here are signed into the case record and cannot be taken back, only superseded.")
	return out
}
