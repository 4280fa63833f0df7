package workbench

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/parse"
)

// These tests take in the logs of other people whose counts are published beside them, through the same door as the
// window and the command line: hash, seal, sandbox, parse, index, receipt.

func sharedData(t *testing.T, sub string) string {
	t.Helper()
	root := os.Getenv("ADJUTANT_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, sub)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: %s is absent; the counts of real logs are NOT checked through the whole intake", dir)
	}
	return dir
}

// publishedRows reads a table of expected values, by the names in its first line.
func publishedRows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = l[i]
		}
		out = append(out, row)
	}
	return out
}

// intake takes paths into a new case and returns the receipts by path. It fails when an original was touched, when a
// receipt names another hash than the file's own, or when a receipt does not add up.
func intake(t *testing.T, name string, paths ...string) (*Bench, map[string]evidence.Receipt) {
	t.Helper()
	ctx := context.Background()
	before := originals(t, paths)
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{
		Dir: filepath.Join(t.TempDir(), name+".case"), Name: name, Person: "C. Ount", Passphrase: []byte("counting phrase"),
	}, signs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	req := IntakeRequest{Paths: paths, Zone: "UTC", Year: 2018}
	p, err := b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]evidence.Receipt{}
	_, err = b.AddEvidence(ctx, confirm.Batch(me, p.Shown, p.Kinds...), req, func(r evidence.Receipt) {
		if _, twice := got[r.Path]; twice {
			t.Errorf("%s has two receipts", r.Path)
		}
		skipped := int64(0)
		for _, s := range r.Skipped {
			skipped += s.Count
		}
		if r.Read != r.Parsed+skipped {
			t.Errorf("%s: read %d, parsed %d, skipped %d", r.Path, r.Read, r.Parsed, skipped)
		}
		if o, ok := before[r.Path]; ok && o.sha256 != r.SHA256 {
			t.Errorf("%s: the receipt says sha256 %s, the file has %s", r.Path, r.SHA256, o.sha256)
		}
		got[r.Path] = r
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, is := range originals(t, paths) {
		if is != before[path] {
			t.Errorf("%s was %v, is %v", path, before[path], is)
		}
	}
	// The record says the same as the receipts that were shown.
	for _, it := range b.EvidenceItems() {
		if r := got[it.Path]; it.Status != string(r.Status) || it.Parsed != r.Parsed || it.SHA256 != r.SHA256 {
			t.Errorf("%s: the record says %s, %d, the receipt %s, %d", it.Path, it.Status, it.Parsed, r.Status, r.Parsed)
		}
	}
	return b, got
}

// original is what must not change of a file.
type original struct {
	sha256 string
	size   int64
	mode   fs.FileMode
	mtime  time.Time
}

func originals(t *testing.T, paths []string) map[string]original {
	t.Helper()
	out := map[string]original{}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			raw, err := os.ReadFile(p)
			sum := sha256.Sum256(raw)
			out[p] = original{hex.EncodeToString(sum[:]), info.Size(), info.Mode(), info.ModTime()}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// sameTimeline checks that the timeline holds what the receipts say, and that its export has a line for each row and
// every event. It returns what the table of the test shows.
func sameTimeline(t *testing.T, b *Bench, receipts map[string]evidence.Receipt) []line {
	t.Helper()
	ctx := context.Background()
	var parsed int64
	for _, r := range receipts {
		parsed += r.Parsed
	}
	events, rows, err := b.Timeline().Count(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if events != parsed {
		t.Errorf("%d events in the timeline, %d in the receipts", events, parsed)
	}
	ids := map[string]bool{}
	lines := int64(0)
	pr, pw := io.Pipe()
	var n int64
	var exported error
	go func() {
		n, exported = b.ExportJSONL(ctx, "", pw)
		pw.CloseWithError(exported)
	}()
	sc := bufio.NewScanner(pr)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		lines++
		_, rest, ok := bytes.Cut(sc.Bytes(), []byte(`"adjutant":{"event_id":"`))
		id, _, _ := bytes.Cut(rest, []byte(`"`))
		if !ok || len(id) == 0 {
			t.Fatalf("line %d has no event id: %.200s", lines, sc.Bytes())
		}
		ids[string(id)] = true
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if lines != n || lines != rows || int64(len(ids)) != events {
		t.Errorf("export: %d lines of %d events, said to be %d; the timeline has %d rows of %d events", lines, len(ids), n, rows, events)
	}
	return []line{
		{"events in the timeline", len(receipts), events, parsed}, {"events in the export", len(receipts), int64(len(ids)), parsed},
		{"rows: lines of the export", len(receipts), lines, rows},
	}
}

// line is one row of the table that the tests print: what was found and what was expected.
type line struct {
	what            string
	files           int
	found, expected int64
}

func logTable(t *testing.T, lines []line) {
	t.Helper()
	var s strings.Builder
	fmt.Fprintf(&s, "\n%-34s %6s %9s %9s\n", "", "files", "found", "expected")
	for _, l := range lines {
		mark := ""
		if l.found != l.expected {
			mark = "  DIFFERS"
		}
		fmt.Fprintf(&s, "%-34s %6d %9d %9d%s\n", l.what, l.files, l.found, l.expected, mark)
	}
	t.Log(s.String())
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestCountsOrdinaryMachine takes in all logs of one ordinary machine, on which no attack is described.
func TestCountsOrdinaryMachine(t *testing.T) {
	dir := sharedData(t, "evtx")
	archive := filepath.Join(dir, "ordinary-win10-vm.zip")
	b, receipts := intake(t, "ordinary", archive)
	if r := receipts[archive]; r.Status != parse.StatusOK || r.Members != len(receipts)-1 {
		t.Errorf("archive: %s, %d members, %d receipts; %s", r.Status, r.Members, len(receipts), r.Note)
	}
	members := map[string]evidence.Receipt{}
	for path, r := range receipts {
		if _, name, ok := strings.Cut(path, ".zip!"); ok {
			members[filepath.Base(name)] = r
		}
	}
	sum := line{what: "ordinary-win10-vm.zip", files: len(members)}
	for _, row := range publishedRows(t, filepath.Join(dir, "ordinary-win10-vm.csv")) {
		r, ok := members[row["file"]]
		delete(members, row["file"])
		want := number(t, row["expected_records"])
		sum.found, sum.expected = sum.found+r.Parsed, sum.expected+want
		status := parse.StatusOK
		if want == 0 {
			status = parse.StatusEmpty
		}
		if !ok || r.Parsed != want || r.Read != want || r.Status != status || r.Warnings != 0 {
			t.Errorf("%s: %s, read %d, parsed %d, %d warnings; want %s, %d; %s", row["file"], r.Status, r.Read, r.Parsed, r.Warnings, status, want, r.Note)
		}
	}
	for name := range members {
		t.Errorf("%s stands in no table", name)
	}
	if sum.expected != 42409 {
		t.Errorf("the table has %d records, 42409 were published", sum.expected)
	}
	sameMembers(t, archive, receipts)
	table := append([]line{sum}, sameTimeline(t, b, receipts)...)
	quiet(t, b)
	logTable(t, table)
}

// sameMembers compares the hashes in the receipts with those of the archive's members, read by other code.
func sameMembers(t *testing.T, archive string, receipts map[string]evidence.Receipt) {
	t.Helper()
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, ok := receipts[archive+"!"+f.Name]
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		m, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		n, err := io.Copy(h, m)
		m.Close()
		if err != nil {
			t.Fatal(err)
		}
		if sum := hex.EncodeToString(h.Sum(nil)); !ok || r.SHA256 != sum || r.Bytes != n {
			t.Errorf("%s: receipt %q of %d bytes, the member is %s of %d", f.Name, r.SHA256, r.Bytes, sum, n)
		}
	}
}

// quiet runs the rules: whatever they rate high or critical on an ordinary machine is a false alarm.
func quiet(t *testing.T, b *Bench) {
	t.Helper()
	p, err := b.ProposeDetect()
	if err != nil {
		t.Fatal(err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Detect(context.Background(), confirm.Batch(me, p.Shown, p.Kinds...), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Report.Events != 42409 || a.Report.Ran == 0 || len(a.Report.Failed) > 0 {
		t.Errorf("%d events, %d of %d rules ran, failed: %v", a.Report.Events, a.Report.Ran, a.Report.Loaded, a.Report.Failed)
	}
	for _, f := range a.Report.Findings {
		if level := string(f.Rule.Level); level == "high" || level == "critical" {
			t.Errorf("false alarm: %s (%s), %d rows, matched %v", f.Rule.Title, level, len(f.Rows), f.Matched)
		}
	}
	t.Logf("%d findings, none of them high or critical; %d rules ran, %d do not apply", len(a.Report.Findings), a.Report.Ran, len(a.Report.NotApplicable))
}

// TestCountsOfTechniquesAndLogs takes in the logs of single techniques and five kinds of text and JSON logs.
func TestCountsOfTechniquesAndLogs(t *testing.T) {
	evtx, logs := sharedData(t, "evtx"), sharedData(t, "logs")
	paths := []string{filepath.Join(evtx, "techniques")}
	var wants []published
	for _, row := range publishedRows(t, filepath.Join(evtx, "expected.csv")) {
		if strings.HasPrefix(row["file"], "techniques/") {
			wants = append(wants, published{kind: "evtx/techniques", path: filepath.Join(evtx, row["file"]), format: "evtx", count: number(t, row["expected_records"])})
		}
	}
	kinds := map[string]string{"apache.access": "access", "nginx.access": "access", "system.auth": "syslog", "system.syslog": "syslog"}
	for _, row := range publishedRows(t, filepath.Join(logs, "filebeat", "expected.csv")) {
		format, ok := kinds[row["source"]]
		if !ok {
			continue
		}
		w := published{kind: row["source"], path: filepath.Join(logs, "filebeat", row["file"]), format: format, count: number(t, row["expected_records"])}
		if w.count == 100 { // the published table stops there
			w.count = beginnings(t, w.path)
		}
		paths, wants = append(paths, w.path), append(wants, w)
	}
	for _, row := range publishedRows(t, filepath.Join(logs, "cloudtrail-stratus", "expected.csv")) {
		w := published{kind: "cloudtrail", path: filepath.Join(logs, "cloudtrail-stratus", row["file"]), format: "cloudtrail", count: number(t, row["expected_records"]),
			first: row["first_time"], last: row["last_time"]}
		paths, wants = append(paths, w.path), append(wants, w)
	}
	b, receipts := intake(t, "techniques", paths...)
	for path, r := range receipts {
		if filepath.Base(path) == "LICENSE.txt" && r.Status != parse.StatusNoParser { // it lies among the logs
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	var table []line
	for _, w := range wants {
		r, ok := receipts[w.path]
		if len(table) == 0 || table[len(table)-1].what != w.kind {
			table = append(table, line{what: w.kind})
		}
		l := &table[len(table)-1]
		l.files, l.found, l.expected = l.files+1, l.found+r.Parsed, l.expected+w.count
		if !ok || r.Status != parse.StatusOK || r.Format != w.format || r.Parsed != w.count || r.Read != w.count {
			t.Errorf("%s: %s %s, read %d, parsed %d; want ok %s, %d; %s", w.path, r.Status, r.Format, r.Read, r.Parsed, w.format, w.count, r.Note)
		}
		if w.first != "" && (!strings.HasPrefix(r.First, strings.TrimSuffix(w.first, "Z")) || !strings.HasPrefix(r.Last, strings.TrimSuffix(w.last, "Z"))) {
			t.Errorf("%s: %s to %s, want %s to %s", w.path, r.First, r.Last, w.first, w.last)
		}
	}
	logTable(t, append(table, sameTimeline(t, b, receipts)...))
}

// published is what the tables beside the data say about one file.
type published struct {
	kind, path, format string
	count              int64
	first, last        string
}

// beginnings counts the lines that begin a record; the others go on with one.
func beginnings(t *testing.T, path string) (n int64) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.SplitSeq(string(raw), "\n") {
		if l != "" && l[0] != ' ' && l[0] != '\t' {
			n++
		}
	}
	return n
}
