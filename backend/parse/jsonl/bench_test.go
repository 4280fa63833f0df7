package jsonl

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// linesOf is a file of some thousand lines: an application's, a document of ECS, a Windows event of evtx_dump.
func linesOf(kind string) []byte {
	var b strings.Builder
	for i := 0; i < 10000; i++ {
		switch kind {
		case "generic":
			fmt.Fprintf(&b, `{"time":"2026-03-14T01:02:03.%06dZ","level":"info","host":"web1","pid":%d,"user":"mia","src_ip":"10.0.0.%d","msg":"request done","request":{"id":"%d","path":"/a/b/c","status":200,"ms":12.5},"tags":["a","b"]}`+"\n", i, i, i%250, i)
		case "ecs":
			fmt.Fprintf(&b, `{"@timestamp":"2026-03-14T01:02:03.%06dZ","ecs":{"version":"8.0.0"},"event":{"kind":"event","category":["network"],"type":["connection"],"action":"deny"},"host":{"name":"fw1"},"source":{"ip":"10.0.0.%d","port":%d},"destination":{"ip":"203.0.113.7","port":443},"network":{"transport":"tcp","bytes":%d},"message":"deny 10.0.0.5 to 203.0.113.7"}`+"\n", i, i%250, i, i)
		case "windows":
			fmt.Fprintf(&b, `{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing","Guid":"54849625-5478-4994-A5BA-3E3B0328C30D"}},"EventID":4624,"Version":2,"Level":0,"Task":12544,"Opcode":0,"Keywords":"0x8020000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-03-14T01:02:03.%06dZ"}},"EventRecordID":%d,"Correlation":null,"Execution":{"#attributes":{"ProcessID":632,"ThreadID":700}},"Channel":"Security","Computer":"FS01","Security":null},"EventData":{"SubjectUserSid":"S-1-5-18","SubjectUserName":"FS01$","SubjectDomainName":"CORP","SubjectLogonId":"0x3e7","TargetUserSid":"S-1-5-21-1-2-3-1104","TargetUserName":"bob","TargetDomainName":"CORP","TargetLogonId":"0x%x","LogonType":3,"LogonProcessName":"Kerberos","AuthenticationPackageName":"Kerberos","WorkstationName":"-","IpAddress":"10.0.0.9","IpPort":"50123"}}}`+"\n", i, i, i)
		}
	}
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	for _, kind := range []string{"generic", "ecs", "windows"} {
		data := linesOf(kind)
		b.Run(kind, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			records := int64(0)
			for b.Loop() {
				res, err := New().Parse(context.Background(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Name: "x.jsonl"}, func(*event.Event) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
				records += res.Parsed
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(records), "ns/record")
		})
	}
}
