package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
)

// Handover is the giver's half of a transfer of custody, as a person fills it in.
type Handover struct {
	Items        []string // sha256 values or beginnings of them; empty = every item
	To           string   // name or id of a person of the case, who then takes over by signing; "" = an outside party
	Receiver     string   // name in words, for an outside party
	Organisation string
	Purpose      string
	Place        string
	Seal         string
	Condition    string
	At           time.Time // zero: now
}

// ProposeHandover says what handing items over would sign.
func (b *Bench) ProposeHandover(h Handover) (ActProposal, error) {
	items, err := b.itemsNamed(h.Items)
	if err != nil {
		return ActProposal{}, err
	}
	if len(items) == 0 {
		return ActProposal{}, fmt.Errorf("%w: the case holds no evidence to hand over", ErrNotFound)
	}
	d := &caserecord.CustodyGivenData{
		Items: items, Receiver: strings.TrimSpace(h.Receiver), Organisation: h.Organisation, Purpose: h.Purpose, Place: h.Place, Seal: h.Seal,
		Condition: h.Condition, At: b.moment(h.At), Role: b.Acting(),
	}
	follows := []string{"The receipt can be printed; an outside receiver signs it on paper.", "The record shows the receiver as custodian from now on."}
	if h.To != "" {
		p, err := b.inCase(h.To)
		if err != nil {
			return ActProposal{}, err
		}
		d.To, d.Receiver = p.ID, p.Name
		follows = []string{p.Name + " has to take over with their own signature, or refuse.", "Until then you stay custodian in the record."}
	}
	if err := filled(map[string]string{"the receiver": d.Receiver, "the purpose": d.Purpose, "the place": d.Place, "the condition": d.Condition}); err != nil {
		return ActProposal{}, err
	}
	return b.propose(d, follows...), nil
}

// Takeover is the receiver's half.
type Takeover struct {
	Transfer  string // entry of the handover, or the beginning of it
	Accepted  bool
	Condition string // as found; the reason when it is refused
	Place     string
	At        time.Time // zero: now
}

// ProposeTakeover says what taking items over, or refusing them, would sign.
func (b *Bench) ProposeTakeover(t Takeover) (ActProposal, error) {
	tr, err := b.transferNamed(t.Transfer)
	if err != nil {
		return ActProposal{}, err
	}
	if tr.Taken != nil {
		return ActProposal{}, fmt.Errorf("%w: %s answered this transfer already", ErrUsage, tr.Taken.Name)
	}
	if err := filled(map[string]string{"the condition": t.Condition, "the place": t.Place}); err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.CustodyTakenData{Transfer: tr.Entry, Accepted: t.Accepted, Condition: t.Condition, Place: t.Place, At: b.moment(t.At)}
	if t.Accepted {
		return b.propose(d, "You are custodian of these items from now on."), nil
	}
	return b.propose(d, tr.Name+" stays custodian of these items."), nil
}

// ProposeExplanation says what explaining a mismatch would sign. sha256 may be the beginning of a hash.
func (b *Bench) ProposeExplanation(sha256, text string) (ActProposal, error) {
	items, err := b.itemsNamed([]string{sha256})
	if err != nil {
		return ActProposal{}, err
	}
	for _, m := range b.Mismatches() {
		if m.SHA256 == items[0] {
			d := &caserecord.MismatchExplainedData{SHA256: m.SHA256, Check: m.Check.Entry, Text: strings.TrimSpace(text), Role: b.Acting()}
			return b.longWhy(d, text, "Copies of the case may leave again; your explanation goes with them.", "The item itself stays as it is.")
		}
	}
	return ActProposal{}, fmt.Errorf("%w: no check found this item altered, or it is explained already", ErrNotFound)
}

// ErrMismatch is returned when something would leave although an item is not what was taken in and nobody explained it.
var ErrMismatch = fmt.Errorf("workbench: evidence is not what was taken in")

// Mismatches lists the items that a check found altered and nobody has explained since. It asks the whole record: an
// explanation that stands behind a wall explains all the same.
func (b *Bench) Mismatches() []caserecord.Mismatch { return b.whole().Mismatches() }

// ExportBlocked is ErrMismatch, with the items named, while a mismatch stands unexplained; else nil.
func (b *Bench) ExportBlocked() error {
	var names []string
	for _, m := range b.Mismatches() {
		names = append(names, b.ItemPath(m.SHA256))
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrMismatch, strings.Join(names, ", "))
}

// itemPath is the path under which an item came in, for people.
func itemPath(s *caserecord.State, sha256 string) string {
	if it := s.Item(sha256); it != nil && len(it.Received) > 0 {
		return it.Received[0].Data.Path
	}
	return sha256[:12]
}

// ItemPath is the path under which an item came in, for people.
func (b *Bench) ItemPath(sha256 string) string { return itemPath(b.State(), sha256) }

// itemsNamed finds items by hash or the beginning of one (at least six digits), sorted; without names all.
func (b *Bench) itemsNamed(names []string) ([]string, error) {
	s := b.State()
	var out []string
	if len(names) == 0 {
		for _, it := range s.Evidence {
			if len(it.Received) > 0 && s.PurgeOf(it.SHA256) == nil {
				out = append(out, it.SHA256)
			}
		}
	}
	for _, n := range names {
		var found []string
		for _, it := range s.Evidence {
			if len(n) >= 6 && strings.HasPrefix(it.SHA256, strings.ToLower(n)) {
				found = append(found, it.SHA256)
			}
		}
		switch len(found) {
		case 0:
			return nil, fmt.Errorf("%w: no evidence %q; give its SHA-256 or the first six digits or more", ErrNotFound, n)
		case 1:
			out = append(out, found[0])
		default:
			return nil, fmt.Errorf("%w: %q fits %d items; give more digits of the SHA-256", ErrUsage, n, len(found))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (b *Bench) transferNamed(id string) (*caserecord.Transfer, error) {
	var found []*caserecord.Transfer
	for _, t := range b.State().Transfers {
		if len(id) >= 6 && strings.HasPrefix(string(t.Entry), strings.ToLower(id)) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%w: no transfer %q, or several; `evidence transfers` lists them", ErrNotFound, id)
	}
	return found[0], nil
}

// inCase finds a person of the case by id or name.
func (b *Bench) inCase(who string) (*caserecord.Person, error) {
	var named []*caserecord.Person
	for _, p := range b.State().People {
		if string(p.ID) == who {
			return p, nil
		}
		if strings.EqualFold(p.Name, who) {
			named = append(named, p)
		}
	}
	switch len(named) {
	case 1:
		return named[0], nil
	case 0:
		return nil, fmt.Errorf("%w: the case does not know %q", ErrNotFound, who)
	}
	return nil, fmt.Errorf("%w: several people of the case are called %q; use the id that `role list --json` prints", ErrUsage, who)
}

// moment is a time as entries hold it; the zero time is now.
func (b *Bench) moment(t time.Time) string {
	if t.IsZero() {
		t = b.Now()
	}
	return t.UTC().Format(time.RFC3339)
}

// filled refuses empty fields by name, in alphabetical order.
func filled(fields map[string]string) error {
	var missing []string
	for name, v := range fields {
		if strings.TrimSpace(v) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("%w: still needed: %s", ErrUsage, strings.Join(missing, ", "))
}
