package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"
)

// Which papers go along.
const (
	PapersApproved = "approved"
	PapersAll      = "all"
	PapersNone     = "none"
)

// CopyPaper is a paper of the case and its place in the copy.
type CopyPaper struct {
	Document string `json:"document"`
	Title    string `json:"title"`
	Hash     string `json:"hash"`           // of its text
	File     string `json:"file,omitempty"` // documents/…
	Left     string `json:"left,omitempty"` // why it stays out
}

// Why something stays out, beside the reasons that bundle.json has.
const (
	whyAltered   = "altered"
	whyAway      = "not on this laptop"
	leftNotAsked = "not asked for"
	leftDraft    = "not approved"
	leftNoText   = "its text is not on this laptop"
)

// packing decides what lies in a copy beside the record.
type packing struct {
	b       *Bench
	r       CopyRequest
	now     time.Time
	out     Withheld
	whole   *caserecord.State
	s       *caserecord.State  // of the record as it leaves
	entries []caserecord.Entry // as they leave

	attachments []bundle.Attachment
	items       []CopyItem
	here        int
	papers      []CopyPaper
	verifiers   []string
	notes       []string
}

func (p *packing) pack(ctx context.Context) error {
	p.now = p.b.Now()
	if err := p.evidence(); err != nil {
		return err
	}
	if err := p.documents(ctx); err != nil {
		return err
	}
	return p.verify()
}

func (p *packing) note(format string, a ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, a...))
}

// evidence chooses the items whose bytes go along. Only what the record as it leaves names can.
func (p *packing) evidence() error {
	want, err := p.wanted()
	if err != nil {
		return err
	}
	altered := p.whole.Altered() // explained or not
	for _, it := range p.s.Evidence {
		x := CopyItem{SHA256: it.SHA256, Path: it.SHA256[:12]}
		sealed, size := false, int64(0)
		for _, r := range it.Received {
			x.Path, size = r.Data.Path, r.Data.Bytes
			sealed = sealed || r.Data.Kept == caserecord.KeptSealed
		}
		if lane := p.b.BehindWall(it.SHA256); lane != "" { // whoever makes a copy for others need not see what is in it
			x.Path = behindLane(lane)
		} else {
			x.Bytes = size
		}
		var open func() (io.ReadCloser, error)
		switch {
		case p.s.PurgeOf(it.SHA256) != nil:
			x.Why = string(bundle.WhyPurged)
		case p.out.Evidence(it.SHA256):
			x.Why = string(bundle.WhyWithheld)
		case len(it.Received) == 0 || !want(it.SHA256, sealed):
			x.Why = string(bundle.WhyNotAsked)
			if !sealed {
				x.Why = string(bundle.WhyReferenced)
			}
		case altered[it.SHA256].Entry != "":
			x.Why = whyAltered
			p.note("%s is not what was taken in; its bytes stay out.", x.Path)
		default:
			if open = p.source(it, sealed); open == nil {
				x.Why = whyAway
				p.note("The bytes of %s are not on this laptop.", x.Path)
			}
		}
		if open != nil {
			x.Here = true
			p.here++
			p.attachments = append(p.attachments, bundle.Attachment{Kind: bundle.KindEvidence, Name: it.SHA256, SHA256: it.SHA256, Bytes: size, Open: open})
		}
		p.items = append(p.items, x)
	}
	return nil
}

// wanted says which items were asked for.
func (p *packing) wanted() (func(sha256 string, sealed bool) bool, error) {
	if len(p.r.Items) > 0 {
		list, err := p.b.itemsNamed(p.r.Items)
		return func(sha string, _ bool) bool { return slices.Contains(list, sha) }, err
	}
	what := p.r.Evidence
	if what == "" {
		what = map[string]string{FormPlain: EvidenceNone, FormParcel: EvidenceAll}[p.r.Form]
	}
	if what != EvidenceAll && what != EvidenceNone {
		return nil, fmt.Errorf("%w: evidence goes along: all, none, or the items named", ErrUsage)
	}
	return func(_ string, sealed bool) bool {
		return sealed && what == EvidenceAll || !sealed && p.r.Referenced
	}, nil
}

// source reads an item's bytes: sealed ones from the vault, others from where they lie, when the file there has their size.
// The hash is taken while they are copied.
func (p *packing) source(it *caserecord.EvidenceItem, sealed bool) func() (io.ReadCloser, error) {
	d, err := incident.ParseDigest(it.SHA256)
	if err != nil {
		return nil
	}
	if v := p.b.folder.Vault(); v.Has(d) {
		return func() (io.ReadCloser, error) {
			item, err := v.Open(d)
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{io.NewSectionReader(item, 0, item.Size()), item}, nil
		}
	}
	if sealed {
		return nil
	}
	for _, r := range it.Received {
		if onNetwork(r.Data.Path) {
			continue
		}
		if info, err := os.Stat(r.Data.Path); err == nil && info.Mode().IsRegular() && info.Size() == r.Data.Bytes {
			return func() (io.ReadCloser, error) { return os.Open(r.Data.Path) }
		}
	}
	return nil
}

// documents prints the papers, by the path of `document pdf`.
func (p *packing) documents(ctx context.Context) error {
	switch p.r.Papers {
	case "", PapersApproved, PapersAll, PapersNone:
	default:
		return fmt.Errorf("%w: papers go along: approved, all or none", ErrUsage)
	}
	seen := p.b.State()
	for _, d := range p.s.Documents {
		x := CopyPaper{Document: d.Document, Title: "a paper behind a wall", Hash: d.Draft.Data.ModelSHA256}
		if mine := seen.Document(d.Document); mine != nil {
			x.Title = mine.Draft.Data.Title
		}
		switch {
		case p.r.Papers == PapersNone:
			x.Left = leftNotAsked
		case d.Approved() == nil && p.r.Papers != PapersAll:
			x.Left = leftDraft
		case p.out.Document(d.Document):
			x.Left = "withheld"
		default:
			raw, err := p.b.PDF(ctx, d.Document)
			switch {
			case errors.Is(err, ErrNotFound):
				x.Left = leftNoText
				p.note("The text of “%s” is not on this laptop, so the paper stays out.", x.Title)
			case errors.Is(err, ErrNotAllowed):
				x.Left = "behind a wall"
			case err != nil:
				return err
			default:
				name := paperName(d)
				x.File = "documents/" + name
				p.attach(bundle.KindDocument, name, raw)
			}
		}
		p.papers = append(p.papers, x)
	}
	return nil
}

func (p *packing) attach(kind bundle.Kind, name string, raw []byte) {
	p.attachments = append(p.attachments, inMemory(kind, name, raw))
}

func inMemory(kind bundle.Kind, name string, raw []byte) bundle.Attachment {
	return bundle.Attachment{Kind: kind, Name: name, Bytes: int64(len(raw)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }}
}

// paperName is a file name that every system can hold: the template and the beginning of the document's id.
func paperName(d *caserecord.DocumentState) string {
	keep := func(s string, most int) string {
		s = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
				return r
			}
			return -1
		}, strings.ToLower(s))
		return s[:min(len(s), most)]
	}
	name := "paper-" + keep(d.Draft.Data.Template, 40) + "-" + keep(d.Document, 12)
	if d.Approved() == nil {
		name += "-draft"
	}
	return name + ".pdf"
}

// VerifiersBeside is the folder with the verifiers that came with this program.
func VerifiersBeside() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	return filepath.Join(filepath.Dir(exe), "verify")
}

// verify takes the verifiers along. A copy without them is a copy all the same: who checks it brings their own.
func (p *packing) verify() error {
	dir := p.r.Verifiers
	if dir == "" {
		dir = VerifiersBeside()
	}
	for _, name := range bundle.Verifiers {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		switch {
		case err == nil && info.Mode().IsRegular():
			p.verifiers = append(p.verifiers, name)
			p.attachments = append(p.attachments, bundle.Attachment{Kind: bundle.KindVerifier, Name: name, Bytes: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		case p.r.Verifiers != "":
			return fmt.Errorf("%w: no verifier %s in %s", ErrNotFound, name, dir)
		}
	}
	if missing := len(bundle.Verifiers) - len(p.verifiers); missing > 0 {
		p.note("%s not beside this program: the copy goes without, and the reader takes caseverify from elsewhere.", plural(missing, "One of the two verifiers is", "The verifiers are"))
	}
	return nil
}
