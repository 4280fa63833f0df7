// Package ask reads a person's question, in English, as a query of the timeline or as a question about the state of the
// case.
//
// It is the twin without a model of the function "question → query" and stands beside the stages: the window and the
// command line hand it a question, show the query it made, and workbench answers status questions from the record. It
// keeps true that every word of an understood question was understood (a word left over means "not understood", never a
// guess), that a reading names no host, user, address or text that is not in the question or the vocabulary, and that
// relative times are resolved with the clock and zone that were handed in, said in the reading. It knows no storage,
// answers nothing itself and reaches neither identity nor decision.
//
// The grammar stands in patterns.go as sentences with slots, one line for each way to ask.
package ask

import (
	"time"

	"adjutant/backend/timeline/query"
)

// Limits. A question is one sentence that a person typed.
const (
	MaxQuestionBytes = 500 // longer text was pasted, not asked
	maxWords         = 60  // the matcher may try every word as the end of a slot
	maxSuggestions   = 6   // what a person reads at a glance
	maxNameWords     = 4   // words of the longest user name, such as "NT AUTHORITY\LOCAL SERVICE"
	rowLimit         = 500 // rows first shown; the query itself has no limit
	valueLimit       = 100 // values first shown of a list of hosts or users
)

// Vocabulary is what the case knows when the question is asked.
type Vocabulary struct {
	Hosts   []string       // values of host.name; a question may use the first label alone
	Users   []string       // values of user.name; a question may use the part behind "\" or before "@"
	Sources []string       // values of event.dataset; a question may use the part behind the last dot
	Now     time.Time      // the injected clock
	First   time.Time      // of the timeline's rows; zero when there are none
	Last    time.Time      // of the timeline's rows
	Zone    *time.Location // of times that a person writes without a zone; nil means UTC
}

// Kind says how a question is answered.
type Kind string

// A reading is one of these.
const (
	KindNone   Kind = "none"   // not understood
	KindQuery  Kind = "query"  // by the timeline
	KindStatus Kind = "status" // by the record
)

// Want says what of the query's rows is asked for.
type Want string

// What a query question can ask for.
const (
	WantRows   Want = "rows"
	WantFirst  Want = "first"
	WantLast   Want = "last"
	WantCount  Want = "count"
	WantValues Want = "values" // the values of Fields, most frequent first
)

// Status is a question about the state of the case.
type Status string

// The closed list of status questions.
const (
	StatusOverdue    Status = "overdue"     // what is past its time
	StatusOpen       Status = "open"        // what waits for a decision
	StatusChanged    Status = "changed"     // what changed since Since; zero: since the person's last visit
	StatusSeverity   Status = "severity"    // how severe, who decided it
	StatusDeadlines  Status = "deadlines"   // which clocks run
	StatusWhoDecided Status = "who-decided" // who decided About
	StatusDecisions  Status = "decisions"   // what was decided
	StatusRoles      Status = "roles"       // who holds which role; About when one is asked for
	StatusEvidence   Status = "evidence"    // what was taken in and how it went
	StatusBlindSpots Status = "blind-spots" // what is not covered
)

// Reading is a question as it was understood.
type Reading struct {
	Kind Kind
	Text string // one sentence that says how the question was read; for KindNone why it was not

	Query  query.Expr // KindQuery
	Want   Want       // KindQuery
	Fields []string   // WantValues: the fields whose values are asked for
	Limit  int        // rows or values to show at first

	Status Status    // KindStatus
	About  string    // words of the question: what was decided, or which role
	Since  time.Time // StatusChanged; zero: since the last visit
	Until  time.Time // StatusChanged; zero: until now

	Notes       []string // what a person should know about the reading: a night's hours, a period outside the timeline
	Suggestions []string // KindNone: questions that would be understood
}

// Parse reads a question. The flag is false, and the reading's Kind KindNone with a sentence and suggestions, when it is
// not understood as a whole.
func Parse(question string, v Vocabulary) (Reading, bool) {
	if v.Zone == nil {
		v.Zone = time.UTC
	}
	if len(question) > MaxQuestionBytes {
		return v.refuse("The question is too long. Ask one thing in one sentence.", nil), false
	}
	words, ok := split(question)
	if !ok || len(words) > maxWords {
		return v.refuse("A quotation mark is open, or the question has too many words.", nil), false
	}
	if len(words) == 0 {
		return v.refuse("Nothing was asked yet.", nil), false
	}
	m := &matcher{words: words, v: v}
	for _, p := range patterns {
		for _, b := range m.all(p) {
			if r, ok := p.build(&v, b); ok {
				v.note(&r, b)
				return r, true
			}
		}
	}
	m.lenient = true
	for _, p := range patterns {
		for _, b := range m.all(p) {
			if b.unknown != "" {
				return v.refuse(b.unknown, words), false
			}
		}
	}
	return v.refuse("The question was not understood. Put words to be searched for in quotation marks, or write a query.", words), false
}

func (v *Vocabulary) refuse(why string, words []word) Reading {
	return Reading{Kind: KindNone, Text: why, Suggestions: v.suggest(words)}
}
