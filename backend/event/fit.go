package event

import (
	"slices"
	"strings"
)

// What the timeline can hold of one event (timeline/block), so that no record ends an import.
const (
	FitFields = 2000   // parse.MaxFields
	FitValues = 10_000 // of one field
	FitName   = 1 << 10
	FitTimes  = 64
)

// FurtherFields is the field that keeps, as "name=value", what an event has beyond that.
const FurtherFields = "event.further_fields"

// Fit reshapes an event that the timeline could not hold: names that are too long or begin with NUL, too many fields, values or
// times. Nothing is dropped: what does not fit stands as text in FurtherFields, and values beyond the last that fits are joined to
// it by line breaks. It says whether anything was reshaped.
func (e *Event) Fit() bool {
	fits := len(e.Times) <= FitTimes && len(e.Fields) <= FitFields
	for i := range e.Fields {
		f := &e.Fields[i]
		fits = fits && len(f.Values) <= FitValues && len(f.Name) <= FitName && (f.Name == "" || f.Name[0] != 0)
	}
	if fits {
		return false
	}
	e.Fields = slices.Clone(e.Fields) // its memory may be shared with other events
	e.Sort()
	var more []string
	for _, t := range e.Times[min(len(e.Times), FitTimes):] {
		more = append(more, string(t.Meaning)+"="+t.Original)
	}
	e.Times = e.Times[:min(len(e.Times), FitTimes)]
	kept := make([]Field, 0, min(len(e.Fields), FitFields))
	for _, f := range e.Fields {
		if len(kept) >= FitFields-1 || len(f.Name) > FitName || f.Name != "" && f.Name[0] == 0 {
			for _, v := range f.Values {
				more = append(more, f.Name+"="+v)
			}
			continue
		}
		f.Values = joinRest(f.Values)
		kept = append(kept, f)
	}
	if len(more) > 0 {
		kept = append(kept, Field{Name: FurtherFields, Values: joinRest(more)})
	}
	e.Fields = kept
	e.Sort()
	for i := range e.Fields { // the source may have a field of that name
		e.Fields[i].Values = joinRest(e.Fields[i].Values)
	}
	return true
}

func joinRest(values []string) []string {
	if len(values) <= FitValues {
		return values
	}
	return append(slices.Clone(values[:FitValues-1]), strings.Join(values[FitValues-1:], "\n"))
}
