package deadline

import "sort"

// Anchor is a moment that a person declares and clocks count from.
type Anchor struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Words   string   `json:"words"`
	Regimes []string `json:"regimes"` // ids of the duties that use it
}

// anchorWords is the closed list; a duty file with another anchor is refused.
var anchorWords = map[string]Anchor{
	"aware":                          {Title: "Aware", Words: "The organisation was reasonably certain that the incident happened and touched what the duty protects."},
	"aware_scope":                    {Title: "Aware of breach and scope", Words: "The breach and its extent were both known."},
	"detected":                       {Title: "Detected", Words: "The incident was first detected, by a person or a system."},
	"discovered":                     {Title: "Discovered", Words: "The incident was first known, or would have been known with ordinary care, to anyone of the organisation."},
	"identified":                     {Title: "Identified", Words: "The incident was identified as one of the reportable kinds."},
	"noticed":                        {Title: "Noticed", Words: "The incident was noticed or brought to notice."},
	"suspected":                      {Title: "Suspected", Words: "There was a suspicion, not yet confirmed, that the incident happened."},
	"suspicion":                      {Title: "Grounds to suspect", Words: "There were reasonable grounds to suspect that a breach may have happened."},
	"belief":                         {Title: "Grounds to believe", Words: "There were reasonable grounds to believe that the breach happened."},
	"reasonable_belief":              {Title: "Reasonable belief", Words: "The organisation reasonably believed that a reportable incident happened."},
	"determined":                     {Title: "Determined", Words: "After looking into it, the organisation concluded that the incident meets the duty's description."},
	"confirmed":                      {Title: "Confirmed", Words: "The breach was confirmed."},
	"assessed_notifiable":            {Title: "Assessed as notifiable", Words: "The organisation's own assessment came to the result that the breach falls under the duty."},
	"high_risk_assessed":             {Title: "High risk assessed", Words: "The organisation assessed a high risk to the persons concerned."},
	"materiality_determined":         {Title: "Materiality determined", Words: "The persons responsible determined that the incident is material to investors."},
	"classified_major":               {Title: "Classified as major", Words: "The financial entity classified the incident as major under its procedure."},
	"corrective_measure_available":   {Title: "Corrective measure available", Words: "A corrective or mitigating measure became available."},
	"payment":                        {Title: "Payment made", Words: "A ransom or extortion payment was made."},
	"info_determined_or_available":   {Title: "Missing information available", Words: "Information that an earlier filing left open was determined or became available."},
	"new_information":                {Title: "New information", Words: "New or different information became available after a filing."},
	"leo_notice_64_2011":             {Title: "Law enforcement notified (47 CFR 64.2011)", Words: "The carrier notified law enforcement under the FCC rule."},
	"incident_resolved":              {Title: "Incident resolved", Words: "The incident was resolved and services were restored."},
	"closed":                         {Title: "Incident closed", Words: "The handling of the incident was closed."},
	"calendar_year_end_of_discovery": {Title: "End of the year of discovery", Words: "31 December of the year in which the incident was discovered. It follows from the moment of discovery."},
	"occurred_or_may":                {Title: "Occurred or may have occurred", Words: "A leak happened or may have happened."},
}

// Anchors lists every anchor with the built-in duties that use it, sorted by title.
func Anchors() []Anchor {
	uses := map[string]map[string]bool{}
	for _, r := range Regimes() {
		note := func(a string) {
			if anchorWords[a].Title == "" {
				return
			}
			if uses[a] == nil {
				uses[a] = map[string]bool{}
			}
			uses[a][r.ID] = true
		}
		note(r.Anchor)
		for _, s := range r.Stages {
			note(s.Deadline.From)
		}
	}
	var out []Anchor
	for id, a := range anchorWords {
		a.ID = id
		a.Regimes = []string{}
		for r := range uses[id] {
			a.Regimes = append(a.Regimes, r)
		}
		sort.Strings(a.Regimes)
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Title < out[j].Title })
	return out
}

// KnownAnchor reports whether a person may declare this anchor. The end of the year of discovery is computed, never
// declared.
func KnownAnchor(id string) bool {
	return anchorWords[id].Title != "" && id != "calendar_year_end_of_discovery"
}
