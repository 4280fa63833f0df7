package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func (p *program) roleCommand() *cobra.Command {
	c := &cobra.Command{Use: "role", Short: "Who holds which role in a case, on what ground, and with which keys"}
	c.AddCommand(p.roleGrant(), p.roleAdmit(), p.roleEnd(), p.roleDelegate(), p.roleSuccession(), p.roleAssume(), p.roleBreakGlass(), p.roleReview(),
		p.roleRevoke(), p.roleList())
	return c
}

// cardFile reads a card; "" gives none. The size is bounded by the reader of cards.
func cardFile(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: card: %v", workbench.ErrNotFound, err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, identity.MaxCardBytes+1))
}

func (p *program) roleGrant() *cobra.Command {
	var g workbench.Grant
	var card, code string
	c := &cobra.Command{
		Use: "grant CASE PERSON ROLE", Short: "Give a person a role; their key is admitted when the case does not know it", Args: cobra.ExactArgs(3),
		Long: `Gives a role from now on or from --from, until --to or until somebody ends it. Times are RFC 3339, local time of the site, or +8h.
A person whose key the case does not know is admitted first: by their key on this device, or by the --card that their own laptop
wrote. --fingerprint is the key's code as the person told it; another code signs nothing.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				raw, err := cardFile(card)
				if err != nil {
					return err
				}
				who := workbench.Newcomer{Card: raw, Who: a[1], Fingerprint: code}
				g.Person, g.Role = a[1], a[2]
				if err := workbench.KnownRole(g.Role); err != nil {
					return err // before anything of it is signed
				}
				needed, err := b.NeedsAdmission(who)
				if err != nil {
					return err
				}
				if needed {
					pr, err := b.ProposeAdmission(who)
					if err == nil {
						err = p.signAct(cmd.Context(), b, pr)
					}
					if err != nil {
						return err
					}
					g.Person = string(pr.Data.(*caserecord.PersonAdmittedData).Person.ID)
				}
				pr, err := b.ProposeGrant(g)
				if err != nil {
					return err
				}
				return p.signAct(cmd.Context(), b, pr)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&card, "card", "", "card that identity export wrote on the person's laptop")
	f.StringVar(&code, "fingerprint", "", "code of the key, as the person told it")
	f.StringVar(&g.From, "from", "", "when the role begins; without it now")
	f.StringVar(&g.To, "to", "", "when it ends; without it when somebody ends it")
	f.StringVar(&g.Scope, "scope", "", "what the role is limited to, in words for people")
	return c
}

func (p *program) roleAdmit() *cobra.Command {
	var code string
	c := &cobra.Command{
		Use: "admit CASE CARD", Short: "Admit the key of a card: somebody new, or another device of somebody known", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			raw, err := cardFile(a[0])
			if err != nil {
				return workbench.ActProposal{}, err
			}
			return b.ProposeAdmission(workbench.Newcomer{Card: raw, Fingerprint: code})
		}),
	}
	c.Flags().StringVar(&code, "fingerprint", "", "code of the key, as the person told it by voice; another code signs nothing")
	return c
}

// why is the flag for a reason that has to be given.
func why(c *cobra.Command, to *string, words string) { c.Flags().StringVar(to, "why", "", words) }

const longReason = "reason, at least 20 characters"

func (p *program) roleEnd() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "end CASE PERSON ROLE --why TEXT", Short: "End a person's role, or lay down your own", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeEnd(a[0], a[1], reason)
		}),
	}
	why(c, &reason, "reason")
	return c
}

func (p *program) roleDelegate() *cobra.Command {
	var l workbench.Delegation
	c := &cobra.Command{
		Use: "delegate CASE PERSON ROLE --to TIME --why TEXT", Short: "Lend a role of your own to somebody until a time", Args: cobra.ExactArgs(3),
		Long: "Lends a role that you hold in your own right, as a whole or for the kinds of entries named with --only. It does not reach who gives and takes roles and keys.",
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			l.Person, l.Role = a[0], a[1]
			return b.ProposeDelegation(l)
		}),
	}
	c.Flags().StringVar(&l.To, "to", "", "when it ends: RFC 3339, local time of the site, or +8h")
	c.Flags().StringSliceVar(&l.Only, "only", nil, "kinds of entries, e.g. decision.made,severity.declared; without it all that can be lent")
	why(c, &l.Why, "reason")
	return c
}

func (p *program) roleSuccession() *cobra.Command {
	return &cobra.Command{
		Use: "succession CASE ROLE [PERSON…]", Short: "Who follows in a role, in which order, when its holders cannot be reached", Args: cobra.MinimumNArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeSuccession(a[0], a[1:])
		}),
	}
}

func (p *program) roleAssume() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "assume CASE ROLE --why TEXT", Short: "Take over a role as its next successor, because everybody before you cannot be reached", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeAssume(a[0], reason)
		}),
	}
	why(c, &reason, "how it was tried to reach them, at least 20 characters")
	return c
}

func (p *program) roleBreakGlass() *cobra.Command {
	var reason string
	var length time.Duration
	c := &cobra.Command{
		Use: "break-glass CASE ROLE --for 4h --why TEXT", Short: "Take a role in an emergency; what is signed under it waits for a review", Args: cobra.ExactArgs(2),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeBreakGlass(a[0], reason, length)
		}),
	}
	why(c, &reason, longReason)
	c.Flags().DurationVar(&length, "for", 4*time.Hour, "how long, at most 12h")
	return c
}

func (p *program) roleReview() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "review CASE ENTRY upheld|not-upheld --why TEXT", Short: "Review a break-glass afterwards", Args: cobra.ExactArgs(3),
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			return b.ProposeReview(a[0], a[1], reason)
		}),
	}
	why(c, &reason, longReason)
	return c
}

func (p *program) roleRevoke() *cobra.Command {
	var reason string
	var mine bool
	c := &cobra.Command{
		Use: "revoke CASE [PERSON] [KEY] --why TEXT", Short: "Revoke a key that was lost or stolen, or whose person has left", Args: cobra.RangeArgs(1, 3),
		Long: `Revokes a key of a person, named by its code; a person with one key needs no code. With --mine it is your own: the one you sign with,
or another one named by its code. Everybody may revoke keys of their own.`,
		RunE: p.propose(func(b *workbench.Bench, a []string) (workbench.ActProposal, error) {
			if mine {
				if len(a) > 1 {
					return workbench.ActProposal{}, usage("with --mine name a key or nothing")
				}
				return b.ProposeRevocation("", arg(a, 0), reason)
			}
			if len(a) == 0 {
				return workbench.ActProposal{}, usage("name the person whose key is revoked, or say --mine")
			}
			return b.ProposeRevocation(a[0], arg(a, 1), reason)
		}),
	}
	why(c, &reason, "reason")
	c.Flags().BoolVar(&mine, "mine", false, "a key of your own")
	return c
}

func (p *program) roleList() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "list CASE", Short: "People with their roles, the grounds of these, and their keys", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				for _, x := range b.People(all) {
					if err := p.showInCase(x); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also roles that ended or have not begun")
	return c
}

func (p *program) showInCase(x workbench.PersonInCase) error {
	if p.json {
		if len(x.Roles) == 0 {
			return p.line(roleLine{PersonID: x.ID, Name: x.Name, Keys: x.Keys})
		}
		for _, r := range x.Roles {
			if err := p.line(roleLine{PersonID: x.ID, Name: x.Name, Keys: x.Keys, RoleInCase: r}); err != nil {
				return err
			}
		}
		return nil
	}
	p.say("%s", printable(x.Name))
	for _, r := range x.Roles {
		p.sentence("  ", r.Role.Title()+": "+r.Words+".")
	}
	if len(x.Roles) == 0 {
		p.say("  no role")
	}
	for _, k := range x.Keys {
		state := "key " + k.Fingerprint
		if k.Revoked != "" {
			state += ", revoked " + k.Revoked
		}
		p.sentence("  ", state)
	}
	return nil
}

// roleLine is a role as JSON: its fields, the person, and the person's keys.
type roleLine struct {
	PersonID caserecord.PersonID `json:"person"`
	Name     string              `json:"name"`
	workbench.RoleInCase
	Keys []workbench.KeyInCase `json:"keys"`
}

// joined is a list of ids for people.
func joined[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return strings.Join(out, ", ")
}
