package cli

import (
	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

func headCode(head string) string { return caserecord.HeadCode(head) }

func personName(s *caserecord.State, id caserecord.PersonID) string {
	for _, p := range s.People {
		if p.ID == id {
			return p.Name
		}
	}
	return string(id)
}

func (p *program) identityCommand() *cobra.Command {
	c := &cobra.Command{Use: "identity", Short: "People with a key on this device"}
	var name string
	create := &cobra.Command{
		Use: "create --person NAME", Short: "A key for a person on this device", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			pass, err := p.passphrase("New passphrase of the key", true)
			if err != nil {
				return err
			}
			x, err := workbench.CreatePerson(p.env, name, pass)
			if err != nil {
				return err
			}
			return p.showPerson(x, false)
		},
	}
	create.Flags().StringVar(&name, "person", "", "full name, as it stands under decisions")
	list := &cobra.Command{
		Use: "list", Short: "Who has a key here", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := workbench.Persons(p.env)
			if err != nil {
				return err
			}
			d, _ := identity.Default(p.env.Home)
			for _, x := range all {
				if err := p.showPerson(x, x.ID == d.ID); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.AddCommand(create, list)
	return c
}

func (p *program) showPerson(x identity.Person, isDefault bool) error {
	if p.json {
		return p.line(map[string]any{"person": x.ID, "name": x.Name, "key": x.Key, "fingerprint": caserecord.KeyCode(x.Key), "default": isDefault})
	}
	mark := ""
	if isDefault {
		mark = "  (default)"
	}
	p.say("%s  key %s%s", printable(x.Name), caserecord.KeyCode(x.Key), mark)
	return nil
}

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

// signed prints what was written to the record.
func (p *program) signed(b *workbench.Bench, e caserecord.Entry, words func()) error {
	if p.json {
		return p.line(map[string]any{"entry": e.ID, "kind": e.Header.Kind, "role": b.Acting()})
	}
	words()
	p.say("  signed as entry %s by %s, %s", string(e.ID)[:12], printable(b.MyName()), b.Acting().Title())
	return nil
}
