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
	"adjutant/backend/caserecord/bundle"
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
		keep("entry "+string(e.ID), string(e.Body), nil)
	}
	keep("changed", b.Changed(b.State().Case.Recorded, 1000), nil)
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
	as := func(who string) string {
		r.as(who, "")
		d, err := r.b.Digest(ctx)
		if err != nil || d.Rows != 82 {
			t.Fatalf("%s: %d rows (%v)", who, d.Rows, err)
		}
		return d.Digest
	}
	before := as("Cy")
	if as("Dee") != before {
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

// TestWhoMayInLanes: counsel opens, marks and lifts; members write; the record refuses the rest.
func TestWhoMayInLanes(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ada", "incident-commander")
	r.refused(r.b.ProposeLane(LaneOpening{Name: "Gold", Direction: "mine", Members: []string{"Ada"}}))
	r.refused(r.b.ProposeLaneMembers("Silver", []string{"Ada"}, "to see it"))
	r.refused(r.b.ProposeLift("evidence", r.secret, "the commander would like to see it"))
	r.wrong(ErrNotAllowed, "a note by somebody outside")(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "x"}))
	if _, err := r.b.Withheld(Leaving{Lanes: []string{"Silver"}}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("the commander lets a lane out: %v", err)
	}
	p, err := r.b.ProposeLaneModel("Silver", true, "faster")
	if err != nil || p.Refused == nil {
		t.Errorf("the commander opens a lane to the model: %v", err)
	}
	r.as("Cy", "responder")
	r.do(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "by a member"}))
	r.wrong(ErrNotAllowed, "a member who is not counsel passes words on")(r.b.ProposeLaneShare("Silver", string(r.b.State().Sealed[0].Entry), "Ben"))

	r.as("Ben", "legal-counsel")
	r.wrong(ErrUsage, "the same mark twice")(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.secret, Lane: "Silver", Track: "fact", Basis: "b"}))
	r.wrong(ErrUsage, "a track of its own")(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.secret, Lane: "Silver", Track: "secret", Basis: "b"}))
	for _, e := range r.b.Entries() {
		switch e.Header.Kind {
		case caserecord.CaseOpened, caserecord.RoleGranted, caserecord.LaneOpened, caserecord.PrivilegeMarked:
			r.wrong(ErrUsage, "a mark on "+string(e.Header.Kind))(r.b.ProposeMark(MarkRequest{Of: "entry", Ref: string(e.ID), Lane: "Silver", Track: "fact", Basis: "b"}))
		}
	}
	r.wrong(ErrUsage, "a second lane of that name")(r.b.ProposeLane(LaneOpening{Name: "SILVER", Direction: "d"}))

	r.do(r.b.ProposeLift("evidence", r.secret[:12], "counsel waives the privilege on this log"))
	r.as("Dee", "")
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 82 || len(r.b.State().Notes) != 2 {
		t.Errorf("after the mark was lifted everybody sees %d rows", rows)
	}
	if w, err := r.b.LaneWords("Silver"); err != nil || len(w) != 2 || w[0].Open {
		t.Errorf("sealed words stay sealed: %+v (%v)", w, err)
	}
}

// TestSealedWords: words open for those they were sealed to, and for nobody else, whenever they came or went.
func TestSealedWords(t *testing.T) {
	r := newLaneRoom(t)
	open := func(who string) (out []string) {
		t.Helper()
		r.as(who, "")
		all, err := r.b.LaneWords("Silver")
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			if w.Open {
				out = append(out, w.Text)
			} else if w.Text != "" || w.About != "" || w.Why == "" || w.Author == "" || w.Keys == 0 {
				t.Errorf("%s: closed words tell %+v", who, w)
			}
		}
		return out
	}
	first := inWords + ": we should wait"
	if got := open("Ben"); len(got) != 1 || got[0] != first {
		t.Errorf("counsel reads %q", got)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLaneMembers("Silver", []string{"Ben", "Dee"}, "Cy is off the matter, Dee is on it"))
	r.do(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "later words"}))
	if got := open("Cy"); len(got) != 1 || got[0] != first {
		t.Errorf("who left reads %q: what was sealed to them before, and nothing later", got)
	}
	if got := open("Dee"); len(got) != 1 || got[0] != "later words" {
		t.Errorf("who came reads %q", got)
	}
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 82 {
		t.Errorf("who came sees %d rows", rows)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 41 {
		t.Errorf("who left sees %d rows", rows)
	}
	r.as("Ben", "legal-counsel")
	entry := string(r.b.State().Sealed[0].Entry)
	r.wrong(ErrNotAllowed, "passing on to somebody outside")(r.b.ProposeLaneShare("Silver", entry, "Cy"))
	r.do(r.b.ProposeLaneShare("Silver", entry[:10], "Dee"))
	got := open("Dee")
	if len(got) != 2 || !strings.Contains(got[1], first) || !strings.Contains(got[1], "Passed on to Dee by Ben: words of Ben") {
		t.Errorf("passed on: %q", got)
	}
	// Nothing of the words lies anywhere in plain: not in a body, not in a draft.
	r.as("Ben", "legal-counsel")
	if err := r.b.KeepWords("lane/note/Silver", inWords+" half typed"); err != nil {
		t.Fatal(err)
	}
	if w, err := r.b.Words("lane/note/Silver"); err != nil || w != inWords+" half typed" {
		t.Errorf("one's own half-typed words: %q (%v)", w, err)
	}
	for _, k := range r.b.folder.Drafts().Keys() {
		if v, _ := r.b.folder.Drafts().Get(k); bytes.Contains(v, []byte(inWords)) {
			t.Errorf("the draft %s holds privileged words in plain", k)
		}
	}
	for _, e := range r.b.wholeEntries() {
		if bytes.Contains(e.Body, []byte(inWords)) {
			t.Errorf("the body of a %s entry holds privileged words in plain", e.Header.Kind)
		}
	}
	for _, who := range []string{"Dee", "Ada"} {
		r.as(who, "")
		for _, key := range []string{"lane/note/Silver", "lane/note/Silver/" + string(r.b.State().People[1].ID)} {
			if w, err := r.b.Words(key); err != nil || w != "" {
				t.Errorf("%s finds %q under %s (%v)", who, w, key, err)
			}
		}
	}
}

// TestBoxesOfOthers: a box that does not open, or holds something else, costs its own words and says why.
func TestBoxesOfOthers(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ben", "legal-counsel")
	p, err := r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "sound"})
	if err != nil {
		t.Fatal(err)
	}
	sound := *p.Data.(*caserecord.WordsSealedData)
	ada := r.b.State().People[0].Keys[0]
	other := func(to []caserecord.Author, plain string) string {
		box, err := identity.Seal(to, []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		return b64(box)
	}
	for what, c := range map[string]struct{ box, why string }{
		"flipped":          {flipped(t, sound.Box), "was changed"},
		"no age file":      {b64([]byte("words in plain, which is no box")), "was changed"},
		"to somebody else": {other([]caserecord.Author{ada}, "x"), "and it is not"},
		"no note":          {other(sound.To, "just words"), "no words in the form"},
		"half a note":      {other(sound.To, `{"about":"x"}`), "no words in the form"},
	} {
		d := sound
		d.Box = c.box
		r.do(r.b.propose(&d, "a", "b"), nil)
		all, err := r.b.LaneWords("Silver")
		if err != nil {
			t.Fatal(err)
		}
		if w := all[len(all)-1]; w.Open || w.Text != "" || !strings.Contains(w.Why, c.why) {
			t.Errorf("%s: %+v", what, w)
		}
		if !all[0].Open {
			t.Errorf("%s: other words do not open any more", what)
		}
	}
}

// TestPapersKnowNothingOfTheLane: whoever drafts, a paper holds what everybody may see; one that counsel marked for the
// lane holds what the lane holds, and is hidden.
func TestPapersKnowNothingOfTheLane(t *testing.T) {
	r := newLaneRoom(t)
	ctx := context.Background()
	text := func(p Paper) string { return fmt.Sprintf("%+v", p) }
	for _, who := range []string{"Ada", "Ben", "Cy"} {
		r.as(who, "")
		if p := r.draft(""); marker.MatchString(text(p)) || !strings.Contains(text(p), "web01") {
			t.Errorf("%s drafts a paper with %q", who, marker.FindString(text(p)))
		}
	}
	r.as("Ada", "")
	papers, err := r.b.Papers()
	if err != nil || papers[0].ID != r.paper || papers[0].State != PaperBehind {
		t.Errorf("the paper drafted before stands as %q (%v)", papers[0].State, err)
	}
	if p := r.draft(r.paper); p.State == PaperBehind || marker.MatchString(text(p)) {
		t.Errorf("drafted again it is %s", p.State)
	}
	r.as("Ben", "legal-counsel")
	id := r.draft("").ID
	r.do(r.b.ProposeMark(MarkRequest{Of: "document", Ref: id, Lane: "Silver", Track: "advice", Basis: "for counsel's advice"}))
	if p := r.draft(id); !strings.Contains(text(p), inRows) {
		t.Error("a paper for the lane does not hold what the lane holds")
	}
	r.as("Ada", "")
	if _, err := r.b.Paper(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("the commander reads the lane's paper: %v", err)
	}
	for _, x := range r.b.State().Documents {
		if x.Document == id {
			t.Error("the lane's paper is in the commander's list")
		}
	}
}

// TestModelIsToldNothing runs the real path to a model server that keeps what it was told.
func TestModelIsToldNothing(t *testing.T) {
	told := llmtest.Install(t)
	r := newLaneRoom(t)
	write := func(who string) Compared {
		t.Helper()
		r.as(who, "")
		p := r.b.ProposeModelRun()
		c, err := r.b.LetModelWrite(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...), nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, who := range []string{"Ben", "Cy", "Ada"} {
		write(who)
	}
	if all := told(); strings.Count(all, "\n") != 3 || !strings.Contains(all, "web01") || marker.MatchString(all) {
		t.Fatalf("the model was told %q in %d requests", marker.FindString(all), strings.Count(all, "\n"))
	}
	// The commander cannot open it, counsel can, and anybody who may switch the model closes it.
	r.as("Ada", "incident-commander")
	p, err := r.b.ProposeLaneModel("Silver", true, "to be quick")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err) // the record lets the commander switch a model; it does not open the lane
	}
	write("Cy")
	if marker.MatchString(told()) {
		t.Fatal("the commander opened the lane to the model")
	}
	r.as("Ben", "legal-counsel")
	p, err = r.b.ProposeLaneModel("Silver", true, "counsel wants a draft")
	if err != nil || p.Refused != nil {
		t.Fatal(err, p.Refused)
	}
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err)
	}
	write("Cy")
	if !strings.Contains(told(), inRows) {
		t.Error("counsel opened the lane, and the model was told nothing of it")
	}
	n, err := r.b.Narrative(context.Background())
	if err != nil || n.Other == nil {
		t.Fatalf("a member does not see what was written: %v", err)
	}
	r.as("Ada", "incident-commander")
	if n, err = r.b.Narrative(context.Background()); err != nil || marker.MatchString(fmt.Sprintf("%+v", n)) {
		t.Errorf("the commander is shown what the model wrote of the lane: %v", err)
	}
	before := len(told())
	p, _ = r.b.ProposeLaneModel("Silver", false, "enough")
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err)
	}
	write("Ben")
	if marker.MatchString(told()[before:]) {
		t.Error("the lane was closed to the model again, and it was told of it")
	}
}

// TestWithheldBundle: a copy without the lane verifies, says how much it lacks, and holds nothing of it in any byte.
func TestWithheldBundle(t *testing.T) {
	r := newLaneRoom(t)
	ctx := context.Background()
	r.as("Ben", "legal-counsel")
	write := func(o Leaving) (string, Withheld, caserecord.Report) {
		t.Helper()
		w, err := r.b.Withheld(o)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := bundle.Write(ctx, dir, r.b.wholeEntries(), bundle.Options{Written: r.now, Withhold: w.Body, WithholdEvidence: w.Evidence}); err != nil {
			t.Fatal(err)
		}
		read, err := bundle.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		for _, e := range read.Entries {
			all.Write(e.Body)
		}
		for _, f := range []string{bundle.ReadmeFile, bundle.ManifestFile} {
			b, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		return all.String(), w, caserecord.VerifyAgainst(read.Entries, caserecord.Anchors{Head: caserecord.HeadCode(r.b.State().Head)}, nil)
	}
	all, w, rep := write(Leaving{})
	if marker.MatchString(all) {
		t.Errorf("the copy holds %s", marker.FindString(all))
	}
	// Received, imported, tag, two notes, two promoted events, a decision, the sealed words.
	if rep.ExitCode() != 0 || !rep.Anchored || rep.Withheld != 9 || len(w.Log) != 9 {
		t.Errorf("%d bodies withheld, %d in the log, exit %d: %+v", rep.Withheld, len(w.Log), rep.ExitCode(), rep.Problems)
	}
	for _, p := range rep.Problems {
		if p.Code != caserecord.CodeWithheld {
			t.Errorf("the copy is told to have a problem: %+v", p)
		}
	}
	for _, l := range w.Log {
		if l.Author == "" || l.Lane != "Silver" || l.Matter != "2026-7" || l.Track == "" || l.Basis == "" || len(l.Recipients) != 2 || marker.MatchString(fmt.Sprintf("%+v", l)) {
			t.Errorf("log: %+v", l)
		}
	}
	if !w.Evidence(r.secret) || !w.Document(r.paper) || w.Evidence(r.b.State().Evidence[0].SHA256) == w.Evidence(r.b.State().Evidence[1].SHA256) {
		t.Error("items and papers of the lane go along, or those beside it do not")
	}
	if all, _, rep = write(Leaving{Lanes: []string{"silver"}}); rep.Withheld != 0 || !marker.MatchString(all) {
		t.Errorf("counsel let the lane out: %d bodies withheld", rep.Withheld)
	}
	ids := map[string]caserecord.PersonID{}
	for _, p := range r.b.State().People {
		ids[p.Name] = p.ID
	}
	if all, _, rep = write(Leaving{Sealed: true, People: []caserecord.PersonID{ids["Ben"], ids["Ada"]}}); rep.Withheld != 8 || marker.MatchString(all) {
		t.Errorf("encrypted also to somebody outside: %d withheld; the sealed words alone go along", rep.Withheld)
	}
	if _, _, rep = write(Leaving{Sealed: true, People: []caserecord.PersonID{ids["Ben"], ids["Cy"]}}); rep.Withheld != 0 {
		t.Errorf("encrypted to members alone: %d withheld", rep.Withheld)
	}
}

// TestMarkedEntries: a mark on an entry hides it, what corrects it and what is noted about it.
func TestMarkedEntries(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder"})
	ctx := context.Background()
	note := func(about, text string) caserecord.Entry {
		p := r.b.ProposeNote(about, text)
		e, err := r.b.Note(ctx, confirm.New(r.me(), p.Shown, p.Kinds...), about, text)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	r.as("Cy", "")
	plain, secret := note("case", "ordinary"), note("case", inNotes+" one")
	note(string(secret.ID), inNotes+" two")
	note(string(plain.ID), "about the ordinary one")
	r.do(r.b.propose(&caserecord.CorrectionMadeData{Supersedes: secret.ID, Text: inNotes + " three"}, "a", "b"), nil)
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "L", Direction: "d"}))
	r.do(r.b.ProposeMark(MarkRequest{Of: "entry", Ref: string(secret.ID), Lane: "L", Track: "advice", Basis: "asked counsel"}))
	if n := len(r.b.State().Notes); n != 4 {
		t.Errorf("counsel sees %d notes", n)
	}
	r.as("Cy", "") // not even who wrote it
	if n := len(r.b.State().Notes); n != 2 || len(r.b.State().Corrections) != 0 {
		t.Errorf("%d notes are left, %d corrections", n, len(r.b.State().Corrections))
	}
	note("case", "afterwards") // the sight is continued
	for _, x := range r.b.Stories() {
		if marker.MatchString(x.Story + x.Data) {
			t.Errorf("told: %s", x.Story)
		}
	}
	if len(r.b.State().Notes) != 3 || r.b.State().Entries != len(r.b.wholeEntries()) || r.b.State().Head != r.b.whole().Head {
		t.Errorf("the sight is not the case of now: %d notes", len(r.b.State().Notes))
	}
}

// TestMarksAtIntake: evidence for a lane is behind the wall from its first row on; an archive takes its members along.
func TestMarksAtIntake(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder"})
	ctx := context.Background()
	r.do(r.b.ProposeGrant(Grant{Person: "Ben", Role: "responder"}))
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "L", Direction: "d"}))
	zipped := filepath.Join(t.TempDir(), inPath+".zip")
	writeZip(t, zipped, map[string]string{"a.log": guesses(inRows+"host", "u", "198.51.100.7"), "b.log": guesses(inRows+"other", "u", "198.51.100.8")})
	req, m := IntakeRequest{Paths: []string{zipped}, Keep: evidence.KeepSealed}, LaneMark{Lane: "L", Track: "fact", Basis: "collected for counsel"}
	p, err := r.b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	act := confirm.Batch(r.me(), p.Shown, p.Kinds...)
	other := func(p Proposal) (identity.Act, error) { return act, nil }
	if _, err := r.b.AddEvidenceInLane(ctx, act, req, m, other, nil, nil); !errors.Is(err, ErrShownChanged) || len(r.b.whole().Marks) != 0 {
		t.Errorf("marks by the act of the import: %v", err)
	}
	once := func(p Proposal) (identity.Act, error) { return confirm.New(r.me(), p.Shown, p.Kinds...), nil }
	if _, err := r.b.AddEvidenceInLane(ctx, act, req, m, once, nil, nil); err != nil {
		t.Fatal(err)
	}
	received := map[string]int{}
	for i, e := range r.b.wholeEntries() {
		switch d := e.Content().(type) {
		case *caserecord.EvidenceReceivedData:
			received[d.SHA256] = i
		case *caserecord.PrivilegeMarkedData:
			if received[d.Ref] != i-1 {
				t.Errorf("the mark on %.12s does not follow its receipt", d.Ref)
			}
		}
	}
	if n := len(r.b.whole().Marks); n != 3 {
		t.Errorf("%d marks for an archive with two members", n)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 0 {
		t.Errorf("somebody outside sees %d rows", rows)
	}
	if marker.MatchString(fmt.Sprintf("%+v %+v", r.b.Stories(), r.b.EvidenceItems())) {
		t.Error("the path or the rows are told")
	}
	// A mark on the archive alone carries over to its members; a mark on a member keeps the archive's bytes in.
	r.as("Ben", "legal-counsel")
	var archive, member string
	for _, it := range r.b.State().Evidence {
		r.do(r.b.ProposeLift("evidence", it.SHA256, "marked one by one below"))
		if strings.Contains(it.Received[0].Data.Path, "!") {
			member = it.SHA256
		} else {
			archive = it.SHA256
		}
	}
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: archive, Lane: "L", Track: "fact", Basis: "all of it"}))
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 0 {
		t.Errorf("a mark on the archive leaves %d rows", rows)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLift("evidence", archive, "only one member is privileged"))
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: member, Lane: "L", Track: "fact", Basis: "one of it"}))
	w, err := r.b.Withheld(Leaving{})
	if err != nil || !w.Evidence(archive) || !w.Evidence(member) {
		t.Errorf("the bytes of a marked member leave inside their archive (%v)", err)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 41 {
		t.Errorf("a mark on one member leaves %d rows", rows)
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
