package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"adjutant/backend/caserecord"
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

// ProposeAdmit says what admitting a person's key for a role would sign; needed is false when the case knows them
// already. A role that does not exist is refused before anything of it is signed.
func (b *Bench) ProposeAdmit(who string, role incident.Role) (p Proposal, needed bool, err error) {
	if !role.Valid() {
		return Proposal{}, false, fmt.Errorf("%w: unknown role %q", ErrUsage, role)
	}
	ref, known, err := b.findPerson(who)
	if err != nil || known {
		return Proposal{}, false, err
	}
	d := &caserecord.PersonAdmittedData{Person: ref}
	return Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, true, nil
}

// Admit makes a person's key known to the case.
func (b *Bench) Admit(ctx context.Context, act identity.Act, who string) (caserecord.Entry, error) {
	ref, _, err := b.findPerson(who)
	if err != nil {
		return caserecord.Entry{}, err
	}
	d := &caserecord.PersonAdmittedData{Person: ref}
	if err := agreed(act, ShownOf(d)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

// ProposeGrant says what granting a role would sign. The person must have been admitted.
func (b *Bench) ProposeGrant(who string, role incident.Role) (Proposal, error) {
	if !role.Valid() {
		return Proposal{}, fmt.Errorf("%w: unknown role %q", ErrUsage, role)
	}
	p, _, err := b.findPerson(who)
	if err != nil {
		return Proposal{}, err
	}
	d := b.grant(p.ID, role)
	return Proposal{Shown: grantShown(d), Kinds: kinds(caserecord.RoleGranted), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
}

func (b *Bench) grant(p caserecord.PersonID, role incident.Role) *caserecord.RoleGrantedData {
	return &caserecord.RoleGrantedData{Person: p, Role: role, From: b.Now().Format(time.RFC3339), ByRole: b.Acting()}
}

// grantShown is what a person sees of a grant: the moment from which it holds is the one of the signature.
func grantShown(d *caserecord.RoleGrantedData) []byte {
	x := *d
	x.From = ""
	return ShownOf(x)
}

// GrantRole gives a role to an admitted person.
func (b *Bench) GrantRole(ctx context.Context, act identity.Act, who string, role incident.Role) (caserecord.Entry, error) {
	p, _, err := b.findPerson(who)
	if err != nil {
		return caserecord.Entry{}, err
	}
	d := b.grant(p.ID, role)
	if err := agreed(act, grantShown(d)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

// Recent is a case that was opened on this device.
type Recent struct {
	Path   string        `json:"path"`
	Name   string        `json:"-"` // of the folder: the name of the incident stays inside the case
	Mode   incident.Mode `json:"mode"`
	Opened time.Time     `json:"opened"`
}

// RecentCases lists the cases opened on this device that are still there, newest first.
func RecentCases(env Env) []Recent {
	var all []Recent
	b, err := os.ReadFile(recentFile(env))
	if err != nil || json.Unmarshal(b, &all) != nil {
		return nil
	}
	out := all[:0]
	for _, r := range all {
		if _, err := os.Stat(filepath.Join(r.Path, "case.json")); err == nil {
			r.Name = strings.TrimSuffix(filepath.Base(r.Path), ".case")
			out = append(out, r)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Opened.After(out[j].Opened) })
	return out
}

func recentFile(env Env) string { return filepath.Join(env.Home, "recent.json") }

// remember keeps the list of recent cases. It is a convenience: a fault here must not stop a case from opening.
func remember(env Env, dir string, mode incident.Mode) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return
	}
	list := []Recent{{Path: abs, Mode: mode, Opened: env.Now().UTC()}}
	for _, r := range RecentCases(env) {
		if r.Path != abs && len(list) < 12 {
			list = append(list, r)
		}
	}
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil || os.MkdirAll(env.Home, 0o700) != nil {
		return
	}
	tmp := recentFile(env) + ".new"
	if os.WriteFile(tmp, b, 0o600) == nil {
		os.Rename(tmp, recentFile(env)) //nolint:errcheck // see above
	}
}
