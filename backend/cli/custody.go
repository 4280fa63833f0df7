package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/workbench"
)

// when reads a time of a flag: RFC 3339; "" is the zero time, which means now.
func when(flag, v string) (time.Time, error) {
	if v == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return t, usage("--%s: give a time such as 2026-03-04T14:30:00Z", flag)
	}
	return t, nil
}

// propose is the run of a command that signs one act.
func (p *program) propose(f func(b *workbench.Bench, args []string) (workbench.ActProposal, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, a []string) error {
		return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
			pr, err := f(b, a[1:])
			if err != nil {
				return err
			}
			return p.signAct(cmd.Context(), b, pr)
		})
	}
}

func (p *program) evidenceTransfer() *cobra.Command {
	var h workbench.Handover
	var at string
	c := &cobra.Command{
		Use: "transfer CASE [SHA256…]", Short: "Hand items over: to a person of the case, who takes over by signing, or to an outside party",
		Long: `Signs the giver's half of a transfer of custody. With --to a person of the case has to take over (evidence take); with
--receiver the items go to somebody without a key here, who signs the printed receipt (evidence receipt). Without hashes all
items are meant; the first six digits of a SHA-256 are enough.`,
		Args: cobra.MinimumNArgs(1),
		RunE: p.propose(func(b *workbench.Bench, a []string) (_ workbench.ActProposal, err error) {
			h.Items = a
			if h.At, err = when("at", at); err != nil {
				return workbench.ActProposal{}, err
			}
			if (h.To == "") == (h.Receiver == "") {
				return workbench.ActProposal{}, usage("give either --to, a person of the case, or --receiver, somebody outside it")
			}
			return b.ProposeHandover(h)
		}),
	}
	f := c.Flags()
	f.StringVar(&h.To, "to", "", "person of the case who is to take over")
	f.StringVar(&h.Receiver, "receiver", "", "name of a receiver outside the case")
	f.StringVar(&h.Organisation, "organisation", "", "the receiver's organisation")
	f.StringVar(&h.Purpose, "purpose", "", "what for")
	f.StringVar(&h.Place, "place", "", "where")
	f.StringVar(&h.Seal, "seal", "", "number of the bag or seal")
	f.StringVar(&h.Condition, "condition", "", "condition of the items and their seal")
	f.StringVar(&at, "at", "", "when, RFC 3339; without it now")
	return c
}

func (p *program) evidenceTake() *cobra.Command {
	t := workbench.Takeover{}
	var at string
	refuse := false
	c := &cobra.Command{
		Use: "take CASE TRANSFER", Short: "Take over items that were handed to you, or refuse them", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (_ workbench.ActProposal, err error) {
			t.Transfer, t.Accepted = a[0], !refuse
			if t.At, err = when("at", at); err != nil {
				return workbench.ActProposal{}, err
			}
			return b.ProposeTakeover(t)
		}),
	}
	f := c.Flags()
	f.BoolVar(&refuse, "refuse", false, "do not take over; --condition says why")
	f.StringVar(&t.Condition, "condition", "", "condition as found")
	f.StringVar(&t.Place, "place", "", "where")
	f.StringVar(&at, "at", "", "when, RFC 3339; without it now")
	return c
}

// transferLine is a transfer as JSON.
type transferLine struct {
	Entry        caserecord.ID `json:"entry"`
	State        string        `json:"state"` // offered, taken, refused, outside
	Items        []string      `json:"items"`
	Giver        string        `json:"giver"`
	Receiver     string        `json:"receiver"`
	Organisation string        `json:"organisation,omitempty"`
	Purpose      string        `json:"purpose"`
	Place        string        `json:"place"`
	At           string        `json:"at"`
}

func (p *program) evidenceTransfers() *cobra.Command {
	return &cobra.Command{
		Use: "transfers CASE", Short: "Transfers of custody and where they stand", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, t := range b.State().Transfers {
					l := transferLine{
						t.Entry, t.Word(), t.Data.Items, t.Name, t.Data.Receiver, t.Data.Organisation, t.Data.Purpose, t.Data.Place, t.Data.At,
					}
					if p.json {
						if err := p.line(l); err != nil {
							return err
						}
						continue
					}
					p.say("%-8s %s  %s  %d items from %s to %s: %s", l.State, l.At, string(l.Entry)[:12], len(l.Items), printable(l.Giver), printable(l.Receiver), printable(l.Purpose))
				}
				return nil
			})
		},
	}
}

func (p *program) evidenceExplain() *cobra.Command {
	var text string
	c := &cobra.Command{
		Use: "explain CASE SHA256 --text TEXT", Short: "Explain why an item is not what was taken in", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeExplanation(a[0], text)
		}),
	}
	c.Flags().StringVar(&text, "text", "", "at least 20 characters")
	return c
}

func (p *program) evidencePurge() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "purge CASE SHA256 --why TEXT", Short: "Delete an item's bytes and rows for good; a signed tombstone stays", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) { return b.ProposePurge(a[0], why) }),
	}
	c.Flags().StringVar(&why, "why", "", "at least 20 characters")
	return c
}

func (p *program) holdCommand() *cobra.Command {
	c := &cobra.Command{Use: "hold", Short: "Legal holds: what must not be deleted"}
	var matter, why string
	place := &cobra.Command{
		Use: "place CASE [SHA256…] --matter NAME --why TEXT", Short: "Forbid deleting the case, or the items named", Args: cobra.MinimumNArgs(1),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeHold(matter, why, a)
		}),
	}
	place.Flags().StringVar(&matter, "matter", "", "matter or file number")
	place.Flags().StringVar(&why, "why", "", "reason")
	release := &cobra.Command{
		Use: "release CASE HOLD --why TEXT", Short: "Lift a hold", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeHoldRelease(a[0], why)
		}),
	}
	release.Flags().StringVar(&why, "why", "", "at least 20 characters")
	list := &cobra.Command{
		Use: "list CASE", Short: "Holds that stand, and those released", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, h := range b.State().Holds {
					state, by := "stands", ""
					if h.Released != nil {
						state, by = "released", h.Released.Name
					}
					if p.json {
						if err := p.line(map[string]any{"hold": h.Entry, "state": state, "matter": h.Data.Matter, "why": h.Data.Why, "items": orNone(h.Data.Items), "by": h.Name, "at": h.Recorded, "released_by": by}); err != nil {
							return err
						}
						continue
					}
					what := "the whole case"
					if n := len(h.Data.Items); n > 0 {
						what = fmt.Sprintf("%d of its items", n)
					}
					p.say("%-8s %s  %s on %s by %s: %s", state, string(h.Entry)[:12], printable(h.Data.Matter), what, printable(h.Name), printable(h.Data.Why))
				}
				return nil
			})
		},
	}
	c.AddCommand(place, release, list)
	return c
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
