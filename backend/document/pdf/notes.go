package pdf

import (
	"fmt"
	"sort"
	"strings"

	"adjutant/backend/document"
)

// notes are the footnotes of a paper: numbered where they are first called, set at the foot of that page.
type notes struct {
	d     *document.Document
	faces *faces
	count int
	first map[string]int // id → the note that describes it
	set   map[int][]textLine
}

const (
	noteSize    = 8.0
	noteLeading = 10.2
	noteGap     = 2.0  // between notes
	noteHead    = 12.0 // rule above the notes and air
	noteHang    = 15.0
	// rowsInNote bounds a note: more rows are counted, and the case holds them under the sentence.
	rowsInNote = 3
)

func newNotes(d *document.Document, f *faces) *notes {
	return &notes{d: d, faces: f, first: map[string]int{}, set: map[int][]textLine{}}
}

// call gives the number of a new footnote for the cited ids; 0 when the paper prints none.
func (n *notes) call(rows, entries []string) int {
	if !n.d.Footnotes || len(rows)+len(entries) == 0 {
		return 0
	}
	n.count++
	number := n.count
	ids := append(append([]string(nil), rows...), entries...)
	more := 0
	if len(ids) > rowsInNote+1 {
		more = len(ids) - rowsInNote
		ids = ids[:rowsInNote]
	}
	var set []textLine
	again := []int{}
	for _, id := range ids {
		if first := n.first[id]; first > 0 {
			again = append(again, first)
			continue
		}
		n.first[id] = number
		set = append(set, n.wrap(n.words(id))...)
	}
	tail := ""
	if len(again) > 0 {
		tail = seeNotes(again)
	}
	if more > 0 {
		tail = strings.TrimSpace(fmt.Sprintf("%s And %d more, listed in the case under this sentence.", tail, more))
	}
	if tail != "" {
		set = append(set, n.wrap([]span{{text: tail, style: n.plain()}})...)
	}
	n.set[number] = set
	return number
}

// seeNotes points to the notes in which rows were described before.
func seeNotes(list []int) string {
	sort.Ints(list)
	words := []string{}
	for i, x := range list {
		if i == 0 || x != list[i-1] {
			words = append(words, superscript(x))
		}
	}
	if len(words) == 1 {
		return "See note\u00a0" + words[0] + "."
	}
	return "See notes\u00a0" + strings.Join(words[:len(words)-1], ", ") + " and\u00a0" + words[len(words)-1] + "."
}

func (n *notes) plain() style { return style{face: n.faces.sans, size: noteSize, color: ink} }
func (n *notes) mono() style  { return style{face: n.faces.code, size: noteSize - 1.1, color: ink} }

func (n *notes) wrap(spans []span) []textLine { return n.faces.wrap(spans, measure-noteHang) }

// words says where a cited row can be found again, down to the bytes.
func (n *notes) words(id string) []span {
	c := n.d.Citation(id)
	switch {
	case c == nil:
		return []span{{text: "Row ", style: n.plain()}, {text: id, style: n.mono()}, {text: " (citation missing).", style: n.plain()}}
	case c.Kind == "entry":
		return []span{{text: "Case record, entry ", style: n.plain()}, {text: shortHash(id), style: n.mono()}, {text: ": " + c.Words + ".", style: n.plain()}}
	}
	where := c.Path
	if x := n.d.ExhibitOf(c.Evidence); x != nil {
		where = "Exhibit\u00a0" + x.Label + ", " + c.Path
	}
	var what []string
	if c.Host != "" {
		what = append(what, c.Host)
	}
	if !c.At.IsZero() {
		what = append(what, document.Moment(c.At))
	}
	head := strings.Join(what, ", ")
	if head != "" {
		head += ". "
	}
	return []span{{text: head + where + " at ", style: n.plain()}, {text: c.Locator, style: n.mono()}, {text: "; row ", style: n.plain()},
		{text: id, style: n.mono()}, {text: ", SHA-256 ", style: n.plain()}, {text: document.Fours(c.RowHash), style: n.mono()}, {text: ".", style: n.plain()}}
}

// height is what the given notes take at the foot of a page.
func (n *notes) height(have, more []int) float64 {
	h := 0.0
	for _, list := range [][]int{have, more} {
		for _, x := range list {
			h += float64(len(n.set[x]))*noteLeading + noteGap
		}
	}
	if h > 0 {
		h += noteHead
	}
	return h
}

// draw sets the notes of a page upwards from the foot.
func (n *notes) draw(c *canvas, list []int) {
	if len(list) == 0 {
		return
	}
	y := bottom - n.height(list, nil) + noteHead/2
	c.rule(left, left+45*mm, y, 0.4, hair)
	y += noteHead / 2
	for _, x := range list {
		c.textRight(noteText, superscript(x)+" ", style{face: n.faces.sans, size: 6.4, color: ink, rise: 2.4}, left+noteHang-2, y+noteSize*0.8)
		for _, l := range n.set[x] {
			c.runs(noteText, l.runs, left+noteHang, y+noteSize*0.8)
			y += noteLeading
		}
		y += noteGap
	}
}

// shortHash is the start of an entry id: 80 bits, enough to find it and too many to make another.
func shortHash(hash string) string {
	if len(hash) > 20 {
		hash = hash[:20]
	}
	return document.Fours(hash)
}
