package rules_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"adjutant/backend/attack"
	"adjutant/backend/detect/logsource"
	"adjutant/backend/detect/rules"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

func sources(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/rules-src/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, n := range names {
		if files[filepath.Base(n)], err = os.ReadFile(n); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestPackIsSources: the embedded pack holds exactly the files that people review.
func TestPackIsSources(t *testing.T) {
	packed, err := os.ReadFile("pack.b64")
	if err != nil {
		t.Fatal(err)
	}
	got, err := rules.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	want := sources(t)
	if len(want) < 40 || len(got) != len(want) {
		t.Fatalf("%d files packed, %d in the folder; run go generate", len(got), len(want))
	}
	for n, data := range want {
		if !bytes.Equal(got[n], data) {
			t.Errorf("%s differs from the pack; run go generate", n)
		}
	}
	if bytes.Contains(packed, []byte("lsass")) {
		t.Error("the pack holds plain words that scanners look for")
	}
}

// TestRules: every rule of ours is complete.
func TestRules(t *testing.T) {
	pack, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := logsource.Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(pack.Rules) != len(sources(t)) || !strings.HasPrefix(pack.Version, "sha256:") {
		t.Errorf("%d rules in version %q", len(pack.Rules), pack.Version)
	}
	for _, r := range pack.Rules {
		if r.Author != "Adjutant project" || r.License != "Apache-2.0" || r.Description == "" || len(r.FalsePositives) == 0 || r.Level == "" || len(r.References) == 0 {
			t.Errorf("%s: author, licence, description, false positives, level or reference is missing", r.Source)
		}
		if len(r.Techniques()) == 0 || len(r.Tactics()) == 0 {
			t.Errorf("%s: techniques %v, tactics %v", r.Source, r.Techniques(), r.Tactics())
		}
		for _, id := range r.Techniques() {
			if _, ok := attack.Lookup(id); !ok {
				t.Errorf("%s: %s is not in ATT&CK %s", r.Source, id, attack.Version)
			}
		}
		routes := m.For(r.LogSource)
		if len(routes) == 0 {
			t.Errorf("%s: no source for %s", r.Source, r.LogSource)
		}
		for _, s := range routes {
			for _, f := range r.Fields() {
				if _, ok := m.Names(s, f); !ok {
					t.Errorf("%s: field %s is not mapped for %s", r.Source, f, s.ID)
				}
			}
		}
	}
}

// TestCases runs the cases of match and near miss of each rule, through the routing that events go through.
func TestCases(t *testing.T) {
	pack, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := logsource.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pack.Rules {
		data, err := os.ReadFile(filepath.Join("testdata", "cases", strings.TrimSuffix(r.Source, ".yml")+".json"))
		if err != nil {
			t.Error(err)
			continue
		}
		var cases struct{ Match, Miss []map[string]string }
		if err := json.Unmarshal(data, &cases); err != nil {
			t.Fatal(err)
		}
		if len(cases.Match) == 0 || len(cases.Miss) < 2 {
			t.Errorf("%s: %d matches and %d near misses; want at least 1 and 2", r.Source, len(cases.Match), len(cases.Miss))
		}
		for i, c := range cases.Match {
			if !fires(m, r, c) {
				t.Errorf("%s: case match[%d] does not match", r.Source, i)
			}
		}
		for i, c := range cases.Miss {
			if fires(m, r, c) {
				t.Errorf("%s: case miss[%d] matches", r.Source, i)
			}
		}
	}
}

// fires builds an event and asks the rule if a source of its allows it.
func fires(m *logsource.Map, r *sigma.Rule, fields map[string]string) bool {
	e := &event.Event{Parser: fields["_parser"]}
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if n != "_parser" {
			e.Set(n, event.KindString, fields[n])
		}
	}
	e.Sort()
	for _, s := range m.Classifier().Sources(e) {
		for _, own := range m.For(r.LogSource) {
			if s != own {
				continue
			}
			_, ok := sigma.Match(r, func(field string) []string {
				names, _ := m.Names(s, field)
				for _, n := range names {
					if v := e.All(n); len(v) > 0 {
						return v
					}
				}
				return nil
			})
			if ok {
				return true
			}
		}
	}
	return false
}

func FuzzUnpack(f *testing.F) {
	if packed, err := os.ReadFile("pack.b64"); err == nil {
		f.Add(packed)
	}
	f.Add([]byte("KLUv/QQAAQAA"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := rules.Unpack(data)
		if err == nil {
			sigma.NewPack("fuzz", files)
		}
	})
}
