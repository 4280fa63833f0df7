package caserecord

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/incident"
)

// checker collects the first value that lies outside its bounds. The text names the field, never the value: values may
// be confidential or hostile.
type checker struct{ err error }

func (c *checker) fail(field, why string) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", field, why)
	}
}

// isHex reports n lower-case hexadecimal digits.
func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

func (c *checker) hex(field, v string, digits int) {
	if !isHex(v, digits) {
		c.fail(field, fmt.Sprintf("not %d lower-case hexadecimal digits", digits))
	}
}

func (c *checker) hexOrNone(field, v string, digits int) {
	if v != "" {
		c.hex(field, v, digits)
	}
}

// words checks free text by length in bytes. JSON has seen to it that it is UTF-8.
func (c *checker) words(field, v string, least, most int) {
	if utf8.RuneCountInString(v) < least {
		c.fail(field, fmt.Sprintf("shorter than %d characters", least))
	}
	if len(v) > most {
		c.fail(field, fmt.Sprintf("longer than %d bytes", most))
	}
}

// Sound refuses what Seal would refuse for its content, before anybody is asked to sign.
func Sound(c Content) error { return c.check() }

// line is words without control characters: it is printed on one line of a paper.
func (c *checker) line(field, v string, least, most int) {
	c.words(field, v, least, most)
	if strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		c.fail(field, "holds a control character")
	}
}

var rfc3339 = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`)

// parseTime reads RFC 3339 exactly; time.Parse alone accepts a little more.
func parseTime(v string) (time.Time, error) {
	if !rfc3339.MatchString(v) {
		return time.Time{}, errors.New("not an RFC 3339 time")
	}
	return time.Parse(time.RFC3339Nano, v)
}

func (c *checker) when(field, v string) {
	if _, err := parseTime(v); err != nil {
		c.fail(field, "not an RFC 3339 time")
	}
}

func (c *checker) whenOrNone(field, v string) {
	if v != "" {
		c.when(field, v)
	}
}

func (c *checker) count(field string, v int64) {
	if v < 0 || v > maxCount {
		c.fail(field, "out of bounds")
	}
}

func (c *checker) role(field string, r incident.Role) {
	if !r.Valid() {
		c.fail(field, "unknown role")
	}
}

func (c *checker) most(field string, n, bound int) {
	if n > bound {
		c.fail(field, fmt.Sprintf("more than %d", bound))
	}
}

func (c *checker) refs(field string, rows []string, least, bound int) {
	if len(rows) < least {
		c.fail(field, "empty")
	}
	c.most(field, len(rows), bound)
	for _, r := range rows {
		c.line(field, r, 1, maxRef)
	}
}

func (c *checker) table(field string, m map[string]string) {
	c.most(field, len(m), maxSlots)
	for k, v := range m {
		c.line(field, k, 1, maxName)
		c.words(field, v, 0, maxWords)
	}
}

func (c *checker) cites(rows []Citation, least int) {
	if len(rows) < least {
		c.fail("rows", "no citation")
	}
	c.most("rows", len(rows), maxCites)
	for _, r := range rows {
		c.line("rows.row_id", r.RowID, 1, maxRef)
		c.line("rows.event_id", r.EventID, 1, maxRef)
		c.hex("rows.evidence_sha256", r.EvidenceSHA256, 64)
		c.line("rows.locator", r.Locator, 0, maxRef)
		c.line("rows.parser", r.Parser, 0, maxName)
		c.hexOrNone("rows.raw_sha256", r.RawSHA256, 64)
		c.words("rows.text", r.Text, 0, maxWords)
	}
}

func (c *checker) origin(field string, o Origin) {
	c.line(field+".kind", o.Kind, 0, maxName)
	c.line(field+".name", o.Name, 0, maxName)
	c.line(field+".version", o.Version, 0, maxName)
}

// reason checks code and text of a reason; needed says whether the act demands one.
func (c *checker) reason(code, text string, needed bool) {
	c.line("reason_code", code, 0, maxName)
	c.words("reason", text, 0, maxWords)
	if !needed {
		return
	}
	if code == "" {
		c.fail("reason_code", "missing")
	}
	if utf8.RuneCountInString(strings.TrimSpace(text)) < MinReason {
		c.fail("reason", fmt.Sprintf("shorter than %d characters", MinReason))
	}
}

func (c *checker) person(p PersonRef) {
	c.hex("person.id", string(p.ID), 32)
	c.line("person.name", p.Name, 1, maxName)
	c.hex("person.key", string(p.Key), 64)
}

func (c *checker) seconds(field string, v float64) {
	if math.IsNaN(v) || math.Abs(v) > maxSkewDays*86_400 {
		c.fail(field, "out of bounds")
	}
}

var tlps = []incident.TLP{incident.TLPClear, incident.TLPGreen, incident.TLPAmber, incident.TLPAmberStrict, incident.TLPRed}

func (d *CaseOpenedData) check() error {
	var c checker
	c.line("name", d.Name, 1, maxName)
	if !slices.Contains(tlps, d.TLP) {
		c.fail("tlp", "unknown label")
	}
	c.line("template", d.Template, 0, maxName)
	c.line("zone", d.Zone, 1, maxName)
	c.person(d.Person)
	c.line("organisation", d.Organisation, 0, maxName)
	return c.err
}

func (d *PersonAdmittedData) check() error {
	var c checker
	c.person(d.Person)
	return c.err
}

func (d *RoleGrantedData) check() error {
	var c checker
	c.hex("person", string(d.Person), 32)
	c.role("role", d.Role)
	c.role("by_role", d.ByRole)
	c.when("from", d.From)
	c.whenOrNone("to", d.To)
	c.line("scope", d.Scope, 0, maxName)
	return c.err
}

func (d *RoleEndedData) check() error {
	var c checker
	c.hex("person", string(d.Person), 32)
	c.role("role", d.Role)
	c.role("by_role", d.ByRole)
	c.words("why", d.Why, 1, maxWords)
	return c.err
}

func (d *ClockObservedData) check() error {
	var c checker
	c.line("reference", d.Reference, 1, maxName)
	c.seconds("offset_seconds", d.OffsetSeconds)
	c.words("note", d.Note, 0, maxWords)
	return c.err
}

func (d *BundleExportedData) check() error {
	var c checker
	c.words("to", d.To, 0, maxPath)
	c.hex("head", d.Head, 64)
	c.count("entries", int64(d.Entries))
	switch d.Form {
	case "", "plain", "parcel", "extract":
	default:
		c.fail("form", "unknown")
	}
	c.count("withheld", int64(d.Withheld))
	c.count("evidence", int64(d.Evidence))
	c.refs("recipients", d.Recipients, 0, MaxAuthors)
	return c.err
}

func (d *MergeReceivedData) check() error {
	var c checker
	c.most("heads", len(d.Heads), MaxAuthors)
	for a, id := range d.Heads {
		c.hex("heads", string(a), 64)
		c.hex("heads", string(id), 64)
	}
	return c.err
}

func (d *CorrectionMadeData) check() error {
	var c checker
	c.hex("supersedes", string(d.Supersedes), 64)
	c.words("text", d.Text, 1, maxWords)
	return c.err
}
