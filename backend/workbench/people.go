package workbench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/decision"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// CreatePerson makes a person's key on this device.
func CreatePerson(env Env, name string, pass []byte) (identity.Person, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return identity.Person{}, fmt.Errorf("%w: the person needs a name", ErrUsage)
	}
	if len(pass) < MinPassphrase {
		return identity.Person{}, fmt.Errorf("%w: the passphrase needs at least %d characters", ErrUsage, MinPassphrase)
	}
	return createKey(env, name, pass)
}

// createKey makes a key with the cost that the environment asks for.
func createKey(env Env, name string, pass []byte) (identity.Person, error) {
	var o []identity.Option
	if env.WorkFactor > 0 {
		o = append(o, identity.WithWorkFactor(env.WorkFactor))
	}
	return identity.Create(env.Home, name, pass, env.Rand, env.Now(), o...)
}

func unlockOrCreate(env Env, name string, pass []byte) (*identity.Unlocked, error) {
	u, err := identity.Unlock(env.Home, name, pass)
	if errors.Is(err, identity.ErrUnknownPerson) {
		if _, err = CreatePerson(env, name, pass); err != nil {
			return nil, err
		}
		u, err = identity.Unlock(env.Home, name, pass)
	}
	return u, err
}

// Persons lists who has a key on this device.
func Persons(env Env) ([]identity.Person, error) { return identity.List(env.Home) }

// findPerson looks a person up by id or name, in the case first and then on this device.
func (b *Bench) findPerson(who string) (caserecord.PersonRef, bool, error) {
	var named []caserecord.PersonRef
	for _, p := range b.State().People {
		ref := caserecord.PersonRef{ID: p.ID, Name: p.Name, Key: p.Keys[0]}
		if string(p.ID) == who {
			return ref, true, nil
		}
		if p.Name == who {
			named = append(named, ref)
		}
	}
	known := len(named)
	here, err := identity.List(b.env.Home)
	if err != nil {
		return caserecord.PersonRef{}, false, err
	}
	for _, p := range here {
		if string(p.ID) == who {
			return p.Ref(), false, nil
		}
		if p.Name == who && !slices.ContainsFunc(named, func(r caserecord.PersonRef) bool { return r.ID == p.ID }) {
			named = append(named, p.Ref())
		}
	}
	switch len(named) {
	case 1:
		return named[0], known == 1, nil
	case 0:
	default: // a key, and with it a role, must not go to a namesake
		return caserecord.PersonRef{}, false, fmt.Errorf("%w: several people are called %q, in this case or on this device; use the id that `identity list --json` or `role list --json` prints", ErrUsage, who)
	}
	return caserecord.PersonRef{}, false, fmt.Errorf("%w: no person %q in this case or on this device", ErrNotFound, who)
}

// Newcomer is somebody whose key is to be admitted: by a card from another laptop, or by a key on this device.
type Newcomer struct {
	Card        []byte // an exported card; nil: Who has a key on this device
	Who         string // name or id; with a card it must be the card's
	Fingerprint string // the key's code as the person told it; "" when it was not compared yet
}

// newcomer names the person of a newcomer's card or key, and says whether the case knows the key.
func (b *Bench) newcomer(n Newcomer) (ref caserecord.PersonRef, known bool, err error) {
	if n.Card == nil {
		p, err := identity.Find(b.env.Home, n.Who)
		if errors.Is(err, identity.ErrUnknownPerson) {
			return ref, false, fmt.Errorf("%w: nobody called %q has a key on this device; give the card that their own laptop wrote: `identity export PERSON --out FILE`", ErrNotFound, n.Who)
		}
		if err != nil {
			return ref, false, keyFault(err)
		}
		ref = p.Ref()
	} else {
		p, err := identity.ReadCard(n.Card)
		if err != nil {
			return ref, false, err
		}
		if n.Who != "" && n.Who != p.Name && n.Who != string(p.ID) {
			return ref, false, fmt.Errorf("%w: the card is that of %s, not of %q", ErrUsage, p.Name, n.Who)
		}
		ref = p.Ref()
	}
	if n.Fingerprint != "" && !caserecord.SameKeyCode(n.Fingerprint, ref.Key) {
		return ref, false, fmt.Errorf("%w: the code that was given is not that of the key, %s. Somebody may have changed the card on its way: ask for it again", ErrMistaken, caserecord.KeyCode(ref.Key))
	}
	return ref, b.State().PersonNow(ref.Key) != "", nil
}

// ErrMistaken is returned when a code that a person compared is another one than the program sees. Nothing was signed.
var ErrMistaken = errors.New("workbench: the codes differ")

// NeedsAdmission reports whether giving somebody a role asks to admit their key first.
func (b *Bench) NeedsAdmission(n Newcomer) (bool, error) {
	if n.Card == nil {
		if _, inCase, err := b.findPerson(n.Who); inCase || err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
	}
	_, known, err := b.newcomer(n)
	return !known, err
}

// ProposeAdmission says what admitting a key would sign: somebody new, another device of somebody known, or a new key
// after a loss.
func (b *Bench) ProposeAdmission(n Newcomer) (ActProposal, error) {
	ref, known, err := b.newcomer(n)
	if err != nil {
		return ActProposal{}, err
	}
	if known {
		return ActProposal{}, fmt.Errorf("%w: the case knows this key of %s already", ErrUsage, ref.Name)
	}
	s := b.State()
	a := decision.Admission{Name: ref.Name, Code: caserecord.KeyCode(ref.Key), Compared: n.Fingerprint != "", Again: s.KeyRevokedAt(ref.Key) != nil}
	if p := s.Person(ref.ID); p != nil {
		a.KnownAs = p.Name
		for _, r := range s.RolesNow(p.ID, b.Now()) {
			if t := r.Role.Title(); !slices.Contains(a.Roles, t) {
				a.Roles = append(a.Roles, t)
			}
		}
	}
	return b.propose(&caserecord.PersonAdmittedData{Person: ref}, decision.Admitted(a)...), nil
}

// Grant is a role to give. From and To are moments as MomentOf reads them; "" is now, and until somebody ends it.
type Grant struct {
	Person string // name or id
	Role   string
	From   string
	To     string
	Scope  string // words for people
}

// ProposeGrant says what giving a role would sign. The person must have been admitted.
func (b *Bench) ProposeGrant(g Grant) (ActProposal, error) {
	role, err := roleNamed(g.Role)
	if err != nil {
		return ActProposal{}, err
	}
	ref, _, err := b.findPerson(g.Person)
	if err != nil {
		return ActProposal{}, err
	}
	from, to, err := b.span(g.From, g.To)
	if err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.RoleGrantedData{Person: ref.ID, Role: role, From: from, To: to, Scope: strings.TrimSpace(g.Scope), ByRole: b.Acting()}
	told := ""
	if g.From != "" {
		told = from
	}
	return b.propose(d, decision.Granted(ref.Name, role.Title(), told, to, d.Scope, b.names(without(b.State().HoldersOf(role, b.Now()), ref.ID)))...), nil
}

// span reads from and to of something that holds for a while, as the record writes them.
func (b *Bench) span(from, to string) (string, string, error) {
	start := b.Now()
	if from != "" {
		var err error
		if start, err = b.MomentOf(from); err != nil {
			return "", "", err
		}
	}
	if to == "" {
		return start.Format(time.RFC3339), "", nil
	}
	end, err := b.MomentOf(to)
	if err != nil {
		return "", "", err
	}
	if !end.After(start) || !end.After(b.Now()) {
		return "", "", fmt.Errorf("%w: the end, %s, has passed or does not lie behind the beginning", ErrUsage, moment(end))
	}
	return start.Format(time.RFC3339), end.Format(time.RFC3339), nil
}

// MomentOf reads a moment as people type it: RFC 3339, a local time of the site, or "+8h" from now.
func (b *Bench) MomentOf(v string) (time.Time, error) {
	if rest, ok := strings.CutPrefix(strings.TrimSpace(v), "+"); ok {
		d, err := time.ParseDuration(rest)
		if err != nil || d <= 0 {
			return time.Time{}, fmt.Errorf("%w: %q is no length of time; write +30m or +8h", ErrUsage, v)
		}
		return b.Now().Add(d).Truncate(time.Second), nil
	}
	t, err := deadline.ParseTime(v, b.State().Case.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return t.UTC().Truncate(time.Second), nil
}

// roleNamed reads a role by its id or its title.
func roleNamed(v string) (incident.Role, error) {
	for _, r := range incident.Roles {
		if string(r) == v || strings.EqualFold(r.Title(), v) {
			return r, nil
		}
	}
	var all []string
	for _, r := range incident.Roles {
		all = append(all, string(r))
	}
	return "", fmt.Errorf("%w: unknown role %q; the roles are %s", ErrUsage, v, strings.Join(all, ", "))
}

// KnownRole is an error of use when no role has this id or title.
func KnownRole(v string) error { _, err := roleNamed(v); return err }

// names are people's names in the order given.
func (b *Bench) names(ids []caserecord.PersonID) []string {
	s := b.State()
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if p := s.Person(id); p != nil {
			out = append(out, p.Name)
		}
	}
	return out
}

// basisWords says on what ground a role is held, when it is not the usual one.
func basisWords(h caserecord.RoleHeld) string {
	switch h.Basis {
	case caserecord.BasisDelegation:
		return ", lent by " + h.Name + " until " + moment(h.To)
	case caserecord.BasisGlass:
		return ", by break-glass until " + moment(h.To)
	case caserecord.BasisSuccession:
		return ", taken over by succession"
	}
	if !h.To.IsZero() {
		return ", until " + moment(h.To)
	}
	return ""
}

func without(ids []caserecord.PersonID, id caserecord.PersonID) []caserecord.PersonID {
	return slices.DeleteFunc(slices.Clone(ids), func(x caserecord.PersonID) bool { return x == id })
}
