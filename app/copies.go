package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

// copyOrder is what the page sends for a copy: first to see what it would hold, then, with the hash of what was shown, to
// make it.
type copyOrder struct {
	Out        string   `json:"out"`
	Form       string   `json:"form"`
	Recipients []string `json:"recipients"`
	Passphrase string   `json:"passphrase"`
	To         string   `json:"to"`
	Lanes      []string `json:"lanes"`
	Evidence   string   `json:"evidence"`
	Items      []string `json:"items"`
	Referenced bool     `json:"referenced"`
	Papers     string   `json:"papers"`
	Verifiers  string   `json:"verifiers"`
	Shown      string   `json:"shown"`
}

func (o copyOrder) request() workbench.CopyRequest {
	return workbench.CopyRequest{
		Out: o.Out, Form: o.Form, Recipients: o.Recipients, Passphrase: []byte(o.Passphrase), To: o.To, Lanes: o.Lanes, Evidence: o.Evidence, Items: o.Items,
		Referenced: o.Referenced, Papers: o.Papers, Verifiers: o.Verifiers,
	}
}

type extractOrder struct {
	Out       string   `json:"out"`
	Entries   []string `json:"entries"`
	Kinds     []string `json:"kinds"`
	Documents []string `json:"documents"`
	To        string   `json:"to"`
	Reason    string   `json:"reason"`
	Against   []string `json:"against"` // files of checkpoints
	Lanes     []string `json:"lanes"`
	Shown     string   `json:"shown"`
}

func (o extractOrder) propose(ctx context.Context, b *workbench.Bench) (*workbench.Extracting, error) {
	against, err := workbench.ReadAgainst(o.Against)
	if err != nil {
		return nil, err
	}
	return b.ProposeExtract(ctx, workbench.ExtractRequest{
		Out: o.Out, Entries: o.Entries, Kinds: o.Kinds, Documents: o.Documents, To: o.To, Reason: o.Reason, Against: against, Lanes: o.Lanes,
	})
}

type importOrder struct {
	Path          string `json:"path"`
	Passphrase    string `json:"passphrase"` // of a parcel
	Identity      string `json:"identity"`   // file of an age identity
	Person        string `json:"person"`
	KeyPassphrase string `json:"key_passphrase"`
	Dir           string `json:"dir"`
	NewPassphrase string `json:"new_passphrase"`
	KeepGoing     bool   `json:"keep_going"`
}

func (s *Server) openImport(ctx context.Context, o importOrder) (*workbench.Importing, error) {
	r := workbench.ImportRequest{Path: o.Path, Passphrase: []byte(o.Passphrase), Person: o.Person, Key: []byte(o.KeyPassphrase), Dir: o.Dir, KeepGoing: o.KeepGoing}
	if o.Identity != "" {
		var err error
		if r.Identity, err = workbench.ReadFile(o.Identity, maxIdentity); err != nil {
			return nil, err
		}
	}
	return workbench.OpenImport(ctx, s.env, r, nil)
}

const maxIdentity = 4096 // bytes of a file with an age identity: a line and comments

func (s *Server) copyRoutes() {
	on(s, "GET /api/copies", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return copiesView(b), nil
	})
	on(s, "POST /api/copies/estimate", func(ctx context.Context, b *workbench.Bench, in copyOrder, _ *http.Request) (any, error) {
		c, err := b.ProposeCopy(ctx, in.request())
		if err != nil {
			return nil, err
		}
		return copyPlan(b, c), nil
	})
	on(s, "POST /api/copies/export", func(ctx context.Context, b *workbench.Bench, in copyOrder, _ *http.Request) (any, error) {
		c, err := b.ProposeCopy(ctx, in.request())
		if err != nil {
			return nil, err
		}
		a, err := asShown(b, c.Proposal, in.Shown) // for this one copy, before the work begins
		if err != nil {
			return nil, err
		}
		job, err := s.work(b, "Making a copy of the case", func(ctx context.Context, report func(workbench.Progress)) error {
			_, err := c.Run(ctx, a, report)
			return err
		})
		return map[string]string{"job": job.ID}, err
	})
	on(s, "POST /api/copies/extract/propose", func(ctx context.Context, b *workbench.Bench, in extractOrder, _ *http.Request) (any, error) {
		x, err := in.propose(ctx, b)
		if err != nil {
			return nil, err
		}
		return view.ExtractPlan{
			Out: x.Out, Chosen: x.Chosen, ShownEntries: x.Shown, Withheld: x.Withheld, Papers: x.Papers, Notes: x.Notes, NeedsCheckpoint: x.NeedsCheckpoint, Act: actPreview(b, x.ActProposal),
		}, nil
	})
	on(s, "POST /api/copies/extract", func(ctx context.Context, b *workbench.Bench, in extractOrder, _ *http.Request) (any, error) {
		x, err := in.propose(ctx, b)
		if err != nil {
			return nil, err
		}
		a, err := asShown(b, x.Proposal, in.Shown)
		if err != nil {
			return nil, err
		}
		done, err := x.Run(ctx, a)
		return map[string]string{"out": done.Out, "entry": done.Entry}, err
	})
	do(s, "POST /api/copies/import/preview", func(ctx context.Context, in importOrder) (any, error) {
		i, err := s.openImport(ctx, in)
		if err != nil {
			return nil, err
		}
		defer i.Close()
		return importPlan(i.Preview()), nil
	})
	do(s, "POST /api/copies/import", func(ctx context.Context, in importOrder) (any, error) {
		if _, err := s.open(); err == nil {
			return nil, fmt.Errorf("%w: another case is open; close it first, or merge the copy into it", workbench.ErrUsage)
		}
		i, err := s.openImport(ctx, in)
		if err != nil {
			return nil, err
		}
		job := s.jobs.Go("Making a case of the copy", func(ctx context.Context, report func(workbench.Progress)) error {
			defer i.Close()
			done, err := i.Run(ctx, []byte(in.NewPassphrase), report)
			if err != nil {
				return err
			}
			report(workbench.Progress{Done: 1, Total: 1, Message: done.Words()})
			return s.openImported(ctx, in)
		})
		return map[string]string{"job": job.ID}, nil
	})
}

// openImported opens the case that was made, unless somebody has opened another one meanwhile.
func (s *Server) openImported(ctx context.Context, in importOrder) error {
	if _, err := s.open(); err == nil {
		return nil
	}
	c := workbench.OpenConfig{Dir: in.Dir, Passphrase: []byte(in.NewPassphrase)}
	if in.KeyPassphrase != "" {
		c.Key = []byte(in.KeyPassphrase)
	}
	b, err := workbench.OpenCase(ctx, s.env, c)
	if err != nil {
		return err
	}
	return s.seat(b)
}

// asShown makes the act for a proposal as the page showed it.
func asShown(b *workbench.Bench, p workbench.Proposal, shown string) (identity.Act, error) {
	if sum := sha256.Sum256(p.Shown); shown != hex.EncodeToString(sum[:]) {
		return identity.Act{}, workbench.ErrShownChanged
	}
	return sign(b, p)
}

func copyPlan(b *workbench.Bench, c *workbench.Copying) view.CopyPlan {
	v := view.CopyPlan{
		Form: c.Form, Out: c.Out, HeadCode: caserecord.HeadCode(c.Head), Entries: c.Entries, Withheld: c.Withheld, Evidence: c.Evidence, Files: c.Files, Bytes: c.Bytes,
		Items: []view.CopyItem{}, Papers: []view.CopyPaper{}, Verifiers: c.Verifiers, Recipients: c.Recipients, Lanes: c.Lanes, Notes: append([]string{}, c.Notes...),
		Resumes: c.Resumes, Act: actPreview(b, c.ActProposal),
	}
	for _, x := range c.Items {
		v.Items = append(v.Items, view.CopyItem(x))
	}
	for _, x := range c.Papers {
		v.Papers = append(v.Papers, view.CopyPaper{Document: x.Document, Title: x.Title, File: x.File, Left: x.Left})
	}
	return v
}

func importPlan(p workbench.ImportPreview) view.ImportPlan {
	return view.ImportPlan{
		From: p.From, Kind: p.Kind, Case: p.Case, Name: p.Name, Mode: string(p.Mode), TLP: string(p.TLP), Opened: stamp(p.Opened), OpenedBy: p.OpenedBy, OpenerKey: p.OpenerKey,
		Entries: p.Entries, Withheld: p.Withheld, Evidence: p.Evidence, Bytes: p.Bytes, Elsewhere: p.Elsewhere, HeadCode: p.HeadCode, Blocked: p.Blocked,
		Problems: problemViews(p.Problems), ProblemCount: p.ProblemCount,
	}
}

func copiesView(b *workbench.Bench) view.Copies {
	s, heads := b.State(), b.CopyHeads()
	v := view.Copies{Exports: []view.CopyOut{}, Merges: []view.CopyIn{}}
	for i := len(s.Exports) - 1; i >= 0; i-- {
		x := s.Exports[i]
		form := x.Data.Form
		if form == "" {
			form = workbench.FormPlain // of programs before there were others
		}
		v.Exports = append(v.Exports, view.CopyOut{
			Entry: string(x.Entry), At: stamp(x.Recorded), By: x.Name, Form: form, To: x.Data.To, HeadCode: caserecord.HeadCode(heads[x.Entry]), Entries: x.Data.Entries,
			Withheld: x.Data.Withheld, Evidence: x.Data.Evidence, Recipients: append([]string{}, x.Data.Recipients...),
		})
	}
	for i := len(s.Merges) - 1; i >= 0; i-- {
		m := s.Merges[i]
		v.Merges = append(v.Merges, view.CopyIn{Entry: string(m.Entry), At: stamp(m.Recorded), By: m.Name, Keys: len(m.Data.Heads)})
	}
	return v
}
