package view

// FindingRule is the rule behind a finding.
type FindingRule struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Level  string `json:"level"`
	Author string `json:"author"`
	Hash   string `json:"hash"`
	Pack   string `json:"pack"`
}

// Matched is a field and value that a rule matched.
type Matched struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Finding is what a rule or detector found.
type Finding struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Severity   string      `json:"severity"`
	Rule       FindingRule `json:"rule"`
	Matched    []Matched   `json:"matched"`
	Rows       []string    `json:"rows"`
	Techniques []string    `json:"techniques"`
	Host       string      `json:"host"`
	User       string      `json:"user"`
	First      *string     `json:"first"`
	Last       *string     `json:"last"`
	Text       string      `json:"text"`
	Kind       string      `json:"kind"`
}

// UnmappedField is a field of a rule that no source has.
type UnmappedField struct {
	Rule  string `json:"rule"`
	Field string `json:"field"`
}

// FailedRule is a rule that could not run.
type FailedRule struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// DetectReport says what ran and what did not.
type DetectReport struct {
	Ran           *string         `json:"ran"`
	Pack          string          `json:"pack"`
	Loaded        int             `json:"loaded"`
	Matched       int             `json:"matched"`
	NotApplicable int             `json:"not_applicable"`
	Unmapped      []UnmappedField `json:"unmapped"`
	Failed        []FailedRule    `json:"failed"`
}

// Factor is one named part of a score.
type Factor struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	Value  float64 `json:"value"`
	Words  string  `json:"words"`
}

// GroupVerdict is a person's verdict on a group.
type GroupVerdict struct {
	Verdict    string `json:"verdict"`
	By         string `json:"by"`
	Role       string `json:"role"`
	At         string `json:"at"`
	ReasonCode string `json:"reason_code"`
	Reason     string `json:"reason"`
}

// Group is a line of the triage queue.
type Group struct {
	ID           string        `json:"id"`
	Title        string        `json:"title"`
	Severity     string        `json:"severity"`
	Score        float64       `json:"score"`
	Factors      []Factor      `json:"factors"`
	Suggested    string        `json:"suggested"`
	SuggestedWhy string        `json:"suggested_why"`
	Count        int           `json:"count"`
	Hosts        []string      `json:"hosts"`
	Users        []string      `json:"users"`
	Techniques   []string      `json:"techniques"`
	First        *string       `json:"first"`
	Last         *string       `json:"last"`
	Rows         []string      `json:"rows"`
	Findings     []Finding     `json:"findings"`
	Verdict      *GroupVerdict `json:"verdict"`
}

// Recommendation is a course of action that waits for a person.
type Recommendation struct {
	ID          string     `json:"id"`
	Action      string     `json:"action"`
	Title       string     `json:"title"`
	Why         string     `json:"why"`
	Rule        string     `json:"rule"`
	RuleVersion string     `json:"rule_version"`
	Severity    string     `json:"severity"`
	Group       string     `json:"group"`
	Target      string     `json:"target"`
	Rows        []string   `json:"rows"`
	Changes     []string   `json:"changes"`
	Risks       []string   `json:"risks"`
	MayDecide   []RoleHeld `json:"may_decide"`
	CanDecide   bool       `json:"can_decide"`
	Decision    *Decision  `json:"decision"`           // in force
	Awaiting    *Decision  `json:"awaiting,omitempty"` // signed by one person, not in force until a second signs
}

// Decision is a signed act of a person.
type Decision struct {
	ID            string   `json:"id"`
	Outcome       string   `json:"outcome"`
	Action        string   `json:"action"`
	Instead       string   `json:"instead,omitempty"`
	By            string   `json:"by"`
	Role          string   `json:"role"`
	RoleTitle     string   `json:"role_title"`
	At            string   `json:"at"`
	ReasonCode    string   `json:"reason_code"`
	Reason        string   `json:"reason"`
	Recommended   string   `json:"recommended"`
	RecommendedBy Origin   `json:"recommended_by"`
	Rows          []string `json:"rows"`
	Subject       string   `json:"subject"`
	Awaits        bool     `json:"awaits,omitempty"` // not in force until a second person signs
}

// ReasonCode is a closed reason.
type ReasonCode struct {
	Code     string   `json:"code"`
	Words    string   `json:"words"`
	Example  string   `json:"example"`
	Outcomes []string `json:"outcomes"`
}

// Recommended is what the override dialog shows on its left.
type Recommended struct {
	Text    string   `json:"text"`
	By      Origin   `json:"by"`
	Why     string   `json:"why"`
	Factors []Factor `json:"factors"`
	Rows    []Row    `json:"rows"`
}

// SignsAs is the signature block.
type SignsAs struct {
	Person    string `json:"person"`
	Role      string `json:"role"`
	RoleTitle string `json:"role_title"`
}

// DecisionPreview is what a person sees before signing; Shown is the hash the signature covers.
type DecisionPreview struct {
	Shown        string      `json:"shown"`
	Recommended  Recommended `json:"recommended"`
	Consequences []string    `json:"consequences"`
	SignsAs      SignsAs     `json:"signs_as"`
	Refused      *string     `json:"refused"`
}
