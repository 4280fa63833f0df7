package stamp

import (
	"strings"
	"time"
)

// abbreviations are zone names that mean one offset wherever they are used. CST, IST and BST mean several and are left out.
var abbreviations = map[string]int{
	"WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "NZST": 12, "NZDT": 13,
	"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

// ZoneNamed finds the zone of a name as logs write it: an abbreviation with one meaning, an offset, or a name of the zone
// database. nil when it is none of them.
func ZoneNamed(name string) *time.Location {
	name = strings.TrimSpace(name)
	upper := strings.ToUpper(name)
	switch upper {
	case "":
		return nil
	case "UTC", "GMT", "Z":
		return time.UTC
	}
	if h, ok := abbreviations[upper]; ok {
		return time.FixedZone(upper, h*3600)
	}
	if name[0] == '+' || name[0] == '-' {
		c := scanner{s: name, ok: true}
		var p parts
		c.zone(&p)
		if !c.ok || p.offset <= -24*3600 || p.offset >= 24*3600 {
			return nil
		}
		return time.FixedZone(zoneName(p.offset), p.offset)
	}
	if upper == "LOCAL" || len(name) > 48 || strings.ContainsAny(name, `.\ `) {
		return nil // "Local" is this machine's zone, which says nothing about the source
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return l
}
