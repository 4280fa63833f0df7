package view

// ActPreview is what a person is about to sign: the sentence the record will tell, and what follows.
type ActPreview struct {
	Shown        string     `json:"shown"`
	Sentence     string     `json:"sentence"`
	Consequences []string   `json:"consequences"`
	SignsAs      SignsAs    `json:"signs_as"`
	Refused      *string    `json:"refused"`
	Second       []RoleHeld `json:"second"` // roles of which another person has to sign too; empty when one signature is enough
}

// Signed is an act that stands in the record.
type Signed struct {
	Entry  string     `json:"entry"`
	Kind   string     `json:"kind"`
	Story  string     `json:"story"`
	Awaits []RoleHeld `json:"awaits"` // not in force until somebody in one of these roles has signed too
}
