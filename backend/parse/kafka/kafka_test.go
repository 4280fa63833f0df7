package kafka

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[2026-03-14 01:02:03,004] ERROR [Broker 2]: lost the controller (kafka.server.KafkaServer)\njava.io.IOException: gone\n\tat x\n[2026-03-14 01:02:04,005] INFO started (kafka.server.KafkaServer)\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "log.level": "ERROR", "kafka.log.component": "Broker 2", "kafka.log.class": "kafka.server.KafkaServer", "kafka.log.trace": "java.io.IOException: gone\n\tat x", "message": "lost the controller", "event.dataset": "kafka.log"},
		{"@timestamp": "2026-03-14T01:02:04.0050000Z", "message": "started"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
