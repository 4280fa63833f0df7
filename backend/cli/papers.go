package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/deadline"
	"adjutant/backend/workbench"
)

func (p *program) deadlineCommand() *cobra.Command {
	c := &cobra.Command{Use: "deadline", Short: "Clocks of reporting duties, computed from declared moments", Long: deadline.ComputedAid}
	c.AddCommand(p.deadlineRegimes(), p.deadlineDeclare(), p.deadlineList(), p.deadlineCompute(), p.deadlineSubmitted())
	return c
}

func (p *program) deadlineRegimes() *cobra.Command {
	return &cobra.Command{
		Use: "regimes", Short: "The duties this program knows, with anchors and citations", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, r := range deadline.Regimes() {
				if p.json {
					if err := p.line(r); err != nil {
						return err
					}
					continue
				}
				p.say("%-28s %-20s %-18s %s", r.ID, r.Anchor, r.Status.Words(), r.Name)
			}
			return nil
		},
	}
}

func (p *program) deadlineDeclare() *cobra.Command {
	var r workbench.TriggerRequest
	c := &cobra.Command{
		Use: "declare CASE ANCHOR --at TIME --basis TEXT", Short: "Declare when an anchor happened; clocks run from it", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				r.Anchor = a[1]
				pr, _, err := b.ProposeTrigger(r)
				if err != nil {
					return err
				}
				s, err := act(b, pr, false)
				if err != nil {
					return err
				}
				e, err := b.DeclareTrigger(cmd.Context(), s, r)
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("Declared: %s at %s.", r.Anchor, r.At) })
			})
		},
	}
	c.Flags().StringVar(&r.At, "at", "", "when, RFC 3339 or local time in --tz")
	c.Flags().StringVar(&r.TZ, "tz", "", "time zone of the duty's place; without it the site's")
	c.Flags().StringVar(&r.Basis, "basis", "", "what the declaration rests on, at least 20 characters")
	return c
}

func (p *program) deadlineSubmitted() *cobra.Command {
	var at, proof string
	c := &cobra.Command{
		Use: "submitted CASE CLOCK --at TIME --proof TEXT", Short: "Record that a stage was submitted, e.g. eu-nis2-23/early-warning", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeSubmitted(a[1], at, proof)
				if err != nil {
					return err
				}
				s, err := act(b, pr, false)
				if err != nil {
					return err
				}
				e, err := b.Submitted(cmd.Context(), s, a[1], at, proof)
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("Recorded as submitted: %s.", a[1]) })
			})
		},
	}
	c.Flags().StringVar(&at, "at", "", "when it was submitted")
	c.Flags().StringVar(&proof, "proof", "", "reference number or other proof")
	return c
}

func (p *program) deadlineList() *cobra.Command {
	return &cobra.Command{
		Use: "list CASE", Short: "Clocks by time left", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, c := range b.Clocks() {
					if p.json {
						if err := p.line(c); err != nil {
							return err
						}
						continue
					}
					p.say("%-9s %-34s %s", c.State, c.ID, c.StageName)
					if c.Strict != nil {
						p.say("          strict   %s  (%s)", stamp(*c.Strict), deadline.Left(b.Now(), *c.Strict))
					}
					if c.Extended != nil {
						p.say("          extended %s  %s", stamp(*c.Extended), printable(c.ExtendedBasis))
					}
					p.say("          %s; %s", printable(c.Citation), printable(c.Note))
				}
				if !p.json {
					p.say("%s", deadline.ComputedAid)
				}
				return nil
			})
		},
	}
}

func stamp(t time.Time) string { return t.Format("Mon 2006-01-02 15:04 -07:00") }

func (p *program) deadlineCompute() *cobra.Command {
	return &cobra.Command{
		Use: "compute FILE", Short: "Limits for a file of triggers, without a case", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			f, err := os.Open(a[0])
			if err != nil {
				return err
			}
			defer f.Close()
			return deadline.ComputeFile(f, p.out)
		},
	}
}

func (p *program) documentCommand() *cobra.Command {
	c := &cobra.Command{Use: "document", Short: "Draft, check, approve and print reports, messages and notices"}
	c.AddCommand(p.documentDraft(), p.documentList(), p.documentCheck(), p.documentApprove(), p.documentRelease(), p.documentPDF())
	return c
}

func (p *program) documentDraft() *cobra.Command {
	var fill map[string]string
	var again string
	c := &cobra.Command{
		Use: "draft CASE TEMPLATE", Short: "Draft from the case's facts: situation-report, staff-message, gdpr-33-notice", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				r := workbench.DraftRequest{Template: a[1], Document: again, Slots: fill}
				pr, err := b.ProposeDraft(r)
				if err != nil {
					return err
				}
				s, err := act(b, pr, false)
				if err != nil {
					return err
				}
				d, err := b.Draft(cmd.Context(), s, r)
				if err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"document": d.ID, "hash": d.Hash, "state": d.State})
				}
				p.say("Draft %s: %s", d.ID, printable(d.Title))
				return p.checks(d)
			})
		},
	}
	c.Flags().StringToStringVar(&fill, "fill", nil, "field=value, for fields that only a person knows")
	c.Flags().StringVar(&again, "document", "", "draft this document again instead of a new one")
	return c
}

func (p *program) checks(d workbench.Paper) error {
	for _, x := range d.Checks {
		mark := "ok    "
		if !x.OK {
			mark = "FAILED"
		}
		p.say("  %s %s", mark, printable(x.Text))
	}
	return nil
}

func (p *program) documentList() *cobra.Command {
	return &cobra.Command{
		Use: "list CASE", Short: "Documents and their state", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				papers, err := b.Papers()
				if err != nil {
					return err
				}
				for _, d := range papers {
					if p.json {
						if err := p.line(map[string]any{"document": d.ID, "template": d.Template, "title": d.Title, "state": d.State, "hash": d.Hash, "needs_role": d.NeedsRole}); err != nil {
							return err
						}
						continue
					}
					p.say("%-11s %s  %s", d.State, d.ID, printable(d.Title))
				}
				return nil
			})
		},
	}
}

func (p *program) documentCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check CASE DOCUMENT", Short: "Check that every sentence holds what its rows say", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				d, err := b.Paper(cmd.Context(), a[1])
				if err != nil {
					return err
				}
				failed := 0
				for _, x := range d.Checks {
					if !x.OK {
						failed++
					}
				}
				if p.json {
					if err := p.line(map[string]any{"document": d.ID, "state": d.State, "failed": failed, "checks": d.Checks}); err != nil {
						return err
					}
				} else if err := p.checks(d); err != nil {
					return err
				}
				if failed > 0 {
					return exitCode(exitRefused)
				}
				return nil
			})
		},
	}
}

func (p *program) documentApprove() *cobra.Command {
	return &cobra.Command{
		Use: "approve CASE DOCUMENT", Short: "Approve exactly the present text, in the role its template asks for", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeApproval(cmd.Context(), a[1])
				if err != nil {
					return err
				}
				s, err := act(b, pr, false)
				if err != nil {
					return err
				}
				e, err := b.Approve(cmd.Context(), s, a[1])
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("Approved.") })
			})
		},
	}
}

func (p *program) documentRelease() *cobra.Command {
	var channel, to string
	c := &cobra.Command{
		Use: "release CASE DOCUMENT --channel TEXT --to TEXT", Short: "Sign that an approved paper is handed over; the program sends nothing", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeRelease(a[0], channel, to)
		}),
	}
	c.Flags().StringVar(&channel, "channel", "", "how: portal, e-mail, courier")
	c.Flags().StringVar(&to, "to", "", "to whom")
	return c
}

func (p *program) documentPDF() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "pdf CASE DOCUMENT --out FILE", Short: "Print as PDF; a draft carries the DRAFT mark", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				if out == "" {
					out = a[1] + ".pdf"
				}
				pdf, err := b.PDF(cmd.Context(), a[1])
				if err != nil {
					return err
				}
				if err := writeNew(out, pdf); err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"document": a[1], "file": out, "bytes": len(pdf)})
				}
				p.say("%s", out)
				return nil
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write; it must not exist")
	return c
}

// writeNew writes a file that must not exist yet: a paper that was handed out is never overwritten.
func writeNew(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return createNew(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// createNew makes a file that must not exist yet, whole or not at all.
func createNew(path string, fill func(w io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", workbench.ErrUsage, err)
	}
	err = fill(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(path) //nolint:errcheck // the error that counts is the first
	}
	return err
}
