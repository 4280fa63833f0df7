package query

import (
	"adjutant/backend/event"
)

// Match is the definition of the language: whether the row of e at Times[timeIndex] (-1 for an undated event) matches.
// notes may be nil. It asks every value of every field, so it is for single events and for tests; timeline answers the
// same from its index.
func Match(expr Expr, e *event.Event, timeIndex int, notes Annotations) bool {
	switch x := expr.(type) {
	case All:
		return true
	case *And:
		for _, p := range x.Of {
			if !Match(p, e, timeIndex, notes) {
				return false
			}
		}
		return true
	case *Or:
		for _, p := range x.Of {
			if Match(p, e, timeIndex, notes) {
				return true
			}
		}
		return false
	case *Not:
		return !Match(x.Of, e, timeIndex, notes)
	case *Words:
		for i := range e.Fields {
			for _, v := range e.Fields[i].Values {
				if HoldsTokens(Fold(v), x.tokens) {
					return true
				}
			}
		}
		return false
	case *Value:
		if x.Field == "" {
			for i := range e.Fields {
				if anyHolds(x, e.Fields[i].Values) {
					return true
				}
			}
			return false
		}
		return anyHolds(x, ValuesOf(x.Field, e, timeIndex, notes))
	case *Exists:
		return len(ValuesOf(x.Field, e, timeIndex, notes)) > 0
	case *Time:
		return timeIndex >= 0 && timeIndex < len(e.Times) && within(e.Times[timeIndex].At, *x)
	}
	return false
}

func anyHolds(v *Value, values []string) bool {
	for _, s := range values {
		if v.test.holds(s) {
			return true
		}
	}
	return false
}

// ValuesOf returns the values of a field at one row, virtual fields included.
func ValuesOf(field string, e *event.Event, timeIndex int, notes Annotations) []string {
	dated := timeIndex >= 0 && timeIndex < len(e.Times)
	row := func() event.RowID { return e.Row(max(timeIndex, 0)) }
	switch field {
	case FieldTime:
		if !dated {
			return nil
		}
		return []string{event.FormatTime(e.Times[timeIndex].At)}
	case FieldTimeKind:
		if !dated {
			return nil
		}
		return []string{string(e.Times[timeIndex].Meaning)}
	case FieldEventID:
		return []string{string(e.ID())}
	case FieldRowID:
		return []string{string(row())}
	case FieldPath:
		return []string{e.Path}
	case FieldEvidence:
		return []string{e.Evidence.String()}
	case FieldParser:
		return []string{e.Parser}
	case FieldTag, FieldNote, FieldPromoted:
		if notes == nil {
			return nil
		}
		return notes.Values(row(), field)
	}
	return e.All(field)
}
