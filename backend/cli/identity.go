package cli

import (
	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
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

// signed prints what was written to the record.
func (p *program) signed(b *workbench.Bench, e caserecord.Entry, words func()) error {
	if p.json {
		return p.line(map[string]any{"entry": e.ID, "kind": e.Header.Kind, "role": b.Acting()})
	}
	words()
	p.say("  signed as entry %s by %s, %s", string(e.ID)[:12], printable(b.MyName()), b.Acting().Title())
	return nil
}
