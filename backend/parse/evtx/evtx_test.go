package evtx

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestMadeLog(t *testing.T) {
	b := threeLogons(t)
	res, events := run(t, b, "Security.evtx")
	if res.Status != parse.StatusOK || res.Read != 3 || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	if !res.First.Equal(day) || !res.Last.Equal(day.Add(2*time.Second)) {
		t.Errorf("from %v to %v", res.First, res.Last)
	}
	e := events[1]
	for name, want := range map[string]string{
		"event.code": "4624", "event.action": "logon", "event.category": "authentication", "event.outcome": "success",
		"event.dataset": "windows.security", "event.provider": "Microsoft-Windows-Security-Auditing", "host.name": "FS01",
		"user.name": "bob", "source.ip": "10.0.0.6", "winlog.logon.type": "Network", "winlog.event_data.LogonType": "3",
		"winlog.event_data.IpAddress": "::ffff:10.0.0.6", "winlog.keywords": "0x8020000000000000",
		"message": "bob logged on (Network) from 10.0.0.6",
	} {
		if got := e.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := events[2].Get("message"); got != "ærøskøbing logged on (Network)" {
		t.Errorf("message %q", got)
	}
	if len(e.Times) != 1 || e.Times[0].Meaning != event.Occurred || !e.Times[0].At.Equal(day.Add(time.Second)) {
		t.Errorf("times %+v", e.Times)
	}
	if e.Locator.Record != "2" || e.Locator.Offset != int64(at(b, 1)) {
		t.Errorf("locator %v, record stands at %d", e.Locator, at(b, 1))
	}
}

func TestWrittenTimeIsKept(t *testing.T) {
	b := threeLogons(t)
	copy(b[at(b, 1)+16:], u64b(filetime(day.Add(time.Minute))))
	copy(b[at(b, 2)+16:], u64b(0))
	_, events := run(t, b, "")
	if n := len(events[1].Times); n != 2 || events[1].Times[1].Meaning != event.Recorded || !events[1].Times[1].At.Equal(day.Add(time.Minute)) {
		t.Errorf("times %+v", events[1].Times)
	}
	if len(events[2].Times) != 1 {
		t.Errorf("times %+v", events[2].Times)
	}
	m := newMaker()
	m.record(day, func(x *xml) { x.open("Event"); x.open("EventData"); x.leaf("Data", "no System"); x.close(); x.close() })
	res, events := run(t, m.file(), "")
	if len(events) != 1 || events[0].Times[0].Meaning != event.Recorded || !strings.Contains(res.Note, "written down") {
		t.Errorf("%+v %+v", res, events)
	}
}

func TestDamage(t *testing.T) {
	whole := threeLogons(t)
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		status parse.Status
		parsed int64
		reason string
	}{
		"empty file":              {func(b []byte) []byte { return nil }, parse.StatusFailed, 0, ""},
		"other file":              {func(b []byte) []byte { return []byte("hello") }, parse.StatusFailed, 0, ""},
		"header only":             {func(b []byte) []byte { return b[:headerBlock] }, parse.StatusEmpty, 0, ""},
		"cut header":              {func(b []byte) []byte { return b[:1000] }, parse.StatusFailed, 0, ""},
		"no header":               {func(b []byte) []byte { return b[headerBlock:] }, parse.StatusPartial, 3, ""},
		"cut in the third record": {func(b []byte) []byte { return b[:at(b, 2)+40] }, parse.StatusPartial, 2, reasonHeader},
		"second size zero":        {func(b []byte) []byte { copy(b[at(b, 1)+4:], u32b(0)); return b }, parse.StatusPartial, 2, reasonHeader},
		"second size huge":        {func(b []byte) []byte { copy(b[at(b, 1)+4:], u32b(1<<31)); return b }, parse.StatusPartial, 2, reasonHeader},
		"second body damaged":     {func(b []byte) []byte { b[at(b, 1)+recordHeader+4] = 0x77; return b }, parse.StatusPartial, 2, reasonXML},
		"chunk magic damaged":     {func(b []byte) []byte { b[headerBlock] = 'X'; return b }, parse.StatusPartial, 3, ""},
		"chunk empty":             {func(b []byte) []byte { clear(b[headerBlock:]); return b }, parse.StatusEmpty, 0, ""},
		"checksum":                {func(b []byte) []byte { b[at(b, 2)+8] = 9; return b }, parse.StatusOK, 3, ""},
	} {
		res, _ := run(t, c.change(bytes.Clone(whole)), name)
		if res.Status != c.status || res.Parsed != c.parsed {
			t.Errorf("%s: %s, %d parsed, want %s, %d; %v %v", name, res.Status, res.Parsed, c.status, c.parsed, res.Skipped, res.Warnings)
		}
		if c.reason != "" && (len(res.Skipped) != 1 || res.Skipped[0].Reason != c.reason || res.WarningCount == 0) {
			t.Errorf("%s: skipped %v, warnings %v, want one of %q", name, res.Skipped, res.Warnings, c.reason)
		}
		if (name == "checksum") != (res.WarningCount > 0) && c.status == parse.StatusOK {
			t.Errorf("%s: warnings %v", name, res.Warnings)
		}
		if c.status == parse.StatusFailed && res.Note == "" {
			t.Errorf("%s: failed without a note", name)
		}
	}
}

// TestNoBlowUp feeds a record whose nested values would multiply without a limit.
func TestNoBlowUp(t *testing.T) {
	m := newMaker()
	m.record(day, func(x *xml) {
		for depth := 0; depth < 40; depth++ {
			x.raw([]byte{tokTemplate, 1}, u32b(1))
			here := uint32(x.base + len(x.b) + 4)
			x.raw(u32b(here))
			def := &xml{base: int(here) + 24}
			def.open("a")
			for i := 0; i < 40; i++ {
				def.subst(0, typeBinXML)
			}
			def.close()
			def.raw([]byte{tokEOF})
			x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(1), u16b(20000), []byte{typeBinXML, 0})
		}
		x.raw(make([]byte, 20000))
	})
	start := time.Now()
	res, _ := run(t, m.file(), "")
	if res.Read != 1 || res.Parsed != 0 || time.Since(start) > 5*time.Second {
		t.Errorf("%+v after %v", res, time.Since(start))
	}
}

func TestEmitErrorStops(t *testing.T) {
	b := threeLogons(t)
	if res := parsetest.EmitErrorStops(t, New(), b, parse.Assume{}); res.Read != 1 {
		t.Errorf("stopped after %d records", res.Read)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New().Parse(ctx, parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b))}, func(*event.Event) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		typ  byte
		data []byte
		want string
	}{
		{typeInt8, []byte{0xff}, "-1"},
		{typeInt32, u32b(0xfffffffe), "-2"},
		{typeUint64, u64b(1<<64 - 1), "18446744073709551615"},
		{typeHex32, u32b(0xc000006d), "0xc000006d"},
		{typeSizeT, u64b(0x3e7), "0x3e7"},
		{typeBool, u32b(7), "true"},
		{typeBool, u32b(0), "false"},
		{typeBinary, []byte{0xde, 0xad}, "DEAD"},
		{typeGUID, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "{04030201-0605-0807-090A-0B0C0D0E0F10}"},
		{typeSID, []byte{1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0}, "S-1-5-32-544"},
		{typeSID, []byte{1, 200, 0, 0, 0, 0, 0, 5}, "0x01c8000000000005"},
		{typeFileTime, u64b(filetime(day)), "2026-03-14T01:02:03.4567891Z"},
		{typeFileTime, u64b(0), "0"},
		{typeFloat64, u64b(0x3ff8000000000000), "1.5"},
		{typeString, append(utf16b("a"), 0x00, 0xd8), "a\uFFFD"},
		{typeANSI, []byte{'n', 0xe9, 0}, "né"},
		{typeInt32, []byte{1, 2, 3}, "0x010203"},
		{0x7e, []byte{1}, "0x01"},
	} {
		if got := (value{typ: c.typ, data: c.data}).text(); got != c.want {
			t.Errorf("type 0x%02x %x: %q, want %q", c.typ, c.data, got, c.want)
		}
	}
	if got := (value{typ: typeString | typeArray, data: utf16b("a\x00b\x00")}).items(); strings.Join(got, "|") != "a|b" {
		t.Error(got)
	}
}

func TestDetect(t *testing.T) {
	if New().Detect(threeLogons(t)[:512], "x.log") != 100 || New().Detect([]byte("ElfFil"), "x.evtx") != 0 {
		t.Error("detection is by magic")
	}
}

func FuzzParse(f *testing.F) {
	whole := threeLogons(f)
	f.Add(whole[:headerBlock+8192])
	f.Add(whole[headerBlock : headerBlock+4096])
	f.Add(everything()[headerBlock : headerBlock+8192])
	f.Add([]byte{})
	for _, b := range hostilePack() {
		f.Add(b[headerBlock : headerBlock+12<<10])
	}
	if root := os.Getenv("ADJUTANT_SHARED_DATA"); root != "" {
		if b, err := os.ReadFile(filepath.Join(root, "evtx", "samples", "issue_201.evtx")); err == nil {
			f.Add(b[:16384])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { both(t, b, "fuzz.evtx") })
}
