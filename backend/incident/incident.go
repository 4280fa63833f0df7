// Package incident is the vocabulary that every other package shares: identifiers, roles, severity,
// verdicts, sharing limits and ATT&CK references.
//
// It stands before the first stage of the flow and imports nothing but the standard library. It keeps one
// thing true: a word of our field has one Go type and one spelling everywhere. It holds types only; rules about
// them live with the stage that owns the rule (authority in caserecord/authority, scores in triage).
//
// Sources: ICS (FEMA ICS forms) for roles, OCSF 1.x for severity and verdict, TLP 2.0 for sharing limits,
// MITRE ATT&CK for tactic and technique identifiers.
package incident

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
)

// Digest is a SHA-256 sum. Its text form is 64 lower-case hexadecimal digits.
type Digest [32]byte

// String returns the digest as 64 lower-case hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero reports whether the digest was never set.
func (d Digest) IsZero() bool { return d == Digest{} }

// MarshalText writes the hexadecimal form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText accepts exactly the form MarshalText writes.
func (d *Digest) UnmarshalText(b []byte) error {
	v, err := ParseDigest(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// ErrDigest is returned for text that is not 64 lower-case hexadecimal digits.
var ErrDigest = errors.New("incident: not a SHA-256 digest")

var digestText = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParseDigest reads 64 lower-case hexadecimal digits; anything else is ErrDigest.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if !digestText.MatchString(s) {
		return d, fmt.Errorf("%w: %.70q", ErrDigest, s)
	}
	hex.Decode(d[:], []byte(s)) //nolint:errcheck // the pattern has admitted only hex
	return d, nil
}

// Role is an ICS position or legal counsel. Decisions are signed in a role.
type Role string

// The closed list of roles.
const (
	RoleIncidentCommander Role = "incident-commander"
	RoleOperations        Role = "operations-section-chief"
	RolePlanning          Role = "planning-section-chief"
	RoleLogistics         Role = "logistics-section-chief"
	RoleFinance           Role = "finance-administration-section-chief"
	RoleLiaison           Role = "liaison-officer"
	RolePublicInformation Role = "public-information-officer"
	RoleSafety            Role = "safety-officer"
	RoleDocumentation     Role = "documentation-unit-leader"
	RoleLegalCounsel      Role = "legal-counsel"
	RoleResponder         Role = "responder"
)

// Roles lists every role in the order in which screens show them.
var Roles = []Role{
	RoleIncidentCommander, RoleOperations, RolePlanning, RoleLogistics, RoleFinance, RoleLiaison,
	RolePublicInformation, RoleSafety, RoleDocumentation, RoleLegalCounsel, RoleResponder,
}

// Title is the role in words, as printed on papers.
func (r Role) Title() string {
	switch r {
	case RoleIncidentCommander:
		return "Incident Commander"
	case RoleOperations:
		return "Operations Section Chief"
	case RolePlanning:
		return "Planning Section Chief"
	case RoleLogistics:
		return "Logistics Section Chief"
	case RoleFinance:
		return "Finance/Administration Section Chief"
	case RoleLiaison:
		return "Liaison Officer"
	case RolePublicInformation:
		return "Public Information Officer"
	case RoleSafety:
		return "Safety Officer"
	case RoleDocumentation:
		return "Documentation Unit Leader"
	case RoleLegalCounsel:
		return "Legal counsel"
	case RoleResponder:
		return "Responder"
	}
	return string(r)
}

// Valid reports whether r is in the closed list.
func (r Role) Valid() bool {
	for _, x := range Roles {
		if x == r {
			return true
		}
	}
	return false
}

// Severity grades a finding, a group or the incident. Order matters: a greater value is worse.
type Severity int

// Severities by OCSF's words.
const (
	SeverityInformational Severity = iota + 1
	SeverityLow
	SeverityMedium
	SeverityHigh
	SeverityCritical
)

var severityWords = []string{"", "informational", "low", "medium", "high", "critical"}

// String returns the lower-case word, or "unknown".
func (s Severity) String() string {
	if s < SeverityInformational || s > SeverityCritical {
		return "unknown"
	}
	return severityWords[s]
}

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(b []byte) error {
	v, err := ParseSeverity(string(b))
	*s = v
	return err
}

// ErrSeverity is returned for a word outside the closed list.
var ErrSeverity = errors.New("incident: unknown severity")

// ParseSeverity reads the lower-case word.
func ParseSeverity(w string) (Severity, error) {
	for i, x := range severityWords {
		if i > 0 && x == w {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("%w: %q (informational, low, medium, high, critical)", ErrSeverity, w)
}

// Verdict is a person's judgement of a group of findings (OCSF verdict, reduced to five).
type Verdict string

// The closed list of verdicts, in key order 1–5.
const (
	VerdictTruePositive  Verdict = "true-positive"
	VerdictSuspicious    Verdict = "suspicious"
	VerdictBenign        Verdict = "benign"
	VerdictFalsePositive Verdict = "false-positive"
	VerdictUnknown       Verdict = "unknown"
)

// Verdicts lists every verdict in key order.
var Verdicts = []Verdict{VerdictTruePositive, VerdictSuspicious, VerdictBenign, VerdictFalsePositive, VerdictUnknown}

// TLP is a sharing limit of the Traffic Light Protocol 2.0.
type TLP string

// The labels of TLP 2.0.
const (
	TLPClear       TLP = "TLP:CLEAR"
	TLPGreen       TLP = "TLP:GREEN"
	TLPAmber       TLP = "TLP:AMBER"
	TLPAmberStrict TLP = "TLP:AMBER+STRICT"
	TLPRed         TLP = "TLP:RED"
)

// Technique is an ATT&CK identifier such as T1059 or T1059.001.
type Technique string

var techniqueText = regexp.MustCompile(`^T[0-9]{4}(\.[0-9]{3})?$`)

// Valid reports whether the identifier has the form T1234 or T1234.001.
func (t Technique) Valid() bool { return techniqueText.MatchString(string(t)) }

// Mode says whether a case is real. Exercise cases never mix with live ones.
type Mode string

// The two modes of a case.
const (
	ModeLive     Mode = "live"
	ModeExercise Mode = "exercise"
)
