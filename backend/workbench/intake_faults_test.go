package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
)

// TestAnswersOfTheSecondImport: an import after an undone one is read under its own answers, none included, here and after a
// rebuild.
func TestAnswersOfTheSecondImport(t *testing.T) {
	m := newImporter(t)
	sha := m.add()
	a := Again{SHA256: sha, Zone: "Asia/Tokyo", Year: 2025, Basis: "read off the machine"}
	if _, err := m.ImportAgain(context.Background(), m.batch(m.ProposeAgain(a)), a, nil); err != nil {
		t.Fatal(err)
	}
	m.undo(sha)
	req := IntakeRequest{Paths: []string{m.log}}
	if _, err := m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil); err != nil {
		t.Fatal(err)
	}
	if it := m.EvidenceItems()[0]; it.Zone != "UTC" {
		t.Errorf("the item says zone %s", it.Zone)
	}
	m.sameAfterRebuild()
}

// TestAnswersThatCannotBeSigned are refused before anything is taken.
func TestAnswersThatCannotBeSigned(t *testing.T) {
	m := newImporter(t)
	for _, r := range []IntakeRequest{{Year: 1}, {Year: 12345}, {Year: -3}, {Columns: map[string]string{"": "@timestamp"}}} {
		r.Paths = []string{m.log}
		if _, err := m.ProposeIntake(r); !errors.Is(err, ErrUsage) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// cutOff imports rows of an item as an import does that is killed before its receipt is signed, and opens the case again.
func (m *importer) cutOff(sha, parser string) *importer {
	m.t.Helper()
	ctx := context.Background()
	d, err := incident.ParseDigest(sha)
	if err != nil {
		m.t.Fatal(err)
	}
	im, err := m.rows().Import(ctx, timeline.Source{Evidence: d, Parser: parser, Version: "1"})
	if err != nil {
		m.t.Fatal(err)
	}
	if err := im.Add(&event.Event{Evidence: d, Path: m.log, Locator: event.Locator{Length: 3}}); err != nil {
		m.t.Fatal(err)
	}
	if err := im.Commit(ctx); err != nil {
		m.t.Fatal(err)
	}
	dir, env := m.dir, m.env
	if err := m.Close(); err != nil {
		m.t.Fatal(err)
	}
	b, err := OpenCase(ctx, env, OpenConfig{Dir: dir, Passphrase: []byte("long enough")})
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { b.Close() })
	return &importer{b, m.t, m.log}
}

// TestReadAgainCutOff: rows that another format gave before the program ended do not stand beside those of the receipt.
func TestReadAgainCutOff(t *testing.T) {
	m := newImporter(t)
	n := m.cutOff(m.add(), "csv")
	if got := n.rowTimes(); got != "2026 21:11 2026 21:12" {
		t.Errorf("rows after opening again: %s", got)
	}
	n.sameAfterRebuild()
}

// TestSecondTryCutOff: rows of an item whose only receipt says that it failed are no rows of the case.
func TestSecondTryCutOff(t *testing.T) {
	m := newImporter(t)
	if err := os.WriteFile(m.log, []byte("ElfFile\x00 but nothing more"), 0o600); err != nil {
		t.Fatal(err)
	}
	sha := m.add()
	if it := m.EvidenceItems()[0]; it.Status != "failed" {
		t.Fatalf("%+v", it)
	}
	n := m.cutOff(sha, "evtx")
	n.sameAfterRebuild()
	if _, rows, err := n.rows().Count(context.Background()); err != nil || rows != 0 {
		t.Errorf("%d rows of an item without a receipt for them: %v", rows, err)
	}
}

// TestTwoLaptopsUndoAndReadAgain: what one undoes while the other reads it again, or undoes it too, or imports it once more,
// comes out the same on both.
func TestTwoLaptopsUndoAndReadAgain(t *testing.T) {
	log := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "auth.log")
		if err := os.WriteFile(path, []byte("Mar  3 21:11:00 web01 sshd[811]: Connection closed by 203.0.113.9\nMar  3 21:12:00 web01 sshd[811]: Connection closed by 203.0.113.9\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	undo := func(l *laptop, sha string) {
		t.Helper()
		p, err := l.b.ProposeUndo([]string{sha}, "by mistake")
		if err != nil {
			t.Fatal(err)
		}
		l.signProposal(p)
	}
	again := func(l *laptop, sha, zone string) {
		t.Helper()
		a := Again{SHA256: sha, Zone: zone, Year: 2025, Basis: "read off the machine"}
		p, err := l.b.ProposeAgain(a)
		if err != nil {
			t.Fatal(err)
		}
		me, err := l.b.Me()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.b.ImportAgain(context.Background(), confirm.Batch(me, p.Shown, p.Kinds...), a, nil); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		ada, ben func(l *laptop, sha, path string)
		rows     int64
	}{
		"both undo":   {func(l *laptop, sha, _ string) { undo(l, sha) }, func(l *laptop, sha, _ string) { undo(l, sha) }, 0},
		"undo, again": {func(l *laptop, sha, _ string) { undo(l, sha) }, func(l *laptop, sha, _ string) { again(l, sha, "Asia/Tokyo") }, 2},
		"again, undo": {func(l *laptop, sha, _ string) { again(l, sha, "Asia/Tokyo") }, func(l *laptop, sha, _ string) { undo(l, sha) }, 2},
		"both again":  {func(l *laptop, sha, _ string) { again(l, sha, "Asia/Tokyo") }, func(l *laptop, sha, _ string) { again(l, sha, "Europe/Paris") }, 2},
		"undo and import, undo": {func(l *laptop, sha, path string) {
			undo(l, sha)
			l.add(IntakeRequest{Paths: []string{path}, Keep: evidence.KeepSealed})
		}, func(l *laptop, sha, _ string) { undo(l, sha) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			ada, ben := laptops(t, incident.RoleResponder)
			path := log(t)
			ada.add(IntakeRequest{Paths: []string{path}, Keep: evidence.KeepSealed, Year: 2026})
			sha := ada.b.State().Evidence[0].SHA256
			ben.merge(ada.dir)
			c.ada(ada, sha, path)
			c.ben(ben, sha, path)
			ben.merge(ada.dir)
			ada.merge(ben.dir)
			same(t, ada, ben)
			if _, rows, err := ada.b.rows().Count(context.Background()); err != nil || rows != c.rows {
				t.Errorf("%d rows, want %d: %v", rows, c.rows, err)
			}
		})
	}
}

// TestOddTimesEndNoIntake: times that no calendar of ours has, and times far away, cost their row a date, not the intake.
func TestOddTimesEndNoIntake(t *testing.T) {
	m := newImporter(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.jsonl": `{"timestamp":1e15,"message":"a","n":1}` + "\n" + `{"timestamp":-1e15,"message":"b","n":1}` + "\n" + `{"timestamp":"0000-01-01T00:00:00Z","message":"c","n":1}` + "\n",
		"b.csv":   "timestamp,message\n99999999999999999,a\n253402300800,b\n-99999999999,c\n9999-12-31T23:59:59-14:00,d\n0001-01-01T00:00:00+14:00,e\n",
		"c.log":   "<13>1 9999-12-31T23:59:59.999999-12:00 h a - - - x\n<13>1 0001-01-01T00:00:00+12:00 h a - - - x\n<13>1 0000-01-01T00:00:00Z h a - - - x\n",
		"d.body":  "0|/a|1|r/rrwxrwxrwx|0|0|1|99999999999999|253402300800|-62135596801|1\n0|/b|1|r/rrwxrwxrwx|0|0|1|1|1|1|1\n",
		"e.log":   "type=SYSCALL msg=audit(99999999999999.123:1): arch=c000003e syscall=59\ntype=SYSCALL msg=audit(253402300800.123:2): arch=c000003e syscall=59\n",
		"f.log":   `1.2.3.4 - - [31/Dec/9999:23:59:59 -1200] "GET / HTTP/1.1" 200 1 "-" "-"` + "\n" + `1.2.3.4 - - [01/Jan/0000:00:00:00 +1200] "GET / HTTP/1.1" 200 1 "-" "-"` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	req := IntakeRequest{Paths: []string{dir}}
	if _, err := m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil); err != nil {
		t.Fatal(err)
	}
	for _, it := range m.EvidenceItems() {
		t.Log(filepath.Base(it.Path), it.Format, it.Status, it.Read, it.Parsed, it.First, it.Last, it.Note)
	}
	m.sameAfterRebuild()
}

// TestOddShapesEndNoIntake: events that no block can hold cost themselves what does not fit, and the receipt says so; the intake
// goes on.
func TestOddShapesEndNoIntake(t *testing.T) {
	m := newImporter(t)
	dir := t.TempDir()
	long := strings.Repeat("n", 3000)
	many := func(n int, each func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(each(i))
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"name.jsonl":   `{"@timestamp":"2026-03-14T01:02:03Z","` + long + `":"v"}` + "\n",
		"nul.jsonl":    `{"@timestamp":"2026-03-14T01:02:03Z","\u0000a":"v","":"w"}` + "\n",
		"values.jsonl": `{"@timestamp":"2026-03-14T01:02:03Z","a":[` + many(20000, func(i int) string { return fmt.Sprintf(`"%d",`, i) }) + `"x"]}` + "\n",
		"header.csv":   "timestamp," + long + ",b\n2026-03-14T01:02:03Z,1,2\n2026-03-14T01:02:04Z,1,2\n",
		"wide.jsonl": many(3000, func(i int) string {
			return fmt.Sprintf(`{"@timestamp":"2026-03-14T01:02:03Z",%s"z":1}`, many(30, func(j int) string { return fmt.Sprintf(`"k%d":1,`, i*30+j) })) + "\n"
		}),
		"audit.log": "type=USER_LOGIN msg=audit(1773450123.456:901): " + many(20000, func(i int) string { return fmt.Sprintf("k%d=1 ", i) }) + "\n" +
			"type=USER_LOGIN msg=audit(1773450123.456:902): " + many(20000, func(i int) string { return "acct=1 " }) + "\n",
		"access.log":  `1.2.3.4 - - [14/Mar/2026:01:02:03 +0000] "GET /?` + many(20000, func(i int) string { return fmt.Sprintf("a%d=1&", i) }) + ` HTTP/1.1" 200 1 "-" "-"` + "\n",
		"history.log": "Start-Date: 2026-03-14  01:02:03\nInstall: " + many(30000, func(i int) string { return fmt.Sprintf("p%d:amd64 (1), ", i) }) + "a:amd64 (1)\n" + many(5000, func(i int) string { return fmt.Sprintf("K%d: v\n", i) }),
		"zeek.log":    "#separator \\x09\n#path\tconn\n#fields\t" + strings.Repeat("f\t", 3000) + "ts\n#types\t" + strings.Repeat("string\t", 3000) + "time\n" + strings.Repeat("x\t", 3000) + "1773450123.456\n",
		"rfc5424.log": "<13>1 2026-03-14T01:02:03Z h a - - " + many(20000, func(i int) string { return fmt.Sprintf(`[x%d@1 %s="v"]`, i, long[:1+i%40]) }) + " m\n",
		"fw.log":      "Mar 14 01:02:03 fw01 kernel: IN=eth0 OUT= SRC=192.0.2.9 DST=10.0.0.1 LEN=40 PROTO=TCP SPT=4000 DPT=22 " + many(20000, func(i int) string { return fmt.Sprintf("X%d=1 ", i) }) + "\n",
		"cri.log":     many(3000, func(i int) string { return "2026-03-14T01:02:03Z stdout P {\"a\":\n" }) + "2026-03-14T01:02:03Z stdout F 1}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	req := IntakeRequest{Paths: []string{dir}, Year: 2026}
	if _, err := m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil); err != nil {
		t.Error(err)
	}
	items := m.EvidenceItems()
	for _, it := range items {
		t.Log(filepath.Base(it.Path), it.Format, it.Status, it.Read, it.Parsed, it.Warnings, it.Note)
	}
	if len(items) != 12 {
		t.Errorf("%d items", len(items))
	}
	m.sameAfterRebuild()
}
