package workbench

import (
	"fmt"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
)

// IntakeLimits are the bounds of taking in evidence in this case, and who set them.
type IntakeLimits struct {
	Limits []evidence.Limit
	By     string // "" while the program's own count
	At     time.Time
	Why    string
}

// IntakeLimits lists the bounds that count now.
func (b *Bench) IntakeLimits() IntakeLimits {
	l, set := b.intakeLimits()
	out := IntakeLimits{Limits: l.List()}
	if set != nil {
		out.By, out.At, out.Why = set.Name, set.Recorded, set.Data.Why
	}
	return out
}

// intakeLimits are the limits in force. What another program's version signed and this one does not know counts as unset.
func (b *Bench) intakeLimits() (evidence.Limits, *caserecord.LimitsSetting) {
	set := b.whole().LimitsNow()
	if set == nil {
		return evidence.DefaultLimits(), nil
	}
	l, err := evidence.LimitsOf(set.Data.Limits)
	if err != nil {
		return evidence.DefaultLimits(), nil
	}
	return l, set
}

// ProposeLimits says what setting the bounds of taking in evidence would sign. It is a complete list: what it does not name
// goes back to the program's own. Errors: ErrUsage.
func (b *Bench) ProposeLimits(limits map[string]int64, why string) (ActProposal, error) {
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	l, err := evidence.LimitsOf(limits)
	if err != nil {
		return ActProposal{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	follows := []string{"They count for what is taken in from now on, on every laptop of this case."}
	for _, x := range l.List() {
		if x.Value != x.Usual {
			follows = append(follows, fmt.Sprintf("%s: %d %s instead of %d. The usual bound is there because %s.", x.Name, x.Value, x.Unit, x.Usual, x.Why))
		}
	}
	d := &caserecord.LimitsSetData{Limits: limits, Why: strings.TrimSpace(why)}
	if d.Limits == nil {
		d.Limits = map[string]int64{}
	}
	return b.propose(d, follows...), nil
}
