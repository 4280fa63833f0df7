package document

import (
	"time"

	"adjutant/backend/witness/slip"
)

// CourierSlip is what the workbench knows when a bundle leaves or arrives.
type CourierSlip struct {
	Case        Case
	AsOf        AsOf // the state that travels: head, number of entries, its time
	Generated   time.Time
	Letterhead  Letterhead
	File        SlipFile
	Checkpoints []SlipCheckpoint
	Giver       Party
	Courier     Party // may be empty: written by hand
	Receiver    Party // may be empty
	Arrival     *SlipArrival
}

// SlipFile is the file that travels.
type SlipFile struct {
	Name       string
	Bytes      int64
	SHA256     string
	Withheld   int    // entries whose body does not travel
	Evidence   int    // evidence items inside
	Protection string // in words: "encrypted for 2 recipients", "not encrypted"
}

// SlipCheckpoint is the state of one author's log at departure.
type SlipCheckpoint struct {
	Author  string
	Entries int
	Code    string // short code of the checkpoint
}

// SlipArrival is the comparison at the place of arrival.
type SlipArrival struct {
	At     time.Time
	Result slip.Result
}

// slipCheckpoints is how many checkpoints the page holds; the rest is counted, and the bundle has them all.
const slipCheckpoints = 8

// Form is the paper: the page that leaves with the courier, or, with Arrival set, the page that goes back to the giver.
// ErrFacts when a head, hash or id is not in its form.
func (s CourierSlip) Form() (Form, error) {
	w := newForm("courier-slip", s.Case, s.AsOf, s.Generated, s.Letterhead)
	w.hash("file hash", s.File.SHA256)
	square, err := slip.Slip{Case: s.Case.ID, Head: s.AsOf.Head, File: s.File.SHA256}.Code()
	if err != nil && w.err == nil {
		w.fail("%v", err)
	}
	way := "departure"
	if s.Arrival != nil {
		way = "arrival"
	}
	w.f.Subtitle, w.f.State = w.text(way+".subtitle"), w.text(way+".state")
	p := Part{Title: w.text(way + ".what"), Square: &Square{Content: square}}
	contents := count(s.AsOf.Entries, "entry")
	if s.File.Withheld > 0 {
		contents += w.text("what.withheld", "n", itoa(s.File.Withheld))
	}
	contents += ", " + count(s.File.Evidence, "evidence item") + "; " + thousands(s.File.Bytes) + nbsp + "bytes"
	if s.File.Protection != "" {
		contents += "; " + s.File.Protection
	}
	p.Square.Fields = []Field{
		{w.text("what.case"), caseWords(s.Case), ""}, {w.text("what.file"), s.File.Name, "strong"}, {w.text("what.contents"), contents, ""},
		{w.text("codes.head"), slip.ShortCode(s.AsOf.Head), "code"}, {w.text("codes.file"), slip.ShortCode(s.File.SHA256), "code"},
		{w.text("codes.head_full"), s.AsOf.Head, "hash"}, {w.text("codes.file_full"), s.File.SHA256, "hash"},
		{w.text("codes.at"), Moment(s.AsOf.At), ""},
	}
	w.add(p)
	if s.Arrival == nil {
		s.checkpoints(w)
	}
	giver, courier, receiver := w.hand("hand.giver", s.Giver), w.hand("hand.courier", s.Courier), w.hand("hand.receiver", s.Receiver)
	if s.Arrival != nil {
		s.arrived(w, courier, receiver)
	} else {
		w.add(Part{Title: w.text("departure.title"), Signs: []SignLine{giver, courier}})
		w.add(Part{Title: w.text("arrival.title"), Texts: []string{w.text("arrival.how")},
			Boxes: []CodeBoxes{{w.text("codes.head"), slip.ShortCode(s.AsOf.Head)}, {w.text("codes.file"), slip.ShortCode(s.File.SHA256)}},
			Ticks: []string{w.text("tick.equal"), w.text("tick.whole"), w.text("tick.differs")},
			Signs: []SignLine{courier, receiver}, Keep: true})
	}
	w.add(Part{Title: w.text("shows.title"), Texts: []string{w.text("shows")}})
	return w.done()
}

func (s CourierSlip) checkpoints(w *formWriter) {
	if len(s.Checkpoints) == 0 {
		return
	}
	list, more := s.Checkpoints, 0
	if len(list) > slipCheckpoints {
		list, more = list[:slipCheckpoints], len(list)-slipCheckpoints
	}
	half := []Column{{w.text("log.author"), 15, ""}, {w.text("log.entries"), 9, ""}, {w.text("log.code"), 26, "mono"}}
	t := &Table{Columns: half}
	if len(list) > 1 { // two logs a line
		t.Columns = append(append([]Column(nil), half...), half...)
	}
	for i := 0; i < len(list); i += 2 {
		var cells []string
		for _, c := range list[i:min(i+2, len(list))] {
			cells = append(cells, c.Author, itoa(c.Entries), c.Code)
		}
		for len(cells) < len(t.Columns) {
			cells = append(cells, "")
		}
		t.Rows = append(t.Rows, TableRow{Cells: cells})
	}
	p := Part{Table: t}
	if more > 0 {
		p.Texts = []string{w.text("log.more", "n", itoa(more))}
	}
	w.add(p)
}

// hand is one person's place to sign, by name and key where they are known.
func (w *formWriter) hand(key string, p Party) SignLine {
	who := w.text(key)
	switch words := p.words(); {
	case words == "":
		who = w.text("sign", "who", who)
	case p.Key == "":
		who = w.text("sign.known", "who", who, "name", words)
	default:
		who = w.text("sign.key", "who", who, "name", words, "key", p.Key)
	}
	return SignLine{who}
}

// arrived prints the machine's comparison line by line.
func (s CourierSlip) arrived(w *formWriter, courier, receiver SignLine) {
	t := &Table{Columns: []Column{{w.text("compared.what"), 10, "strong"}, {w.text("compared.paper"), 36, "mono"}, {w.text("compared.here"), 36, "mono"}, {w.text("compared.outcome"), 18, "strong"}}}
	for _, l := range s.Arrival.Result.Lines {
		t.Rows = append(t.Rows, TableRow{Cells: []string{w.text("compared." + l.What), l.Paper, l.Here, w.text("outcome." + string(l.State))}})
	}
	words := w.text("compared.differs")
	if s.Arrival.Result.Equal() {
		words = w.text("compared.equal")
	}
	w.add(Part{Title: w.text("compared.title"), Fields: []Field{{w.text("compared.at"), Moment(s.Arrival.At), ""}}, Table: t, Texts: []string{words},
		Ticks: []string{w.text("tick.whole")}, Signs: []SignLine{courier, receiver}})
}
