package workbench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
)

// Bench is an open case and the person at it. Close it. It is safe for concurrent use.
type Bench struct {
	env    Env
	dir    string
	folder *casefolder.Folder

	derivedMu sync.RWMutex
	derived   *store.DB
	tl        *timeline.Timeline
	mended    []casefolder.Problem // what opening found of the rows

	mu       sync.Mutex
	me       *identity.Unlocked // nil while locked
	person   caserecord.PersonID
	name     string
	acting   incident.Role
	log      *caserecord.Log // state included
	reading  Reading         // of the record, at opening
	large    bool            // the record: memory is spared while it is open
	verified *time.Time
	since    time.Time // last visit, for the board

	prepared      map[[sha256.Size]byte]prepared // proposals by the hash of what was shown
	preparedOrder [][sha256.Size]byte

	wallMu   sync.Mutex
	mine     sight    // the case as the person at the keyboard may see it, as last asked
	outer    sight    // as whoever is in no lane
	rowItems sync.Map // event.ID -> sha256 of its evidence
	grounds  sync.Map // hash of a paper's text -> *paperGrounds

	analysisMu sync.Mutex
	analyses   map[string]*Analysis // by what evidence they do not know
	open       atomic.Int64         // open decisions, as last counted
	replayed   replays
	guest      guest
}

// CaseConfig is what creating a case asks.
type CaseConfig struct {
	Dir          string
	Name         string
	Person       string // name of the creator; made on this device when there is none of that name
	Passphrase   []byte // of the case; also of the person's key unless KeyPassphrase is given
	Key          []byte // passphrase of the person's key
	Mode         incident.Mode
	TLP          incident.TLP
	Zone         string // IANA name of the site's zone
	Template     string
	Organisation string // whose incident it is, as papers print it; may be empty
}

// Confirmer makes the acts by which a person signs: Once for one entry, Batch for the reports of work they started. Only
// a confirm handler of the window or of the command line has one.
type Confirmer struct {
	Once, Batch func(u *identity.Unlocked, shown []byte, kinds ...string) identity.Act
}

// CreateCase makes the folder, the creator's identity when there is none, and signs the first entry.
func CreateCase(ctx context.Context, env Env, c CaseConfig, confirm Confirmer) (*Bench, error) {
	c.Name, c.Person = strings.TrimSpace(c.Name), strings.TrimSpace(c.Person)
	switch {
	case c.Name == "":
		return nil, fmt.Errorf("%w: the case needs a name", ErrUsage)
	case c.Person == "":
		return nil, fmt.Errorf("%w: the case needs the name of the person who opens it", ErrUsage)
	case len(c.Passphrase) < MinPassphrase:
		return nil, fmt.Errorf("%w: the passphrase needs at least %d characters", ErrUsage, MinPassphrase)
	}
	if c.Mode == "" {
		c.Mode = incident.ModeLive
	}
	switch {
	case c.TLP == "":
		c.TLP = incident.TLPAmber
	case !strings.HasPrefix(string(c.TLP), "TLP:"):
		c.TLP = "TLP:" + c.TLP
	}
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return nil, fmt.Errorf("%w: unknown time zone %q; give an IANA name such as Europe/Copenhagen", ErrUsage, c.Zone)
	}
	if c.Key == nil {
		c.Key = c.Passphrase
	}
	me, err := unlockOrCreate(env, c.Person, c.Key)
	if err != nil {
		return nil, err
	}
	// The id of a case commits to its opener's key and to this salt, so nobody can put another opening under it.
	var salt [16]byte
	if _, err := io.ReadFull(env.Rand, salt[:]); err != nil {
		return nil, err
	}
	now := env.Now().UTC()
	folder, err := casefolder.Create(c.Dir, casefolder.Config{ID: caserecord.CaseID(me.Person().Key, salt), Mode: c.Mode, Created: now},
		c.Passphrase, casefolder.Options{WorkFactor: env.WorkFactor, Rand: env.Rand})
	if err != nil {
		me.Lock()
		return nil, err
	}
	b, err := newBench(ctx, env, c.Dir, folder, me)
	if err != nil {
		me.Lock()
		return nil, errors.Join(err, folder.Close(), os.RemoveAll(c.Dir))
	}
	first := &caserecord.CaseOpenedData{
		Name: c.Name, TLP: c.TLP, Template: c.Template, Zone: c.Zone,
		Person: me.Person().Ref(), Organisation: strings.TrimSpace(c.Organisation),
	}
	act := confirm.Once(me, ShownOf(first), string(caserecord.CaseOpened))
	h := caserecord.Header{Case: folder.ID(), Mode: c.Mode, Author: me.Person().Key, Seq: 1, Seen: map[caserecord.Author]caserecord.ID{}, Recorded: now}
	if _, err := b.seal(ctx, me, act, h, first, salt); err != nil {
		return nil, errors.Join(err, b.Close(), os.RemoveAll(c.Dir)) // a case without its opening is no case
	}
	b.acting = incident.RoleIncidentCommander
	remember(env, c.Dir, c.Mode)
	return b, nil
}

// OpenConfig is what opening a case asks.
type OpenConfig struct {
	Dir        string
	Passphrase []byte
	Identity   []byte // file of an age identity that opens the folder instead of the passphrase
	Person     string // name or id; "" means the device's default person
	Key        []byte // passphrase of the person's key; nil means the same as the case's
	Role       incident.Role
}

// OpenCase opens a case folder and puts a person at it. Without a name it is the device's default person, else anybody of
// this device whom the case knows and whose key the passphrase opens. When nobody's key opens, the case can be read and
// nothing can be signed; a person who was named and whose key does not open is an error.
func OpenCase(ctx context.Context, env Env, c OpenConfig) (*Bench, error) {
	folder, err := openFolder(c)
	if err != nil {
		return nil, err
	}
	if c.Key == nil {
		c.Key = c.Passphrase
	}
	b, err := newBench(ctx, env, c.Dir, folder, nil)
	if err != nil {
		folder.Close()
		return nil, err
	}
	_, err = b.FinishPurges(ctx, nil) // one that was cut off
	if err == nil {
		err = b.finishUndos(ctx)
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	if err := b.seatPerson(c); err != nil {
		b.Close()
		return nil, err
	}
	b.mended = append(b.mended, b.checkSlots()...)
	b.mended = append(b.mended, b.mergeCutOff()...)
	cut, err := b.importsCutOff(ctx)
	if err != nil {
		b.Close()
		return nil, err
	}
	b.mended = append(b.mended, cut...)
	if cut, err = b.rowsCutOff(ctx); err != nil {
		b.Close()
		return nil, err
	}
	b.mended = append(b.mended, cut...)
	b.mended = append(b.mended, b.copyCutOff()...)
	if c.Role != "" {
		if err := b.ActAs(c.Role); err != nil {
			b.Close()
			return nil, err
		}
	}
	remember(env, c.Dir, folder.Mode())
	return b, nil
}

func openFolder(c OpenConfig) (*casefolder.Folder, error) {
	if c.Identity == nil {
		return casefolder.Open(c.Dir, c.Passphrase)
	}
	id, err := caseIdentity(c.Identity)
	if err != nil {
		return nil, err
	}
	return casefolder.OpenWith(c.Dir, id)
}

func (b *Bench) seatPerson(c OpenConfig) error {
	if c.Person != "" {
		return b.SwitchPerson(c.Person, c.Key)
	}
	here, err := identity.List(b.env.Home)
	if err != nil {
		return err
	}
	first, _ := identity.Default(b.env.Home)
	sort.SliceStable(here, func(i, j int) bool { return here[i].ID == first.ID && here[j].ID != first.ID })
	state := b.State()
	for _, p := range here {
		if state.Person(p.ID) == nil {
			continue
		}
		err := b.SwitchPerson(string(p.ID), c.Key)
		// Another passphrase, or a key file that is damaged: the case can still be read, and others may sign.
		if err == nil || !errors.Is(err, identity.ErrPassphrase) && !errors.Is(err, identity.ErrDamaged) {
			return err
		}
	}
	return nil
}

func newBench(ctx context.Context, env Env, dir string, folder *casefolder.Folder, me *identity.Unlocked) (*Bench, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	b := &Bench{env: env, dir: abs, folder: folder, large: folder.Len() >= largeRecord}
	if b.large {
		thrift.hold()
	}
	if b.log, b.reading, err = readRecord(ctx, folder); err == nil {
		b.mended = b.reading.problem()
		err = b.openDerived(ctx)
	}
	if err != nil {
		b.spend()
		return nil, err
	}
	if me != nil {
		b.me, b.person, b.name = me, me.Person().ID, me.Person().Name
	}
	return b, nil
}

// spend ends the thrift of a large record.
func (b *Bench) spend() {
	if b.large {
		thrift.letGo()
	}
	b.large = false
}

// Close ends the session: the model stops, the key is forgotten, the folder is free for others.
func (b *Bench) Close() error {
	b.guest.stop()
	b.mu.Lock()
	if b.me != nil {
		b.me.Lock()
		b.me = nil
	}
	b.spend()
	b.mu.Unlock()
	b.keepReading(context.Background())
	return errors.Join(b.visit(), b.folder.Close())
}

// Lock forgets the person's key; reading goes on, nothing can be signed until Unlock.
func (b *Bench) Lock() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.me != nil {
		b.me.Lock()
		b.me = nil
	}
	b.forgetWords()
}

// SwitchPerson puts another person at the keyboard. The case stays open; their own key's passphrase is asked. A case that
// was locked opens to nobody it does not know: anyone can make a key on this laptop.
func (b *Bench) SwitchPerson(who string, key []byte) error {
	me, err := identity.Unlock(b.env.Home, who, key)
	if err != nil {
		return err
	}
	p := me.Person()
	b.mu.Lock()
	defer b.mu.Unlock()
	state := b.stateLocked()
	if b.me == nil && b.person != "" && b.person != p.ID && state.Person(p.ID) == nil {
		me.Lock()
		return fmt.Errorf("%w: the case is locked and does not know %s; someone it knows unlocks it", ErrNotAllowed, p.Name)
	}
	if b.me != nil {
		b.me.Lock()
	}
	if b.person != p.ID { // nobody signs what somebody else was shown
		b.prepared, b.preparedOrder = nil, nil
	}
	b.me, b.person, b.name, b.acting = me, p.ID, p.Name, ""
	b.forgetWords()
	b.open.Store(0) // counted for somebody else
	b.since = b.lastVisit()
	b.settleRole()
	return nil
}

// Me is the unlocked person, for the confirm handler. ErrLocked when the key is locked.
func (b *Bench) Me() (*identity.Unlocked, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.me == nil {
		return nil, ErrLocked
	}
	return b.me, nil
}

// Dir is the case folder, absolute.
func (b *Bench) Dir() string { return b.dir }

// ID is the case's id.
func (b *Bench) ID() string { return b.folder.ID() }

// Mode says whether the case is an exercise.
func (b *Bench) Mode() incident.Mode { return b.folder.Mode() }

// MyName is the name of the person at the keyboard.
func (b *Bench) MyName() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.name
}

// MyID is the id of the person at the keyboard.
func (b *Bench) MyID() caserecord.PersonID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.person
}

// Now is the injected clock, in UTC.
func (b *Bench) Now() time.Time { return b.env.Now().UTC() }

// Zone is the site's time zone.
func (b *Bench) Zone() *time.Location {
	if l, err := time.LoadLocation(b.State().Case.Zone); err == nil {
		return l
	}
	return time.UTC
}

// Problems is what opening found damaged in the folder, mended or not.
func (b *Bench) Problems() []casefolder.Problem { return append(b.folder.Problems(), b.mended...) }

// Words returns half-typed words, "" when there are none.
func (b *Bench) Words(key string) (string, error) {
	if laneDraft(key) {
		return b.laneWordsKept(key)
	}
	v, _ := b.folder.Drafts().Get("words/" + key)
	return string(v), nil
}

// KeepWords makes half-typed words durable; they are never bundled and never signed.
func (b *Bench) KeepWords(key, text string) error {
	if len(key) > 200 || len(text) > MaxDraft {
		return fmt.Errorf("%w: a draft holds at most %d bytes", ErrUsage, MaxDraft)
	}
	if laneDraft(key) {
		return b.keepLaneWords(key, text)
	}
	if text == "" {
		return b.folder.Drafts().Delete("words/" + key)
	}
	return b.folder.Drafts().Set("words/"+key, []byte(text))
}

func visitKey(p caserecord.PersonID) string { return "visit/" + string(p) }

// lastVisit is asked with b.mu held.
func (b *Bench) lastVisit() time.Time {
	v, ok := b.folder.Drafts().Get(visitKey(b.person))
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, string(v))
	if err != nil {
		return time.Time{}
	}
	return t
}

func (b *Bench) visit() error {
	who := b.MyID()
	if who == "" {
		return nil
	}
	err := b.folder.Drafts().Set(visitKey(who), []byte(b.env.Now().UTC().Format(time.RFC3339)))
	if errors.Is(err, casefolder.ErrDiskFull) {
		return nil // a case can be read on a full disk; only "changed since your last visit" reaches further back
	}
	return err
}

// Inspect says what a folder is without its passphrase.
func Inspect(dir string) (casefolder.Info, error) { return casefolder.Inspect(dir) }

// DeleteCase removes a case folder: its key exists nowhere else. It refuses a folder that is open or no case.
func DeleteCase(dir string) error {
	if _, err := casefolder.Inspect(dir); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
