package ask

import (
	"strings"
	"unicode"
)

// word is one word of the question.
type word struct {
	text   string // as typed, without punctuation around it
	folded string
	quoted bool // stood in quotation marks: a text to search for, never a word of the grammar
}

// misspelt are slips seen often enough to be read silently. A list, because a distance would also turn "mailed" into
// "failed".
var misspelt = map[string]string{
	"happend": "happened", "hapened": "happened", "happenned": "happened", "happended": "happened", "wich": "which", "whitch": "which", "waht": "what",
	"overdeu": "overdue", "over-due": "overdue", "dedlines": "deadlines", "deadlnes": "deadlines", "severty": "severity", "decison": "decision",
	"loged": "logged", "yesterdy": "yesterday", "yeserday": "yesterday", "betwen": "between", "beetween": "between", "pwsh": "powershell",
	"log-ons": "logons", "log-ins": "logins", "sign-ins": "signins", "log-on": "logon", "log-in": "login", "power-shell": "powershell", "evidances": "evidence",
	"wednsday": "wednesday", "teusday": "tuesday", "blindspots": "blind-spots", "chaged": "changed", "appeard": "appear",
}

// short are contractions and how they are read.
var short = map[string][]string{
	"what's": {"what", "is"}, "whats": {"what", "is"}, "who's": {"who", "is"}, "whos": {"who", "is"}, "when's": {"when", "is"}, "where's": {"where", "is"},
	"what're": {"what", "are"}, "i've": {"i", "have"}, "we've": {"we", "have"}, "what've": {"what", "have"}, "anything's": {"anything", "is"}, "how's": {"how", "is"},
}

// split cuts a question into words; false when a quotation mark stays open.
func split(question string) ([]word, bool) {
	var out []word
	q := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "’", "'", "‘", "'", "\u00a0", " ").Replace(question)
	for {
		q = strings.TrimLeftFunc(q, unicode.IsSpace)
		if q == "" {
			return out, true
		}
		if q[0] == '"' {
			end := strings.IndexByte(q[1:], '"')
			if end < 0 {
				return nil, false
			}
			if text := strings.TrimSpace(q[1 : 1+end]); text != "" {
				out = append(out, word{text: text, folded: strings.ToLower(text), quoted: true})
			}
			q = strings.TrimLeft(q[end+2:], "?!.,;:")
			continue
		}
		end := strings.IndexFunc(q, unicode.IsSpace)
		if end < 0 {
			end = len(q)
		}
		out = append(out, plain(q[:end])...)
		q = q[end:]
	}
}

// plain takes punctuation off a word and puts its usual spelling.
func plain(s string) []word {
	text := strings.TrimRight(strings.TrimLeft(s, "(¿¡,;"), "?!.,;:)")
	if text == "" {
		return nil
	}
	folded := strings.ToLower(text)
	if fixed, ok := misspelt[folded]; ok {
		return []word{{text: fixed, folded: fixed}}
	}
	if parts, ok := short[folded]; ok {
		out := make([]word, len(parts))
		for i, p := range parts {
			out[i] = word{text: p, folded: p}
		}
		return out
	}
	return []word{{text: text, folded: folded}}
}
