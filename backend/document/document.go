// Package document is the typed model of a paper, its drafting from facts, and the check that its sentences stand on
// what they cite.
//
// Stage 9 of the flow: the workbench hands Facts in, Draft fills a template, Check compares every cited value with the
// rows, a person approves the hash of the model, and pdf draws it. It keeps true that a paper is a function of the model
// and the approval (same facts, same bytes), that a clause says who stands behind its words, and that nothing which
// fails the check is approved or exported as final. Absence is worded by code from the coverage, never by a template,
// a rule or a model.
//
// A Form is a paper without draft and approval: courier slip, custody receipt, privilege log. It says what the record
// holds and has room for what people write by hand.
//
// It reads no store and no case record: whatever it needs is in Facts or asked of a Lookup. The signature on the PDF
// belongs to document/sign.
package document

import (
	"time"

	"adjutant/backend/incident"
)

// Format is the version of the model's JSON. A change of meaning gets a new number; old documents stay readable.
const Format = "adjutant-document/1"

// Document is one paper.
type Document struct {
	Format      string        `json:"format"`
	Template    string        `json:"template"`
	Class       string        `json:"class"` // report, message, notice
	Title       string        `json:"title"`
	Subtitle    string        `json:"subtitle"`
	Audience    string        `json:"audience"`
	Privilege   string        `json:"privilege"` // "" or a label such as "Privileged and confidential"
	Footnotes   bool          `json:"footnotes"` // cited rows are printed; they are checked either way
	NeedsRole   incident.Role `json:"needs_role"`
	Case        Case          `json:"case"`
	AsOf        AsOf          `json:"as_of"`
	Generated   time.Time     `json:"generated"`
	Letterhead  Letterhead    `json:"letterhead"`
	Addressee   []string      `json:"addressee"`
	References  []Pair        `json:"references"`
	Sections    []Section     `json:"sections"`
	Slots       []Slot        `json:"slots"`
	Citations   []Citation    `json:"citations"`
	Exhibits    []Exhibit     `json:"exhibits"`
	Signatories []Signatory   `json:"signatories"`
	Covers      []Cover       `json:"covers"` // content the duty asks for, and the section that holds it
}

// Case identifies the case on the paper.
type Case struct {
	ID   string        `json:"id"`
	Name string        `json:"name"`
	Mode incident.Mode `json:"mode"`
	TLP  incident.TLP  `json:"tlp"`
}

// AsOf is the state of the record that the draft knows.
type AsOf struct {
	Head    string    `json:"head"` // case head, hexadecimal
	Code    string    `json:"code"` // its short form, at least 80 bits, for reading aloud
	Entries int       `json:"entries"`
	At      time.Time `json:"at"`
}

// Letterhead is who writes.
type Letterhead struct {
	Organisation string   `json:"organisation"`
	Unit         string   `json:"unit"`
	Lines        []string `json:"lines"` // address and contact
}

// Pair is a line of the reference table.
type Pair struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Section is a titled part. Number is its printed number, 1-based.
type Section struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Basis   string   `json:"basis"` // provision that asks for it, "" when none
	Clauses []Clause `json:"clauses"`
}

// Clause is a numbered paragraph, or a table. Exactly one of Sentences and Table is set, but for an empty slot.
type Clause struct {
	ID        string     `json:"id"`
	Lead      string     `json:"lead"` // bold words before the text: the label of a field
	Sentences []Sentence `json:"sentences"`
	Table     *Table     `json:"table"`
	Slot      string     `json:"slot"` // name of the slot a person fills, "" for others
	Origin    Origin     `json:"origin"`
}

// Text is the clause in one line.
func (c Clause) Text() string {
	out := c.Lead
	for _, s := range c.Sentences {
		if out != "" {
			out += " "
		}
		out += s.Text
	}
	return out
}

// Rows lists the ids a clause cites, in order, each once.
func (c Clause) Rows() []string {
	seen := map[string]bool{}
	out := []string{}
	add := func(rows []string) {
		for _, r := range rows {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	for _, s := range c.Sentences {
		add(s.Rows)
	}
	if c.Table != nil {
		for _, r := range c.Table.Rows {
			add(r.Rows)
		}
	}
	return out
}

// Sentence is one statement with what it stands on.
type Sentence struct {
	Text    string   `json:"text"`
	Rows    []string `json:"rows"`    // row ids
	Entries []string `json:"entries"` // entry ids of the case record
	Values  []Value  `json:"values"`
	Absence bool     `json:"absence"` // worded by code from the coverage
}

// ValueKind says what a named value is.
type ValueKind string

// Kinds of values. A count is compared with the number of cited rows; a quote is a rule's or a person's title and is not
// looked for in rows.
const (
	ValueHost    ValueKind = "host"
	ValueUser    ValueKind = "user"
	ValueAddress ValueKind = "address"
	ValueHash    ValueKind = "hash"
	ValueTime    ValueKind = "time"
	ValueCount   ValueKind = "count"
	ValueText    ValueKind = "text"
	ValueQuote   ValueKind = "quote"
)

// Value is a value named in a sentence, as it stands there.
type Value struct {
	Kind ValueKind `json:"kind"`
	Text string    `json:"text"`
	Row  string    `json:"row"` // the row that holds it; "" means any of the cited ones
}

// OriginKind says who stands behind words.
type OriginKind string

// The five origins.
const (
	OriginEvidence OriginKind = "evidence"
	OriginRule     OriginKind = "rule" // a rule, or fixed words of a template
	OriginModel    OriginKind = "model"
	OriginPerson   OriginKind = "person"
	OriginComputed OriginKind = "computed"
)

// Origin is who stands behind a clause.
type Origin struct {
	Kind    OriginKind `json:"kind"`
	Name    string     `json:"name"`
	Version string     `json:"version"`
	Role    string     `json:"role"`
	At      string     `json:"at"`
}

// Table is rows and columns with a head that repeats on each page.
type Table struct {
	Caption string     `json:"caption"`
	Columns []Column   `json:"columns"`
	Rows    []TableRow `json:"rows"`
}

// Column is a column's head; Weight shares out the width.
type Column struct {
	Title  string `json:"title"`
	Weight int    `json:"weight"`
	Style  string `json:"style"` // "", "mono", "strong"
}

// TableRow is one line of cells with what it stands on.
type TableRow struct {
	Cells   []string `json:"cells"`
	Rows    []string `json:"rows"`
	Entries []string `json:"entries"`
	Values  []Value  `json:"values"`
}

// Citation is what a footnote prints about a row or an entry of the record.
type Citation struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"` // row, entry
	At       time.Time `json:"at"`
	Host     string    `json:"host"`
	Path     string    `json:"path"`
	Evidence string    `json:"evidence"` // SHA-256 of the item
	Locator  string    `json:"locator"`
	Parser   string    `json:"parser"`
	RowHash  string    `json:"row_hash"` // SHA-256 of the row's JSON
	Words    string    `json:"words"`    // for an entry: what it is and whose
}

// Exhibit is an evidence item that the paper stands on.
type Exhibit struct {
	Label  string `json:"label"` // E1, E2 …
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Format string `json:"format"`
	Taken  string `json:"taken"` // when and by whom, in words
}

// Signatory is a line of the signature block.
type Signatory struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// Cover maps a content item of the duty to the section that answers it.
type Cover struct {
	Content string `json:"content"`
	Section string `json:"section"`
}

// Slot is a field that a person fills.
type Slot struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Hint     string `json:"hint"`
	Required bool   `json:"required"`
	Value    string `json:"value"`
	By       string `json:"by"`
	Role     string `json:"role"`
	At       string `json:"at"`
}

// NotYetKnown is the legal value of a field whose answer is not known.
const NotYetKnown = "Not yet known."

// Approval is a person's signature over the hash of the model.
type Approval struct {
	By    string    `json:"by"`
	Role  string    `json:"role"` // in words
	At    time.Time `json:"at"`
	Hash  string    `json:"hash"`  // of the approved model
	Entry string    `json:"entry"` // the record's entry

	Awaits bool `json:"-"` // not in force until a second person signs: the paper stays a draft, and says whose signature it has
}

// Numbered calls f for every clause with its printed number ("2.3").
func (d *Document) Numbered(f func(section *Section, clause *Clause, number string)) {
	for i := range d.Sections {
		for j := range d.Sections[i].Clauses {
			f(&d.Sections[i], &d.Sections[i].Clauses[j], itoa(i+1)+"."+itoa(j+1))
		}
	}
}

// Citation finds a citation by id.
func (d *Document) Citation(id string) *Citation {
	for i := range d.Citations {
		if d.Citations[i].ID == id {
			return &d.Citations[i]
		}
	}
	return nil
}

// ExhibitOf finds the exhibit of an evidence item by its hash.
func (d *Document) ExhibitOf(sha256 string) *Exhibit {
	for i := range d.Exhibits {
		if d.Exhibits[i].SHA256 == sha256 && sha256 != "" {
			return &d.Exhibits[i]
		}
	}
	return nil
}
