package workbench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"adjutant/backend/attack"
	"adjutant/backend/caserecord"
	"adjutant/backend/document"
	"adjutant/backend/document/pdf"
	"adjutant/backend/event"
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
	PaperVoided     PaperState = "voided" // edited after an approval; the approval no longer holds
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
	Model     document.Document
	Checks    []document.CheckResult
}

// DraftRequest asks for a document.
type DraftRequest struct {
	Template string
	Document string            // draft this one again; "" for a new one
	Slots    map[string]string // what a person fills in; fields not named keep their value
}

// ProposeDraft says what drafting would sign.
func (b *Bench) ProposeDraft(template string) (Proposal, error) {
	t, err := document.FindTemplate(template)
	if err != nil {
		return Proposal{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	d := &caserecord.DocumentDraftedData{Template: t.ID, Class: caserecord.Class(t.Class)}
	return Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
}

// Draft makes or makes again a document from the case's facts as they are now, and signs its hash. An edit voids an
// earlier approval.
func (b *Bench) Draft(ctx context.Context, act identity.Act, r DraftRequest) (Paper, error) {
	t, err := document.FindTemplate(r.Template)
	if err != nil {
		return Paper{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	slots := map[string]document.SlotValue{}
	if r.Document != "" {
		if d := b.State().Document(r.Document); d == nil {
			return Paper{}, fmt.Errorf("%w: document %q", ErrNotFound, r.Document)
		}
		old, err := b.paperModel(b.State().Document(r.Document).Draft.Data.ModelSHA256)
		if err != nil {
			return Paper{}, err
		}
		for _, s := range old.Slots {
			if s.Value != "" {
				at, _ := time.Parse(time.RFC3339, s.At)
				slots[s.Name] = document.SlotValue{Name: s.Name, Value: s.Value, By: s.By, Role: incident.Role(s.Role), At: at}
			}
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
	facts, err := b.facts(ctx)
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
	}
	if a := d.Approved(); a != nil {
		p.State = PaperApproved
		p.Approval = &document.Approval{By: a.Name, Role: a.Data.Role.Title(), At: a.Recorded, Hash: a.Data.ModelSHA256, Entry: string(a.Entry)}
	} else if len(d.Approvals) > 0 {
		p.State = PaperVoided
	}
	var err error
	p.Model, err = b.paperModel(x.ModelSHA256)
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
	p.Checks = document.Check(p.Model, b.lookup(ctx))
	if !document.Passed(p.Checks) && p.State != PaperApproved {
		p.State = PaperGateFailed
	}
	return p, nil
}

// approvalShown is what a person sees before approving: the document by its hash, and themselves.
func (b *Bench) approvalShown(p Paper) []byte {
	return ShownOf(map[string]string{"document": p.ID, "model_sha256": p.Hash, "title": p.Title, "person": b.MyName(), "role": string(b.Acting())})
}

// ProposeApproval says whether the present text may be approved by the person in their role.
func (b *Bench) ProposeApproval(ctx context.Context, id string) (Proposal, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	d := &caserecord.DocumentApprovedData{Document: p.ID, ModelSHA256: p.Hash, Role: b.Acting()}
	return Proposal{Shown: b.approvalShown(p), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
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
	if act.Shown() != sha256.Sum256(b.approvalShown(p)) {
		return caserecord.Entry{}, ErrShownChanged
	}
	return b.append(ctx, act, &caserecord.DocumentApprovedData{Document: p.ID, ModelSHA256: p.Hash, Role: b.Acting()})
}

// PDF prints a document: a draft with the mark, an approved one with its approval. Same text, same bytes.
func (b *Bench) PDF(ctx context.Context, id string) ([]byte, error) {
	p, err := b.Paper(ctx, id)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := pdf.Render(p.Model, p.Approval, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// lookup gives the grounding check the rows as they are in the timeline now.
func (b *Bench) lookup(ctx context.Context) document.Lookup {
	return func(id string) (document.RowFacts, bool) {
		r, err := b.Timeline().Row(ctx, rowID(id))
		if err != nil {
			return document.RowFacts{}, false
		}
		f := document.RowFacts{Fields: map[string][]string{}, Text: RowText(r)}
		for _, t := range r.Event.Times {
			f.Times = append(f.Times, t.At)
		}
		for _, x := range r.Event.Fields {
			f.Fields[x.Name] = x.Values
		}
		return f, true
	}
}

// facts gathers what a document may say, as of now.
func (b *Bench) facts(ctx context.Context) (document.Facts, error) {
	s := b.State()
	a, err := b.Analysis(ctx)
	if err != nil {
		return document.Facts{}, err
	}
	f := document.Facts{
		Case:         document.Case{ID: b.ID(), Name: s.Case.Name, Mode: b.Mode(), TLP: s.Case.TLP},
		AsOf:         document.AsOf{Head: s.Head, Code: caserecord.HeadCode(s.Head), Entries: s.Entries, At: s.Latest},
		Organisation: document.Letterhead{Organisation: s.Case.Organisation},
		Generated:    b.Now().Truncate(time.Second), Promoted: b.promotedFacts(), Clocks: b.Clocks(), Coverage: a.CoverageLines(),
	}
	for _, r := range s.Roles {
		if r.Ended == nil {
			if p := s.Person(r.Person); p != nil {
				f.People = append(f.People, document.Person{Name: p.Name, Role: r.Role})
			}
		}
	}
	if c := s.Severity.Current; c != nil {
		f.Severity = &document.Severity{Level: c.Data.Level, By: c.Name, Role: c.Data.Role, At: c.Recorded, Reason: c.Data.Reason, Entry: string(c.Entry)}
	}
	if f.KeyRows, err = b.keyRows(ctx); err != nil {
		return f, err
	}
	cited := map[string]bool{}
	for _, k := range f.KeyRows {
		cited[k.Row] = true
	}
	for _, p := range f.Promoted {
		for _, r := range p.Rows {
			cited[r] = true
		}
	}
	for _, g := range a.Groups {
		x := document.Group{
			ID: g.ID, Title: g.Title, Severity: g.Severity, Score: g.Score, Hosts: g.Hosts, Users: g.Users, Techniques: texts(g.Techniques), Count: len(g.Findings),
			First: g.First, Last: g.Last, Rows: head(texts(g.Rows), 12),
		}
		if v := s.Verdict(g.ID); v != nil {
			x.Verdict, x.VerdictBy = v.Current.Data.Verdict, v.Current.Name
		}
		for _, r := range x.Rows {
			cited[r] = true
		}
		f.Groups = append(f.Groups, x)
	}
	for _, d := range s.Decisions {
		c := d.Current
		x := document.Decision{
			Entry: string(c.Entry), Outcome: string(c.Data.Outcome), Title: c.Data.Recommended, Recommended: c.Data.Recommended, By: c.Data.RecommendedBy.Name + " " + c.Data.RecommendedBy.Version,
			Instead: c.Data.Instead, Person: c.Name, Role: c.Data.Role, At: c.Recorded, ReasonCode: c.Data.ReasonCode, Reason: c.Data.Reason,
		}
		for _, r := range c.Data.Rows {
			x.Rows = append(x.Rows, r.RowID)
			cited[r.RowID] = true
		}
		f.Decisions = append(f.Decisions, x)
	}
	for _, r := range a.Recommendations {
		if s.Decision(r.ID) == nil {
			f.Open = append(f.Open, r.Title)
		}
	}
	for _, it := range s.Evidence {
		l := parsedImport(it)
		if l == nil || len(it.Received) == 0 {
			continue
		}
		r := it.Received[0]
		f.Evidence = append(f.Evidence, document.EvidenceItem{
			Path: l.Data.Path, SHA256: it.SHA256, Bytes: r.Data.Bytes, Format: l.Data.Format, Status: l.Data.Status, Parsed: l.Data.Parsed, Taken: r.Recorded, TakenBy: r.Name,
		})
	}
	f.Rows = b.citedRows(ctx, cited)
	return f, nil
}

func (b *Bench) citedRows(ctx context.Context, ids map[string]bool) []document.CitedRow {
	sorted := make([]string, 0, len(ids))
	for id := range ids {
		sorted = append(sorted, id)
	}
	sort.Strings(sorted)
	var out []document.CitedRow
	for _, id := range sorted {
		r, err := b.Timeline().Row(ctx, rowID(id))
		if err != nil {
			continue // the check names it: a citation without its row fails
		}
		e := r.Event
		out = append(out, document.CitedRow{
			ID: id, At: r.At, Host: e.Get("host.name"), Path: e.Path, Evidence: e.Evidence.String(), Locator: e.Locator.String(),
			Parser: e.Parser + " " + e.Version, RowHash: digestOf(e.JSON(max(r.Index, 0))),
		})
	}
	return out
}

func (b *Bench) promotedFacts() []document.Promoted {
	var out []document.Promoted
	s := b.State()
	for _, p := range s.Promoted {
		x := document.Promoted{Title: p.Data.Title, Text: p.Data.Text, At: p.At, By: p.Name, Entry: string(p.Entry)}
		if held := s.RolesOf(p.Person, p.Recorded); len(held) > 0 {
			x.Role = held[0]
		}
		for _, c := range p.Data.Rows {
			x.Rows = append(x.Rows, c.RowID)
		}
		out = append(out, x)
	}
	return out
}

// keyRowsEach bounds the rows that one finding gives to the narrative: its first ones tell the story.
const keyRowsEach = 3

// keyRows are the rows that findings mark as telling, for narratives and reports.
func (b *Bench) keyRows(ctx context.Context) ([]document.KeyRow, error) {
	a, err := b.Analysis(ctx)
	if err != nil {
		return nil, err
	}
	total := float64(max(len(a.Report.Findings), 1))
	byRule := map[string]float64{}
	for _, f := range a.Report.Findings {
		byRule[f.Rule.ID]++
	}
	harmless := b.dismissed(a)
	var out []document.KeyRow
	for _, f := range a.Report.Findings {
		if f.Severity < incident.SeverityMedium || harmless[f.ID] {
			continue
		}
		for _, id := range head(f.Rows, keyRowsEach) {
			r, err := b.Timeline().Row(ctx, id)
			if err != nil || r.Index < 0 {
				continue
			}
			e := r.Event
			out = append(out, document.KeyRow{
				Row: string(id), At: r.At, Rule: f.Rule.Title, RuleID: f.Rule.ID, Level: f.Severity, Phase: phase(f.Techniques), Rarity: 1 - (byRule[f.Rule.ID]-1)/total,
				Host: e.Get("host.name"), User: e.Get("user.name"), Address: e.Get("source.ip"), Artefact: artefact(e),
			})
		}
	}
	return out, nil
}

// dismissed are the findings of groups that a person judged harmless, or that the score suggests to be and nobody judged.
func (b *Bench) dismissed(a *Analysis) map[string]bool {
	s := b.State()
	out := map[string]bool{}
	for _, g := range a.Groups {
		v := g.Suggested
		if given := s.Verdict(g.ID); given != nil {
			v = given.Current.Data.Verdict
		}
		if v == incident.VerdictBenign || v == incident.VerdictFalsePositive {
			for _, f := range g.Findings {
				out[f.ID] = true
			}
		}
	}
	return out
}

// artefact is the file, service, process or path that a row is about.
func artefact(e *event.Event) string {
	for _, f := range []string{"service.name", "file.name", "process.name", "url.path"} {
		if v := e.Get(f); v != "" {
			return v
		}
	}
	return ""
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}

// phase is the ATT&CK tactic of a finding's first technique that has one, "" when unknown.
func phase(ts []incident.Technique) string {
	for _, t := range ts {
		if x, ok := attack.Lookup(t); ok && len(x.Tactics) > 0 {
			return string(x.Tactics[0])
		}
	}
	return ""
}

// Row returns one row of the timeline.
func (b *Bench) Row(ctx context.Context, id string) (timeline.Row, error) {
	return b.Timeline().Row(ctx, rowID(id))
}
