package view

// Transfer is a transfer of custody. State: offered, taken, refused, or outside for a receiver without a key.
type Transfer struct {
	ID           string   `json:"id"`
	State        string   `json:"state"`
	Items        []string `json:"items"`
	Giver        string   `json:"giver"`
	GiverRole    string   `json:"giver_role"`
	Receiver     string   `json:"receiver"`
	Organisation string   `json:"organisation"`
	Purpose      string   `json:"purpose"`
	Place        string   `json:"place"`
	Seal         string   `json:"seal"`
	Condition    string   `json:"condition"`
	At           string   `json:"at"`
	Answer       string   `json:"answer"` // condition as found, or why refused; "" while open
	AnswerAt     *string  `json:"answer_at"`
	Mine         bool     `json:"mine"` // waits for the person at the keyboard
}

// Hold is a legal hold. Items empty: the whole case.
type Hold struct {
	ID       string   `json:"id"`
	Matter   string   `json:"matter"`
	Why      string   `json:"why"`
	Items    []string `json:"items"`
	By       string   `json:"by"`
	At       string   `json:"at"`
	Released *string  `json:"released"` // by whom and why; null while it stands
}

// Mismatch is an item that is not what was taken in and that nobody has explained.
type Mismatch struct {
	SHA256  string `json:"sha256"`
	Path    string `json:"path"`
	FoundAt string `json:"found_at"`
	FoundBy string `json:"found_by"`
}

// Tombstone stands where an item's bytes were deleted. Awaits: one of two has signed, and nothing is deleted yet.
type Tombstone struct {
	Entry  string `json:"entry"`
	SHA256 string `json:"sha256"`
	Why    string `json:"why"`
	By     string `json:"by"`
	At     string `json:"at"`
	Awaits bool   `json:"awaits"`
}

// Explained is a mismatch that somebody explained.
type Explained struct {
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
	By     string `json:"by"`
	At     string `json:"at"`
}

// LastCheck is the newest signed check of all evidence.
type LastCheck struct {
	At      string `json:"at"`
	By      string `json:"by"`
	Items   int    `json:"items"`
	Same    int    `json:"same"`
	Altered int    `json:"altered"`
	Absent  int    `json:"absent"`
}

// Custody is who has what, what was checked, and what may not be deleted.
type Custody struct {
	Transfers  []Transfer        `json:"transfers"`
	Custodians map[string]string `json:"custodians"` // by sha256
	Purged     []string          `json:"purged"`
	Tombstones []Tombstone       `json:"tombstones"`
	Holds      []Hold            `json:"holds"`
	Mismatches []Mismatch        `json:"mismatches"`
	Explained  []Explained       `json:"explained"`
	LastCheck  *LastCheck        `json:"last_check"`
}
