package view

// RecordEntry is an entry as a sentence.
type RecordEntry struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Story      string `json:"story"`
	Author     string `json:"author"`
	AuthorName string `json:"author_name"`
	Role       string `json:"role"`
	Seq        uint64 `json:"seq"`
	Recorded   string `json:"recorded"`
	Refused    string `json:"refused,omitempty"`
	Awaits     bool   `json:"awaits,omitempty"` // not in force until a second person signs
	Withheld   bool   `json:"withheld"`
	Lane       string `json:"lane,omitempty"` // its words, or some of them, are behind the wall of this lane
	Body       string `json:"body"`
	Line       string `json:"line"`
}

// KindCount counts the entries of a kind.
type KindCount struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// AuthorCount counts the entries of an author.
type AuthorCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// RecordPage is a page of the record.
type RecordPage struct {
	Total   int           `json:"total"`
	Offset  int           `json:"offset"`
	Entries []RecordEntry `json:"entries"`
	Kinds   []KindCount   `json:"kinds"`
	Authors []AuthorCount `json:"authors"`
}

// Verification is the result of checking the record.
type Verification struct {
	Verdict  string    `json:"verdict"`
	Anchored bool      `json:"anchored"`
	Entries  int       `json:"entries"`
	Authors  int       `json:"authors"`
	Head     string    `json:"head"`
	HeadCode string    `json:"head_code"`
	Problems []Problem `json:"problems"`
	At       string    `json:"at"`
}

// ModelFunction is one job a model may have, its fitness and its twin.
type ModelFunction struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	On    bool   `json:"on"`
	Twin  string `json:"twin"`
	Score string `json:"score"`
	Why   string `json:"why"`
}

// ModelStatus is the model screen.
type ModelStatus struct {
	State     string          `json:"state"`
	Name      string          `json:"name"`
	Digest    string          `json:"digest"`
	Text      string          `json:"text"`
	Variant   string          `json:"variant"`
	Version   string          `json:"version"`
	Functions []ModelFunction `json:"functions"`
}
