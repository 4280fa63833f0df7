package view

// Witness is a second party who holds, or has signed, a head of the case.
type Witness struct {
	ID        string `json:"id"`
	How       string `json:"how"`
	By        string `json:"by"`
	At        string `json:"at"`
	Head      string `json:"head"`
	HeadCode  string `json:"head_code"`
	Text      string `json:"text"`
	EnteredBy string `json:"entered_by"`
}

// Checkpoint is a signed checkpoint of one key's entries.
type Checkpoint struct {
	ID        string `json:"id"`
	By        string `json:"by"`
	Key       string `json:"key"`
	Size      int    `json:"size"`
	At        string `json:"at"`
	Witnessed bool   `json:"witnessed"`
}

// SlipLine is one thing that a courier slip says, held against what is here.
type SlipLine struct {
	What  string `json:"what"`
	Paper string `json:"paper"`
	Here  string `json:"here"`
	State string `json:"state"`
}
