package document

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"adjutant/backend/witness/slip"
)

// Form is a paper of a hand-over: it says what the record holds and has room for what people write by hand. It is no
// draft and nobody approves it; what binds is the entry of the record, the signatures on paper, or both. A Form is made
// by CourierSlip, CustodyReceipt or PrivilegeLog and drawn by pdf.RenderForm; the same facts give the same bytes.
type Form struct {
	Kind       string // courier-slip, custody-receipt, privilege-log
	Title      string
	Subtitle   string
	State      string // at the foot of each page
	Case       Case
	AsOf       AsOf
	Generated  time.Time
	Letterhead Letterhead
	Parts      []Part
}

// Part is a titled piece of a form. What is set is drawn in the order of the fields here.
type Part struct {
	Title  string
	Fields []Field
	Square *Square
	Table  *Table
	Texts  []string
	Boxes  []CodeBoxes
	Ticks  []string // an empty box before each
	Signs  []SignLine
	Keep   bool // on the page of the next part
}

// Field is a label and its value.
type Field struct {
	Label string
	Value string
	Style string // "", "hash" (groups of four), "code" (large, for reading aloud), "strong"
}

// Square is a code that a camera reads, with fields beside it.
type Square struct {
	Content string
	Fields  []Field
}

// CodeBoxes is a short code, character by character above empty boxes.
type CodeBoxes struct {
	Label string
	Code  string
}

// SignLine is room for a signature on paper, with place and time.
type SignLine struct {
	Who string
}

// Party is one side of a hand-over.
type Party struct {
	Name         string
	Role         string // held in the case, in words, or ""
	Organisation string
	Key          string // fingerprint of the key in this record, "" for somebody without one
}

func (p Party) post() string {
	switch {
	case p.Role == "":
		return p.Organisation
	case p.Organisation == "":
		return p.Role
	}
	return p.Role + ", " + p.Organisation
}

func (p Party) words() string {
	switch post := p.post(); {
	case p.Name == "":
		return ""
	case post == "":
		return p.Name
	default:
		return p.Name + ", " + post
	}
}

// ErrFacts is returned for facts that no form can be made of.
var ErrFacts = errors.New("document: facts of a form")

// SquareText is the content of the square on papers that print a case head: capitals and digits, the densest form.
func SquareText(c Case, a AsOf) string {
	return fmt.Sprintf("ADJUTANT/1 CASE:%s HEAD:%s ENTRIES:%d", strings.ToUpper(c.ID), strings.ToUpper(a.Head), a.Entries)
}

//go:embed forms/*.json
var formFiles embed.FS

// formWords are the fixed words of a form, one file each, so that counsel can read them and another language can be
// added beside.
type formWords struct {
	Format string            `json:"format"`
	ID     string            `json:"id"`
	Title  string            `json:"title"`
	Words  string            `json:"words"`
	Texts  map[string]string `json:"texts"`
}

var formTexts = sync.OnceValues(func() (map[string]formWords, error) {
	all := map[string]formWords{}
	for _, id := range []string{"courier-slip", "custody-receipt", "privilege-log"} {
		b, err := formFiles.ReadFile("forms/" + id + ".json")
		if err != nil {
			return nil, err
		}
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		var w formWords
		if err := dec.Decode(&w); err != nil {
			return nil, fmt.Errorf("forms/%s.json: %w", id, err)
		}
		if w.Format != "adjutant-form/1" || w.ID != id || w.Title == "" {
			return nil, fmt.Errorf("forms/%s.json: format, id or title is missing", id)
		}
		all[id] = w
	}
	return all, nil
})

// formWriter fills a form; the first thing that is wrong is kept.
type formWriter struct {
	words formWords
	f     Form
	err   error
}

func newForm(kind string, c Case, a AsOf, generated time.Time, l Letterhead) *formWriter {
	all, err := formTexts()
	a.Code = slip.ShortCode(a.Head)
	w := &formWriter{words: all[kind], err: err}
	w.f = Form{Kind: kind, Title: w.words.Title, Case: c, AsOf: a, Generated: generated.UTC(), Letterhead: l}
	w.hash("case head", a.Head)
	if len(c.ID) != 32 {
		w.fail("case id %.40q", c.ID)
	}
	return w
}

func (w *formWriter) fail(f string, a ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%w: %s", ErrFacts, fmt.Sprintf(f, a...))
	}
}

// hash holds that a value which people will compare is a whole hash.
func (w *formWriter) hash(what, h string) {
	if len(h) != 64 || strings.Trim(h, "0123456789abcdef") != "" {
		w.fail("%s %.80q is no SHA-256", what, h)
	}
}

// text gives fixed words with {name} replaced by the value that follows the name.
func (w *formWriter) text(key string, pairs ...string) string {
	s, ok := w.words.Texts[key]
	if !ok {
		w.fail("%s has no words for %q", w.words.ID, key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

func (w *formWriter) add(p Part) { w.f.Parts = append(w.f.Parts, p) }

// state is the part that receipts and logs begin with: what the paper is about, and the case head.
func (w *formWriter) state(fields ...Field) {
	s := &Square{Content: SquareText(w.f.Case, w.f.AsOf), Fields: []Field{{w.text("case"), caseWords(w.f.Case), ""}}}
	for _, f := range fields {
		if f.Value != "" {
			s.Fields = append(s.Fields, f)
		}
	}
	s.Fields = append(s.Fields, Field{w.text("head.code"), w.f.AsOf.Code, "code"}, Field{w.text("head.full"), w.f.AsOf.Head, "hash"},
		Field{w.text("head.at"), Moment(w.f.AsOf.At) + ", " + count(w.f.AsOf.Entries, "entry"), ""}, Field{w.text("head.printed"), Moment(w.f.Generated), ""})
	w.add(Part{Square: s})
}

// field appends a field unless there is nothing to say.
func (p *Part) field(label, value, style string) {
	if value != "" {
		p.Fields = append(p.Fields, Field{label, value, style})
	}
}

func (w *formWriter) done() (Form, error) {
	if w.err != nil {
		return Form{}, w.err
	}
	return w.f, nil
}

// caseWords names a case for people, with its whole id.
func caseWords(c Case) string { return c.Name + " (" + c.ID + ")" }
