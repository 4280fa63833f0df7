package query_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"adjutant/backend/event"
	"adjutant/backend/timeline/query"
)

// TestPatternsEqualRE2 compares patterns with the regexp package, and wildcards with the pattern they stand for: the
// shortcut that looks for a literal first may change no answer.
func TestPatternsEqualRE2(t *testing.T) {
	letters := []string{"a", "B", "k", "\u212A", "ß", "-", " ", "\n", "\xff", "x", "."}
	rapid.Check(t, func(r *rapid.T) {
		value := strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 8).Draw(r, "value"), "")
		e := &event.Event{Fields: []event.Field{{Name: "f", Values: []string{value}}}}
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "K", ".*", "(ab)+", "(a|xk)", "x?", "k{0,2}", "[ab]", "ß", "-", "(?i:A)", "\\n"}), 1, 5).Draw(r, "pattern"), "")
		q, err := query.Regex("f", source)
		if err != nil {
			r.Fatal(err)
		}
		want := regexp.MustCompile(`(?si)\A(?:` + source + `)\z`).MatchString(value)
		if got := query.Match(q, e, -1, nil); got != want {
			r.Fatalf("/%s/ on %q: %v", source, value, got)
		}
		part := strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters[:8]), 1, 3).Draw(r, "part"), "")
		inside := regexp.MustCompile(`(?si)` + regexp.QuoteMeta(part)).MatchString(value)
		if got := query.Match(query.Contains("f", part), e, -1, nil); got != inside {
			r.Fatalf("*%q* on %q: %v", part, value, got)
		}
	})
}
