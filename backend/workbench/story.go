package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"adjutant/backend/caserecord"
)

// Told is an entry as a sentence.
type Told struct {
	ID       string    `json:"entry"`
	Kind     string    `json:"kind"`
	Story    string    `json:"story"`
	Author   string    `json:"author"`
	Name     string    `json:"name"`
	Role     string    `json:"role,omitempty"`
	Seq      uint64    `json:"seq"`
	Recorded time.Time `json:"recorded"`
	Refused  string    `json:"refused,omitempty"`
	Withheld bool      `json:"withheld"`
	Lane     string    `json:"lane,omitempty"` // its words, or some of them, are behind the wall of this lane
	Data     string    `json:"-"`
	Line     string    `json:"-"`
}

// Stories tells the whole record in causal order.
func (b *Bench) Stories() []Told {
	x := b.look()
	s, entries := x.state, x.entries
	if entries == nil {
		entries = b.wholeEntries()
	}
	refused := map[caserecord.ID]string{}
	for _, r := range s.Refused {
		refused[r.Entry] = r.Text
	}
	var out []Told
	for _, e := range entries {
		t := x.tell(e)
		t.Refused = refused[e.ID]
		out = append(out, t)
	}
	return out
}

// tell tells one entry, as far as whoever looks may know it.
func (x sight) tell(e caserecord.Entry) Told {
	t := Told{
		ID: string(e.ID), Kind: string(e.Header.Kind), Story: caserecord.Story(e, x.state), Author: string(e.Header.Author), Seq: e.Header.Seq,
		Recorded: e.Header.Recorded, Withheld: e.Withheld(), Data: string(e.Data()), Line: string(e.Line()),
	}
	if p, ok := x.state.PersonOf(e.Header.Author); ok {
		t.Name = p.Name
	}
	var acting struct {
		Role   string `json:"role"`
		ByRole string `json:"by_role"`
	}
	if json.Unmarshal(e.Data(), &acting) == nil && e.Header.Kind != caserecord.RoleGranted {
		t.Role = acting.Role
	} else {
		t.Role = acting.ByRole
	}
	x.hush(&t, e)
	return t
}

// ReasonError marks a refused reason.
func ReasonError(err error) error { return fmt.Errorf("%w: %w", ErrReason, err) }

// analysisAtHand is what was derived already, nil when nothing was. busy: rules run, and waiting for them would take long.
func (b *Bench) analysisAtHand() (a *Analysis, busy bool) {
	if !b.analysisMu.TryLock() {
		return nil, true
	}
	defer b.analysisMu.Unlock()
	x := b.look()
	if a = b.analyses[x.hiddenKey()]; a == nil {
		if a = b.storedOf(context.Background(), x); a != nil {
			b.keepAtHand(a)
		}
	}
	return a, false
}

// OpenDecisions is the number of recommendations without a decision in force. It asks only what is derived already: the
// strip must not start a walk over all rows.
func (b *Bench) OpenDecisions() int {
	a, busy := b.analysisAtHand()
	switch {
	case busy:
		return int(b.open.Load()) // what was last known
	case a == nil:
		return 0
	}
	s := b.State()
	n := 0
	for _, r := range a.Recommendations {
		if s.DecisionInForce(r.ID) == nil {
			n++
		}
	}
	b.open.Store(int64(n))
	return n
}

// Change is one entry since the last visit.
type Change struct {
	At   time.Time
	Text string
	Name string
	Role string
	ID   string
	Kind caserecord.Kind
}

// Since is when this person last closed the case here; zero at the first visit.
func (b *Bench) Since() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.since
}

// Changed tells the entries recorded since a time, newest first, at most n.
func (b *Bench) Changed(since time.Time, n int) []Change {
	var out []Change
	all := b.Stories()
	for i := len(all) - 1; i >= 0 && len(out) < n; i-- {
		if t := all[i]; t.Recorded.After(since) {
			out = append(out, Change{At: t.Recorded, Text: t.Story, Name: t.Name, Role: t.Role, ID: t.ID, Kind: caserecord.Kind(t.Kind)})
		}
	}
	return out
}
