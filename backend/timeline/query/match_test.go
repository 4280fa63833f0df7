package query_test

import (
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline/query"
)

func sample() *event.Event {
	return &event.Event{
		Evidence: incident.Digest{0xab}, Path: "logs.zip!Security.evtx", Parser: "evtx",
		Locator: event.Locator{Offset: 4096, Length: 512, Record: "17"},
		Times: []event.Time{
			{Meaning: event.Occurred, At: time.Date(2020, 9, 19, 3, 21, 0, 0, time.UTC)},
			{Meaning: event.Modified, At: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)},
		},
		Fields: []event.Field{
			{Name: "event.code", Kind: event.KindNumber, Values: []string{"4624"}},
			{Name: "host.name", Values: []string{"FS01"}},
			{Name: "message", Values: []string{"An account was logged on.\nKelvin: \u212A42"}},
			{Name: "process.executable", Values: []string{`C:\Windows\System32\coreupdater.exe`}},
			{Name: "source.ip", Values: []string{"10.42.85.10", "fe80::1"}},
			{Name: "file.size", Kind: event.KindNumber, Values: []string{"18446744073709551615"}},
			{Name: "url.original", Values: []string{""}},
		},
	}
}

type notes map[event.RowID]map[string][]string

func (n notes) Values(row event.RowID, field string) []string { return n[row][field] }
func (n notes) Rows(string, string) []event.RowID             { return nil }

// TestMatch holds the meaning of every construct on one event.
func TestMatch(t *testing.T) {
	e := sample()
	e.Sort()
	people := notes{e.Row(0): {"tag": {"Lateral Movement"}, "promoted": {"true"}}}
	for text, want := range map[string]bool{
		"*":                                          true,
		"NOT *":                                      false,
		"coreupdater":                                true,
		"core":                                       false,
		"core*":                                      false,
		"*core*":                                     true,
		`"logged on"`:                                true,
		`"on logged"`:                                false,
		`"exe fs01"`:                                 false, // not across values
		"system32 AND nothing":                       false,
		"system32 AND NOT nothing":                   true,
		"k42":                                        true, // the Kelvin sign folds to k
		"host.name:fs01":                             true,
		"host.name:FS0":                              false,
		"host.name:=fs01":                            false,
		"host.name:=FS01":                            true,
		"host.name:fs0?":                             true,
		"host.name:=fs0?":                            false,
		"Host.name:fs01":                             false, // field names are exact
		"host.name:/f.\\d+/":                         true,
		"host.name:=/f.\\d+/":                        false,
		"host.name:/s0/":                             false, // the whole value
		"message:/an account.*42/":                   true,  // . meets line ends
		"event.code:4624":                            true,
		"event.code:[4624 TO 4634]":                  true,
		"event.code:{4624 TO 4634]":                  false,
		"event.code:[4000 TO 4624}":                  false,
		"event.code:>4623.5":                         true,
		"event.code:<=4e3":                           false,
		"file.size:>18446744073709551614":            true, // exact beyond 64 bits signed
		"file.size:<18446744073709551615":            false,
		"host.name:[a TO g]":                         true,
		"host.name:[1 TO 2]":                         false,
		"source.ip:10.0.0.0/8":                       true,
		"source.ip:192.168.0.0/16":                   false,
		"source.ip:fe80::/10":                        true,
		"source.ip:[10.42.85.9 TO 10.42.85.11]":      true,
		"source.ip:(10.42.85.10 AND fe80::1)":        true,
		"host.name:10.0.0.0/8":                       false,
		"_exists_:host.name":                         true,
		"_exists_:user.name":                         false,
		"_exists_:url.original":                      true,
		`url.original:""`:                            true,
		"@timestamp:2020-09-19":                      true,
		"@timestamp:2021":                            false, // the other row's time
		"@timestamp:[2020-09-19T03:21:00Z TO *]":     true,
		"@timestamp:{2020-09-19T03:21:00Z TO *]":     false,
		"tag:\"lateral movement\"":                   true,
		"tag:lateral*":                               true,
		"tag:lateral":                                false,
		"promoted:true":                              true,
		"_exists_:note":                              false,
		"adjutant.parser:evtx":                       true,
		"adjutant.path:*security.evtx":               true,
		"adjutant.time_kind:occurred":                true,
		"adjutant.evidence_sha256:ab*":               true,
		`adjutant.row_id:"` + string(e.Row(0)) + `"`: true,
		`adjutant.row_id:"` + string(e.Row(1)) + `"`: false,
		`adjutant.event_id:` + string(e.ID()):        true,
		`*:fs01`:                                     true,
		`*:fs0`:                                      false,
		`*:/.*coreupdater.*/`:                        true,
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := query.Match(q, e, 0, people); got != want {
			t.Errorf("%s: %v", text, got)
		}
		if again, err := query.Parse(q.String()); err != nil || query.Match(again, e, 0, people) != want {
			t.Errorf("%s: canonical %s answers otherwise (%v)", text, q, err)
		}
	}
	undated := sample()
	undated.Times = nil
	for text, want := range map[string]bool{"@timestamp:[* TO *]": false, "NOT @timestamp:2020": true, "_exists_:@timestamp": false} {
		q, err := query.Parse(text)
		if err != nil || query.Match(q, undated, -1, nil) != want {
			t.Errorf("undated %s: not %v (%v)", text, want, err)
		}
	}
}

func TestFoldKeepsBrokenBytesApart(t *testing.T) {
	if query.Fold("A\xff") != "a\xff" || query.Fold("A\xfe") == query.Fold("A\xff") {
		t.Error("bytes that are not UTF-8 were changed")
	}
	for _, pair := range [][2]string{{"STRASSE", "strasse"}, {"Σ", "ς"}, {"Ä", "ä"}, {"K", "\u212A"}} {
		if query.Fold(pair[0]) != query.Fold(pair[1]) {
			t.Errorf("%q and %q differ after folding", pair[0], pair[1])
		}
	}
}
