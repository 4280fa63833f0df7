package view

// ClockTrigger is the declared moment a clock runs from.
type ClockTrigger struct {
	Anchor   string `json:"anchor"`
	At       string `json:"at"`
	TZ       string `json:"tz"`
	By       string `json:"by"`
	Role     string `json:"role"`
	Recorded string `json:"recorded"`
	Basis    string `json:"basis"`
}

// Clock is one stage of one duty.
type Clock struct {
	ID            string        `json:"id"`
	Regime        string        `json:"regime"`
	RegimeName    string        `json:"regime_name"`
	Jurisdiction  string        `json:"jurisdiction"`
	Stage         string        `json:"stage"`
	StageName     string        `json:"stage_name"`
	Strict        *string       `json:"strict"`
	Extended      *string       `json:"extended"`
	ExtendedBasis string        `json:"extended_basis,omitempty"`
	Precision     string        `json:"precision"`
	Trigger       *ClockTrigger `json:"trigger"`
	Citation      string        `json:"citation"`
	Edition       string        `json:"edition"`
	Text          string        `json:"text"`
	Recipient     string        `json:"recipient"`
	Status        string        `json:"status"`
	State         string        `json:"state"`
	Content       []string      `json:"content"`
	Note          string        `json:"note,omitempty"`
}

// Anchor is a moment that a person can declare.
type Anchor struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Words   string   `json:"words"`
	Regimes []string `json:"regimes"`
}

// Clocks is the clocks screen.
type Clocks struct {
	Now         string   `json:"now"`
	ComputedAid string   `json:"computed_aid"`
	Clocks      []Clock  `json:"clocks"`
	Anchors     []Anchor `json:"anchors"`
	ClockNote   *string  `json:"clock_note"`
}

// PaperApproval is who approved which text.
type PaperApproval struct {
	By   string `json:"by"`
	Role string `json:"role"`
	At   string `json:"at"`
	Hash string `json:"hash"`
}

// Paper is a document in the list.
type Paper struct {
	ID             string         `json:"id"`
	Template       string         `json:"template"`
	Title          string         `json:"title"`
	State          string         `json:"state"`
	Drafted        string         `json:"drafted"`
	DraftedBy      string         `json:"drafted_by"`
	AsOf           string         `json:"as_of"`
	Hash           string         `json:"hash"`
	Approved       *PaperApproval `json:"approved"`
	Awaits         *PaperApproval `json:"awaits"` // approved by one person, while a second has still to sign
	NeedsRole      string         `json:"needs_role"`
	NeedsRoleTitle string         `json:"needs_role_title"`
	CanApprove     bool           `json:"can_approve"`
	Pages          int            `json:"pages"`
}

// PaperClause is one clause of a document.
type PaperClause struct {
	Number string   `json:"number"`
	Text   string   `json:"text"`
	Rows   []string `json:"rows"`
	Origin Origin   `json:"origin"`
	Failed string   `json:"failed,omitempty"`
	Slot   string   `json:"slot,omitempty"`
}

// PaperSection is a titled part of a document.
type PaperSection struct {
	Title   string        `json:"title"`
	Clauses []PaperClause `json:"clauses"`
}

// PaperCheck is one result of the grounding check.
type PaperCheck struct {
	OK   bool   `json:"ok"`
	Text string `json:"text"`
}

// PaperSlot is a field that a person fills.
type PaperSlot struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Value    string `json:"value"`
	Hint     string `json:"hint"`
	Required bool   `json:"required"`
}

// PaperDetail is the editor of a document.
type PaperDetail struct {
	Paper    Paper          `json:"paper"`
	Sections []PaperSection `json:"sections"`
	Checks   []PaperCheck   `json:"checks"`
	Slots    []PaperSlot    `json:"slots"`
	Shown    string         `json:"shown"`
}

// PaperTemplate is a kind of document that can be drafted.
type PaperTemplate struct {
	ID             string `json:"id"`
	Title          string `json:"title"`
	Words          string `json:"words"`
	NeedsRoleTitle string `json:"needs_role_title"`
}
