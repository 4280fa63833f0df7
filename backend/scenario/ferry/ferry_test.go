package ferry

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"www.velocidex.com/golang/evtx"
)

var update = flag.Bool("update", false, "rewrite the truth and the digests of the default seed")

const goldenDir = "../../testdata/scenarios/ferry"

// built is the default incident, made once for all tests.
var built = sync.OnceValues(func() (*Scenario, error) { return Build(DefaultSeed) })

func scenario(t testing.TB) *Scenario {
	t.Helper()
	s, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGolden holds the incident to the digests and the truth in the repository. After a wanted change: go test -update,
// and read the diff of truth.json.
func TestGolden(t *testing.T) {
	s := scenario(t)
	var digests strings.Builder
	for _, f := range s.Files {
		fmt.Fprintf(&digests, "%x  %s\n", sha256.Sum256(f.Data), f.Path)
	}
	truth, err := s.Truth.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"digests.txt": []byte(digests.String()), "truth.json": truth} {
		path := filepath.Join(goldenDir, name)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from the repository:\n%s", name, firstDifference(string(got), string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %.200s\nwant %.200s", i+1, g[i], w[min(i, len(w)-1)])
		}
	}
	return "shorter than the repository's"
}

// TestCounts reads every file with a reader of its own and compares with the truth.
func TestCounts(t *testing.T) {
	s := scenario(t)
	var total int64
	for _, f := range s.Truth.Files {
		data := s.file(t, f.Path)
		var n int64
		switch f.Format {
		case "evtx":
			n = int64(len(readEVTX(t, data)))
		case "syslog", "access":
			n = int64(bytes.Count(data, []byte("\n")))
		case "csv":
			n = int64(bytes.Count(data, []byte("\n"))) - 1
		case "jsonl":
			if strings.HasSuffix(f.Path, ".json") {
				var doc struct{ Records []json.RawMessage }
				if err := json.Unmarshal(data, &doc); err != nil {
					t.Fatalf("%s: %v", f.Path, err)
				}
				n = int64(len(doc.Records))
				break
			}
			for line := range bytes.Lines(data) {
				if !json.Valid(line) {
					t.Errorf("%s: bad line %.80q", f.Path, line)
				}
				n++
			}
		}
		if n != f.Records {
			t.Errorf("%s: %d records, truth says %d", f.Path, n, f.Records)
		}
		if f.DuplicateOf != "" {
			if !bytes.Equal(data, s.file(t, f.DuplicateOf)) {
				t.Errorf("%s is no copy of %s", f.Path, f.DuplicateOf)
			}
			continue
		}
		total += n
	}
	if total != s.Truth.Totals.Records || total < 30_000 {
		t.Errorf("%d records in all, truth says %d, at least 30,000 are wanted", total, s.Truth.Totals.Records)
	}
	if len(s.Files) != len(s.Truth.Files) || len(s.Files) != s.Truth.Totals.Files {
		t.Errorf("%d files, truth lists %d", len(s.Files), len(s.Truth.Files))
	}
	cut := s.fileTruth(t, Root+"/WS-OPS02/System.evtx")
	if cut.Status != "partial" || cut.WholeRecords <= cut.Records {
		t.Errorf("truncated log: %+v", cut)
	}
}

func (s *Scenario) file(t testing.TB, path string) []byte {
	t.Helper()
	for _, f := range s.Files {
		if f.Path == path {
			return f.Data
		}
	}
	t.Fatalf("no file %s", path)
	return nil
}

func (s *Scenario) fileTruth(t testing.TB, path string) FileTruth {
	t.Helper()
	for _, f := range s.Truth.Files {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("no truth about %s", path)
	return FileTruth{}
}

func readEVTX(t testing.TB, data []byte) []*evtx.EventRecord {
	t.Helper()
	chunks, err := evtx.GetChunks(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []*evtx.EventRecord
	for _, c := range chunks {
		rs, err := c.Parse(0)
		if err != nil && c.Offset+65536 <= int64(len(data)) {
			t.Fatal(err)
		}
		all = append(all, rs...)
	}
	return all
}

// TestTruthLeadsToTheRows follows every reference of the truth to its bytes and to the time it claims.
func TestTruthLeadsToTheRows(t *testing.T) {
	s := scenario(t)
	if len(s.Truth.Steps) < 24 || len(s.Truth.Injections) != 5 {
		t.Fatalf("%d steps, %d injections", len(s.Truth.Steps), len(s.Truth.Injections))
	}
	check := func(id string, from, until time.Time, r Ref) {
		data := s.file(t, r.File)
		switch s.fileTruth(t, r.File).Format {
		case "evtx":
			le := binary.LittleEndian
			if le.Uint32(data[r.Offset:]) != 0x2a2a || le.Uint64(data[r.Offset+8:]) != r.Record {
				t.Errorf("%s: no record %d at %d of %s", id, r.Record, r.Offset, r.File)
			}
			at := time.Unix(int64(le.Uint64(data[r.Offset+16:])/10_000_000)-11644473600, 0)
			if strings.Contains(r.File, "/FS01/") {
				at = at.Add(-fs01Skew)
			}
			if !from.IsZero() && (at.Before(from.Add(-2*time.Second)) || at.After(until.Add(2*time.Second))) {
				t.Errorf("%s: record %d of %s is of %v, outside %v – %v", id, r.Record, r.File, at, from, until)
			}
		default:
			if r.Index == nil && bytes.Count(data[:r.Offset], []byte("\n"))+1 != r.Line {
				t.Errorf("%s: offset %d of %s is not line %d", id, r.Offset, r.File, r.Line)
			}
			if r.Index != nil && data[r.Offset] != '{' {
				t.Errorf("%s: no object at %d of %s", id, r.Offset, r.File)
			}
		}
	}
	for _, step := range append(append([]Step{}, s.Truth.Steps...), s.Truth.Decoys...) {
		if len(step.Rows) == 0 {
			t.Errorf("%s %q left no row", step.ID, step.Title)
		}
		for _, r := range step.Rows {
			check(step.ID, step.At, step.Until, r)
		}
	}
	for _, in := range s.Truth.Injections {
		for _, r := range in.Rows {
			check(in.ID, time.Time{}, time.Time{}, r)
			rest := s.file(t, r.File)[r.Offset:]
			rest = rest[:min(len(rest), 4000)]
			if text := in.Text[:20]; !bytes.Contains(rest, []byte(text)) && !bytes.Contains(rest, utf16le(text)) {
				t.Errorf("%s: %q is not at %d of %s", in.ID, text, r.Offset, r.File)
			}
		}
		if len(in.Rows) == 0 {
			t.Errorf("%s left no row", in.ID)
		}
	}
}

func utf16le(s string) []byte {
	var out []byte
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

// TestClearedLog holds what the clearing left: 1102 first, with an id that tells how many records are gone.
func TestClearedLog(t *testing.T) {
	s := scenario(t)
	c := s.Truth.Cleared[0]
	rs := readEVTX(t, s.file(t, c.File))
	if got := uint64(rs[0].Header.RecordID); got != c.FirstRecordID || c.Said == nil || c.Said.EventID != 1102 || c.Said.Record != got {
		t.Errorf("first record %d, truth %+v", got, c)
	}
	if c.LostRecords < 1000 || c.FirstRecordID != 7_402_118+uint64(c.LostRecords) {
		t.Errorf("lost %d, first id %d", c.LostRecords, c.FirstRecordID)
	}
}

// TestOnlyReservedNames looks for addresses outside RFC 1918, 5737 and 3849 in everything that is text.
func TestOnlyReservedNames(t *testing.T) {
	s := scenario(t)
	var allowed []netip.Prefix
	for _, p := range []string{"10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "127.0.0.1/32", "2001:db8::/32"} {
		allowed = append(allowed, netip.MustParsePrefix(p))
	}
	v4 := regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	seen := 0
	for _, f := range s.Files {
		text := f.Data
		if ft := s.fileTruth(t, f.Path); ft.Format == "evtx" { // UTF-16 of Latin text: drop the zeros
			text = bytes.ReplaceAll(text, []byte{0}, nil)
		} else if ft.Format != "csv" && ft.Format != "syslog" && ft.Format != "access" && ft.Format != "jsonl" {
			continue
		}
		for _, m := range v4.FindAll(text, -1) {
			a, err := netip.ParseAddr(string(m))
			if err != nil || strings.HasSuffix(string(m), ".0.0.0") { // a browser's version number
				continue
			}
			seen++
			ok := false
			for _, p := range allowed {
				ok = ok || p.Contains(a)
			}
			if !ok {
				t.Fatalf("%s: address %s is not reserved for examples", f.Path, m)
			}
		}
	}
	if seen < 10_000 {
		t.Errorf("only %d addresses looked at", seen)
	}
}

// TestGenerate writes the folder twice and for another seed: same bytes, same times; other seed, other bytes.
func TestGenerate(t *testing.T) {
	s := scenario(t)
	dir := t.TempDir()
	if err := Generate(DefaultSeed, dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, f.Data) {
			t.Errorf("%s: a second run gave other bytes", f.Path)
		}
		if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(f.ModTime) {
			t.Errorf("%s: modification time is not %v (%v)", f.Path, f.ModTime, err)
		}
	}
	other, err := Build(7)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(other.file(t, Root+"/GW01/firewall.csv"), s.file(t, Root+"/GW01/firewall.csv")) {
		t.Error("another seed gave the same firewall log")
	}
	if len(other.Truth.Steps) != len(s.Truth.Steps) {
		t.Error("another seed tells another story")
	}
}

// TestDayAndNight: people are at work by day, so a workstation's security log must show it.
func TestDayAndNight(t *testing.T) {
	s := scenario(t)
	day, night := 0, 0
	for _, r := range readEVTX(t, s.file(t, Root+"/WS-OPS02/Security.evtx")) {
		h := time.Unix(int64(r.Header.FileTime/10_000_000)-11644473600, 0).In(local).Hour()
		if h >= 8 && h < 16 {
			day++
		} else if h < 5 {
			night++
		}
	}
	if day < 10*night || night == 0 {
		t.Errorf("%d records by day, %d by night", day, night)
	}
}

// TestLetterSaysWhatTheTruthSays looks for the letter's facts in its uncompressed page text.
func TestLetterSaysWhatTheTruthSays(t *testing.T) {
	s := scenario(t)
	pdf := s.file(t, letterTruth.File)
	for _, want := range []string{letterTruth.Reference, "13 March 2026, 16:00", "Which logs are missing"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the letter does not say %q", want)
		}
	}
	if len(letterTruth.Asks) != 8 || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Error("not the letter")
	}
}
