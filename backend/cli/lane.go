package cli

import (
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

func (p *program) laneCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "lane", Short: "Privileged lanes: circles around legal counsel, sealed words, marks and walls",
		Long: `A lane is a circle of people around legal counsel. Counsel opens it, names its members and marks what belongs to it;
members write words that only members can decrypt.

` + workbench.WallsLimit,
	}
	c.AddCommand(p.laneOpen(), p.laneMembers(), p.laneNote(), p.laneRead(), p.laneShare(), p.laneMark(), p.laneLift(), p.laneModel(), p.laneList(), p.laneLog())
	return c
}

func (p *program) laneOpen() *cobra.Command {
	var o workbench.LaneOpening
	c := &cobra.Command{
		Use: "open CASE --name NAME --direction TEXT --member NAME…", Short: "Open a lane; whoever opens it is a member", Args: cobra.ExactArgs(1),
		RunE: p.propose(func(b *workbench.Bench, _ []string) (workbench.ActProposal, error) { return b.ProposeLane(o) }),
	}
	f := c.Flags()
	f.StringVar(&o.Name, "name", "", "name of the lane, in plain in the record")
	f.StringVar(&o.Matter, "matter", "", "matter or file number")
	f.StringVar(&o.Direction, "direction", "", "at whose direction, for what")
	f.StringArrayVar(&o.Members, "member", nil, "person of the case; may be repeated")
	return c
}

func (p *program) laneMembers() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "members CASE LANE NAME… --why TEXT", Short: "Set the members of a lane anew", Args: cobra.MinimumNArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeLaneMembers(a[0], a[1:], why)
		}),
	}
	c.Flags().StringVar(&why, "why", "", "reason")
	return c
}

func (p *program) laneNote() *cobra.Command {
	var n workbench.LaneNote
	c := &cobra.Command{
		Use: "note CASE LANE --track fact|advice --text TEXT", Short: "Write words that only the members of the lane can decrypt", Args: cobra.ExactArgs(2),
		Long: `Seals words to every key of every member that may sign now. The record shows who wrote, when, on which track and for how
many keys. --text - reads the words from standard input: what stands in a command line can be seen in the list of
processes and stays in the shell's history.`,
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			n.Lane = a[0]
			if n.Text == "-" {
				raw, err := io.ReadAll(io.LimitReader(p.in, workbench.MaxDraft+1))
				if err != nil {
					return workbench.ActProposal{}, err
				}
				n.Text = strings.TrimRight(string(raw), "\r\n")
			}
			return b.ProposeLaneNote(n)
		}),
	}
	f := c.Flags()
	f.StringVar(&n.Track, "track", "", "fact or advice")
	f.StringVar(&n.About, "about", "", "what it is about: a row, an item, an entry; sealed too")
	f.StringVar(&n.Text, "text", "", "the words, or - for standard input")
	return c
}

// laneWordLine is sealed words as JSON.
type laneWordLine struct {
	Entry    caserecord.ID    `json:"entry"`
	Recorded time.Time        `json:"recorded"`
	Author   string           `json:"author"`
	Track    caserecord.Track `json:"track"`
	Keys     int              `json:"keys"`
	To       []string         `json:"to"`
	Open     bool             `json:"open"`
	About    string           `json:"about,omitempty"`
	Text     string           `json:"text,omitempty"`
	Why      string           `json:"why,omitempty"`
}

func (p *program) laneRead() *cobra.Command {
	return &cobra.Command{
		Use: "read CASE LANE", Short: "Decrypt the words of a lane that are sealed to your key", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				all, err := b.LaneWords(a[1])
				if err != nil {
					return err
				}
				for _, w := range all {
					if p.json {
						if err := p.line(laneWordLine(w)); err != nil {
							return err
						}
						continue
					}
					p.say("%s  %.12s  %s, %s, sealed for %d keys (%s)", w.Recorded.UTC().Format(time.RFC3339), w.Entry, printable(w.Author), w.Track, w.Keys, printable(strings.Join(w.To, ", ")))
					if !w.Open {
						p.say("  %s", w.Why)
						continue
					}
					if w.About != "" {
						p.say("  about %s", printable(w.About))
					}
					for _, line := range strings.Split(w.Text, "\n") {
						p.say("  %s", printable(line))
					}
				}
				return nil
			})
		},
	}
}

func (p *program) laneShare() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "share CASE LANE ENTRY --to NAME", Short: "Pass earlier words on to a member whose key came later", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeLaneShare(a[0], a[1], to)
		}),
	}
	c.Flags().StringVar(&to, "to", "", "member of the lane")
	return c
}

func (p *program) laneMark() *cobra.Command {
	var r workbench.MarkRequest
	c := &cobra.Command{
		Use: "mark CASE entry|evidence|document REF --lane LANE --track fact|advice --basis TEXT", Short: "Mark something as belonging to a lane: hidden from others, left out of copies",
		Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			r.Of, r.Ref = a[0], a[1]
			return b.ProposeMark(r)
		}),
	}
	f := c.Flags()
	f.StringVar(&r.Lane, "lane", "", "name or id of the lane")
	f.StringVar(&r.Track, "track", "", "fact or advice")
	f.StringVar(&r.Basis, "basis", "", "what the mark rests on; it stands in the privilege log")
	return c
}

func (p *program) laneLift() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "lift CASE entry|evidence|document REF --why TEXT", Short: "Take a mark off again", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeLift(a[0], a[1], why)
		}),
	}
	c.Flags().StringVar(&why, "why", "", "at least 20 characters")
	return c
}

func (p *program) laneModel() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "model CASE LANE on|off --why TEXT", Short: "Let the language model read evidence marked for a lane, or forbid it (the default)", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			if a[1] != "on" && a[1] != "off" {
				return workbench.ActProposal{}, usage("say on or off")
			}
			return b.ProposeLaneModel(a[0], a[1] == "on", why)
		}),
	}
	c.Flags().StringVar(&why, "why", "", "reason")
	return c
}

// laneLine is a lane as JSON.
type laneLine struct {
	Lane      string         `json:"lane"`
	Name      string         `json:"name"`
	Matter    string         `json:"matter"`
	Direction string         `json:"direction"`
	Members   []string       `json:"members"`
	Mine      bool           `json:"mine"`
	Model     bool           `json:"model"`
	Words     int            `json:"words"`
	By        string         `json:"by"`
	At        time.Time      `json:"at"`
	Marks     []laneMarkLine `json:"marks"`
}

type laneMarkLine struct {
	Entry caserecord.ID     `json:"entry"`
	Of    caserecord.MarkOf `json:"of"`
	Ref   string            `json:"ref"`
	Track caserecord.Track  `json:"track"`
	Basis string            `json:"basis"`
	By    string            `json:"by"`
	At    time.Time         `json:"at"`
}

func (p *program) laneList() *cobra.Command {
	return &cobra.Command{
		Use: "list CASE", Short: "Lanes with their members and marks", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, l := range b.Lanes() {
					x := laneLine{Lane: l.ID, Name: l.Name, Matter: l.Matter, Direction: l.Direction, Members: l.Members, Mine: l.Mine, Model: l.Model, Words: l.Words, By: l.By, At: l.At, Marks: []laneMarkLine{}}
					for _, m := range l.Marks {
						x.Marks = append(x.Marks, laneMarkLine{m.Entry, m.Data.Of, m.Data.Ref, m.Data.Track, m.Data.Basis, m.Name, m.Recorded})
					}
					if p.json {
						if err := p.line(x); err != nil {
							return err
						}
						continue
					}
					p.say("%.12s  %s (%s): %s; %d sealed notes", x.Lane, printable(x.Name), printable(x.Matter), printable(strings.Join(x.Members, ", ")), x.Words)
					for _, m := range x.Marks {
						p.say("  %-8s %.12s  %-6s %s", m.Of, m.Ref, m.Track, printable(m.Basis))
					}
				}
				return nil
			})
		},
	}
}

// logLine is a line of the privilege log as JSON.
type logLine struct {
	Entry      caserecord.ID    `json:"entry"`
	Kind       caserecord.Kind  `json:"kind"`
	Recorded   time.Time        `json:"recorded"`
	Author     string           `json:"author"`
	Lane       string           `json:"lane"`
	Matter     string           `json:"matter"`
	Track      caserecord.Track `json:"track"`
	Basis      string           `json:"basis"`
	Recipients []string         `json:"recipients"`
}

func (p *program) laneLog() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "log CASE [--pdf FILE]", Short: "The privilege log: what copies of the case leave out unless counsel lets it out", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if err := free(out); err != nil {
				return err
			}
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				if out != "" {
					raw, err := b.PrivilegePaper()
					if err != nil {
						return err
					}
					return workbench.WritePaper(out, raw)
				}
				for _, l := range b.PrivilegeLog() {
					l.Recipients = orNone(l.Recipients)
					if p.json {
						if err := p.line(logLine(l)); err != nil {
							return err
						}
						continue
					}
					p.say("%.12s  %s  %-18s %s  %s, %s: %s", l.Entry, l.Recorded.UTC().Format(time.RFC3339), l.Kind, printable(l.Author), printable(l.Lane), l.Track, printable(l.Basis))
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&out, "pdf", "", "write it as a paper instead")
	return c
}
