package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

func (p *program) caseCommand() *cobra.Command {
	c := &cobra.Command{Use: "case", Short: "Create, list and look at cases"}
	c.AddCommand(p.caseCreate(), p.caseList(), p.caseInfo(), p.caseRebuild(), p.caseDelete(), p.caseSlots(), p.casePassphrase())
	return c
}

func (p *program) caseCreate() *cobra.Command {
	var name, person, tlp, zone, organisation string
	var exercise bool
	c := &cobra.Command{
		Use: "create CASE --name TEXT --person NAME", Short: "A new, empty, encrypted case; you become Incident Commander", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			pass, err := p.passphrase("New passphrase of the case", true)
			if err != nil {
				return err
			}
			key, err := p.keyPassphrase()
			if err != nil {
				return err
			}
			mode := incident.ModeLive
			if exercise {
				mode = incident.ModeExercise
			}
			b, err := workbench.CreateCase(cmd.Context(), p.env, workbench.CaseConfig{
				Dir: a[0], Name: name, Person: person, Passphrase: pass, Key: key, Mode: mode, TLP: incident.TLP(tlp), Zone: zone,
				Organisation: organisation,
			}, signs)
			if err != nil {
				return err
			}
			defer b.Close()
			if p.json {
				return p.line(map[string]any{"case": b.ID(), "dir": b.Dir(), "mode": b.Mode(), "person": b.MyName(), "role": b.Acting()})
			}
			p.say("Case %q created in %s.", name, b.Dir())
			p.say("%s is Incident Commander. There is no way back without the passphrase.", b.MyName())
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&name, "name", "", "name of the case")
	f.StringVar(&person, "person", "", "who opens it")
	f.StringVar(&tlp, "tlp", string(incident.TLPAmber), "sharing limit (TLP 2.0)")
	f.StringVar(&zone, "zone", "UTC", "time zone of the site, an IANA name")
	f.StringVar(&organisation, "organisation", "", "whose incident it is, as papers print it")
	f.BoolVar(&exercise, "exercise", false, "an exercise: says so on every entry and page")
	return c
}

func (p *program) caseList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Cases opened on this device", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all := workbench.RecentCases(p.env)
			for _, r := range all {
				if p.json {
					if err := p.line(map[string]any{"path": r.Path, "mode": r.Mode, "opened": r.Opened}); err != nil {
						return err
					}
					continue
				}
				p.say("%s  %-8s  %s", r.Opened.Format("2006-01-02 15:04Z"), r.Mode, printable(r.Path))
			}
			if len(all) == 0 && !p.json {
				p.say("No case was opened on this device yet. `adjutant demo DIR` makes the sample incident.")
			}
			return nil
		},
	}
}

func (p *program) caseInfo() *cobra.Command {
	return &cobra.Command{
		Use: "info CASE", Short: "What is in a case and how it stands", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				s := b.State()
				events, rows, err := b.Timeline().Count(cmd.Context())
				if err != nil {
					return err
				}
				var severity any
				if c := s.SeverityInForce(); c != nil {
					severity = map[string]any{"level": c.Data.Level, "by": c.Name, "role": c.Data.Role, "at": c.Recorded}
				}
				if p.json {
					return p.line(map[string]any{
						"case": b.ID(), "name": s.Case.Name, "mode": b.Mode(), "tlp": s.Case.TLP, "zone": s.Case.Zone, "entries": s.Entries, "head": s.Head,
						"evidence": len(s.Evidence), "events": events, "rows": rows, "severity": severity, "people": len(s.People), "decisions": len(s.Decisions),
						"documents": len(s.Documents), "refused": len(s.Refused), "conflicts": len(s.Conflicts), "awaiting": len(s.Awaiting),
					})
				}
				p.say("%s (%s, %s)", printable(s.Case.Name), b.Mode(), s.Case.TLP)
				p.say("  record     %d entries, head %s", s.Entries, headCode(s.Head))
				p.say("  evidence   %d items, %d events, %d rows", len(s.Evidence), events, rows)
				if c := s.SeverityInForce(); c != nil {
					p.say("  severity   %s, declared by %s, %s", c.Data.Level, printable(c.Name), c.Data.Role.Title())
				} else if c := s.SeverityAwaiting(); c != nil {
					p.say("  severity   %s, declared by %s, awaits a second person and is not in force", c.Data.Level, printable(c.Name))
				} else {
					p.say("  severity   not declared")
				}
				p.say("  people     %d", len(s.People))
				for _, x := range b.People(false) {
					for _, r := range x.Roles {
						p.sentence("             ", x.Name+": "+r.Role.Title()+", "+r.Words)
					}
				}
				p.say("  decisions  %d, documents %d", len(s.Decisions), len(s.Documents))
				if n := len(s.Refused) + len(s.Conflicts) + len(s.Awaiting); n > 0 {
					p.say("  attention  %d entries set aside, %d conflicts, %d acts await a second person; see `record todo`", len(s.Refused), len(s.Conflicts), len(s.Awaiting))
				}
				return nil
			})
		},
	}
}

func (p *program) caseRebuild() *cobra.Command {
	return &cobra.Command{
		Use: "rebuild CASE", Short: "Make everything derived again from evidence and record, and compare the digest", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pb := p.bar("items")
				r, err := b.Rebuild(cmd.Context(), pb.report)
				pb.done()
				if err != nil {
					return err
				}
				if p.json {
					if err := p.line(map[string]any{"before": r.Before, "after": r.After, "same": r.Before == r.After, "items": r.Items, "absent": r.Absent}); err != nil || r.Before == r.After {
						return err
					}
					return exitCode(exitDamaged)
				}
				p.say("Made again from %d items; %d items are not here.", r.Items, r.Absent)
				if r.Before == r.After {
					p.say("The timeline has the same digest as before: %s", r.After)
					return nil
				}
				p.say("before %s\nafter  %s", r.Before, r.After)
				if r.Absent > 0 {
					p.say("The digest differs because evidence is missing here.")
				}
				return exitCode(exitDamaged)
			})
		},
	}
}

func (p *program) caseDelete() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use: "delete CASE --type-name NAME", Short: "Remove a case for good; its key exists nowhere else", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			b, err := p.open(cmd.Context(), a[0])
			if err != nil {
				return err
			}
			is, held := b.State().Case.Name, b.MayDelete()
			if err := b.Close(); err != nil {
				return err
			}
			if held != nil {
				return held
			}
			if name != is {
				return errors.Join(workbench.ErrUsage, fmt.Errorf("to remove it for good, give its name: --type-name %q", is))
			}
			if err := workbench.DeleteCase(a[0]); err != nil {
				return err
			}
			if p.json {
				return p.line(map[string]any{"removed": a[0]})
			}
			p.say("Removed %s.", a[0])
			return nil
		},
	}
	c.Flags().StringVar(&name, "type-name", "", "the case's name, as a confirmation")
	return c
}
