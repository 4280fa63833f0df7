package caserecord

import "slices"

// What is in force. An act for which the matrix asks two persons stands in the record from its first signature on, and
// counts as done only when the second person has signed (act.cosigned). Every reader that presents something as decided,
// declared, approved, switched or deleted asks here, or a method that does (DocumentState.Approved, PurgeOf, HoldOn,
// MarkOn, ModelOn, Mismatches). What only protects, a hold or a mark of privilege, counts at once.

// InForce reports that an entry was accepted and awaits nobody's signature.
func (s *State) InForce(id ID) bool { return s.Accepted(id) && !s.Awaits(id) }

// SeverityInForce is the severity that counts, nil when none does: the one declared last, or while that awaits a second
// person the one before it.
func (s *State) SeverityInForce() *SeverityEntry {
	if s.Severity.Current == nil {
		return nil
	}
	return standingValue(s, "severity", *s.Severity.Current, s.Severity.History)
}

// SeverityAwaiting is the severity declared last when it awaits a second person, else nil.
func (s *State) SeverityAwaiting() *SeverityEntry {
	if c := s.Severity.Current; c != nil && s.Awaits(c.Entry) {
		return c
	}
	return nil
}

// DecisionInForce is the decision on a recommendation that counts, nil when it is open.
func (s *State) DecisionInForce(recommendation string) *DecisionEntry {
	d := s.Decision(recommendation)
	if d == nil {
		return nil
	}
	return standingValue(s, "decision "+recommendation, d.Current, d.History)
}

// DecisionAwaiting is the last decision on a recommendation when it awaits a second person, else nil.
func (s *State) DecisionAwaiting(recommendation string) *DecisionEntry {
	if d := s.Decision(recommendation); d != nil && s.Awaits(d.Current.Entry) {
		return &d.Current
	}
	return nil
}

// VerdictInForce is the verdict on a group that counts, nil when there is none.
func (s *State) VerdictInForce(group string) *VerdictEntry {
	v := s.Verdict(group)
	if v == nil {
		return nil
	}
	return standingValue(s, "verdict "+group, v.Current, v.History)
}

// TriggerInForce is the declaration of an anchor that counts, nil when there is none.
func (s *State) TriggerInForce(anchor string) *TriggerEntry {
	t := s.Trigger(anchor)
	if t == nil {
		return nil
	}
	return standingValue(s, "trigger "+anchor, t.Current, t.History)
}

// SubmissionsInForce lists the submissions that count, in causal order.
func (s *State) SubmissionsInForce() []Submission {
	return slices.DeleteFunc(slices.Clone(s.Submissions), func(x Submission) bool { return s.Awaits(x.Entry) })
}

// ReviewInForce is the review of a break-glass that counts, nil while there is none.
func (s *State) ReviewInForce(g *Glass) *GlassReview {
	if g.Review != nil && s.Awaits(g.Review.Entry) {
		return nil
	}
	return g.Review
}

// picked is what the last resolution of a field chose, and how many writes of the field there were by then.
type picked struct {
	entry  ID
	before int
}

// stamped is an entry of a history.
type stamped interface{ entry() ID }

func (st Stamp) entry() ID { return st.Entry }

// standingValue is the current value of a field, or while that awaits a second person the newest of its history that does
// not, where what a person chose in a conflict stands before all that they chose from; nil when all of them await.
func standingValue[T stamped](s *State, field string, current T, history []T) *T {
	if !s.Awaits(current.entry()) {
		return &current
	}
	chosen, settled := s.chosen[field]
	for i := len(history) - 1; i >= 0; i-- {
		if settled && i == chosen.before-1 && !s.Awaits(chosen.entry) {
			if k := slices.IndexFunc(history, func(e T) bool { return e.entry() == chosen.entry }); k >= 0 {
				return &history[k]
			}
		}
		if !s.Awaits(history[i].entry()) {
			return &history[i]
		}
	}
	return nil
}
