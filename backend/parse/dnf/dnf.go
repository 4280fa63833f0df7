// Package dnf reads the logs of the package managers of Fedora and Red Hat: yum.log, dnf.rpm.log and dnf.log. Their history
// databases are another format.
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event, part of the message before it, or a counted
// skip, and that the year of yum's lines, which they do not state, is said to be assumed.
//
// Specification: yum, yum/rpmtrans.py and logginglevels.py; dnf, dnf/logging.py and dnf/yum/rpmtrans.py.
package dnf

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "dnf"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of yum or dnf"

// Format reads logs of yum and dnf.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format. Lines of dnf.log have a form that others have, too: one of dnf's own words must stand among them.
func (Format) Detect(head []byte, _ string) int {
	marks := false
	for _, word := range []string{" SUBDEBUG ", " DDEBUG ", "--- logging initialized ---", " DNF version: ", " Installed: ", " Erased: ", " Erase: ", " Upgraded: ", " Upgrade: ", " Updated: ", " Removed: "} {
		marks = marks || bytes.Contains(head, []byte(word))
	}
	if !marks {
		return 0
	}
	return linelog.Score(head, 95, func(line []byte) bool {
		l, ok := parseLine(string(line))
		return ok && (l.stated != "" || l.verb != "")
	}, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	begun := false
	is := func(line []byte) bool { _, ok := parseLine(string(line)); return ok }
	return linelog.Parse(ctx, in, linelog.Grammar{
		Name: Name, Version: version, What: "a line of yum or dnf", Read: read,
		Aside:     func(line []byte) bool { begun = is(line); return false },
		Continues: func(line []byte) bool { return begun && !is(line) }, // messages have line breaks in them
		Yearless: func(line []byte) (yearless.Civil, bool) {
			l, ok := parseLine(string(line))
			return l.civil, ok && l.stated == ""
		},
	}, emit)
}

// line is "Mmm dd hh:mm:ss verb: package" of yum or "time LEVEL text" of dnf.
type line struct {
	stated  string // dnf's time
	civil   yearless.Civil
	head    string // yum's time
	level   string
	verb    string // "" when the text names no package
	subject string
	text    string
}

var levels = map[string]bool{"TRACE": true, "ALL": true, "SUBDEBUG": true, "DDEBUG": true, "DEBUG": true, "INFO": true, "WARNING": true, "ERROR": true, "CRITICAL": true}

// verbs are what is done to a package: action, ECS type.
var verbs = map[string][2]string{
	"Installed": {"package-installed", "installation"}, "Install": {"package-installed", "installation"}, "Dep-Installed": {"package-installed", "installation"}, "Dep-Install": {"package-installed", "installation"},
	"Reinstalled": {"package-reinstalled", "installation"}, "Reinstall": {"package-reinstalled", "installation"},
	"Updated": {"package-updated", "change"}, "Update": {"package-updated", "change"}, "Upgraded": {"package-updated", "change"}, "Upgrade": {"package-updated", "change"},
	"Downgraded": {"package-downgraded", "change"}, "Downgrade": {"package-downgraded", "change"},
	"Erased": {"package-removed", "deletion"}, "Erase": {"package-removed", "deletion"}, "Removed": {"package-removed", "deletion"}, "Cleanup": {"package-removed", "deletion"},
	"Obsoleted": {"package-obsoleted", "deletion"}, "Obsoleting": {"package-obsoleted", "deletion"},
}

func parseLine(s string) (l line, ok bool) {
	if at, rest, found := strings.Cut(s, " "); found && len(at) >= 20 && len(at) <= 32 && at[4] == '-' && at[10] == 'T' && at[13] == ':' {
		l.stated = at
		if l.level, l.text, found = strings.Cut(rest, " "); !found || !levels[l.level] {
			return l, false
		}
	} else {
		if len(s) < 18 || s[3] != ' ' || s[6] != ' ' || s[15] != ' ' {
			return l, false
		}
		day, err := strconv.Atoi(strings.TrimLeft(s[4:6], " "))
		l.civil = yearless.Civil{Month: yearless.Month(s[:3]), Day: day}
		if err != nil || l.civil.Month == 0 || day < 1 || day > 31 || !l.civil.Clock(s[7:15]) {
			return l, false
		}
		l.head, l.text = s[:15], s[16:]
	}
	verb, subject, found := strings.Cut(l.text, ": ")
	if _, known := verbs[verb]; found && known && subject != "" {
		l.verb, l.subject = verb, strings.TrimSpace(subject)
	}
	return l, l.stated != "" || l.verb != ""
}

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	l, ok := parseLine(first)
	if !ok {
		return reasonForm
	}
	var err error
	if l.stated != "" {
		err = r.At(event.Occurred, l.stated)
	} else {
		err = r.Civil(event.Occurred, l.civil, l.head)
	}
	if err != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		l.text += "\n" + more
	}
	r.Set("event.kind", "event")
	r.Set("event.category", "package")
	r.Set("event.module", "dnf")
	dataset := "dnf.log"
	if l.stated == "" {
		dataset = "dnf.yum"
	}
	r.Set("event.dataset", dataset)
	r.Set("log.level", strings.ToLower(l.level))
	r.Set("message", l.text)
	if l.verb == "" {
		r.Set("event.type", "info")
		return ""
	}
	r.Set("event.action", verbs[l.verb][0])
	r.Set("event.type", verbs[l.verb][1])
	r.Set("event.outcome", "success")
	r.Set("dnf.package", l.subject)
	n := nevra(l.subject)
	r.Set("package.name", n.name)
	r.Set("package.version", n.version)
	r.Set("package.architecture", n.arch)
	return ""
}

type nevraParts struct{ name, version, arch string }

// nevra takes "[epoch:]name-[epoch:]version-release.arch" apart; what has another form is all name.
func nevra(s string) nevraParts {
	if epoch, rest, ok := strings.Cut(s, ":"); ok && strings.Trim(epoch, "0123456789") == "" { // yum writes the epoch first
		s = rest
	}
	whole := s
	n := nevraParts{}
	if i := strings.LastIndexByte(s, '.'); i > 0 {
		switch arch := s[i+1:]; arch {
		case "noarch", "x86_64", "i386", "i486", "i586", "i686", "aarch64", "ppc64", "ppc64le", "s390x", "armv7hl", "src":
			n.arch, s = arch, s[:i]
		}
	}
	release := strings.LastIndexByte(s, '-')
	if release < 1 {
		return nevraParts{name: whole}
	}
	version := strings.LastIndexByte(s[:release], '-')
	if version < 1 {
		return nevraParts{name: whole}
	}
	n.name, n.version = s[:version], s[version+1:]
	return n
}
