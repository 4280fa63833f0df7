package triage

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"adjutant/backend/detect"
	"adjutant/backend/incident"
)

// Weights of the factors. Value × weight adds to the score; a change of one is a change of Version.
const (
	weightLevel     = 10.0 // × 0, 1, 3, 6, 9 for informational to critical
	weightRules     = 3.0  // × further rules that agree, at most 5
	weightChain     = 4.0  // × other phases on the same host, at most 5
	weightShared    = 4.0  // × other hosts that share an account or outside address, at most 3
	weightOutside   = 3.0  // an address outside private ranges takes part
	weightHours     = 3.0  // everything lies outside working hours
	weightImportant = 10.0 // a host that a person marked
	weightHabit     = -20.0
	weightPlanted   = 0.0 // shown, and by P10 worth nothing
)

var levelValue = map[incident.Severity]float64{
	incident.SeverityInformational: 0, incident.SeverityLow: 1, incident.SeverityMedium: 3, incident.SeverityHigh: 6, incident.SeverityCritical: 9,
}

// view is what all groups together say about hosts, accounts and addresses.
type view struct {
	families map[string]map[Family]bool // by host: phases with a finding of medium or worse
	hostsOf  map[string]map[string]bool // by account or outside address: hosts of such findings
	planted  map[string]int             // by host: events with text for a model
}

func overview(drafts []*draft) *view {
	v := &view{families: map[string]map[Family]bool{}, hostsOf: map[string]map[string]bool{}, planted: map[string]int{}}
	for _, d := range drafts {
		for i := range d.findings {
			f := &d.findings[i]
			if d.family == FamilyDeception {
				v.planted[d.place] += int(f.Count)
			}
			if !counts(d, f) {
				continue
			}
			if v.families[d.place] == nil {
				v.families[d.place] = map[Family]bool{}
			}
			v.families[d.place][d.family] = true
			for _, k := range links(f) {
				if v.hostsOf[k] == nil {
					v.hostsOf[k] = map[string]bool{}
				}
				v.hostsOf[k][d.place] = true
			}
		}
	}
	return v
}

// counts says whether a finding speaks for others: what cannot be seen and what speaks to a model do not.
func counts(d *draft, f *detect.Finding) bool {
	return f.Severity >= incident.SeverityMedium && d.family != FamilyDeception && d.family != FamilyVisibility && !d.recurring && d.place != ""
}

// links are the accounts and outside addresses of a finding.
func links(f *detect.Finding) []string {
	var out []string
	for _, u := range f.Users {
		if Person(u) {
			out = append(out, "account "+strings.ToLower(u))
		}
	}
	for _, e := range f.Entities {
		if (e.Type == detect.EntitySource || e.Type == detect.EntityDestination) && Outside(e.Value) {
			out = append(out, "address "+e.Value)
		}
	}
	if len(f.Users) > 10 { // a spray names everybody
		return nil
	}
	return out
}

// Person says whether an account name may stand for a person or a service of the victim, not for the system itself.
func Person(user string) bool {
	if i := strings.LastIndexByte(user, '\\'); i >= 0 {
		user = user[i+1:]
	}
	switch strings.ToLower(user) {
	case "", "-", "system", "localsystem", "local service", "network service", "localservice", "networkservice", "anonymous logon", "n/a", "www-data", "nobody":
		return false
	}
	return !strings.HasSuffix(user, "$") && !strings.HasPrefix(strings.ToUpper(user), "DWM-") && !strings.HasPrefix(strings.ToUpper(user), "UMFD-")
}

// Outside says whether an address lies outside private, local, link-local and multicast ranges.
func Outside(addr string) bool {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	a = a.Unmap()
	return !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsMulticast() && !a.IsUnspecified()
}

// factors computes the parts of the score in the order in which they are shown. Only those that apply are listed.
func (d *draft) factors(g *Group, c Context, v *view) []Factor {
	worst := d.worst()
	out := []Factor{{"rule level", weightLevel, levelValue[worst.Severity],
		fmt.Sprintf("The worst finding is of level %s: “%s”.", worst.Severity, worst.Rule.Title)}}
	add := func(name string, weight, value float64, words string, args ...any) {
		if value != 0 {
			out = append(out, Factor{name, weight, value, fmt.Sprintf(words, args...)})
		}
	}
	if n := len(d.rules()); n > 1 {
		add("rules agree", weightRules, atMost(n-1, 5), "%d different rules or detectors found something here (%s).", n, strings.Join(d.tactics(), ", "))
	}
	if d.family != FamilyDeception && d.family != FamilyVisibility {
		d.context(g, c, v, add)
	}
	if d.recurring {
		add("habit", weightHabit, 1, "The same rule matched %d times for the same account at times far apart, as a scheduled job would.", len(d.findings))
	}
	if n := v.planted[d.place]; n > 0 {
		add("text for a model", weightPlanted, float64(n), "Events here that hold text written for a language model: %d. By rule that changes no score and no verdict.", n)
	}
	return out
}

// context adds what stands around the group.
func (d *draft) context(g *Group, c Context, v *view, add func(string, float64, float64, string, ...any)) {
	others := 0
	for fam := range v.families[d.place] {
		if fam != d.family {
			others++
		}
	}
	if others > 0 && !d.recurring {
		add("other phases here", weightChain, atMost(others, 5), "%s %s findings %s.", capital(phases(others)), have(others), at(d.place))
	}
	far, by := map[string]bool{}, ""
	outside := ""
	for i := range d.findings {
		for _, k := range links(&d.findings[i]) {
			n := 0
			for h := range v.hostsOf[k] {
				if h != d.place {
					far[h] = true
					n++
				}
			}
			if n > 0 && (by == "" || k < by) {
				by = k
			}
			if strings.HasPrefix(k, "address ") && (outside == "" || k < outside) {
				outside = k
			}
		}
	}
	if len(far) > 0 && !d.recurring {
		add("shared with others", weightShared, atMost(len(far), 3), "The %s also stands in findings of %s.", by, listed(keys(far)))
	}
	if outside != "" {
		add("outside address", weightOutside, 1, "The %s, outside private ranges, takes part.", outside)
	}
	if c.Zone != nil && !g.First.IsZero() && nightly(g.First, g.Last, c.Zone) {
		add("outside working hours", weightHours, 1, "Everything lies between 19:00 and 06:00 or on a weekend (%s).", c.Zone)
	}
	for _, h := range c.Important {
		if detect.ShortHost(h) == d.place {
			add("important host", weightImportant, 1, "%s is marked as important.", h)
			break
		}
	}
}

func phases(n int) string {
	if n == 1 {
		return "one other phase of an intrusion"
	}
	return number(n) + " other phases of an intrusion"
}

func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// at says where: on a host, or from an address when no host is known.
func at(place string) string {
	if _, err := netip.ParseAddr(place); err == nil {
		return "from " + place
	}
	return "on " + place
}

func atMost(n, top int) float64 { return math.Min(float64(n), float64(top)) }

func listed(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", len(names)-3)
	}
	return strings.Join(names, ", ")
}

// nightly says whether the whole stretch lies outside working hours: at most half a day, both ends at night or on a weekend.
func nightly(first, last time.Time, zone *time.Location) bool {
	off := func(t time.Time) bool {
		t = t.In(zone)
		return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || t.Hour() >= 19 || t.Hour() < 6
	}
	return last.Sub(first) <= 12*time.Hour && off(first) && off(last)
}

func number(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
