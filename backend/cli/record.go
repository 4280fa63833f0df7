package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"adjutant/backend/casefolder"
	"adjutant/backend/workbench"
)

func (p *program) recordCommand() *cobra.Command {
	c := &cobra.Command{Use: "record", Short: "The signed record: who did and decided what"}
	var kind string
	list := &cobra.Command{
		Use: "list CASE", Short: "The record as a story", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, e := range b.Stories() {
					if kind != "" && e.Kind != kind {
						continue
					}
					if p.json {
						if err := p.line(e); err != nil {
							return err
						}
						continue
					}
					p.say("%s  %s  %s", e.Recorded.Format("2006-01-02 15:04:05Z"), e.ID[:12], printable(e.Story))
					if e.Refused != "" {
						p.say("                                    REFUSED: %s", printable(e.Refused))
					}
				}
				return nil
			})
		},
	}
	list.Flags().StringVar(&kind, "kind", "", "only entries of this kind")
	verify := &cobra.Command{
		Use: "verify CASE", Short: "Check every entry, signature and chain again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			bad := false
			err := p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				v, err := b.Verify()
				if err != nil {
					return err
				}
				bad = v.ExitCode() != 0 || len(v.Copies) > 0
				if p.json {
					if v.Problems == nil {
						v.Problems = v.Problems[:0:0]
					}
					return p.line(map[string]any{
						"verdict": v.Word(), "words": v.Verdict, "anchored": v.Anchored, "entries": v.Entries, "authors": v.Authors, "head": v.Head, "head_code": headCode(v.Head), "problems": v.Problems,
						"copies": append([]casefolder.Problem{}, v.Copies...),
					})
				}
				p.say("%s: %d entries of %d authors, head %s", v.Word(), v.Entries, v.Authors, headCode(v.Head))
				for _, x := range v.Problems {
					p.say("  %s %s %s", x.Code, x.Entry, printable(x.Text))
				}
				for _, x := range v.Copies {
					p.say("  %s: %s", x.File, printable(x.Text))
				}
				if len(v.Copies) == 0 {
					p.say("Both copies of the record on this disk were read and hold the same.")
				}
				if len(v.Problems) == 0 {
					p.say("Every signature, chain and body fits. Compare the head with one that another party holds to be sure that no end was cut off.")
				}
				if !v.Anchored {
					p.say("Whether the signers are who they say was not checked: the opener's key is not on this device.")
				}
				return nil
			})
			if err != nil {
				return err
			}
			if bad {
				return exitCode(exitDamaged)
			}
			return nil
		},
	}
	c.AddCommand(list, verify, p.recordConflicts(), p.recordResolve(), p.recordRefused(), p.recordTodo(), p.recordCosign(), p.recordAdmit(), p.recordCheckpoint(), p.recordExtract(), p.recordWitness(), p.recordWitnesses(), p.recordTimestamp(), p.recordSlip(), p.recordAt(), p.recordKnown())
	return c
}

func (p *program) askCommand() *cobra.Command {
	return &cobra.Command{
		Use: `ask CASE "question"`, Short: "A plain question becomes a visible query or a cited answer", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				ans, err := b.Ask(cmd.Context(), a[1])
				if err != nil {
					return err
				}
				if p.json {
					return p.line(ans.Line())
				}
				p.sentence("", ans.Text)
				if ans.Query != "" {
					p.sentence("query: ", ans.Query)
				}
				for _, c := range ans.Cites {
					p.sentence("  - ", c.Text)
				}
				for _, s := range ans.Suggestions {
					p.sentence("  ask: ", s)
				}
				p.say("(by %s)", ans.By)
				return nil
			})
		},
	}
}

func (p *program) modelCommand() *cobra.Command {
	c := &cobra.Command{Use: "model", Short: "The local language model and its fitness"}
	status := &cobra.Command{
		Use: "status", Short: "Whether a model is installed, isolated and fit", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s := workbench.ModelOnDevice(p.env)
			if p.json {
				return p.line(s)
			}
			p.sentence("", s.Text)
			for _, f := range s.Functions {
				state := "off"
				if f.Fit {
					state = "fit"
				}
				p.say("  %-10s %s: %s", f.Function, state, printable(f.Why))
			}
			return nil
		},
	}
	check := &cobra.Command{
		Use: "check", Short: "Run the probes of each function against the installed model", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			pb := p.bar("probes")
			f, err := workbench.CheckModel(cmd.Context(), p.env, pb.report)
			pb.done()
			if err != nil {
				return err
			}
			if p.json {
				return p.line(f)
			}
			p.sentence("", f.Why)
			if !f.Fit {
				p.say("The function %s stays off for this model; its twin does the work.", f.Function)
			}
			return nil
		},
	}
	onOff := func(on bool, use, short string) *cobra.Command {
		return &cobra.Command{
			Use: use + " CASE", Short: short, Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, a []string) error {
				return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
					s, err := act(b, b.ProposeModel(on), false)
					if err != nil {
						return err
					}
					e, err := b.SwitchModel(cmd.Context(), s, on)
					if err != nil {
						return err
					}
					return p.signed(b, e, func() { p.say("The model is switched %s in this case.", use) })
				})
			},
		}
	}
	c.AddCommand(status, check, onOff(true, "on", "Let the model work in this case, as far as it is fit"), onOff(false, "off", "Keep the model off in this case"))
	return c
}

func (p *program) narrativeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "narrative CASE", Short: "The timeline in cited sentences, and who made them", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				n, err := b.Narrative(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.line(n)
				}
				p.showNarrative(n)
				return nil
			})
		},
	}
}

func (p *program) showNarrative(n workbench.Narrative) {
	p.say("%s:", n.By)
	for _, s := range n.Sentences {
		p.sentence("  ", s.Text)
	}
	if n.Other != nil {
		p.sentence("", n.Other.By.String()+":")
		for _, s := range n.Other.Sentences {
			mark := "  "
			if s.Failed != "" {
				mark = "  x "
			}
			p.sentence(mark, s.Text)
			if s.Failed != "" {
				p.sentence("      ", s.Failed)
			}
		}
		p.sentence("  ", n.Other.Note)
	}
}

func (p *program) windowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "window [CASE]", Short: "Open the window, on a case when one is named", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, a []string) error { return p.window(arg(a, 0)) },
	}
}

func (p *program) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "serve [ADDRESS]", Short: "The window's page for a browser on this computer, on a loopback address", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			addr := "127.0.0.1:0"
			if len(a) > 0 {
				addr = a[0]
			}
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			return p.host.Serve(ctx, p.env, addr, func(url string) {
				p.say("%s", url)
				if f, ok := p.out.(*os.File); ok {
					f.Sync() //nolint:errcheck // a pipe cannot be synced
				}
			})
		},
	}
}
