package formats

import (
	"testing"

	"adjutant/backend/parse"
)

// webSamples are lines of the web and network formats, as their products write them.
var webSamples = []struct{ name, content string }{
	{"haproxy", "Sep 20 15:42:59 1.2.3.4 haproxy[24551]: Connect from 1.2.3.4:40780 to 1.2.3.4:5000 (main/HTTP)\n"},
	{"haproxy", "10.0.1.2:33317 [06/Feb/2019:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0\n"},
	{"nginx", "2016/10/25 14:50:44 [error] 54053#0: *3 open() failed, client: 127.0.0.1, server: localhost\n"},
	{"apacheerror", "[Mon Dec 26 16:22:08 2016] [error] [client 192.168.33.1] File does not exist: /var/www/x\n"},
	{"apacheerror", "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] [client 72.15.99.187:1] AH00135: x\n"},
	{"iis", "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-uri-stem c-ip\n2018-01-01 08:09:10 / 10.0.0.1\n"},
	{"iis", "#Software: Microsoft HTTP API 2.0\n#Fields: date time c-ip s-reason\n2018-01-01 08:09:10 10.0.0.1 Timer\n"},
	{"winfirewall", "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n#Fields: date time action protocol\n2005-04-11 08:05:57 DROP UDP\n"},
	{"zeek", "#separator \\x09\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n1.5\tC\n"},
	{"zeek", `{"ts":1773450123.1,"uid":"C","id.orig_h":"10.0.0.1","id.orig_p":1,"id.resp_h":"10.0.0.2","id.resp_p":2}` + "\n"},
	{"suricata", `{"timestamp":"2026-03-14T01:02:03.123456+0100","flow_id":1,"event_type":"dns","src_ip":"10.0.0.1","dest_ip":"10.0.0.2","proto":"UDP","dns":{}}` + "\n"},
	{"snort", "03/14/2026-01:02:03.123456  [**] [1:2009187:4] ET x [**] [Priority: 3] {TCP} 11.11.232.144:80 -> 10.0.0.1:56068\n"},
	{"elb", `2021-05-13T23:39:43.945958Z lb 192.168.131.39:2817 10.0.0.1:80 0.1 0.2 0.3 200 200 0 29 "GET http://h:80/ HTTP/1.1" "curl" - -` + "\n"},
	{"vpcflow", "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1773450123 1773450183 ACCEPT OK\n"},
	{"squid", "1773450123.586    921 192.168.0.68 TCP_MISS/200 507 POST http://rsvp.example/ - HIER_DIRECT/64.94.106.9 text/plain\n"},
	{"traefik", `{"ClientHost":"10.0.0.9","DownstreamStatus":404,"RequestMethod":"GET","RequestPath":"/","RouterName":"r","StartUTC":"2026-03-14T01:02:03Z"}` + "\n"},
	{"access", `1.2.3.4 - - [02/Oct/2017:20:22:07 +0000] "GET / HTTP/1.1" 304 0 "-" "Mozilla" 262 "Host-1" "http://172.19.0.3:5601" 2ms` + "\n"},
	{"netfilter", "Mar 14 01:02:03 fw01 kernel: [1.5] [UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.9 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=4000 DPT=22\n"},
	{"paloalto", "Mar 14 01:02:05 PA-1 1,2026/03/14 01:02:04,001606001116,TRAFFIC,end,1,2026/03/14 01:02:03,10.0.0.1,192.0.2.7\n"},
	{"asa", "<166>Mar 14 2026 01:02:03: %ASA-6-302021: Teardown ICMP connection for faddr 192.0.2.7/1 gaddr 10.0.0.1/0 laddr 10.0.0.1/0\n"},
}

// TestDetectWeb: each line is known for what it is, and no format of another product takes it.
func TestDetectWeb(t *testing.T) {
	generic := map[string]bool{"jsonl": true, "syslog": true, "csv": true}
	for _, s := range webSamples {
		got := ""
		if f := parse.Detect(All(), []byte(s.content), "unnamed"); f != nil {
			got = f.Name()
		}
		if got != s.name {
			t.Errorf("%q: %q, want %q", s.content, got, s.name)
		}
		for _, f := range All() {
			if score := f.Detect([]byte(s.content), "unnamed"); score > 0 && f.Name() != s.name && !generic[f.Name()] {
				t.Errorf("%q: %s takes it too, with %d", s.content, f.Name(), score)
			}
		}
	}
}
