package evidence

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	drive     = regexp.MustCompile(`^[A-Za-z]:`)
	device    = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])([. ].*|:.*)?$`)
	stream    = regexp.MustCompile(`^[^:]*\.[A-Za-z0-9]{1,5}:[^:]+(:\$[A-Za-z_]+)?$`)
	hiddenDot = regexp.MustCompile(`(?i)%2e|%2f|%5c|%00|%c0%a[ef]|%c1%(9c|1c)`)
)

// badName says why an archive member with this name is quarantined, or "". Nothing is ever written under the name; it is
// about names that were made to escape, to deceive, or that cannot be told apart on the systems they came from.
func badName(name string) string {
	switch {
	case name == "":
		return "its name is empty"
	case len(name) > maxPathBytes:
		return fmt.Sprintf("its name has %d bytes, at most %d make sense", len(name), maxPathBytes)
	case strings.Contains(name, "\xc0\xae") || strings.Contains(name, "\xc0\xaf") || strings.Contains(name, "\xc1\x9c"):
		return "its name hides a dot or slash in overlong UTF-8"
	case hiddenDot.MatchString(name) && hidesParts(name):
		return "its name hides a dot or slash in percent signs"
	case strings.HasPrefix(name, `\\`) || strings.HasPrefix(name, "//"):
		return "its name points to a server share"
	case strings.HasPrefix(name, "/") || strings.HasPrefix(name, `\`):
		return "its name is an absolute path"
	case drive.MatchString(name):
		return "its name begins with a drive letter"
	}
	for _, c := range name {
		switch {
		case c == 0:
			return "its name holds a NUL character"
		case unicode.IsControl(c):
			return "its name holds control characters"
		case isBidi(c):
			return "its name holds characters that turn the reading direction"
		}
	}
	return badParts(strings.FieldsFunc(name, func(c rune) bool { return c == '/' || c == '\\' }))
}

func badParts(parts []string) string {
	if len(parts) == 0 {
		return "its name is empty"
	}
	for _, p := range parts {
		switch {
		case p == ".." || strings.Trim(p, ". ") == "" && strings.Contains(p, ".."):
			return "its name points outside the archive"
		case len(p) > maxPartBytes && partLength(p) > maxPartBytes:
			return fmt.Sprintf("a part of its name has %d bytes, at most %d make sense", len(p), maxPartBytes)
		case device.MatchString(p):
			return "its name is a device of Windows"
		case stream.MatchString(p):
			return "its name is an alternate data stream"
		case p != "." && strings.TrimRight(p, ". ") != p:
			return "its name ends in a dot or space, which Windows drops"
		}
	}
	return ""
}

// partLength is the length of a part as its system counts it: Velociraptor writes each byte of a name that is not ASCII with
// three, and NTFS allows 255 units of UTF-16.
func partLength(p string) int {
	plain := unescape(p)
	if len(plain) == len(p) || !utf8.ValidString(plain) {
		return len(p)
	}
	return len(utf16.Encode([]rune(plain)))
}

// hidesParts says whether taking the percent signs as codes gives another path. Windows logs are called
// "Microsoft-Windows-Sysmon%4Operational.evtx", so a percent sign alone means nothing.
func hidesParts(name string) bool {
	plain := hiddenDot.ReplaceAllStringFunc(strings.ToLower(name), func(code string) string {
		switch code {
		case "%2e", "%c0%ae":
			return "."
		case "%00":
			return "/../"
		}
		return "/"
	})
	return badParts(strings.FieldsFunc(plain, func(c rune) bool { return c == '/' || c == '\\' })) != ""
}

func isBidi(c rune) bool {
	return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f || c == 0x061c
}

// label makes a path fit to be shown and recorded: control and direction characters and invalid bytes are written as
// escapes, and it is not longer than maxPathBytes.
func label(path string) string {
	clean := true
	for _, c := range path {
		if c == utf8.RuneError || unicode.IsControl(c) || isBidi(c) {
			clean = false
			break
		}
	}
	if clean && len(path) <= maxPathBytes {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path) && b.Len() < maxPathBytes-16; {
		c, n := utf8.DecodeRuneInString(path[i:])
		switch {
		case c == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, path[i])
		case unicode.IsControl(c) || isBidi(c):
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteString(path[i : i+n])
		}
		i += n
		if i < len(path) && b.Len() >= maxPathBytes-16 {
			b.WriteString("…")
		}
	}
	return b.String()
}
