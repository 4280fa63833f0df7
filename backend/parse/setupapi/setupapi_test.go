package setupapi

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[Device Install Log]\n     OS Version = 10.0\n[BeginLog]\n[Boot Session: 2026/03/14 00:00:00.000]\n>>>  [Device Install (Hardware initiated) - USBSTOR\\Disk\\1]\n>>>  Section start 2026/03/14 01:02:03.004\n      cmd: rundll32.exe x\n     dvi: {Build Driver List}\n<<<  Section end 2026/03/14 01:02:04.005\n<<<  [Exit status: SUCCESS]\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "setupapi.device": "USBSTOR\\Disk\\1", "setupapi.exit_status": "SUCCESS", "event.outcome": "success", "process.command_line": "rundll32.exe x", "event.action": "device install (hardware initiated)", "message": "Device Install (Hardware initiated) - USBSTOR\\Disk\\1: SUCCESS"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}

// TestDamagedSection: the lines of a section whose first line is damaged are counted, not passed over.
func TestDamagedSection(t *testing.T) {
	text := strings.Replace(sample, ">>>  [Device", "<<<  [Device", 1) + sample
	res, events := parsetest.Run(t, New(), []byte(text), "x.log", assume)
	if len(events) != 1 || res.Status != parse.StatusPartial || len(res.Skipped) == 0 {
		t.Errorf("%d events, %+v", len(events), res)
	}
}
