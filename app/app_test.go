package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"adjutant/app/view"
	"adjutant/backend/sandbox"
	"adjutant/backend/workbench"
)

func TestMain(m *testing.M) {
	sandbox.MaybeChild()
	os.Exit(m.Run())
}

const phrase = "page test phrase"

// page is the page's side of the wire: every call checks the status it expects.
type page struct {
	t *testing.T
	h http.Handler
}

func (p page) call(method, path string, status int, in, out any) {
	p.t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			p.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	r := httptest.NewRequest(method, "/api/"+path, body)
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	if w.Code != status {
		p.t.Fatalf("%s %s: status %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			p.t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
}

type refusal struct {
	Error view.Error `json:"error"`
}

func open(t *testing.T) (page, *Server, string) {
	t.Helper()
	env := workbench.NewEnv(filepath.Join(t.TempDir(), "home"), "test")
	env.WorkFactor = 10
	s := NewServer(env, "")
	t.Cleanup(s.Close)
	ui := fstest.MapFS{"index.html": {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__">`)}, "a.js": {Data: []byte("1")}}
	return page{t, NewPage(ui, s)}, s, filepath.Join(t.TempDir(), "harbour.case")
}

func (p page) create(dir string) view.CaseView {
	var c view.CaseView
	p.call("POST", "case/create", 200, map[string]string{"dir": dir, "name": "Harbour", "person": "A. Ruiz", "passphrase": phrase, "mode": "live", "tlp": "AMBER", "zone": "Europe/Copenhagen"}, &c)
	return c
}

func (p page) wait(id string) view.Job {
	p.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var all struct{ Jobs []view.Job }
		p.call("GET", "jobs", 200, nil, &all)
		for _, j := range all.Jobs {
			if j.ID == id && j.State != "running" {
				return j
			}
		}
	}
	p.t.Fatalf("job %s does not end", id)
	return view.Job{}
}

func TestCaseFromEvidenceToDecision(t *testing.T) {
	p, _, dir := open(t)
	var start view.Start
	p.call("GET", "start", 200, nil, &start)
	if len(start.Persons) != 0 || len(start.Recent) != 0 {
		t.Errorf("a fresh device knows %+v", start)
	}
	c := p.create(dir)
	if !c.Open || c.TLP != "AMBER" || c.Person.Acting != "incident-commander" || c.Entries != 1 {
		t.Errorf("%+v", c)
	}
	logs := t.TempDir()
	var text strings.Builder
	for i := 0; i < 40; i++ {
		text.WriteString("Mar  3 21:10:0" + string(rune('0'+i%10)) + " web01 sshd[811]: Failed password for deploy from 203.0.113.9 port 4022 ssh2\n")
	}
	text.WriteString("Mar  3 21:11:00 web01 sshd[811]: Accepted password for deploy from 203.0.113.9 port 4023 ssh2\n")
	if err := os.WriteFile(filepath.Join(logs, "auth.log"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var added struct{ Job string }
	p.call("POST", "evidence/add", 200, map[string]any{"paths": []string{logs}, "keep": "auto", "zone": "Europe/Copenhagen", "why": "taken on site", "custodian": "IT", "source": "web01"}, &added)
	if j := p.wait(added.Job); j.State != "done" {
		t.Fatalf("%+v", j)
	}
	var items struct{ Items []view.EvidenceItem }
	p.call("GET", "evidence", 200, nil, &items)
	if len(items.Items) != 1 || items.Items[0].Parsed != 41 || items.Items[0].Zone != "Europe/Copenhagen" {
		t.Errorf("%+v", items)
	}
	var tl view.TimelinePage
	p.call("GET", "timeline?q=event.action:ssh-login-accepted&limit=10&columns=source.ip", 200, nil, &tl)
	if tl.Total != 1 || tl.Rows[0].Values["source.ip"] != "203.0.113.9" || tl.Rows[0].Host != "web01" {
		t.Errorf("%+v", tl)
	}
	var detail view.RowDetail
	p.call("GET", "timeline/row?id="+tl.Rows[0].ID, 200, nil, &detail)
	if detail.Raw == nil || !strings.HasPrefix(detail.Raw.Text, "Mar  3 21:11:00 web01 sshd") || !detail.Evidence.Present {
		t.Errorf("%+v", detail.Raw)
	}
	p.call("POST", "timeline/tag", 200, map[string]any{"rows": []string{tl.Rows[0].ID}, "tag": "key", "remove": false}, nil)
	p.call("POST", "timeline/note", 200, map[string]any{"about": tl.Rows[0].ID, "text": "the guess succeeded"}, nil)
	p.call("POST", "timeline/promote", 200, map[string]any{"rows": []string{tl.Rows[0].ID}, "title": "Password guessed", "text": ""}, nil)
	p.call("GET", "timeline?q=tag:key", 200, nil, &tl)
	if tl.Total != 1 || tl.Rows[0].Notes != 1 || !tl.Rows[0].Promoted {
		t.Errorf("%+v", tl)
	}
	var ran struct{ Job string }
	p.call("POST", "detect/run", 200, map[string]any{}, &ran)
	if j := p.wait(ran.Job); j.State != "done" {
		t.Fatalf("%+v", j)
	}
	var rec struct{ Recommendations []view.Recommendation }
	p.call("GET", "recommendations", 200, nil, &rec)
	if len(rec.Recommendations) == 0 {
		t.Fatal("a guessed password gives no recommendation")
	}
	override(p, rec.Recommendations)
}

// override walks the dialog: what was shown is what is signed, a reason that says nothing is refused.
func override(p page, all []view.Recommendation) {
	p.t.Helper()
	var r view.Recommendation
	for _, x := range all {
		if x.CanDecide {
			r = x
		}
	}
	ask := map[string]any{"recommendation": r.ID, "outcome": "override", "instead": "Watch the host until the last departure"}
	var shown view.DecisionPreview
	p.call("POST", "decision/preview", 200, ask, &shown)
	if shown.Refused != nil || shown.Recommended.Text != r.Title || len(shown.Consequences) == 0 || shown.SignsAs.Person != "A. Ruiz" {
		p.t.Errorf("%+v", shown)
	}
	sign := map[string]any{"shown": shown.Shown, "recommendation": r.ID, "outcome": "override", "instead": ask["instead"], "reason_code": "operational-risk", "reason": "short"}
	var no refusal
	p.call("POST", "decision/sign", 400, sign, &no)
	if no.Error.Code != "reason" || no.Error.Hint == "" {
		p.t.Errorf("%+v", no)
	}
	sign["reason"] = "Cutting it off now would stop boarding at two piers."
	sign["shown"] = strings.Repeat("0", 64)
	p.call("POST", "decision/sign", 409, sign, &no)
	sign["shown"] = shown.Shown
	var d view.Decision
	p.call("POST", "decision/sign", 200, sign, &d)
	if d.Outcome != "override" || d.By != "A. Ruiz" || d.RoleTitle != "Incident Commander" || d.Recommended != r.Title || d.RecommendedBy.Name == "" {
		p.t.Errorf("%+v", d)
	}
	var v view.Verification
	p.call("POST", "record/verify", 200, map[string]any{}, &v)
	if v.Verdict != "good" || !v.Anchored {
		p.t.Errorf("%+v", v)
	}
}

func TestLockedPersonSignsNothing(t *testing.T) {
	p, _, dir := open(t)
	p.create(dir)
	p.call("POST", "case/lock", 200, nil, nil)
	var no refusal
	p.call("POST", "timeline/note", 403, map[string]any{"about": "case", "text": "words"}, &no)
	if no.Error.Code != "locked" {
		t.Errorf("%+v", no)
	}
	var c view.CaseView
	if p.call("GET", "case", 200, nil, &c); c.Open || c.Dir != dir {
		t.Errorf("locked, the page is told %+v", c)
	}
	p.call("POST", "case/open", 403, map[string]string{"dir": dir, "passphrase": "wrong wrong"}, &no)
	if p.call("POST", "case/open", 200, map[string]string{"dir": dir, "passphrase": phrase}, &c); !c.Open || c.Person.Name != "A. Ruiz" {
		t.Errorf("unlocked: %+v", c)
	}
	p.call("POST", "case/lock", 200, nil, nil)
	p.call("POST", "person/switch", 403, map[string]string{"person": "A. Ruiz", "passphrase": "wrong wrong"}, &no)
	if no.Error.Code != "passphrase" {
		t.Errorf("%+v", no)
	}
	p.call("POST", "person/switch", 200, map[string]string{"person": "A. Ruiz", "passphrase": phrase}, nil)
	p.call("POST", "timeline/note", 200, map[string]any{"about": "case", "text": "words"}, nil)
}

// TestIdleLaptopLocks: a laptop left alone signs nothing; the page's own polling does not keep it open.
func TestIdleLaptopLocks(t *testing.T) {
	env := workbench.NewEnv(filepath.Join(t.TempDir(), "home"), "test")
	env.WorkFactor = 10
	at := time.Now()
	env.Now = func() time.Time { return at }
	s := NewServer(env, "")
	t.Cleanup(s.Close)
	p := page{t, NewPage(fstest.MapFS{}, s)}
	p.create(filepath.Join(t.TempDir(), "a.case"))
	note := map[string]any{"about": "case", "text": "words"}
	for i := 0; i < 3; i++ { // somebody is there
		at = at.Add(IdleLock - time.Minute)
		p.call("POST", "timeline/note", 200, note, nil)
	}
	for i := 0; i < 4; i++ { // only the page asks
		at = at.Add(IdleLock / 3)
		p.call("GET", "case", 200, nil, nil)
	}
	p.call("POST", "timeline/note", 403, note, nil)
	p.call("GET", "timeline", 403, nil, nil) // and shows nothing of the case
}

func TestWordsSurviveAndErrorsAreSentences(t *testing.T) {
	p, s, dir := open(t)
	var no refusal
	p.call("GET", "timeline", 400, nil, &no) // no case is open
	if no.Error.Sentence == "" {
		t.Errorf("%+v", no)
	}
	p.create(dir)
	p.call("PUT", "drafts/decision%2Fr1", 200, map[string]string{"text": "half a sen"}, nil)
	p.call("GET", "timeline?q=host.name:(", 400, nil, &no)
	if no.Error.Code != "query" {
		t.Errorf("%+v", no)
	}
	p.call("GET", "nothing-like-this", 404, nil, &no)
	p.call("POST", "case/create", 400, map[string]string{"dir": dir, "surprise": "field"}, &no)
	s.Close()
	var c view.CaseView
	p.call("POST", "case/open", 200, map[string]string{"dir": dir, "passphrase": phrase}, &c)
	var words struct{ Text string }
	p.call("GET", "drafts/decision%2Fr1", 200, nil, &words)
	if words.Text != "half a sen" {
		t.Errorf("%+v", words)
	}
	second, _, _ := open(t) // another window
	second.call("POST", "case/open", 409, map[string]string{"dir": dir, "passphrase": phrase}, &no)
	if no.Error.Code != "in-use" {
		t.Errorf("%+v", no)
	}
}

func TestPagePolicy(t *testing.T) {
	p, _, _ := open(t)
	for _, path := range []string{"/", "/a.js", "/api/start"} {
		w := httptest.NewRecorder()
		p.h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		csp := w.Header().Get("Content-Security-Policy")
		if w.Code != 200 || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", path, w.Code, csp)
		}
		if path == "/" && (strings.Contains(w.Body.String(), "__CSP_NONCE__") || !strings.Contains(csp, "nonce-")) {
			t.Errorf("the nonce is not filled in: %s", w.Body)
		}
	}
	for _, path := range []string{"/../app.go", "/index.html/x", "/%2e%2e/x"} {
		w := httptest.NewRecorder()
		p.h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code == 200 {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

// TestNoWorkOutlivesItsCase: closing a case, or opening another, first ends the work on it, so that no import signs into
// a folder that others may have open.
func TestNoWorkOutlivesItsCase(t *testing.T) {
	p, s, dir := open(t)
	for name, leave := range map[string]func(){
		"closing": func() { p.call("POST", "case/close", 200, map[string]any{}, nil) },
		"another": func() { p.create(dir + "-other") },
	} {
		p.create(dir + name)
		b, err := s.open()
		if err != nil {
			t.Fatal(err)
		}
		var kept error
		job, err := s.work(b, "slow", func(ctx context.Context, _ func(workbench.Progress)) error {
			<-ctx.Done()
			time.Sleep(50 * time.Millisecond)
			kept = b.KeepWords("last", "words of the job")
			return ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		leave()
		if j := p.wait(job.ID); j.State != "cancelled" || kept != nil {
			t.Errorf("%s: the job is %s; at its end the case says %v", name, j.State, kept)
		}
		if _, err := s.work(b, "late", func(context.Context, func(workbench.Progress)) error { return nil }); !errors.Is(err, errNoCase) {
			t.Errorf("%s: work on a closed case: %v", name, err)
		}
	}
}
