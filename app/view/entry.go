package view

// EntryDetail says how an entry stands in the record: second signatures, what its role rested on, what was said of it later.
type EntryDetail struct {
	Entry       string      `json:"entry"`
	Awaits      []RoleHeld  `json:"awaits"`   // not in force until somebody else in one of these roles signs too
	Cosigned    *EntryWord  `json:"cosigned"` // the second signature
	Ground      *EntryWord  `json:"ground"`   // null: the role was the author's own
	Corrections []EntryWord `json:"corrections"`
}

// EntryWord is what another entry says about one.
type EntryWord struct {
	Entry string `json:"entry"`
	Name  string `json:"name"`
	At    string `json:"at"`
	Text  string `json:"text"`
}
