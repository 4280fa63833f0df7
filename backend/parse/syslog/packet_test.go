package syslog

import (
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPackets: what the kernel says about packets among its other messages has their ends as fields.
func TestPackets(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{ModTime: mtime}, map[string]map[string]string{
		"Jan  3 01:02:03 fw kernel: [UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.9 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=4000 DPT=22 SYN": {
			"event.dataset": "system.syslog", "event.action": "block", "source.ip": "192.0.2.9", "destination.port": "22", "network.transport": "tcp", "event.category": "network",
			"message": "[UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.9 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=4000 DPT=22 SYN"},
		"Jan  3 01:02:03 fw kernel: usb 1-1: new device": {"event.action": "", "event.category": ""},
	})
}
