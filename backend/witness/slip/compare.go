package slip

import (
	"fmt"
	"strings"
)

// State is the outcome of one comparison.
type State string

// The three outcomes.
const (
	Equal       State = "equal"
	Differs     State = "differs"
	NotCompared State = "not compared"
)

// Line is one thing compared. Paper and Here are short codes, but for the case, which is its id; "" where there is none.
type Line struct {
	What  string `json:"what"` // case, head, file
	Paper string `json:"paper"`
	Here  string `json:"here"`
	State State  `json:"state"`
}

// Result is the comparison: always three lines, in the order case, head, file.
type Result struct {
	Lines []Line `json:"lines"`
}

// Equal reports whether something was compared and nothing differs.
func (r Result) Equal() bool {
	same := 0
	for _, l := range r.Lines {
		switch l.State {
		case Differs:
			return false
		case Equal:
			same++
		}
	}
	return same > 0
}

// Compare holds what the paper says against what arrived. given is the text of the square, a full head or file hash, or
// a short code as people type it: any case, O for 0, I and L for 1, with or without groups. A typed code is compared
// with the head, and with the file when it is the file's; one that is neither is told as another head. arrived.File may
// be empty when no single file came. ErrForm for a text that is no code; a typing slip in a code of the right length
// shows as a difference, so read it again before you conclude.
func Compare(given string, arrived Slip) (Result, error) {
	if !isHex(arrived.Case, hexID) || !isHex(arrived.Head, hexHash) || arrived.File != "" && !isHex(arrived.File, hexHash) {
		return Result{}, fmt.Errorf("%w: of what arrived: case %.40q, head %.70q, file %.70q", ErrForm, arrived.Case, arrived.Head, arrived.File)
	}
	r := Result{Lines: []Line{
		{What: "case", Here: arrived.Case, State: NotCompared},
		{What: "head", Here: ShortCode(arrived.Head), State: NotCompared},
		{What: "file", Here: ShortCode(arrived.File), State: NotCompared},
	}}
	if len(given) > maxGiven {
		return Result{}, fmt.Errorf("%w: %d characters", ErrForm, len(given))
	}
	given = strings.TrimSpace(given)
	if strings.HasPrefix(given, "adjutant-slip:") {
		s, err := Parse(given)
		if err != nil {
			return Result{}, err
		}
		r.set(0, s.Case, s.Case == arrived.Case)
		r.set(1, ShortCode(s.Head), s.Head == arrived.Head)
		if arrived.File == "" {
			r.Lines[2].Paper = ShortCode(s.File)
		} else {
			r.set(2, ShortCode(s.File), s.File == arrived.File)
		}
		return r, nil
	}
	code, whole, ok := typed(given)
	if !ok {
		return Result{}, fmt.Errorf("%w: %.80q", ErrForm, given)
	}
	is := func(hash string) bool { return hash != "" && (whole == hash || whole == "" && code == ShortCode(hash)) }
	if is(arrived.File) && !is(arrived.Head) {
		r.set(2, code, true)
	} else {
		r.set(1, code, is(arrived.Head))
	}
	return r, nil
}

func (r *Result) set(i int, paper string, same bool) {
	r.Lines[i].Paper, r.Lines[i].State = paper, Differs
	if same {
		r.Lines[i].State = Equal
	}
}

// typed reads a short code or a full hash; whole is "" for a code.
func typed(s string) (code, whole string, ok bool) {
	s = strings.ToUpper(strings.NewReplacer("-", "", " ", "", "\u2010", "", "\u2011", "", "\u2013", "", "\u00a0", "").Replace(s))
	if low := strings.ToLower(s); isHex(low, hexHash) {
		return ShortCode(low), low, true
	}
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
	if len(s) != 20 || strings.Trim(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return "", "", false
	}
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:], "", true
}
