package app

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"adjutant/app/view"
	"adjutant/backend/workbench"
)

// TestNoRouteThroughTheWall asks every GET endpoint as somebody outside the lane, for words that stand in marked evidence,
// in what was said of it, and in sealed notes. An endpoint that is not in the table fails the test.
func TestNoRouteThroughTheWall(t *testing.T) {
	const inRows, inPath, inNotes, inWords = "q7zebra", "k5pelican", "n9newt", "w8walrus"
	marker := regexp.MustCompile(strings.Join([]string{inRows, inPath, inNotes, inWords}, "|"))
	p, s, dir := open(t)
	p.create(dir)
	signs := func(path string, in any) view.Signed {
		t.Helper()
		var v view.ActPreview
		p.call("POST", path, 200, in, &v)
		if v.Refused != nil {
			t.Fatalf("%s: %s", path, *v.Refused)
		}
		var e view.Signed
		p.call("POST", "act/sign", 200, map[string]string{"shown": v.Shown}, &e)
		return e
	}
	for name, role := range map[string]string{"B. Holm": "legal-counsel", "C. Dahl": "responder"} {
		if _, err := workbench.CreatePerson(s.env, name, []byte(phrase)); err != nil {
			t.Fatal(err)
		}
		signs("people/admit", map[string]string{"person": name})
		signs("people/grant", map[string]string{"person": name, "role": role})
	}
	as := func(name string) {
		p.call("POST", "person/switch", 200, map[string]string{"person": name, "passphrase": phrase}, nil)
	}
	add := func(name, host, from string, more map[string]any) {
		t.Helper()
		var text strings.Builder
		for i := range 40 {
			fmt.Fprintf(&text, "Mar  3 21:10:%02d %s sshd[811]: Failed password for root%s from %s port 4022 ssh2\n", i, host, host, from)
		}
		fmt.Fprintf(&text, "Mar  3 21:11:00 %s sshd[811]: Accepted password for root%s from %s port 4023 ssh2\n", host, host, from)
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		in := map[string]any{"paths": []string{path}, "keep": "sealed", "zone": "UTC", "why": "taken on site", "custodian": "IT", "source": host}
		for k, v := range more {
			in[k] = v
		}
		var job struct{ Job string }
		p.call("POST", "evidence/add", 200, in, &job)
		if j := p.wait(job.Job); j.State != "done" {
			t.Fatalf("%+v", j)
		}
	}
	add("auth.log", "web01", "203.0.113.9", nil)
	signs("people/grant", map[string]string{"person": "B. Holm", "role": "responder"})
	as("B. Holm")
	p.call("POST", "case/role", 200, map[string]string{"role": "legal-counsel"}, nil)
	signs("lanes/open", map[string]any{"name": "Silver", "matter": "2026-7", "direction": "counsel's investigation", "members": []string{"C. Dahl"}})
	add(inPath+".log", inRows, "198.51.100.7", map[string]any{"lane": "Silver", "track": "fact", "basis": "collected for counsel"})
	signs("lanes/note", map[string]string{"lane": "Silver", "track": "advice", "about": "case", "text": inWords + ": we wait"})
	p.call("PUT", "drafts/lane/note", 200, map[string]string{"text": inWords + " half typed"}, nil)
	as("C. Dahl")
	var tl view.TimelinePage
	p.call("GET", "timeline?q="+inRows+"&limit=1", 200, nil, &tl)
	if tl.Total != 41 {
		t.Fatalf("a member sees %d rows of the marked evidence", tl.Total)
	}
	row := tl.Rows[0].ID
	p.call("POST", "timeline/tag", 200, map[string]any{"rows": []string{row}, "tag": inNotes, "remove": false}, nil)
	p.call("POST", "timeline/note", 200, map[string]any{"about": row, "text": inNotes + " says it"}, nil)
	p.call("POST", "timeline/promote", 200, map[string]any{"rows": []string{row}, "title": inNotes + " title", "text": ""}, nil)
	var groups struct{ Groups []view.Group }
	p.call("GET", "triage", 200, nil, &groups)
	for _, g := range groups.Groups {
		if strings.Contains(fmt.Sprintf("%+v", g), inRows) {
			p.call("POST", "triage/verdict", 200, map[string]string{"group": g.ID, "verdict": "true-positive", "reason_code": "other", "reason": inNotes + " and the log of the account say so"}, nil)
		}
	}
	var paper view.PaperDetail
	p.call("POST", "documents/draft", 200, map[string]any{"template": "situation-report", "slots": map[string]string{"assessment": "as known"}}, &paper)

	id := func(v string) string { return url.QueryEscape(v) }
	var recs struct{ Entries []view.RecordEntry }
	p.call("GET", "record?limit=1000", 200, nil, &recs)
	routes := map[string][]string{
		"start": {""}, "case": {""}, "jobs": {""}, "board": {""}, "model": {""}, "people": {""}, "authority": {""}, "todo": {""}, "slots": {""}, "custody": {""},
		"evidence": {""}, "evidence/formats": {""}, "evidence/limits": {""}, "evidence/mappings": {""}, "recommendations": {""}, "decision/reasons": {""}, "decisions": {""}, "conflicts": {""}, "refused": {""}, "clocks": {""}, "documents": {""},
		"record": {"?limit=1000", "?kind=note.made", "?kind=event.promoted"}, "record/witnesses": {""}, "copies": {""}, "findings": {""}, "triage": {""}, "lanes": {""},
		"replay": {"?at=" + id(time.Now().Add(time.Hour).Format(time.RFC3339))}, "replay/axes": {""},
		"drafts/{key...}":    {"/lane/note", "/lane/note/x"},
		"documents/{id}":     {"/" + paper.Paper.ID},
		"documents/{id}/pdf": {"/" + paper.Paper.ID + "/pdf"},
		"timeline":           {"?q=&limit=1000", "?q=" + id("tag:"+inNotes) + "&limit=1000", "?q=" + id("NOT host.name:web01") + "&limit=1000"},
		"timeline/histogram": {"?q=&buckets=20"}, "timeline/fields": {""}, "timeline/promoted": {""},
		"timeline/facet": {"?q=&field=host.name", "?q=&field=tag", "?q=&field=user.name", "?q=&field=source.ip"},
		"timeline/row":   {"?id=" + id(row)},
	}
	for _, e := range recs.Entries {
		routes["replay"] = append(routes["replay"], "?entry="+e.ID)
		routes["record/entry"] = append(routes["record/entry"], "?id="+e.ID)
	}
	for _, name := range getRoutes(t) {
		if routes[name] == nil {
			t.Errorf("GET /api/%s is not asked here: add it to the table", name)
		}
	}
	echo := regexp.MustCompile(`"query":"tag:\\"\w+\\""`) // an answer repeats what was asked
	ask := func(name, query string) string {
		path := strings.NewReplacer("{key...}", "", "/{id}/pdf", "", "/{id}", "").Replace(name)
		r := httptest.NewRequest("GET", "/api/"+strings.TrimSuffix(path, "/")+query, nil)
		w := httptest.NewRecorder()
		p.h.ServeHTTP(w, r)
		return echo.ReplaceAllString(w.Body.String(), "")
	}
	hits := map[string]int{}
	for name, queries := range routes {
		for _, q := range queries {
			if marker.MatchString(ask(name, q)) {
				hits[name]++
			}
		}
	}
	for _, name := range []string{"evidence", "timeline", "timeline/facet", "timeline/row", "findings", "triage", "record", "timeline/promoted", "lanes", "board", "replay"} {
		if hits[name] == 0 {
			t.Errorf("a member finds nothing of the lane at %s: the test would not see a leak there", name)
		}
	}
	for _, who := range []string{"A. Ruiz", "locked"} {
		if who == "locked" {
			as("C. Dahl")
			p.call("POST", "case/lock", 200, nil, nil)
		} else {
			as(who)
		}
		for name, queries := range routes {
			for _, q := range queries {
				if body := ask(name, q); marker.MatchString(body) {
					i := marker.FindStringIndex(body)[0]
					t.Errorf("%s, GET /api/%s%s: …%.300s", who, name, q, body[max(0, i-120):])
				}
			}
		}
	}
	as("A. Ruiz")
	var items struct{ Items []view.EvidenceItem }
	p.call("GET", "evidence", 200, nil, &items)
	if len(items.Items) != 2 || items.Items[1].Lane != "Silver" || items.Items[1].Status != "behind-wall" {
		t.Errorf("%+v", items)
	}
	var lanes view.Lanes
	p.call("GET", "lanes", 200, nil, &lanes)
	if len(lanes.Lanes) != 1 || lanes.Lanes[0].Mine || len(lanes.Lanes[0].Words) != 1 || lanes.Lanes[0].Words[0].Open || len(lanes.Marks) != 1 || lanes.Marks[0].Title != "" || len(lanes.Log) < 4 || lanes.Limit == "" {
		t.Errorf("%+v", lanes)
	}
	p.call("GET", "timeline/row?id="+id(row), 404, nil, nil)
	as("B. Holm")
	p.call("GET", "lanes", 200, nil, &lanes)
	if !lanes.Lanes[0].Mine || !lanes.Lanes[0].Words[0].Open || lanes.Lanes[0].Words[0].Text != inWords+": we wait" || !strings.Contains(lanes.Marks[0].Title, inPath) {
		t.Errorf("%+v", lanes)
	}
	var words struct{ Text string }
	p.call("GET", "drafts/lane/note", 200, nil, &words)
	if words.Text != inWords+" half typed" {
		t.Errorf("%+v", words)
	}
}

// getRoutes lists the GET endpoints by the code that registers them.
func getRoutes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\(s, "GET /api/([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
			out = append(out, m[1])
		}
	}
	if len(out) < 30 {
		t.Fatalf("only %d endpoints were found", len(out))
	}
	return out
}

// TestWordsOfWork: what long work says of itself (names of files, why it failed) is for whoever began it, not for who comes
// to the keyboard after them, and for nobody while the case is locked or another one is open.
func TestWordsOfWork(t *testing.T) {
	const secret = "k5pelican"
	p, s, dir := open(t)
	p.create(dir)
	if _, err := workbench.CreatePerson(s.env, "C. Dahl", []byte(phrase)); err != nil {
		t.Fatal(err)
	}
	b, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	for _, fails := range []error{nil, fmt.Errorf("workbench: rows of %s: no such thing", secret)} {
		job, err := s.work(b, "Taking in "+secret+".log", func(_ context.Context, report func(workbench.Progress)) error {
			report(workbench.Progress{Done: 1, Total: 2, Unit: "bytes", Message: secret + ".log"})
			return fails
		})
		if err != nil {
			t.Fatal(err)
		}
		p.wait(job.ID)
	}
	tells := func() (n int) {
		var list struct{ Jobs []view.Job }
		p.call("GET", "jobs", 200, nil, &list)
		if len(list.Jobs) != 2 {
			t.Fatalf("%d jobs", len(list.Jobs))
		}
		return strings.Count(fmt.Sprintf("%+v %+v %+v", list.Jobs, list.Jobs[0].Error, list.Jobs[1].Error), secret)
	}
	if n := tells(); n != 5 {
		t.Errorf("who began it is told %d times", n)
	}
	for _, c := range []struct {
		who  string
		call func()
		want int
	}{
		{"locked", func() { p.call("POST", "case/lock", 200, map[string]any{}, nil) }, 0},
		{"A. Ruiz", func() {
			p.call("POST", "person/switch", 200, map[string]string{"person": "A. Ruiz", "passphrase": phrase}, nil)
		}, 5},
		{"C. Dahl", func() {
			p.call("POST", "person/switch", 200, map[string]string{"person": "C. Dahl", "passphrase": phrase}, nil)
		}, 0},
		{"closed", func() { p.call("POST", "case/close", 200, map[string]any{}, nil) }, 0},
	} {
		c.call()
		if n := tells(); n != c.want {
			t.Errorf("%s: told %d times, want %d", c.who, n, c.want)
		}
	}
}
