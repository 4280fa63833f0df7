package coverpage

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a text: plain, a character made visible, or a line break.
type piece struct {
	Text  string
	Mark  bool // Text names a character that would not show
	Break bool
}

// pieces takes a text of a case apart. Characters that print nothing or turn the direction of reading are named, so that
// what the reader sees is what was signed; the template escapes the rest. Long texts are cut and say so.
func pieces(s string, breaks bool) []piece {
	var out []piece
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, piece{Text: plain.String()})
			plain.Reset()
		}
	}
	cut := 0
	if len(s) > maxTextLen {
		end := maxTextLen
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s, cut = s[:end], len(s)-end
	}
	for _, r := range s {
		switch {
		case r == '\n' && breaks:
			flush()
			out = append(out, piece{Break: true})
		case unicode.IsPrint(r) || unicode.Is(unicode.Zs, r):
			plain.WriteRune(r)
		default:
			flush()
			out = append(out, piece{Text: fmt.Sprintf("U+%04X", r), Mark: true})
		}
	}
	flush()
	if cut > 0 {
		out = append(out, piece{Text: fmt.Sprintf("%d more bytes in the record", cut), Mark: true})
	}
	return out
}

// bare is a text on one line without any mark-up, for the title of the page.
func bare(s string) string {
	var out strings.Builder
	for _, p := range pieces(s, false) {
		if p.Mark {
			out.WriteString("⟨" + p.Text + "⟩")
		} else {
			out.WriteString(p.Text)
		}
	}
	return out.String()
}

// The page writes times in UTC and in one way.
func day(t time.Time) string  { return t.UTC().Format("2 January 2006") }
func hour(t time.Time) string { return t.UTC().Format("15:04:05") }
func full(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }
func iso(t time.Time) string  { return t.UTC().Format("2006-01-02T15:04:05Z") }

// number groups digits by thin spaces.
func number(n any) string {
	s := fmt.Sprint(n)
	var out strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			out.WriteString("\u202f")
		}
		out.WriteRune(c)
	}
	return out.String()
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return number(n) + " " + many
}

// size says bytes in the unit that people read, and exactly.
func size(n int64) string {
	exact := number(n) + " bytes"
	for _, u := range []struct {
		name string
		is   int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if n >= 10*u.is {
			return fmt.Sprintf("%s %s (%s)", number(n/u.is), u.name, exact)
		}
	}
	return exact
}

// quarters breaks a hash so that it can be compared by eye.
func quarters(s string) []string {
	var out []string
	for len(s) > 16 {
		out, s = append(out, s[:16]), s[16:]
	}
	return append(out, s)
}

func short(id string) string { return id[:min(12, len(id))] }
