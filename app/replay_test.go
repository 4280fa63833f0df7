package app

import (
	"net/url"
	"testing"
	"time"

	"adjutant/app/view"
)

// TestReplayOfACase: the page goes back to a decision and to a time, and draws both axes.
func TestReplayOfACase(t *testing.T) {
	p, _, dir := open(t)
	p.create(dir)
	declare := map[string]string{"level": "high", "outcome": "severity", "reason_code": "insufficient-information", "reason": "the ferry control network is reachable from it"}
	var preview view.DecisionPreview
	p.call("POST", "decision/preview", 200, declare, &preview)
	declare["shown"] = preview.Shown
	p.call("POST", "decision/sign", 200, declare, nil)
	var record view.RecordPage
	p.call("GET", "record?kind=severity.declared", 200, nil, &record)
	if record.Total != 1 {
		t.Fatalf("%d severities", record.Total)
	}
	declared := record.Entries[0]

	var then view.Then
	p.call("GET", "replay?entry="+declared.ID, 200, nil, &then)
	if then.Severity != nil || then.Of == nil || then.Of.ID != declared.ID || then.Entries != declaredAfter(record, p) || then.HeadCode == "" || len(then.People) != 1 {
		t.Errorf("known when it was declared: %+v", then)
	}
	p.call("GET", "replay?at="+url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339))+"&person="+then.People[0].ID, 200, nil, &then)
	if then.Severity == nil || then.Severity.Level != "high" || then.Person == nil || then.Person.Name != "A. Ruiz" || then.Later.Entries != 0 {
		t.Errorf("known now: %+v", then)
	}
	var axes view.Axes
	p.call("GET", "replay/axes", 200, nil, &axes)
	if len(axes.Hours) == 0 || len(axes.Marks) != 1 || axes.Marks[0].ID != declared.ID || axes.EvidenceFirst != nil || axes.From == "" {
		t.Errorf("axes: %+v", axes)
	}
	for path, status := range map[string]int{"replay": 400, "replay?at=now": 400, "replay?entry=" + declared.ID + "&person=x": 400, "replay?entry=0123456789": 404} {
		var r refusal
		p.call("GET", path, status, nil, &r)
		if r.Error.Sentence == "" {
			t.Errorf("%s: no sentence", path)
		}
	}
}

// declaredAfter is how many entries stood before the severity: all but it and what a person signs with it.
func declaredAfter(record view.RecordPage, p page) int {
	var all view.RecordPage
	p.call("GET", "record", 200, nil, &all)
	for i, e := range all.Entries { // newest first
		if e.ID == record.Entries[0].ID {
			return len(all.Entries) - 1 - i
		}
	}
	return -1
}
