package formats

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// chosen says which format takes the beginning of a file, "-" for none.
func chosen(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head := make([]byte, parse.HeadBytes)
	n, _ := f.Read(head) // an empty file has no head
	return chosenFor(head[:n], filepath.Base(path))
}

func chosenFor(head []byte, name string) string {
	if f := parse.Detect(All(), head, name); f != nil {
		return f.Name()
	}
	return "-"
}

// TestSamplesAreKnown: every sample is taken by the format that it is of. samples.csv has a line for each group of files: the first
// pattern that fits a path counts, and each has to fit as many files as it says.
func TestSamplesAreKnown(t *testing.T) {
	root := parsetest.SharedData(t, "", "which format takes each of the shared samples")
	f, err := os.Open(filepath.Join("testdata", "samples.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	files := 0
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		files++
		for _, r := range rows[1:] {
			fits, err := path.Match(r[0], name)
			if err != nil {
				return err
			}
			if !fits && !strings.HasPrefix(name, strings.TrimSuffix(r[0], "**")) || !fits && !strings.HasSuffix(r[0], "**") {
				continue
			}
			found[r[0]]++
			if got := chosen(t, p); got != r[1] {
				t.Errorf("%s: %s, want %s", name, got, r[1])
			}
			return nil
		}
		t.Errorf("%s: no line of samples.csv fits it; %s takes it", name, chosen(t, p))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		if found[r[0]] == 0 {
			t.Errorf("no file fits %s", r[0])
		}
	}
	t.Logf("%d files in %d groups", files, len(rows)-1)
}

// TestNoFormatTakesWhatIsNone: prose, source text, markup and binaries are registered without a parser, never read as a log.
func TestNoFormatTakesWhatIsNone(t *testing.T) {
	sources, err := filepath.Glob(filepath.Join("..", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join("..", "..", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob(filepath.Join("..", "..", "..", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	more = append(more, docs...)
	files := 0
	for i, p := range append(sources, more...) {
		if i%7 != 0 && !strings.HasSuffix(p, ".md") { // each costs a few milliseconds
			continue
		}
		files++
		if got := chosen(t, p); got != "-" {
			t.Errorf("%s is read as %s", p, got)
		}
	}
	if files < 50 {
		t.Errorf("only %d files looked at", files)
	}
	for name, text := range map[string]string{
		"page.html":    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Log: 2026-03-14 01:02:03</title></head>\n<body>\n<p>a, b</p>\n<p>c, d</p>\n</body>\n</html>\n",
		"config.xml":   "<?xml version=\"1.0\"?>\n<configuration>\n  <add key=\"a\" value=\"1\" />\n  <add key=\"b\" value=\"2\" />\n</configuration>\n",
		"settings.ini": "[main]\nname = a\nport = 1\n\n[other]\nname = b\nport = 2\n",
		"rules.yml":    "title: A\nstatus: test\nlogsource:\n  product: windows\n  service: security\ndetection:\n  a:\n    EventID: 4624\n  condition: a\n",
		"run.sh":       "#!/bin/sh\nset -e\nfor f in *.log; do\n  grep -c error \"$f\"\ndone\n",
		"a.c":          "#include <stdio.h>\n\nint main(void) {\n\tprintf(\"a, b\\n\");\n\treturn 0;\n}\n",
		"a.sql":        "INSERT INTO t (a, b) VALUES (1, 2);\nINSERT INTO t (a, b) VALUES (3, 4);\n",
		"a.py":         "import os\n\nfor a, b in x:\n    print(a, b)\n",
		"letter.txt":   "14 March 2026\n\nDear Ms Hansen,\n\nwe met on Monday: the server, the switch, and the door were open.\n\nYours,\nJens\n",
		"mail.eml":     "From: a@example.com\nTo: b@example.com\nDate: Sat, 14 Mar 2026 01:02:03 +0000\nSubject: hello\n\nSee you, then.\n",
		"list.txt":     "10.0.0.1\n10.0.0.2\n10.0.0.3\n",
		"hashes.txt":   "d41d8cd98f00b204e9800998ecf8427e  a.txt\nd41d8cd98f00b204e9800998ecf8427e  b.txt\n",
		"cert.pem":     "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUW\nMIIBszCCAVmgAwIBAgIUW\n-----END CERTIFICATE-----\n",
		"a.exe":        "MZ\x90\x00\x03\x00\x00\x00" + strings.Repeat("\x00\x01\x02\n", 200),
		"a.png":        "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + strings.Repeat("\x00\x10\xff,;", 100),
		"a.pdf":        "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + strings.Repeat("\xde\xad\xbe\xef\n", 50),
		"a.reg":        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\A]\r\n\"a\"=dword:00000001\r\n",
		"zeros":        strings.Repeat("\x00", 4096),
		"newlines":     strings.Repeat("\n", 4096),
		"spaces":       strings.Repeat(" ", 4096),
		"commas":       strings.Repeat(",", 4096),
	} {
		if got := chosenFor([]byte(text), name); got != "-" {
			t.Errorf("%s is read as %s", name, got)
		}
	}
}
