package caserecord

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestImports keeps the record small enough to be read and trusted: incident, the standard library, x/mod/sumdb, and its
// own folders; the same for caseverify, which may also use bundle and extract. checkpoint stands below the record.
func TestImports(t *testing.T) {
	const own = "adjutant/backend/caserecord"
	checked := 0
	for _, dir := range []string{".", "authority", "bundle", "checkpoint", "extract", "../cmd/caseverify"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			checked++
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, im := range file.Imports {
				path, err := strconv.Unquote(im.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if !mayImport(path) || (dir == "." && (path == own+"/bundle" || path == own+"/extract")) || (dir == "checkpoint" && path == own) {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	}
	if checked < 15 {
		t.Errorf("only %d files looked at", checked)
	}
	if mayImport("adjutant/backend/identity") || mayImport("filippo.io/age") || !mayImport("crypto/ed25519") {
		t.Error("the rule cannot fail")
	}
	if _, err := os.Stat("../cmd/caseverify/main.go"); err != nil {
		t.Error(err)
	}
}

func mayImport(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case first == "adjutant":
		return path == "adjutant/backend/incident" || strings.HasPrefix(path+"/", "adjutant/backend/caserecord/")
	case strings.Contains(first, "."):
		return strings.HasPrefix(path, "golang.org/x/mod/sumdb/")
	}
	return true
}
