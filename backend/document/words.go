package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// nbsp keeps the parts of a date, a sum or "Article 33" on one line.
const nbsp = "\u00a0"

// Moment is a time as papers print it: "20 November 2026 at 18:30:05 UTC", always UTC, kept together.
func Moment(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return Day(t) + " at" + nbsp + t.UTC().Format("15:04:05") + nbsp + "UTC"
}

// Day is a date as papers print it: "20 November 2026" in UTC.
func Day(t time.Time) string { return strings.ReplaceAll(t.UTC().Format("2 January 2006"), " ", nbsp) }

// shortMoment is a time in a table.
func shortMoment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return strings.ReplaceAll(t.UTC().Format("2 Jan 2006 15:04"), " ", nbsp) + nbsp + "UTC"
}

// limit prints a clock's moment in its own zone, where the authority's day ends.
func limit(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return strings.ReplaceAll(t.Format("2 Jan 2006"), " ", nbsp) + " " + t.Format("15:04:05") + nbsp + zoneWords(*t)
}

// inZone puts a trigger into its own zone; one that cannot be loaded stays as it is.
func inZone(t time.Time, zone string) time.Time {
	if loc, err := time.LoadLocation(zone); err == nil && zone != "" {
		return t.In(loc)
	}
	return t
}

func zoneWords(t time.Time) string {
	name, off := t.Zone()
	if off == 0 {
		return "UTC"
	}
	if name == "" || strings.ContainsAny(name, "+-0123456789") {
		return "UTC" + t.Format("-07:00")
	}
	return name
}

// count is a number with its noun: "1 finding", "12 findings".
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "ry"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	default:
		noun += "s"
	}
	return strconv.Itoa(n) + nbsp + noun
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// some lists at most n words and says how many more there are.
func some(words []string, n int) string {
	if len(words) <= n {
		return list(words)
	}
	return strings.Join(words[:n], ", ") + fmt.Sprintf(" and %d more", len(words)-n)
}

// sentenceCase ends a text with a full stop and starts it with a capital.
func sentenceCase(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	last, _ := utf8.DecodeLastRuneInString(s)
	if !strings.ContainsRune(".!?…:", last) {
		s += "."
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }
