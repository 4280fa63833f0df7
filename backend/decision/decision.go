// Package decision holds what belongs to an act of a person: the closed reason codes, the rule for a written reason,
// what was shown before the act, and its consequences in plain sentences.
//
// Stage 8 of the flow: recommend and triage propose, a confirm handler shows a Shown to an unlocked person, and the
// workbench signs an entry that carries the hash of exactly that. It keeps true that going against a recommendation
// cannot be recorded without a reason that says something, and that the signature covers what the person saw.
//
// It holds no keys and signs nothing, and it reads no model: it imports incident and the standard library alone. Who
// may decide what is the business of caserecord/authority.
package decision

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Outcome is the kind of act a reason is given for.
type Outcome string

// The closed list of acts.
const (
	Accept   Outcome = "accept"
	Override Outcome = "override" // something else is done instead
	Reject   Outcome = "reject"   // nothing is done
	Severity Outcome = "severity" // the severity of the incident is declared
	Verdict  Outcome = "verdict"  // a group of findings is judged
)

// Outcomes lists every act in the order of the screens.
var Outcomes = []Outcome{Accept, Override, Reject, Severity, Verdict}

// Valid reports whether o is in the closed list.
func (o Outcome) Valid() bool {
	for _, x := range Outcomes {
		if o == x {
			return true
		}
	}
	return false
}

// ReasonCode is one closed reason with words for the screen and a sentence that shows what a good reason looks like.
type ReasonCode struct {
	Code     string    `json:"code"`
	Words    string    `json:"words"`
	Example  string    `json:"example"`
	Outcomes []Outcome `json:"outcomes"`
}

var codes = []ReasonCode{
	{"evidence-supports", "The evidence supports it",
		"The logon from the VPN pool and the new service on FS01 fit together, so the host is treated as taken over.",
		[]Outcome{Accept, Severity, Verdict}},
	{"evidence-contradicts", "The evidence contradicts it",
		"The process was started by the backup agent at its usual hour, as on the twelve days before.",
		[]Outcome{Override, Reject, Severity, Verdict}},
	{"known-activity", "Known and permitted activity",
		"The scan came from our own tester under the order signed on Monday; the source address is hers.",
		[]Outcome{Override, Reject, Verdict}},
	{"operational-risk", "The step would harm operations or safety",
		"Cutting the ticket server off now stops boarding at two piers; we isolate it after the last departure at 21:40.",
		[]Outcome{Override, Reject}},
	{"better-alternative", "Another step does more or costs less",
		"Disabling the one account stops the access as well and leaves the file server up for the crew.",
		[]Outcome{Override}},
	{"preserve-evidence", "Evidence has to be preserved first",
		"Memory of FS01 is imaged before anything is switched off; the image is done at about 15:30.",
		[]Outcome{Override, Reject}},
	{"already-done", "Already done or no longer possible",
		"The account was disabled by the help desk at 09:12, as the directory log shows.",
		[]Outcome{Override, Reject}},
	{"legal-advice", "Advice of legal counsel",
		"Counsel asks to wait with the message to customers until the police confirm that it does not hinder them.",
		[]Outcome{Accept, Override, Reject, Severity}},
	{"insufficient-information", "Not enough is known yet",
		"The firewall log of the night is still missing; we look again when it is imported, at the latest at noon.",
		[]Outcome{Override, Reject, Severity, Verdict}},
	{"impact-greater", "The effect is greater than shown",
		"The booking database holds passport data of some 4,000 passengers, which the score does not know.",
		[]Outcome{Accept, Override, Severity, Verdict}},
	{"impact-smaller", "The effect is smaller than shown",
		"The host is a training machine without any connection to the operational network.",
		[]Outcome{Override, Reject, Severity, Verdict}},
	{"agreed-procedure", "Agreed procedure or playbook",
		"Our ransomware playbook, step 3, asks for exactly this as soon as shadow copies are deleted.",
		[]Outcome{Accept, Override, Severity}},
	{"other", "Other, as written",
		"The harbour authority asked us by telephone at 10:05 to keep the radio gateway up until the convoy has passed.",
		[]Outcome{Accept, Override, Reject, Severity, Verdict}},
}

// ReasonCodes lists every code in the order of the screens.
func ReasonCodes() []ReasonCode { return append([]ReasonCode(nil), codes...) }

// CodesFor lists the codes that fit an act.
func CodesFor(o Outcome) []ReasonCode {
	var out []ReasonCode
	for _, c := range codes {
		if c.fits(o) {
			out = append(out, c)
		}
	}
	return out
}

func (c ReasonCode) fits(o Outcome) bool {
	for _, x := range c.Outcomes {
		if x == o {
			return true
		}
	}
	return false
}

// Bounds of a written reason.
const (
	MinReasonCharacters = 20   // DESIGN §10; shorter texts say nothing a year later
	MaxReasonCharacters = 4000 // a page; longer grounds belong into a note or document
	minDistinctLetters  = 6    // "aaaaaaaaaaaaaaaaaaaa" and "okokokok…" are not reasons
)

// Reasons for which a written reason is refused.
var (
	ErrOutcome        = errors.New("decision: unknown act")
	ErrReasonCode     = errors.New("decision: reason code")
	ErrReasonMissing  = errors.New("decision: a written reason is needed")
	ErrReasonShort    = errors.New("decision: the reason is too short")
	ErrReasonLong     = errors.New("decision: the reason is too long")
	ErrReasonEmpty    = errors.New("decision: the reason says nothing")
	ErrReasonIsSample = errors.New("decision: the reason repeats the example sentence")
)

// ReasonRequired reports whether an act is refused without a reason. Accepting a recommendation may go without.
func ReasonRequired(o Outcome) bool { return o != Accept }

// ValidateReason checks code and text of a reason for an act. An accept may have neither; every other act needs a code
// of the list that fits it and a text of at least MinReasonCharacters that is not one pattern repeated.
func ValidateReason(code, text string, o Outcome) error {
	if !o.Valid() {
		return fmt.Errorf("%w: %.40q", ErrOutcome, string(o))
	}
	text = CleanReason(text)
	if code == "" && text == "" && !ReasonRequired(o) {
		return nil
	}
	var found *ReasonCode
	for i := range codes {
		if codes[i].Code == code {
			found = &codes[i]
		}
	}
	switch {
	case found == nil:
		return fmt.Errorf("%w: %.40q is not in the list", ErrReasonCode, code)
	case !found.fits(o):
		return fmt.Errorf("%w: %q does not fit %q", ErrReasonCode, code, string(o))
	case text == "":
		return ErrReasonMissing
	}
	n := utf8.RuneCountInString(text)
	switch {
	case n < MinReasonCharacters:
		return fmt.Errorf("%w: %d characters, at least %d", ErrReasonShort, n, MinReasonCharacters)
	case n > MaxReasonCharacters:
		return fmt.Errorf("%w: %d characters, at most %d", ErrReasonLong, n, MaxReasonCharacters)
	case repetitive(text):
		return fmt.Errorf("%w: it repeats a few characters", ErrReasonEmpty)
	}
	for _, c := range codes {
		if strings.EqualFold(text, c.Example) {
			return ErrReasonIsSample
		}
	}
	return nil
}

// CleanReason is the text as it is counted and signed: invalid bytes, control and invisible formatting characters out,
// runs of white space one space, trimmed.
func CleanReason(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// repetitive reports a text of few distinct letters, or one short unit said over and over.
func repetitive(text string) bool {
	letters := []rune{}
	distinct := map[rune]bool{}
	for _, r := range strings.ToLower(text) {
		if unicode.IsLetter(r) {
			letters = append(letters, r)
			distinct[r] = true
		}
	}
	if len(distinct) < minDistinctLetters || len(letters) < MinReasonCharacters/2 {
		return true
	}
	for period := 1; period <= len(letters)/3; period++ {
		same := true
		for i := period; i < len(letters) && same; i++ {
			same = letters[i] == letters[i-period]
		}
		if same {
			return true
		}
	}
	return false
}
