package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) caseSlots() *cobra.Command {
	c := &cobra.Command{Use: "slots", Short: "What opens the case folder: passphrases and keys"}
	list := &cobra.Command{
		Use: "list CASE", Short: "The key slots of this folder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, s := range b.Slots() {
					if p.json {
						if err := p.line(s); err != nil {
							return err
						}
						continue
					}
					p.say("%d  %s %s", s.Number, s.Kind, s.Recipient)
				}
				return nil
			})
		},
	}
	var file, recipient string
	add := &cobra.Command{
		Use: "add CASE --new-passphrase-file FILE | --recipient age1…", Short: "Let another passphrase, or the holder of an age key, open the case", Args: cobra.ExactArgs(1),
		Long: "The holder of the age key opens the case with --case-identity-file. To sign in it they also need a person's key.",
		RunE: func(cmd *cobra.Command, a []string) error {
			ch := workbench.SlotChange{Recipient: recipient}
			if (file == "") == (recipient == "") {
				return usage("give either --new-passphrase-file or --recipient")
			}
			if file != "" {
				var err error
				if ch.Passphrase, err = passphraseFile(file); err != nil {
					return err
				}
			}
			return p.changeSlots(cmd.Context(), a[0], ch)
		},
	}
	add.Flags().StringVar(&file, "new-passphrase-file", "", "file with the passphrase to add")
	add.Flags().StringVar(&recipient, "recipient", "", "age X25519 recipient to add")
	remove := &cobra.Command{
		Use: "remove CASE NUMBER", Short: "Remove a key slot; older copies of the folder still open with it", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			n, err := strconv.Atoi(a[1])
			if err != nil || n < 1 {
				return usage("%q is no number of a key slot; `case slots list` shows them", a[1])
			}
			return p.changeSlots(cmd.Context(), a[0], workbench.SlotChange{Remove: n})
		},
	}
	confirm := &cobra.Command{
		Use: "confirm CASE", Short: "Sign that the key slots are right as they are", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.changeSlots(cmd.Context(), a[0], workbench.SlotChange{Confirm: true})
		},
	}
	c.AddCommand(list, add, remove, confirm)
	return c
}

func (p *program) casePassphrase() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "passphrase CASE", Short: "Another passphrase for the case folder in the place of the present one", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			old, err := p.passphrase("Present passphrase of the case", false)
			if err != nil {
				return err
			}
			var fresh []byte
			if file != "" {
				fresh, err = passphraseFile(file)
			} else {
				fresh, err = p.ask("New passphrase of the case", true)
			}
			if err != nil {
				return err
			}
			return p.changeSlots(cmd.Context(), a[0], workbench.SlotChange{Old: old, New: fresh})
		},
	}
	c.Flags().StringVar(&file, "new-passphrase-file", "", "file with the new passphrase; without it it is typed")
	return c
}

// changeSlots changes what opens the case, signs it, and says what it does not do.
func (p *program) changeSlots(ctx context.Context, dir string, ch workbench.SlotChange) error {
	return p.with(ctx, dir, func(b *workbench.Bench) error {
		pr, err := b.ProposeSlots(ch)
		if err != nil {
			return err
		}
		a, err := act(b, pr, false)
		if err != nil {
			return err
		}
		e, err := b.ChangeSlots(ctx, a, ch)
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
