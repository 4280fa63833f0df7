package caserecord_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
)

// TestEveryCodeIsProduced: for every code that record-format.md lists there is a published record, or a change of a good
// bundle below, of which the verifier says just that. A new code without one fails here.
func TestEveryCodeIsProduced(t *testing.T) {
	exit := exits(t)
	found := map[caserecord.Code]string{}
	note := func(how string, problems []caserecord.Problem) {
		for _, p := range problems {
			found[p.Code] = how
		}
	}
	for _, v := range badIndex(t) {
		r, _ := first(t, filepath.Join("testdata", "bad", v.File))
		for i := range r.Problems { // of a lone file of lines the others are missing: that is no vector for it
			if r.Problems[i].Code != caserecord.CodeBundleFile {
				note(v.File, r.Problems[i:i+1])
			}
		}
	}
	crowd := filepath.Dir(written(t, caserecord.Crowd(t)))
	read, err := bundle.Read(crowd)
	if err != nil {
		t.Fatal(err)
	}
	note("300 keys", read.Verify(caserecord.Anchors{}).Problems)

	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir string)
		anchor caserecord.Anchors
		want   caserecord.Code
	}{
		{"an item that nobody took into custody", func(t *testing.T, dir string) {
			name := "evidence/" + strings.Repeat("0", 64)
			put(t, filepath.Join(dir, filepath.FromSlash(name)), "x")
			replace(t, filepath.Join(dir, bundle.ManifestFile), "\n    }\n  ]\n}", "\n    },\n    {\n      \"name\": \""+name+"\",\n      \"bytes\": 1,\n      \"sha256\": \""+
				strings.Repeat("0", 64)+"\"\n    }\n  ]\n}")
		}, caserecord.Anchors{}, bundle.CodeEvidenceUnknown},
		{"a file that is not listed", func(t *testing.T, dir string) { put(t, filepath.Join(dir, "documents", "more.pdf"), "x") }, caserecord.Anchors{}, bundle.CodeFileUnlisted},
		{"a name that no bundle has", func(t *testing.T, dir string) { put(t, filepath.Join(dir, "documents", "a b.pdf"), "x") }, caserecord.Anchors{}, bundle.CodeFileName},
		{"a folder where a file should be", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "documents", "report.pdf")); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(dir, "documents", "report.pdf"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, caserecord.Anchors{}, bundle.CodeFileType},
		{"a paper was edited", func(t *testing.T, dir string) { put(t, filepath.Join(dir, "documents", "report.pdf"), "other") }, caserecord.Anchors{}, bundle.CodeFileHash},
		{"a listed file is gone", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "documents", "report.pdf")); err != nil {
				t.Fatal(err)
			}
		}, caserecord.Anchors{}, caserecord.CodeBundleFile},
		{"the list names another case", func(t *testing.T, dir string) {
			replace(t, filepath.Join(dir, bundle.ManifestFile), `"name": "Harbour"`, `"name": "Harbinger"`)
		}, caserecord.Anchors{}, caserecord.CodeManifest},
		{"the sums name other sums", func(t *testing.T, dir string) { replace(t, filepath.Join(dir, bundle.SumsFile), "0", "1") }, caserecord.Anchors{}, caserecord.CodeChecksum},
		{"the end was cut off", func(t *testing.T, dir string) {
			b, err := os.ReadFile(filepath.Join(dir, bundle.EntriesFile))
			if err != nil {
				t.Fatal(err)
			}
			b = bytes.TrimSuffix(b, []byte("\n"))
			put(t, filepath.Join(dir, bundle.EntriesFile), string(b[:bytes.LastIndexByte(b, '\n')+1]))
		}, caserecord.Anchors{}, caserecord.CodeTruncated},
		{"a head from another record", nil, caserecord.Anchors{Head: "00000-00000-00000-00000"}, caserecord.CodeAnchorHead},
		{"a key from elsewhere", nil, caserecord.Anchors{Keys: []string{"00000-00000-00000-00000"}}, caserecord.CodeAnchorKey},
	} {
		dir := withPaper(t)
		if c.change != nil {
			c.change(t, dir)
		}
		b, err := bundle.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := b.Verify(c.anchor)
		note(c.name, r.Problems)
		if found[c.want] != c.name || r.ExitCode() != max(exit[c.want], 1) {
			t.Errorf("%s: exit %d, %v; want %s", c.name, r.ExitCode(), r.Problems, c.want)
		}
	}
	for code := range exit {
		if found[code] == "" {
			t.Errorf("nothing produces %s", code)
		}
	}
	for code := range found {
		if _, ok := exit[code]; !ok {
			t.Errorf("%s (%s) is not in record-format.md", code, found[code])
		}
	}
	for _, file := range []string{"problem.go", "bundle/codes.go"} { // and no code in the source is missing from the text
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Code = "([a-z-]+)"`).FindAllSubmatch(b, -1) {
			if _, ok := exit[caserecord.Code(m[1])]; !ok {
				t.Errorf("%s: %s is not in record-format.md", file, m[1])
			}
		}
	}
}

// withPaper is a good bundle of the published case with one paper.
func withPaper(t *testing.T) string {
	t.Helper()
	b, err := bundle.Read("bundle/testdata/v1")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "b")
	paper := bundle.Attachment{Kind: bundle.KindDocument, Name: "report.pdf", Bytes: 5, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("paper")), nil }}
	if _, err := bundle.Write(t.Context(), dir, b.Entries, bundle.Options{Written: time.Unix(0, 0), Attachments: []bundle.Attachment{paper}}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func replace(t *testing.T, path, from, to string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	after := strings.Replace(string(b), from, to, 1)
	if after == string(b) {
		t.Fatalf("%q is not in %s", from, path)
	}
	put(t, path, after)
}
