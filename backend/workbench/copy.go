package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/identity"
	"adjutant/backend/parcel"
)

// A copy leaves the case as a plain folder, for a court, or as one encrypted file, for people with keys or a passphrase.
// What it holds is settled and shown before: entries and what stays out of them, evidence, papers, the page, the verifier.
// One bundle.exported is signed first and goes along: a copy of which the record says nothing is worse than an entry about a
// copy that was not completed, and two laptops that exchange copies then end with the same head.

// The forms of a copy.
const (
	FormPlain   = "plain"
	FormParcel  = "parcel"
	FormExtract = "extract"
)

// What goes along of the evidence.
const (
	EvidenceAll  = "all"
	EvidenceNone = "none"
)

// CopyRequest asks for a copy of the case that leaves it.
type CopyRequest struct {
	Out        string   // folder or file that does not exist yet
	Form       string   // FormPlain or FormParcel
	Recipients []string // of a parcel: age1… keys, signing keys, files of cards, people of the case
	Passphrase []byte   // of a parcel, instead of recipients
	To         string   // who gets it, in words
	Lanes      []string // lanes whose words counsel lets out
	Evidence   string   // EvidenceAll, EvidenceNone; "" = all in a parcel, none in a plain folder
	Items      []string // only these, by SHA-256 or the beginning of it
	Referenced bool     // files that were left where they lie go along too, when they are at hand
	Papers     string   // PapersApproved, PapersAll, PapersNone; "" = approved
	Verifiers  string   // folder with the verifiers; "" = beside the program
}

// Copying is a copy that was settled and not yet made.
type Copying struct {
	ActProposal `json:"-"`

	Form       string      `json:"form"`
	Out        string      `json:"out"`
	Head       string      `json:"head"`
	Entries    int         `json:"entries"`
	Withheld   int         `json:"withheld"` // entries that go without their words
	Files      int         `json:"files"`
	Bytes      int64       `json:"bytes"` // on the disk, of a parcel at most
	Items      []CopyItem  `json:"items"`
	Papers     []CopyPaper `json:"papers"`
	Verifiers  []string    `json:"verifiers"`
	Recipients []string    `json:"recipients"`
	Lanes      []string    `json:"lanes"`    // let out
	Notes      []string    `json:"notes"`    // what the person should know
	Resumes    bool        `json:"resumes"`  // an earlier try to the same place goes on
	Log        []LogLine   `json:"-"`        // the privilege log
	Evidence   int         `json:"evidence"` // items whose bytes go along

	b       *Bench
	entries []caserecord.Entry
	to      readers
	options bundle.Options
	packed  *packing
}

// CopyItem is an item of evidence that the copy names.
type CopyItem struct {
	SHA256 string `json:"sha256"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Here   bool   `json:"here"`          // its bytes go along
	Why    string `json:"why,omitempty"` // why not
}

// Copied says what was made.
type Copied struct {
	Form     string `json:"form"`
	Out      string `json:"out"`
	Head     string `json:"head"`
	Entries  int    `json:"entries"`
	Withheld int    `json:"withheld"`
	Evidence int    `json:"evidence"`
	Bytes    int64  `json:"bytes"`
	Entry    string `json:"entry"` // the bundle.exported
}

// ProposeCopy settles a copy and says what making it would sign. Nothing is written. Errors: ErrUsage, ErrNotFound,
// ErrNotAllowed for a lane that is not the person's to let out, ErrMismatch while evidence is not what was taken in.
func (b *Bench) ProposeCopy(ctx context.Context, r CopyRequest) (*Copying, error) {
	if err := b.ExportBlocked(); err != nil {
		return nil, err
	}
	if err := b.placeFor(&r); err != nil {
		return nil, err
	}
	b.mu.Lock() // the head and the entries of one moment
	s, entries := b.stateLocked(), b.log.Entries()
	b.mu.Unlock()
	c := &Copying{Form: r.Form, Out: r.Out, Head: s.Head, Entries: len(entries), b: b, entries: entries}
	var err error
	if c.to, err = b.readersOf(s, r); err != nil {
		return nil, err
	}
	c.Recipients = c.to.names
	out, err := b.Withheld(Leaving{Lanes: r.Lanes, People: c.to.people, Sealed: c.to.sealed})
	if err != nil {
		return nil, err
	}
	c.Log, c.Lanes = out.Log, orEmpty(out.Lanes)
	left := withoutBodies(entries, out.Body)
	for i, e := range left {
		if e.Withheld() && !entries[i].Withheld() {
			c.Withheld++
		}
	}
	p := packing{b: b, r: r, whole: s, out: out, s: s, entries: left}
	if c.Withheld > 0 {
		p.s = caserecord.Fold(left)
	}
	if err := p.pack(ctx); err != nil {
		return nil, err
	}
	c.Items, c.Papers, c.Verifiers, c.Evidence = orEmpty(p.items), orEmpty(p.papers), orEmpty(p.verifiers), p.here
	c.Notes = append(append(c.Notes, c.to.notes...), p.notes...)
	c.options = bundle.Options{Written: p.now, Withhold: out.Body, WithholdEvidence: out.Evidence}
	c.packed = &p
	if err := c.takeAlong(entries); err != nil {
		return nil, err
	}
	return c, c.settle(r)
}

// takeAlong puts these entries into the copy, and the page that tells them.
func (c *Copying) takeAlong(entries []caserecord.Entry) error {
	c.entries, c.packed.entries = entries, withoutBodies(entries, c.options.Withhold)
	page, err := c.packed.page(c)
	c.options.Attachments = append(slices.Clone(c.packed.attachments), page...)
	return err
}

// CopyHeads is the head of every copy that left, by its entry: what its slip and its page print.
func (b *Bench) CopyHeads() map[caserecord.ID]string {
	entries := b.wholeEntries()
	out := map[caserecord.ID]string{}
	var heads []string
	for i, e := range entries {
		d, ok := e.Content().(*caserecord.BundleExportedData)
		switch {
		case !ok:
		case d.Form == FormExtract: // holds chosen entries, and not the one about itself
			out[e.ID] = d.Head
		default:
			if heads == nil {
				heads = caserecord.Heads(entries)
			}
			out[e.ID] = heads[i]
		}
	}
	return out
}

// withoutBodies is the record as it leaves.
func withoutBodies(entries []caserecord.Entry, body func(caserecord.Entry) bool) []caserecord.Entry {
	out := slices.Clone(entries)
	for i, e := range out {
		if body(e) {
			out[i] = e.WithoutBody()
		}
	}
	return out
}

// placeFor checks form and place.
func (b *Bench) placeFor(r *CopyRequest) error {
	switch r.Form {
	case FormPlain, FormParcel:
	default:
		return fmt.Errorf("%w: a copy is plain or a parcel", ErrUsage)
	}
	out, err := freePlace(b.dir, r.Out)
	if err != nil {
		return err
	}
	if r.Out = out; r.Form == FormParcel {
		if _, err := os.Lstat(out); err == nil {
			return fmt.Errorf("%w: %s", parcel.ErrExists, out)
		}
	}
	return nil
}

// freePlace is a path that something may leave to: absolute, outside the case's own folder, and not a folder with something
// in it.
func freePlace(dir, out string) (string, error) {
	if strings.TrimSpace(out) == "" {
		return "", fmt.Errorf("%w: name a place for the copy", ErrUsage)
	}
	out, err := filepath.Abs(out)
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrUsage, err)
	}
	if rel, err := filepath.Rel(dir, out); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", fmt.Errorf("%w: %s lies inside the case's own folder", ErrUsage, out)
	}
	if left, err := os.ReadDir(out); err == nil && len(left) > 0 {
		return "", fmt.Errorf("%w: %s", bundle.ErrNotEmpty, out)
	}
	return out, nil
}

// settle measures the copy and makes the proposal. Everything that the person is shown is under the hash they sign.
func (c *Copying) settle(r CopyRequest) error {
	size, err := bundle.Estimate(c.entries, c.options)
	if err != nil {
		return err
	}
	c.Files, c.Bytes = size.Files, size.Bytes
	if c.Form == FormParcel {
		c.Bytes = parcel.Estimate(size, len(c.to.keys))
	} else {
		c.Resumes = bundle.Unfinished(c.Out) != ""
	}
	d := c.data(r.To)
	c.ActProposal = ActProposal{
		Data: d, Sentence: caserecord.Deed(d, c.b.MyName(), c.b.State()),
		Proposal: Proposal{Kinds: kinds(d.Kind()), Consequences: c.consequences(), Refused: c.b.mayWrite(c.b.whole(), d)},
	}
	c.Shown = c.shown()
	return nil
}

func (c *Copying) data(to string) *caserecord.BundleExportedData {
	return &caserecord.BundleExportedData{
		To: strings.TrimSpace(to), Head: c.Head, Entries: c.Entries, Form: c.Form, Withheld: c.Withheld, Evidence: c.Evidence, Recipients: c.Recipients,
	}
}

// shown is what stands in the dialog: the entry, the place, and everything that goes along or stays out. Sizes are left out:
// they follow from it, but for the length of a time.
func (c *Copying) shown() []byte {
	withheld := make([]caserecord.ID, len(c.Log))
	for i, l := range c.Log {
		withheld[i] = l.Entry
	}
	return ShownOf(struct {
		Entry     caserecord.Content `json:"entry"`
		Out       string             `json:"out"`
		Items     []CopyItem         `json:"items"`
		Papers    []CopyPaper        `json:"papers"`
		Verifiers []string           `json:"verifiers"`
		Lanes     []string           `json:"lanes"`
		Notes     []string           `json:"notes"`
		Withheld  []caserecord.ID    `json:"withheld"`
	}{c.Data, c.Out, c.Items, c.Papers, c.Verifiers, c.Lanes, c.Notes, withheld})
}

func (c *Copying) consequences() []string {
	var out []string
	switch {
	case c.Form == FormPlain:
		out = append(out, "The folder is not encrypted: whoever has it can read it.")
	case len(c.Recipients) == 0:
		out = append(out, "The file opens with its passphrase. Hand the passphrase over by another way.")
	default:
		out = append(out, "The file opens with a key of: "+strings.Join(c.Recipients, ", ")+".")
	}
	if c.Withheld > 0 {
		out = append(out, counted(c.Withheld, "entry goes", "entries go")+" without words; the privilege log in the copy says on what ground.")
	}
	if len(c.Lanes) > 0 {
		out = append(out, "Counsel lets out the words of: "+strings.Join(c.Lanes, ", ")+".")
	}
	if c.Resumes {
		out = append(out, "An earlier try to this place was broken off; what is right of it is kept.")
	}
	return append(out, "The record says that this copy left, with its head. Hand the head over by another way, so that the receiver can compare.")
}

// Run signs that the copy leaves and makes it. A cancelled one leaves nothing but its entry. One that failed or was killed
// half-way leaves what it had, and goes on when it is asked for again. Errors: ErrMismatch, ErrShownChanged, bundle.ErrDiskFull and
// ErrTooLarge, bundle.ErrSource when evidence gives other bytes than the record names.
func (c *Copying) Run(ctx context.Context, act identity.Act, report func(Progress)) (Copied, error) {
	b := c.b
	if err := b.ExportBlocked(); err != nil {
		return Copied{}, err
	}
	if err := agreed(act, c.Shown); err != nil {
		return Copied{}, err // before anything leaves
	}
	if c.Refused != nil {
		return Copied{}, fmt.Errorf("%w: %w", ErrNotAllowed, c.Refused)
	}
	if err := c.room(); err != nil {
		return Copied{}, err
	}
	if err := b.beginCopy(c.Out); err != nil {
		return Copied{}, err
	}
	if report != nil {
		c.options.Progress = func(done, total int64) {
			report(Progress{Done: done, Total: total, Unit: "bytes", Message: filepath.Base(c.Out)})
		}
	}
	e, entries, err := b.appendAt(context.WithoutCancel(ctx), act, c.Data, c.Head)
	if err != nil {
		return Copied{}, errors.Join(err, b.endCopy(c.Out))
	}
	err = c.takeAlong(entries)
	if err == nil {
		err = c.write(ctx)
	}
	if err != nil {
		err = fmt.Errorf("%w: entry %s says that this copy left", err, string(e.ID)[:12])
		if ctx.Err() != nil {
			err = errors.Join(err, bundle.Discard(c.Out), b.endCopy(c.Out)) // a person's wish: nothing plain stays behind
		}
		return Copied{Entry: string(e.ID)}, err
	}
	out := Copied{c.Form, c.Out, caserecord.Head(entries), len(entries), c.Withheld, c.Evidence, c.Bytes, string(e.ID)}
	if info, err := os.Stat(c.Out); err == nil && info.Mode().IsRegular() {
		out.Bytes = info.Size()
		if err := b.folder.Drafts().Set(leftKey(e.ID), []byte(fmt.Sprint(out.Bytes))); err != nil {
			return out, errors.Join(err, b.endCopy(c.Out))
		}
	}
	return out, b.endCopy(c.Out)
}

func (c *Copying) write(ctx context.Context) error {
	if c.Form == FormPlain {
		_, err := bundle.Write(ctx, c.Out, c.entries, c.options)
		return err
	}
	_, err := parcel.Write(ctx, c.Out, c.entries, c.options, c.to.keys...)
	return err
}

// room refuses a copy that the disk cannot take before it begins. What an earlier try left counts as there.
func (c *Copying) room() error {
	need := c.Bytes - sizeOf(bundle.Unfinished(c.Out))
	dir := existing(c.Out)
	free, err := durable.Free(dir)
	if err != nil || need <= 0 || uint64(need) <= free {
		return nil // a disk that cannot tell says so while it is written
	}
	return fmt.Errorf("%w: %d MiB free at %s, %d MiB needed", bundle.ErrDiskFull, free>>20, dir, need>>20+1)
}

// existing is the nearest folder above a path that is there.
func existing(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
	}
}

func sizeOf(dir string) (n int64) {
	if dir == "" {
		return 0
	}
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error { //nolint:errcheck // what cannot be measured counts as nothing
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return nil
	})
	return n
}
