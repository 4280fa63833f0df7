package workbench

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// LaneNote is what a member writes into a lane.
type LaneNote struct {
	Lane  string // name or id
	Track string // fact, advice
	About string // a row, an item, an entry, or nothing
	Text  string
}

// ProposeLaneNote seals words to every key of every member that may sign now, and says what signing the box would mean.
// What is shown and hashed holds the plain words and the people; what is kept holds the box alone.
func (b *Bench) ProposeLaneNote(n LaneNote) (ActProposal, error) {
	s := b.State()
	l, err := laneNamed(s, n.Lane)
	if err != nil {
		return ActProposal{}, err
	}
	track, err := trackNamed(n.Track)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the words": n.Text}); err != nil {
		return ActProposal{}, err
	}
	if !inLane(s, l.Data.Lane, b.MyID()) {
		return ActProposal{}, fmt.Errorf("%w: you are not a member of the lane %q", ErrNotAllowed, l.Data.Name)
	}
	return b.proposeSealed(s, l, track, laneMembers(s, l), &caserecord.NoteMadeData{About: strings.TrimSpace(n.About), Text: n.Text})
}

// ProposeLaneShare seals earlier words again, for a member whose key came later. Only counsel passes words on, and only
// words that are sealed to them.
func (b *Bench) ProposeLaneShare(lane, entry, to string) (ActProposal, error) {
	s := b.State()
	l, err := laneNamed(s, lane)
	if err != nil {
		return ActProposal{}, err
	}
	p, err := b.inCase(to)
	if err != nil {
		return ActProposal{}, err
	}
	if !inLane(s, l.Data.Lane, p.ID) {
		return ActProposal{}, fmt.Errorf("%w: %s is not a member of the lane %q", ErrNotAllowed, p.Name, l.Data.Name)
	}
	if err := b.mayWrite(b.whole(), &caserecord.LaneChangedData{Lane: l.Data.Lane, Members: laneMembers(s, l), Why: "passes words on", Role: b.Acting()}); err != nil {
		return ActProposal{}, fmt.Errorf("%w: words of a lane are passed on by legal counsel: %w", ErrNotAllowed, err)
	}
	for _, x := range s.Sealed {
		if x.Data.Lane != l.Data.Lane || len(entry) < 6 || !strings.HasPrefix(string(x.Entry), strings.ToLower(entry)) {
			continue
		}
		note, err := b.unseal(x)
		if err != nil {
			return ActProposal{}, fmt.Errorf("%w: %s", ErrNotAllowed, unsealWords(err))
		}
		text := fmt.Sprintf("Passed on to %s by %s: words of %s, sealed %s (entry %.12s).\n\n%s", p.Name, b.MyName(), x.Name, moment(x.Recorded), x.Entry, note.Text)
		return b.proposeSealed(s, l, x.Data.Track, []caserecord.PersonID{b.MyID(), p.ID}, &caserecord.NoteMadeData{About: string(x.Entry), Text: text})
	}
	return ActProposal{}, fmt.Errorf("%w: no words %q in the lane %q; `lane read` lists them", ErrNotFound, entry, l.Data.Name)
}

// proposeSealed seals a note to people.
func (b *Bench) proposeSealed(s *caserecord.State, l *caserecord.Lane, track caserecord.Track, people []caserecord.PersonID, note *caserecord.NoteMadeData) (ActProposal, error) {
	keys, without := keysOf(s, people)
	if len(keys) == 0 {
		return ActProposal{}, fmt.Errorf("%w: nobody in the lane has a key that may sign now", ErrUsage)
	}
	plain, err := caserecord.SealedNote(note)
	if err != nil {
		return ActProposal{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	box, err := identity.Seal(keys, plain)
	if err != nil {
		return ActProposal{}, fmt.Errorf("workbench: seal words: %w", err)
	}
	d := &caserecord.WordsSealedData{Lane: l.Data.Lane, Track: track, To: keys, Box: base64.StdEncoding.EncodeToString(box)}
	to := fmt.Sprintf("Sealed to %s (%s) and to nobody else; nobody can read it for them, and no passphrase of the case opens it.", strings.Join(b.keyHolders(s, keys), ", "), counted(len(keys), "key", "keys"))
	follows := []string{"Words: " + note.Text, to}
	if note.About != "" {
		follows = append(follows, "About: "+note.About)
	}
	if len(without) > 0 {
		follows = append(follows, "Not sealed to "+strings.Join(b.names(without), ", ")+", who have no key that may sign now. Counsel can pass the words on later.")
	}
	follows = append(follows, "Everybody who reads the case sees who wrote, when, on which track and for how many keys.")
	shown := ShownOf(struct {
		Words *caserecord.NoteMadeData    `json:"words"`
		Data  *caserecord.WordsSealedData `json:"data"`
	}{note, d})
	return b.proposeAs(d, shown, follows...), nil
}

// forgetWords drops proposals that hold plain words of a lane, when their writer leaves the keyboard; b.mu is held.
func (b *Bench) forgetWords() {
	b.preparedOrder = slices.DeleteFunc(b.preparedOrder, func(sum [sha256.Size]byte) bool {
		_, words := b.prepared[sum].data.(*caserecord.WordsSealedData)
		if words {
			delete(b.prepared, sum)
		}
		return words
	})
}

// keysOf lists the keys of people that may sign now, ascending, and the people who have none.
func keysOf(s *caserecord.State, people []caserecord.PersonID) (keys []caserecord.Author, without []caserecord.PersonID) {
	for _, id := range people {
		found := false
		if p := s.Person(id); p != nil {
			for _, k := range p.Keys {
				if s.PersonNow(k) == id {
					keys, found = append(keys, k), true
				}
			}
		}
		if !found {
			without = append(without, id)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), without
}

// LaneWord is one sealed note of a lane: who, when and for how many, and the words when they are sealed to the person at
// the keyboard.
type LaneWord struct {
	Entry    caserecord.ID
	Recorded time.Time
	Author   string
	Track    caserecord.Track
	Keys     int
	To       []string
	Open     bool
	About    string // when open
	Text     string // when open
	Why      string // why it is not open, in a sentence
}

// LaneWords lists the words of a lane, oldest first. Nothing that another laptop put into a box stops the list.
func (b *Bench) LaneWords(lane string) ([]LaneWord, error) {
	s := b.State()
	l, err := laneNamed(s, lane)
	if err != nil {
		return nil, err
	}
	out := []LaneWord{}
	for _, x := range s.Sealed {
		if x.Data.Lane != l.Data.Lane {
			continue
		}
		w := LaneWord{Entry: x.Entry, Recorded: x.Recorded, Author: x.Name, Track: x.Data.Track, Keys: len(x.Data.To), To: b.keyHolders(s, x.Data.To)}
		if note, err := b.unseal(x); err != nil {
			w.Why = unsealWords(err)
		} else {
			w.Open, w.About, w.Text = true, note.About, note.Text
		}
		out = append(out, w)
	}
	return out, nil
}

// unseal decrypts words with the key of the person at the keyboard.
func (b *Bench) unseal(x caserecord.SealedWords) (*caserecord.NoteMadeData, error) {
	me, err := b.Me()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(x.Data.To, me.Person().Key) {
		return nil, identity.ErrNotForYou
	}
	box, err := base64.StdEncoding.Strict().DecodeString(x.Data.Box)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", identity.ErrDamaged, err)
	}
	plain, err := me.Open(box)
	if errors.Is(err, identity.ErrNotForYou) {
		return nil, errFalselyNamed
	}
	if err != nil {
		return nil, err
	}
	return caserecord.OpenNote(plain)
}

var errFalselyNamed = errors.New("workbench: the box names this key and is not sealed to it")

// unsealWords says why words stay closed.
func unsealWords(err error) string {
	switch {
	case errors.Is(err, ErrLocked), errors.Is(err, identity.ErrLocked):
		return "Nobody is unlocked."
	case errors.Is(err, identity.ErrNotForYou):
		return "Not sealed to your key."
	case errors.Is(err, errFalselyNamed):
		return "The entry says that it is sealed to your key, and it is not: whoever wrote it used another program, or made a mistake."
	case errors.Is(err, identity.ErrDamaged):
		return "The box does not open: it was changed before it was signed, or made by another program."
	}
	return "The box holds no words in the form of this program."
}

// Half-typed words for a lane are kept sealed to the key of whoever types them: drafts otherwise lie open for everybody who
// opens the case.

func laneDraft(key string) bool { return strings.HasPrefix(key, "lane/") }

func (b *Bench) laneDraftKey(key string) string { return "words/" + key + "/" + string(b.MyID()) }

func (b *Bench) laneWordsKept(key string) (string, error) {
	box, ok := b.folder.Drafts().Get(b.laneDraftKey(key))
	if !ok {
		return "", nil
	}
	me, err := b.Me()
	if err != nil {
		return "", err
	}
	plain, err := me.Open(box)
	if err != nil {
		return "", nil // sealed to a key that this person had before: nobody types on in it
	}
	return string(plain), nil
}

func (b *Bench) keepLaneWords(key, text string) error {
	if text == "" {
		return b.folder.Drafts().Delete(b.laneDraftKey(key))
	}
	me, err := b.Me()
	if err != nil {
		return err
	}
	box, err := identity.Seal([]caserecord.Author{me.Person().Key}, []byte(text))
	if err != nil {
		return fmt.Errorf("workbench: keep words: %w", err)
	}
	return b.folder.Drafts().Set(b.laneDraftKey(key), box)
}
