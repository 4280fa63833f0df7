package cli

import (
	"github.com/spf13/cobra"

	"adjutant/backend/decision"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

func (p *program) detectCommand() *cobra.Command {
	c := &cobra.Command{Use: "detect", Short: "Rules and detectors over the timeline"}
	var rules string
	run := &cobra.Command{
		Use: "run CASE", Short: "Run the rules; a line for each finding, and what did not run", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeDetect()
				if err != nil {
					return err
				}
				s, err := act(b, pr, true)
				if err != nil {
					return err
				}
				pb := p.bar("events")
				an, err := b.Detect(cmd.Context(), s, rules, pb.report)
				pb.done()
				if err != nil {
					return err
				}
				return p.showFindings(cmd, b, an)
			})
		},
	}
	run.Flags().StringVar(&rules, "rules", "", "folder or file with further Sigma rules")
	coverage := &cobra.Command{
		Use: "coverage CASE", Short: "What was read for each host and source, and what was not seen", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				an, err := b.Analysis(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.line(an.Coverage)
				}
				for _, s := range an.CoverageLines() {
					p.sentence("", s)
				}
				return nil
			})
		},
	}
	c.AddCommand(run, coverage, p.detectRules())
	return c
}

func (p *program) detectRules() *cobra.Command {
	return &cobra.Command{
		Use: "rules", Short: "The rules that ship with this program", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := workbench.OwnRules()
			if err != nil {
				return err
			}
			for _, r := range all {
				if p.json {
					if err := p.line(r); err != nil {
						return err
					}
					continue
				}
				p.say("%-13s %s  %s", r.Level, r.ID, r.Title)
			}
			return nil
		},
	}
}

func (p *program) showFindings(cmd *cobra.Command, b *workbench.Bench, an *workbench.Analysis) error {
	for _, f := range an.Report.Findings {
		if p.json {
			if err := p.line(workbench.FindingLine(f)); err != nil {
				return err
			}
			continue
		}
		p.say("%-13s %s", f.Severity, printable(f.Rule.Title))
		p.sentence("              ", f.Text)
	}
	if p.json {
		return nil
	}
	p.say("")
	for _, s := range an.RunLines() {
		p.sentence("", s)
	}
	return nil
}

func (p *program) triageCommand() *cobra.Command {
	c := &cobra.Command{Use: "triage", Short: "Findings in groups with score, factors and suggested verdict"}
	list := &cobra.Command{
		Use: "list CASE", Short: "The queue, highest score first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				an, err := b.Analysis(cmd.Context())
				if err != nil {
					return err
				}
				for _, g := range an.Groups {
					if p.json {
						if err := p.line(workbench.GroupLine(g)); err != nil {
							return err
						}
						continue
					}
					p.say("%6.1f  %-13s %s  [%s]", g.Score, g.Severity, printable(g.Title), g.ID)
					p.say("        %d findings, suggested: %s. %s", len(g.Findings), g.Suggested, printable(g.SuggestedWhy))
					for _, f := range g.Factors {
						p.say("        %+6.1f  %s", f.Weight*f.Value, printable(f.Words))
					}
				}
				return nil
			})
		},
	}
	var code, reason string
	verdict := &cobra.Command{
		Use: "verdict CASE GROUP VERDICT", Short: "Judge a group: true-positive, suspicious, benign, false-positive, unknown", Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				r := workbench.VerdictRequest{Group: a[1], Verdict: incident.Verdict(a[2]), ReasonCode: code, Reason: reason}
				pr, _, err := b.ProposeVerdict(cmd.Context(), r)
				if err != nil {
					return err
				}
				s, err := act(b, pr, false)
				if err != nil {
					return err
				}
				e, err := b.GiveVerdict(cmd.Context(), s, r)
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("Judged %s.", a[2]) })
			})
		},
	}
	reasonFlags(verdict, &code, &reason)
	c.AddCommand(list, verdict)
	return c
}

func (p *program) recommendCommand() *cobra.Command {
	c := &cobra.Command{Use: "recommend", Short: "Courses of action with reasons; nothing is carried out"}
	c.AddCommand(&cobra.Command{
		Use: "list CASE", Short: "What is recommended, why, and who may decide", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				an, err := b.Analysis(cmd.Context())
				if err != nil {
					return err
				}
				s := b.State()
				for _, r := range an.Recommendations {
					if p.json {
						if err := p.line(workbench.RecommendationLine(s, r)); err != nil {
							return err
						}
						continue
					}
					state := "open"
					if d := s.DecisionInForce(r.ID); d != nil {
						state = string(d.Data.Outcome) + " by " + d.Name
					}
					if d := s.DecisionAwaiting(r.ID); d != nil {
						state += ", " + string(d.Data.Outcome) + " by " + d.Name + " awaits a second person"
					}
					p.say("%-13s %s  [%s] %s", r.Severity, printable(r.Title), r.ID, printable(state))
					p.sentence("              ", r.Why)
				}
				return nil
			})
		},
	})
	return c
}

func reasonFlags(c *cobra.Command, code, reason *string) {
	c.Flags().StringVar(code, "reason-code", "", "code of the reason (decide reasons lists them)")
	c.Flags().StringVar(reason, "reason", "", "the reason in your own words, at least 20 characters")
}

func (p *program) decideCommand() *cobra.Command {
	c := &cobra.Command{Use: "decide", Short: "Sign a decision: accept, override or reject a recommendation, declare the severity"}
	for _, o := range []struct {
		outcome decision.Outcome
		short   string
	}{
		{decision.Accept, "Follow a recommendation"},
		{decision.Override, "Do something else instead; needs a reason"},
		{decision.Reject, "Do nothing of it; needs a reason"},
	} {
		var code, reason, instead string
		sub := &cobra.Command{
			Use: string(o.outcome) + " CASE RECOMMENDATION", Short: o.short, Args: cobra.ExactArgs(2),
			RunE: func(cmd *cobra.Command, a []string) error {
				return p.decide(cmd, a[0], workbench.DecisionRequest{Recommendation: a[1], Outcome: o.outcome, Instead: instead, ReasonCode: code, Reason: reason})
			},
		}
		reasonFlags(sub, &code, &reason)
		if o.outcome == decision.Override {
			sub.Flags().StringVar(&instead, "instead", "", "what is done instead; without it the reason stands for both")
		}
		c.AddCommand(sub)
	}
	var code, reason string
	severity := &cobra.Command{
		Use: "severity CASE LEVEL", Short: "Declare the severity of the incident", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			level, err := incident.ParseSeverity(a[1])
			if err != nil {
				return usage("%v", err)
			}
			return p.decide(cmd, a[0], workbench.DecisionRequest{Level: level, Outcome: decision.Severity, ReasonCode: code, Reason: reason})
		},
	}
	reasonFlags(severity, &code, &reason)
	c.AddCommand(severity, p.reasonsCommand())
	return c
}

func (p *program) decide(cmd *cobra.Command, dir string, r workbench.DecisionRequest) error {
	return p.with(cmd.Context(), dir, func(b *workbench.Bench) error {
		if err := decision.ValidateReason(r.ReasonCode, r.Reason, r.Outcome); err != nil {
			return workbench.ReasonError(err)
		}
		pr, err := b.ProposeDecision(cmd.Context(), r)
		if err != nil {
			return err
		}
		s, err := act(b, pr.Proposal, false)
		if err != nil {
			return err
		}
		e, err := b.Decide(cmd.Context(), s, r)
		if err != nil {
			return err
		}
		return p.signed(b, e, func() {
			for _, c := range pr.Consequences {
				p.sentence("", c)
			}
		})
	})
}

func (p *program) reasonsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "reasons", Short: "The reason codes and what they are for", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, r := range decision.ReasonCodes() {
				if p.json {
					if err := p.line(r); err != nil {
						return err
					}
					continue
				}
				p.say("%-26s %s", r.Code, r.Words)
			}
			return nil
		},
	}
}
