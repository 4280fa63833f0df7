package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// Slot is one way in which the case folder opens.
type Slot struct {
	Number    int    `json:"number"` // from 1, as `case slots remove` takes it
	Kind      string `json:"kind"`   // passphrase or recipient
	Recipient string `json:"recipient,omitempty"`
}

const slotPassphrase = "passphrase"

// Slots lists what opens the case folder.
func (b *Bench) Slots() []Slot {
	var out []Slot
	for i, s := range b.folder.Slots() {
		out = append(out, Slot{i + 1, s.Kind, s.Recipient})
	}
	return out
}

// SlotChange is one change of what opens the case; exactly one field, or Old and New together.
type SlotChange struct {
	Passphrase []byte // add this passphrase
	Recipient  string // add the holder of this age1… key
	Remove     int    // remove the slot of this number
	Old, New   []byte // put New in the place of Old
	Confirm    bool   // change nothing: sign what opens the case now
}

// words says what the change does, for the record, without any secret.
func (b *Bench) slotWords(c SlotChange) (string, error) {
	slots := b.Slots()
	passphrases := 0
	for _, s := range slots {
		if s.Kind == slotPassphrase {
			passphrases++
		}
	}
	switch {
	case c.Confirm:
		return fmt.Sprintf("confirmed %s as they are", counted(len(slots), "key slot", "key slots")), nil
	case c.New != nil:
		if bytes.Equal(c.Old, c.New) {
			return "", fmt.Errorf("%w: the new passphrase is the old one", ErrUsage)
		}
		return "put another passphrase in the place of one", longEnough(c.New)
	case c.Passphrase != nil:
		return "added a passphrase", longEnough(c.Passphrase)
	case c.Recipient != "":
		if _, err := age.ParseX25519Recipient(c.Recipient); err != nil {
			return "", fmt.Errorf("%w: %q is no age recipient (age1…): %v", ErrUsage, c.Recipient, err)
		}
		return "added the key " + c.Recipient, nil
	case c.Remove < 1 || c.Remove > len(slots):
		return "", fmt.Errorf("%w: there is no key slot %d; `case slots list` shows %d", ErrUsage, c.Remove, len(slots))
	case slots[c.Remove-1].Kind == slotPassphrase && passphrases == 1:
		return "", fmt.Errorf("%w: the last passphrase stays; add another one first", ErrUsage)
	case slots[c.Remove-1].Kind == slotPassphrase:
		return fmt.Sprintf("removed the passphrase in slot %d", c.Remove), nil
	}
	return "removed the key " + slots[c.Remove-1].Recipient, nil
}

// ProposeSlots says what changing what opens the case would do and sign.
func (b *Bench) ProposeSlots(c SlotChange) (Proposal, error) {
	what, err := b.slotWords(c)
	if err != nil {
		return Proposal{}, err
	}
	d := &caserecord.SlotsChangedData{What: what}
	p := Proposal{Shown: b.slotsShown(what), Kinds: kinds(d.Kind()), Refused: b.mayWrite(b.whole(), d)}
	switch {
	case c.Confirm:
		p.Consequences = []string{"Nothing changes. From now on another set of key slots in this folder is told when the case is opened."}
	case c.New != nil || c.Remove > 0:
		p.Consequences = []string{
			"This folder does not open with the old way any more.",
			"Copies of the folder from before, backups too, still open with it and hold what they held then: the key of the case stays the same.",
		}
	default:
		p.Consequences = []string{"Whoever has this passphrase or key reads the whole case. To sign in it they also need a person's key."}
	}
	return p, nil
}

// slotsShown binds the words to what opens the case now.
func (b *Bench) slotsShown(what string) []byte {
	return ShownOf(map[string]string{"case": b.ID(), "slots_sha256": b.folder.SlotsHash().String(), "what": what})
}

// ChangeSlots changes what opens the case and signs the slots' new hash. The folder comes first: were the program to end
// in between, the case would open as the person wished and say at the next opening that nobody signed it.
func (b *Bench) ChangeSlots(ctx context.Context, act identity.Act, c SlotChange) (caserecord.Entry, error) {
	p, err := b.ProposeSlots(c)
	if err == nil {
		err = agreed(act, p.Shown)
	}
	if err == nil {
		_, err = b.Me()
	}
	if err != nil {
		return caserecord.Entry{}, err
	}
	if p.Refused != nil {
		return caserecord.Entry{}, fmt.Errorf("%w: %w", ErrNotAllowed, p.Refused)
	}
	what, err := b.slotWords(c) // before the slots change
	if err == nil {
		err = b.changeFolder(c)
	}
	if err != nil {
		return caserecord.Entry{}, err
	}
	e, err := b.append(ctx, act, &caserecord.SlotsChangedData{SlotsSHA256: b.folder.SlotsHash().String(), What: what})
	if err != nil {
		return e, err
	}
	return e, b.folder.Drafts().Set(slotsKey, []byte(e.ID))
}

func (b *Bench) changeFolder(c SlotChange) error {
	o := casefolder.Options{WorkFactor: b.env.WorkFactor, Rand: b.env.Rand}
	opens := func(pass []byte) error {
		switch _, err := b.folder.SlotOf(pass); {
		case err == nil:
			return fmt.Errorf("%w: this passphrase opens the case already", ErrUsage)
		case errors.Is(err, casefolder.ErrPassphrase):
			return nil
		default:
			return err
		}
	}
	switch {
	case c.Confirm:
		return nil
	case c.New != nil:
		i, err := b.folder.SlotOf(c.Old)
		if err != nil {
			return err
		}
		if err := opens(c.New); err != nil {
			return err
		}
		return b.folder.ReplaceSlot(i, c.New, o)
	case c.Passphrase != nil:
		if err := opens(c.Passphrase); err != nil {
			return err
		}
		return b.folder.AddSlot(c.Passphrase, o)
	case c.Recipient != "":
		return b.folder.AddRecipient(c.Recipient)
	}
	return b.folder.RemoveSlot(c.Remove - 1)
}

// slotsKey names, in this folder, the slots.changed that was signed here last. It is this folder's own knowledge: the
// record also holds those of other laptops, whose folders open in other ways.
const slotsKey = "slots/signed"

// checkSlots compares what opens the folder with what was signed here last. A folder in which nobody signed that is fine.
func (b *Bench) checkSlots() []casefolder.Problem {
	id, ok := b.folder.Drafts().Get(slotsKey)
	if !ok {
		return nil
	}
	sum := b.folder.SlotsHash().String()
	for _, x := range b.State().Slots {
		if string(x.Entry) != string(id) {
			continue
		}
		if x.Data.SlotsSHA256 == sum {
			return nil
		}
		return []casefolder.Problem{{File: "case.json", Text: fmt.Sprintf("what opens this case is not what %s signed here on %s (%s): a passphrase or key was added or put back without a signed entry. "+
			"`case slots list` shows what opens it; when that is right, `case slots confirm` signs it", x.Name, moment(x.Recorded), strings.TrimSpace(x.Data.What))}}
	}
	return []casefolder.Problem{{File: "case.json", Text: "the entry that says what opens this case is missing in the record"}}
}

// caseIdentity reads the file of an age identity that opens a recipient slot.
func caseIdentity(file []byte) (age.Identity, error) {
	ids, err := age.ParseIdentities(bytes.NewReader(file))
	if err != nil || len(ids) != 1 {
		return nil, fmt.Errorf("%w: the file holds no single age identity (AGE-SECRET-KEY-1…)", ErrUsage)
	}
	return ids[0], nil
}
