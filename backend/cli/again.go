package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adjutant/backend/evidence"
	"adjutant/backend/parse/formats"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/workbench"
)

func (p *program) evidenceUndo() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "undo CASE SHA256… --why TEXT", Short: "Take the rows of imports out of the timeline; the evidence stays in custody", Args: cobra.MinimumNArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) { return b.ProposeUndo(a, why) }),
	}
	c.Flags().StringVar(&why, "why", "", "reason")
	return c
}

func (p *program) evidenceAgain() *cobra.Command {
	var a workbench.Again
	var timeColumn, mappingFile string
	c := &cobra.Command{
		Use: "again CASE SHA256 --basis TEXT", Short: "Read evidence in custody again, with other answers, a mapping or another format", Args: cobra.ExactArgs(2),
		Long: `Reads an item again from the case. The answers given are complete: they replace all that were given for it before. Its new
rows take the place of the old ones when they are whole; when it cannot be read so, the old rows stay.

Exit codes: 0 ok, empty or without a parser; 3 partial or failed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.SHA256 = args[1]
			if timeColumn != "" {
				a.Columns = map[string]string{timeColumn: "@timestamp"}
			}
			var err error
			if a.Mapping, err = readMapping(mappingFile); err != nil {
				return err
			}
			var summary evidence.Summary
			err = p.with(cmd.Context(), args[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeAgain(a)
				if err != nil {
					return err
				}
				sign, err := act(b, pr, true)
				if err != nil {
					return err
				}
				pb := p.bar("bytes")
				defer pb.done()
				rc, err := b.ImportAgain(cmd.Context(), sign, a, pb.report)
				if err != nil {
					return err
				}
				summary.Add(rc)
				p.receipt(rc)
				return nil
			})
			if err != nil {
				return err
			}
			return outcome(summary)
		},
	}
	f := c.Flags()
	f.StringVar(&a.Format, "format", "", "word of a format (evidence formats); without it told by the content")
	f.StringVar(&a.Zone, "zone", "", "time zone of local times that do not say theirs")
	f.IntVar(&a.Year, "year", 0, "year of times that do not say theirs")
	f.StringVar(&timeColumn, "time-column", "", "name of the time column of a CSV file")
	f.StringVar(&mappingFile, "mapping", "", "file with a mapping of a table or of JSON")
	f.StringVar(&a.Basis, "basis", "", "what the answers rest on")
	return c
}

func (p *program) evidenceFormats() *cobra.Command {
	return &cobra.Command{
		Use: "formats", Short: "What this program can read", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, f := range formats.All() {
				if p.json {
					if err := p.line(map[string]any{"format": f.Name(), "version": f.Version(), "binary": f.Binary()}); err != nil {
						return err
					}
					continue
				}
				p.say("%-16s version %s", f.Name(), f.Version())
			}
			return nil
		},
	}
}

func (p *program) evidenceExamine() *cobra.Command {
	return &cobra.Command{
		Use: "examine CASE PATH…", Short: "What files would be, from their first bytes; nothing is taken in", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				files, more, err := b.Examine(cmd.Context(), a[1:])
				if err != nil {
					return err
				}
				for _, x := range files {
					if p.json {
						if err := p.line(map[string]any{"path": x.Path, "bytes": x.Bytes, "state": x.State, "format": x.Format, "kind": x.Kind, "needs": orNone(x.Needs), "note": x.Note}); err != nil {
							return err
						}
						continue
					}
					what := x.Format
					if what == "" {
						what = x.Kind
					}
					p.say("%-9s %-24s %12d  %s", x.State, printable(what), x.Bytes, printable(x.Path))
					if len(x.Needs) > 0 {
						p.say("          does not say itself: %s", strings.Join(x.Needs, ", "))
					}
					if x.Note != "" {
						p.say("          %s", printable(x.Note))
					}
				}
				if more > 0 && !p.json {
					p.say("%d more files were not looked at", more)
				}
				return nil
			})
		},
	}
}

func (p *program) evidenceLimits() *cobra.Command {
	var set []string
	var why string
	c := &cobra.Command{
		Use: "limits CASE [--set NAME=VALUE… --why TEXT]", Short: "Bounds of taking in evidence: show them, or set them for this case", Args: cobra.ExactArgs(1),
		Long: `Without --set lists the bounds. With --set signs a new, complete list: bounds that are not named go back to the program's own.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			if len(set) == 0 {
				return p.with(cmd.Context(), a[0], p.listLimits)
			}
			limits := map[string]int64{}
			for _, x := range set {
				name, value, _ := strings.Cut(x, "=")
				n, err := strconv.ParseInt(value, 10, 64)
				if err != nil {
					return fmt.Errorf("%w: %q is not NAME=VALUE with a whole number", workbench.ErrUsage, x)
				}
				limits[name] = n
			}
			return p.propose(func(b *workbench.Bench, _ []string) (workbench.ActProposal, error) {
				return b.ProposeLimits(limits, why)
			})(cmd, a)
		},
	}
	c.Flags().StringArrayVar(&set, "set", nil, "NAME=VALUE, may be repeated")
	c.Flags().StringVar(&why, "why", "", "reason")
	return c
}

func (p *program) listLimits(b *workbench.Bench) error {
	l := b.IntakeLimits()
	for _, x := range l.Limits {
		if p.json {
			if err := p.line(map[string]any{"name": x.Name, "value": x.Value, "usual": x.Usual, "unit": x.Unit, "why": x.Why}); err != nil {
				return err
			}
			continue
		}
		mark := " "
		if x.Value != x.Usual {
			mark = "*"
		}
		p.say("%s %-18s %16d %s (%s)", mark, x.Name, x.Value, x.Unit, x.Why)
	}
	if l.By != "" && !p.json {
		p.say("set by %s: %s", printable(l.By), printable(l.Why))
	}
	return nil
}

func (p *program) mappingCommand() *cobra.Command {
	c := &cobra.Command{Use: "mapping", Short: "Mappings of tables and JSON that are kept in the case"}
	var file string
	save := &cobra.Command{
		Use: "save CASE NAME --mapping FILE", Short: "Keep a mapping under a name", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			text, err := readMapping(file)
			if err != nil {
				return workbench.ActProposal{}, err
			}
			return b.ProposeMapping(a[0], text)
		}),
	}
	save.Flags().StringVar(&file, "mapping", "", "file with the mapping")
	list := &cobra.Command{
		Use: "list CASE", Short: "Mappings kept in the case", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, m := range b.Mappings() {
					if p.json {
						if err := p.line(m); err != nil {
							return err
						}
						continue
					}
					p.say("%s  by %s\n%s", printable(m.Name), printable(m.By), printable(m.Mapping))
				}
				return nil
			})
		},
	}
	c.AddCommand(save, list)
	return c
}

// readMapping reads a mapping from a file and gives its one form; "" for no file.
func readMapping(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%w: %v", workbench.ErrNotFound, err)
	}
	defer f.Close()
	var m mapping.Mapping
	d := json.NewDecoder(io.LimitReader(f, mapping.MaxBytes))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return "", fmt.Errorf("%w: %s is no mapping: %v", workbench.ErrUsage, path, err)
	}
	b, err := m.Bytes()
	if err != nil {
		return "", fmt.Errorf("%w: %s: %v", workbench.ErrUsage, path, err)
	}
	return string(b), nil
}
