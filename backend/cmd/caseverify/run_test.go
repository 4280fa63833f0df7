package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
)

// exported writes the case of caserecord's golden file as a bundle.
func exported(t *testing.T, without ...int) (dir string, entries []caserecord.Entry) {
	t.Helper()
	b, err := os.ReadFile("../../caserecord/testdata/golden/entries-v1.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	skip := map[int]bool{}
	for _, n := range without {
		skip[n] = true
	}
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := caserecord.Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if !skip[i/2] {
			entries = append(entries, e)
		}
	}
	dir = filepath.Join(t.TempDir(), "bundle")
	if _, err := bundle.Write(t.Context(), dir, entries, bundle.Options{Written: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	return dir, entries
}

func call(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(args, &o, &e)
	return code, o.String(), e.String()
}

// TestVerdicts is what a verifier sees for a good case, with and without something from elsewhere.
func TestVerdicts(t *testing.T) {
	dir, entries := exported(t)
	head := caserecord.HeadCode(caserecord.Head(entries))
	opener := caserecord.KeyCode(entries[0].Header.Author)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no anchor", []string{dir}, 0, "verdict  consistent with itself; signers not checked\n"},
		{"head", []string{dir, "--head", head}, 0, "verdict  good\n"},
		{"head before", []string{"--head", head, dir}, 0, "verdict  good\n"},
		{"two keys", []string{dir, "--key", opener, "--key=" + string(entries[5].Header.Author)}, 0, "verdict  good\n"},
		{"other head", []string{dir, "--head", "00000-00000-00000-00000"}, 1, "verdict  damaged or forged\n"},
		{"other key", []string{dir, "--key", "00000-00000-00000-00000"}, 1, "verdict  damaged or forged\n"},
	} {
		code, out, errOut := call(c.args...)
		if code != c.code || !strings.HasSuffix(out, c.says) || errOut != "" || !strings.HasPrefix(out, "EXERCISE") {
			t.Errorf("%s: %d\n%s%s", c.name, code, out, errOut)
		}
	}
}

// TestUsage: everything that is no check at all is exit 2.
func TestUsage(t *testing.T) {
	dir, _ := exported(t)
	for _, args := range [][]string{{}, {"--json"}, {dir, dir}, {dir, "--what"}, {dir, "--head"}, {filepath.Join(dir, "nowhere")}, {filepath.Join(dir, "README.txt")}} {
		if code, out, errOut := call(args...); code != 2 || out != "" || !strings.HasPrefix(errOut, "caseverify: ") {
			t.Errorf("%q: %d %s", args, code, errOut)
		}
	}
	if code, out, _ := call("--help"); code != 0 || !strings.Contains(out, "Exit codes: 0 good, 1 damaged or forged, 2 usage, 3 incomplete, 4 equivocation") {
		t.Errorf("help: %d %s", code, out)
	}
}

// TestNamesTheEntry flips one byte and drops one entry: exit codes and the entry's id on paper and in JSON.
func TestNamesTheEntry(t *testing.T) {
	dir, entries := exported(t)
	path := filepath.Join(dir, bundle.EntriesFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ends := 0
	at := bytes.IndexFunc(b, func(r rune) bool {
		if r == '\n' {
			ends++
		}
		return ends == 10
	})
	b[at+500] ^= 2
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, _ := call(dir)
	if code != 1 || !strings.Contains(out, string(entries[10].ID)) {
		t.Errorf("flipped byte: %d\n%s", code, out)
	}

	dir, _ = exported(t, 12)
	code, out, _ = call(dir, "--json")
	var r struct {
		Verdict  string
		Anchored *bool
		Entries  int
		Authors  int
		Head     string
		Problems []struct{ Code, Entry, Text string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if code != 3 || r.Verdict != "incomplete" || r.Anchored == nil || *r.Anchored || r.Entries != 27 || r.Authors != 3 || len(r.Head) != 64 ||
		len(r.Problems) == 0 || r.Problems[0].Code != "gap" || r.Problems[0].Entry != string(entries[12].ID) || r.Problems[0].Text == "" {
		t.Errorf("dropped entry: %d\n%s", code, out)
	}
}

// TestVisible keeps terminal escapes of hostile names off the screen.
func TestVisible(t *testing.T) {
	if got := visible("a\x1b[2Jb\u202ec\n\"é\""); got != "a\uFFFD[2Jb\uFFFDc\uFFFD\"é\"" {
		t.Errorf("%q", got)
	}
}
