package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/app/view"
	"adjutant/backend/decision"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// TestMergeFromTheWindow: a person looks at a copy, merges exactly what was shown, and settles the conflict that came of it.
func TestMergeFromTheWindow(t *testing.T) {
	ctx := context.Background()
	p, s, dir := open(t)
	p.create(dir)
	if _, err := workbench.CreatePerson(s.env, "B. Holm", []byte(phrase)); err != nil {
		t.Fatal(err)
	}
	signs := func(path string, in any) {
		t.Helper()
		var v view.ActPreview
		p.call("POST", path, 200, in, &v)
		if v.Refused != nil {
			t.Fatal(*v.Refused)
		}
		p.call("POST", "act/sign", 200, map[string]string{"shown": v.Shown}, nil)
	}
	signs("people/admit", map[string]string{"person": "B. Holm"})
	signs("people/grant", map[string]string{"person": "B. Holm", "role": "incident-commander"})
	p.call("POST", "case/close", 200, nil, nil)
	copied := filepath.Join(t.TempDir(), "copy.case")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	const reason = "Only a training machine is reached as far as we know."
	declare := func(b *workbench.Bench, level incident.Severity) {
		t.Helper()
		r := workbench.DecisionRequest{Level: level, Outcome: decision.Severity, ReasonCode: "other", Reason: reason}
		pr, err := b.ProposeDecision(ctx, r)
		if err != nil || pr.Refused != nil {
			t.Fatal(err, pr.Refused)
		}
		me, err := b.Me()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Decide(ctx, confirm.New(me, pr.Shown, pr.Kinds...), r); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []struct {
		dir, who string
		level    incident.Severity
	}{{copied, "B. Holm", incident.SeverityLow}, {dir, "A. Ruiz", incident.SeverityHigh}} {
		b, err := workbench.OpenCase(ctx, s.env, workbench.OpenConfig{Dir: at.dir, Passphrase: []byte(phrase), Person: at.who})
		if err != nil {
			t.Fatal(err)
		}
		declare(b, at.level)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}

	p.call("POST", "case/open", 200, map[string]string{"dir": dir, "passphrase": phrase, "person": "A. Ruiz"}, nil)
	var refused refusal
	p.call("POST", "merge/preview", 403, map[string]string{"path": copied, "passphrase": "another passphrase"}, &refused)
	p.call("POST", "merge/preview", 404, map[string]string{"path": copied + "x", "passphrase": phrase}, &refused)
	var v view.MergePreview
	p.call("POST", "merge/preview", 200, map[string]string{"path": copied, "passphrase": phrase}, &v)
	if !v.Signs || v.Entries != 1 || len(v.Conflicts) != 1 || len(v.Conflicts[0].Answers) != 2 || v.Act.Shown == "" || v.Act.Refused != nil || v.Kind != "case" || v.Lacking != 1 {
		t.Fatalf("%+v", v)
	}
	p.call("POST", "act/sign", 409, map[string]string{"shown": v.Act.Shown}, &refused) // a merge is signed by merging alone
	p.call("POST", "merge", 409, map[string]any{"path": copied, "passphrase": phrase, "shown": strings.Repeat("0", 64), "keep_going": false}, &refused)
	var started struct{ Job string }
	p.call("POST", "merge", 200, map[string]any{"path": copied, "passphrase": phrase, "shown": v.Act.Shown, "keep_going": false}, &started)
	if j := p.wait(started.Job); j.State != "done" || !strings.Contains(j.Message, "Took in 1 entry") || !strings.Contains(j.Message, "1 conflict") {
		t.Fatalf("%+v", j)
	}
	var open struct{ Conflicts []view.Conflict }
	p.call("GET", "conflicts", 200, nil, &open)
	if len(open.Conflicts) != 1 || open.Conflicts[0].Title != "severity of the incident" {
		t.Fatalf("%+v", open)
	}
	for _, x := range open.Conflicts[0].Answers {
		// Neither had seen what the other wrote in the copy; both had the record as it was when it was copied.
		if len(x.Knew) != 1 || x.Knew[0].Name == x.Name || (x.Knew[0].UpTo == nil) != (x.Name == "A. Ruiz") {
			t.Errorf("%+v", x)
		}
	}
	signs("conflicts/propose", map[string]string{"field": "severity", "chosen": open.Conflicts[0].Answers[0].Entry, "reason_code": "other", "reason": reason})
	var detail view.EntryDetail
	p.call("GET", "record/entry?id="+open.Conflicts[0].Answers[0].Entry, 200, nil, &detail)
	if len(detail.Awaits) != 0 || detail.Cosigned != nil || detail.Ground != nil || detail.Corrections == nil {
		t.Errorf("%+v", detail)
	}
	p.call("GET", "record/entry?id=nothing", 404, nil, &refused)
	p.call("GET", "conflicts", 200, nil, &open)
	var aside struct{ Refused []view.SetAside }
	p.call("GET", "refused", 200, nil, &aside)
	if len(open.Conflicts) != 0 || aside.Refused == nil || len(aside.Refused) != 0 {
		t.Errorf("%+v %+v", open, aside)
	}
}
