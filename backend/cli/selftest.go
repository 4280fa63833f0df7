package cli

import (
	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) selftestCommand() *cobra.Command {
	c := &cobra.Command{Use: "selftest", Short: "Try what this program promises, on this machine"}
	c.AddCommand(&cobra.Command{
		Use: "isolation", Short: "No open socket, walled-off parsers, a model server without network and files", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			bad := 0
			for _, l := range workbench.SelfTestIsolation(cmd.Context()) {
				if !l.OK {
					bad++
				}
				if p.json {
					if err := p.line(l); err != nil {
						return err
					}
					continue
				}
				mark := "ok    "
				if !l.OK {
					mark = "FAILED"
				}
				p.say("%s %s: %s", mark, l.What, printable(l.Text))
			}
			if bad > 0 {
				return exitCode(exitFailed)
			}
			return nil
		},
	})
	return c
}
