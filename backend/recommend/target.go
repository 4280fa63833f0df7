package recommend

import (
	"net/netip"
	"strings"

	"adjutant/backend/detect"
	"adjutant/backend/triage"
)

// targets finds what a rule's recommendations are about, each with the findings that name it.
var targets = map[string]func(*Rule, *triage.Group) map[string][]*detect.Finding{
	// The host of the group, or what stands for it.
	"place": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string {
			switch {
			case len(f.Hosts) > 0:
				return f.Hosts[:1]
			case has(f.Techniques, "T1562.008"):
				return []string{"the cloud account"}
			}
			return []string{"the source of these events"}
		})
	},
	// One recommendation for the whole case.
	"case": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(*detect.Finding) []string { return []string{"this case"} })
	},
	"host": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string { return f.Hosts })
	},
	// An account that got in after failures.
	"winner": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string { return entities(f, detect.EntityWinner) })
	},
	// An account that was made or given rights.
	"account": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string { return accounts(entities(f, detect.EntityAccount)) })
	},
	// An account that did it.
	"actor": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string {
			if len(f.Users) > 5 {
				return nil // where many act, none is named by it
			}
			return accounts(f.Users)
		})
	},
	"address": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string {
			return outside(entities(f, detect.EntitySource, detect.EntityDestination))
		})
	},
	"cloud-key": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string { return entities(f, detect.EntityCloudKey) })
	},
	"indicator": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string {
			return append(outside(entities(f, detect.EntitySource, detect.EntityDestination)), entities(f, detect.EntityDomain, detect.EntityHash)...)
		})
	},
	// The clock that runs ahead; which of the two is right nobody knows yet.
	"clock": func(r *Rule, g *triage.Group) map[string][]*detect.Finding {
		return collect(r, g, func(f *detect.Finding) []string {
			for _, m := range f.Matched {
				if m.Field == "ahead" {
					return []string{m.Value}
				}
			}
			return nil
		})
	},
}

func collect(r *Rule, g *triage.Group, of func(*detect.Finding) []string) map[string][]*detect.Finding {
	out := map[string][]*detect.Finding{}
	for i := range g.Findings {
		f := &g.Findings[i]
		if !r.cites(f) {
			continue
		}
		for _, t := range of(f) {
			if list := out[t]; t != "" && (len(list) == 0 || list[len(list)-1] != f) {
				out[t] = append(list, f)
			}
		}
	}
	return out
}

func entities(f *detect.Finding, types ...detect.EntityType) []string {
	var out []string
	for _, e := range f.Entities {
		if has(types, e.Type) {
			out = append(out, e.Value)
		}
	}
	return out
}

// accounts keeps names that a person may disable, without a directory's path around them.
func accounts(users []string) []string {
	var out []string
	for _, u := range users {
		if len(u) >= 3 && strings.EqualFold(u[:3], "CN=") {
			u, _, _ = strings.Cut(u[3:], ",")
		}
		if triage.Person(u) && !strings.EqualFold(u, "root") {
			out = append(out, u)
		}
	}
	return out
}

func outside(addresses []string) []string {
	var out []string
	for _, a := range addresses {
		if triage.Outside(a) {
			out = append(out, a)
		}
	}
	return out
}

// query finds an indicator in the timeline's language.
func query(indicator string) string {
	if a, err := netip.ParseAddr(indicator); err == nil {
		return `source.ip:"` + a.String() + `" OR destination.ip:"` + a.String() + `" OR "` + a.String() + `"`
	}
	return `"` + strings.ReplaceAll(strings.ReplaceAll(indicator, `\`, `\\`), `"`, `\"`) + `"`
}
