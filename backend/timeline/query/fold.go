package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold maps text to its case-folded form: each letter becomes one representative of all letters that Unicode's simple
// folding holds equal (the same relation that (?i) uses in RE2), ASCII letters their lower case. Bytes that are not
// UTF-8 stay as they are, so that different bytes never become equal.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || (c >= 'A' && c <= 'Z') {
			return foldFrom(s, i)
		}
	}
	return s
}

func foldFrom(s string, i int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b.WriteByte(c)
		} else {
			b.WriteRune(FoldRune(r))
		}
		i += n
	}
	return b.String()
}

// FoldRune is Fold of one letter: it gives the smallest rune of the folding orbit, in lower case when that is an ASCII letter.
func FoldRune(r rune) rune {
	least := r
	for x := unicode.SimpleFold(r); x != r; x = unicode.SimpleFold(x) {
		least = min(least, x)
	}
	if least >= 'A' && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

// InToken says whether a rune belongs to a token: letters, digits, and the marks that sit on them.
func InToken(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// EachToken calls f with every token of folded text in order. A token is a longest run of letters, digits and marks.
// Tokens are cut out of folded, which must come from Fold.
func EachToken(folded string, f func(token string)) {
	start := -1
	for i := 0; i < len(folded); {
		c := folded[i]
		n := 1
		var in bool
		if c < utf8.RuneSelf {
			in = c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		} else {
			var r rune
			r, n = utf8.DecodeRuneInString(folded[i:])
			in = !(r == utf8.RuneError && n == 1) && InToken(r)
		}
		if in && start < 0 {
			start = i
		}
		if !in && start >= 0 {
			f(folded[start:i])
			start = -1
		}
		i += n
	}
	if start >= 0 {
		f(folded[start:])
	}
}

// Tokens returns the folded tokens of text.
func Tokens(s string) []string {
	var out []string
	EachToken(Fold(s), func(t string) { out = append(out, t) })
	return out
}

// HoldsTokens says whether folded text holds the tokens one after the other.
func HoldsTokens(folded string, want []string) bool {
	if len(want) == 0 || !strings.Contains(folded, want[0]) {
		return false
	}
	if len(want) == 1 {
		found := false
		EachToken(folded, func(t string) { found = found || t == want[0] })
		return found
	}
	var have []string
	EachToken(folded, func(t string) { have = append(have, t) })
next:
	for i := 0; i+len(want) <= len(have); i++ {
		for j, w := range want {
			if have[i+j] != w {
				continue next
			}
		}
		return true
	}
	return false
}
