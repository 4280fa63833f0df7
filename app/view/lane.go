package view

// LaneWord is one sealed note of a lane. Text and About are there when it is sealed to the person at the keyboard; else Why
// says why it stays closed.
type LaneWord struct {
	Entry    string   `json:"entry"`
	Recorded string   `json:"recorded"`
	Author   string   `json:"author"`
	Track    string   `json:"track"`
	Keys     int      `json:"keys"`
	To       []string `json:"to"`
	Open     bool     `json:"open"`
	About    string   `json:"about"`
	Text     string   `json:"text"`
	Why      string   `json:"why"`
}

// Lane is a circle of people around legal counsel. Mine: the person at the keyboard is in it. Model: counsel opened what is
// marked for it to the language model.
type Lane struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Matter    string     `json:"matter"`
	Direction string     `json:"direction"`
	Members   []string   `json:"members"`
	Mine      bool       `json:"mine"`
	Model     bool       `json:"model"`
	By        string     `json:"by"`
	At        string     `json:"at"`
	Words     []LaneWord `json:"words"`
}

// LaneMark is a mark of privilege that stands. Title names what is marked when the person at the keyboard may see it.
type LaneMark struct {
	Entry string `json:"entry"`
	Of    string `json:"of"` // entry, evidence, document
	Ref   string `json:"ref"`
	Title string `json:"title"`
	Lane  string `json:"lane"` // id
	Track string `json:"track"`
	Basis string `json:"basis"`
	By    string `json:"by"`
	At    string `json:"at"`
}

// PrivilegeLine is one line of the privilege log: what copies leave out, without what it says.
type PrivilegeLine struct {
	Entry      string   `json:"entry"`
	Kind       string   `json:"kind"`
	Recorded   string   `json:"recorded"`
	Author     string   `json:"author"`
	Lane       string   `json:"lane"` // name
	Matter     string   `json:"matter"`
	Track      string   `json:"track"`
	Basis      string   `json:"basis"`
	Recipients []string `json:"recipients"`
}

// Lanes is everything about privilege in a case. Limit says how far the walls reach.
type Lanes struct {
	Lanes []Lane          `json:"lanes"`
	Marks []LaneMark      `json:"marks"`
	Log   []PrivilegeLine `json:"log"`
	Limit string          `json:"limit"`
}
