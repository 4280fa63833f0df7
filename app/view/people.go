package view

// HeldRole is one way in which a person holds a role. Basis: "" given, succession, delegation, break-glass.
type HeldRole struct {
	Role      string   `json:"role"`
	Title     string   `json:"title"`
	From      string   `json:"from"`
	GrantedBy string   `json:"granted_by"`
	Basis     string   `json:"basis"`
	Until     *string  `json:"until"`
	Kinds     []string `json:"kinds"` // of a delegation: what it is limited to; empty = all that can be lent
	Scope     string   `json:"scope"`
	Words     string   `json:"words"` // all of this as one line
	Entry     string   `json:"entry"`
}

// HeldKey is a key of a person, one for each of their devices.
type HeldKey struct {
	Key         string `json:"key"`
	Fingerprint string `json:"fingerprint"`
	Here        bool   `json:"here"`     // on this device
	Admitted    bool   `json:"admitted"` // known to the case
	Revoked     string `json:"revoked"`  // by whom, when and why; "" while it signs
}

// PersonInCase is somebody admitted to the case, or with a key on this device.
type PersonInCase struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Fingerprint string     `json:"fingerprint"`
	Roles       []HeldRole `json:"roles"` // held now
	Other       []HeldRole `json:"other"` // ended, or not begun
	Keys        []HeldKey  `json:"keys"`
	Known       bool       `json:"known"` // to the case
	Here        bool       `json:"here"`
}

// Succession is who follows in a role, in order.
type Succession struct {
	Role  string         `json:"role"`
	Title string         `json:"title"`
	Order []PersonInLine `json:"order"`
}

// PersonInLine is a person by id and name.
type PersonInLine struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// People is the people screen.
type People struct {
	People      []PersonInCase `json:"people"`
	Successions []Succession   `json:"successions"`
}

// MatrixRow is a row of the authority matrix as it counts now.
type MatrixRow struct {
	Kind      string     `json:"kind"`
	Class     string     `json:"class"`
	Members   bool       `json:"members"` // any admitted person
	Roles     []RoleHeld `json:"roles"`
	TwoPerson bool       `json:"two_person"`
	CanTwo    bool       `json:"can_two"` // two persons can be asked for
	Core      bool       `json:"core"`    // fixed, and cannot be lent
	Why       string     `json:"why"`
	ChangedBy string     `json:"changed_by"`
	ChangedAt *string    `json:"changed_at"`
}

// Authority is the matrix with the roles there are, and those that can be taken in an emergency.
type Authority struct {
	Rows       []MatrixRow `json:"rows"`
	Roles      []RoleHeld  `json:"roles"`
	BreakGlass []RoleHeld  `json:"break_glass"`
}

// ToDo is something that waits for a person.
type ToDo struct {
	Kind  string     `json:"kind"` // review, cosign, conflict, admit, custody, mismatch, expiring, no-holder, witness
	Text  string     `json:"text"`
	Roles []RoleHeld `json:"roles"` // any of these may do it; empty: the people named
	May   []string   `json:"may"`   // who may now, by name
	Mine  bool       `json:"mine"`  // the person at the keyboard may
	Entry string     `json:"entry"`
	Link  Link       `json:"link"`
	Due   *string    `json:"due"`
}

// Card is a person's key as it is handed over. Card is the text of one that was read, Path where one was written.
type Card struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
	Made        string `json:"made"`
	Card        string `json:"card"`
	Path        string `json:"path"`
}

// Slot is one way in which the folder of the case opens.
type Slot struct {
	Number    int    `json:"number"`
	Kind      string `json:"kind"` // passphrase or recipient
	Recipient string `json:"recipient"`
}
