package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func (p *program) mergeCommand() *cobra.Command {
	var preview, keepGoing bool
	var otherPass string
	c := &cobra.Command{
		Use: "merge CASE OTHER", Short: "Join another copy of the case: its entries, its evidence; conflicts go to a person",
		Long: `OTHER is a folder with another copy of the same case, the folder of a plain export, or a parcel. It is only read. Every entry in it is
checked with its signature before anything is taken in. When both copies have something new, merging signs that the other one
was taken in; when only OTHER has, nothing is signed and both end with the same head. Rows are made again here; nothing that
is derived is taken over.

With --json the preview is one object: from, kind, signs, fast_forward, nothing, blocked, entries, kinds, authors, stories,
bodies, withheld, lacking, people, evidence, evidence_new, evidence_bytes, evidence_away, rows, set_aside, conflicts, settled,
equivocations, gaps, clocks, problems, problem_count, head; the result is: from, entries, bodies, evidence, elsewhere, rows,
stale, signed, head, head_code, conflicts, left_out.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				r := workbench.MergeRequest{Path: a[1], KeepGoing: keepGoing}
				var err error
				if r.Passphrase, err = p.otherPassphrase(r.Path, otherPass); err != nil {
					return err
				}
				return p.merge(cmd.Context(), b, r, preview)
			})
		},
	}
	f := c.Flags()
	f.BoolVar(&preview, "preview", false, "say what merging would bring, and change nothing")
	f.BoolVar(&keepGoing, "keep-going", false, "take in what is sound of a damaged or incomplete copy; the rest is named")
	f.StringVar(&otherPass, "other-passphrase-file", "", "file with the passphrase of OTHER, a case folder or a parcel; without it the same as the case's")
	return c
}

func (p *program) otherPassphrase(path, file string) ([]byte, error) {
	switch {
	case file != "":
		return passphraseFile(file)
	case !workbench.NeedsPassphrase(path):
		return nil, nil
	case p.pass != "":
		return passphraseFile(p.pass)
	}
	return p.ask("Passphrase of the other copy", false)
}

func (p *program) merge(ctx context.Context, b *workbench.Bench, r workbench.MergeRequest, preview bool) error {
	pb := p.bar("")
	defer pb.done()
	m, err := b.OpenMerge(ctx, r, pb.report)
	if err != nil {
		return p.damaged(err)
	}
	defer m.Close()
	v := m.Preview()
	if preview {
		pb.done()
		if p.json {
			return p.line(v)
		}
		p.showMerge(v)
		return nil
	}
	var a identity.Act
	if v.Signs {
		if a, err = act(b, v.Proposal, false); err != nil {
			return err
		}
	}
	done, err := m.Run(ctx, a, pb.report)
	pb.done()
	if err != nil {
		return p.damaged(err)
	}
	if p.json {
		return p.line(struct {
			workbench.Merged
			HeadCode string `json:"head_code"`
		}{done, headCode(done.Head)})
	}
	p.showMerged(done)
	return nil
}

// damaged lists what is wrong with a copy before the error says that nothing was taken in.
func (p *program) damaged(err error) error {
	var d *workbench.CopyDamage
	if errors.As(err, &d) {
		for _, x := range d.Problems {
			p.problem(x)
		}
	}
	return err
}

func (p *program) problem(x caserecord.Problem) {
	fmt.Fprintf(p.err, "  %s %s %s\n", x.Code, shortID(x.Entry), printable(x.Text))
}

func shortID(id string) string { return id[:min(12, len(id))] }

func (p *program) showMerge(v *workbench.MergePreview) {
	switch {
	case v.Nothing:
		p.say("%s has nothing that is not here.", printable(v.From))
	default:
		p.say("%s: %s new here, %d here that it has not.", printable(v.From), plural(v.Entries, "entry", "entries"), v.Lacking)
	}
	for _, k := range v.Kinds {
		p.say("  %6d  %s", k.Count, k.ID)
	}
	for _, x := range v.Authors {
		p.say("  %6d  by %s", x.Count, printable(x.Name))
	}
	for _, x := range v.Stories {
		p.sentence("  "+x.Recorded.Format("2006-01-02 15:04:05Z")+"  ", x.Story)
	}
	if n := v.Entries - len(v.Stories); n > 0 {
		p.say("  and %d more", n)
	}
	if v.Bodies > 0 {
		p.say("The words of %s come along that were withheld here.", plural(v.Bodies, "entry", "entries"))
	}
	if v.Withheld > 0 {
		p.say("The words of %s are not in the copy.", plural(v.Withheld, "new entry", "new entries"))
	}
	for _, x := range v.People {
		what := "another key of"
		if x.New {
			what = "new:"
		}
		p.say("  %s %s, key %s", what, printable(x.Name), x.Key)
	}
	for _, x := range v.Evidence {
		state := "comes along"
		if x.State == workbench.ItemElsewhere {
			state = "source not here"
		}
		p.say("  evidence %s  %s, %d bytes: %s", x.SHA256[:12], printable(x.Path), x.Bytes, state)
	}
	if v.Rows > 0 {
		p.say("Rows of %s will be made.", plural(v.Rows, "item", "items"))
	}
	for _, c := range v.Conflicts {
		p.showConflict(c)
	}
	for _, x := range v.SetAside {
		p.showSetAside(x)
	}
	for _, list := range [][]caserecord.Problem{v.Equivocations, v.Gaps, v.Clocks} {
		for _, x := range list {
			p.say("  %s %s %s", x.Code, shortID(x.Entry), printable(x.Text))
		}
	}
	for _, c := range v.Consequences {
		p.sentence("- ", c)
	}
	if v.Refused != nil {
		p.sentence("! ", workbench.Explain(v.Refused).Sentence)
	}
	if v.Blocked {
		p.say("! The copy is damaged or incomplete; as it is nothing will be taken in:")
		for _, x := range v.Problems {
			p.say("  %s %s %s", x.Code, shortID(x.Entry), printable(x.Text))
		}
	}
}

func (p *program) showMerged(m workbench.Merged) {
	p.say("Took in %s from %s. The head is %s.", plural(m.Entries, "entry", "entries"), printable(m.From), headCode(m.Head))
	if m.Bodies > 0 {
		p.say("  The words of %s came along that were withheld here.", plural(m.Bodies, "entry", "entries"))
	}
	if m.Evidence > 0 {
		p.say("  %s came along, hashed again.", plural(m.Evidence, "evidence item", "evidence items"))
	}
	if m.Rows > 0 {
		p.say("  Rows of %s were made.", plural(m.Rows, "item", "items"))
	}
	if m.Stale > 0 {
		p.say("  Rows of %s still follow an earlier answer: the source is not here.", plural(m.Stale, "item", "items"))
	}
	if m.Elsewhere > 0 {
		p.say("  %s stayed elsewhere; what cites them keeps its text.", plural(m.Elsewhere, "evidence item", "evidence items"))
	}
	if m.Signed != "" {
		p.say("  Signed as entry %s.", m.Signed[:12])
	} else {
		p.say("  Nothing was signed: only one of the two copies had something new.")
	}
	if m.Conflicts > 0 {
		p.say("  %s for a person to settle: `adjutant record conflicts`.", plural(m.Conflicts, "conflict", "conflicts"))
	}
	for _, x := range m.LeftOut {
		p.problem(x)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (p *program) recordConflicts() *cobra.Command {
	return &cobra.Command{
		Use: "conflicts CASE", Short: "What two people set without having seen each other, and nobody has settled", Args: cobra.ExactArgs(1),
		Long: "With --json a line each: {field, title, answers: [{entry, name, role, recorded, says, shown}]}; shown is the answer that stands until a person settles it.",
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				all := b.Conflicts()
				if len(all) == 0 && !p.json {
					p.say("No conflict is open.")
				}
				for _, c := range all {
					if p.json {
						if err := p.line(c); err != nil {
							return err
						}
						continue
					}
					p.showConflict(c)
					p.say("  settle it: adjutant record resolve %s %s ENTRY --reason-code C --reason TEXT", a[0], quoted(c.Field))
				}
				return nil
			})
		},
	}
}

func quoted(field string) string {
	if strings.ContainsAny(field, " *") {
		return "'" + field + "'"
	}
	return field
}

func (p *program) showConflict(c workbench.Conflict) {
	p.sentence("conflict: ", c.Title)
	for _, x := range c.Answers {
		mark := "  "
		if x.Shown {
			mark = "> "
		}
		p.say("  %s%s  %s  %s", mark, x.Entry[:12], x.Recorded.Format("2006-01-02 15:04:05Z"), printable(x.Says))
	}
}

func (p *program) recordResolve() *cobra.Command {
	var code, reason string
	c := &cobra.Command{
		Use: "resolve CASE FIELD ENTRY --reason-code C --reason TEXT", Short: "Settle a conflict in favour of one answer; both stay in the record", Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				pr, err := b.ProposeResolution(a[1], a[2], code, reason)
				if err != nil {
					return err
				}
				return p.signAct(cmd.Context(), b, pr)
			})
		},
	}
	c.Flags().StringVar(&code, "reason-code", "", "code of the reason (decide reasons lists them)")
	c.Flags().StringVar(&reason, "reason", "", "at least 20 characters")
	return c
}

func (p *program) recordRefused() *cobra.Command {
	return &cobra.Command{
		Use: "refused CASE", Short: "Entries that are set aside: kept, and without effect", Args: cobra.ExactArgs(1),
		Long: "With --json a line each: {entry, kind, name, recorded, code, why, story, admissible}.",
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, x := range b.RefusedEntries() {
					if p.json {
						if err := p.line(x); err != nil {
							return err
						}
						continue
					}
					p.showSetAside(x)
				}
				return nil
			})
		},
	}
}

func (p *program) showSetAside(x workbench.SetAside) {
	p.say("set aside (%s): %s  %s  %s", x.Code, x.Entry[:12], x.Recorded.Format("2006-01-02 15:04:05Z"), printable(x.Story))
	if x.Admissible {
		p.say("  an authority holder may admit it")
	}
}
