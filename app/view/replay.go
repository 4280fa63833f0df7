package view

// Then is the case as it was known at a moment.
type Then struct {
	At        string         `json:"at"`
	Of        *RecordEntry   `json:"of"`     // the entry asked about, null for a time
	Person    *PersonThen    `json:"person"` // whose knowledge it is, null for what somebody knew
	Head      string         `json:"head"`
	HeadCode  string         `json:"head_code"`
	Entries   int            `json:"entries"`     // known then
	Now       int            `json:"entries_now"` // in the record today
	Severity  *SeverityBy    `json:"severity"`
	Verdicts  []VerdictCount `json:"verdicts"`
	Decisions []DecisionThen `json:"decisions"`
	Triggers  []TriggerThen  `json:"triggers"`
	Clocks    []Clock        `json:"clocks"`
	Documents []DocumentThen `json:"documents"`
	People    []PersonThen   `json:"people"`
	Evidence  int            `json:"evidence"`
	Notes     int            `json:"notes"`
	Promoted  int            `json:"promoted"`
	Conflicts int            `json:"conflicts"`
	SetAside  int            `json:"set_aside"`
	Later     Later          `json:"later"`
}

// VerdictCount counts the groups with a verdict in force.
type VerdictCount struct {
	Verdict string `json:"verdict"`
	Count   int    `json:"count"`
}

// DecisionThen is the last decision on a recommendation, as known then.
type DecisionThen struct {
	ID             string `json:"id"`
	Recommendation string `json:"recommendation"`
	Outcome        string `json:"outcome"`
	Recommended    string `json:"recommended"`
	Instead        string `json:"instead"`
	Target         string `json:"target"`
	Reason         string `json:"reason"`
	By             string `json:"by"`
	Role           string `json:"role"`
	At             string `json:"at"`
	Awaits         bool   `json:"awaits"`
}

// TriggerThen is the last declaration of an anchor, as known then.
type TriggerThen struct {
	ID       string `json:"id"`
	Anchor   string `json:"anchor"`
	At       string `json:"at"`
	TZ       string `json:"tz"`
	Basis    string `json:"basis"`
	By       string `json:"by"`
	Recorded string `json:"recorded"`
	Awaits   bool   `json:"awaits"`
}

// DocumentThen is a paper as it stood: draft, approved or released.
type DocumentThen struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Class string `json:"class"`
	State string `json:"state"`
	At    string `json:"at"`
}

// PersonThen is somebody who was admitted, with the titles of the roles held then.
type PersonThen struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
}

// Later is what the record says now and did not say then.
type Later struct {
	Entries int         `json:"entries"`
	Kinds   []KindCount `json:"kinds"`
	Facts   []LaterFact `json:"facts"`
	Left    int         `json:"left"`
}

// LaterFact is an entry that came later: learned, or decided.
type LaterFact struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind"`
	Story    string  `json:"story"`
	By       string  `json:"by"`
	Recorded string  `json:"recorded"`
	Happened *string `json:"happened"`
	Learned  bool    `json:"learned"`
}

// Axes are the two times of a case: when it was recorded and when it happened.
type Axes struct {
	From          string     `json:"from"`
	To            string     `json:"to"`
	Now           string     `json:"now"`
	Hours         []HourTick `json:"hours"`
	Marks         []AxisMark `json:"marks"`
	Happened      []AxisMark `json:"happened"`
	Left          int        `json:"left"`
	EvidenceFirst *string    `json:"evidence_first"`
	EvidenceLast  *string    `json:"evidence_last"`
}

// HourTick counts the entries recorded in an hour.
type HourTick struct {
	Hour    string `json:"hour"`
	Entries int    `json:"entries"`
}

// AxisMark is an entry that an axis shows by itself.
type AxisMark struct {
	At       string `json:"at"`
	Recorded string `json:"recorded"`
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	By       string `json:"by"`
}
