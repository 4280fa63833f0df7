package workbench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/identity"
)

// ClockTolerance is how far a declared moment may lie ahead of this laptop's clock, which is not trusted to the minute.
const ClockTolerance = 10 * time.Minute

// Clocks computes the duties' clocks from the declared triggers and recorded submissions, as of now.
func (b *Bench) Clocks() []deadline.Clock { return b.clocksOf(b.State(), b.Now()) }

func (b *Bench) clocksOf(s *caserecord.State, now time.Time) []deadline.Clock {
	var regimes []deadline.Regime
	for _, id := range deadline.DefaultRegimes {
		if r, ok := deadline.Find(id); ok {
			regimes = append(regimes, *r)
		}
	}
	var triggers []deadline.Trigger
	for _, x := range s.Triggers {
		t := s.TriggerInForce(x.Anchor)
		if t == nil {
			continue // the declaration awaits a second person: no clock runs from it yet
		}
		triggers = append(triggers, deadline.Trigger{
			Anchor: x.Anchor, At: t.At, TZ: t.Data.TZ, By: t.Name, Role: t.Data.Role.Title(), Recorded: t.Recorded, Basis: t.Data.Basis, Entry: string(t.Entry),
		})
	}
	var subs []deadline.Submission
	for _, x := range s.SubmissionsInForce() {
		tz := "UTC"
		if len(triggers) > 0 {
			tz = triggers[0].TZ
		}
		subs = append(subs, deadline.Submission{
			Regime: x.Data.Regime, Stage: x.Data.Stage, At: x.At, TZ: tz, By: x.Name, Role: x.Data.Role.Title(), Proof: x.Data.Proof, Entry: string(x.Entry),
		})
	}
	return deadline.Clocks(regimes, triggers, subs, now)
}

// TriggerRequest declares the moment of an anchor.
type TriggerRequest struct {
	Anchor string `json:"anchor"`
	At     string `json:"at"` // RFC 3339, or local time in TZ
	TZ     string `json:"tz"` // IANA name; "" means the site's zone
	Basis  string `json:"basis"`
}

// ProposeTrigger checks a declaration and says what it would sign.
func (b *Bench) ProposeTrigger(r TriggerRequest) (Proposal, *caserecord.TriggerDeclaredData, error) {
	if r.TZ == "" {
		r.TZ = b.State().Case.Zone
	}
	if !deadline.KnownAnchor(r.Anchor) {
		return Proposal{}, nil, fmt.Errorf("%w: unknown anchor %q; `deadline regimes` lists them", ErrUsage, r.Anchor)
	}
	at, err := deadline.ParseTime(r.At, r.TZ)
	if err != nil {
		return Proposal{}, nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if len([]rune(strings.TrimSpace(r.Basis))) < caserecord.MinReason {
		return Proposal{}, nil, fmt.Errorf("%w: say in at least %d characters what the declaration rests on", ErrUsage, caserecord.MinReason)
	}
	t := deadline.Trigger{Anchor: r.Anchor, At: at, TZ: r.TZ, Basis: r.Basis}
	if err := deadline.CheckTrigger(t, b.Now(), ClockTolerance); err != nil {
		return Proposal{}, nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	loc, err := time.LoadLocation(r.TZ)
	if err != nil {
		return Proposal{}, nil, fmt.Errorf("%w: unknown time zone %q", ErrUsage, r.TZ)
	}
	d := &caserecord.TriggerDeclaredData{Anchor: r.Anchor, At: at.In(loc).Format(time.RFC3339), TZ: r.TZ, Basis: strings.TrimSpace(r.Basis), Role: b.Acting()}
	return Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, d, nil
}

// DeclareTrigger signs a declaration. Clocks are computed from it.
func (b *Bench) DeclareTrigger(ctx context.Context, act identity.Act, r TriggerRequest) (caserecord.Entry, error) {
	_, d, err := b.ProposeTrigger(r)
	if err != nil {
		return caserecord.Entry{}, err
	}
	if err := agreed(act, ShownOf(d)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

// ProposeSubmitted checks the report of a submission and says what it would sign.
func (b *Bench) ProposeSubmitted(clock, at, proof string) (Proposal, error) {
	d, err := b.submission(clock, at, proof)
	if err != nil {
		return Proposal{}, err
	}
	return Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}, nil
}

// Submitted records that a stage was submitted, with proof. The stages that count from it start.
func (b *Bench) Submitted(ctx context.Context, act identity.Act, clock, at, proof string) (caserecord.Entry, error) {
	d, err := b.submission(clock, at, proof)
	if err != nil {
		return caserecord.Entry{}, err
	}
	if err := agreed(act, ShownOf(d)); err != nil {
		return caserecord.Entry{}, err
	}
	return b.append(ctx, act, d)
}

func (b *Bench) submission(clock, at, proof string) (*caserecord.TriggerSubmittedData, error) {
	regime, stage, ok := strings.Cut(clock, "/")
	if !ok {
		return nil, fmt.Errorf("%w: a clock is named regime/stage", ErrUsage)
	}
	r, known := deadline.Find(regime)
	if !known || r.Stage(stage) == nil {
		return nil, fmt.Errorf("%w: no stage %q", ErrNotFound, clock)
	}
	when, err := deadline.ParseTime(at, b.State().Case.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if when.After(b.Now().Add(ClockTolerance)) {
		return nil, fmt.Errorf("%w: a submission cannot lie in the future: %s", ErrUsage, moment(when))
	}
	if proof = strings.TrimSpace(proof); proof == "" {
		return nil, fmt.Errorf("%w: say what proves the submission, e.g. a reference number", ErrUsage)
	}
	return &caserecord.TriggerSubmittedData{Regime: regime, Stage: stage, At: when.UTC().Format(time.RFC3339), Proof: proof, Role: b.Acting()}, nil
}
