package cli

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/witness"
	"adjutant/backend/witness/slip"
	"adjutant/backend/workbench"
)

func (p *program) recordCheckpoint() *cobra.Command {
	var out, against, proof string
	c := &cobra.Command{
		Use: "checkpoint CASE --out FILE", Short: "Sign how far your own entries reach, to be handed to a second party",
		Long: `Signs a checkpoint over all that you have signed in this case so far (C2SP tlog-checkpoint: size and Merkle root) and keeps
it in the record. Hand the file to somebody outside the case: with it nobody, you included, can rewrite these entries unseen.
For a witness who signed an older checkpoint, --against OLD --proof FILE also writes the proof that the new one continues it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if err := free(out, proof); err != nil {
				return err // before anything is signed
			}
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeCheckpoint()
				if err != nil {
					return err
				}
				text, err := act(b, pr.Text, false)
				if err != nil {
					return err
				}
				entry, err := act(b, pr.Entry, false)
				if err != nil {
					return err
				}
				// The proof is about the log before the entry that keeps the checkpoint.
				steps := []byte("[]")
				if against != "" {
					old, err := workbench.ReadNote(against)
					if err != nil {
						return err
					}
					steps0, err := b.ProveConsistent(old)
					if err != nil {
						return err
					}
					steps = checkpoint.AppendProof(nil, steps0)
				}
				note, e, err := b.MakeCheckpoint(cmd.Context(), text, entry)
				if err != nil {
					return err
				}
				if err := workbench.WritePaper(out, note); err != nil {
					return err
				}
				if proof != "" {
					if err := workbench.WritePaper(proof, append(steps, '\n')); err != nil {
						return err
					}
				}
				return p.signed(b, e, func() { p.sentence("", pr.Sentence); p.sentence("  written to ", out) })
			})
		},
	}
	f := c.Flags()
	f.StringVar(&out, "out", "", "file for the signed checkpoint")
	f.StringVar(&against, "against", "", "older checkpoint that a witness signed")
	f.StringVar(&proof, "proof", "", "file for the proof that the new one continues it")
	c.MarkFlagRequired("out") //nolint:errcheck // the flag exists
	return c
}

func (p *program) recordWitness() *cobra.Command {
	var by, at, head, text, note, card string
	c := &cobra.Command{
		Use: "witness CASE (--by NAME [--head CODE] | --note FILE --card FILE)", Short: "Record that a second party holds a head of this case",
		Long: `Takes in what a second party gives back: a slip that they signed by hand (--by, --head, --at), or a checkpoint that they
cosigned (--note, with their card from ` + "`identity export`" + `). A time stamp is taken in by ` + "`record timestamp add`" + `.`,
		Args: cobra.ExactArgs(1),
		RunE: p.propose(func(b *workbench.Bench, _ []string) (workbench.ActProposal, error) {
			var none workbench.ActProposal
			if note == "" {
				t, err := when("at", at)
				if err != nil {
					return none, err
				}
				return b.ProposePaperWitness(head, by, t, text)
			}
			raw, err := workbench.ReadNote(note)
			if err != nil {
				return none, err
			}
			who, err := workbench.ReadCard(card)
			if err != nil {
				return none, err
			}
			return b.ProposeCosignedWitness(raw, who.Name, who.Key)
		}),
	}
	f := c.Flags()
	f.StringVar(&by, "by", "", "who holds the signed slip")
	f.StringVar(&head, "head", "", "code on the slip; without it the head as it is now")
	f.StringVar(&at, "at", "", "when they signed, RFC 3339; without it now")
	f.StringVar(&text, "text", "", "what you have seen and compared")
	f.StringVar(&note, "note", "", "cosigned checkpoint")
	f.StringVar(&card, "card", "", "card of the witness")
	return c
}

// free refuses files that are there already.
func free(paths ...string) error {
	for _, path := range paths {
		if _, err := os.Lstat(path); path != "" && err == nil {
			return usage("%s is there already; name a file that does not exist yet", path)
		}
	}
	return nil
}

// witnessCommand is for the second party: it needs no case.
func (p *program) witnessCommand() *cobra.Command {
	c := &cobra.Command{Use: "witness", Short: "Be the second party for somebody else's case"}
	var out, proof string
	cosign := &cobra.Command{
		Use: "cosign CHECKPOINT --out FILE [--proof FILE]", Short: "Sign a checkpoint that was handed to you, unless it contradicts an earlier one",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error { return p.cosignCheckpoint(a[0], proof, out) },
	}
	cosign.Flags().StringVar(&out, "out", "", "file for the cosigned checkpoint")
	cosign.Flags().StringVar(&proof, "proof", "", "proof that it continues the one you signed before")
	cosign.MarkFlagRequired("out") //nolint:errcheck // the flag exists
	c.AddCommand(cosign)
	return c
}

func (p *program) cosignCheckpoint(path, proof, out string) error {
	if err := free(out); err != nil {
		return err
	}
	r := workbench.CosignRequest{}
	var err error
	if r.Note, err = workbench.ReadNote(path); err != nil {
		return err
	}
	if proof != "" {
		raw, err := workbench.ReadNote(proof)
		if err != nil {
			return err
		}
		if r.Proof, err = checkpoint.ParseProof([]byte(strings.TrimSuffix(string(raw), "\n"))); err != nil {
			return usage("the proof: %v", err)
		}
	}
	who := p.as
	if who == "" {
		d, err := identity.Default(p.env.Home)
		if err != nil {
			return err
		}
		who = string(d.ID)
	}
	key, err := p.keyPassphrase()
	if err != nil {
		return err
	}
	if key == nil {
		if key, err = p.passphrase("Passphrase of your key", false); err != nil {
			return err
		}
	}
	me, err := identity.Unlock(p.env.Home, who, key)
	if err != nil {
		return err
	}
	defer me.Lock()
	pr, err := workbench.ProposeCosignature(p.env, me, r)
	if err != nil {
		return err
	}
	note, err := workbench.CosignCheckpoint(p.env, me, confirm.New(me, pr.Shown, pr.Kinds...), r)
	if err != nil {
		return err
	}
	if err := workbench.WritePaper(out, note); err != nil {
		return err
	}
	if p.json {
		return p.line(map[string]any{"case": pr.Checkpoint.Case, "author": pr.Checkpoint.Author, "size": pr.Checkpoint.Size, "file": out})
	}
	p.sentence("", pr.Sentence)
	p.sentence("  written to ", out)
	return nil
}

func (p *program) recordTimestamp() *cobra.Command {
	c := &cobra.Command{Use: "timestamp", Short: "Have a time-stamping authority say when a head existed (RFC 3161), by file"}
	request := &cobra.Command{
		Use: "request CASE FILE", Short: "Write the request that is carried to an authority", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				tsq, head, err := b.RequestTimestamp()
				if err != nil {
					return err
				}
				if err := workbench.WritePaper(a[1], tsq); err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"head": head, "head_code": headCode(head), "file": a[1]})
				}
				p.say("Written to %s for the head %s. It holds a hash and a random number, nothing of the case.", printable(a[1]), headCode(head))
				p.say("Carry it to any RFC 3161 authority (application/timestamp-query) and bring the answer back: record timestamp add.")
				return nil
			})
		},
	}
	var roots, between, head string
	add := &cobra.Command{
		Use: "add CASE ANSWER [--ca FILE]", Short: "Check an authority's answer and keep it in the record", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			st := workbench.Stamp{Head: head}
			var err error
			if st.Token, err = workbench.ReadFile(a[0], witness.MaxTokenBytes); err != nil {
				return workbench.ActProposal{}, err
			}
			if roots != "" {
				list, err := certificates(roots)
				if err != nil {
					return workbench.ActProposal{}, err
				}
				st.Roots = x509.NewCertPool()
				for _, c := range list {
					st.Roots.AddCert(c)
				}
			}
			if between != "" {
				if st.Intermediates, err = certificates(between); err != nil {
					return workbench.ActProposal{}, err
				}
			}
			pr, _, err := b.ProposeTimestamp(st)
			return pr, err
		}),
	}
	f := add.Flags()
	f.StringVar(&roots, "ca", "", "root certificates that you trust, PEM or DER; without them the authority is not checked")
	f.StringVar(&between, "intermediates", "", "certificates between the authority's and the root")
	f.StringVar(&head, "head", "", "code of the head that was stamped; without it those asked about are tried")
	c.AddCommand(request, add)
	return c
}

func certificates(path string) ([]*x509.Certificate, error) {
	raw, err := workbench.ReadFile(path, witness.MaxCertificatesBytes)
	if err != nil {
		return nil, err
	}
	list, err := witness.ReadCertificates(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", workbench.ErrUsage, err)
	}
	return list, nil
}

func (p *program) recordSlip() *cobra.Command {
	var r workbench.SlipRequest
	var out, compare string
	c := &cobra.Command{
		Use: "slip CASE (--out FILE.pdf | --compare CODE) [--file BUNDLE]", Short: "The courier slip: print it at departure, compare it on arrival",
		Long: `At departure: a page with the case head and the hash of the file that travels, as a square and as codes for reading out,
with lines for signatures. On arrival: --compare takes the text of the square or a typed code. Exit code 5 when something differs.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if (out == "") == (compare == "") {
				return usage("give either --out, to print a slip, or --compare, to compare one")
			}
			var res slip.Result
			err := p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				var err error
				if compare != "" {
					res, err = b.CompareSlip(compare, r.File)
					return err
				}
				raw, err := b.CourierSlip(r)
				return p.paper(out, raw, err, " Let the courier carry it apart from the file.")
			})
			if err != nil || compare == "" {
				return err
			}
			return p.compared(res)
		},
	}
	f := c.Flags()
	f.StringVar(&out, "out", "", "file for the page")
	f.StringVar(&r.File, "file", "", "bundle or parcel that travels, or that arrived")
	f.StringVar(&r.Courier, "courier", "", "who carries it; empty leaves a line")
	f.StringVar(&r.Receiver, "receiver", "", "who is to get it; empty leaves a line")
	f.StringVar(&compare, "compare", "", "text of the square or a code from a slip that arrived")
	return c
}

// paper writes a page that was made, or says why it was not.
func (p *program) paper(out string, raw []byte, made error, advice string) error {
	if made != nil {
		return made
	}
	if err := workbench.WritePaper(out, raw); err != nil {
		return err
	}
	if p.json {
		return p.line(map[string]any{"file": out})
	}
	p.say("Written to %s.%s", printable(out), advice)
	return nil
}

func (p *program) compared(r slip.Result) error {
	if p.json {
		if err := p.line(r); err != nil {
			return err
		}
	} else {
		for _, l := range r.Lines {
			p.say("%-6s %-13s paper %s  here %s", l.What, string(l.State), printable(orDash(l.Paper)), printable(orDash(l.Here)))
		}
		if r.Equal() {
			p.say("What was compared is equal. It says nothing about who wrote the slip: that is its signatures and its way.")
		}
	}
	if !r.Equal() {
		return exitCode(exitDamaged)
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func (p *program) recordWitnesses() *cobra.Command {
	return &cobra.Command{
		Use: "witnesses CASE", Short: "Who outside holds a head of this case, and which", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, w := range b.State().Witnesses {
					if p.json {
						if err := p.line(map[string]any{"entry": w.Entry, "how": w.Data.How, "by": w.Data.By, "at": w.Data.At, "head": w.Data.Head, "head_code": caserecord.HeadCode(w.Data.Head), "text": w.Data.Text}); err != nil {
							return err
						}
						continue
					}
					p.say("%-11s %s  %s  %s", w.Data.How, w.Data.At, caserecord.HeadCode(w.Data.Head), printable(w.Data.By))
					p.sentence("            ", w.Data.Text)
				}
				return nil
			})
		},
	}
}

func (p *program) evidenceReceipt() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "receipt CASE TRANSFER --out FILE.pdf", Short: "The paper of a transfer, for signatures", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				raw, err := b.CustodyReceipt(a[1])
				return p.paper(out, raw, err, "")
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "file for the page")
	c.MarkFlagRequired("out") //nolint:errcheck // the flag exists
	return c
}
