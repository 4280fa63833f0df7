package trendmicro

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "20260314<;>0202<;>Eicar_1<;>10<;>1<;>0<;>C:\\temp\\<;>e.com<;><;>1773450123<;><;>\n20260314<;>0202<;>1<;>http://example.org/x<;>4E<;>Malware Accomplice<;>1<;>1<;>C:\\b.exe<;>49<;><;>0<;>1773450124<;>\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "threat.name": "Eicar_1", "file.path": "C:\\temp\\e.com", "trendmicro.local_time": "20260314 0202", "event.dataset": "trendmicro.virus"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "url.original": "http://example.org/x", "process.executable": "C:\\b.exe", "trendmicro.group_name": "Malware Accomplice", "event.dataset": "trendmicro.web_reputation"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
