package pca

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "C:\\Tools\\x.exe|2026-03-14 01:02:03.004\n2026-03-14 01:02:04.005|2|%programfiles%\\y.exe|Y tool|Y corp|1.2|0006ab|Abnormal process exit with code 0x1\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "process.executable": "C:\\Tools\\x.exe", "process.name": "x.exe", "message": "C:\\Tools\\x.exe was run"},
		{"@timestamp": "2026-03-14T01:02:04.0050000Z", "pca.type": "2", "process.pe.description": "Y tool", "process.pe.company": "Y corp", "process.pe.file_version": "1.2", "pca.program_id": "0006ab", "pca.exit": "Abnormal process exit with code 0x1"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
