package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) authorityCommand() *cobra.Command {
	c := &cobra.Command{Use: "authority", Short: "The authority matrix: who may sign which kind of entry"}
	c.AddCommand(p.authorityShow(), p.authoritySet())
	return c
}

func (p *program) authorityShow() *cobra.Command {
	return &cobra.Command{
		Use: "show CASE", Short: "Every kind of entry with who may sign it, and who changed that", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, r := range b.Matrix() {
					if p.json {
						if err := p.line(r); err != nil {
							return err
						}
						continue
					}
					name, who := string(r.Kind), joined(r.Roles)
					if r.Class != "" {
						name += "/" + string(r.Class)
					}
					if r.Members {
						who = "any admitted person"
					}
					if r.TwoPerson {
						who += "; two persons"
					}
					if r.Core {
						who += "; fixed"
					}
					p.say("%-26s %s", name, who)
					why := r.Why
					if r.ChangedBy != "" {
						why = "changed by " + r.ChangedBy + " on " + r.ChangedAt.Format("2006-01-02 15:04Z") + ": " + why
					}
					p.sentence("                           ", why)
				}
				return nil
			})
		},
	}
}

func (p *program) authoritySet() *cobra.Command {
	var c workbench.RowChange
	cmd := &cobra.Command{
		Use: "set CASE KIND[/CLASS] ROLE,ROLE… --why TEXT", Short: "Change who may sign a kind of entry in this case, or ask two persons for it", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			c.Of, c.Roles = a[0], strings.Split(a[1], ",")
			return b.ProposeRow(c)
		}),
	}
	cmd.Flags().BoolVar(&c.TwoPerson, "two-person", false, "two different persons sign; not in force before the second has")
	why(cmd, &c.Why, "reason")
	return cmd
}

func (p *program) recordCosign() *cobra.Command {
	return &cobra.Command{
		Use: "cosign CASE ENTRY", Short: "Sign as the second person under an act that waits for one", Args: cobra.ExactArgs(2),
		Long: "The case is opened as the second person (--as). `record todo` lists what waits.",
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) { return b.ProposeSecond(a[0]) }),
	}
}

func (p *program) recordAdmit() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "admit CASE ENTRY --why TEXT", Short: "Take in an entry that was set aside for want of authority", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeEntryAdmission(a[0], reason)
		}),
	}
	why(c, &reason, longReason)
	return c
}

func (p *program) recordTodo() *cobra.Command {
	return &cobra.Command{
		Use: "todo CASE", Short: "What waits for a person: reviews, second signatures, conflicts, entries set aside, and more", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				list := b.ToDo()
				for _, t := range list {
					if p.json {
						if err := p.line(t); err != nil {
							return err
						}
						continue
					}
					mark := "  "
					if t.Mine {
						mark = "* "
					}
					p.sentence(mark, t.Text)
					id := ""
					if t.Entry != "" {
						id = "entry " + string(t.Entry)[:12] + "; "
					}
					may := strings.Join(t.May, ", ")
					if may == "" {
						may = "nobody in the case now"
					}
					p.sentence("    ", id+"may do it: "+may)
				}
				if len(list) == 0 && !p.json {
					p.say("Nothing on the list waits for a person.")
				}
				return nil
			})
		},
	}
}
