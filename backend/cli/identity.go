package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func headCode(head string) string { return caserecord.HeadCode(head) }

func (p *program) identityCommand() *cobra.Command {
	c := &cobra.Command{Use: "identity", Short: "People with a key on this device"}
	c.AddCommand(p.identityCreate(), p.identityList(), p.identityPassphrase(), p.identityExport(), p.identityShow(),
		p.identityJoin(), p.identityForget(), p.identityMend())
	return c
}

func (p *program) identityCreate() *cobra.Command {
	var name string
	c := &cobra.Command{
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
	c.Flags().StringVar(&name, "person", "", "full name, as it stands under decisions")
	return c
}

func (p *program) identityList() *cobra.Command {
	return &cobra.Command{
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
			for _, text := range workbench.DamagedPeople(p.env) {
				fmt.Fprintf(p.err, "adjutant: %s\n", printable(text))
			}
			return nil
		},
	}
}

func (p *program) identityPassphrase() *cobra.Command {
	var newFile string
	c := &cobra.Command{
		Use: "passphrase PERSON", Short: "Another passphrase for a person's key; the key stays the same", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			old, err := p.ownPassphrase("Present passphrase of the key", false)
			if err != nil {
				return err
			}
			var fresh []byte
			if newFile != "" {
				fresh, err = passphraseFile(newFile)
			} else {
				fresh, err = p.ask("New passphrase of the key", true)
			}
			if err != nil {
				return err
			}
			x, err := workbench.ChangePassphrase(p.env, a[0], old, fresh)
			if err != nil {
				return err
			}
			if p.json {
				return p.showPerson(x, false)
			}
			p.say("The key of %s now opens with the new passphrase.", printable(x.Name))
			p.say("  Copies of the old key file, such as backups, still open with the old one. The passphrases of cases are not changed.")
			return nil
		},
	}
	c.Flags().StringVar(&newFile, "new-passphrase-file", "", "file with the new passphrase; without it you are asked twice")
	return c
}

func (p *program) identityExport() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "export PERSON --out FILE", Short: "A person's card, by which another laptop can admit their key", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			if out == "" {
				return usage("name the file for the card with --out")
			}
			pass, err := p.ownPassphrase("Passphrase of the key", false)
			if err != nil {
				return err
			}
			card, x, err := workbench.ExportCard(p.env, a[0], pass)
			if err != nil {
				return err
			}
			if err := writeNew(out, card); err != nil {
				return err
			}
			if p.json {
				return p.line(cardLine(x, out))
			}
			p.sayCard(x)
			p.say("  written to %s; nothing in it is secret", printable(out))
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file for the card; it must not exist yet")
	return c
}

func (p *program) identityShow() *cobra.Command {
	return &cobra.Command{
		Use: "show FILE", Short: "What a card says", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			x, err := workbench.ReadCard(a[0])
			if err != nil {
				return err
			}
			if p.json {
				return p.line(cardLine(x, a[0]))
			}
			p.sayCard(x)
			return nil
		},
	}
}

func (p *program) identityJoin() *cobra.Command {
	return &cobra.Command{
		Use: "join CARD", Short: "A key on this device for a person who has one on another", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			pass, err := p.ownPassphrase("New passphrase of the key on this device", true)
			if err != nil {
				return err
			}
			x, err := workbench.JoinPerson(p.env, a[0], pass)
			if err != nil {
				return err
			}
			if p.json {
				return p.showPerson(x, false)
			}
			p.say("%s has a key on this device now: %s", printable(x.Name), caserecord.KeyCode(x.Key))
			p.say("  It is another key than the one on the card. A case knows it once its commander has admitted it:")
			p.say("  write its card with `identity export` and hand it to them.")
			return nil
		},
	}
}

func (p *program) identityForget() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use: "forget PERSON --yes", Short: "Remove a person's key from this device", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			if !yes {
				return usage("this removes the key of %s from this device for good. What they signed stays signed. To sign again they need a new key, "+
					"which in each case another person who acts as commander has to admit; a case without such a person can admit nobody. "+
					"Copies of the key file elsewhere are not removed. If that is what you want, add --yes", a[0])
			}
			x, err := workbench.ForgetPerson(p.env, a[0])
			if err != nil {
				return err
			}
			if p.json {
				return p.line(map[string]any{"person": x.ID, "name": x.Name, "key": x.Key, "forgotten": true})
			}
			p.say("The key of %s is removed from this device. What they signed stays signed.", printable(x.Name))
			p.say("  To sign again they need a new key, which in each case another person who acts as commander has to admit.")
			p.say("  Copies of the key file elsewhere still open with its passphrase. If it may be in other hands, have the key revoked in each case.")
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "the key is to be removed")
	return c
}

func (p *program) identityMend() *cobra.Command {
	return &cobra.Command{
		Use: "mend ID", Short: "Write a person's damaged or missing card again from their key", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, a []string) error {
			pass, err := p.ownPassphrase("Passphrase of the key", false)
			if err != nil {
				return err
			}
			x, err := workbench.MendPerson(p.env, a[0], pass)
			if err != nil {
				return err
			}
			return p.showPerson(x, false)
		},
	}
}

// ownPassphrase is a person's own: --key-passphrase-file where it is named, else as for all.
func (p *program) ownPassphrase(prompt string, twice bool) ([]byte, error) {
	if p.keyPass != "" {
		return p.keyPassphrase()
	}
	return p.passphrase(prompt, twice)
}

func cardLine(x identity.Person, file string) map[string]any {
	return map[string]any{"person": x.ID, "name": x.Name, "key": x.Key, "fingerprint": caserecord.KeyCode(x.Key),
		"created": x.Created.Format(time.RFC3339), "file": file}
}

func (p *program) sayCard(x identity.Person) {
	p.say("%s  key %s", printable(x.Name), caserecord.KeyCode(x.Key))
	p.say("  person %s, key made %s", x.ID, x.Created.Format("2006-01-02 15:04Z"))
	p.say("  Compare the key's code by voice or face to face before it is admitted: anyone can write a card in any name.")
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
	waits := b.State().Awaits(e.ID)
	if p.json {
		return p.line(map[string]any{"entry": e.ID, "kind": e.Header.Kind, "role": b.Acting(), "awaits": waits})
	}
	words()
	if waits {
		p.say("  It is not in force yet: another person signs too, with `adjutant record cosign`.")
	}
	p.say("  signed as entry %s by %s, %s", string(e.ID)[:12], printable(b.MyName()), b.Acting().Title())
	return nil
}
