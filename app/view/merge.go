package view

// MergePreview says what merging another copy of the case would bring. Nothing is changed by looking.
type MergePreview struct {
	From          string        `json:"from"`
	Kind          string        `json:"kind"` // case, bundle, parcel
	Signs         bool          `json:"signs"`
	FastForward   bool          `json:"fast_forward"`
	Nothing       bool          `json:"nothing"`
	Blocked       bool          `json:"blocked"` // damaged or incomplete: nothing comes in unless keep_going is sent
	Entries       int           `json:"entries"`
	Kinds         []MergeCount  `json:"kinds"`
	Authors       []MergeCount  `json:"authors"`
	Stories       []MergeStory  `json:"stories"` // the first 200
	Bodies        int           `json:"bodies"`
	Withheld      int           `json:"withheld"`
	Lacking       int           `json:"lacking"`
	People        []MergePerson `json:"people"`
	Evidence      []MergeItem   `json:"evidence"`
	EvidenceNew   int           `json:"evidence_new"`
	EvidenceBytes int64         `json:"evidence_bytes"`
	EvidenceAway  int           `json:"evidence_away"`
	Rows          int           `json:"rows"`
	SetAside      []SetAside    `json:"set_aside"`
	Conflicts     []Conflict    `json:"conflicts"`
	Settled       int           `json:"settled"`
	Equivocations []Problem     `json:"equivocations"`
	Gaps          []Problem     `json:"gaps"`
	Clocks        []Problem     `json:"clocks"`
	Problems      []Problem     `json:"problems"`
	ProblemCount  int           `json:"problem_count"`
	HeadCode      string        `json:"head_code"` // of the joined record, before a signature
	Act           ActPreview    `json:"act"`       // what signing means; its hash goes back with the order to merge
}

// MergeCount counts new entries of a kind or author.
type MergeCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// MergeStory is a new entry as a sentence.
type MergeStory struct {
	Entry    string `json:"entry"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Recorded string `json:"recorded"`
	Story    string `json:"story"`
}

// MergePerson is a person or key that is new here.
type MergePerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Key  string `json:"key"`
	New  bool   `json:"new"`
}

// MergeItem is a sealed item whose bytes are not here: they come along, or stay elsewhere.
type MergeItem struct {
	SHA256 string `json:"sha256"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	State  string `json:"state"`
}

// Conflict is a field that people set without having seen each other.
type Conflict struct {
	Field   string           `json:"field"`
	Title   string           `json:"title"`
	Answers []ConflictAnswer `json:"answers"`
}

// ConflictAnswer is one of the answers; the one shown stands until a person settles it.
type ConflictAnswer struct {
	Entry    string         `json:"entry"`
	Name     string         `json:"name"`
	Role     string         `json:"role"`
	Recorded string         `json:"recorded"`
	Says     string         `json:"says"`
	Shown    bool           `json:"shown"`
	Knew     []ConflictKnew `json:"knew"` // how far they had seen those who answered otherwise
}

// ConflictKnew says how far somebody had seen another author when they signed. UpTo null: nothing of theirs.
type ConflictKnew struct {
	Name string  `json:"name"`
	UpTo *string `json:"up_to"`
}

// SetAside is an entry that authority refuses: kept, without effect.
type SetAside struct {
	Entry      string `json:"entry"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Recorded   string `json:"recorded"`
	Code       string `json:"code"`
	Why        string `json:"why"`
	Story      string `json:"story"`
	Admissible bool   `json:"admissible"`
}
