package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (s *Server) custodyRoutes() {
	on(s, "GET /api/custody", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		return custodyView(b), nil
	})
	on(s, "POST /api/custody/give", func(_ context.Context, b *workbench.Bench, in struct {
		Items        []string `json:"items"`
		To           string   `json:"to"`
		Receiver     string   `json:"receiver"`
		Organisation string   `json:"organisation"`
		Purpose      string   `json:"purpose"`
		Place        string   `json:"place"`
		Seal         string   `json:"seal"`
		Condition    string   `json:"condition"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeHandover(workbench.Handover{
			Items: in.Items, To: in.To, Receiver: in.Receiver, Organisation: in.Organisation, Purpose: in.Purpose, Place: in.Place, Seal: in.Seal, Condition: in.Condition,
		}))
	})
	on(s, "POST /api/custody/take", func(_ context.Context, b *workbench.Bench, in struct {
		Transfer  string `json:"transfer"`
		Accepted  bool   `json:"accepted"`
		Condition string `json:"condition"`
		Place     string `json:"place"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeTakeover(workbench.Takeover{Transfer: in.Transfer, Accepted: in.Accepted, Condition: in.Condition, Place: in.Place}))
	})
	on(s, "POST /api/custody/explain", func(_ context.Context, b *workbench.Bench, in struct {
		SHA256 string `json:"sha256"`
		Text   string `json:"text"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeExplanation(in.SHA256, in.Text))
	})
	on(s, "POST /api/custody/purge", func(_ context.Context, b *workbench.Bench, in struct {
		SHA256 string `json:"sha256"`
		Why    string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposePurge(in.SHA256, in.Why))
	})
	on(s, "POST /api/hold/place", func(_ context.Context, b *workbench.Bench, in struct {
		Matter string   `json:"matter"`
		Why    string   `json:"why"`
		Items  []string `json:"items"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeHold(in.Matter, in.Why, in.Items))
	})
	on(s, "POST /api/hold/release", func(_ context.Context, b *workbench.Bench, in struct {
		Hold string `json:"hold"`
		Why  string `json:"why"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposeHoldRelease(in.Hold, in.Why))
	})
	on(s, "POST /api/evidence/verify", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		a, err := signBatch(b, b.ProposeCheck())
		if err != nil {
			return nil, err
		}
		job, err := s.work(b, "Hashing all evidence again", func(ctx context.Context, report func(workbench.Progress)) error {
			defer a.End()
			return b.VerifyEvidence(ctx, a, nil, report)
		})
		return map[string]string{"job": job.ID}, err
	})
}

// preview shows what a builder proposed.
func preview(b *workbench.Bench) func(workbench.ActProposal, error) (any, error) {
	return func(p workbench.ActProposal, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		return actPreview(b, p), nil
	}
}

func custodyView(b *workbench.Bench) view.Custody {
	s := b.State()
	v := view.Custody{Transfers: []view.Transfer{}, Custodians: map[string]string{}, Purged: []string{}, Tombstones: []view.Tombstone{}, Holds: []view.Hold{}, Mismatches: []view.Mismatch{}, Explained: []view.Explained{}}
	for i := len(s.Transfers) - 1; i >= 0; i-- {
		v.Transfers = append(v.Transfers, transferView(b, s.Transfers[i]))
	}
	for _, it := range s.Evidence {
		v.Custodians[it.SHA256] = s.CustodianOf(it.SHA256)
		if s.PurgeOf(it.SHA256) != nil {
			v.Purged = append(v.Purged, it.SHA256)
		}
	}
	for _, p := range s.Purges {
		v.Tombstones = append(v.Tombstones, view.Tombstone{Entry: string(p.Entry), SHA256: p.Data.SHA256, Why: p.Data.Why, By: p.Name, At: stamp(p.Recorded), Awaits: s.Awaits(p.Entry)})
	}
	for _, x := range s.Explained {
		v.Explained = append(v.Explained, view.Explained{SHA256: x.Data.SHA256, Text: x.Data.Text, By: x.Name, At: stamp(x.Recorded)})
	}
	for i := len(s.Holds) - 1; i >= 0; i-- {
		h := s.Holds[i]
		x := view.Hold{ID: string(h.Entry), Matter: h.Data.Matter, Why: h.Data.Why, Items: texts(h.Data.Items), By: h.Name, At: stamp(h.Recorded)}
		if h.Released != nil {
			text := fmt.Sprintf("%s: %s", h.Released.Name, h.Released.Data.Why)
			x.Released = &text
		}
		v.Holds = append(v.Holds, x)
	}
	for _, m := range b.Mismatches() {
		v.Mismatches = append(v.Mismatches, view.Mismatch{SHA256: m.SHA256, Path: b.ItemPath(m.SHA256), FoundAt: stamp(m.Check.Recorded), FoundBy: m.Check.Name})
	}
	if n := len(s.Checks); n > 0 {
		c := s.Checks[n-1]
		v.LastCheck = &view.LastCheck{At: stamp(c.Recorded), By: c.Name, Items: c.Data.Items, Same: c.Data.Same, Altered: len(c.Data.Altered), Absent: len(c.Data.Absent)}
	}
	return v
}

func transferView(b *workbench.Bench, t *caserecord.Transfer) view.Transfer {
	x := view.Transfer{
		ID: string(t.Entry), State: t.Word(), Items: texts(t.Data.Items), Giver: t.Name, GiverRole: t.Data.Role.Title(), Receiver: t.Data.Receiver,
		Organisation: t.Data.Organisation, Purpose: t.Data.Purpose, Place: t.Data.Place, Seal: t.Data.Seal, Condition: t.Data.Condition, At: stamp(t.At),
		Mine: t.Open() && t.Data.To == b.MyID(),
	}
	if t.Taken != nil {
		at := t.Taken.At.UTC().Format(time.RFC3339)
		x.Answer, x.AnswerAt = t.Taken.Data.Condition, &at
	}
	return x
}
