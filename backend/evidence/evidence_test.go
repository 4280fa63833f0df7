package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/sandbox"
)

var ctx = context.Background()

// lines is a test format: a first line that names it, then a record a line. Some lines ask for trouble.
type lines struct {
	name   string
	binary bool
}

func (l lines) Name() string    { return l.name }
func (l lines) Version() string { return "1" }
func (l lines) Binary() bool    { return l.binary }

func (l lines) Detect(head []byte, _ string) int {
	if bytes.HasPrefix(head, []byte(l.name+"\n")) {
		return 90
	}
	return 0
}

func (l lines) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	r := parse.Result{Status: parse.StatusOK}
	b := make([]byte, in.Size)
	if _, err := in.Reader.ReadAt(b, 0); err != nil && err != io.EOF {
		return parse.Result{Status: parse.StatusFailed, Note: err.Error()}, nil
	}
	at := int64(len(l.name) + 1)
	for _, line := range strings.SplitAfter(string(b[at:]), "\n") {
		switch word := strings.TrimSpace(line); word {
		case "", "silent":
		case "bad":
			r.Read++
			r.Skip("bad line")
			r.Warn(at, "bad line")
			r.Status = parse.StatusPartial
		case "panic":
			panic("index out of range")
		case "passwd":
			if _, err := os.ReadFile("/etc/passwd"); err == nil {
				return parse.Result{Status: parse.StatusFailed, Note: "ESCAPED"}, nil
			}
			return parse.Result{Status: parse.StatusFailed, Note: "refused"}, nil
		case "question":
			return r, fmt.Errorf("%w: which column holds the time?", parse.ErrNeedsAnswer)
		case "miscount":
			r.Parsed += 5
		default:
			r.Read++
			r.Parsed++
			e := &event.Event{Locator: event.Locator{Offset: at, Length: int64(len(line))}, Times: []event.Time{{Meaning: event.Occurred, At: time.Unix(at, 0).UTC()}}}
			e.Set("message", event.KindString, word)
			r.Saw(e.Times[0].At)
			if err := emit(e); err != nil {
				return r, err
			}
		}
		at += int64(len(line))
	}
	if strings.Contains(string(b), "silent") {
		return parse.Result{Status: parse.StatusOK}, nil
	}
	if r.Read == 0 {
		r.Status = parse.StatusEmpty
	}
	return r, nil
}

var testFormats = []parse.Format{lines{"log", false}, lines{"bin", true}}

func TestMain(m *testing.M) {
	sandbox.MaybeChild(testFormats...)
	if dir := os.Getenv("EVIDENCE_TEST_CHILD"); dir != "" {
		takeInChild(dir, os.Getenv("EVIDENCE_TEST_FROM"))
	}
	os.Exit(m.Run())
}

// bench collects what the hooks are told.
type bench struct {
	t        testing.TB
	vault    *vault.Vault
	receipts []Receipt
	received []Item
	events   map[string][]*event.Event // committed, by path
	order    []string
	in       Intake
}

type sink struct {
	b       *bench
	path    string
	pending []*event.Event
	fail    error
	ended   bool
}

func (s *sink) Add(e *event.Event) error {
	if s.fail != nil {
		return s.fail
	}
	s.pending = append(s.pending, e)
	return nil
}

func (s *sink) Commit(context.Context) error {
	s.b.events[s.path] = s.pending
	s.ended = true
	return nil
}

func (s *sink) Abort() error { s.ended = true; return nil }

func newBench(t testing.TB) *bench {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(filepath.Join(t.TempDir(), "vault"), id, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, vault: v, events: map[string][]*event.Event{}}
	b.in = Intake{
		Vault: v, Formats: testFormats, Now: func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) },
		Received: func(it Item) error {
			b.received = append(b.received, it)
			b.order = append(b.order, "received "+it.Path)
			return nil
		},
		Open: func(it Item, f parse.Format) (Sink, error) {
			b.order = append(b.order, "open "+it.Path)
			return &sink{b: b, path: it.Path}, nil
		},
		Done: func(r Receipt) error {
			b.receipts = append(b.receipts, r)
			b.order = append(b.order, "done "+r.Path)
			return nil
		},
	}
	return b
}

func (b *bench) take(paths ...string) Summary {
	b.t.Helper()
	b.in.Paths = paths
	if err := Take(ctx, b.in); err != nil {
		b.t.Fatal(err)
	}
	var s Summary
	for _, r := range b.receipts {
		s.Add(r)
		sum := r.Parsed
		for _, k := range r.Skipped {
			sum += k.Count
		}
		if sum != r.Read {
			b.t.Errorf("%s: read %d is not parsed %d plus skipped %v", r.Path, r.Read, r.Parsed, r.Skipped)
		}
		if int64(len(b.events[r.Path])) != r.Parsed && r.Status != parse.StatusDuplicate {
			b.t.Errorf("%s: %d events kept, the receipt says %d", r.Path, len(b.events[r.Path]), r.Parsed)
		}
	}
	return s
}

// table is the receipts in short: status, read, parsed, base name.
func (b *bench) table(root string) string {
	var s strings.Builder
	for _, r := range b.receipts {
		fmt.Fprintf(&s, "%s %d/%d %s\n", r.Status, r.Parsed, r.Read, strings.TrimPrefix(r.Path, root+string(filepath.Separator)))
	}
	return s.String()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFolderLeavesAReceiptForEverything(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"a.txt": "log\none\ntwo\n", "b/deep/c.bin": "bin\nx\nbad\ny\n", "b/same.txt": "log\none\ntwo\n", "empty.log": "log\n",
		"nothing": "", "unknown.dat": "\x01\x02", "silent.log": "log\nsilent\n", "z.bin": "bin\npasswd\n", "fault.bin": "bin\nok\npanic\n",
		"fault.log": "log\nok\npanic\n", "ask.csv": "log\nquestion\n", "lie.log": "log\nk\nmiscount\n", "packed.gz": "\x1f\x8b\x08",
	} {
		write(t, filepath.Join(dir, name), content)
	}
	b := newBench(t)
	s := b.take(dir)
	// A symbolic link, a pipe and so on: see TestLinksAndDevices.
	want := `ok 2/2 a.txt
failed 0/0 ask.csv
partial 2/3 b/deep/c.bin
duplicate 0/0 b/same.txt
empty 0/0 empty.log
partial 1/1 fault.bin
partial 1/1 fault.log
partial 1/1 lie.log
empty 0/0 nothing
failed 0/0 packed.gz
failed 0/0 silent.log
no-parser 0/0 unknown.dat
failed 0/0 z.bin
`
	if got := strings.ReplaceAll(b.table(dir), `\`, "/"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.ExitStatus() != 3 || s.Items != 13 || s.Parsed != 7 || s.Read != 8 {
		t.Errorf("summary: %+v, exit %d", s, s.ExitStatus())
	}
	notes := map[string]string{"ask.csv": "which column", "silent.log": "no record", "z.bin": "refused", "fault.bin": "index out of range", "fault.log": "index out of range",
		"packed.gz": "cut off or damaged", "nothing": "no bytes", "lie.log": ""}
	for _, r := range b.receipts {
		if want, ok := notes[filepath.Base(r.Path)]; ok && !strings.Contains(r.Note, want) {
			t.Errorf("%s: note %q, want %q in it", r.Path, r.Note, want)
		}
		if r.NeedsAnswer != (filepath.Base(r.Path) == "ask.csv") {
			t.Errorf("%s: needs an answer: %v", r.Path, r.NeedsAnswer)
		}
	}
	// Received stands before open, and open before done.
	if got := strings.Join(b.order[:3], " | "); got != fmt.Sprintf("received %[1]s | open %[1]s | done %[1]s", filepath.Join(dir, "a.txt")) {
		t.Errorf("order: %s", got)
	}
	if dup := b.receipts[3]; dup.DuplicateOf != filepath.Join(dir, "a.txt") || dup.DuplicateSHA256 != b.receipts[0].SHA256 {
		t.Errorf("duplicate: %+v", dup)
	}
}

func TestItemCarriesHashesAndEventsTheirSource(t *testing.T) {
	dir := t.TempDir()
	content := "log\none\ntwo\n"
	path := filepath.Join(dir, "a.txt")
	write(t, path, content)
	b := newBench(t)
	b.take(path)
	m, s1, s2 := md5.Sum([]byte(content)), sha1.Sum([]byte(content)), sha256.Sum256([]byte(content))
	it := b.received[0]
	if it.SHA256 != s2 || it.MD5 != hex.EncodeToString(m[:]) || it.SHA1 != hex.EncodeToString(s1[:]) || it.Bytes != int64(len(content)) || !it.Sealed || it.Name != "a.txt" {
		t.Fatalf("item: %+v", it)
	}
	if err := b.vault.Verify(ctx, it.SHA256); err != nil {
		t.Fatal(err)
	}
	e := b.events[path][1]
	if e.Evidence != it.SHA256 || e.Path != path || e.Parser != "log" || e.Version != "1" {
		t.Fatalf("event: %+v", e)
	}
	src, err := Reopen(ctx, b.vault, e.Evidence, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	raw := make([]byte, e.Locator.Length)
	if _, err := src.ReadAt(raw, e.Locator.Offset); (err != nil && err != io.EOF) || string(raw) != "two\n" {
		t.Fatalf("source bytes %q %v", raw, err)
	}
}

func TestReceiptIsTheContractLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	write(t, path, "log\none\nbad\n")
	b := newBench(t)
	b.take(path)
	line, err := json.Marshal(b.receipts[0])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"path", "format", "status", "sha256", "bytes", "read", "parsed", "skipped", "warnings", "first", "last", "kept"} {
		if _, ok := m[k]; !ok {
			t.Errorf("%s is missing in %s", k, line)
		}
	}
	if got := fmt.Sprint(m["skipped"]); got != "[map[count:1 reason:bad line]]" || m["first"] != "1970-01-01T00:00:04.0000000Z" || m["kept"] != "sealed" {
		t.Errorf("%s", line)
	}
	if line, err = json.Marshal(Receipt{}); err != nil || !bytes.Contains(line, []byte(`"skipped":[]`)) {
		t.Errorf("%s %v", line, err)
	}
}

func TestReferencedStaysWhereItIs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	write(t, path, "log\none\n")
	b := newBench(t)
	b.in.Keep = KeepReferenced
	b.take(path)
	it := b.received[0]
	if it.Sealed || b.vault.Has(it.SHA256) || b.receipts[0].Kept != "referenced" || b.receipts[0].Parsed != 1 {
		t.Fatalf("%+v", it)
	}
	src, err := Reopen(ctx, b.vault, it.SHA256, []string{"/nowhere", it.Path})
	if err != nil {
		t.Fatal(err)
	}
	src.Close()
	write(t, path, "log\nten\n")
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := Reopen(ctx, b.vault, it.SHA256, []string{it.Path}); !errors.Is(err, ErrAltered) {
		t.Fatalf("altered original: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Reopen(ctx, b.vault, it.SHA256, []string{it.Path}); !errors.Is(err, ErrAbsent) {
		t.Fatalf("absent original: %v", err)
	}
	// Auto seals below its limit only.
	write(t, path, "log\nlonger than ten bytes\n")
	c := newBench(t)
	c.in.Limits = DefaultLimits()
	c.in.Limits.SealBelow = 10
	c.take(path)
	if c.received[0].Sealed {
		t.Fatal("a large item was sealed")
	}
}

func TestKnownContentIsNotParsedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "log\none\n")
	b := newBench(t)
	b.in.Known = func(d incident.Digest) (string, bool) { return "earlier.txt", d == sha256.Sum256([]byte("log\none\n")) }
	b.take(path)
	if r := b.receipts[0]; r.Status != parse.StatusDuplicate || r.DuplicateOf != "earlier.txt" || len(b.events) != 0 {
		t.Fatalf("%+v", r)
	}
}

func TestStoreFailureAndCancelEndTheIntake(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "log\none\n")
	write(t, filepath.Join(dir, "b"), "bin\none\n")
	b := newBench(t)
	full := errors.New("full")
	var sinks []*sink
	b.in.Open = func(it Item, _ parse.Format) (Sink, error) {
		s := &sink{b: b, fail: full}
		sinks = append(sinks, s)
		return s, nil
	}
	for _, name := range []string{"a", "b"} {
		b.in.Paths = []string{filepath.Join(dir, name)}
		if err := Take(ctx, b.in); !errors.Is(err, full) || !sinks[len(sinks)-1].ended {
			t.Fatalf("%s: %v", name, err)
		}
	}
	stopped, stop := context.WithCancel(ctx)
	b.in.Received = func(Item) error { stop(); return nil }
	if err := Take(stopped, b.in); !errors.Is(err, context.Canceled) || len(b.receipts) != 0 {
		t.Fatalf("%v, receipts %v", err, b.receipts)
	}
	refused := errors.New("not signed")
	b.in.Received = func(Item) error { return refused }
	if err := Take(ctx, b.in); !errors.Is(err, refused) {
		t.Fatal(err)
	}
}

func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		receipts []Receipt
		want     int
	}{
		{nil, 1},
		{[]Receipt{{Status: parse.StatusFailed}}, 1},
		{[]Receipt{{Status: parse.StatusFailed, SHA256: "a"}}, 3},
		{[]Receipt{{Status: parse.StatusOK, SHA256: "a"}, {Status: parse.StatusEmpty, SHA256: "b"}, {Status: parse.StatusDuplicate, SHA256: "a"}, {Status: parse.StatusNoParser, SHA256: "c"}}, 0},
		{[]Receipt{{Status: parse.StatusOK, SHA256: "a"}, {Status: parse.StatusPartial, SHA256: "b"}}, 3},
		{[]Receipt{{Status: parse.StatusOK, SHA256: "a"}, {Status: parse.StatusFailed}}, 3},
		{[]Receipt{{Status: parse.StatusPartial, SHA256: "a"}, {Status: parse.StatusQuarantined}}, 3},
	} {
		var s Summary
		for _, r := range c.receipts {
			s.Add(r)
		}
		if got := s.ExitStatus(); got != c.want {
			t.Errorf("%v: exit %d, want %d", c.receipts, got, c.want)
		}
	}
}

func TestProgressReachesItsEnd(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "log\n"+strings.Repeat("line\n", 500_000))
	write(t, filepath.Join(dir, "b"), "bin\none\n")
	writeZip(t, filepath.Join(dir, "c.zip"), member{name: "x", content: "log\nx\n"})
	b := newBench(t)
	var last Progress
	calls := 0
	b.in.Progress = func(p Progress) {
		if p.Done < last.Done || p.Done > p.Total {
			t.Errorf("progress went from %+v to %+v", last, p)
		}
		last = p
		calls++
	}
	b.take(dir)
	if calls < 6 || last.Files < 2 {
		t.Fatalf("%d calls, last %+v", calls, last)
	}
}

type member struct {
	name    string
	content string
	store   bool
	flags   uint16
	mode    os.FileMode
}

func writeZip(t *testing.T, path string, members ...member) {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: time.Date(2025, 1, 2, 3, 4, 6, 0, time.UTC)}
		if m.store {
			h.Method = zip.Store
		}
		h.Flags = m.flags
		if m.mode != 0 {
			h.SetMode(m.mode)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
