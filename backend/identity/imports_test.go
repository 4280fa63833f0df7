package identity_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	backend = "adjutant/backend/"
	self    = backend + "identity"
)

// imports maps each package of the module to the module's packages that its code (without tests) imports.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("not the module's root: %v", err)
	}
	graph := map[string][]string{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() {
			if path != root && (name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return nil // half-written code does not build either
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := strings.TrimSuffix("adjutant/"+filepath.ToSlash(rel), "/.")
		for _, im := range file.Imports {
			if p, err := strconv.Unquote(im.Path.Value); err == nil && strings.HasPrefix(p, "adjutant/") && !slices.Contains(graph[pkg], p) {
				graph[pkg] = append(graph[pkg], p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// under reports whether a package is one of these or lies in a folder of theirs.
func under(pkg string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
}

// confirmFaults lists who imports the makers of acts without being a confirm handler. The measurements in build/bench, a module
// of their own that no product links, sign made-up cases with made-up keys.
func confirmFaults(graph map[string][]string) (faults []string) {
	for pkg, ims := range graph {
		if slices.Contains(ims, self+"/confirm") && !under(pkg, "adjutant/app", backend+"cli", "adjutant/build/bench") {
			faults = append(faults, pkg+" imports identity/confirm")
		}
		if slices.Contains(ims, self+"/internal/act") && pkg != self && pkg != self+"/confirm" {
			faults = append(faults, pkg+" imports identity/internal/act")
		}
	}
	slices.Sort(faults)
	return faults
}

// reachFaults lists the advising packages from which a way leads to keys or decisions.
func reachFaults(graph map[string][]string) (faults []string) {
	for pkg := range graph {
		if !under(pkg, backend+"llm", backend+"recommend", backend+"triage", backend+"detect", backend+"ask") {
			continue
		}
		way := []string{pkg}
		for i := 0; i < len(way); i++ {
			for _, next := range graph[way[i]] {
				if under(next, self, backend+"decision") {
					faults = append(faults, pkg+" reaches "+next+" through "+way[i])
					continue
				}
				if !slices.Contains(way, next) {
					way = append(way, next)
				}
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// TestOnlyHandlersConfirm and TestAdvisersReachNoKey are the import rules of P1 (DESIGN §1, §2).
func TestOnlyHandlersConfirm(t *testing.T) {
	for _, f := range confirmFaults(imports(t)) {
		t.Error(f)
	}
}

func TestAdvisersReachNoKey(t *testing.T) {
	for _, f := range reachFaults(imports(t)) {
		t.Error(f)
	}
}

// TestRulesCanFail feeds both rules a tree that breaks them.
func TestRulesCanFail(t *testing.T) {
	bad := map[string][]string{
		backend + "workbench":     {self + "/confirm"},
		backend + "cli":           {self + "/confirm"},
		backend + "recommend":     {backend + "event", backend + "harmless"},
		backend + "harmless":      {backend + "decision"},
		backend + "llm/llmtest":   {self},
		backend + "jobs":          {self + "/internal/act"},
		backend + "identity":      {self + "/internal/act"},
		backend + "triagelike/in": {self},
	}
	if got := confirmFaults(bad); len(got) != 2 {
		t.Errorf("confirm: %q", got)
	}
	if got := reachFaults(bad); len(got) != 2 {
		t.Errorf("reach: %q", got)
	}
}
