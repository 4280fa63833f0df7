package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/decision"
	"adjutant/backend/event"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/sandbox"
	"adjutant/backend/scenario/ferry"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
)

func TestMain(m *testing.M) {
	sandbox.MaybeChild()
	code := m.Run()
	if sample.dir != "" {
		os.RemoveAll(sample.dir)
	}
	os.Exit(code)
}

var signs = Confirmer{Once: confirm.New, Batch: confirm.Batch}

// sample is the demo, run once for all tests of this package.
var sample struct {
	once  sync.Once
	dir   string
	env   Env
	out   *DemoResult
	err   error
	truth ferry.Truth
}

func testEnv(home string) Env {
	e := NewEnv(home, "test")
	e.WorkFactor = 10
	return e
}

func demoCase(t *testing.T) *Bench {
	t.Helper()
	sample.once.Do(func() {
		sample.dir, sample.err = os.MkdirTemp("", "adjutant-demo-test-")
		if sample.err != nil {
			return
		}
		sample.env = testEnv(filepath.Join(sample.dir, "home"))
		sample.out, sample.err = Demo(context.Background(), sample.env, DemoConfig{Dir: filepath.Join(sample.dir, "demo"), NoModel: true}, signs)
		if sample.err == nil {
			var s *ferry.Scenario
			if s, sample.err = ferry.Build(ferry.DefaultSeed); sample.err == nil {
				sample.truth = s.Truth
			}
		}
	})
	if sample.err != nil {
		t.Fatal(sample.err)
	}
	b, err := OpenCase(context.Background(), sample.env, OpenConfig{Dir: sample.out.Case, Passphrase: []byte(DemoPassphrase)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// short cuts a receipt's path to the form of the truth.
func short(path string) string {
	if i := strings.Index(path, ferry.Root+"/"); i >= 0 {
		return path[i:]
	}
	return path
}

func TestDemoReceipts(t *testing.T) {
	b := demoCase(t)
	got := map[string]Item{}
	for _, it := range b.EvidenceItems() {
		got[short(it.Path)] = it
	}
	for _, f := range sample.truth.Files {
		it, ok := got[f.Path]
		if !ok {
			t.Errorf("%s: no receipt", f.Path)
			continue
		}
		read := f.Records
		if f.WholeRecords > 0 {
			read = f.WholeRecords + 1 // the cut chunk: 70 whole records more and one that is damaged
		}
		if f.Status == "duplicate" {
			read = 0
		}
		if twin := it.Status == "duplicate" || f.Status == "duplicate"; twin && got[f.Path].SHA256 == got["collection/DB01/auth.log"].SHA256 {
			continue // which of the two was met first is a matter of their names
		}
		if it.Status != f.Status || it.Read != read && f.Status != "partial" {
			t.Errorf("%s: status %s, read %d, parsed %d; want %s, %d (%s)", f.Path, it.Status, it.Read, it.Parsed, f.Status, read, it.Note)
		}
		var skipped int64
		for _, s := range it.Skipped {
			skipped += s.Count
		}
		if it.Read != it.Parsed+skipped {
			t.Errorf("%s: read %d, parsed %d, skipped %d", f.Path, it.Read, it.Parsed, skipped)
		}
	}
	checkWarned(t, b)
	events, _, err := b.Timeline().Count(context.Background())
	if err != nil || events < 30000 {
		t.Errorf("%d events (%v)", events, err)
	}
}

// checkWarned holds that the warnings of the cut log can be read in words, with their places.
func checkWarned(t *testing.T, b *Bench) {
	t.Helper()
	for _, it := range b.EvidenceItems() {
		if it.Status == "partial" && (len(it.Warned) == 0 || it.Warned[0].Text == "") {
			t.Errorf("%s: %d warnings, none in words", it.Path, it.Warnings)
		}
	}
}

// TestDemoFindsTheSteps: each step of the intrusion is cited by a finding, on its own rows.
func TestDemoFindsTheSteps(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	a, err := b.Analysis(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cited := map[string]string{}
	twins := strings.NewReplacer("auth (copy).log", "auth.log")
	for _, f := range a.Report.Findings {
		for _, id := range f.Rows {
			r, err := b.Row(ctx, string(id))
			if err != nil {
				t.Fatalf("%s cites a row that is not there: %v", f.Rule.Title, err)
			}
			cited[fmt.Sprintf("%s@%d.%d", twins.Replace(short(r.Event.Path)), r.Event.Locator.Offset, r.Event.Locator.Sub)] = f.Rule.Title
		}
	}
	missed := 0
	for _, s := range sample.truth.Steps {
		by := ""
		for _, r := range s.Rows {
			if x := cited[fmt.Sprintf("%s@%d.%d", r.File, r.Offset, 0)]; x != "" {
				by = x
			}
		}
		if by == "" {
			missed++
			t.Errorf("%s %s: no finding cites it", s.ID, s.Title)
		}
	}
	t.Logf("%d of %d steps are cited by %d findings", len(sample.truth.Steps)-missed, len(sample.truth.Steps), len(a.Report.Findings))
}

// TestPlantedTextChangesNothing: the texts written for a model are findings, and the hosts they stand on keep theirs.
func TestPlantedTextChangesNothing(t *testing.T) {
	b := demoCase(t)
	a, err := b.Analysis(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	planted := 0
	for _, f := range a.Report.Findings {
		if f.Kind == "planted-instructions" {
			planted += len(f.Rows)
		}
	}
	if planted < len(sample.truth.Injections) {
		t.Errorf("%d planted texts found, %d were planted", planted, len(sample.truth.Injections))
	}
	for _, g := range a.Groups {
		if g.Severity >= incident.SeverityHigh && (g.Suggested == incident.VerdictBenign || g.Suggested == incident.VerdictFalsePositive) {
			t.Errorf("%s (%s) is suggested as %s", g.Title, g.Severity, g.Suggested)
		}
	}
}

func TestDemoDecisionsSayEverything(t *testing.T) {
	b := demoCase(t)
	s := b.State()
	if len(s.Refused) > 0 || len(s.Conflicts) > 0 {
		t.Errorf("refused %v, conflicts %v", s.Refused, s.Conflicts)
	}
	outcomes := map[caserecord.Outcome]int{}
	for _, d := range s.Decisions {
		c := d.Current.Data
		outcomes[c.Outcome]++
		if c.Role == "" || c.Recommended == "" || c.RecommendedBy.Name == "" || c.RecommendedBy.Version == "" || len(c.Rows) == 0 || len(c.ShownSHA256) != 64 || c.Reason == "" {
			t.Errorf("decision lacks something: %+v", c)
		}
		for _, r := range c.Rows {
			if r.RawSHA256 == "" || r.Text == "" || r.Locator == "" {
				t.Errorf("citation cannot outlive its evidence: %+v", r)
			}
		}
		known := caserecord.Past(b.Entries(), d.Current.Entry)
		if len(known) == 0 || len(known) >= s.Entries {
			t.Errorf("known at the decision: %d of %d entries", len(known), s.Entries)
		}
	}
	for _, o := range []caserecord.Outcome{caserecord.OutcomeAccept, caserecord.OutcomeOverride, caserecord.OutcomeReject} {
		if outcomes[o] == 0 {
			t.Errorf("the demo shows no %s", o)
		}
	}
	if len(sample.out.Papers) != 3 {
		t.Errorf("papers: %v", sample.out.Papers)
	}
}

// TestNothingIsSignedWithoutAnAct: a job, a model run or a script that has no act from a confirm handler cannot sign.
func TestNothingIsSignedWithoutAnAct(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	before := b.State().Entries
	var none identity.Act
	if _, err := b.Note(ctx, none, "x", "a note"); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("note without an act: %v", err)
	}
	if _, err := b.AddEvidence(ctx, none, IntakeRequest{Paths: []string{sample.out.Timeline}}, nil, nil); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("import without an act: %v", err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.ProposeDetect()
	if err != nil {
		t.Fatal(err)
	}
	batch := confirm.Batch(me, p.Shown, p.Kinds...)
	if _, err := b.Decide(ctx, batch, DecisionRequest{Level: incident.SeverityLow, ReasonCode: "other", Reason: "A job tries to lower the severity of it all."}); err == nil {
		t.Error("a job's act signed a severity")
	}
	if b.State().Entries != before {
		t.Errorf("%d entries were added", b.State().Entries-before)
	}
}

// TestShownIsWhatIsSigned: a decision over a state that has moved on is refused, and so is a reason that says nothing.
func TestShownIsWhatIsSigned(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	a, err := b.Analysis(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := b.State()
	for _, rec := range a.Recommendations {
		r := DecisionRequest{Recommendation: rec.ID, Outcome: decision.Reject, ReasonCode: "insufficient-information", Reason: "The log of the gateway is read again this afternoon."}
		p, err := b.ProposeDecision(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if s.Decision(rec.ID) != nil || p.Refused != nil {
			continue
		}
		me, err := b.Me()
		if err != nil {
			t.Fatal(err)
		}
		short := r
		short.Reason = "too short"
		if _, err := b.Decide(ctx, confirm.New(me, p.Shown, p.Kinds...), short); !errors.Is(err, ErrReason) {
			t.Errorf("short reason: %v", err)
		}
		note := b.ProposeNote("case", "something happened in between")
		if _, err := b.Note(ctx, confirm.New(me, note.Shown, note.Kinds...), "case", "something happened in between"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Decide(ctx, confirm.New(me, p.Shown, p.Kinds...), r); !errors.Is(err, ErrShownChanged) {
			t.Errorf("stale dialog: %v", err)
		}
		return
	}
	t.Fatal("no open recommendation that the commander may decide")
}

func TestPapersAreFunctionsOfTheirText(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	papers, err := b.Papers()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range papers {
		one, err := b.PDF(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		two, err := b.PDF(ctx, p.ID)
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s: printed twice, %d and %d bytes differ (%v)", p.Title, len(one), len(two), err)
		}
		if f := sample.out.Papers[p.Template]; f != "" {
			disk, err := os.ReadFile(f)
			if err != nil || !bytes.Equal(disk, one) {
				t.Errorf("%s: the file of the demo differs (%v)", p.Title, err)
			}
		}
		if p.State != PaperApproved {
			t.Errorf("%s is %s", p.Title, p.State)
		}
	}
}

// TestSameDigestOnAnotherLaptop: the same evidence taken in another order into another case by another person, and the
// same case rebuilt from evidence and record, give the same timeline digest (P7).
func TestSameDigestOnAnotherLaptop(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	want, err := b.Digest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Rebuild(ctx, nil)
	if err != nil || r.After != want.Digest || r.Absent != 0 {
		t.Errorf("rebuilt: %+v, want %s (%v)", r, want.Digest, err)
	}
	checkWarned(t, b)
	env := testEnv(t.TempDir())
	o, err := CreateCase(ctx, env, CaseConfig{Dir: filepath.Join(t.TempDir(), "other.case"), Name: "Other", Person: "C. Other", Passphrase: []byte("another phrase")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var groups [][]string
	all, err := os.ReadDir(sample.out.Collection)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(all) - 1; i >= 0; i-- { // the other way round
		groups = append(groups, []string{filepath.Join(sample.out.Collection, all[i].Name())})
	}
	for _, paths := range groups {
		req := IntakeRequest{Paths: paths, Year: 2026}
		if filepath.Base(paths[0]) == "GW01" {
			req.Zone = ferry.ZoneName
		}
		p, err := o.ProposeIntake(req)
		if err != nil {
			t.Fatal(err)
		}
		me, err := o.Me()
		if err != nil {
			t.Fatal(err)
		}
		act := confirm.Batch(me, p.Shown, p.Kinds...)
		if _, err := o.AddEvidence(ctx, act, req, nil, nil); err != nil {
			t.Fatal(err)
		}
		act.End()
	}
	got, err := o.Digest(ctx)
	if err != nil || got.Digest != want.Digest || got.Rows != want.Rows {
		t.Errorf("other laptop: %+v, want %+v (%v)", got, want, err)
	}
}

// TestEveryRowOpensItsSource: the bytes behind rows are those of the collection.
func TestEveryRowOpensItsSource(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	n := 0
	err := b.Timeline().Each(ctx, query.All{}, nil, func(r timeline.Row) error {
		if n++; n%997 != 0 {
			return nil
		}
		s, err := b.Bytes(ctx, r.Event)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(sample.dir, "demo", short(r.Event.Path)))
		if err != nil {
			return err
		}
		if !s.Present || !bytes.Equal(s.Bytes, raw[s.Offset:s.Offset+int64(len(s.Bytes))]) || len(s.Bytes) == 0 {
			t.Errorf("%s %s: other bytes than in the collection", r.ID, r.Event.Locator)
		}
		return nil
	})
	if err != nil || n < 30000 {
		t.Fatalf("%d rows: %v", n, err)
	}
}

func TestExportReadsBack(t *testing.T) {
	b := demoCase(t)
	raw, err := os.ReadFile(sample.out.Timeline)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n"))
	_, rows, err := b.Timeline().Count(context.Background())
	if err != nil || int64(len(lines)) != rows {
		t.Fatalf("%d lines, %d rows (%v)", len(lines), rows, err)
	}
	last := ""
	for i, l := range lines {
		var e struct {
			At  *string `json:"@timestamp"`
			Own struct {
				Row event.RowID `json:"row_id"`
			} `json:"adjutant"`
		}
		if err := json.Unmarshal(l, &e); err != nil || e.Own.Row == "" {
			t.Fatalf("line %d: %v %s", i+1, err, l)
		}
		at := "9999" // rows without a time come last
		if e.At != nil {
			at = *e.At
		}
		if at < last {
			t.Fatalf("line %d: %s after %s", i+1, at, last)
		}
		last = at
	}
}

func TestBundleOfTheDemoVerifies(t *testing.T) {
	demoCase(t)
	bd, err := bundle.Read(sample.out.Bundle)
	if err != nil {
		t.Fatal(err)
	}
	r := bd.Verify(caserecord.Anchors{Head: sample.out.Head})
	if r.ExitCode() != 0 || !r.Anchored {
		t.Errorf("%+v", r)
	}
	if bd.Manifest == nil || bd.Manifest.Mode != incident.ModeExercise {
		t.Error("the bundle does not say that it is an exercise")
	}
}

func TestAskTheDemo(t *testing.T) {
	b := demoCase(t)
	ctx := context.Background()
	for q, want := range map[string]string{
		"what did svc-backup do on FS01":   "query",
		"when did svc-backup first appear": "query",
		"what is overdue":                  "status",
		"how severe is it":                 "status",
		"which deadlines are running":      "status",
		"what is the meaning of life":      "none",
	} {
		a, err := b.Ask(ctx, q)
		if err != nil || a.Kind != want {
			t.Errorf("%q: %s, want %s (%v) %s", q, a.Kind, want, err, a.Text)
		}
		if a.Kind == "query" && (a.Total == 0 || len(a.Cites) == 0) {
			t.Errorf("%q: %d rows, cites %v", q, a.Total, a.Cites)
		}
	}
}

// TestOneCaseIsOpenOnce: a second program is told so.
func TestOneCaseIsOpenOnce(t *testing.T) {
	demoCase(t)
	_, err := OpenCase(context.Background(), sample.env, OpenConfig{Dir: sample.out.Case, Passphrase: []byte(DemoPassphrase)})
	if Explain(err).Code != CodeInUse {
		t.Errorf("second opening: %v", err)
	}
}

func TestReadingNeedsNoKey(t *testing.T) {
	demoCase(t).Close()
	env := testEnv(t.TempDir())
	b, err := OpenCase(context.Background(), env, OpenConfig{Dir: sample.out.Case, Passphrase: []byte(DemoPassphrase)})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Me(); !errors.Is(err, ErrLocked) {
		t.Errorf("somebody is unlocked: %v", err)
	}
	if v, err := b.Verify(); err != nil || v.Word() != "good" || v.Anchored {
		t.Errorf("%+v %v", v, err)
	}
}

// TestClockIsInjected: the clock is injected; entries carry it.
func TestClockIsInjected(t *testing.T) {
	env := testEnv(t.TempDir())
	at := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	env.Now = func() time.Time { return at }
	b, err := CreateCase(context.Background(), env, CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if got := b.State().Case.Recorded; !got.Equal(at) {
		t.Errorf("recorded %s", got)
	}
}
