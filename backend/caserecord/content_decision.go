package caserecord

import "adjutant/backend/incident"

// MinReason is the least length of a written reason, in characters (DESIGN §10).
const MinReason = 20

// Origin says who or what suggested: a rule, the deterministic scorer or a model, with its version.
type Origin struct {
	Kind    string `json:"kind"` // "rule", "playbook", "score", "model", "person"
	Name    string `json:"name"`
	Version string `json:"version"`
}

// VerdictGivenData is a person's judgement of a group of findings. A verdict other than the suggested one needs a reason.
type VerdictGivenData struct {
	Group       string           `json:"group"`
	Title       string           `json:"title"`
	Verdict     incident.Verdict `json:"verdict"`
	Suggested   incident.Verdict `json:"suggested"` // "" when none was suggested
	SuggestedBy Origin           `json:"suggested_by"`
	ReasonCode  string           `json:"reason_code"`
	Reason      string           `json:"reason"`
	Rows        []string         `json:"rows"`
	Role        incident.Role    `json:"role"`
}

// Kind is verdict.given.
func (*VerdictGivenData) Kind() Kind                  { return VerdictGiven }
func (d *VerdictGivenData) actingRole() incident.Role { return d.Role }

// SeverityDeclaredData declares the severity of the incident; always with a reason.
type SeverityDeclaredData struct {
	Level       incident.Severity `json:"level"`
	Suggested   incident.Severity `json:"suggested,omitempty"`
	SuggestedBy *Origin           `json:"suggested_by,omitempty"`
	ReasonCode  string            `json:"reason_code"`
	Reason      string            `json:"reason"`
	Rows        []string          `json:"rows"`
	Role        incident.Role     `json:"role"`
}

// Kind is severity.declared.
func (*SeverityDeclaredData) Kind() Kind                  { return SeverityDeclared }
func (d *SeverityDeclaredData) actingRole() incident.Role { return d.Role }

// Outcome is what a person did with a recommendation.
type Outcome string

// The closed list of outcomes. Override and Reject need a reason code and a reason of MinReason characters.
const (
	OutcomeAccept   Outcome = "accept"
	OutcomeOverride Outcome = "override"
	OutcomeReject   Outcome = "reject"
)

// DecisionMadeData is a person's decision on one recommendation (P2).
type DecisionMadeData struct {
	Recommendation string        `json:"recommendation"` // its id
	Subject        string        `json:"subject"`        // what it is about, in words
	Outcome        Outcome       `json:"outcome"`
	Recommended    string        `json:"recommended"` // what was recommended, as shown
	RecommendedBy  Origin        `json:"recommended_by"`
	Action         string        `json:"action"`            // id of the recommended action
	Instead        string        `json:"instead,omitempty"` // what is done instead; required for override
	Target         string        `json:"target"`
	ReasonCode     string        `json:"reason_code"`
	Reason         string        `json:"reason"`
	Rows           []Citation    `json:"rows"`
	ShownSHA256    string        `json:"shown_sha256"` // of what the confirm dialog showed
	Role           incident.Role `json:"role"`
}

// Kind is decision.made.
func (*DecisionMadeData) Kind() Kind                  { return DecisionMade }
func (d *DecisionMadeData) actingRole() incident.Role { return d.Role }

// TriggerDeclaredData declares when a reporting clock's anchor happened.
type TriggerDeclaredData struct {
	Anchor string        `json:"anchor"` // "aware", "classified", "determined" …
	At     string        `json:"at"`     // RFC 3339
	TZ     string        `json:"tz"`     // IANA name
	Basis  string        `json:"basis"`
	Role   incident.Role `json:"role"`
}

// Kind is trigger.declared.
func (*TriggerDeclaredData) Kind() Kind                  { return TriggerDeclared }
func (d *TriggerDeclaredData) actingRole() incident.Role { return d.Role }

// TriggerSubmittedData records that a stage was submitted.
type TriggerSubmittedData struct {
	Regime string        `json:"regime"`
	Stage  string        `json:"stage"`
	At     string        `json:"at"` // RFC 3339
	Proof  string        `json:"proof"`
	Role   incident.Role `json:"role"`
}

// Kind is trigger.submitted.
func (*TriggerSubmittedData) Kind() Kind                  { return TriggerSubmitted }
func (d *TriggerSubmittedData) actingRole() incident.Role { return d.Role }

// Class says what a document is, and so who may approve it.
type Class string

// The closed list of classes.
const (
	ClassReport  Class = "report"  // situation report: Incident Commander
	ClassMessage Class = "message" // staff or public message: Public Information Officer
	ClassNotice  Class = "notice"  // regulatory notice: Legal counsel
)

// DocumentDraftedData pins a draft. The same Document id may be drafted again; a changed ModelSHA256 voids the approval.
type DocumentDraftedData struct {
	Document    string            `json:"document"` // 32 hexadecimal digits, chosen at the first draft
	Template    string            `json:"template"`
	Class       Class             `json:"class"`
	Title       string            `json:"title"`
	ModelSHA256 string            `json:"model_sha256"` // of the document model
	AsOf        string            `json:"as_of"`        // case head it was written at
	Slots       map[string]string `json:"slots"`
}

// Kind is document.drafted.
func (*DocumentDraftedData) Kind() Kind { return DocumentDrafted }

// DocumentApprovedData approves exactly the model with this hash.
type DocumentApprovedData struct {
	Document    string        `json:"document"`
	ModelSHA256 string        `json:"model_sha256"`
	Role        incident.Role `json:"role"`
}

// Kind is document.approved.
func (*DocumentApprovedData) Kind() Kind                  { return DocumentApproved }
func (d *DocumentApprovedData) actingRole() incident.Role { return d.Role }

// DocumentReleasedData says that a document went out.
type DocumentReleasedData struct {
	Document string        `json:"document"`
	Channel  string        `json:"channel"`
	To       string        `json:"to"`
	Role     incident.Role `json:"role"`
}

// Kind is document.released.
func (*DocumentReleasedData) Kind() Kind                  { return DocumentReleased }
func (d *DocumentReleasedData) actingRole() incident.Role { return d.Role }
