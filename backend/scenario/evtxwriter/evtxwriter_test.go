package evtxwriter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Velocidex/ordereddict"
	"pgregory.net/rapid"
	"www.velocidex.com/golang/evtx"
)

var testTime = time.Date(2026, 3, 3, 7, 44, 18, 123456700, time.UTC)

func mustWrite(t testing.TB, o Options, records ...Record) ([]byte, []Place) {
	t.Helper()
	var b bytes.Buffer
	w := New(&b, o)
	var places []Place
	for i, r := range records {
		p, err := w.Add(r)
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		places = append(places, p)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), places
}

// read is the independent reader: every record of the file as Velocidex' reader sees it.
func read(t testing.TB, data []byte) []*evtx.EventRecord {
	t.Helper()
	chunks, err := evtx.GetChunks(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []*evtx.EventRecord
	for _, c := range chunks {
		rs, err := c.Parse(0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rs...)
	}
	return all
}

func at(t testing.TB, v any, path ...string) any {
	t.Helper()
	for _, p := range path {
		d, ok := v.(*ordereddict.Dict)
		if !ok {
			t.Fatalf("at %s of %v: %T is no element", p, path, v)
		}
		if v, ok = d.Get(p); !ok {
			return nil
		}
	}
	return v
}

func sample(i int) Record {
	return Record{
		Provider: "Microsoft-Windows-Security-Auditing", GUID: mustGUID("54849625-5478-4994-a5ba-3e3b0328c30d"),
		EventID: 4624, Version: 2, Task: 12544, Keywords: 0x8020000000000000, Time: testTime.Add(time.Duration(i) * time.Second),
		PID: 744, TID: 748, Channel: "Security", Computer: "DC01.example.test",
		Data: []Pair{
			{"SubjectUserSid", SID("S-1-5-18")}, {"TargetUserName", fmt.Sprintf("user%04d", i)}, {"LogonType", uint32(3)},
			{"TargetLogonId", Hex64(0x3e7 + uint64(i))}, {"LogonGuid", GUID{1, 2, 3}}, {"Status", Hex32(0xc000006d)}, {"Empty", ""},
		},
	}
}

// TestEveryValueComesBack holds each value type against the independent reader.
func TestEveryValueComesBack(t *testing.T) {
	q := uint16(16384)
	r := Record{
		Provider: "Service Control Manager", GUID: mustGUID("{555908d1-a6d7-4695-8e1e-26931d2012f4}"), EventSource: "Service Control Manager",
		EventID: 7045, Qualifiers: &q, Version: 1, Level: 4, Task: 7, Opcode: 9, Keywords: 0x8080000000000000,
		Time: testTime, RecordID: 67099, ActivityID: GUID{9}, PID: 724, TID: 3336, Channel: "System", Computer: "FS01.example.test",
		UserSID: "S-1-5-21-1000-2000-3000-1111",
		Data: []Pair{
			{"string", "Læsø – Überfahrt 🚢"}, {"u8", uint8(200)}, {"u16", uint16(65000)}, {"u32", uint32(4000000000)},
			{"u64", uint64(math.MaxUint64)}, {"hex32", Hex32(0x1010)}, {"hex64", Hex64(0xdeadbeefcafe)}, {"bool", true},
			{"guid", mustGUID("9828da72-683b-608c-a30c-000000000c00")}, {"sid", SID("S-1-5-32-544")},
			{"time", testTime}, {"i32", int32(-5)}, {"i64", int64(-6)}, {"empty", ""},
		},
	}
	data, places := mustWrite(t, Options{FirstRecordID: 67099}, r)
	rs := read(t, data)
	if len(rs) != 1 || len(places) != 1 {
		t.Fatalf("%d records, %d places", len(rs), len(places))
	}
	if rs[0].Header.RecordID != 67099 || rs[0].Header.FileTime != filetime(testTime) {
		t.Errorf("record header %+v", rs[0].Header)
	}
	sys := at(t, rs[0].Event, "Event", "System")
	for path, want := range map[string]any{
		"Provider/Name": "Service Control Manager", "Provider/Guid": "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
		"Provider/EventSourceName": "Service Control Manager", "EventID/Qualifiers": uint16(16384), "EventID/Value": uint16(7045),
		"Version": uint8(1), "Level": uint8(4), "Task": uint16(7), "Opcode": uint8(9), "Keywords": uint64(0x8080000000000000),
		"EventRecordID": uint64(67099), "Execution/ProcessID": uint32(724), "Execution/ThreadID": uint32(3336), "Channel": "System",
		"Computer": "FS01.example.test", "Security/UserID": "S-1-5-21-1000-2000-3000-1111",
		"Correlation/ActivityID": "00000009-0000-0000-0000-000000000000",
	} {
		if got := at(t, sys, strings.Split(path, "/")...); got != want {
			t.Errorf("%s = %v (%T), want %v (%T)", path, got, got, want, want)
		}
	}
	ed := at(t, rs[0].Event, "Event", "EventData")
	for name, want := range map[string]any{
		"string": "Læsø – Überfahrt 🚢", "u8": uint8(200), "u16": uint16(65000), "u32": uint32(4000000000),
		"u64": uint64(math.MaxUint64), "hex32": uint32(0x1010), "hex64": uint64(0xdeadbeefcafe), "bool": true,
		"guid": "9828DA72-683B-608C-A30C-000000000C00", "sid": "S-1-5-32-544", "empty": "",
	} {
		if got := at(t, ed, name); got != want {
			t.Errorf("%s = %v (%T), want %v (%T)", name, got, got, want, want)
		}
	}
}

// TestNullAndUnnamed keeps two shapes apart from the others, because the reader leaves such event data as a list.
func TestNullAndUnnamed(t *testing.T) {
	r := sample(0)
	r.Data = []Pair{{"null", nil}, {"", "unnamed"}, {"last", "x"}}
	bare := sample(1)
	bare.Data = nil
	data, _ := mustWrite(t, Options{}, r, bare)
	rs := read(t, data)
	if len(rs) != 2 {
		t.Fatalf("%d records", len(rs))
	}
	got := fmt.Sprint(at(t, rs[0].Event, "Event", "EventData", "Data"))
	if !strings.Contains(got, "unnamed") || !strings.Contains(got, "null") || strings.Contains(got, "nil") {
		t.Errorf("event data %s", got)
	}
	if got := at(t, rs[1].Event, "Event", "EventData"); got != nil {
		t.Errorf("a record without data has %v", got)
	}
}

// TestManyChunks writes past several chunk ends: count, ids, order, checksums and header fields.
func TestManyChunks(t *testing.T) {
	const n = 2000
	var records []Record
	for i := range n {
		records = append(records, sample(i))
	}
	data, places := mustWrite(t, Options{FirstRecordID: 48213}, records...)
	chunks := checkLayout(t, data)
	if chunks < 3 {
		t.Fatalf("%d chunks: the test does not reach a roll-over", chunks)
	}
	rs := read(t, data)
	if len(rs) != n {
		t.Fatalf("%d records back, want %d", len(rs), n)
	}
	for i, r := range rs {
		if r.Header.RecordID != 48213+uint64(i) || places[i].ID != r.Header.RecordID {
			t.Fatalf("record %d has id %d, place says %d", i, r.Header.RecordID, places[i].ID)
		}
		ed := at(t, r.Event, "Event", "EventData")
		if got, want := at(t, ed, "TargetUserName"), fmt.Sprintf("user%04d", i); got != want {
			t.Fatalf("record %d: %v, want %v", i, got, want)
		}
		if got := at(t, ed, "TargetLogonId"); got != 0x3e7+uint64(i) {
			t.Fatalf("record %d: logon id %v", i, got)
		}
		p := places[i]
		if binary.LittleEndian.Uint32(data[p.Offset:]) != 0x2a2a || binary.LittleEndian.Uint64(data[p.Offset+8:]) != p.ID ||
			binary.LittleEndian.Uint32(data[p.Offset+p.Length-4:]) != uint32(p.Length) {
			t.Fatalf("place %+v does not lead to record %d", p, i)
		}
	}
	again, _ := mustWrite(t, Options{FirstRecordID: 48213}, records...)
	if !bytes.Equal(data, again) {
		t.Error("the same records gave other bytes")
	}
}

// checkLayout checks checksums, free-space offsets and both tables of every chunk and returns their number.
func checkLayout(t testing.TB, data []byte) int {
	t.Helper()
	le := binary.LittleEndian
	if string(data[:8]) != "ElfFile\x00" || crc32.ChecksumIEEE(data[:120]) != le.Uint32(data[124:]) {
		t.Fatal("file header or its checksum is wrong")
	}
	chunks := (len(data) - FileHeaderBytes) / ChunkBytes
	if FileHeaderBytes+chunks*ChunkBytes != len(data) || int(le.Uint16(data[42:])) != chunks {
		t.Fatalf("%d bytes, header says %d chunks", len(data), le.Uint16(data[42:]))
	}
	num := uint64(1)
	for i := range chunks {
		c := data[FileHeaderBytes+i*ChunkBytes:][:ChunkBytes]
		free := le.Uint32(c[48:])
		if free >= ChunkBytes {
			t.Fatalf("chunk %d is filled to its last byte", i)
		}
		if crc32.ChecksumIEEE(c[512:free]) != le.Uint32(c[52:]) {
			t.Errorf("chunk %d: checksum of records", i)
		}
		if crc32.ChecksumIEEE(append(append([]byte{}, c[:120]...), c[128:512]...)) != le.Uint32(c[124:]) {
			t.Errorf("chunk %d: checksum of header", i)
		}
		for _, b := range c[free:] {
			if b != 0 {
				t.Fatalf("chunk %d: free space is not empty", i)
			}
		}
		if last := le.Uint64(c[16:]); last != math.MaxUint64 {
			if le.Uint64(c[8:]) != num {
				t.Errorf("chunk %d starts with record number %d, want %d", i, le.Uint64(c[8:]), num)
			}
			num = last + 1
		}
		seen := 0
		for b := range nameBuckets {
			for o := le.Uint32(c[nameTableAt+4*b:]); o != 0; o = le.Uint32(c[o:]) {
				text := make([]uint16, le.Uint16(c[o+6:]))
				for k := range text {
					text[k] = le.Uint16(c[int(o)+8+2*k:])
				}
				if h := le.Uint16(c[o+4:]); h != nameHash(text) || int(h)%nameBuckets != b {
					t.Errorf("chunk %d: name at %d has hash %#x in bucket %d", i, o, h, b)
				}
				seen++
			}
		}
		if free > 512 && seen < 10 {
			t.Errorf("chunk %d: %d names in the table", i, seen)
		}
	}
	return chunks
}

// TestExactlyFullChunk sizes a record so that it would end on the last byte of the chunk: it goes to the next one.
func TestExactlyFullChunk(t *testing.T) {
	first := sample(0)
	_, places := mustWrite(t, Options{}, first, sample(1))
	used := int(places[1].Offset-FileHeaderBytes) + int(places[1].Length)
	filler := sample(2)
	filler.Data[1].Value, filler.Data[6].Value = "", ""
	_, places = mustWrite(t, Options{}, first, filler)
	least := int(places[1].Length)
	pad := (ChunkBytes - used - least) / 2
	filler.Data[1].Value, filler.Data[6].Value = strings.Repeat("x", pad/2), strings.Repeat("x", pad-pad/2)
	data, _ := mustWrite(t, Options{}, first, sample(1), filler)
	if n := checkLayout(t, data); n != 2 {
		t.Errorf("%d chunks, want 2", n)
	}
	if rs := read(t, data); len(rs) != 3 {
		t.Errorf("%d records, want 3", len(rs))
	}
}

func TestEmptyLog(t *testing.T) {
	data, _ := mustWrite(t, Options{})
	if n := checkLayout(t, data); n != 1 {
		t.Errorf("%d chunks, want the one that Windows leaves", n)
	}
	if rs := read(t, data); len(rs) != 0 {
		t.Errorf("%d records in an empty log", len(rs))
	}
}

func TestClearedLog(t *testing.T) {
	by := Subject{SID: "S-1-5-21-1-2-3-1120", User: "svc-backup", Domain: "KRAGSUND", LogonID: 0x1f4c65f}
	data, places := mustWrite(t, Options{FirstRecordID: 48213}, SecurityCleared(testTime, "FS01", by, 732, 3728), sample(1), LogCleared(testTime, "FS01", "Application", by, 1, 2))
	rs := read(t, data)
	if len(rs) != 3 || places[0].ID != 48213 {
		t.Fatalf("%d records, first id %d", len(rs), places[0].ID)
	}
	if got := at(t, rs[0].Event, "Event", "UserData", "LogFileCleared", "SubjectUserName"); got != "svc-backup" {
		t.Errorf("1102 names %v", got)
	}
	if got := at(t, rs[2].Event, "Event", "UserData", "LogFileCleared", "Channel"); got != "Application" {
		t.Errorf("104 names %v", got)
	}
}

func TestRefusals(t *testing.T) {
	var b bytes.Buffer
	w := New(&b, Options{})
	if _, err := w.Add(sample(0)); err != nil {
		t.Fatal(err)
	}
	long := sample(1)
	long.Data = []Pair{{"x", strings.Repeat("x", 40000)}}
	kind := sample(1)
	kind.Data = []Pair{{"x", struct{}{}}}
	whole := sample(1)
	for i := range 3 {
		whole.Data = append(whole.Data, Pair{fmt.Sprint("x", i), strings.Repeat("y", 12000)})
	}
	order := sample(1)
	order.RecordID = 1
	sid := sample(1)
	sid.UserSID = "S-2-x"
	for name, c := range map[string]struct {
		r    Record
		want error
	}{"value too long": {long, ErrTooLarge}, "record too long": {whole, ErrTooLarge}, "type": {kind, ErrType}, "order": {order, ErrOrder}} {
		if _, err := w.Add(c.r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := w.Add(sid); err == nil {
		t.Error("a bad SID was taken")
	}
	if _, err := w.Add(sample(2)); err != nil {
		t.Errorf("after refusals: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(sample(3)); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if rs := read(t, b.Bytes()); len(rs) != 2 {
		t.Errorf("%d records, want the 2 that were taken", len(rs))
	}
}

// TestAnyRecords writes random records and reads them back: names and texts of any length and script.
func TestAnyRecords(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9 \\:/.æøåÆ漢🚢%-]{0,300}`)
		var records []Record
		for range rapid.IntRange(1, 60).Draw(rt, "records") {
			r := sample(rapid.IntRange(0, 99999).Draw(rt, "i"))
			r.EventID = uint16(rapid.IntRange(1, 65535).Draw(rt, "event"))
			r.Data = nil
			for k := range rapid.IntRange(2, 12).Draw(rt, "pairs") {
				if rapid.Bool().Draw(rt, "number") {
					r.Data = append(r.Data, Pair{fmt.Sprint("n", k), rapid.Uint64().Draw(rt, "value")})
				} else {
					r.Data = append(r.Data, Pair{fmt.Sprint("s", k), text.Draw(rt, "text")})
				}
			}
			records = append(records, r)
		}
		data, _ := mustWrite(t, Options{}, records...)
		rs := read(t, data)
		if len(rs) != len(records) {
			rt.Fatalf("%d records back of %d", len(rs), len(records))
		}
		for i, r := range rs {
			for _, p := range records[i].Data {
				if got := at(t, r.Event, "Event", "EventData", p.Name); got != p.Value {
					rt.Fatalf("record %d, %s: %q, want %q", i, p.Name, got, p.Value)
				}
			}
		}
	})
}

// TestHandToOthers leaves a log in the folder named by EVTXWRITER_OUT, for readers that are not written in Go.
func TestHandToOthers(t *testing.T) {
	dir := os.Getenv("EVTXWRITER_OUT")
	if dir == "" {
		t.Skip("EVTXWRITER_OUT is not set: no log written for evtxexport and evtx_dump")
	}
	var records []Record
	for i := range 500 {
		records = append(records, sample(i))
	}
	q := uint16(16384)
	records = append(records, Record{Provider: "Service Control Manager", GUID: mustGUID("{555908d1-a6d7-4695-8e1e-26931d2012f4}"), EventSource: "Service Control Manager",
		EventID: 7045, Qualifiers: &q, Version: 1, Level: 4, Keywords: 0x8080000000000000, Time: testTime, ActivityID: GUID{9}, PID: 724, TID: 3336, Channel: "System", Computer: "FS01",
		UserSID: "S-1-5-21-1000-2000-3000-1111", Data: []Pair{{"string", "Læsø – 🚢"}, {"u8", uint8(200)}, {"u16", uint16(65000)}, {"i32", int32(-5)}, {"i64", int64(-6)},
			{"u64", uint64(math.MaxUint64)}, {"hex32", Hex32(0x1010)}, {"hex64", Hex64(0xdeadbeefcafe)}, {"bool", true}, {"bin", []byte{1, 2, 0xab}},
			{"guid", GUID{1, 2}}, {"sid", SID("S-1-5-32-544")}, {"time", testTime}, {"null", nil}, {"empty", ""}, {"", "unnamed"}}},
		SecurityCleared(testTime, "FS01", Subject{SID: "S-1-5-18", User: "x", Domain: "y", LogonID: 3}, 1, 2))
	data, _ := mustWrite(t, Options{FirstRecordID: 48213}, records...)
	empty, _ := mustWrite(t, Options{})
	for name, d := range map[string][]byte{"many.evtx": data, "empty.evtx": empty} {
		if err := os.WriteFile(filepath.Join(dir, name), d, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
