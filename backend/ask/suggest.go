package ask

import (
	"slices"
	"sort"
	"strings"
)

// suggest offers questions that would be understood, those that share words with what was asked first. They name only
// hosts and users of the vocabulary.
func (v *Vocabulary) suggest(words []word) []string {
	host, user := choose(v.Hosts, words), choose(v.Users, words)
	day := ""
	if !v.Last.IsZero() {
		day = " on " + v.Last.In(v.Zone).Format("2 January 2006")
	}
	offers := []string{"What is waiting for a decision?", "What is overdue?", "Which deadlines are running?", "How severe is it and who said so?",
		"What changed since my last visit?", "Who decided the severity?", "What are the blind spots?"}
	if host != "" {
		offers = append(offers, "What happened on "+host+day+"?", "Who logged on to "+host+"?", "Show powershell on "+host)
	}
	if user != "" {
		offers = append(offers, "What did "+user+" do"+day+"?", "How many failed logons for "+user+"?", "When did "+user+" last log on?")
	}
	for _, w := range words {
		if peer, ok := peerOf(w); ok {
			offers = append(offers, "Which hosts talked to "+peer+"?")
			break
		}
	}
	offers = append(offers, `When did "a text" first appear?`)
	asked := map[string]bool{}
	for _, w := range words {
		if !grammatical[w.folded] {
			asked[w.folded] = true
		}
	}
	score := func(offer string) int {
		n := 0
		for _, w := range strings.Fields(strings.ToLower(strings.TrimRight(offer, "?"))) {
			if asked[strings.Trim(w, `"`)] {
				n++
			}
		}
		return n
	}
	sort.SliceStable(offers, func(i, j int) bool { return score(offers[i]) > score(offers[j]) })
	return offers[:min(len(offers), maxSuggestions)]
}

// choose takes the name that the question holds, else the first; never one that would not be read back.
func choose(names []string, words []word) string {
	usable := func(n string) bool {
		return n != "" && !strings.ContainsAny(n, `"?!;,`) && strings.TrimSpace(n) == n && len(n) < 60
	}
	for _, w := range words {
		for _, n := range names {
			if usable(n) && strings.EqualFold(n, w.text) {
				return n
			}
		}
	}
	if i := slices.IndexFunc(names, usable); i >= 0 {
		return names[i]
	}
	return ""
}
