package document

import (
	"regexp"
	"strings"
)

// absent finds words that say something did not happen or is not there. Whether that is so can be told only from what
// was read and what is missing, so such sentences come from the coverage or from a person, never from a rule or model.
var absent = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
	`no (?:evidence|sign|signs|indication|indications|trace|traces|proof|data|record|records|further|other|known|unauthori[sz]ed|malicious|suspicious|compromise|exfiltration|impact|loss|access|activity|lateral)`,
	`not (?:been |being )?(?:compromised|affected|accessed|exfiltrated|stolen|seen|found|observed|detected|involved|impacted|touched|copied|encrypted|altered|used)`,
	`(?:was|were|is|are|has|have|had|did|does|do|could|would|can) (?:never|not)\b`,
	`(?:wasn't|weren't|isn't|aren't|hasn't|haven't|didn't|doesn't|don't|cannot|can't)`,
	`nothing`, `nobody`, `none`, `never`, `without (?:any|further|success)`, `ruled out`, `unaffected`, `uncompromised`,
	`absence of`, `free of`, `failed to find`, `neither`, `unsuccessful(?:ly)?`,
}, "|") + `)\b`)

// absencePhrase returns the words of an unsupported negation, or "".
func absencePhrase(text string) string {
	return absent.FindString(plain(strings.ReplaceAll(text, "’", "'")))
}
