package journal

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, b []byte) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), b, "system.journal", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

func gunzip(t testing.TB, name string) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(parsetest.Read(t, "testdata", name)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// export reads journalctl's export format: NAME=value lines, or NAME, a length (8) and bytes; an empty line ends an entry.
func export(t testing.TB, b []byte) (entries []map[string][]string) {
	t.Helper()
	one := map[string][]string{}
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		if len(line) == 0 {
			if len(one) > 0 {
				entries = append(entries, one)
				one = map[string][]string{}
			}
			continue
		}
		name, value, ok := strings.Cut(string(line), "=")
		if !ok {
			n := binary.LittleEndian.Uint64(b)
			value, b = string(b[8:8+n]), b[8+n+1:]
		}
		one[name] = append(one[name], value)
	}
	return entries
}

// TestAgainstJournalctl compares each value of each entry with what journalctl reads of the same file, in both layouts.
func TestAgainstJournalctl(t *testing.T) {
	want := export(t, gunzip(t, "entries.export.gz"))
	if len(want) != 40 {
		t.Fatalf("%d entries in the answers", len(want))
	}
	for _, file := range []string{"plain", "compact"} {
		b := gunzip(t, file+".journal.gz")
		if New().Detect(b[:64], "x") != 100 {
			t.Errorf("%s is not detected", file)
		}
		res, events := run(t, b)
		if len(events) != 40 || res.Status != parse.StatusOK || res.Note != "" || res.Read != 40 {
			t.Fatalf("%s: %d events, %+v", file, len(events), res)
		}
		values := 0
		for i, entry := range want {
			e := events[i]
			for name, all := range entry {
				got := e.All("journal." + name)
				field, _ := strings.CutSuffix(ecsNames[name], "#")
				switch name {
				case "__CURSOR", "__SEQNUM", "__SEQNUM_ID":
					continue
				case "__REALTIME_TIMESTAMP":
					got = []string{e.Times[1].Original}
				case "_SOURCE_REALTIME_TIMESTAMP":
					got = []string{e.Times[0].Original}
				case "__MONOTONIC_TIMESTAMP":
					got = e.All("journal.monotonic")
				case "_BOOT_ID":
					got = e.All("host.boot.id")
				default:
					if field != "" {
						got = e.All(field)
					}
				}
				for _, v := range all {
					values++
					if v = strings.Join(strings.Split(v, "\xe4"), "\uFFFD"); name != "COREDUMP" && !slices.Contains(got, v) {
						t.Errorf("%s entry %d: %s is %q, want %q", file, i, name, got, v)
					}
				}
				if len(got) != len(all) {
					t.Errorf("%s entry %d: %s has %d values, want %d", file, i, name, len(got), len(all))
				}
			}
		}
		if values < 800 {
			t.Errorf("only %d values compared", values)
		}
		parsetest.Fields(t, file, events[0], map[string]string{"@": "2026-03-14T01:02:03.1233790Z", "@recorded": "2026-03-14T01:02:03.1234560Z", "event.kind": "event", "event.module": "system", "event.dataset": "system.auth",
			"event.action": "ssh-login-failed", "event.outcome": "failure", "user.name": "u0", "source.ip": "10.0.0.0", "host.name": "web01", "process.name": "sshd", "process.pid": "4000", "log.syslog.severity.name": "emerg",
			"log.syslog.facility.name": "authpriv", "systemd.unit": "ssh.service", "journal._COMM": "sshd", "journal.seqnum": "1", "journal.hash_mismatch": ""})
	}
}

var sample = [][]string{
	{"MESSAGE=one", "PRIORITY=6", "_HOSTNAME=h", "SYSLOG_IDENTIFIER=app"},
	{"MESSAGE=" + strings.Repeat("long text, ", 60), "PRIORITY=6", "_HOSTNAME=h", "_PID=7"},
	{"MESSAGE=three", "PRIORITY=x", "_HOSTNAME=h", "_SOURCE_REALTIME_TIMESTAMP=soon", "FIELD=a", "FIELD=b"},
	{"MESSAGE=four", "_HOSTNAME=h"},
}

func messages(events []*event.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%.5s|", e.Get("message"))
	}
	return b.String()
}

func TestKinds(t *testing.T) {
	for _, compact := range []bool{false, true} {
		for _, keyed := range []bool{false, true} {
			for _, pack := range []byte{0, objectXZ, objectLZ4, objectZSTD} {
				k := kindOfFile{compact: compact, keyed: keyed, pack: pack}
				b, places := written(t, k, sample)
				res, events := run(t, b)
				if messages(events) != "one|long |three|four|" || res.Status != parse.StatusOK || res.WarningCount > 0 || res.Note != "" {
					t.Fatalf("%+v: %s %+v", k, messages(events), res)
				}
				if got := events[1].Get("message"); got != sample[1][0][8:] {
					t.Errorf("%+v: %q", k, got)
				}
				parsetest.Fields(t, fmt.Sprint(k), events[2], map[string]string{"@": "2026-03-14T01:02:05.0000000Z", "@recorded": "", "journal.PRIORITY": "x", "log.syslog.severity.code": "", "journal.FIELD": "a b",
					"journal._SOURCE_REALTIME_TIMESTAMP": "soon", "host.boot.id": "0b000000000000000000000000000001", "journal.seqnum_id": "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "event.dataset": "system.syslog"})
				if l := events[2].Locator; l.Offset != places[2] || l.Record != "3" {
					t.Errorf("%v", l)
				}
				if events[0].Get("process.name") != "app" {
					t.Error("an identifier is the name where there is no other")
				}
			}
		}
	}
}

func TestDamage(t *testing.T) {
	k := kindOfFile{compact: true, keyed: true, pack: objectZSTD, state: stateOnline}
	whole, places := written(t, k, sample)
	for what, c := range map[string]struct {
		harm func(b []byte) []byte
		want string
		note string
	}{
		"not closed":                  {func(b []byte) []byte { return b }, "one|long |three|four|", "The file was not closed"},
		"an object's size is rubbish": {func(b []byte) []byte { b[places[1]+15] = 0xff; return b }, "one|three|four|", "2 entries were recovered"},
		"a size swallows entries": {func(b []byte) []byte {
			binary.LittleEndian.PutUint64(b[places[0]+8:], uint64(places[3]-places[0]))
			return b
		}, "one|four|long |three|", "2 entries were recovered"},
		"the end is gone":  {func(b []byte) []byte { return b[:places[3]+40] }, "one|long |three|", "The header counts 4 entries, 3 were found"},
		"the header lies":  {func(b []byte) []byte { b[88] = 1; return b }, "one|long |three|four|", ""},
		"a hole of zeros":  {func(b []byte) []byte { clear(b[places[1] : places[1]+64]); return b }, "one|three|four|", "The header counts 4 entries, 3 were found"},
		"unknown features": {func(b []byte) []byte { b[13] = 1; return b }, "one|long |three|four|", ""},
		"a value changed":  {func(b []byte) []byte { i := bytes.Index(b, []byte("MESSAGE=three")); b[i+8] = 'T'; return b }, "one|long |Three|four|", ""},
		"a packed value broken": {func(b []byte) []byte {
			i := bytes.Index(b, []byte("\x28\xb5\x2f\xfd"))
			b[i+1] = 0
			return b
		}, "one||three|four|", ""},
		"a value gone": {func(b []byte) []byte { i := bytes.Index(b, []byte("MESSAGE=four")); b[i-72] = kindField; return b }, "one|long |three||", ""},
	} {
		res, events := run(t, c.harm(slices.Clone(whole)))
		if messages(events) != c.want || !strings.Contains(res.Note, c.note) {
			t.Errorf("%s: %s, want %s; %+v", what, messages(events), c.want, res)
		}
		if what == "not closed" != (res.Status == parse.StatusOK) {
			t.Errorf("%s: %s", what, res.Status)
		}
		if what == "a value changed" && (events[2].Get("journal.hash_mismatch") != "MESSAGE" || res.WarningCount != 1) {
			t.Errorf("%v %+v", events[2].Fields, res)
		}
		if what == "a value gone" && events[3].Get("journal.missing_values") != "1" {
			t.Errorf("%v", events[3].Fields)
		}
	}
	empty, _ := written(t, kindOfFile{}, nil)
	for _, c := range []struct {
		b    []byte
		want parse.Status
	}{{empty, parse.StatusEmpty}, {nil, parse.StatusFailed}, {[]byte("text"), parse.StatusFailed}, {whole[:100], parse.StatusFailed}} {
		if res, _ := run(t, c.b); res.Status != c.want || res.Note == "" {
			t.Errorf("%d bytes: %+v", len(c.b), res)
		}
	}
	parsetest.EmitErrorStops(t, New(), whole, parse.Assume{})
}

// TestHostile: sizes that state more than there is cost nothing, and chains that lead back end.
func TestHostile(t *testing.T) {
	b, _ := written(t, kindOfFile{pack: objectLZ4}, sample)
	i := bytes.Index(b, []byte("long text, ")) // in the packed value, 8 bytes behind the size
	lz := bytes.LastIndex(b[:i], []byte{objectLZ4, 0, 0, 0, 0, 0, 0}) - 1
	binary.LittleEndian.PutUint64(b[lz+64:], 1<<40)
	if _, events := run(t, b); len(events) != 4 || events[1].Get("journal.missing_values") != "1" {
		t.Errorf("%d events", len(events))
	}
	big := packed(t, objectXZ, make([]byte, maxUnpack+1))
	v := newValues(&parser{})
	if _, err := v.unpack(objectXZ, big); err == nil {
		t.Error("a value of more than the limit was unpacked")
	}
	big[14+2] = 40 // a dictionary of 4 GiB
	if err := xzBounded(big); err == nil {
		t.Error("a dictionary of 4 GiB was believed")
	}
	// An array that names itself, and an index that names what is no entry.
	b, places := written(t, kindOfFile{}, sample)
	array := int64(binary.LittleEndian.Uint64(b[176:]))
	binary.LittleEndian.PutUint64(b[array+16:], uint64(array))
	binary.LittleEndian.PutUint64(b[array+24:], uint64(array))
	b[places[2]+15] = 0xff
	if res, _ := run(t, b); res.Parsed != 3 {
		t.Errorf("%+v", res)
	}
}

func TestHashes(t *testing.T) {
	// Vectors: SipHash's paper, appendix A (key and input are 0, 1, 2 …); lookup3.c's driver5.
	var key [16]byte
	var in []byte
	for i := range 15 {
		in = append(in, byte(i))
	}
	for i := range key {
		key[i] = byte(i)
	}
	if got := sipHash(key, in); got != 0xa129ca6149be45e5 {
		t.Errorf("%x", got)
	}
	if got := jenkins([]byte("Four score and seven years ago")); got != 0x17770551_ce7226e6 {
		t.Errorf("%x", got)
	}
	if got := jenkins(nil); got != 0xdeadbeef_deadbeef {
		t.Errorf("%x", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, k := range []kindOfFile{{}, {compact: true, keyed: true, pack: objectZSTD}, {pack: objectXZ}, {compact: true, pack: objectLZ4, withoutArray: true}} {
		b, _ := written(f, k, sample)
		f.Add(b[:len(b)-4000])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		run(t, b)
	})
}
