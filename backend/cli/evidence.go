package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func (p *program) evidenceCommand() *cobra.Command {
	c := &cobra.Command{Use: "evidence", Short: "Take in evidence and look at its receipts"}
	c.AddCommand(p.evidenceAdd(), p.evidenceList(), p.evidenceVerify(), p.evidenceUndo(), p.evidenceAgain(), p.evidenceFormats(), p.mappingCommand(), p.evidenceLimits(), p.evidenceExamine(),
		p.evidenceTransfer(), p.evidenceTake(), p.evidenceTransfers(), p.evidenceExplain(), p.evidencePurge(), p.evidenceReceipt())
	return c
}

func (p *program) evidenceAdd() *cobra.Command {
	var r workbench.IntakeRequest
	var keep, timeColumn, mappingFile string
	var mark workbench.LaneMark
	c := &cobra.Command{
		Use:   "add CASE PATH…",
		Short: "Hash, seal, parse and index files, folders and zip archives; originals are only read",
		Long: `Takes in files, folders and zip archives. Each item is hashed and sealed into the case (or referenced, see --keep),
its type is told by its content, and a signed receipt says what was read, parsed and skipped, and why.

With --lane legal counsel marks each item for a privileged lane as soon as it is in custody; this signs marks beside the receipts.

Exit codes: 0 all items are ok, empty, duplicate or without a parser; 3 some are partial or failed; 1 nothing was taken in.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			r.Paths, r.Keep = a[1:], evidence.Keep(keep)
			if timeColumn != "" {
				r.Columns = map[string]string{timeColumn: "@timestamp"}
			}
			var err error
			if r.Mapping, err = readMapping(mappingFile); err != nil {
				return err
			}
			for _, path := range r.Paths {
				if _, err := os.Lstat(path); err != nil {
					return fmt.Errorf("%w: %v", workbench.ErrNotFound, err)
				}
			}
			var summary evidence.Summary
			err = p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeIntake(r)
				if err != nil {
					return err
				}
				sign, err := act(b, pr, true)
				if err != nil {
					return err
				}
				told := func(rc evidence.Receipt) { p.receipt(rc) }
				pb := p.bar("bytes")
				defer pb.done()
				if mark == (workbench.LaneMark{}) {
					summary, err = b.AddEvidence(cmd.Context(), sign, r, told, pb.report)
					return err
				}
				confirmed := func(pr workbench.Proposal) (identity.Act, error) { return act(b, pr, false) }
				summary, err = b.AddEvidenceInLane(cmd.Context(), sign, r, mark, confirmed, told, pb.report)
				return err
			})
			if err != nil {
				return err
			}
			if !p.json {
				p.say("%s", summary.String())
			}
			return outcome(summary)
		},
	}
	f := c.Flags()
	f.StringVar(&keep, "keep", "auto", "sealed (copied into the case), referenced (stays where it is), auto (sealed below 4 GiB)")
	f.StringVar(&r.Zone, "zone", "", "time zone of local times that do not say theirs, e.g. Europe/Copenhagen; without it UTC, and the receipt says so")
	f.IntVar(&r.Year, "year", 0, "year of times that do not say theirs; without it from the file's date")
	f.StringVar(&timeColumn, "time-column", "", "name of the time column of a CSV file")
	f.StringVar(&mappingFile, "mapping", "", "file with a mapping of a table or of JSON (evidence mapping show)")
	f.StringVar(&r.Acquired, "acquired", "", "when it was copied off its source, e.g. 2026-03-14T09:30:00+01:00")
	f.StringVar(&r.ClockZone, "acquired-zone", "", "zone of the clock that --acquired was read from")
	f.StringVar(&r.Why, "why", "", "why it is taken in")
	f.StringVar(&r.Custodian, "custodian", "", "who had it before")
	f.StringVar(&r.Source, "source", "", "host or place it comes from")
	f.StringVar(&mark.Lane, "lane", "", "mark everything for this privileged lane; legal counsel only")
	f.StringVar(&mark.Track, "track", "", "with --lane: fact or advice")
	f.StringVar(&mark.Basis, "basis", "", "with --lane: what the mark rests on")
	return c
}

func (p *program) receipt(rc evidence.Receipt) {
	if p.json {
		b, err := json.Marshal(rc)
		if err == nil {
			fmt.Fprintf(p.out, "%s\n", b)
		}
		return
	}
	format := rc.Format
	if format == "" {
		format = "-"
	}
	p.say("%-11s %-7s %9d read %9d parsed  %s", rc.Status, format, rc.Read, rc.Parsed, printable(rc.Path))
	for _, s := range rc.Skipped {
		p.say("            %d skipped: %s", s.Count, printable(s.Reason))
	}
	if rc.Note != "" {
		p.say("            %s", printable(rc.Note))
	}
}

func (p *program) evidenceList() *cobra.Command {
	return &cobra.Command{
		Use: "list CASE", Short: "Items with hash, custody and receipt", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, it := range b.EvidenceItems() {
					if p.json {
						if err := p.line(it); err != nil {
							return err
						}
						continue
					}
					p.say("%-11s %-7s %9d of %-9d %s  %s", it.Status, it.Format, it.Parsed, it.Read, it.SHA256[:12], printable(it.Path))
					if it.Undone != "" {
						p.say("            %s", printable(it.Undone))
					}
					for _, x := range it.Absent {
						p.say("            expected and not there: %s", printable(x))
					}
				}
				return nil
			})
		},
	}
}

func (p *program) evidenceVerify() *cobra.Command {
	unsigned := false
	c := &cobra.Command{
		Use: "verify CASE", Short: "Hash every item again, compare with the record, and sign what was found", Args: cobra.ExactArgs(1),
		Long: `Hashes every item again. The result is signed into the record: an item that is not what was taken in keeps copies of the
case from leaving until somebody explains it (evidence explain). Exit code 5 when an item is altered or lost.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			bad := 0
			err := p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				var sign identity.Act
				if !unsigned {
					var err error
					if sign, err = act(b, b.ProposeCheck(), true); err != nil {
						return err
					}
				}
				pb := p.bar("items")
				defer pb.done()
				return b.VerifyEvidence(cmd.Context(), sign, func(v workbench.EvidenceCheck) error {
					if v.Damage {
						bad++
					}
					if p.json {
						return p.line(v)
					}
					p.say("%-8s %s  %s", v.State, v.SHA256[:12], printable(v.Path))
					if v.Text != "" {
						p.say("         %s", printable(v.Text))
					}
					return nil
				}, pb.report)
			})
			if err != nil {
				return err
			}
			if bad > 0 {
				return exitCode(exitDamaged)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&unsigned, "unsigned", false, "only look: sign nothing")
	return c
}
