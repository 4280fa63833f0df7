package suricata

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "eve.json", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const alert = `{"timestamp":"2026-03-14T01:02:03.123456+0100","flow_id":18446744073709551615,"in_iface":"eth0","event_type":"alert","src_ip":"10.0.0.1","src_port":49000,"dest_ip":"10.0.0.2","dest_port":80,"proto":"TCP","community_id":"1:x=","alert":{"action":"blocked","gid":1,"signature_id":2009187,"rev":4,"signature":"ET WEB_CLIENT x","category":"Web Application Attack","severity":1,"metadata":{"tag":["a","b"]}},"http":{"hostname":"h.example","url":"/a?b=1","http_method":"GET","protocol":"HTTP/1.1","status":404,"length":7,"http_user_agent":"curl","http_refer":"r"},"app_proto":"http","flow":{"pkts_toserver":3,"pkts_toclient":2,"bytes_toserver":300,"bytes_toclient":200,"start":"2026-03-14T01:02:00.000000+0100"}}`

func TestAlert(t *testing.T) {
	res, events := run(t, alert+"\n")
	if len(events) != 1 || res.Status != parse.StatusOK {
		t.Fatalf("%+v", res)
	}
	parsetest.AllFields(t, "alert", events[0], map[string]string{"@": "2026-03-14T00:02:03.1234560Z", "@started": "", "suricata.eve.flow_id": "18446744073709551615",
		"observer.ingress.interface.name": "eth0", "suricata.eve.event_type": "alert", "source.ip": "10.0.0.1", "source.address": "10.0.0.1", "source.port": "49000",
		"destination.ip": "10.0.0.2", "destination.address": "10.0.0.2", "destination.port": "80", "network.transport": "tcp", "network.protocol": "http", "network.community_id": "1:x=",
		"event.action": "blocked", "event.outcome": "failure", "suricata.eve.alert.gid": "1", "rule.id": "2009187", "rule.version": "4", "rule.name": "ET WEB_CLIENT x",
		"rule.category": "Web Application Attack", "event.severity": "1", "suricata.eve.alert.metadata.tag": "a b", "url.domain": "h.example", "url.original": "/a?b=1", "url.path": "/a",
		"url.query": "b=1", "http.request.method": "GET", "suricata.eve.http.protocol": "HTTP/1.1", "http.response.status_code": "404", "http.response.body.bytes": "7",
		"user_agent.original": "curl", "http.request.referrer": "r", "source.packets": "3", "destination.packets": "2", "source.bytes": "300", "destination.bytes": "200",
		"suricata.eve.flow.start": "2026-03-14T01:02:00.000000+0100", "event.kind": "alert", "event.module": "suricata", "event.dataset": "suricata.eve",
		"event.category": "network intrusion_detection", "event.type": "info", "message": "ET WEB_CLIENT x: 10.0.0.1:49000 to 10.0.0.2:80, blocked"})
}

func TestKinds(t *testing.T) {
	head := `{"timestamp":"2026-03-14T01:02:03.123456+0000","flow_id":1,"src_ip":"10.0.0.1","src_port":1,"dest_ip":"10.0.0.2","dest_port":2,"proto":"UDP","event_type":`
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		head + `"flow","flow":{"start":"2026-03-14T01:00:00.000000+0000","end":"2026-03-14T01:01:00.000000+0000","state":"closed","bytes_toserver":5}}`: {"@started": "2026-03-14T01:00:00.0000000Z",
			"@ended": "2026-03-14T01:01:00.0000000Z", "message": "10.0.0.1:1 to 10.0.0.2:2 UDP, state closed, 5 bytes sent"},
		head + `"dns","dns":{"type":"answer","id":3,"rrname":"a.example","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"a.example","rrtype":"A","ttl":5,"rdata":"1.1.1.1"},{"rdata":"2.2.2.2"}]}}`: {
			"dns.question.name": "a.example", "dns.answers.data": "1.1.1.1 2.2.2.2", "dns.id": "3", "message": "10.0.0.1 and 10.0.0.2: DNS answer A a.example: NOERROR"},
		head + `"tls","tls":{"sni":"s.example","version":"TLS 1.3","ja3":{"hash":"aa","string":"b"}}}`: {"tls.client.server_name": "s.example", "tls.client.ja3": "aa", "suricata.eve.tls.ja3.string": "b"},
		head + `"fileinfo","fileinfo":{"filename":"/a.exe","size":9,"sha256":"00","stored":false}}`:    {"file.path": "/a.exe", "file.size": "9", "file.hash.sha256": "00", "suricata.eve.fileinfo.stored": "false"},
		head + `"newkind","newkind":{"x":[1,"a"]}}`:                                                    {"suricata.eve.newkind.x": "1 a", "message": "newkind: 10.0.0.1:1 to 10.0.0.2:2 UDP", "event.category": ""},
		`{"timestamp":"2026-03-14T01:02:03.1+0000","event_type":"stats","stats":{"uptime":9}}`:         {"event.kind": "metric", "message": "statistics of Suricata, up for 9 s"},
		`{"timestamp":"never","event_type":"stats","stats":{"uptime":9}}`:                              {"@": "", "suricata.eve.timestamp": "never"},
	})
	for text, want := range map[string]bool{alert: true, `{"timestamp":"2026-03-14T01:02:03Z","event_type":"login","user":"a"}`: false, `{"ts":1,"event_type":"alert"}`: false} {
		if got := New().Detect([]byte(text), "x") > 95; got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func TestDamage(t *testing.T) {
	res, events := run(t, alert+"\n{\"timestamp\":\n"+strings.Replace(alert, "ET WEB", "ET \xff", 1)+"\n")
	if len(events) != 2 || res.Read != 3 || res.Status != parse.StatusPartial {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(alert), parse.Assume{})
	if _, err := load(); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(alert)
	f.Add(`{"timestamp":"x","event_type":"flow","src_ip":[],"flow":{"start":{}}}`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
