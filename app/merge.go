package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func (s *Server) mergeRoutes() {
	on(s, "POST /api/merge/preview", func(ctx context.Context, b *workbench.Bench, in struct {
		Path       string `json:"path"`
		Passphrase string `json:"passphrase"`
	}, _ *http.Request) (any, error) {
		m, err := b.OpenMerge(ctx, workbench.MergeRequest{Path: in.Path, Passphrase: []byte(in.Passphrase)}, nil)
		if err != nil {
			return nil, err
		}
		defer m.Close()
		return mergeView(b, m.Preview()), nil
	})
	on(s, "POST /api/merge", func(ctx context.Context, b *workbench.Bench, in struct {
		Path       string `json:"path"`
		Passphrase string `json:"passphrase"`
		Shown      string `json:"shown"`
		KeepGoing  bool   `json:"keep_going"`
	}, _ *http.Request) (any, error) {
		m, err := b.OpenMerge(ctx, workbench.MergeRequest{Path: in.Path, Passphrase: []byte(in.Passphrase), KeepGoing: in.KeepGoing}, nil)
		if err != nil {
			return nil, err
		}
		a, err := mergeAct(b, m.Preview(), in.Shown)
		if err != nil {
			m.Close()
			return nil, err
		}
		job, err := s.work(b, "Merging another copy", func(ctx context.Context, report func(workbench.Progress)) error {
			defer m.Close()
			done, err := m.Run(ctx, a, report)
			if err == nil {
				report(workbench.Progress{Done: 1, Total: 1, Message: done.Words()})
			}
			return err
		})
		if err != nil {
			m.Close()
		}
		return map[string]string{"job": job.ID}, err
	})
	on(s, "GET /api/conflicts", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return map[string]any{"conflicts": conflictViews(b.Conflicts())}, nil
	})
	on(s, "POST /api/conflicts/propose", func(_ context.Context, b *workbench.Bench, in struct {
		Field      string `json:"field"`
		Chosen     string `json:"chosen"`
		ReasonCode string `json:"reason_code"`
		Reason     string `json:"reason"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeResolution(in.Field, in.Chosen, in.ReasonCode, in.Reason))
	})
	on(s, "GET /api/refused", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return map[string]any{"refused": setAsideViews(b.RefusedEntries())}, nil
	})
}

// mergeAct makes the act for a merge as it was shown; none is needed when nothing is signed. A copy that has changed since
// is looked at again.
func mergeAct(b *workbench.Bench, v *workbench.MergePreview, shown string) (identity.Act, error) {
	if sum := sha256.Sum256(v.Shown); shown != hex.EncodeToString(sum[:]) {
		return identity.Act{}, workbench.ErrShownChanged
	}
	if !v.Signs {
		return identity.Act{}, nil
	}
	return sign(b, v.Proposal)
}

func mergeView(b *workbench.Bench, v *workbench.MergePreview) view.MergePreview {
	out := view.MergePreview{
		From: v.From, Kind: v.Kind, Signs: v.Signs, FastForward: v.FastForward, Nothing: v.Nothing, Blocked: v.Blocked, Entries: v.Entries,
		Kinds: []view.MergeCount{}, Authors: []view.MergeCount{}, Stories: []view.MergeStory{}, Bodies: v.Bodies, Withheld: v.Withheld, Lacking: v.Lacking,
		People: []view.MergePerson{}, Evidence: []view.MergeItem{}, EvidenceNew: v.EvidenceNew, EvidenceBytes: v.EvidenceBytes, EvidenceAway: v.EvidenceAway,
		Rows: v.Rows, SetAside: setAsideViews(v.SetAside), Conflicts: conflictViews(v.Conflicts), Settled: v.Settled,
		Equivocations: problemViews(v.Equivocations), Gaps: problemViews(v.Gaps), Clocks: problemViews(v.Clocks), Problems: problemViews(v.Problems),
		ProblemCount: v.ProblemCount, HeadCode: caserecord.HeadCode(v.Head), Act: actPreview(b, v.ActProposal),
	}
	for _, x := range v.Kinds {
		out.Kinds = append(out.Kinds, view.MergeCount(x))
	}
	for _, x := range v.Authors {
		out.Authors = append(out.Authors, view.MergeCount(x))
	}
	for _, x := range v.Stories {
		out.Stories = append(out.Stories, view.MergeStory{Entry: string(x.Entry), Kind: x.Kind, Name: x.Name, Recorded: stamp(x.Recorded), Story: x.Story})
	}
	for _, x := range v.People {
		out.People = append(out.People, view.MergePerson(x))
	}
	for _, x := range v.Evidence {
		out.Evidence = append(out.Evidence, view.MergeItem(x))
	}
	return out
}

func conflictViews(list []workbench.Conflict) []view.Conflict {
	out := []view.Conflict{}
	for _, c := range list {
		x := view.Conflict{Field: c.Field, Title: c.Title, Answers: []view.ConflictAnswer{}}
		for _, a := range c.Answers {
			y := view.ConflictAnswer{Entry: string(a.Entry), Name: a.Name, Role: a.Role, Recorded: stamp(a.Recorded), Says: a.Says, Shown: a.Shown, Knew: []view.ConflictKnew{}}
			for _, k := range a.Knew {
				y.Knew = append(y.Knew, view.ConflictKnew{Name: k.Name, UpTo: stampOrNil(&k.UpTo)})
			}
			x.Answers = append(x.Answers, y)
		}
		out = append(out, x)
	}
	return out
}

func setAsideViews(list []workbench.SetAside) []view.SetAside {
	out := []view.SetAside{}
	for _, x := range list {
		out = append(out, view.SetAside{
			Entry: string(x.Entry), Kind: x.Kind, Name: x.Name, Recorded: stamp(x.Recorded), Code: x.Code, Why: x.Why, Story: x.Story, Admissible: x.Admissible,
		})
	}
	return out
}

func problemViews(list []caserecord.Problem) []view.Problem {
	out := []view.Problem{}
	for _, p := range list {
		out = append(out, view.Problem{Code: string(p.Code), Text: p.Text, Entry: p.Entry})
	}
	return out
}
