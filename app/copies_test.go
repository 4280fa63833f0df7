package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/extract"
)

// TestCopiesFromTheWindow: a person sees what a copy would hold, makes exactly that, and another laptop makes a case of it.
func TestCopiesFromTheWindow(t *testing.T) {
	p, _, dir := open(t)
	p.create(dir)
	p.call("POST", "timeline/note", 200, map[string]any{"about": "case", "text": "the gate was open"}, nil)
	log := filepath.Join(t.TempDir(), "auth.log")
	if err := os.WriteFile(log, []byte("Mar  3 21:11:00 web01 sshd[811]: Accepted password for deploy from 203.0.113.9 port 4023 ssh2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var job struct{ Job string }
	p.call("POST", "evidence/add", 200, map[string]any{"paths": []string{log}, "keep": "sealed", "zone": "UTC", "why": "taken on site", "custodian": "IT", "source": "web01"}, &job)
	p.wait(job.Job)

	base := t.TempDir()
	order := copyOrder{Out: filepath.Join(base, "x.adjutant"), Form: "parcel", Passphrase: "another long phrase", To: "the second laptop"}
	var plan view.CopyPlan
	p.call("POST", "copies/estimate", 200, order, &plan)
	if plan.Evidence != 1 || len(plan.Items) != 1 || !plan.Items[0].Here || plan.Bytes == 0 || plan.Act.Refused != nil || !strings.Contains(plan.Act.Sentence, "the second laptop") {
		t.Fatalf("%+v", plan)
	}
	if _, err := os.Stat(order.Out); err == nil {
		t.Fatal("looking wrote something")
	}
	var no refusal
	p.call("POST", "copies/export", 409, order, &no) // nothing was shown
	order.Shown = plan.Act.Shown
	p.call("POST", "copies/export", 200, order, &job)
	if j := p.wait(job.Job); j.State != "done" {
		t.Fatalf("%+v", j)
	}
	p.call("POST", "copies/export", 400, order, &no) // it lies there already
	var all view.Copies
	p.call("GET", "copies", 200, nil, &all)
	var v view.Verification
	p.call("POST", "record/verify", 200, nil, &v)
	if len(all.Exports) != 1 || all.Exports[0].Form != "parcel" || all.Exports[0].Evidence != 1 || all.Exports[0].HeadCode == plan.HeadCode || all.Exports[0].HeadCode != v.HeadCode || len(all.Merges) != 0 {
		t.Errorf("%+v", all)
	}

	// An extract of the note; the checkpoint it needs is signed first.
	var page view.RecordPage
	p.call("GET", "record?kind=note.made", 200, nil, &page)
	x := extractOrder{Out: filepath.Join(base, "extract"), Entries: []string{page.Entries[0].ID}, To: "the insurer", Reason: "to settle the claim"}
	var shows view.ExtractPlan
	p.call("POST", "copies/extract/propose", 200, x, &shows)
	if !shows.NeedsCheckpoint || shows.Chosen != 1 {
		t.Fatalf("%+v", shows)
	}
	p.call("POST", "record/checkpoint", 200, map[string]string{"path": filepath.Join(base, "cp.note")}, nil)
	x.Against = []string{filepath.Join(base, "cp.note")}
	p.call("POST", "copies/extract/propose", 200, x, &shows)
	if shows.NeedsCheckpoint {
		t.Fatalf("%+v", shows)
	}
	p.call("POST", "copies/extract", 409, x, &no)
	x.Shown = shows.Act.Shown
	p.call("POST", "copies/extract", 200, x, nil)
	if e, err := extract.Read(x.Out); err != nil || e.Verify(caserecord.Anchors{}).ExitCode() != 0 {
		t.Errorf("%v", err)
	}

	// Another laptop makes a case of the parcel.
	q, _, there := open(t)
	in := importOrder{Path: order.Out, Passphrase: "wrong", Dir: there, NewPassphrase: phrase}
	q.call("POST", "copies/import/preview", 403, in, &no)
	in.Passphrase = order.Passphrase
	var comes view.ImportPlan
	q.call("POST", "copies/import/preview", 200, in, &comes)
	// The entry about the copy goes along.
	if comes.Name != "Harbour" || comes.OpenedBy != "A. Ruiz" || comes.Evidence != 1 || comes.Blocked || comes.Entries != plan.Entries+1 {
		t.Errorf("%+v, want head %s of %d", comes, plan.HeadCode, plan.Entries)
	}
	q.call("POST", "copies/import", 200, in, &job)
	if j := q.wait(job.Job); j.State != "done" {
		t.Fatalf("%+v", j)
	}
	var c view.CaseView
	q.call("GET", "case", 200, nil, &c)
	if !c.Open || c.Entries != comes.Entries || c.Name != "Harbour" {
		t.Errorf("%+v", c)
	}
	q.call("POST", "copies/import", 400, in, &no) // a case is open
}
