package workbench

import (
	"context"
	"crypto/sha256"
	"fmt"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// ActProposal is an act that a person may sign as it stands: the entry's data, the sentence that the record will tell, and
// what follows from it.
type ActProposal struct {
	Proposal
	Data     caserecord.Content
	Sentence string          // as the record will tell it
	Second   []incident.Role // roles of which another person has to sign too; nil when one signature is enough
}

// maxPrepared bounds the proposals that wait for a signature. A person looks at one; the rest are dialogs they closed.
const maxPrepared = 64

// propose says what signing this data would mean, and keeps the data until SignAct: what was shown is what is signed, to
// the byte, times included.
func (b *Bench) propose(d caserecord.Content, consequences ...string) ActProposal {
	return b.proposeAs(d, ShownOf(d), consequences...)
}

// prepared is a proposal that waits for its signature.
type prepared struct {
	data  caserecord.Content
	shown []byte
}

// proposeAs is propose for data that does not hold all that the person is shown: shown does.
func (b *Bench) proposeAs(d caserecord.Content, shown []byte, consequences ...string) ActProposal {
	s := b.State()
	p := ActProposal{
		Data:     d,
		Sentence: caserecord.Deed(d, b.MyName(), s),
		Proposal: Proposal{Shown: shown, Kinds: kinds(d.Kind()), Consequences: consequences, Refused: b.mayWrite(b.whole(), d)},
	}
	if roles, two := s.NeedsSecond(d); two {
		p.Second = roles
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := sha256.Sum256(p.Shown)
	if _, ok := b.prepared[sum]; !ok {
		b.preparedOrder = append(b.preparedOrder, sum)
	}
	if b.prepared == nil {
		b.prepared = map[[sha256.Size]byte]prepared{}
	}
	b.prepared[sum] = prepared{d, shown}
	for len(b.preparedOrder) > maxPrepared {
		delete(b.prepared, b.preparedOrder[0])
		b.preparedOrder = b.preparedOrder[1:]
	}
	return p
}

// Prepared returns the bytes of a proposal that still waits for its signature, by their hash: the page sends back the hash
// of what it showed. ErrShownChanged when there is none.
func (b *Bench) Prepared(shown [sha256.Size]byte) (Proposal, error) {
	b.mu.Lock()
	p, ok := b.prepared[shown]
	b.mu.Unlock()
	if !ok {
		return Proposal{}, ErrShownChanged
	}
	return Proposal{Shown: p.shown, Kinds: kinds(p.data.Kind()), Refused: b.mayWrite(b.whole(), p.data)}, nil
}

// SignAct signs what was proposed and shown under the act's hash. Authority is asked again: the case may have moved on.
func (b *Bench) SignAct(ctx context.Context, act identity.Act) (caserecord.Entry, error) {
	b.mu.Lock()
	p, ok := b.prepared[act.Shown()]
	b.mu.Unlock()
	switch {
	case act.Shown() == [sha256.Size]byte{}:
		return caserecord.Entry{}, identity.ErrNoAct
	case !ok:
		return caserecord.Entry{}, ErrShownChanged
	}
	e, err := b.append(ctx, act, p.data)
	if err != nil {
		return e, err
	}
	b.mu.Lock()
	delete(b.prepared, act.Shown())
	b.mu.Unlock()
	return e, b.follow(ctx, e)
}

// follow carries out here what an act that is now in force asks of this laptop.
func (b *Bench) follow(ctx context.Context, e caserecord.Entry) error {
	switch e.Header.Kind {
	case caserecord.EvidencePurged, caserecord.ActCosigned:
		if _, err := b.FinishPurges(ctx, nil); err != nil {
			return err
		}
	case caserecord.SourceAssumed, caserecord.ConflictResolved, caserecord.ImportUndone: // another answer about a source, other rows or none
		if err := b.reconcileRows(ctx, func(string) bool { return false }, &Merged{}, func(Progress) {}); err != nil {
			return err
		}
	default:
		return nil
	}
	return b.finishUndos(ctx)
}

// ProposeCosign says what a second person's signature under an act would mean. who is a person with a key on this device;
// they need not be the one at the keyboard.
func (b *Bench) ProposeCosign(entry caserecord.ID, who caserecord.PersonID, role incident.Role) (ActProposal, error) {
	s := b.State()
	e, ok := b.entry(entry)
	if !ok {
		return ActProposal{}, fmt.Errorf("%w: no entry %s in this case", ErrNotFound, entry)
	}
	person := s.Person(who)
	if person == nil {
		return ActProposal{}, fmt.Errorf("%w: the case does not know this person", ErrNotFound)
	}
	sum := sha256.Sum256([]byte(caserecord.Story(e, s)))
	d := &caserecord.ActCosignedData{Entry: entry, ShownSHA256: incident.Digest(sum).String(), Role: role}
	return ActProposal{
		Data: d, Sentence: caserecord.Deed(d, person.Name, s),
		Proposal: Proposal{
			Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: s.MayWrite(who, d, b.Now()),
			Consequences: decision.Seconded(person.Name, caserecord.Story(e, s)),
		},
	}, nil
}

// Cosign signs with a second person's key, unlocked for this one act. The first person stays at the keyboard.
func (b *Bench) Cosign(ctx context.Context, second *identity.Unlocked, act identity.Act, p ActProposal) (caserecord.Entry, error) {
	if err := agreed(act, p.Shown); err != nil {
		return caserecord.Entry{}, err
	}
	b.mu.Lock()
	e, err := b.appendBy(ctx, second, act, p.Data)
	b.mu.Unlock()
	if err != nil {
		return e, err
	}
	return e, b.follow(ctx, e)
}

// UnlockSecond opens another person's key for one act. The caller locks it.
func (b *Bench) UnlockSecond(who string, key []byte) (*identity.Unlocked, error) {
	u, err := identity.Unlock(b.env.Home, who, key)
	if err != nil {
		return nil, err
	}
	if u.Person().ID == b.MyID() {
		u.Lock()
		return nil, fmt.Errorf("%w: the second signature has to be another person's", ErrUsage)
	}
	return u, nil
}

// entry returns one entry of the record by its id or the beginning of it, as screens print it.
func (b *Bench) entry(id caserecord.ID) (caserecord.Entry, bool) {
	b.mu.Lock()
	e, ok := b.log.Get(id)
	b.mu.Unlock()
	if x := b.look(); ok && !x.wall.none() {
		e = x.wall.strip([]caserecord.Entry{e})[0]
	}
	return e, ok
}
