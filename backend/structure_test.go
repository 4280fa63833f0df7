package backend

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

const module = "adjutant/"

// packages lists the product's packages with what they import directly, tests left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "adjutant/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Fields(line)
		all[f[0]] = f[1:]
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages found", len(all))
	}
	return all
}

// reach is everything of the product that a package imports, directly or through others.
func reach(all map[string][]string, from string) map[string]bool {
	seen := map[string]bool{}
	var walk func(p string)
	walk = func(p string) {
		for _, i := range all[p] {
			if strings.HasPrefix(i, module) && !seen[i] {
				seen[i] = true
				walk(i)
			}
		}
	}
	walk(from)
	return seen
}

// TestImportRules states the rules of DESIGN §2, one line each.
func TestImportRules(t *testing.T) {
	all := packages(t)
	b := module + "backend/"
	never := func(from string, what ...string) {
		for p := range all {
			if p != from && !strings.HasPrefix(p, from+"/") {
				continue
			}
			got := reach(all, p)
			for _, w := range what {
				for q := range got {
					if q == w || strings.HasPrefix(q, w+"/") {
						t.Errorf("%s reaches %s", p, q)
					}
				}
			}
		}
	}
	// A model, a rule or a question cannot reach a signing key or an act of a person (P1).
	for _, p := range []string{"llm", "recommend", "triage", "detect", "ask", "parse", "timeline", "event", "document", "deadline", "parcel", "coverpage"} {
		never(b+p, b+"identity")
	}
	for _, p := range []string{"llm", "recommend", "triage", "detect", "ask", "parse"} {
		never(b+p, b+"decision")
	}
	// Stages do not look upwards, and the backend does not know the window.
	for p := range all {
		if strings.HasPrefix(p, b) && p != b+"cli" {
			never(p, module+"app")
			if p != b+"workbench" {
				never(p, b+"workbench", b+"cli")
			}
		}
	}
	never(b+"cli", module+"app")
	only := func(what string, from ...string) {
		for p, imports := range all {
			for _, i := range imports {
				if i == what && !contains(from, p) {
					t.Errorf("%s imports %s", p, what)
				}
			}
		}
	}
	only(b+"identity/confirm", b+"cli", module+"app")
	only(b+"parse/parsetest", b+"detect/detecttest") // helpers of tests stay out of the product
	only(b + "detect/detecttest")
	only(b + "document/documenttest")
	only(b + "timeline/timelinetest")
	only(b + "llm/llmtest")
	only("github.com/dgraph-io/badger/v4", b+"store")
	only("github.com/go-pdf/fpdf", b+"document/pdf", b+"scenario/ferry")
	only("github.com/ollama/ollama/api", b+"llm")
	only("github.com/spf13/cobra", b+"cli")
	for p, imports := range all {
		for _, i := range imports {
			if strings.HasPrefix(i, "github.com/wailsapp/") && p != module+"app" {
				t.Errorf("%s imports %s", p, i)
			}
			if strings.HasPrefix(i, "net/http") && !contains([]string{module + "app", b + "llm", b + "llm/llmtest"}, p) {
				t.Errorf("%s imports %s: only the window's page and the model's client speak HTTP", p, i)
			}
			if p == b+"caserecord" && strings.Contains(i, ".") && !strings.HasPrefix(i, "golang.org/x/mod/sumdb") {
				t.Errorf("caserecord imports %s", i)
			}
			if p == b+"cmd/caseverify" && strings.Contains(i, ".") {
				t.Errorf("caseverify imports %s", i)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestOnlyWorkbenchAppends holds that no other package makes entries durable.
func TestOnlyWorkbenchAppends(t *testing.T) {
	eachFile(t, func(path string, f *ast.File) {
		if strings.Contains(path, "/casefolder/") || strings.Contains(path, "/caserecord/") || strings.Contains(path, "/workbench/") {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Seal" {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "caserecord" {
					t.Errorf("%s seals entries", path)
				}
			}
			return true
		})
	})
}

// TestPackageComments holds that every package says its one purpose, its place and what it keeps true.
func TestPackageComments(t *testing.T) {
	docs := map[string]string{}
	seen := map[string]bool{}
	eachFile(t, func(path string, f *ast.File) {
		dir := filepath.Dir(path)
		seen[dir] = true
		if f.Doc != nil {
			docs[dir] += f.Doc.Text()
		}
	})
	var dirs []string
	for d := range seen {
		dirs = append(dirs, d)
	}
	sort.Strings(dirs)
	for _, d := range dirs {
		if len(strings.Fields(docs[d])) < 20 {
			t.Errorf("%s: the package comment is missing or says too little: %q", d, strings.TrimSpace(docs[d]))
		}
	}
}

// TestNoLooseGoroutines: a panic in a goroutine of its own ends the program, whatever was open. Each place is listed here
// with the reason why it cannot take the case down unseen.
func TestNoLooseGoroutines(t *testing.T) {
	allowed := regexp.MustCompile(`backend/(workbench/job|llm/process|timeline/|sandbox/|casefolder/|store/|evidence/|document/pdf/|cli/)|app/(window|serve)|models/server`)
	eachFile(t, func(path string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			if _, ok := n.(*ast.GoStmt); ok && !allowed.MatchString(filepath.ToSlash(path)) {
				t.Errorf("%s starts a goroutine", path)
			}
			return true
		})
	})
}

// TestGoMod holds that the product is built from published modules only.
func TestGoMod(t *testing.T) {
	b, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("\nreplace ")) {
		t.Error("go.mod holds a replace")
	}
}

// TestNoRegistryHosts: nothing committed names a package registry's host; the clients know them.
func TestNoRegistryHosts(t *testing.T) {
	hosts := regexp.MustCompile(`https?://(registry\.npmjs\.org|proxy\.golang\.org|pypi\.org|files\.pythonhosted\.org|deb\.debian\.org|repo\d*\.maven\.org|crates\.io|sum\.golang\.org)`)
	out, err := exec.Command("git", "-C", "..", "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("NOT CHECKED: registry hosts: git ls-files: %v", err)
	}
	for _, name := range strings.Split(strings.Trim(string(out), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || strings.HasSuffix(name, "structure_test.go") {
			continue
		}
		if m := hosts.Find(b); m != nil {
			t.Errorf("%s names %s", name, m)
		}
	}
}

func eachFile(t *testing.T, f func(path string, file *ast.File)) {
	t.Helper()
	n := 0
	for _, root := range []string{"../main.go", "../app", "../backend", "../models"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			n++
			f(filepath.ToSlash(strings.TrimPrefix(path, "../")), file)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 50 {
		t.Fatalf("only %d files found", n)
	}
}
