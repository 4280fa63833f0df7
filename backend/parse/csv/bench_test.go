package delimited

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// tableOf is a table of some thousand rows: a timeline of Plaso, the lines of a firewall.
func tableOf(kind string) []byte {
	var b strings.Builder
	switch kind {
	case "plaso":
		b.WriteString("datetime,timestamp_desc,source,source_long,message,parser,display_name,tag\n")
		for i := 0; i < 20000; i++ {
			fmt.Fprintf(&b, "2026-03-14T01:%02d:%02d.%06d+00:00,Content Modification Time,LOG,Log File,[client  pid: %d] INFO No change in [/etc/netgroup]. Done,text/syslog_traditional,OS:/tmp/test/test_data/syslog/syslog,-\n", i/60%60, i%60, i, i)
		}
	case "firewall":
		b.WriteString("Date;Time;Action;Source IP;Source Port;Dest IP;Dest Port;Protocol;Bytes Sent;Rule;Session\n")
		for i := 0; i < 20000; i++ {
			fmt.Fprintf(&b, "14.03.2026;01:%02d:%02d;deny;10.0.%d.5;%d;203.0.113.7;443;tcp;%d;\"block; all\";%d\n", i/60%60, i%60, i%250, 1024+i, i, i)
		}
	case "mft":
		b.WriteString("entrynumber,sequencenumber,inuse,parententrynumber,parentsequencenumber,parentpath,filename,extension,filesize,referencecount,reparsetarget,isdirectory,hasads,isads,si<fn,useczeros,copied,siflags,nametype,created0x10,created0x30,lastmodified0x10,lastmodified0x30,lastrecordchange0x10,lastrecordchange0x30,lastaccess0x10,lastaccess0x30,updatesequencenumber,logfilesequencenumber,securityid,objectidfiledroid,loggedutilstream,zoneidcontents\n")
		for i := 0; i < 20000; i++ {
			fmt.Fprintf(&b, "%d,1,True,5,5,.\\Windows\\System32,file%d.dll,.dll,%d,1,,False,False,False,False,True,False,Archive,DosWindows,2026-03-14 01:02:03.1234567,,2026-03-14 01:%02d:03.1234567,,2026-03-14 01:02:03.1234567,,2026-03-14 01:02:03.1234567,,1234,5678,9,,,\n", i, i, i*10, i%60)
		}
	}
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	for _, kind := range []string{"plaso", "firewall", "mft"} {
		data := tableOf(kind)
		b.Run(kind, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			rows := int64(0)
			for b.Loop() {
				res, err := New().Parse(context.Background(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Name: "x.csv"}, func(*event.Event) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
				rows += res.Parsed
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
		})
	}
}

// TestTransient: a caller that has finished with an event when emit returns gets the same events.
func TestTransient(t *testing.T) {
	for _, kind := range []string{"plaso", "firewall", "mft"} {
		data := tableOf(kind)[:200000]
		var texts [2][]string
		for i, transient := range []bool{false, true} {
			_, err := New().Parse(context.Background(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Name: "x.csv", Transient: transient}, func(e *event.Event) error {
				texts[i] = append(texts[i], strings.Clone(string(e.JSON(0))))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(texts[0]) < 100 || !slices.Equal(texts[0], texts[1]) {
			t.Errorf("%s: %d and %d events differ", kind, len(texts[0]), len(texts[1]))
		}
	}
}
