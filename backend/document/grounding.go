package document

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// RowFacts is what a Lookup knows of a row: all its times, its ECS fields and its plain text.
type RowFacts struct {
	Times  []time.Time
	Fields map[string][]string
	Text   string
}

// Lookup finds a row of the timeline. It is asked anew at each check, so that a row that vanished shows.
type Lookup func(rowID string) (RowFacts, bool)

// Failure is one reason why a sentence does not stand.
type Failure struct {
	Code string // no-source, row-missing, value, value-not-said, count, absence
	Text string
}

// CheckSentence checks a sentence that came without declared values, such as a model's: every cited row exists, every
// address, hash, time, number, host, account and file that the text names stands in the cited rows, and nothing is said
// to be absent. An empty result means that it stands.
func CheckSentence(text string, rows []string, lookup Lookup) []Failure {
	return ground(Sentence{Text: text, Rows: rows}, lookup, true)
}

// ground checks one sentence. strict is for words from outside: they need rows, and quotation marks hide nothing.
func ground(s Sentence, lookup Lookup, strict bool) []Failure {
	var out []Failure
	fail := func(code, f string, a ...any) { out = append(out, Failure{code, fmt.Sprintf(f, a...)}) }
	text := plain(s.Text)
	if phrase := absencePhrase(withoutQuotes(text, s.Values)); phrase != "" && !s.Absence {
		fail("absence", "It says “%s”. What was not seen is worded from the coverage only.", phrase)
	}
	found := map[string]RowFacts{}
	for _, id := range s.Rows {
		if r, ok := lookup(id); ok {
			found[id] = r
		} else {
			fail("row-missing", "The cited row %s is not in the timeline.", id)
		}
	}
	if strict && len(s.Rows) == 0 {
		fail("no-source", "It cites no row.")
		return out
	}
	for _, v := range s.Values {
		said := plain(v.Text)
		switch {
		case !strings.Contains(text, said):
			fail("value-not-said", "The declared value %q is not in the sentence.", v.Text)
		case v.Kind == ValueQuote:
		case v.Kind == ValueCount:
			if n, err := strconv.Atoi(said); err != nil || n != len(s.Rows) {
				fail("count", "It says %s, and cites %s.", v.Text, count(len(s.Rows), "row"))
			}
		case v.Row != "":
			if r, ok := found[v.Row]; ok && !r.holds(v.Kind, said) {
				fail("value", "%s %q is not in row %s.", sentenceWord(v.Kind), v.Text, v.Row)
			} else if !ok && !contains(s.Rows, v.Row) {
				fail("row-missing", "The value %q points to row %s, which the sentence does not cite.", v.Text, v.Row)
			}
		case !anyHolds(found, v.Kind, said):
			fail("value", "%s %q is in none of the cited rows.", sentenceWord(v.Kind), v.Text)
		}
	}
	if len(s.Rows) == 0 {
		return out
	}
	for _, v := range named(withoutValues(text, s.Values)) {
		if v.Kind == ValueCount {
			if n, err := strconv.Atoi(v.Text); err == nil && n == len(s.Rows) {
				continue
			}
		}
		if !anyHolds(found, v.Kind, v.Text) {
			fail("value", "%s %q is in none of the cited rows.", sentenceWord(v.Kind), v.Text)
		}
	}
	return out
}

// withoutValues takes the declared values out of a text, the longest first: they are checked, or are quoted titles.
func withoutValues(text string, values []Value) string {
	said := make([]string, 0, len(values))
	for _, v := range values {
		if p := plain(v.Text); p != "" {
			said = append(said, p)
		}
	}
	sort.SliceStable(said, func(i, j int) bool { return len(said[i]) > len(said[j]) })
	for _, p := range said {
		for i := nextBounded(text, p, 0); i >= 0; i = nextBounded(text, p, i+1) {
			text = text[:i] + " " + text[i+len(p):]
		}
	}
	return text
}

// withoutQuotes takes only the titles out: the words of a rule or person, set in quotation marks by code.
func withoutQuotes(text string, values []Value) string {
	var quotes []Value
	for _, v := range values {
		if v.Kind == ValueQuote {
			quotes = append(quotes, v)
		}
	}
	return withoutValues(text, quotes)
}

func sentenceWord(k ValueKind) string {
	switch k {
	case ValueHost:
		return "The host"
	case ValueUser:
		return "The account"
	case ValueAddress:
		return "The address"
	case ValueHash:
		return "The hash"
	case ValueTime:
		return "The time"
	case ValueCount:
		return "The number"
	}
	return "The value"
}

func anyHolds(rows map[string]RowFacts, k ValueKind, said string) bool {
	for _, r := range rows {
		if r.holds(k, said) {
			return true
		}
	}
	return false
}

// holds reports whether the row has the value: as a whole field, or bounded by other characters inside one or in the
// row's text. Case does not matter: Windows writes the same host both ways.
func (r RowFacts) holds(k ValueKind, said string) bool {
	if k == ValueTime {
		if m, ok := parseMoment(said); ok {
			return m.matches(r.Times)
		}
	}
	said = strings.ToLower(said)
	if said == "" {
		return false
	}
	for _, values := range r.Fields {
		for _, v := range values {
			// A bare number is the whole field, or every port and process number would prove every count.
			if v = strings.ToLower(v); v == said || k != ValueCount && bounded(v, said) {
				return true
			}
		}
	}
	return bounded(strings.ToLower(r.Text), said)
}

// bounded finds part in whole where no letter or digit touches either end, so that "FS1" is not found in "FS10" and
// "10.0.0.1" not in "10.0.0.12".
func bounded(whole, part string) bool { return nextBounded(whole, part, 0) >= 0 }

func nextBounded(whole, part string, from int) int {
	for from <= len(whole) {
		i := strings.Index(whole[from:], part)
		if i < 0 {
			return -1
		}
		start, end := from+i, from+i+len(part)
		if !touches(whole[:start], part, true) && !touches(whole[end:], part, false) {
			return start
		}
		from = start + 1
	}
	return -1
}

func touches(outside, part string, before bool) bool {
	var next, edge rune
	if before {
		r := []rune(lastRune(outside))
		e := []rune(firstRune(part))
		if len(r) == 0 {
			return false
		}
		next, edge = r[0], e[0]
	} else {
		r := []rune(firstRune(outside))
		e := []rune(lastRune(part))
		if len(r) == 0 {
			return false
		}
		next, edge = r[0], e[0]
		if next == '.' && unicode.IsDigit(edge) { // 10.0.0.1 goes on in 10.0.0.1.5, but not at the end of a sentence
			rest := []rune(outside)
			return len(rest) > 1 && unicode.IsDigit(rest[1])
		}
	}
	return isWord(next) && isWord(edge)
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func lastRune(s string) string {
	out := ""
	if n := len(s); n > 4 {
		s = strings.ToValidUTF8(s[n-4:], "") // a rune has at most four bytes
	}
	for _, r := range s {
		out = string(r)
	}
	return out
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// plain makes a text comparable: no-break and thin spaces are spaces, dashes hyphens.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2009':
			return ' '
		case '\u2010', '\u2011':
			return '-'
		}
		return r
	}, s)
}

var (
	reMoment  = regexp.MustCompile(`\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?(?: (\d{4}))?(?:,? (?:at )?(\d{2}):(\d{2})(?::(\d{2}))?)?`)
	reISO     = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]00:00)?)?`)
	reClock   = regexp.MustCompile(`\b([01]?\d|2[0-3]):(\d{2})(?::(\d{2}))?\b`)
	reHash    = regexp.MustCompile(`\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})\b`)
	reAddress = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}\b|\b(?:[0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}\b`)
	reToken   = regexp.MustCompile(`[\pL\pN_$@%\\/.:#&+-]{2,}`)
	reNumber  = regexp.MustCompile(`^\d{1,3}(?:,\d{3})+$|^\d+$`)
)

// words that are written in capitals or with digits and name nothing in the evidence.
var commonTokens = map[string]bool{
	"utc": true, "vpn": true, "usb": true, "pdf": true, "rdp": true, "ssh": true, "dns": true, "smb": true, "http": true, "https": true,
	"ip": true, "tcp": true, "udp": true, "it": true, "csv": true, "cpu": true, "os": true, "id": true, "url": true, "api": true, "zip": true,
	"ssl": true, "tls": true, "ftp": true, "sql": true, "iam": true, "mfa": true, "rpc": true, "wmi": true, "ntlm": true, "ascii": true,
	"and/or": true, "e.g": true, "i.e": true, "co-ordinated": true, "log-on": true, "am": true, "pm": true,
}

var numberWords = map[string]string{
	"twice": "2", "thrice": "3", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "dozen": "12", "twenty": "20", "hundred": "100", "thousand": "1000", "million": "1000000",
	"dozens": "dozens", "hundreds": "hundreds", "thousands": "thousands", "millions": "millions",
}

// named finds what a text names: times, hashes, addresses, numbers and tokens that look like a host, account, path or
// file. It errs on the side of finding too much: an ordinary word in an odd spelling then fails a sentence, a made-up
// host never passes.
func named(text string) []Value {
	var out []Value
	take := func(re *regexp.Regexp, k ValueKind) {
		text = re.ReplaceAllStringFunc(text, func(m string) string {
			out = append(out, Value{Kind: k, Text: m})
			return " "
		})
	}
	take(reISO, ValueTime)
	take(reMoment, ValueTime)
	take(reHash, ValueHash)
	take(reAddress, ValueAddress)
	take(reClock, ValueTime)
	first := true
	for _, token := range reToken.FindAllString(text, -1) {
		bare := strings.TrimSuffix(strings.Trim(token, ".:,;-/+&"), "'s")
		low := strings.ToLower(bare)
		wasFirst := first
		first = strings.HasSuffix(token, ".") || strings.HasSuffix(token, ":")
		switch {
		case bare == "" || commonTokens[low]:
		case reNumber.MatchString(bare):
			out = append(out, Value{Kind: ValueCount, Text: strings.ReplaceAll(bare, ",", "")})
		case numberWords[low] != "":
			out = append(out, Value{Kind: ValueCount, Text: numberWords[low]})
		case looksNamed(bare, wasFirst):
			out = append(out, Value{Kind: ValueText, Text: bare})
		}
	}
	return out
}

// looksNamed: digits among letters, path or account characters, capitals beyond the first letter, or a capital inside a
// sentence. Plain words and words that start a sentence pass.
func looksNamed(token string, startsSentence bool) bool {
	letters, digits, upper, odd := 0, 0, 0, 0
	for i, r := range token {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) && (i > 0 || !startsSentence) {
				upper++
			}
		case r == '-':
		default:
			odd++
		}
	}
	return odd > 0 || digits > 0 || upper > 0 && letters > 1
}
