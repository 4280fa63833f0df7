package block

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"adjutant/backend/timeline/query"
)

// TestTokensAreThoseOfQueries: what a block is indexed by is what query looks for, for every text; and tokens are counted
// once a cell.
func TestTokensAreThoseOfQueries(t *testing.T) {
	var table tokenTable
	check := func(t rapid.TB, v string) {
		table.reset()
		table.begin()
		folded := string(table.take([]byte(v), 3))
		table.take([]byte(v), 3)
		table.end()
		if want := query.Fold(v); folded != want {
			t.Fatalf("%q is folded to %q, not %q", v, folded, want)
		}
		var got []string
		for _, n := range table.held {
			k := &table.list[n]
			got = append(got, string(table.textOf(k)))
			if k.uses != 3 {
				t.Fatalf("%q: token %q counted %d times", v, table.textOf(k), k.uses)
			}
		}
		want := query.Tokens(v)
		slices.Sort(got)
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(got, want) {
			t.Fatalf("%q has tokens %q, not %q", v, got, want)
		}
	}
	for _, v := range []string{"", "a", "A-b a", "Straße STRASSE", "\u212aelvin Kelvin", "x\xffy", "\xc3", "e\u0301 E\u0301", "日本 x", "\ufffd-\u2028", "ſ S s"} {
		check(t, v)
	}
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.String().Draw(r, "text")
		if rapid.Bool().Draw(r, "bytes") {
			v += string(rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(r, "more")) + "aB"
		}
		check(r, v)
	})
}

// TestTokenTableGrows: every token of many is found again.
func TestTokenTableGrows(t *testing.T) {
	var table tokenTable
	const n = 50_000
	for range 2 {
		for i := range n {
			table.begin()
			table.take([]byte{'t', byte('a' + i%16), byte('a' + i/16%16), byte('a' + i/256%16), byte('a' + i/4096)}, 1)
			table.end()
		}
	}
	if len(table.list) != n || len(table.held) != 2*n || table.list[n-1].uses != 2 {
		t.Errorf("%d tokens in %d cells", len(table.list), len(table.held))
	}
}
