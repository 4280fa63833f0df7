package workbench

import (
	"fmt"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
)

// ProposeRelease says what signing that an approved paper is handed over would mean. ErrGate when its present text is not
// approved, or when the approval still awaits a second person. The program sends nothing.
func (b *Bench) ProposeRelease(id, channel, to string) (ActProposal, error) {
	d := b.State().Document(id)
	if d == nil {
		return ActProposal{}, fmt.Errorf("%w: document %q", ErrNotFound, id)
	}
	channel, to = strings.TrimSpace(channel), strings.TrimSpace(to)
	if err := filled(map[string]string{"the channel": channel, "the receiver": to}); err != nil {
		return ActProposal{}, err
	}
	title := d.Draft.Data.Title
	p, err := b.paperOf(d)
	switch {
	case err != nil:
		return ActProposal{}, err
	case p.State == PaperElsewhere:
		return ActProposal{}, fmt.Errorf("%w: the text of “%s” is not on this laptop; it is released where it can be read", ErrGate, title)
	case p.State == PaperAwaiting:
		return ActProposal{}, fmt.Errorf("%w: the approval of “%s” awaits a second person", ErrGate, title)
	case p.State != PaperApproved:
		return ActProposal{}, fmt.Errorf("%w: the present text of “%s” is not approved", ErrGate, title)
	}
	x := &caserecord.DocumentReleasedData{Document: id, Channel: channel, To: to, Role: b.Acting()}
	return b.propose(x, decision.Released(title, channel, to, b.second(x))...), nil
}
