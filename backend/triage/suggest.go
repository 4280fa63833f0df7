package triage

import (
	"fmt"
	"sort"
	"strings"

	"adjutant/backend/detect"
	"adjutant/backend/incident"
)

// RaiseAt is the score from which the suggested severity lies one step above the worst rule's level.
const RaiseAt = 90.0

// suggest fills severity, verdict and the reason for it. The severity never lies below the floor; the floor is the worst
// rule's level, and one step lower for a habit, whose single rule stands alone each time.
func (d *draft) suggest(g *Group, v *view) {
	if d.recurring && g.Floor > incident.SeverityLow {
		g.Floor--
	}
	g.Severity = g.Floor
	if g.Score >= RaiseAt && g.Severity == incident.SeverityHigh {
		g.Severity = incident.SeverityCritical
	}
	rules, chain, shared := len(d.rules()), g.value("other phases here"), g.value("shared with others")
	switch {
	case d.family == FamilyDeception:
		g.Suggested = incident.VerdictTruePositive
		g.SuggestedWhy = "Text that addresses a model stands in the evidence. It says nothing about the host's other findings."
	case d.family == FamilyVisibility:
		g.Suggested = incident.VerdictUnknown
		g.SuggestedWhy = "A silence or a clock that differs has many causes; ask who runs the machine."
	case d.recurring:
		g.Suggested = incident.VerdictBenign
		g.SuggestedWhy = fmt.Sprintf("The same rule matched the same account %d times at times far apart and nothing else of this phase stands beside it; ask its owner whether it is a job of theirs.", len(d.findings))
	case g.Floor >= incident.SeverityHigh && (rules > 1 || chain > 0 || shared > 0):
		g.Suggested = incident.VerdictTruePositive
		g.SuggestedWhy = "A finding of level " + g.Floor.String() + " does not stand alone: " + d.company(rules, int(chain), int(shared)) + "."
	case g.Floor >= incident.SeverityHigh:
		g.Suggested = incident.VerdictSuspicious
		g.SuggestedWhy = "A finding of level " + g.Floor.String() + " stands alone; look at the rows around it."
	case g.Floor == incident.SeverityMedium:
		g.Suggested = incident.VerdictSuspicious
		g.SuggestedWhy = "The worst finding is of level medium; " + d.company(rules, int(chain), int(shared)) + "."
	default:
		g.Suggested = incident.VerdictUnknown
		g.SuggestedWhy = "The findings are of level low or informational and say little without others."
	}
}

func (g *Group) value(name string) float64 {
	for _, f := range g.Factors {
		if f.Name == name {
			return f.Value
		}
	}
	return 0
}

// company says in words what stands beside the worst finding.
func (d *draft) company(rules, chain, shared int) string {
	var parts []string
	if rules > 1 {
		parts = append(parts, number(rules)+" rules agree")
	}
	if chain > 0 {
		parts = append(parts, phases(chain)+" "+have(chain)+" findings "+at(d.place))
	}
	if shared > 0 {
		places := " other places"
		if shared == 1 {
			places = " other place"
		}
		parts = append(parts, "an account or address recurs in findings of "+number(shared)+places)
	}
	if len(parts) == 0 {
		return "nothing else stands beside it"
	}
	return strings.Join(parts, ", ")
}

// IncidentSeverity suggests a severity for the whole case, with its reasons. It starts from the worst group that looks
// real; data taken, recovery destroyed, or several hosts raise it to critical. A person decides. Without such a group it
// is the worst group's severity, at most medium; without any group it is informational.
func IncidentSeverity(groups []Group) (incident.Severity, []Factor) {
	severity := incident.SeverityInformational
	if len(groups) == 0 {
		return severity, []Factor{{"worst group", 1, 0, "There is no group of findings."}}
	}
	var worst *Group
	hosts, families := map[string]bool{}, map[Family]bool{}
	for i := range groups {
		g := &groups[i]
		if g.Suggested != incident.VerdictTruePositive || g.Family == FamilyDeception {
			continue
		}
		if worst == nil || g.Severity > worst.Severity {
			worst = g
		}
		if g.Severity >= incident.SeverityHigh {
			families[g.Family] = true
			for _, h := range g.Hosts {
				hosts[detect.ShortHost(h)] = true
			}
		}
	}
	if worst == nil {
		for i := range groups {
			if groups[i].Severity > severity {
				severity, worst = groups[i].Severity, &groups[i]
			}
		}
		severity = min(severity, incident.SeverityMedium)
		words := "No group looks confirmed."
		if worst != nil {
			words = fmt.Sprintf("No group looks confirmed; the worst is “%s” (%s).", worst.Title, worst.Severity)
		}
		return severity, []Factor{{"worst group", 1, levelValue[severity], words}}
	}
	severity = worst.Severity
	out := []Factor{{"worst group", 1, levelValue[worst.Severity], fmt.Sprintf("The worst group that looks real is “%s” (%s).", worst.Title, worst.Severity)}}
	raise := 0.0
	add := func(name, words string) {
		out = append(out, Factor{name, 1, 1, words})
		raise++
	}
	if n := len(hosts); n >= 2 {
		add("hosts", fmt.Sprintf("%s hosts have groups of level high or worse: %s.", capital(number(n)), listed(keys(hosts))))
	}
	if families[FamilyTheft] {
		add("data", "Data was collected or sent out.")
	}
	if families[FamilyDamage] {
		add("damage", "Recovery, protection or logs were destroyed.")
	}
	if len(families) >= 4 {
		names := make([]string, 0, len(families))
		for f := range families {
			names = append(names, f.Words())
		}
		sort.Strings(names)
		add("phases", fmt.Sprintf("%s phases of an intrusion are seen: %s.", capital(number(len(families))), strings.Join(names, ", ")))
	}
	if raise >= 2 && severity == incident.SeverityHigh {
		severity = incident.SeverityCritical
	}
	return severity, out
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
