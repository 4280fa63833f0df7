package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/llm/llmtest"
	"adjutant/backend/timeline"
)

func init() { llmtest.MaybeServe() }

// What the privileged evidence, what people said of it, and what members wrote can be told by. Nobody outside the lane
// may meet one of them anywhere.
const (
	inRows  = "q7zebra"
	inPath  = "k5pelican"
	inNotes = "n9newt"
	inWords = "w8walrus"
)

// echoed takes out what an answer repeats of its question.
var echoed = strings.NewReplacer(`"`+inRows+`host"`, "", `"`+inRows+`user"`, "")

var marker = regexp.MustCompile(inRows + "|" + inPath + "|" + inNotes + "|" + inWords)

// guesses is a log in which a password is guessed: the rules find it.
func guesses(host, user, from string) string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "Mar  3 21:10:%02d %s sshd[811]: Failed password for %s from %s port 4022 ssh2\n", i, host, user, from)
	}
	fmt.Fprintf(&b, "Mar  3 21:11:00 %s sshd[811]: Accepted password for %s from %s port 4023 ssh2\n", host, user, from)
	return b.String()
}

// laneRoom is a case with ordinary evidence and with evidence that is marked after people worked with it. Ada is Incident
// Commander and in no lane, Ben is legal counsel, Cy is a responder in the lane, Dee a responder in none.
type laneRoom struct {
	*room
	lane, secret string
	row          string // of the marked evidence
	note         caserecord.Entry
	promoted     caserecord.Entry
	mixed        caserecord.Entry // promoted: cites both
	decided      caserecord.Entry
	paper        string // drafted before the mark
}

func newLaneRoom(t *testing.T) *laneRoom {
	t.Helper()
	ctx := context.Background()
	r := &laneRoom{room: newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder", "Dee": "responder"})}
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "auth.log"), guesses("web01", "deploy", "203.0.113.9"))
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), inPath+".log"), guesses(inRows+"host", inRows+"user", "198.51.100.7"))
	for _, it := range r.b.State().Evidence {
		if strings.Contains(it.Received[0].Data.Path, inPath) {
			r.secret = it.SHA256
		}
	}
	r.as("Cy", "responder")
	rows := func(q string) []string {
		p, _, err := r.b.Page(ctx, q, timeline.Options{Limit: 2})
		if err != nil || len(p.Rows) == 0 {
			t.Fatalf("%s: %v, %d rows", q, err, len(p.Rows))
		}
		return []string{string(p.Rows[0].ID)}
	}
	hidden, open := rows("host.name:"+inRows+"host"), rows("host.name:web01")
	r.row = hidden[0]
	sign := func(p Proposal) identity.Act { return confirm.New(r.me(), p.Shown, p.Kinds...) }
	must := func(e caserecord.Entry, err error) caserecord.Entry {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	must(caserecord.Entry{}, r.b.Tag(ctx, sign(r.b.ProposeTag(hidden, inNotes, false)), hidden, inNotes, false))
	r.note = must(r.b.Note(ctx, sign(r.b.ProposeNote(r.row, inNotes+" says it")), r.row, inNotes+" says it"))
	must(r.b.Note(ctx, sign(r.b.ProposeNote(r.secret, inNotes+" about the item")), r.secret, inNotes+" about the item"))
	r.promoted = must(r.b.Promote(ctx, sign(r.b.ProposePromote(hidden, inNotes+" title", "")), hidden, inNotes+" title", ""))
	both := append(open, hidden...)
	r.mixed = must(r.b.Promote(ctx, sign(r.b.ProposePromote(both, "Two hosts", "")), both, "Two hosts", ""))

	r.as("Ada", "")
	a, err := r.b.Analysis(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range a.Recommendations {
		if !strings.Contains(fmt.Sprintf("%+v", rec), inRows) || r.decided.ID != "" {
			continue
		}
		q := DecisionRequest{Recommendation: rec.ID, Outcome: decision.Accept}
		p, err := r.b.ProposeDecision(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		r.decided = must(r.b.Decide(ctx, confirm.New(r.me(), p.Shown, p.Kinds...), q))
	}
	if r.decided.ID == "" {
		t.Fatalf("no recommendation stands on the evidence that is to be marked: %d of them", len(a.Recommendations))
	}
	r.paper = r.draft("").ID

	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "Silver", Matter: "2026-7", Direction: "counsel's investigation", Members: []string{"Cy"}}))
	r.lane = r.b.State().Lanes[0].Data.Lane
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.secret[:10], Lane: "silver", Track: "fact", Basis: "collected at counsel's direction"}))
	r.do(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "advice", About: r.row, Text: inWords + ": we should wait"}))
	return r
}

func (r *laneRoom) draft(document string) Paper {
	r.t.Helper()
	q := DraftRequest{Template: "situation-report", Document: document, Slots: map[string]string{"assessment": "as the rows say"}}
	p, err := r.b.ProposeDraft(q)
	if err != nil {
		r.t.Fatal(err)
	}
	paper, err := r.b.Draft(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...), q)
	if err != nil {
		r.t.Fatal(err)
	}
	return paper
}

// everything asks every reader of a case for all it has, by name.
func (r *laneRoom) everything() map[string]string {
	r.t.Helper()
	ctx, b, out := context.Background(), r.b, map[string]string{}
	keep := func(name string, v any, err error) {
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrNotAllowed) || errors.Is(err, timeline.ErrNoRow) {
			v, err = err.Error(), nil
		}
		if err != nil {
			r.t.Fatalf("%s: %v", name, err)
		}
		if s, ok := v.(string); ok {
			out[name] = s
			return
		}
		raw, err := json.Marshal(v)
		if err != nil {
			r.t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(raw) + fmt.Sprintf("%+v", v)
	}
	text := func(p timeline.Page) string {
		s := fmt.Sprintf("%d;", p.Total)
		for _, row := range p.Rows {
			s += string(row.Event.JSON(max(row.Index, 0))) + row.Event.Path + string(row.ID)
		}
		return s
	}
	for _, q := range []string{"", inRows + "user", "tag:" + inNotes, "note:*" + inNotes + "*", "promoted:true", "adjutant.evidence_sha256:" + r.secret, "NOT host.name:web01"} {
		p, _, err := b.Page(ctx, q, timeline.Options{Limit: 500})
		keep("page "+q, text(p), err)
		var w bytes.Buffer
		_, err = b.ExportJSONL(ctx, q, &w)
		keep("export "+q, w.String(), err)
		expr, err := ParseQuery(q)
		if err != nil {
			r.t.Fatal(err)
		}
		h, err := b.Timeline().Histogram(ctx, expr, b.Notes(), timeline.Buckets{N: 20})
		keep("histogram "+q, h, err)
		for _, f := range []string{"host.name", "user.name", "tag", "source.ip", "note"} {
			x, err := b.Timeline().Facet(ctx, expr, b.Notes(), f, 100)
			if errors.Is(err, timeline.ErrFacet) {
				err = nil
			}
			keep("facet "+f+" "+q, x, err)
		}
	}
	fields, err := b.Timeline().Fields(ctx)
	keep("fields", fields, err)
	sources, err := b.Timeline().Sources(ctx)
	keep("sources", sources, err)
	row, err := b.Row(ctx, r.row)
	if err == nil {
		raw, err := b.Bytes(ctx, row.Event)
		keep("bytes", string(raw.Bytes), err)
	}
	keep("row", text(timeline.Page{Rows: rowsOf1(row, err)}), err)
	a, err := b.Analysis(ctx)
	keep("analysis", a, err)
	if err == nil {
		keep("run", append(a.RunLines(), a.CoverageLines()...), nil)
	}
	n, err := b.Narrative(ctx)
	keep("narrative", n, err)
	for _, q := range []string{"which hosts", "show failed logons", "what happened on " + inRows + "host", "when was " + inRows + "user last seen", "which decisions were made", "what changed since 2026-03-01", "what evidence do we have", "what are the blind spots", "which decisions are open", "how severe is it"} {
		x, err := b.Ask(ctx, q)
		keep("ask "+q, echoed.Replace(fmt.Sprintf("%+v", x)), err)
	}
	keep("evidence", b.EvidenceItems(), nil)
	keep("item path", b.ItemPath(r.secret), nil)
	papers, err := b.Papers()
	keep("papers", papers, err)
	paper, err := b.Paper(ctx, r.paper)
	keep("paper", paper, err)
	pdf, err := b.PDF(ctx, r.paper)
	keep("pdf", string(pdf), err)
	keep("state", b.State(), nil)
	for _, x := range b.Stories() {
		keep("story "+x.ID, x.Story+x.Data+x.Line, nil)
	}
	for _, e := range b.Entries() {
		keep("entry "+string(e.ID), string(e.Body()), nil)
	}
	keep("changed", b.Changed(b.State().Case.Recorded, 1000), nil)
	for _, m := range []Moment{{At: b.Now()}, {At: r.decided.Header.Recorded}, {Entry: r.decided.ID}, {Entry: r.note.ID}, {At: b.Now(), Person: "Ada"}} {
		then, err := b.At(m)
		keep(fmt.Sprint("replay ", m), []any{then.Known(), then.State, then.Later}, err)
	}
	keep("axes", b.TimeAxes(), nil)
	keep("to do", b.ToDo(), nil)
	keep("open decisions", b.OpenDecisions(), nil)
	keep("lanes", b.Lanes(), nil)
	words, err := b.LaneWords(r.lane)
	keep("words", words, err)
	keep("log", b.PrivilegeLog(), nil)
	for _, e := range []caserecord.Entry{r.note, r.promoted, r.decided} {
		p, err := b.ProposeCosign(e.ID, b.MyID(), b.Acting())
		keep("cosign "+string(e.ID), p.Sentence+strings.Join(p.Consequences, " "), err)
	}
	if b.me != nil {
		err = b.VerifyEvidence(ctx, identity.Act{}, func(c EvidenceCheck) error { keep("check "+c.SHA256, c, nil); return nil }, func(p Progress) { keep("progress "+fmt.Sprint(p.Done), p.Message, nil) })
		if err != nil {
			r.t.Fatal(err)
		}
	}
	return out
}

func rowsOf1(r timeline.Row, err error) []timeline.Row {
	if err != nil {
		return nil
	}
	return []timeline.Row{r}
}

// TestTheWall: whoever is not in the lane meets nothing of what is marked, by no reader; whoever is meets all of it.
func TestTheWall(t *testing.T) {
	r := newLaneRoom(t)
	for _, who := range []string{"Ada", "Dee", "locked"} {
		if who == "locked" {
			r.as("Cy", "responder")
			r.b.Lock()
		} else {
			r.as(who, "")
		}
		for name, text := range r.everything() {
			if m := marker.FindString(text); m != "" {
				i := strings.Index(text, m)
				t.Errorf("%s, %s: finds %s in …%.200s", who, name, m, text[max(0, i-80):])
			}
		}
		a, err := r.b.Analysis(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 41 || len(a.Report.Findings) == 0 || a.Report.Events != 41 {
			t.Errorf("%s: %d rows, %d findings in %d events: the ordinary evidence is there", who, rows, len(a.Report.Findings), a.Report.Events)
		}
		s := r.b.State()
		if len(s.Promoted) != 1 || len(s.Promoted[0].Data.Rows) != 1 || len(s.Decisions) != 0 || len(s.Notes) != 0 || len(s.Evidence) != 1 {
			t.Errorf("%s: %d promoted, %d decisions, %d notes, %d items", who, len(s.Promoted), len(s.Decisions), len(s.Notes), len(s.Evidence))
		}
		items := r.b.EvidenceItems()
		if len(items) != 2 || items[1].Lane != "Silver" || items[1].SHA256 != r.secret || items[1].Parsed != 0 || items[1].Path != `behind the wall of the lane "Silver"` {
			t.Errorf("%s: the list of evidence says %+v", who, items)
		}
		for _, x := range r.b.Stories() {
			hidden := x.ID == string(r.note.ID) || x.ID == string(r.promoted.ID) || x.ID == string(r.decided.ID)
			if hidden && (x.Lane != "Silver" || !strings.Contains(x.Story, `behind the wall of the lane "Silver"`) || x.Data != "") {
				t.Errorf("%s: entry %.12s is told as %q", who, x.ID, x.Story)
			}
			if x.ID == string(r.mixed.ID) && (x.Data != "" || !strings.Contains(x.Story, "citing 1 row") || !strings.Contains(x.Story, "Two hosts")) {
				t.Errorf("%s: an event that cites both is told as %q", who, x.Story)
			}
		}
	}
	for _, who := range []string{"Cy", "Ben"} {
		r.as(who, "")
		all := r.everything()
		for name, want := range map[string]string{
			"page ": inRows, "export ": inRows, "facet host.name ": inRows, "analysis": inRows, "row": inPath, "bytes": inRows, "evidence": inPath,
			"page tag:" + inNotes: inRows, "story " + string(r.note.ID): inNotes, "entry " + string(r.promoted.ID): inNotes, "paper": inRows, "words": inWords,
		} {
			if !strings.Contains(all[name], want) {
				t.Errorf("%s, a member, does not find %s in %s", who, want, name)
			}
		}
		if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 82 || len(r.b.State().Promoted) != 2 || len(r.b.EvidenceItems()) != 2 {
			t.Errorf("%s sees %d rows", who, rows)
		}
	}
}

// TestDigestAndRebuildKnowTheWhole: the wall changes nothing of what a case is, only of what somebody sees.
func TestDigestAndRebuildKnowTheWhole(t *testing.T) {
	r := newLaneRoom(t)
	ctx := context.Background()
	as := func(who string, rows int64) string {
		r.as(who, "")
		d, err := r.b.Digest(ctx)
		if err != nil || d.Rows != rows || d.Events != rows {
			t.Fatalf("%s: %d rows (%v)", who, d.Rows, err)
		}
		if said := strings.Join(d.Assumptions, " "); strings.Contains(said, r.secret[:12]) != (rows == 82) {
			t.Errorf("%s: is told what was assumed: %s", who, said)
		}
		return d.Digest
	}
	before := as("Cy", 82)
	if as("Dee", 41) != before {
		t.Error("the digest depends on who asks")
	}
	if x, err := r.b.Rebuild(ctx, nil); err != nil || x.Items != 2 || x.After != before {
		t.Errorf("rebuilt by somebody outside: %+v (%v)", x, err)
	}
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 41 {
		t.Errorf("after the rebuild somebody outside sees %d rows", rows)
	}
	v, err := r.b.Verify()
	if err != nil || v.ExitCode() != 0 {
		t.Errorf("%+v (%v)", v.Problems, err)
	}
	// The same file once more, by somebody who may not know that it is here.
	var got evidence.Receipt
	req := IntakeRequest{Paths: []string{filepath.Join(t.TempDir(), "copy.log")}, Keep: evidence.KeepSealed}
	if err := os.WriteFile(req.Paths[0], []byte(guesses(inRows+"host", inRows+"user", "198.51.100.7")), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := r.b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.AddEvidence(ctx, confirm.Batch(r.me(), p.Shown, p.Kinds...), req, func(x evidence.Receipt) { got = x }, nil); err != nil {
		t.Fatal(err)
	}
	if got.Status != "duplicate" || strings.Contains(fmt.Sprintf("%+v", got), inPath) {
		t.Errorf("the receipt says %+v", got)
	}
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 41 {
		t.Errorf("the copy opened the wall: %d rows", rows)
	}
}

// TestNoWallCostsNothing: without marks everybody gets the case itself.
func TestNoWallCostsNothing(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "legal-counsel"})
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 30))
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "L", Direction: "d"}))
	r.as("Ada", "")
	if r.b.State() != r.b.whole() || r.b.Timeline() != r.b.rows() {
		t.Error("a lane without marks makes a copy of the case")
	}
	if n := testing.AllocsPerRun(100, func() { r.b.State(); r.b.Timeline() }); n > 4 {
		t.Errorf("asking for the case allocates %v times", n)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.b.State().Evidence[0].SHA256, Lane: "L", Track: "fact", Basis: "b"}))
	if r.b.State() != r.b.whole() || r.b.Timeline() != r.b.rows() {
		t.Error("a member gets a copy of the case")
	}
	r.as("Ada", "")
	if s, tl := r.b.State(), r.b.Timeline(); s != r.b.State() || tl != r.b.Timeline() || tl == r.b.rows() {
		t.Error("behind a wall the sight is made anew for each question")
	}
}
