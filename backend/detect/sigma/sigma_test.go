package sigma_test

import (
	"strings"
	"testing"

	"adjutant/backend/detect/sigma"
)

// rule wraps a detection into a whole rule.
func rule(detection string) []byte {
	return []byte("title: t\nid: 11111111-1111-1111-1111-111111111111\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n" + indent(detection))
}

func indent(s string) string {
	var b strings.Builder
	for _, l := range strings.Split(strings.Trim(s, "\n"), "\n") {
		b.WriteString("  " + l + "\n")
	}
	return b.String()
}

func mustParse(t *testing.T, detection string) *sigma.Rule {
	t.Helper()
	rules, refused := sigma.Parse(rule(detection), "test.yml")
	if len(rules) != 1 || len(refused) != 0 {
		t.Fatalf("%s\nrules %d, refused %+v", detection, len(rules), refused)
	}
	return rules[0]
}

type fields map[string][]string

func (f fields) get(name string) []string {
	if name != "" {
		return f[name]
	}
	var all []string
	for _, v := range f {
		all = append(all, v...)
	}
	return all
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, detection string
		yes, no         []fields
	}{
		{"equal folds case", "s:\n  A: Foo\ncondition: s", []fields{{"A": {"fOO"}}, {"A": {"x", "foo"}}}, []fields{{"A": {"foo "}}, {"B": {"foo"}}, {}}},
		{"umlauts fold", "s:\n  A: ÅRHUS\ncondition: s", []fields{{"A": {"århus"}}}, []fields{{"A": {"arhus"}}}},
		{"cased", "s:\n  A|cased: Foo\ncondition: s", []fields{{"A": {"Foo"}}}, []fields{{"A": {"foo"}}}},
		{"wildcards", "s:\n  A: 'a*b?d'\ncondition: s", []fields{{"A": {"abcd"}}, {"A": {"aXXXbæd"}}}, []fields{{"A": {"abd"}}, {"A": {"abcdx"}}, {"A": {"xabcd"}}}},
		{"star alone is any value", "s:\n  A: '*'\ncondition: s", []fields{{"A": {"x"}}}, []fields{{}}},
		{"escaped wildcards", `s:` + "\n" + `  A: 'a\*b\?c'` + "\ncondition: s", []fields{{"A": {"a*b?c"}}}, []fields{{"A": {"axbyc"}}}},
		{"backslashes", `s:` + "\n" + `  A: 'C:\Win\\*'` + "\ncondition: s", []fields{{"A": {`c:\win\x`}}, {"A": {`C:\Win\`}}}, []fields{{"A": {`c:\winx`}}}},
		{"plain backslash", `s:` + "\n" + `  A|endswith: '\cmd.exe'` + "\ncondition: s", []fields{{"A": {`C:\Windows\CMD.EXE`}}}, []fields{{"A": {"cmd.exe"}}, {"A": {`C:\xcmd.exe`}}}},
		{"contains", "s:\n  A|contains: bar\ncondition: s", []fields{{"A": {"foobarbaz"}}}, []fields{{"A": {"foo"}}}},
		{"contains all", "s:\n  A|contains|all:\n    - one\n    - two\ncondition: s", []fields{{"A": {"two one"}}, {"A": {"one", "two"}}}, []fields{{"A": {"one"}}}},
		{"startswith", "s:\n  A|startswith:\n    - foo\n    - bar\ncondition: s", []fields{{"A": {"Barbaz"}}}, []fields{{"A": {"xfoo"}}}},
		{"contains with wildcard inside", "s:\n  A|contains: 'a*z'\ncondition: s", []fields{{"A": {"00a11z00"}}}, []fields{{"A": {"z..a"}}}},
		{"regex", `s:` + "\n" + `  A|re: '^a\d+$'` + "\ncondition: s", []fields{{"A": {"a12"}}}, []fields{{"A": {"A12"}}, {"A": {"a12x"}}}},
		{"regex flags", `s:` + "\n" + `  A|re|i|s: '^a.b$'` + "\ncondition: s", []fields{{"A": {"A\nB"}}}, []fields{{"A": {"ab"}}}},
		{"regex multiline", `s:` + "\n" + `  A|re|m: '^b$'` + "\ncondition: s", []fields{{"A": {"a\nb\nc"}}}, []fields{{"A": {"ab"}}}},
		{"cidr", "s:\n  A|cidr:\n    - 10.0.0.0/8\n    - 2001:db8::/32\ncondition: s", []fields{{"A": {"10.9.8.7"}}, {"A": {"2001:db8::1"}}, {"A": {"::ffff:10.1.1.1"}}}, []fields{{"A": {"11.0.0.1"}}, {"A": {"no address"}}}},
		{"base64", "s:\n  A|base64|contains: 'ping'\ncondition: s", []fields{{"A": {"x cGluZw== y"}}}, []fields{{"A": {"ping"}}}},
		{"base64offset", "s:\n  A|base64offset|contains: 'http://'\ncondition: s", []fields{{"A": {"aHR0cDovL3g="}}, {"A": {"eGh0dHA6Ly94"}}, {"A": {"eHhodHRwOi8veA=="}}}, []fields{{"A": {"http://"}}}},
		{"wide base64offset", "s:\n  A|wide|base64offset|contains: 'IEX'\ncondition: s", []fields{{"A": {"SQBFAFgAIAAkAHcA"}}}, []fields{{"A": {"SUVYICR3"}}}},
		{"utf16le", "s:\n  A|utf16le|contains: 'ab'\ncondition: s", []fields{{"A": {"xa\x00b\x00"}}}, []fields{{"A": {"ab"}}}},
		{"windash", "s:\n  A|windash|contains: ' -foo'\ncondition: s", []fields{{"A": {"x -foo"}}, {"A": {"x /FOO"}}, {"A": {"x –foo"}}, {"A": {"x —foo"}}, {"A": {"x ―foo"}}}, []fields{{"A": {"x +foo"}}, {"A": {"x foo"}}}},
		{"windash leaves words", "s:\n  A|windash|contains: 'a-b'\ncondition: s", []fields{{"A": {"a-b"}}}, []fields{{"A": {"a/b"}}}},
		{"exists", "s:\n  A|exists: true\n  B|exists: false\ncondition: s", []fields{{"A": {"x"}}}, []fields{{"A": {"x"}, "B": {"y"}}, {"B": {"y"}}, {}}},
		{"numbers", "s:\n  A: 4688\ncondition: s", []fields{{"A": {"4688"}}, {"A": {"4688.0"}}, {"A": {"0x1250"}}}, []fields{{"A": {"46888"}}, {"A": {"x"}}}},
		{"compare", "s:\n  A|gte: 10\n  A|lt: 20.5\ncondition: s", []fields{{"A": {"10"}}, {"A": {"20"}}}, []fields{{"A": {"9"}}, {"A": {"20.5"}}, {"A": {"many"}}}},
		{"null", "s:\n  A: null\ncondition: s", []fields{{}, {"A": {""}}}, []fields{{"A": {"x"}}}},
		{"empty text is null", "s:\n  A: ''\ncondition: s", []fields{{}}, []fields{{"A": {"x"}}}},
		{"null in a list", "s:\n  A:\n    - x\n    - null\ncondition: s", []fields{{}, {"A": {"X"}}}, []fields{{"A": {"y"}}}},
		{"neq", "s:\n  A|neq: x\n  B: y\ncondition: s", []fields{{"A": {"z"}, "B": {"y"}}}, []fields{{"A": {"x"}, "B": {"y"}}}},
		{"fieldref", "s:\n  A|fieldref: B\ncondition: s", []fields{{"A": {"x"}, "B": {"X"}}}, []fields{{"A": {"x"}, "B": {"y"}}, {"A": {""}, "B": {""}}, {}}},
		{"fieldref endswith", "s:\n  A|fieldref|endswith: B\ncondition: s", []fields{{"A": {"foobar"}, "B": {"bar"}}}, []fields{{"A": {"bar"}, "B": {"foobar"}}}},
		{"boolean", "s:\n  A: true\ncondition: s", []fields{{"A": {"True"}}}, []fields{{"A": {"1"}}}},
		{"keywords", "s:\n  - foo\n  - 'b?r'\ncondition: s", []fields{{"X": {"a FOO b"}}, {"Y": {"xbarx"}}}, []fields{{"X": {"fo o"}}}},
		{"keywords all", "s:\n  '|all':\n    - foo\n    - bar\ncondition: s", []fields{{"X": {"foo"}, "Y": {"bar"}}}, []fields{{"X": {"foo"}}}},
		{"list of maps", "s:\n  - A: x\n  - B: y\n    C: z\ncondition: s", []fields{{"A": {"x"}}, {"B": {"y"}, "C": {"z"}}}, []fields{{"B": {"y"}}}},
		{"and or not", "a:\n  A: x\nb:\n  B: y\nc:\n  C: z\ncondition: a and not b or c", []fields{{"A": {"x"}}, {"C": {"z"}, "B": {"y"}}}, []fields{{"A": {"x"}, "B": {"y"}}}},
		{"parentheses", "a:\n  A: x\nb:\n  B: y\nc:\n  C: z\ncondition: a and (b or c)", []fields{{"A": {"x"}, "C": {"z"}}}, []fields{{"C": {"z"}}, {"A": {"x"}}}},
		{"one of", "s_a:\n  A: x\ns_b:\n  B: y\nf:\n  C: z\ncondition: 1 of s_* and not f", []fields{{"B": {"y"}}}, []fields{{"B": {"y"}, "C": {"z"}}, {}}},
		{"all of them without underscore", "a:\n  A: x\nb:\n  B: y\n_c:\n  C: z\ncondition: all of them", []fields{{"A": {"x"}, "B": {"y"}}}, []fields{{"A": {"x"}}}},
		{"two of", "s1:\n  A: x\ns2:\n  B: y\ns3:\n  C: z\ncondition: 2 of s*", []fields{{"A": {"x"}, "C": {"z"}}}, []fields{{"A": {"x"}}}},
		{"list of conditions", "a:\n  A: x\nb:\n  B: y\ncondition:\n  - a\n  - b", []fields{{"A": {"x"}}, {"B": {"y"}}}, []fields{{}}},
		{"words in capitals", "a:\n  A: x\nb:\n  B: y\ncondition: a AND NOT b", []fields{{"A": {"x"}}}, []fields{{"A": {"x"}, "B": {"y"}}}},
	} {
		r := mustParse(t, c.detection)
		for i, f := range c.yes {
			if _, ok := sigma.Match(r, f.get); !ok {
				t.Errorf("%s: yes[%d] %v does not match", c.name, i, f)
			}
		}
		for i, f := range c.no {
			if m, ok := sigma.Match(r, f.get); ok {
				t.Errorf("%s: no[%d] %v matches by %v", c.name, i, f, m)
			}
		}
	}
}

func TestMatchedValues(t *testing.T) {
	r := mustParse(t, "a:\n  A|contains: foo\n  B: 'y'\nf:\n  C: z\ncondition: a and not f")
	got, ok := sigma.Match(r, fields{"A": {"no", "A FOO"}, "B": {"Y"}, "C": {"q"}}.get)
	if !ok || len(got) != 2 || got[0] != (sigma.FieldValue{Field: "A", Value: "A FOO"}) || got[1] != (sigma.FieldValue{Field: "B", Value: "Y"}) {
		t.Errorf("matched %v, %v", got, ok)
	}
	long := strings.Repeat("æ", sigma.MaxMatchedBytes)
	got, ok = sigma.Match(mustParse(t, "a:\n  A|contains: æ\ncondition: a"), fields{"A": {long}}.get)
	if !ok || len(got) != 1 || len(got[0].Value) > sigma.MaxMatchedBytes+3 || !strings.HasSuffix(got[0].Value, "æ…") {
		t.Errorf("a long value is kept as %d bytes", len(got[0].Value))
	}
}

func TestRecordIsReused(t *testing.T) {
	r := mustParse(t, "a:\n  A: x\ncondition: a")
	var rec sigma.Record
	for i, c := range []struct {
		f    fields
		want bool
	}{{fields{"A": {"X"}}, true}, {fields{"A": {"y"}}, false}, {fields{}, false}, {fields{"A": {"q", "x"}}, true}} {
		rec.Reset(c.f.get)
		if _, ok := rec.Match(r); ok != c.want {
			t.Errorf("event %d: %v, want %v", i, ok, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	head := "title: t\nlogsource:\n  product: windows\n"
	det := "detection:\n  s:\n    A: x\n  condition: s\n"
	for text, want := range map[string]string{
		"title: t\n" + det:                    "no logsource",
		"logsource:\n  product: w\n" + det:    "no title",
		head:                                  "no detection",
		head + "detection:\n  s:\n    A: x\n": "no condition",
		head + det + "level: huge\n":          "level",
		head + det + "tags: {a: b}\n":         "tags",
		head + "detection:\n  s:\n    A: x\n    A: y\n  condition: s\n":                                        "stands twice",
		head + "detection:\n  s: []\n  condition: s\n":                                                         "empty",
		head + "detection:\n  s:\n    A: [[x]]\n  condition: s\n":                                              "map or list",
		head + "detection:\n  s:\n    A|contains|startswith: x\n  condition: s\n":                              "beside another",
		head + "detection:\n  s:\n    A|frob: x\n  condition: s\n":                                             "unknown modifier",
		head + "detection:\n  s:\n    A|expand: '%x%'\n  condition: s\n":                                       "placeholders",
		head + "detection:\n  s:\n    A|re: '(?=x)'\n  condition: s\n":                                         "re",
		head + "detection:\n  s:\n    A|re|contains: x\n  condition: s\n":                                      "do not go together",
		head + "detection:\n  s:\n    A|cidr: 300.0.0.0/8\n  condition: s\n":                                   "cidr",
		head + "detection:\n  s:\n    A|gt: many\n  condition: s\n":                                            "not a number",
		head + "detection:\n  s:\n    A|base64: 'a*'\n  condition: s\n":                                        "wildcard",
		head + "detection:\n  s:\n    A|hour: 3\n  condition: s\n":                                             "timestamp",
		head + "detection:\n  s:\n    A: x\n  condition: s and\n":                                              "ends",
		head + "detection:\n  s:\n    A: x\n  condition: (s\n":                                                 "parenthesis",
		head + "detection:\n  s:\n    A: x\n  condition: t\n":                                                  "does not have",
		head + "detection:\n  s:\n    A: x\n  condition: 1 of t*\n":                                            "no search",
		head + "detection:\n  s:\n    A: x\n  condition: 3 of s*\n":                                            "of 1 searches",
		head + "detection:\n  s:\n    A: x\n  condition: s | count() > 5\n":                                    "Sigma 1",
		head + "detection:\n  s:\n    A: x\n  condition: s s\n":                                                "end was expected",
		head + "detection:\n  s:\n    A: x\n  condition: s\n  timeframe: 5m\n":                                 "timeframe",
		"action: global\ntitle: t\n":                                                                           "Sigma 1",
		"title: [\n":                                                                                           "YAML",
		"- a\n- b\n":                                                                                           "not a map",
		"title: t\ncorrelation: {type: event_count}\n":                                                         "correlation",
		"title: t\nfilter: {rules: [a]}\n":                                                                     "filter",
		head + det + "--- {title: u}\n":                                                                        "separated",
		head + "detection:\n  s:\n    A: x\n  condition: " + strings.Repeat("not ", 100) + "s\n":               "nested deeper",
		head + "detection:\n  s:\n    A: " + strings.Repeat("x", sigma.MaxValueBytes+1) + "\n  condition: s\n": "longer than",
	} {
		rules, refused := sigma.Parse([]byte(text), "x.yml")
		if len(rules) != 0 || len(refused) != 1 {
			t.Errorf("%.200q: %d rules, %d refusals", text, len(rules), len(refused))
			continue
		}
		if !strings.Contains(refused[0].Reason, want) || refused[0].Source != "x.yml" {
			t.Errorf("%.200q: reason %q, want %q in it", text, refused[0].Reason, want)
		}
		other := strings.Contains(text, "correlation:") || strings.Contains(text, "filter:")
		if other != (refused[0].Kind == sigma.NotApplicable) {
			t.Errorf("%.100q: kind %q", text, refused[0].Kind)
		}
	}
}

func TestAliasBomb(t *testing.T) {
	text := "title: t\nlogsource:\n  product: w\ndetection:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 'b'; i < 'k'; i++ {
		text += "  " + string(i) + ": &" + string(i) + " ["
		for j := 0; j < 10; j++ {
			text += "*" + string(i-1) + ", "
		}
		text += "]\n"
	}
	rules, refused := sigma.Parse([]byte(text+"  condition: a\n"), "bomb.yml")
	if len(rules) != 0 || len(refused) != 1 {
		t.Errorf("%d rules, %d refusals", len(rules), len(refused))
	}
}

func TestDocuments(t *testing.T) {
	one := string(rule("s:\n  A: x\ncondition: s"))
	two := strings.Replace(one, "11111111-", "22222222-", 1)
	rules, refused := sigma.Parse([]byte("\xef\xbb\xbf---\n"+one+"--- # second\r\n"+two+"---\n"), "two.yml")
	if len(rules) != 2 || len(refused) != 0 {
		t.Fatalf("%d rules, refused %v", len(rules), refused)
	}
	if rules[0].Hash == rules[1].Hash || rules[0].ID == rules[1].ID {
		t.Error("two rules share hash or id")
	}
	p := sigma.NewPack("p", map[string][]byte{"b.yml": []byte(one), "a.yml": []byte(one + "---\n" + two)})
	if len(p.Rules) != 2 || len(p.Refused) != 1 || p.Refused[0].Source != "b.yml" || !strings.Contains(p.Refused[0].Reason, "a.yml") {
		t.Errorf("%d rules, refused %+v", len(p.Rules), p.Refused)
	}
	q := sigma.NewPack("p", map[string][]byte{"a.yml": []byte(one)})
	if q.Version == p.Version || !strings.HasPrefix(q.Version, "sha256:") {
		t.Errorf("versions %s and %s", p.Version, q.Version)
	}
}

func TestMeta(t *testing.T) {
	rules, _ := sigma.Parse([]byte("title: t\nid: x\nauthor: A B\nlevel: High\ntags:\n  - attack.t1059.001\n  - attack.lateral_movement\n  - attack.execution\n  - attack.t1059.001\n  - cve.2026-1\nlogsource:\n  Product: W\n  product: Windows\n  service: SECURITY\ndetection:\n  s:\n    B: 1\n    A|fieldref: C\n  condition: s\n"), "m.yml")
	if len(rules) != 1 {
		t.Fatal("not parsed")
	}
	r := rules[0]
	if r.Author != "A B" || r.Level != sigma.LevelHigh || r.LogSource.String() != "product=windows service=security" || strings.Join(r.Fields(), ",") != "A,B,C" {
		t.Errorf("%+v", r)
	}
	if tech := r.Techniques(); len(tech) != 1 || tech[0] != "T1059.001" {
		t.Errorf("techniques %v", tech)
	}
	if tac := strings.Join(r.Tactics(), ","); tac != "lateral-movement,execution" {
		t.Errorf("tactics %s", tac)
	}
}

func FuzzParse(f *testing.F) {
	for _, d := range []string{"s:\n  A|contains|all:\n    - x\n    - 'a*b'\ncondition: s", "s:\n  - k\ncondition: 1 of them", "s:\n  A|re|i: '^x'\n  B|cidr: 10.0.0.0/8\n  C|wide|base64offset: q\ncondition: not s", "s:\n  A|windash|contains: ' -x -y'\ncondition: s"} {
		f.Add(rule(d))
	}
	f.Add([]byte("a: &a\n  - *a\n"))
	f.Add([]byte("title: t\ncorrelation: {}\n---\n--- #\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, refused := sigma.Parse(data, "f.yml")
		for _, r := range rules {
			sigma.Match(r, fields{"A": {"x -X"}, "B": {"10.1.1.1"}}.get)
			r.Fields()
		}
		for _, r := range refused {
			if r.Reason == "" {
				t.Error("refused without a reason")
			}
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, c := range []string{"s", "not s", "(s and t) or not 1 of t*", "all of them", "2 of s* and s", "s |count", "((((s))))"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		if strings.ContainsAny(c, "\n\r'") || len(c) > 2000 {
			return
		}
		rules, _ := sigma.Parse(rule("s:\n  A: x\nt1:\n  B: y\nt2:\n  C: z\ncondition: '"+c+"'"), "c.yml")
		for _, r := range rules {
			sigma.Match(r, fields{"A": {"x"}, "C": {"z"}}.get)
		}
	})
}

// FuzzGlob compares the matcher with a slow, obvious one.
func FuzzGlob(f *testing.F) {
	f.Add("a*b?c", "aXbYc")
	f.Add("**", "")
	f.Add(`\*a\\*`, `*a\x`)
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if len(pattern) > 40 || len(value) > 60 || pattern == "" || value == "" || strings.ContainsAny(pattern, "\n\r\x00") || !printable(pattern) || !printable(value) {
			return
		}
		rules, _ := sigma.Parse(rule("s:\n  A|cased: '"+strings.ReplaceAll(pattern, "'", "''")+"'\ncondition: s"), "g.yml")
		if len(rules) != 1 {
			return
		}
		_, got := sigma.Match(rules[0], fields{"A": {value}}.get)
		if want := slow([]rune(pattern), []rune(value)); got != want {
			t.Errorf("pattern %q, value %q: %v, want %v", pattern, value, got, want)
		}
	})
}

func printable(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == 0xfffd || r > 0x24f {
			return false
		}
	}
	return true
}

func slow(p, v []rune) bool {
	if len(p) == 0 {
		return len(v) == 0
	}
	switch {
	case p[0] == '\\' && len(p) > 1 && strings.ContainsRune(`\*?`, p[1]):
		return len(v) > 0 && v[0] == p[1] && slow(p[2:], v[1:])
	case p[0] == '*':
		for i := 0; i <= len(v); i++ {
			if slow(p[1:], v[i:]) {
				return true
			}
		}
		return false
	case p[0] == '?':
		return len(v) > 0 && slow(p[1:], v[1:])
	}
	return len(v) > 0 && v[0] == p[0] && slow(p[1:], v[1:])
}
