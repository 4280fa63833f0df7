// Package coverpage makes index.html of a bundle: the first thing that a judge, an officer or a party without our program
// sees of a case.
//
// It stands beside caserecord/bundle in the flow: workbench fills a Page (FromRecord gives the part that the record
// says), Render turns it into bytes, and bundle.Write puts them into the folder. It keeps true that the page needs
// nothing and reaches nothing: no script, no picture, no font, no address outside the folder; that every text of a case
// stays text, with control and direction characters made visible; and that the same Page gives the same bytes.
//
// HTML 5, with a Content-Security-Policy (CSP Level 3) that forbids what is not there; WCAG 2.2 AA for contrast and
// structure. It deliberately concludes nothing: it lists what people signed, calls clocks a computed aid, and sends the
// reader to caseverify for proof.
package coverpage

import (
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Page is everything that the page says. Zero times and empty texts are left out. Lists come in the order to print.
type Page struct {
	Case      Facts
	Story     []Sentence
	Decisions []Decision
	Items     []Item
	Clocks    []Clock
	Papers    []Paper
	Signers   []Signer
	Withheld  []Withheld

	PrivilegeLog bool     // privilege-log.txt lies in the folder
	Verifiers    []string // names under verify/, of bundle.Verifiers
}

// Facts are the head of the page.
type Facts struct {
	Name         string
	ID           string // case id
	Organisation string
	TLP          incident.TLP
	Mode         incident.Mode // an exercise is marked on every printed page
	Opened       Act
	Severity     incident.Severity // 0 when nobody declared one
	SeverityBy   Act
	Entries      int
	Keys         int    // that signed
	Head         string // case head, 64 hexadecimal digits
	HeadCode     string
	Written      time.Time // when the copy was made
	WrittenBy    string
	For          string // whom the copy is for
}

// Act says who did something, in which role, when (recorded time), and where it stands in the record.
type Act struct {
	Name  string
	Role  string // title; "" when the kind of act needs none
	At    time.Time
	Entry caserecord.ID
}

// Sentence is one entry of the record in words.
type Sentence struct {
	At       time.Time // recorded
	Text     string    // as caserecord.Story says it, with names
	Entry    caserecord.ID
	SetAside string // why the entry counts for nothing, "" when it counts
	Hidden   bool   // its words are withheld
}

// Decision is what a person decided about a recommendation.
type Decision struct {
	Subject       string
	Target        string
	Recommended   string
	RecommendedBy string // "rule isolate-host 3", "model …", "person …"
	Outcome       caserecord.Outcome
	Instead       string
	Reason        string
	ReasonCode    string
	By            Act
	Cited         int    // rows of evidence cited
	Earlier       int    // decisions on the same recommendation that this one replaced
	Conflict      string // sentence about decisions that had not seen each other, "" when there are none
	Awaits        bool   // not in force until a second person signs
}

// Item is one item of evidence with its chain of custody.
type Item struct {
	Path      string
	SHA256    string
	Bytes     int64
	Source    string
	Why       string
	Kept      caserecord.Kept
	Taken     Act
	Custodian string // who has it now, in words
	Here      bool   // evidence/<SHA256> lies in the folder
	Absent    string // why not: "referenced", "not asked for", "withheld", "purged"
	Transfers []Transfer
	Check     Check // the last time that its hash was taken again; zero when never
}

// Transfer is one handing over.
type Transfer struct {
	At      time.Time
	From    string
	To      string
	Purpose string
	State   string // "taken over", "refused", "not yet taken over", "handed to an outside party"
}

// Check is a hashing again.
type Check struct {
	By     Act
	Result string // "the same", "altered", "not at hand"
}

// Clock is one reporting clock, computed from a declared moment.
type Clock struct {
	Duty     string // regime and stage in words
	Citation string
	Anchor   string // what was declared
	AnchorAt time.Time
	Declared Act
	Due      time.Time
	State    string // "open", "submitted 4 March 2026, 09:00 UTC", …
}

// Paper is a document of the case.
type Paper struct {
	Title    string
	Class    string // report, message, notice
	File     string // in the folder: "documents/…", "" when it is not here
	Approved Act    // zero: a draft
	Released string // sentence, "" when it was not
}

// Signer is one key that signed entries.
type Signer struct {
	Name    string
	Roles   string // titles held, in words
	KeyCode string
	Entries int
	Opened  bool // opened the case: every other key was admitted by a chain that starts here
}

// Withheld counts what was left out, by ground.
type Withheld struct {
	What   string // "words of entries", "items of evidence", "passages of papers"
	Ground string
	Count  int
}

// Bounds: a browser shows and prints this much; what is left out is said, and is in the record.
const (
	MaxStory   = 20_000
	MaxRows    = 5_000 // of every other list
	maxTextLen = 4_000 // of one text, in bytes
)
