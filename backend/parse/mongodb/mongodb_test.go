package mongodb

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "2026-03-14T01:02:03.004+0100 I NETWORK  [listener] connection accepted from 203.0.113.9:5000 #1\n2026-03-14T01:02:04.004+0100 E STORAGE  [initandlisten] cannot open\nmore of it\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T00:02:03.0040000Z", "log.level": "I", "mongodb.log.component": "NETWORK", "mongodb.log.context": "listener", "message": "connection accepted from 203.0.113.9:5000 #1"},
		{"@timestamp": "2026-03-14T00:02:04.0040000Z", "log.level": "E", "message": "cannot open\nmore of it"},
	})
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		`2026-03-14T01:02:03.004+0100 I ACCESS   [conn7] SCRAM-SHA-1 authentication failed for root on admin from client 203.0.113.9:5000 ; UserNotFound: x`: {
			"user.name": "root", "source.ip": "203.0.113.9", "source.port": "5000", "event.action": "login", "event.outcome": "failure", "event.category": "authentication"},
		`2026-03-14T01:02:03.004+0100 I ACCESS   [conn7] Successfully authenticated as principal ann on admin from client 203.0.113.9:5000`: {
			"user.name": "ann", "source.ip": "203.0.113.9", "event.outcome": "success"},
		`2026-03-14T01:02:03.004Z I NETWORK  [conn7] end connection 203.0.113.9:5000 (3 connections now open)`: {
			"source.port": "5000", "event.action": "disconnection"},
		`{"t":{"$date":"2026-03-14T01:02:03.004+01:00"},"s":"I","c":"ACCESS","id":20249,"ctx":"conn7","msg":"Authentication failed","attr":{"mechanism":"SCRAM-SHA-256","principalName":"root","authenticationDatabase":"admin","client":"203.0.113.9:5000","result":"UserNotFound","error":"no such user"}}`: {
			"@": "2026-03-14T00:02:03.0040000Z", "message": "Authentication failed as root on admin from 203.0.113.9:5000: no such user", "mongodb.log.text": "Authentication failed", "user.name": "root",
			"source.ip": "203.0.113.9", "source.port": "5000", "event.code": "20249", "event.outcome": "failure", "mongodb.log.component": "ACCESS", "mongodb.log.context": "conn7", "mongodb.log.attr.mechanism": "SCRAM-SHA-256"},
		`{ "t": { "$date": "2026-03-14T01:02:03.004Z" }, "s": "I", "c": "COMMAND", "id": 51803, "ctx": "conn7", "msg": "Slow query", "attr": { "ns": "books.x", "durationMillis": 212, "keys": [1, 2], "remote": "[::1]:77" } }`: {
			"message": "Slow query on books.x took 212 ms from [::1]:77", "mongodb.log.attr.durationMillis": "212", "mongodb.log.attr.keys": "1 2", "source.ip": "::1", "event.category": "database"},
		`{"t":{"$date":"2026-03-14T01:02:03.004Z"},"s":"I","c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection accepted","attr":{"remote":"203.0.113.9:5000"}}`: {
			"message": "Connection accepted from 203.0.113.9:5000", "event.action": "connection", "event.category": "network"},
		`{"t":{"$date":"2026-03-14T01:02:03.004Z"},"s":"I","c":"ACCESS","id":5286306,"ctx":"c","msg":"Successfully authenticated","attr":{"client":"a:1","user":{"user":"ann","db":"admin"}}}`: {
			"user.name": "ann", "event.outcome": "success"},
	})
}

// TestUpgrade: a new version goes on with the file of the old one. A cut line is a counted skip.
func TestUpgrade(t *testing.T) {
	const line = `{"t":{"$date":"2026-03-14T01:02:05Z"},"s":"I","c":"X","id":1,"ctx":"c","msg":"m"}` + "\n"
	res, events := parsetest.Run(t, New(), []byte(sample+line+line[:50]+"\n"+line), "x", assume)
	if len(events) != 4 || res.Status != parse.StatusPartial || len(res.Skipped) != 1 || res.Skipped[0].Count != 1 {
		t.Errorf("%d events, %+v", len(events), res)
	}
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, `{"t":{"$date":"2026-03-14T01:02:03.004Z"},"s":"I","c":"ACCESS","id":1,"ctx":"c","msg":"Authentication failed","attr":{"user":{"user":"a"},"n":[1,{"x":null}]}}`, strings.ReplaceAll(sample, " ", "\n"))
}
