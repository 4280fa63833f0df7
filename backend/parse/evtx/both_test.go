package evtx

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// stepByStep reads a log without programs: with no room for templates, none is compiled.
func stepByStep(t testing.TB, b []byte, name string) (parse.Result, []*event.Event) {
	t.Helper()
	var events []*event.Event
	p := &parser{ctx: context.Background(), in: parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Name: name}, dec: newDecoder(),
		emit: func(e *event.Event) error { events = append(events, e); return nil }}
	p.dec.known.size = maxTemplateBytes + 1
	if err := p.run(); err != nil {
		t.Fatal(err)
	}
	if len(p.dec.known.byKey) > 0 {
		t.Fatal("a template was compiled")
	}
	return p.res, events
}

// both reads a log with programs and without, and holds that the events are the same. It returns how many there are and how
// many records no program fitted.
func both(t testing.TB, b []byte, name string) (records, steps int) {
	t.Helper()
	var got []*event.Event
	p := &parser{ctx: context.Background(), in: parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Name: name}, dec: newDecoder(),
		emit: func(e *event.Event) error { got = append(got, e); return nil }}
	if err := p.run(); err != nil {
		t.Fatal(err)
	}
	parsetest.Counts(t, name, p.res, got)
	parsetest.ValidText(t, got)
	res, want := stepByStep(t, b, name)
	if !reflect.DeepEqual(p.res, res) {
		t.Fatalf("%s: result\n%+v, step by step\n%+v", name, p.res, res)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%s: event %d\n%+v, step by step\n%+v", name, i, got[i], want[i])
		}
	}
	return len(got), p.steps
}

// TestProgramsSayWhatStepsSay compares each event of all shared logs.
func TestProgramsSayWhatStepsSay(t *testing.T) {
	records, steps := 0, 0
	for name, b := range sharedLogs(t) {
		n, s := both(t, b, name)
		records += n
		steps += s
	}
	if records < 53_872 || steps > 100 { // 82 of them are empty, in a damaged log
		t.Errorf("%d records, %d of them fitted no program", records, steps)
	}
	t.Logf("%d records, %d of them step by step", records, steps)
}

// TestTransient: a caller that has finished with an event when emit returns gets the same events.
func TestTransient(t *testing.T) {
	b := threeLogons(t)
	_, want := run(t, b, "")
	n := 0
	_, err := New().Parse(context.Background(), parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Transient: true}, func(e *event.Event) error {
		if !reflect.DeepEqual(e, want[n]) {
			t.Errorf("event %d: %+v, want %+v", n, e, want[n])
		}
		n++
		return nil
	})
	if err != nil || n != 3 {
		t.Error(n, err)
	}
	if want[0].Get("user.name") != "alice" || want[2].Get("user.name") != "ærøskøbing" {
		t.Error("kept events have changed")
	}
}

// TestEverything: each kind of value and of text, through a program and through steps.
func TestEverything(t *testing.T) {
	b := everything()
	if n, steps := both(t, b, "everything"); n != 6 || steps != 0 {
		t.Fatalf("%d events, %d of them step by step", n, steps)
	}
	_, events := run(t, b, "everything")
	for _, c := range []struct {
		event       int
		field, want string
	}{
		{0, "event.provider", "Old Source"}, {0, "winlog.provider_source", "Old Source"}, {0, "event.code", "77"}, {0, "log.level", "error"}, {0, "event.outcome", "failure"},
		{0, "winlog.keywords", "0x10000000000000"}, {0, "winlog.activity_id", "{X}"}, {0, "winlog.process.pid", "4096"}, {0, "winlog.process.thread.id", ""},
		{0, "winlog.execution.ProcessorID", "255"}, {0, "winlog.system.Odd", "o"}, {0, "winlog.event_data_name", "kind"}, {0, "winlog.rendering_info.Message", "m"},
		{0, "winlog.rendering_info.Culture", "en"}, {0, "winlog.Other", "one|two"},
		{0, "winlog.event_data.b", "text æ 𝄞 \x00 end"}, {0, "winlog.event_data.c", "café"}, {0, "winlog.event_data.f", "-32768"}, {0, "winlog.event_data.g", "65535"},
		{0, "winlog.event_data.j", "-9223372036854775808"}, {0, "winlog.event_data.k", "18446744073709551615"}, {0, "winlog.event_data.n", "true"},
		{0, "winlog.event_data.o", "false"}, {0, "winlog.event_data.r", "0x1000"}, {0, "winlog.event_data.s", "2026-03-14T01:02:03.4567891Z"},
		{0, "winlog.event_data.v", "S-1-5-32-544"}, {0, "winlog.event_data.w", "0xc0000022"}, {0, "winlog.event_data.z", "1|2"}, {0, "winlog.event_data.{", "0x010203"},
		{0, "winlog.event_data.refs", "a&é<b>65535z"},
		{0, "winlog.event_data.same", "-128|-2147483648|1.5|01AB|18446744073709551615|0x10000000000000|0x010203"},
		{0, "winlog.event_data.same.extra", "e|e|e|e|e|e|e"},
		{0, "winlog.event_data.Data", "255|4294967295|1.5|{33323130-3534-3736-3839-616263646566}|2026-03-14T01:02:03.4560000Z|one|two|0x09|loose"},
		{1, "winlog.event_data.version", "3"}, {1, "winlog.event_data.Own", "one|two"}, {1, "winlog.event_data.Plain", "p"}, {1, "winlog.event_data.Nested", "t"},
		{1, "winlog.event_data.Nested.at", "b"}, {1, "winlog.event_data.Nested.Deep", "d"}, {2, "winlog.event_data.Nested.Deep", "d"}, {3, "winlog.event_data.Own", "one|two"},
		{5, "user.name", "bob<x"}, {5, "winlog.logon.failure.reason", "the password is wrong"}, {5, "winlog.provider_guid", "{G}"},
	} {
		if got := strings.Join(events[c.event].All(c.field), "|"); got != c.want {
			t.Errorf("event %d: %s is %q, want %q", c.event, c.field, got, c.want)
		}
	}
}
