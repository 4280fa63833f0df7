package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"adjutant/backend/incident"
)

// ErrDocument is returned for bytes that are no document of this format.
var ErrDocument = errors.New("document: not a document")

// hashPrefix separates the hash of a document from every other use of SHA-256.
const hashPrefix = "adjutant document v1\n"

// Canonical is the one byte form of a document: JSON in field order, no escaping of <, > and &, empty lists as [],
// times in UTC, invalid bytes replaced, no newline at the end.
func (d Document) Canonical() ([]byte, error) {
	d.normalise()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("document: encode: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Hash is the SHA-256 over the prefix and Canonical: what an approval signs.
func (d Document) Hash() (incident.Digest, error) {
	b, err := d.Canonical()
	if err != nil {
		return incident.Digest{}, err
	}
	return incident.Digest(sha256.Sum256(append([]byte(hashPrefix), b...))), nil
}

// Parse reads what Canonical writes. Unknown fields, sizes over the limits and a form that is not canonical are
// ErrDocument, so that one document has one hash.
func Parse(b []byte) (Document, error) {
	var d Document
	if len(b) > MaxDocumentBytes {
		return d, fmt.Errorf("%w: %d bytes, at most %d", ErrDocument, len(b), MaxDocumentBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("%w: %v", ErrDocument, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Document{}, fmt.Errorf("%w: text after the end", ErrDocument)
	}
	if err := d.bounds(); err != nil {
		return Document{}, fmt.Errorf("%w: %v", ErrDocument, err)
	}
	again, err := d.Canonical()
	if err != nil || !bytes.Equal(again, b) {
		return Document{}, fmt.Errorf("%w: not in canonical form", ErrDocument)
	}
	return d, nil
}

func (d *Document) bounds() error {
	if d.Format != Format {
		return fmt.Errorf("format %.40q, expected %q", d.Format, Format)
	}
	if len(d.Sections) > MaxSections || len(d.Citations) > MaxCitations || len(d.Exhibits) > MaxCitations || len(d.Slots) > MaxClauses {
		return errors.New("too many sections, citations, exhibits or slots")
	}
	for _, s := range d.Sections {
		if len(s.Clauses) > MaxClauses {
			return fmt.Errorf("section %.60q has %d clauses, at most %d", s.ID, len(s.Clauses), MaxClauses)
		}
		for _, c := range s.Clauses {
			if len(c.Sentences) > MaxSentences {
				return fmt.Errorf("clause %.60q has %d sentences, at most %d", c.ID, len(c.Sentences), MaxSentences)
			}
			for _, x := range c.Sentences {
				if len(x.Text) > MaxText || len(x.Rows) > MaxRowsCited || len(x.Values) > MaxRowsCited {
					return fmt.Errorf("clause %.60q has a sentence over the limits", c.ID)
				}
			}
			if t := c.Table; t != nil {
				if len(t.Rows) > MaxTableRows || len(t.Columns) == 0 || len(t.Columns) > MaxColumns {
					return fmt.Errorf("clause %.60q has a table over the limits", c.ID)
				}
				for _, r := range t.Rows {
					if len(r.Cells) != len(t.Columns) {
						return fmt.Errorf("clause %.60q has a table row of %d cells under %d heads", c.ID, len(r.Cells), len(t.Columns))
					}
				}
			}
		}
	}
	return nil
}

// normalise copies what it changes, so that the caller's document stays as it is.
func (d *Document) normalise() {
	d.Generated, d.AsOf.At = d.Generated.UTC(), d.AsOf.At.UTC()
	d.Title, d.Subtitle, d.Audience, d.Privilege = clean(d.Title), clean(d.Subtitle), clean(d.Audience), clean(d.Privilege)
	d.Case.Name = clean(d.Case.Name)
	d.Letterhead.Organisation, d.Letterhead.Unit = clean(d.Letterhead.Organisation), clean(d.Letterhead.Unit)
	d.Letterhead.Lines, d.Addressee = cleanAll(d.Letterhead.Lines), cleanAll(d.Addressee)
	d.References = mapped(d.References, func(p *Pair) { p.Label, p.Value = clean(p.Label), clean(p.Value) })
	d.Sections = mapped(d.Sections, func(s *Section) {
		s.Title, s.Basis = clean(s.Title), clean(s.Basis)
		s.Clauses = mapped(s.Clauses, normaliseClause)
	})
	d.Slots = mapped(d.Slots, func(s *Slot) {
		s.Label, s.Hint, s.Value, s.By, s.Role = clean(s.Label), clean(s.Hint), clean(s.Value), clean(s.By), clean(s.Role)
	})
	d.Citations = mapped(d.Citations, func(c *Citation) {
		c.At, c.Host, c.Path, c.Words = c.At.UTC(), clean(c.Host), clean(c.Path), clean(c.Words)
		c.Locator, c.Parser = clean(c.Locator), clean(c.Parser)
	})
	d.Exhibits = mapped(d.Exhibits, func(x *Exhibit) { x.Path, x.Format, x.Taken = clean(x.Path), clean(x.Format), clean(x.Taken) })
	d.Signatories = mapped(d.Signatories, func(s *Signatory) { s.Name, s.Role = clean(s.Name), clean(s.Role) })
	d.Covers = mapped(d.Covers, func(*Cover) {})
}

func normaliseClause(c *Clause) {
	c.Lead = clean(c.Lead)
	c.Origin.Name = clean(c.Origin.Name)
	c.Sentences = mapped(c.Sentences, func(s *Sentence) {
		s.Text, s.Rows, s.Entries = clean(s.Text), cleanAll(s.Rows), cleanAll(s.Entries)
		s.Values = mapped(s.Values, func(v *Value) { v.Text = clean(v.Text) })
	})
	if c.Table == nil {
		return
	}
	t := *c.Table
	t.Caption = clean(t.Caption)
	t.Columns = mapped(t.Columns, func(x *Column) { x.Title = clean(x.Title) })
	t.Rows = mapped(t.Rows, func(r *TableRow) {
		r.Cells, r.Rows, r.Entries = cleanAll(r.Cells), cleanAll(r.Rows), cleanAll(r.Entries)
		r.Values = mapped(r.Values, func(v *Value) { v.Text = clean(v.Text) })
	})
	c.Table = &t
}

func mapped[T any](in []T, f func(*T)) []T {
	out := make([]T, len(in))
	copy(out, in)
	for i := range out {
		f(&out[i])
	}
	return out
}

func cleanAll(in []string) []string {
	return mapped(in, func(s *string) { *s = clean(*s) })
}

// clean makes a text valid UTF-8; JSON would replace bad bytes too, but differently after a second round.
func clean(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
