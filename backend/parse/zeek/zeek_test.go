package zeek

import (
	"bytes"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text, name string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), name, parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const connHead = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t2026-03-14-00-00-00\n" +
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n" +
	"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\n"

const connRow = "1773450123.1234567\tCa1\t10.0.0.1\t49000\t2001:db8::2\t443\ttcp\tssl\t1.500001\t100\t2000\tSF\tT\tF\t0\tShADad\t10\t600\t12\t2500\tCp1,Cp2\n"

func TestConn(t *testing.T) {
	res, events := run(t, connHead+connRow+"#close\t2026-03-14-01-00-00\n", "conn.log")
	if len(events) != 1 || res.Status != parse.StatusOK || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	parsetest.AllFields(t, "conn", events[0], map[string]string{"@": "2026-03-14T01:02:03.1234567Z", "zeek.uid": "Ca1", "source.ip": "10.0.0.1", "source.address": "10.0.0.1",
		"source.port": "49000", "destination.ip": "2001:db8::2", "destination.address": "2001:db8::2", "destination.port": "443", "network.transport": "tcp", "network.protocol": "ssl",
		"event.duration": "1500001000", "zeek.conn.duration": "1.500001", "zeek.conn.orig_bytes": "100", "zeek.conn.resp_bytes": "2000", "zeek.conn.conn_state": "SF",
		"zeek.conn.local_orig": "true", "zeek.conn.local_resp": "false", "zeek.conn.missed_bytes": "0", "zeek.conn.history": "ShADad", "source.packets": "10", "source.bytes": "600",
		"destination.packets": "12", "destination.bytes": "2500", "zeek.conn.tunnel_parents": "Cp1 Cp2", "event.kind": "event", "event.module": "zeek", "event.dataset": "zeek.conn",
		"event.category": "network", "event.type": "connection", "message": "10.0.0.1:49000 to 2001:db8::2:443 tcp ssl, state SF, 100 bytes sent, 2000 received"})
	if at := events[0].Times[0]; at.Zone != "UTC" || at.Assumed != "" || at.Original != "1773450123.1234567" {
		t.Errorf("%+v", at)
	}
}

// TestHeads: other separators, two heads in one file, rows of another length, rows before any head, escapes.
func TestHeads(t *testing.T) {
	text := "lost\n#separator \\x7c\n#set_separator|;\n#empty_field|EMPTY\n#unset_field|NULL\n#path|smb_files\n#fields|ts|name|path|times.modified|x\n#types|time|string|string|time|vector[count]\n" +
		`1.5|a\x7cb\xc3\xa9\x00|\\\\h\\s|2.25|1;2;NULL` + "\n1.5|NULL|EMPTY\n" +
		"#separator \\x09\n#set_separator\t,\n#unset_field\t-\n#path\tmine own\n#fields\tts\tw\n#types\ttime\tstring\nsoon\t\\x2d\n"
	res, events := run(t, text, "x.log")
	if len(events) != 2 || res.Read != 4 || res.Status != parse.StatusPartial {
		t.Fatalf("%+v", res)
	}
	parsetest.Fields(t, "other separators", events[0], map[string]string{"@": "1970-01-01T00:00:01.5000000Z", "@modified": "1970-01-01T00:00:02.2500000Z", "file.name": `a|b` + `é` + `\x00`,
		"zeek.smb_files.path": `\\h\s`, "zeek.smb_files.x": "1 2", "zeek.smb_files.times.modified": "2.25"})
	parsetest.Fields(t, "unreadable time", events[1], map[string]string{"@": "", "zeek.log.ts": "soon", "zeek.log.w": "-", "event.dataset": "zeek.log"})
	if res.Warnings[len(res.Warnings)-1].Text != warnTime {
		t.Errorf("%v", res.Warnings)
	}
	if res, _ := run(t, connHead, "conn.log"); res.Status != parse.StatusEmpty || New().Detect([]byte(connHead), "") < 95 {
		t.Errorf("a head alone: %+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(connHead+connRow), parse.Assume{})
}

func TestJSON(t *testing.T) {
	line := `{"ts":1773450123.123456,"uid":"Ca1","id.orig_h":"10.0.0.1","id.orig_p":49000,"id.resp_h":"10.0.0.2","id.resp_p":53,"proto":"udp","trans_id":7,"query":"a.example","qclass":1,"qtype_name":"A","rcode_name":"NOERROR","AA":false,"answers":["1.1.1.1","2.2.2.2"],"TTLs":[5.0,6.0]}` + "\n"
	for _, text := range []string{line, strings.Replace(line, "{", `{"_path":"dns","_write_ts":"2026-03-14T01:02:04.5Z",`, 1), strings.Replace(line, "1773450123.123456", `"2026-03-14T01:02:03.123456Z"`, 1)} {
		if s := New().Detect([]byte(text), "x"); s < 95 {
			t.Errorf("detected with %d", s)
		}
		_, events := run(t, text, "x")
		parsetest.Fields(t, text, events[0], map[string]string{"@": "2026-03-14T01:02:03.1234560Z", "event.dataset": "zeek.dns", "dns.question.name": "a.example", "dns.question.type": "A",
			"dns.answers.data": "1.1.1.1 2.2.2.2", "dns.answers.ttl": "5.0 6.0", "dns.id": "7", "zeek.dns.AA": "false", "source.port": "49000", "destination.ip": "10.0.0.2",
			"message": "10.0.0.1 asked 10.0.0.2 for A a.example: NOERROR (1.1.1.1,2.2.2.2)"})
	}
	for text, want := range map[string]bool{`{"ts":1.5,"level":"info","message":"m","severity":"x","facility":"y"}`: false, `{"timestamp":"2026-01-01T00:00:00Z","uid":"a"}`: false,
		`{"ts":1.5,"fuid":"F1","seen_bytes":3}`: true, `{"ts":{},"_path":"x"}`: false} {
		if got := New().Detect([]byte(text), "x") > 0; got != want {
			t.Errorf("%s: detected %t", text, got)
		}
	}
	_, events := run(t, `{"ts":1.5,"id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2","odd":1}`, "weird.2026-03-14.log")
	parsetest.Fields(t, "by its name", events[0], map[string]string{"event.dataset": "zeek.weird", "zeek.weird.odd": "1"})
}

// TestTables: each row of the tables is about a log that is known, and no sentence names a column twice over in a group that is open.
func TestTables(t *testing.T) {
	k, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for name := range k.fields {
		if path, _, _ := strings.Cut(name, " "); path != "*" && k.paths[path] == nil {
			t.Errorf("fields.csv: %q is not in paths.csv", path)
		}
	}
	for name, meaning := range k.times {
		if path, _, _ := strings.Cut(name, " "); path != "*" && k.paths[path] == nil || meaning == "" {
			t.Errorf("times.csv: %q", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(connHead + connRow)
	f.Add("#separator \\x2c\n#fields,ts,a\n#types,time,set[string]\n1.5,\\xc3\\x")
	f.Add(`{"ts":1.5,"id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2","v":[1,null,{"a":[2]}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "conn.log")
		run(t, s, "conn.log")
	})
}

func BenchmarkParse(b *testing.B) {
	data := []byte(connHead + strings.Repeat(connRow, 10000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		res, err := New().Parse(b.Context(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Transient: true}, func(*event.Event) error { return nil })
		if err != nil || res.Parsed != 10000 {
			b.Fatal(err, res.Parsed)
		}
	}
}
