package sentence

import (
	"slices"
	"testing"
)

type row []string

func (r row) Value(i int) string { return r[i] }

func TestAppend(t *testing.T) {
	names := []string{"a", "b", "c"}
	index := func(n string) int { return slices.Index(names, n) }
	for _, c := range []struct {
		text  string
		row   row
		want  string
		whole bool
	}{
		{"{a} to {b}[:{c}]", row{"1", "2", "3"}, "1 to 2:3", true},
		{"{a} to {b}[:{c}] end", row{"1", "2", ""}, "1 to 2 end", true},
		{"{a|b}[ {x}]", row{"", "2", ""}, "2", true},
		{"{x} {a}", row{"1", "", ""}, "? 1", false},
		{"[{a} and {b}, ][{c}]", row{"1", "", "3"}, "3", true},
	} {
		s, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got, whole := s.Bind(index).Append(nil, c.row)
		if string(got) != c.want || whole != c.whole {
			t.Errorf("%s %q: %q %t, want %q", c.text, c.row, got, whole, c.want)
		}
	}
	for _, bad := range []string{"{a", "[a", "a]", "[[a]]"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q was compiled", bad)
		}
	}
	if got, _ := Words("w", []string{"a", "b"}).Bind(index).Append(nil, row{"1", "", ""}); string(got) != "w a 1" {
		t.Errorf("%q", got)
	}
}
