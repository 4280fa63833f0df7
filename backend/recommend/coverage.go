package recommend

import (
	"fmt"
	"strings"

	"adjutant/backend/detect"
)

// forBlindSpots proposes to collect what is missing, once for each host and log.
func (r *Rule) forBlindSpots(cov detect.Coverage) []Recommendation {
	var out []Recommendation
	at := map[string]int{}
	for _, b := range cov.BlindSpots {
		if !has(r.Blind, b.Kind) {
			continue
		}
		target := spotName(b)
		if i, have := at[target]; have {
			out[i].Why += " " + b.Text
			out[i].Rows = append(out[i].Rows, b.Rows...)
			continue
		}
		if len(out) == MaxTargets {
			break
		}
		fill := strings.NewReplacer("{target}", target, "{spot}", b.Text)
		rec := Recommendation{ID: r.id(target), Action: r.Action, Title: fill.Replace(r.Title), Why: fill.Replace(r.Why), Rule: r.ID, Severity: r.severity, Target: target, MayDecide: r.MayDecide}
		rec.Rows = append(rec.Rows, b.Rows...)
		for _, c := range r.Changes {
			rec.Changes = append(rec.Changes, fill.Replace(c))
		}
		for _, c := range r.Risks {
			rec.Risks = append(rec.Risks, fill.Replace(c))
		}
		at[target] = len(out)
		out = append(out, rec)
	}
	for i := range out {
		if len(out[i].Rows) > MaxRows {
			out[i].Rows = out[i].Rows[:MaxRows]
		}
	}
	return out
}

// spotName says what is missing: "the Security log of FS01", "the logs of WS-03", or the item's path.
func spotName(b detect.BlindSpot) string {
	switch {
	case b.Host == "":
		return b.Source
	case b.Source == "":
		return "the logs of " + b.Host
	}
	return fmt.Sprintf("the log %s of %s", b.Source, b.Host)
}

// forZones proposes to confirm each zone that nobody has answered for.
func (r *Rule) forZones(facts Facts) []Recommendation {
	var out []Recommendation
	for _, z := range facts.Zones {
		if z.By != "default" || len(out) == MaxTargets {
			continue
		}
		text := fmt.Sprintf("%s holds local times and does not name their zone; they were read as %s because nobody has answered.", z.Path, z.Zone)
		fill := strings.NewReplacer("{target}", z.Path, "{text}", text)
		out = append(out, Recommendation{ID: r.id(z.Path), Action: r.Action, Title: fill.Replace(r.Title), Why: fill.Replace(r.Why), Rule: r.ID,
			Severity: r.severity, Target: z.Path, Changes: r.Changes, Risks: r.Risks, MayDecide: r.MayDecide})
	}
	return out
}
