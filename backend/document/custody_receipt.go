package document

import (
	"strings"
	"time"
)

// ReceiptState is how far a transfer of custody has come.
type ReceiptState string

// The three states.
const (
	ReceiptOffered  ReceiptState = "offered"
	ReceiptReceived ReceiptState = "received"
	ReceiptRefused  ReceiptState = "refused"
)

// CustodyReceipt is a transfer of evidence between two parties.
type CustodyReceipt struct {
	Case       Case
	AsOf       AsOf
	Generated  time.Time
	Letterhead Letterhead
	Transfer   string // id of the transfer, as the record names it
	State      ReceiptState
	Giver      Party
	Receiver   Party
	Purpose    string
	Place      string
	Condition  string // of packing and seals, in words; "" leaves a line
	Reason     string // of a refusal
	Given      time.Time
	Answered   time.Time // received or refused; zero while offered
	Items      []ReceiptItem
	OfferEntry string // the giver's entry in the record, "" when signed on paper alone
	ReplyEntry string // the receiver's entry, "" when there is none
}

// ReceiptItem is one evidence item that changes hands.
type ReceiptItem struct {
	Path   string
	Bytes  int64
	SHA256 string
	Seal   string // number or words of the seal on the carrier, "" when none
}

// Form is the receipt. Whoever signed in the record is named with the entry; whoever did not gets a line to sign on.
func (r CustodyReceipt) Form() (Form, error) {
	w := newForm("custody-receipt", r.Case, r.AsOf, r.Generated, r.Letterhead)
	switch r.State {
	case ReceiptOffered, ReceiptReceived, ReceiptRefused:
	default:
		w.fail("state %.40q of a receipt", r.State)
	}
	if len(r.Items) == 0 || len(r.Items) > MaxTableRows {
		w.fail("%d items, expected 1 to %d", len(r.Items), MaxTableRows)
	}
	if r.State == ReceiptRefused && strings.TrimSpace(r.Reason) == "" {
		w.fail("a refusal without its reason")
	}
	state := string(r.State)
	w.f.Subtitle, w.f.State = w.text(state+".subtitle", "receiver", w.named(r.Receiver), "giver", w.named(r.Giver)), w.text(state+".state")
	w.state(Field{w.text("transfer.id"), r.Transfer, ""})
	p := Part{Title: w.text("transfer.title")}
	r.party(w, &p, w.text("giver"), r.Giver)
	r.party(w, &p, w.text("receiver"), r.Receiver)
	p.field(w.text("transfer.purpose"), r.Purpose, "")
	p.field(w.text("transfer.place"), r.Place, "")
	if !r.Given.IsZero() {
		p.field(w.text("transfer.given"), Moment(r.Given), "")
	}
	if r.State != ReceiptOffered && !r.Answered.IsZero() {
		p.field(w.text("transfer."+state), Moment(r.Answered), "")
	}
	p.field(w.text("transfer.condition"), r.Condition, "")
	if r.State == ReceiptRefused {
		p.field(w.text("transfer.reason"), r.Reason, "strong")
	}
	w.add(p)
	w.add(Part{Title: w.text("items.title", "n", count(len(r.Items), "item"), "bytes", thousands(r.total())+nbsp+"bytes"), Table: r.items(w)})
	r.signatures(w)
	w.add(Part{Title: w.text("shows.title"), Texts: []string{w.text(state + ".shows")}})
	return w.done()
}

// party names one side with its key, or says that there is none.
func (r CustodyReceipt) party(w *formWriter, p *Part, label string, who Party) {
	words := who.words()
	if words == "" {
		return
	}
	p.field(label, words, "strong")
	if who.Key != "" {
		p.field("", w.text("key", "key", who.Key), "")
	} else {
		p.field("", w.text("no_key"), "")
	}
}

func (r CustodyReceipt) total() int64 {
	var n int64
	for _, i := range r.Items {
		n += i.Bytes
	}
	return n
}

func (r CustodyReceipt) items(w *formWriter) *Table {
	t := &Table{Columns: []Column{{w.text("items.number"), 5, ""}, {w.text("items.path"), 25, "strong"}, {w.text("items.bytes"), 17, ""}, {w.text("items.hash"), 42, "mono"}, {w.text("items.seal"), 11, ""}}}
	for i, x := range r.Items {
		w.hash("item "+itoa(i+1)+":", x.SHA256)
		seal := x.Seal
		if seal == "" {
			seal = w.text("items.no_seal")
		}
		t.Rows = append(t.Rows, TableRow{Cells: []string{itoa(i + 1), x.Path, thousands(x.Bytes), Fours(x.SHA256), seal}})
	}
	return t
}

func (r CustodyReceipt) signatures(w *formWriter) {
	p := Part{Title: w.text("signatures.title"), Keep: true}
	sign := func(side, entry string, who Party) {
		if entry == "" {
			p.Signs = append(p.Signs, w.hand(side, who))
			return
		}
		w.hash("entry", entry)
		p.Texts = append(p.Texts, w.text("signed", "who", w.text(side), "name", who.Name, "entry", Fours(entry[:min(len(entry), 20)])))
	}
	sign("giver", r.OfferEntry, r.Giver)
	sign("receiver", r.ReplyEntry, r.Receiver)
	if len(p.Signs) > 0 {
		p.Texts = append(p.Texts, w.text("on_paper."+string(r.State)))
		if r.Condition == "" {
			p.Ticks = []string{w.text("tick.whole"), w.text("tick.damaged")}
		}
	}
	w.add(p)
}

// named is a name inside a sentence.
func (w *formWriter) named(p Party) string {
	if p.Name == "" {
		return w.text("unnamed")
	}
	return p.Name
}

// Fours sets a hash in groups of four, as people compare it.
func Fours(hash string) string {
	var b strings.Builder
	for i := 0; i < len(hash); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(hash[i:min(i+4, len(hash))])
	}
	return b.String()
}
