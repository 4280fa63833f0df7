package stamp

import (
	"strings"

	"adjutant/backend/event"
)

// Meanings reads the words with which tools say what a time means: "Content Modification Time" of Plaso, several of them
// between semicolons, and the letters "m.cb" of mactime. Words that say nothing known give none.
func Meanings(words string) []event.TimeKind {
	words = strings.TrimSpace(words)
	if letters := macb(words); letters != nil {
		return letters
	}
	var out []event.TimeKind
	for _, w := range strings.Split(words, ";") {
		if m := meaningOf(strings.ToLower(w)); m != "" && !contains(out, m) {
			out = append(out, m)
		}
		if len(out) == 8 {
			break // there are no more meanings
		}
	}
	return out
}

func contains(all []event.TimeKind, m event.TimeKind) bool {
	for _, a := range all {
		if a == m {
			return true
		}
	}
	return false
}

// macb reads the four letters of mactime and l2tcsv.
func macb(s string) (out []event.TimeKind) {
	if len(s) != 4 {
		return nil
	}
	for i, kind := range []event.TimeKind{event.Modified, event.Accessed, event.Changed, event.Created} {
		switch s[i] | 0x20 {
		case "macb"[i]:
			out = append(out, kind)
		case '.' | 0x20:
		default:
			return nil
		}
	}
	return out
}

func meaningOf(w string) event.TimeKind {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(w, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("metadata modif", "change", "mft entry"):
		return event.Changed
	case has("modif", "write", "written", "update"):
		return event.Modified
	case has("creat", "birth", "install"):
		return event.Created
	case has("access", "visit", "opened"):
		return event.Accessed
	case has("start", "first"):
		return event.Started
	case has("end time", "ended", "expir", "logoff", "logout"):
		return event.Ended
	}
	return ""
}
