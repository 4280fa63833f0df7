package workbench

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// State is the fold of all entries, as known now to the person at the keyboard (wall.go). It is never changed; the next
// append makes a new one.
func (b *Bench) State() *caserecord.State { return b.look().state }

func (b *Bench) stateLocked() *caserecord.State {
	return b.log.State()
}

// Entries returns the record in causal order, as the person at the keyboard may see it.
func (b *Bench) Entries() []caserecord.Entry {
	if x := b.look(); !x.wall.none() {
		return x.bodies
	}
	return b.wholeEntries()
}

// append asks authority, seals, signs with the act and makes the entry durable before it returns. It and Cosign are the
// only ways into the record, beside a merge, which brings entries that others signed.
func (b *Bench) append(ctx context.Context, act identity.Act, data caserecord.Content) (caserecord.Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.me == nil {
		return caserecord.Entry{}, ErrLocked
	}
	return b.appendBy(ctx, b.me, act, data)
}

// appendAt is append while the record still has this head, and returns all entries as they are then. ErrShownChanged when
// somebody signed something since.
func (b *Bench) appendAt(ctx context.Context, act identity.Act, data caserecord.Content, head string) (caserecord.Entry, []caserecord.Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.me == nil:
		return caserecord.Entry{}, nil, ErrLocked
	case b.log.Head() != head:
		return caserecord.Entry{}, nil, ErrShownChanged
	}
	e, err := b.appendBy(ctx, b.me, act, data)
	return e, slices.Clone(b.log.Entries()), err
}

// appendBy is append with somebody's key; b.mu is held.
func (b *Bench) appendBy(ctx context.Context, by *identity.Unlocked, act identity.Act, data caserecord.Content) (caserecord.Entry, error) {
	now := b.env.Now().UTC()
	state := b.stateLocked()
	key := by.Person().Key
	person := state.PersonNow(key)
	if person == "" {
		return caserecord.Entry{}, fmt.Errorf("%w: the key %s of %s was revoked or never admitted", ErrNotAllowed, caserecord.KeyCode(key), by.Person().Name)
	}
	if err := state.MayWrite(person, data, now); err != nil {
		return caserecord.Entry{}, fmt.Errorf("%w: %w", ErrNotAllowed, err)
	}
	h, err := b.log.Next(key, now)
	if err != nil {
		return caserecord.Entry{}, err
	}
	var salt [16]byte
	if _, err := io.ReadFull(b.env.Rand, salt[:]); err != nil {
		return caserecord.Entry{}, fmt.Errorf("workbench: salt: %w", err)
	}
	return b.seal(ctx, by, act, h, data, salt)
}

// seal signs and makes durable; b.mu is held, or the bench is not shared yet.
func (b *Bench) seal(ctx context.Context, by *identity.Unlocked, act identity.Act, h caserecord.Header, data caserecord.Content, salt [16]byte) (caserecord.Entry, error) {
	e, err := caserecord.Seal(h, data, salt, func(pae []byte) ([]byte, error) {
		return by.Sign(act, string(data.Kind()), pae)
	})
	if err != nil {
		return caserecord.Entry{}, fmt.Errorf("workbench: sign %s: %w", data.Kind(), err)
	}
	if err := b.folder.Append(ctx, rawOf(e)); err != nil {
		return caserecord.Entry{}, fmt.Errorf("workbench: keep %s: %w", data.Kind(), err)
	}
	b.log.Add(e)
	switch data.(type) {
	case *caserecord.RoleEndedData, *caserecord.RoleAssumedData, *caserecord.GlassBrokenData, *caserecord.RoleGrantedData:
		b.settleRole()
	}
	return e, nil
}

// rawOf is an entry as the folder keeps it.
func rawOf(e caserecord.Entry) casefolder.Raw {
	return casefolder.Raw{Line: e.Line(), Body: e.Body(), Author: string(e.Header.Author), Seq: e.Header.Seq}
}

// Verification is the result of checking the record's bytes again.
type Verification struct {
	caserecord.Report
	At     time.Time
	Copies []casefolder.Problem // where the two copies of the record on the disk differ
}

// Verify re-derives the whole record from its bytes, and reads and compares both copies on the disk.
func (b *Bench) Verify() (Verification, error) {
	b.replayed.forget()
	thrift.enter()
	defer thrift.leave()
	v := Verification{At: b.env.Now().UTC()}
	b.mu.Lock()
	check := b.log.Check()
	b.mu.Unlock()
	// A key that lies on this device is an anchor from outside the case: nobody can put another opener in its place. A
	// person may have opened the case with their key on another laptop: a key that signed nothing here says nothing.
	var anchors caserecord.Anchors
	signed := map[caserecord.Author]bool{}
	var err error
	v.Copies, err = b.folder.Compare(context.Background(), func(block []casefolder.Raw) error {
		for _, r := range block {
			signed[caserecord.Author(r.Author)] = true
		}
		check.Read(sealed(block))
		return nil
	})
	if err != nil {
		return v, err
	}
	here, err := identity.List(b.env.Home)
	if err != nil {
		return v, err
	}
	for _, p := range here {
		if b.State().Case.Creator == p.ID && signed[p.Key] {
			anchors.Keys = append(anchors.Keys, caserecord.KeyCode(p.Key))
		}
	}
	v.Report = check.Report(anchors)
	b.mu.Lock()
	b.verified = &v.At
	b.mu.Unlock()
	return v, nil
}

// Word is the verdict in one word: good, damaged, incomplete or equivocation. Whether the signers were checked is Anchored.
func (v Verification) Word() string {
	switch v.ExitCode() {
	case 0:
		return "good"
	case 3:
		return "incomplete"
	case 4:
		return "equivocation"
	}
	return "damaged"
}

// Verified is when the record was last checked in this session, or nil.
func (b *Bench) Verified() *time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.verified
}

// Acting is the role in which the person at the keyboard signs.
func (b *Bench) Acting() incident.Role {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.acting
}

// ActAs changes the role in which the person signs. ErrNotAllowed when they do not hold it now.
func (b *Bench) ActAs(r incident.Role) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.ContainsFunc(b.stateLocked().RolesNow(b.person, b.env.Now()), func(h caserecord.RoleHeld) bool { return h.Role == r }) {
		return fmt.Errorf("%w: %s does not hold the role %s in this case", ErrNotAllowed, b.name, r.Title())
	}
	b.acting = r
	return nil
}

// RolesHeld is what the person at the keyboard holds now, the roles of their own first, each role once: lent ones say by
// whom and until when.
func (b *Bench) RolesHeld() []caserecord.RoleHeld {
	var out []caserecord.RoleHeld
	for _, h := range b.State().RolesNow(b.MyID(), b.env.Now()) {
		if !slices.ContainsFunc(out, func(x caserecord.RoleHeld) bool { return x.Role == h.Role }) {
			out = append(out, h)
		}
	}
	return out
}

// settleRole keeps the acting role one that the person holds: their own first. b.mu is held.
func (b *Bench) settleRole() {
	held := b.stateLocked().RolesNow(b.person, b.env.Now())
	if slices.ContainsFunc(held, func(h caserecord.RoleHeld) bool { return h.Role == b.acting }) {
		return
	}
	b.acting = ""
	if len(held) > 0 {
		b.acting = held[0].Role
	}
}

// mayWrite says why the person at the keyboard may not sign this as s stands, nil when they may.
func (b *Bench) mayWrite(s *caserecord.State, d caserecord.Content) error {
	if key := b.myKey(); key != "" && s.PersonNow(key) == "" {
		return fmt.Errorf("the key %s was revoked, or was never admitted to this case", caserecord.KeyCode(key))
	}
	return s.MayWrite(b.MyID(), d, b.Now())
}

// Proposal is what a person is about to sign: Shown are the exact bytes of what they saw, Kinds what they allow.
type Proposal struct {
	Shown        []byte
	Kinds        []string
	Consequences []string
	Refused      error // why this person may not sign this, or nil
}

// agreed reports whether an act was made for exactly these contents. What a person saw is what is signed: when the case
// moved on between the two, ErrShownChanged asks them to look again.
func agreed(act identity.Act, shown []byte) error {
	switch act.Shown() {
	case sha256.Sum256(shown):
		return nil
	case [sha256.Size]byte{}:
		return identity.ErrNoAct
	}
	return ErrShownChanged
}

// kinds makes the list of kinds of an act.
func kinds(ks ...caserecord.Kind) []string {
	out := make([]string, len(ks))
	for i, k := range ks {
		out[i] = string(k)
	}
	return out
}
