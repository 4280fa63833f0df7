package delimited

import (
	"slices"

	"adjutant/backend/event"
	"adjutant/backend/parse/winrecord"
)

// payloadTable is the table whose rows are whole Windows events.
const payloadTable = "evtxecmd"

// windows maps a row of EvtxECmd like an event of a log, so that rules for Windows logs match it. What the columns say beside
// that stays; the tool's own sentence stays under evtxecmd.sentence.
func (p *parser) windows(e *event.Event, fields []string) {
	value := func(column string) string {
		if i, ok := p.normal[column]; ok && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	columns := e.Fields
	mapped := &event.Event{}
	if !winrecord.FillRow(mapped, winrecord.Row{Provider: value("provider"), EventID: value("eventid"), Channel: value("channel"), Computer: value("computer"), Record: value("eventrecordid"),
		User: value("userid"), Process: value("processid"), Thread: value("threadid"), Keywords: value("keywords"), Payload: value("payload")}) {
		return
	}
	mapped.Sort()
	out := make([]event.Field, 0, len(columns)+len(mapped.Fields))
	out = append(out, mapped.Fields...)
	for _, f := range columns {
		switch {
		case f.Name == "csv.Payload" || f.Name == "event.dataset" || f.Name == "event.module":
		case f.Name == "message":
			f.Name = "evtxecmd.sentence"
			out = append(out, f)
		case mapped.All(f.Name) == nil:
			out = append(out, f)
		case !slices.Equal(mapped.All(f.Name), f.Values): // the tool has its own way to say it
			f.Name = "evtxecmd." + f.Name
			out = append(out, f)
		}
	}
	e.Fields = out
	e.Sort()
}
