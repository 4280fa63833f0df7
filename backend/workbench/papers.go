package workbench

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/document"
	"adjutant/backend/document/pdf"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
)

// PaperState is where a document stands.
type PaperState string

// The states of a document.
const (
	PaperDrafted    PaperState = "drafted"
	PaperGateFailed PaperState = "gate-failed" // a check fails; it cannot be approved
	PaperApproved   PaperState = "approved"
	PaperVoided     PaperState = "voided"      // edited after an approval; the approval no longer holds
	PaperAwaiting   PaperState = "awaiting"    // approved by one person; a second has still to sign
	PaperBehind     PaperState = "behind-wall" // it says what evidence of a lane says, and the person is not in that lane
	PaperElsewhere  PaperState = "elsewhere"   // its text stayed on another laptop: texts do not travel with the record
)

// Paper is a document with its checks.
type Paper struct {
	ID        string
	Template  string
	Title     string
	State     PaperState
	Hash      string
	AsOf      string
	Drafted   time.Time
	DraftedBy string
	NeedsRole incident.Role
	Approval  *document.Approval
	Awaiting  *document.Approval // by one person, while a second has still to sign
	Model     document.Document
	Checks    []document.CheckResult
}

// DraftRequest asks for a document.
type DraftRequest struct {
	Template string
	Document string            // draft this one again; "" for a new one
	Slots    map[string]string // what a person fills in; fields not named keep their value
}

// ProposeDraft says what drafting would sign: the template and the words that the person fills in. The facts are the
// case's own and are read afterwards, at the approval.
func (b *Bench) ProposeDraft(r DraftRequest) (Proposal, error) {
	t, err := document.FindTemplate(r.Template)
	if err != nil {
		return Proposal{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	d := &caserecord.DocumentDraftedData{Document: r.Document, Template: t.ID, Class: caserecord.Class(t.Class), Slots: r.Slots}
	return Proposal{Shown: ShownOf(r), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
}

// Draft makes or makes again a document from the case's facts as they are now, and signs its hash. An edit voids an
// earlier approval.
func (b *Bench) Draft(ctx context.Context, act identity.Act, r DraftRequest) (Paper, error) {
	t, err := document.FindTemplate(r.Template)
	if err != nil {
		return Paper{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if err := agreed(act, ShownOf(r)); err != nil {
		return Paper{}, err
	}
	slots := map[string]document.SlotValue{}
	if r.Document != "" {
		d := b.State().Document(r.Document)
		if d == nil {
			return Paper{}, fmt.Errorf("%w: document %q", ErrNotFound, r.Document)
		}
		if is := d.Draft.Data.Template; is != t.ID {
			return Paper{}, fmt.Errorf("%w: the document is made by the template %s, not %s", ErrUsage, is, t.ID)
		}
		if slots, err = b.slotsBefore(d); err != nil {
			return Paper{}, err
		}
	} else {
		var id [16]byte
		if _, err := io.ReadFull(b.env.Rand, id[:]); err != nil {
			return Paper{}, err
		}
		r.Document = hex.EncodeToString(id[:])
	}
	known := map[string]bool{}
	for _, s := range t.SlotList() {
		known[s.Name] = true
	}
	for name, value := range r.Slots {
		if !known[name] {
			return Paper{}, fmt.Errorf("%w: the template has no field %q", ErrUsage, name)
		}
		if slots[name].Value != value {
			slots[name] = document.SlotValue{Name: name, Value: value, By: b.MyName(), Role: b.Acting(), At: b.Now().Truncate(time.Second)}
		}
	}
	facts, err := b.facts(ctx, b.forPaper(r.Document))
	if err != nil {
		return Paper{}, err
	}
	names := make([]string, 0, len(slots))
	for n := range slots {
		names = append(names, n)
	}
	sort.Strings(names)
	values := map[string]string{}
	for _, n := range names {
		if slots[n].Value != "" {
			facts.Slots = append(facts.Slots, slots[n])
			values[n] = slots[n].Value
		}
	}
	doc, err := document.Draft(r.Template, facts)
	if err != nil {
		return Paper{}, err
	}
	hash, err := doc.Hash()
	if err != nil {
		return Paper{}, err
	}
	raw, err := doc.Canonical()
	if err != nil {
		return Paper{}, err
	}
	if err := b.folder.Drafts().Set("paper/"+hash.String(), raw); err != nil {
		return Paper{}, err
	}
	_, err = b.append(ctx, act, &caserecord.DocumentDraftedData{
		Document: r.Document, Template: t.ID, Class: caserecord.Class(t.Class), Title: doc.Title, ModelSHA256: hash.String(), AsOf: doc.AsOf.Head, Slots: values,
	})
	if err != nil {
		return Paper{}, err
	}
	return b.Paper(ctx, r.Document)
}

// slotsBefore is what stands in the fields of a paper that is drafted again. Words that were typed while the paper rested on
// what is marked since stay behind: the new text is for those who may not read that. Where the text stayed on another laptop
// the entry of the draft has the words.
func (b *Bench) slotsBefore(d *caserecord.DocumentState) (map[string]document.SlotValue, error) {
	slots := map[string]document.SlotValue{}
	if w := b.forPaper(d.Document)().wall; !w.none() && w.papers.drafts[d.Draft.Data.ModelSHA256] != nil {
		return slots, nil
	}
	old, err := b.paperModel(d.Draft.Data.ModelSHA256)
	if errors.Is(err, ErrNotFound) {
		for name, value := range d.Draft.Data.Slots {
			slots[name] = document.SlotValue{Name: name, Value: value, By: d.Draft.Name, At: d.Draft.Recorded.Truncate(time.Second)}
		}
		return slots, nil
	}
	if err != nil {
		return nil, err
	}
	for _, s := range old.Slots {
		if s.Value != "" {
			at, _ := time.Parse(time.RFC3339, s.At)
			slots[s.Name] = document.SlotValue{Name: s.Name, Value: s.Value, By: s.By, Role: incident.Role(s.Role), At: at}
		}
	}
	return slots, nil
}

// paperModel reads a document model by its hash and checks that it is that one.
func (b *Bench) paperModel(hash string) (document.Document, error) {
	raw, ok := b.folder.Drafts().Get("paper/" + hash)
	if !ok {
		return document.Document{}, fmt.Errorf("%w: the text of the document with hash %.12s is not on this laptop", ErrNotFound, hash)
	}
	d, err := document.Parse(raw)
	if err != nil {
		return d, err
	}
	if got, err := d.Hash(); err != nil || got.String() != hash {
		return document.Document{}, fmt.Errorf("workbench: the kept text of a document is not the one with hash %.12s: %w", hash, errors.Join(err, document.ErrDocument))
	}
	return d, nil
}

// Papers lists the documents of the case with their checks left out.
func (b *Bench) Papers() ([]Paper, error) {
	var out []Paper
	for _, d := range b.State().Documents {
		p, err := b.paperOf(d)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (b *Bench) paperOf(d *caserecord.DocumentState) (Paper, error) {
	x := d.Draft.Data
	p := Paper{
		ID: d.Document, Template: x.Template, Title: x.Title, State: PaperDrafted, Hash: x.ModelSHA256, AsOf: x.AsOf, Drafted: d.Draft.Recorded, DraftedBy: d.Draft.Name,
	}
	if t, err := document.FindTemplate(x.Template); err == nil {
		p.NeedsRole = t.NeedsRole
		// The case may have given the approval to others.
		if row := b.State().RowNow(caserecord.DocumentApproved, caserecord.Class(t.Class)); len(row.Roles) > 0 && !slices.Contains(row.Roles, t.NeedsRole) {
			p.NeedsRole = row.Roles[0]
		}
	}
	approval := func(a *caserecord.Approval) *document.Approval {
		return &document.Approval{By: a.Name, Role: a.Data.Role.Title(), At: a.Recorded, Hash: a.Data.ModelSHA256, Entry: string(a.Entry)}
	}
	if a := d.Approved(); a != nil {
		p.State, p.Approval = PaperApproved, approval(a)
	} else if i := slices.IndexFunc(d.Approvals, func(a caserecord.Approval) bool { return a.Awaits && !a.Void }); i >= 0 {
		p.State, p.Awaiting = PaperAwaiting, approval(&d.Approvals[i])
		p.Awaiting.Awaits = true
	} else if len(d.Approvals) > 0 {
		p.State = PaperVoided
	}
	if w := b.look().wall; !w.none() && w.restsBehind(b.paperGrounds(x.ModelSHA256)) != nil {
		p.State = PaperBehind
		return p, nil
	}
	var err error
	if p.Model, err = b.paperModel(x.ModelSHA256); errors.Is(err, ErrNotFound) {
		p.State, err = PaperElsewhere, nil
	}
	return p, err
}

// Paper returns a document with its text and the result of its checks against the rows as they are now.
func (b *Bench) Paper(ctx context.Context, id string) (Paper, error) {
	d := b.State().Document(id)
	if d == nil {
		return Paper{}, fmt.Errorf("%w: document %q", ErrNotFound, id)
	}
	p, err := b.paperOf(d)
	if err != nil {
		return p, err
	}
	if p.State == PaperBehind {
		return Paper{}, fmt.Errorf("%w: the paper says what evidence behind the wall of a lane says; drafted again it leaves that out", ErrNotAllowed)
	}
	if p.State == PaperElsewhere {
		return Paper{}, fmt.Errorf("%w: the text of “%s” is not on this laptop, only its hash; it is printed where it was drafted, or drafted again here as a new text", ErrNotFound, p.Title)
	}
	p.Checks = document.Check(p.Model, b.lookup(ctx))
	if !document.Passed(p.Checks) && p.State != PaperApproved && p.State != PaperAwaiting {
		p.State = PaperGateFailed
	}
	return p, nil
}

// approvalShown is what a person sees before approving: the document by its hash, and themselves.
func (b *Bench) approvalShown(p Paper, role incident.Role) []byte {
	return ShownOf(map[string]string{"document": p.ID, "model_sha256": p.Hash, "title": p.Title, "person": b.MyName(), "role": string(role)})
}

// ProposeApproval says whether the present text may be approved by the person in their role.
func (b *Bench) ProposeApproval(ctx context.Context, id string) (Proposal, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	d := &caserecord.DocumentApprovedData{Document: p.ID, ModelSHA256: p.Hash, Role: b.Acting()}
	return Proposal{Shown: b.approvalShown(p, d.Role), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
}

// Approve signs exactly the present text. ErrGate when a check fails, ErrShownChanged when the text is another one than
// the person saw.
func (b *Bench) Approve(ctx context.Context, act identity.Act, id string) (caserecord.Entry, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return caserecord.Entry{}, err
	}
	for _, c := range p.Checks {
		if !c.OK {
			return caserecord.Entry{}, fmt.Errorf("%w: %s", ErrGate, c.Text)
		}
	}
	d := &caserecord.DocumentApprovedData{Document: p.ID, ModelSHA256: p.Hash, Role: b.Acting()}
	if err := agreed(act, b.approvalShown(p, d.Role)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

// PDF prints a document: a draft with the mark, an approved one with its approval. Same text, same bytes.
func (b *Bench) PDF(ctx context.Context, id string) ([]byte, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := pdf.Render(p.Model, p.Signed(), &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Signed is the approval that the paper prints: the one in force, or one that awaits its second signature.
func (p Paper) Signed() *document.Approval {
	if p.Approval == nil {
		return p.Awaiting
	}
	return p.Approval
}

// Row returns one row of the timeline.
func (b *Bench) Row(ctx context.Context, id string) (timeline.Row, error) {
	return b.Timeline().Row(ctx, rowID(id))
}
