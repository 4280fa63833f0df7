package cli

import (
	"context"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) recordExtract() *cobra.Command {
	var r workbench.ExtractRequest
	var against []string
	c := &cobra.Command{
		Use: "extract CASE OUT --to WORDS --reason WORDS --entry ID… | --kind K… | --document ID…", Short: "Chosen entries with the proof that they stand in the record, without the rest", Args: cobra.ExactArgs(2),
		Long: `OUT becomes a folder with the entries chosen, what their signers rest on, and proofs that they stand under signed checkpoints of
their authors; of everything else only hashes leave. caseverify checks it. When your own newest checkpoint does not reach far
enough, one is signed first, and the command says so; a colleague's has to come by a merge. --against names checkpoints that the
reader may hold: that both are of one history is proved too.

With --json one object: form, out, head, head_code, entries, withheld, bytes, entry, and checkpoint, when one was signed.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			r.Out = a[1]
			var err error
			if r.Against, err = workbench.ReadAgainst(against); err != nil {
				return err
			}
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error { return p.extract(cmd.Context(), b, r) })
		},
	}
	f := c.Flags()
	f.StringSliceVar(&r.Entries, "entry", nil, "id of an entry, or its first six digits or more; `record list` names them")
	f.StringSliceVar(&r.Kinds, "kind", nil, "every entry of this kind")
	f.StringSliceVar(&r.Documents, "document", nil, "a paper, with the entries about it")
	f.StringVar(&r.To, "to", "", "for whom, one line")
	f.StringVar(&r.Reason, "reason", "", "what for, one line")
	f.StringArrayVar(&against, "against", nil, "file of a checkpoint that the reader may hold")
	f.StringSliceVar(&r.Lanes, "include-lane", nil, "lane whose words counsel lets out")
	return c
}

func (p *program) extract(ctx context.Context, b *workbench.Bench, r workbench.ExtractRequest) error {
	x, err := b.ProposeExtract(ctx, r)
	if err != nil {
		return err
	}
	made := ""
	if x.NeedsCheckpoint {
		if !p.json {
			for _, n := range x.Notes {
				p.sentence("", n)
			}
		}
		if made, err = p.ownCheckpoint(ctx, b); err != nil {
			return err
		}
		if x, err = b.ProposeExtract(ctx, r); err != nil {
			return err
		}
	}
	a, err := act(b, x.Proposal, false)
	if err != nil {
		return err
	}
	done, err := x.Run(ctx, a)
	if err != nil {
		return err
	}
	if p.json {
		return p.line(struct {
			workbench.Copied
			HeadCode   string `json:"head_code"`
			Checkpoint string `json:"checkpoint,omitempty"`
		}{done, headCode(done.Head), made})
	}
	p.say("Written to %s.", printable(done.Out))
	for _, c := range x.Consequences {
		p.sentence("  - ", c)
	}
	return nil
}

// ownCheckpoint signs a checkpoint of all that the person has signed so far, and returns its entry.
func (p *program) ownCheckpoint(ctx context.Context, b *workbench.Bench) (string, error) {
	c, err := b.ProposeCheckpoint()
	if err != nil {
		return "", err
	}
	text, err := act(b, c.Text, false)
	if err != nil {
		return "", err
	}
	entry, err := act(b, c.Entry, false)
	if err != nil {
		return "", err
	}
	_, e, err := b.MakeCheckpoint(ctx, text, entry)
	if err != nil {
		return "", err
	}
	if !p.json {
		p.sentence("", c.Sentence)
	}
	return string(e.ID), nil
}
