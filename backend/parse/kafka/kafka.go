// Package kafka reads Kafka server, controller and state change logs, and others in that form of log4j.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a stack trace stays with the line that it explains. It judges nothing.
//
// Specification: Apache Kafka, config/log4j.properties, pattern "[%d] %p %m (%c)%n".
package kafka

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "kafka"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a Kafka log line"

// Format reads Kafka server, controller and state change logs, and others in that form of log4j.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format.
func (Format) Detect(head []byte, _ string) int {
	return linelog.Score(head, 93, fits, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a Kafka log line", Read: read, Continues: continues}, emit)
}

// head takes "[2017-08-04 10:48:20,377] INFO message (logger)".
func head(line string) (when, level, rest string, ok bool) {
	if len(line) < 26 || line[0] != '[' || line[24] != ']' || line[5] != '-' || line[14] != ':' || line[20] != ',' {
		return "", "", "", false
	}
	level, rest, _ = strings.Cut(line[26:], " ")
	switch level {
	case "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL":
		return line[1:24], level, strings.TrimLeft(rest, " "), true
	}
	return "", "", "", false
}

func fits(line []byte) bool {
	_, _, rest, ok := head(string(line))
	return ok && strings.HasSuffix(rest, ")")
}

func continues(line []byte) bool {
	_, _, _, ok := head(string(line))
	return !ok
}

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	when, level, rest, ok := head(first)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, when) != nil {
		return linelog.ReasonTime
	}
	if i := strings.LastIndex(rest, " ("); i >= 0 && strings.HasSuffix(rest, ")") {
		r.Set("kafka.log.class", rest[i+2:len(rest)-1])
		rest = rest[:i]
	}
	if end := strings.IndexByte(rest, ']'); strings.HasPrefix(rest, "[") && end > 0 {
		r.Set("kafka.log.component", rest[1:end])
		if text := strings.TrimLeft(rest[end+1:], ": "); text != "" {
			rest = text
		}
	}
	r.Set("kafka.log.trace", more)
	r.Set("log.level", level)
	r.Set("message", rest)
	r.Set("event.kind", "event")
	r.Set("event.module", "kafka")
	r.Set("event.dataset", "kafka.log")
	return ""
}
