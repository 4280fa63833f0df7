package app

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/witness"
	"adjutant/backend/workbench"
)

func (s *Server) witnessRoutes() {
	on(s, "GET /api/record/witnesses", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		st := b.State()
		witnesses, checkpoints := []view.Witness{}, []view.Checkpoint{}
		for i := len(st.Witnesses) - 1; i >= 0; i-- {
			w := st.Witnesses[i]
			witnesses = append(witnesses, view.Witness{
				ID: string(w.Entry), How: string(w.Data.How), By: w.Data.By, At: stamp(w.At), Head: w.Data.Head, HeadCode: caserecord.HeadCode(w.Data.Head),
				Text: w.Data.Text, EnteredBy: w.Name,
			})
		}
		seen := cosigned(st)
		for i := len(st.Checkpoints) - 1; i >= 0; i-- {
			c := st.Checkpoints[i]
			checkpoints = append(checkpoints, view.Checkpoint{
				ID: string(c.Entry), By: c.Name, Key: caserecord.KeyCode(c.Author), Size: c.Data.Size, At: stamp(c.Recorded), Witnessed: seen[string(c.Author)+c.Data.Root],
			})
		}
		return map[string]any{"witnesses": witnesses, "checkpoints": checkpoints}, nil
	})
	on(s, "POST /api/record/checkpoint", func(ctx context.Context, b *workbench.Bench, in struct {
		Path string `json:"path"`
	}, _ *http.Request) (any, error) {
		p, err := b.ProposeCheckpoint()
		if err != nil {
			return nil, err
		}
		text, err := sign(b, p.Text)
		if err != nil {
			return nil, err
		}
		entry, err := sign(b, p.Entry)
		if err != nil {
			return nil, err
		}
		note, e, err := b.MakeCheckpoint(ctx, text, entry)
		if err != nil {
			return nil, err
		}
		// The entry holds the note: when the file cannot be written, the checkpoint is not lost.
		if err := workbench.WritePaper(in.Path, note); err != nil {
			return nil, err
		}
		return signedView(b, e), nil
	})
	on(s, "POST /api/record/witness", func(_ context.Context, b *workbench.Bench, in struct {
		Head string `json:"head"`
		By   string `json:"by"`
		Text string `json:"text"`
	}, _ *http.Request) (any, error) {
		return preview(b)(b.ProposePaperWitness(in.Head, in.By, time.Time{}, in.Text))
	})
	on(s, "POST /api/record/witness/note", func(_ context.Context, b *workbench.Bench, in struct {
		Note string `json:"note"`
		Card string `json:"card"`
	}, _ *http.Request) (any, error) {
		note, err := workbench.ReadNote(in.Note)
		if err != nil {
			return nil, err
		}
		who, err := workbench.ReadCard(in.Card)
		if err != nil {
			return nil, err
		}
		return preview(b)(b.ProposeCosignedWitness(note, who.Name, who.Key))
	})
	on(s, "POST /api/record/timestamp/request", func(_ context.Context, b *workbench.Bench, in struct {
		Path string `json:"path"`
	}, _ *http.Request) (any, error) {
		tsq, head, err := b.RequestTimestamp()
		if err != nil {
			return nil, err
		}
		return map[string]string{"path": in.Path, "head_code": caserecord.HeadCode(head)}, workbench.WritePaper(in.Path, tsq)
	})
	on(s, "POST /api/record/timestamp", func(_ context.Context, b *workbench.Bench, in struct {
		Path string `json:"path"`
		CA   string `json:"ca"`
	}, _ *http.Request) (any, error) {
		st := workbench.Stamp{}
		var err error
		if st.Token, err = workbench.ReadFile(in.Path, witness.MaxTokenBytes); err != nil {
			return nil, err
		}
		if strings.TrimSpace(in.CA) != "" {
			raw, err := workbench.ReadFile(in.CA, witness.MaxCertificatesBytes)
			if err != nil {
				return nil, err
			}
			list, err := witness.ReadCertificates(raw)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", workbench.ErrUsage, err)
			}
			st.Roots = x509.NewCertPool()
			for _, c := range list {
				st.Roots.AddCert(c)
			}
		}
		p, _, err := b.ProposeTimestamp(st)
		return preview(b)(p, err)
	})
	on(s, "POST /api/record/slip", func(_ context.Context, b *workbench.Bench, in struct {
		Path     string `json:"path"`
		File     string `json:"file"`
		Courier  string `json:"courier"`
		Receiver string `json:"receiver"`
	}, _ *http.Request) (any, error) {
		raw, err := b.CourierSlip(workbench.SlipRequest{File: in.File, Courier: in.Courier, Receiver: in.Receiver})
		if err != nil {
			return nil, err
		}
		return map[string]string{"path": in.Path}, workbench.WritePaper(in.Path, raw)
	})
	on(s, "POST /api/record/slip/compare", func(_ context.Context, b *workbench.Bench, in struct {
		Code string `json:"code"`
		File string `json:"file"`
	}, _ *http.Request) (any, error) {
		r, err := b.CompareSlip(in.Code, in.File)
		if err != nil {
			return nil, err
		}
		lines := []view.SlipLine{}
		for _, l := range r.Lines {
			lines = append(lines, view.SlipLine{What: l.What, Paper: l.Paper, Here: l.Here, State: string(l.State)})
		}
		return map[string]any{"equal": r.Equal(), "lines": lines}, nil
	})
	on(s, "POST /api/custody/receipt", func(_ context.Context, b *workbench.Bench, in struct {
		Transfer string `json:"transfer"`
		Path     string `json:"path"`
	}, _ *http.Request) (any, error) {
		raw, err := b.CustodyReceipt(in.Transfer)
		if err != nil {
			return nil, err
		}
		return map[string]string{"path": in.Path}, workbench.WritePaper(in.Path, raw)
	})
}

// cosigned lists author and root of the checkpoints that a witness has signed.
func cosigned(st *caserecord.State) map[string]bool {
	out := map[string]bool{}
	for _, w := range st.Witnesses {
		if w.Data.How != caserecord.WitnessCosignature {
			continue
		}
		note, err := base64.StdEncoding.DecodeString(w.Data.Proof)
		if err != nil {
			continue
		}
		if c, err := checkpoint.Verify(note); err == nil {
			out[c.Author+fmt.Sprintf("%x", c.Root[:])] = true
		}
	}
	return out
}
