package decision

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"adjutant/backend/incident"
)

// shownPrefix separates this hash from every other use of SHA-256. The number changes with the fields of Shown: an old
// entry's hash must stay computable from its body.
const shownPrefix = "adjutant decision shown v1\n"

// Shown is everything a confirm dialog puts before a person. Its hash goes into the signed entry. The reason is not part
// of it: the person writes it after reading, and it stands in the entry itself.
type Shown struct {
	Case         string     `json:"case"`
	Head         string     `json:"head"` // case head at which this was shown
	Outcome      Outcome    `json:"outcome"`
	Subject      string     `json:"subject"` // id of the recommendation or group; "" for the severity of the incident
	Title        string     `json:"title"`
	Recommended  string     `json:"recommended"` // the text that was recommended, "" when nothing was
	By           Source     `json:"by"`
	Why          string     `json:"why"`
	Factors      []Factor   `json:"factors"`
	Rows         []ShownRow `json:"rows"`
	Choice       string     `json:"choice"` // what stands after the act: the step, severity or verdict
	Consequences []string   `json:"consequences"`
	Person       string     `json:"person"`
	Role         string     `json:"role"`
}

// Source names what made a recommendation: a rule or a model with its version or digest, or a person.
type Source struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Factor is one bar of a score: weight times value adds to it.
type Factor struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	Value  float64 `json:"value"`
	Words  string  `json:"words"`
}

// ShownRow is a cited row as the person saw it.
type ShownRow struct {
	ID   string `json:"id"`
	At   string `json:"at"`
	Text string `json:"text"`
}

// Canonical is the byte form that is hashed: the prefix, then JSON in field order without escaping, empty lists as [].
func (s Shown) Canonical() []byte {
	s.Case, s.Head, s.Subject, s.Title = valid(s.Case), valid(s.Head), valid(s.Subject), valid(s.Title)
	s.Recommended, s.Why, s.Choice, s.Person, s.Role = valid(s.Recommended), valid(s.Why), valid(s.Choice), valid(s.Person), valid(s.Role)
	s.By = Source{valid(s.By.Kind), valid(s.By.Name), valid(s.By.Version)}
	factors := make([]Factor, 0, len(s.Factors))
	for _, f := range s.Factors {
		factors = append(factors, Factor{valid(f.Name), f.Weight, f.Value, valid(f.Words)})
	}
	rows := make([]ShownRow, 0, len(s.Rows))
	for _, r := range s.Rows {
		rows = append(rows, ShownRow{valid(r.ID), valid(r.At), valid(r.Text)})
	}
	lines := make([]string, 0, len(s.Consequences))
	for _, c := range s.Consequences {
		lines = append(lines, valid(c))
	}
	s.Factors, s.Rows, s.Consequences = factors, rows, lines
	var b bytes.Buffer
	b.WriteString(shownPrefix)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		// Only a weight that is not a number can bring this about; it still has to hash to something of its own.
		fmt.Fprintf(&b, "unencodable %+v", s)
	}
	return b.Bytes()
}

// Hash is the SHA-256 of Canonical.
func (s Shown) Hash() incident.Digest { return incident.Digest(sha256.Sum256(s.Canonical())) }

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
