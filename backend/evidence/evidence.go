// Package evidence takes in evidence: it hashes, seals and records each item, opens archives carefully, tells the type of
// an item by its content, has it parsed, and leaves a receipt for every single one.
//
// Stage 1 of the flow: workbench calls Take with hooks for the record and the timeline; evidence puts bytes into the
// vault of casefolder and hands exactly those bytes to parse, binary formats through sandbox. It keeps true (DESIGN P8):
//
//   - every file, archive member, link and device that was met has a receipt; nothing is passed over in silence;
//   - originals are only read: opened read-only, without touching their access time where the system allows that;
//   - what is parsed are the bytes that were hashed, and an item is recorded as received before it is parsed;
//   - content that gave no event and does not prove itself empty is failed;
//   - in a receipt, read == parsed + sum(skipped).
//
// Outputs of Velociraptor and KAPE are recognised by their layout: an item then knows the path that it had on its machine. What
// was to be expected beside what is there, by expected.csv and by the collecting tool's own list, stands in a receipt as absent;
// why it is absent nobody here knows.
//
// Archive members are never written under their own names: the vault names by hash. Names that would escape somewhere
// else are quarantined all the same, because the next tool to unpack the archive may be less careful.
package evidence

import (
	"context"
	"path/filepath"
	"time"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
)

// Keep says whether originals are copied into the case.
type Keep string

// The choices; "" means auto.
const (
	KeepAuto       Keep = "auto"       // sealed below Limits.SealBelow, else referenced
	KeepSealed     Keep = "sealed"     // copied into the vault
	KeepReferenced Keep = "referenced" // stays where it is; archive members are sealed all the same
)

// Item is one file or archive member whose bytes were hashed.
type Item struct {
	Path    string // as taken in: "logs.zip!Security.evtx"; control characters escaped; absolute when referenced
	Name    string // last part of the path
	SHA256  incident.Digest
	MD5     string // hexadecimal
	SHA1    string // hexadecimal
	Bytes   int64
	Sealed  bool // in the vault; else referenced
	ModTime time.Time

	// What a collecting tool's output says of the file, "" where it says nothing: the path that it had on its machine, such as
	// `C:\Windows\System32\winevt\Logs\Security.evtx`, and the machine's name.
	Original string
	Host     string
}

// Sink takes the events of one item. timeline's Import is one. Add has finished with an event when it returns: parsers use its
// memory again.
type Sink interface {
	Add(*event.Event) error
	Commit(ctx context.Context) error
	Abort() error
}

// Custody says what a case holds already of one path with exactly these bytes.
type Custody int

// The answers of Intake.Before.
const (
	CustodyNone     Custody = iota
	CustodyReceived         // recorded as received; its receipt is missing, or says that it failed
	CustodyDone             // received, and its receipt stands
)

// Intake is one batch. Vault, Formats and Open are needed; hooks left nil are not called. All hooks are called from the
// goroutine that called Take, in an order that depends on the evidence alone.
//
// A batch that was cut off, also by a kill, goes on when Take is called again with the same paths: Before tells what is done.
// An item that is done gets a receipt with Again, and neither Received nor Open; one that was received only is not received
// twice, and parsed from its start, which the Sink of Open replaces as a whole.
type Intake struct {
	Paths   []string // files and folders; a named symbolic link is followed, one found in a folder is not
	Keep    Keep
	Vault   *vault.Vault
	Formats []parse.Format
	Limits  Limits           // zero means DefaultLimits
	Now     func() time.Time // injected clock; nil means time.Now

	// Assume gives the answers for what the item does not say itself.
	Assume func(Item) parse.Assume
	// Known says whether content with this hash was taken in and parsed before, and under which path.
	Known func(incident.Digest) (path string, ok bool)
	// Before says what the case holds of an item under its path, and the status of the receipt that stands; nil means nothing
	// of any.
	Before func(Item) (Custody, parse.Status)
	// Received is called when the item is hashed and (if it is to be) sealed, before it is parsed; duplicates too. An
	// error ends the intake.
	Received func(Item) error
	// Open begins the events of an item. An error ends the intake.
	Open func(Item, parse.Format) (Sink, error)
	// Done gets each receipt, in order: members before their archive. An error ends the intake. A receipt with Again has
	// nothing new to record.
	Done func(Receipt) error
	// Listed is told once, before anything is read, which files there are.
	Listed   func([]FileProgress)
	Progress func(Progress)
}

// Take takes in everything under the paths, folders in name order. Several files are hashed and sealed at once, ahead of the
// one that is parsed. Faults of items are in their receipts; an error is ctx's, a hook's, or a full disk
// (durable.ErrDiskFull): what was acknowledged by then stays. What was sealed ahead and not yet recorded may stay in the vault
// without a name; taking it in again uses it.
func Take(ctx context.Context, in Intake) error {
	if in.Limits == (Limits{}) {
		in.Limits = DefaultLimits()
	}
	if in.Now == nil {
		in.Now = time.Now
	}
	t := &taker{in: in, started: in.Now(), seen: map[incident.Digest]string{}, meter: newMeter(in.Now), slots: make(chan struct{}, workers())}
	files := t.list(in.Paths)
	t.expect(files)
	t.gather(files)
	ahead := t.ahead(ctx, files)
	defer ahead.stop()
	for range files {
		p, err := t.next(ctx, ahead.queue)
		if err != nil {
			return err
		}
		t.meet(&t.company, p)
		t.compare(p)
		if _, err := t.deliver(ctx, p, nil); err != nil {
			return err
		}
	}
	return nil
}

// taker is the state of one Take.
type taker struct {
	in      Intake
	started time.Time
	seen    map[incident.Digest]string // parsed in this batch, with path
	meter   *meter
	slots   chan struct{}       // one for each file or member that is being hashed
	company company             // the files of folders
	sorted  []string            // their names, when a list is compared with them
	lacks   map[string]*absence // what receipts by their paths say about absent files
}

// done hands out a receipt.
func (t *taker) done(r Receipt) error {
	t.meter.receipt(r.Path)
	if a := t.lacks[r.Path]; a != nil {
		r.Absent = a.list()
		delete(t.lacks, r.Path)
	}
	if t.in.Done == nil {
		return nil
	}
	return t.in.Done(r)
}

// tell reports n more bytes done; only from the goroutine of Take.
func (t *taker) tell(path string, n int64) {
	t.meter.step(path, n)
	t.report(path)
}

// report calls the hook when enough has happened since the last time.
func (t *taker) report(path string) {
	if t.in.Progress == nil {
		return
	}
	if p, due := t.meter.due(path); due {
		t.in.Progress(p)
	}
}

// known says under which path content was parsed before.
func (t *taker) known(d incident.Digest) (string, bool) {
	if path, ok := t.seen[d]; ok {
		return path, true
	}
	if t.in.Known == nil {
		return "", false
	}
	return t.in.Known(d)
}

// item fills what is the same for files and members.
func newItem(label string, modified time.Time) Item {
	name := label
	for i := len(label) - 1; i >= 0; i-- {
		if c := label[i]; c == '/' || c == '!' || c == filepath.Separator {
			name = label[i+1:]
			break
		}
	}
	return Item{Path: label, Name: name, ModTime: modified}
}
