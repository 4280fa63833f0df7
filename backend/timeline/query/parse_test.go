package query_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"adjutant/backend/timeline/query"
)

// TestCanonicalText holds the printed form of every construct, and that it reads back as itself.
func TestCanonicalText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "*"},
		{"  ", "*"},
		{"*", "*"},
		{"coreupdater", `"coreupdater"`},
		{`"logon  failed"`, `"logon  failed"`},
		{"a b", `"a" AND "b"`},
		{"a AND b OR c", `("a" AND "b") OR "c"`},
		{"a AND (b OR c)", `"a" AND ("b" OR "c")`},
		{"a (b c) d", `"a" AND "b" AND "c" AND "d"`},
		{"NOT NOT a", `"a"`},
		{"NOT (a OR b)", `NOT ("a" OR "b")`},
		{"and or not", `"and" AND "or" AND "not"`},
		{`"AND"`, `"AND"`},
		{"host.name:FS01", `host.name:"FS01"`},
		{`host.name:="FS01"`, `host.name:="FS01"`},
		{"host.name:=FS*", `host.name:=FS*`},
		{"host.name:(FS01 OR dc?? OR \"a b\")", `host.name:"FS01" OR host.name:dc?? OR host.name:"a b"`},
		{"user.name:svc**x*", `user.name:svc*x*`},
		{"*:*", "*"},
		{"host.name:*", "_exists_:host.name"},
		{"host.name:[* TO *]", "_exists_:host.name"},
		{"_exists_:host.name", "_exists_:host.name"},
		{`\_exists_:x`, `\_exists_:"x"`},
		{`core*`, `*:core*`},
		{`/co.e\/x/`, `*:/co.e\/x/`},
		{`*:"whole value"`, `*:"whole value"`},
		{`process.executable:"C:\Windows\cmd.exe"`, `process.executable:"C:\\Windows\\cmd.exe"`},
		{`process.executable:C\:\\Windows\\*`, `process.executable:C\:\\Windows\\*`},
		{`My\ Header:x`, `My\ Header:"x"`},
		{"event.code:[4624 TO 4634}", `event.code:["4624" TO "4634"}`},
		{"event.code:>=4624", `event.code:["4624" TO *]`},
		{"event.code:<4624", `event.code:[* TO "4624"}`},
		{"source.ip:10.1.2.3/8", `source.ip:10.0.0.0/8`},
		{"source.ip:fe80::1", `source.ip:"fe80::1"`},
		{"source.ip:fe80::/10", `source.ip:fe80::/10`},
		{"@timestamp:[2020-09-19T03:00Z TO *]", "@timestamp:[2020-09-19T03:00:00Z TO *}"},
		{"@timestamp:[2020-09-19 TO 2020-09-19]", "@timestamp:[2020-09-19T00:00:00Z TO 2020-09-20T00:00:00Z}"},
		{"@timestamp:{2020-09 TO 2020-12}", "@timestamp:[2020-10-01T00:00:00Z TO 2020-12-01T00:00:00Z}"},
		{"@timestamp:2020", "@timestamp:[2020-01-01T00:00:00Z TO 2021-01-01T00:00:00Z}"},
		{`@timestamp:"2020-09-19 03:00:15"`, "@timestamp:[2020-09-19T03:00:15Z TO 2020-09-19T03:00:16Z}"},
		{"@timestamp:2020-09-19T05:00:15.25+02:00", "@timestamp:[2020-09-19T03:00:15.25Z TO 2020-09-19T03:00:15.2500001Z}"},
		{"@timestamp:[* TO 9999]", "_exists_:@timestamp"},
		{`host.name:FS01 AND "coreupdater" AND NOT user.name:svc* AND @timestamp:[2020-09-19T03:00Z TO *]`,
			`host.name:"FS01" AND "coreupdater" AND NOT user.name:svc* AND @timestamp:[2020-09-19T03:00:00Z TO *}`},
	} {
		e, err := query.Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := e.String(); got != c.want {
			t.Errorf("%s\n got  %s\n want %s", c.in, got, c.want)
		}
		again, err := query.Parse(e.String())
		if err != nil || again.String() != e.String() {
			t.Errorf("%s: canonical text reads back as %v, %v", c.in, again, err)
		}
	}
}

// TestErrorsSayWhereAndWhy holds place and sentence of every refusal.
func TestErrorsSayWhereAndWhy(t *testing.T) {
	for _, c := range []struct {
		in   string
		pos  int
		part string
	}{
		{"AND a", 0, "AND needs something before it"},
		{"OR", 0, "OR needs something before it"},
		{"a AND", 2, "AND needs something after it"},
		{"a OR )", 2, "OR needs something after it"},
		{"NOT", 0, "NOT needs something after it"},
		{"ä (b", 2, "has no ) after it"},
		{"a )", 2, "without a ("},
		{"()", 0, "nothing between"},
		{`"abc`, 0, "no second one"},
		{`"C:\Temp\"`, 0, `written \\`},
		{"host.name:", 10, "value is missing"},
		{":x", 0, "no field name"},
		{`C:\Windows`, 1, "put it in quotes"},
		{"http://x", 4, "put it in quotes"},
		{"/etc/passwd", 5, "put it in quotes"},
		{"/etc", 0, "put it in quotes"},
		{"/(/", 0, "not a valid regular expression"},
		{"[1 TO 2]", 0, "needs a field"},
		{"event.code:[1 2]", 14, "[from TO to]"},
		{"event.code:[1 TO 2", 11, "no ] or }"},
		{"event.code:[1* TO 2]", 11, "cannot hold"},
		{"@timestamp:yesterday", 11, "not a time"},
		{"@timestamp:[a TO *]", 11, "not a time"},
		{"@timestamp:2020*", 11, "not a wildcard"},
		{"ho*:x", 0, "field name cannot hold"},
		{"---", 0, "needs a letter or a digit"},
		{`a\`, 1, "nothing to escape"},
		{`"a"b`, 3, "space is missing"},
		{"_exists_:", 9, "name of a field"},
		{strings.Repeat("(", 100) + "a", 64, "nested"},
		{strings.Repeat("a", 70_000), 0, "longer than"},
	} {
		_, err := query.Parse(c.in)
		var se *query.SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("%.30s: no syntax error but %v", c.in, err)
			continue
		}
		if se.Pos != c.pos || !strings.Contains(se.Text, c.part) {
			t.Errorf("%.30s: at %d %q; expected at %d …%s…", c.in, se.Pos, se.Text, c.pos, c.part)
		}
	}
}

// TestBuildersPrintWhatParseReads holds that programs and people make the same queries.
func TestBuildersPrintWhatParseReads(t *testing.T) {
	day := time.Date(2020, 9, 19, 0, 0, 0, 0, time.UTC)
	regex, err := query.Regex("process.name", `a/b\/c`)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []query.Expr{
		query.Term("host.name", `we"ird\ na*me`),
		query.Exactly("AND", "OR"),
		query.AnyOf("user.name", "a", "b c"),
		query.AnyOf("user.name"),
		query.Phrase("two words"),
		query.Phrase("---"),
		query.Between(day, day.AddDate(0, 0, 1)),
		query.Between(time.Time{}, day.AddDate(9000, 0, 0)),
		query.Contains("process.command_line", `-enc (x) "y" \z`),
		query.Contains("", "ü*"),
		query.Both(query.Term("a", "1"), query.Either(query.Has("b"), query.Except(query.Phrase("c")))),
		query.Term("tab\tfield\xff", "value\xfe\n"),
		regex,
	} {
		again, err := query.Parse(e.String())
		if err != nil {
			t.Errorf("%s: %v", e, err)
			continue
		}
		if again.String() != e.String() {
			t.Errorf("%s reads back as %s", e, again)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "a AND (b OR NOT c)", `x:="y z"`, `x:[1 TO 2}`, `/a(b|c)/`, `@timestamp:[2020 TO *]`, `\::\"`, `a:(b OR c*)`,
		`source.ip:10.0.0.0/8`, "\xff:\xfe", `*:"a"`, `x:>=-1e9`, `_exists_:"a b"`, `x:/\Qa\/b\E/`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := query.Parse(s)
		if err != nil {
			var se *query.SyntaxError
			if !errors.As(err, &se) || se.Pos < 0 || se.Pos > len(s) || se.Text == "" {
				t.Fatalf("error without place or sentence: %v", err)
			}
			return
		}
		text := e.String()
		if len(text) > query.MaxTextBytes {
			return // quoting made it longer than what may be typed
		}
		again, err := query.Parse(text)
		if err != nil {
			t.Fatalf("%q prints as %q, which is refused: %v", s, text, err)
		}
		if again.String() != text {
			t.Fatalf("%q prints as %q, then as %q", s, text, again.String())
		}
	})
}
