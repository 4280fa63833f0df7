package event

import (
	"testing"
	"time"
)

func TestKeepToCalendar(t *testing.T) {
	at := func(s int64) Time { return Time{Meaning: Modified, At: time.Unix(s, 0), Original: "text"} }
	e := &Event{Times: []Time{at(LastSecond), at(LastSecond + 1), at(FirstSecond - 1), at(FirstSecond), {Meaning: Created, At: time.Unix(1<<40, 0)}}}
	e.Set("a", KindString, "1")
	fields := make([]Field, 2) // as a slab gives them
	fields[0] = e.Fields[0]
	e.Fields = fields[:1]
	if n := e.KeepToCalendar(); n != 3 || len(e.Times) != 2 {
		t.Fatalf("%d taken out, %d left", n, len(e.Times))
	}
	if got := e.All(OutsideCalendar); len(got) != 3 || got[0] != "modified text" || got[2] != "created 36812-02-20T00:36:16Z" {
		t.Errorf("%q", got)
	}
	if fields[1].Name != "" {
		t.Error("it wrote into memory that may be another event's")
	}
	if e.KeepToCalendar() != 0 {
		t.Error("it found more")
	}
}
