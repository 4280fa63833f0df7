package cli

import (
	"github.com/spf13/cobra"

	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

func (p *program) roleCommand() *cobra.Command {
	c := &cobra.Command{Use: "role", Short: "Who holds which role in a case"}
	grant := &cobra.Command{
		Use: "grant CASE PERSON ROLE", Short: "Give a person a role; their key is admitted when the case does not know it", Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				role := incident.Role(a[2])
				admission, needed, err := b.ProposeAdmit(a[1], role)
				if err != nil {
					return err
				}
				if needed {
					sign, err := act(b, admission, false)
					if err != nil {
						return err
					}
					if _, err := b.Admit(cmd.Context(), sign, a[1]); err != nil {
						return err
					}
				}
				pr, err := b.ProposeGrant(a[1], role)
				if err != nil {
					return err
				}
				sign, err := act(b, pr, false)
				if err != nil {
					return err
				}
				e, err := b.GrantRole(cmd.Context(), sign, a[1], role)
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("%s now holds the role %s.", printable(a[1]), role.Title()) })
			})
		},
	}
	list := &cobra.Command{
		Use: "list CASE", Short: "Roles and their holders", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				s := b.State()
				for _, r := range s.Roles {
					if r.Ended != nil {
						continue
					}
					if p.json {
						if err := p.line(map[string]any{"person": r.Person, "name": personName(s, r.Person), "role": r.Role, "from": r.From, "granted_by": r.Name}); err != nil {
							return err
						}
						continue
					}
					p.say("%-40s %s, since %s by %s", r.Role.Title(), printable(personName(s, r.Person)), r.From.Format("2006-01-02 15:04Z"), printable(r.Name))
				}
				return nil
			})
		},
	}
	c.AddCommand(grant, list)
	return c
}
