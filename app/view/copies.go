package view

// CopyPlan says what a copy would hold, before anything is written. Nothing is changed by looking.
type CopyPlan struct {
	Form       string      `json:"form"` // plain, parcel
	Out        string      `json:"out"`
	HeadCode   string      `json:"head_code"`
	Entries    int         `json:"entries"`
	Withheld   int         `json:"withheld"` // entries that go without their words
	Evidence   int         `json:"evidence"` // items whose bytes go along
	Files      int         `json:"files"`
	Bytes      int64       `json:"bytes"` // of a parcel at most
	Items      []CopyItem  `json:"items"`
	Papers     []CopyPaper `json:"papers"`
	Verifiers  []string    `json:"verifiers"`
	Recipients []string    `json:"recipients"`
	Lanes      []string    `json:"lanes"` // let out by counsel
	Notes      []string    `json:"notes"`
	Resumes    bool        `json:"resumes"` // an earlier try to the same place goes on
	Act        ActPreview  `json:"act"`     // what signing means; its hash goes back with the order to export
}

// CopyItem is an item of evidence that the copy names.
type CopyItem struct {
	SHA256 string `json:"sha256"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Here   bool   `json:"here"`
	Why    string `json:"why"` // why its bytes stay out, "" when they go along
}

// CopyPaper is a paper of the case: its file in the copy, or why it stays out.
type CopyPaper struct {
	Document string `json:"document"`
	Title    string `json:"title"`
	File     string `json:"file"`
	Left     string `json:"left"`
}

// ExtractPlan says what an extract would show.
type ExtractPlan struct {
	Out             string     `json:"out"`
	Chosen          int        `json:"chosen"`
	ShownEntries    int        `json:"shown_entries"` // with what the signers rest on
	Withheld        int        `json:"withheld"`
	Papers          []string   `json:"papers"`
	Notes           []string   `json:"notes"`
	NeedsCheckpoint bool       `json:"needs_checkpoint"` // an own checkpoint is to be signed first: POST record/checkpoint
	Act             ActPreview `json:"act"`
}

// ImportPlan says what a copy holds from which a case can be made.
type ImportPlan struct {
	From         string    `json:"from"`
	Kind         string    `json:"kind"` // bundle, parcel
	Case         string    `json:"case"`
	Name         string    `json:"name"`
	Mode         string    `json:"mode"`
	TLP          string    `json:"tlp"`
	Opened       string    `json:"opened"`
	OpenedBy     string    `json:"opened_by"`
	OpenerKey    string    `json:"opener_key"` // to compare with the person
	Entries      int       `json:"entries"`
	Withheld     int       `json:"withheld"`
	Evidence     int       `json:"evidence"`
	Bytes        int64     `json:"bytes"`
	Elsewhere    int       `json:"elsewhere"`
	HeadCode     string    `json:"head_code"`
	Blocked      bool      `json:"blocked"`
	Problems     []Problem `json:"problems"`
	ProblemCount int       `json:"problem_count"`
}

// Copies lists what left the case and what was taken in, newest first.
type Copies struct {
	Exports []CopyOut `json:"exports"`
	Merges  []CopyIn  `json:"merges"`
}

// CopyOut is a copy that left.
type CopyOut struct {
	Entry      string   `json:"entry"`
	At         string   `json:"at"`
	By         string   `json:"by"`
	Form       string   `json:"form"`
	To         string   `json:"to"`
	HeadCode   string   `json:"head_code"`
	Entries    int      `json:"entries"`
	Withheld   int      `json:"withheld"`
	Evidence   int      `json:"evidence"`
	Recipients []string `json:"recipients"`
}

// CopyIn is a copy that was taken in while both had something new.
type CopyIn struct {
	Entry string `json:"entry"`
	At    string `json:"at"`
	By    string `json:"by"`
	Keys  int    `json:"keys"` // whose chains the other copy had
}
