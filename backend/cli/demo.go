package cli

import (
	"path/filepath"
	"sort"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) demoCommand() *cobra.Command {
	var noModel bool
	c := &cobra.Command{
		Use: "demo [DIR]", Short: "The main job on the sample incident, from evidence to signed PDFs", Args: cobra.MaximumNArgs(1),
		Long: "Makes the evidence of a fictional ferry operator's incident in DIR, takes it in, runs the rules, lets fictional\npeople decide and sign, and writes the papers. The case is an exercise and says so on every page.",
		RunE: func(cmd *cobra.Command, a []string) error {
			dir := "adjutant-demo"
			if len(a) > 0 {
				dir = a[0]
			}
			var pass []byte
			if p.pass != "" || p.passFD >= 0 {
				var err error
				if pass, err = p.passphrase("", false); err != nil {
					return err
				}
			}
			pb := p.bar("steps")
			d, err := workbench.Demo(cmd.Context(), p.env, workbench.DemoConfig{Dir: dir, Passphrase: pass, Report: pb.report, NoModel: noModel}, signs)
			pb.done()
			if err != nil {
				return err
			}
			if p.json {
				return p.line(d)
			}
			p.showDemo(d)
			return nil
		},
	}
	c.Flags().BoolVar(&noModel, "no-model", false, "leave the model out")
	return c
}

func (p *program) showDemo(d *workbench.DemoResult) {
	abs := func(path string) string {
		if full, err := filepath.Abs(path); err == nil {
			return full
		}
		return path
	}
	p.say("The sample incident: Kragsund Ferries, an exercise with fictional signers.")
	p.say("")
	p.say("  evidence   %s", d.Evidence.String())
	p.say("  findings   %d in %d groups", d.Findings, d.Groups)
	for _, x := range d.Decisions {
		p.say("  decision   %s", printable(x))
	}
	p.say("")
	p.showNarrative(d.Narrative)
	p.say("")
	p.say("Model: %s", printable(d.Model))
	p.say("")
	p.say("Where it lies:")
	p.say("  case       %s", abs(d.Case))
	p.say("  timeline   %s", abs(d.Timeline))
	names := make([]string, 0, len(d.Papers))
	for n := range d.Papers {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		label := map[string]string{"situation-report": "report", "staff-message": "message", "gdpr-33": "notice"}[n]
		p.say("  %-10s %s", label, abs(d.Papers[n]))
	}
	p.say("  bundle     %s  (check it with: caseverify %s)", abs(d.Bundle), abs(d.Bundle))
	p.say("  evidence   %s", abs(d.Collection))
	p.say("")
	p.say("Head of the record: %s", d.Head)
	if d.Public {
		p.say("Passphrase of the case and of its people: %s  (public, because the case is fictional)", workbench.DemoPassphrase)
	}
	p.say("Open it: adjutant window %s", abs(d.Case))
}
