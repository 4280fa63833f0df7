package planted

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// percentDecoded reads %XX where it is well formed and leaves the rest.
func percentDecoded(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// invisible says whether a character takes no room on screen. Joiners that scripts need (U+200C, U+200D) and the soft
// hyphen count too: they are told only in numbers that no word needs.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff, r == 0x00ad, r == 0x034f, r == 0x180e:
		return true
	}
	return tag(r)
}

// tag says whether r is a Unicode tag character: an invisible copy of ASCII (U+E0020 to U+E007E).
func tag(r rune) bool { return r >= 0xe0000 && r <= 0xe007f }

// hidden looks for invisible characters: text written in tags, phrases that appear when the invisible is taken out, and
// many invisible characters in one value.
func (c *compiled) hidden(value string) (Hit, bool) {
	if ascii(value) {
		return Hit{}, false
	}
	var seen, secret strings.Builder
	n, first := 0, -1
	for _, r := range value {
		switch {
		case tag(r) && r >= 0xe0020 && r <= 0xe007e:
			secret.WriteByte(byte(r - 0xe0000))
			n++
		case invisible(r):
			n++
		default:
			seen.WriteRune(r)
			continue
		}
		if first < 0 {
			first = seen.Len()
		}
	}
	if n == 0 {
		return Hit{}, false
	}
	if secret.Len() >= minTagText {
		return Hit{Why: "it holds text in invisible tag characters", Text: excerpt(secret.String(), 0, MaxShown)}, true
	}
	if h, ok := c.phrasesIn(seen.String(), "invisible characters stand between the letters of instructions for a language model"); ok {
		return h, true
	}
	if n >= minHidden {
		return Hit{Why: fmt.Sprintf("it holds %d invisible characters", n), Text: excerpt(seen.String(), first-60, first+200)}, true
	}
	return Hit{}, false
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// encoded decodes runs of base64 and looks into what is text.
func (c *compiled) encoded(value string) (Hit, bool) {
	runs := 0
	for i := 0; i < len(value) && runs < maxRuns; {
		if !base64Byte(value[i]) {
			i++
			continue
		}
		j := i
		for j < len(value) && base64Byte(value[j]) {
			j++
		}
		if j-i >= minRun {
			runs++
			if text, ok := decodedText(value[i:j]); ok {
				if h, ok := c.phrasesIn(text, "it holds base64 of instructions for a language model"); ok {
					return h, true
				}
			}
		}
		i = j
	}
	return Hit{}, false
}

func base64Byte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '+' || b == '/' || b == '_'
}

// decodedText decodes a run and says whether it is text, in UTF-8 or UTF-16LE.
func decodedText(run string) (string, bool) {
	run = strings.ReplaceAll(run, "_", "/")
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	raw, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil || len(raw) < minRun/2 {
		return "", false
	}
	if wide := wideText(raw); wide != "" {
		return wide, true
	}
	if !utf8.Valid(raw) {
		return "", false
	}
	for _, b := range raw {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' {
			return "", false
		}
	}
	return string(raw), true
}

// wideText reads UTF-16LE of mostly ASCII letters, as PowerShell encodes its commands.
func wideText(raw []byte) string {
	zero := 0
	for i := 1; i < len(raw); i += 2 {
		if raw[i] == 0 {
			zero++
		}
	}
	if zero*10 < len(raw)/2*9 {
		return ""
	}
	u := make([]uint16, len(raw)/2)
	for i := range u {
		u[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
	}
	return string(utf16.Decode(u))
}
