// Package shellhistory reads the command histories of shells and interpreters: bash with and without times, zsh plain and
// extended, fish, and those that libedit writes for Python, MySQL and others.
//
// Stage 2 of the flow, one format of parse. It keeps true that every command is an event, in the order of the file and with a time
// only where the history states one, that a command of several lines is one event, and that a command is shown as it was typed.
// Histories without any mark of their own (one command a line) are known by the file's name alone.
//
// Specifications: bash(1) HISTTIMEFORMAT and the GNU History Library; zshoptions(1) EXTENDED_HISTORY, with bytes that zsh keeps
// back ("metafied") restored; fish's history file; libedit's history(3) with vis(3) escapes.
package shellhistory

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "shellhistory"

// version changes whenever the same bytes give other events.
const version = "1"

// Reasons under which records are counted as skipped.
const (
	reasonForm  = "not a command of a history"
	reasonEmpty = "a time without a command"
)

// Format reads shell histories.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// kind is how a history is written.
type kind int

const (
	none kind = iota
	plain
	timed
	zsh
	fish
	libedit
)

const libeditHead = "_HiStOrY_V2_"

// Detect implements parse.Format.
func (Format) Detect(head []byte, name string) int {
	switch kindOf(head, name) {
	case timed, zsh, fish, libedit:
		return 95
	case plain:
		return 75
	}
	return 0
}

// kindOf knows a history by its first lines, a plain one by its name.
func kindOf(head []byte, name string) kind {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(head, []byte(libeditHead)) {
		return libedit
	}
	lines, stamps, zshes, fishes := 0, 0, 0, 0
	goesOn := false
	for rest := head; len(rest) > 0 && lines < 200; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		if len(line) == 0 {
			continue
		}
		switch {
		case goesOn: // of a command that zsh or a person broke with a backslash
			lines--
		case isStamp(line):
			stamps++
		case bytes.HasPrefix(line, []byte("- cmd: ")):
			fishes++
		case line[0] == ' ' && fishes > 0:
			lines--
		default:
			if _, _, ok := extended(string(line)); ok {
				zshes++
			}
		}
		goesOn = unfinished(line)
		lines++
	}
	shell := shellNamed(name)
	switch {
	case lines == 0 && shell == "":
		return none
	case fishes > 0 && fishes*10 >= lines*9:
		return fish
	case zshes > 0 && zshes*10 >= lines*8:
		return zsh
	case stamps > 0 && (stamps*5 >= lines || shell != ""):
		return timed
	case shell != "" && utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)]) && bytes.IndexByte(head, 0) < 0:
		return plain
	}
	return none
}

// shellNamed takes the shell from names such as .bash_history, root_bash_history or ConsoleHost_history.txt; "" when the name is
// not one of a history.
func shellNamed(name string) string {
	lower := strings.TrimSuffix(strings.ToLower(name), ".txt")
	i := strings.Index(lower, "_history")
	switch {
	case lower == ".histfile" || lower == ".zhistory":
		return "zsh"
	case lower == ".dbshell":
		return "mongo"
	case i < 1:
		return ""
	}
	shell := lower[:i]
	if j := strings.LastIndexAny(shell, "._-"); j >= 0 {
		shell = shell[j+1:]
	}
	switch shell {
	case "consolehost":
		return "powershell"
	case "bash", "zsh", "sh", "ash", "ksh", "fish", "python", "mysql", "psql", "sqlite", "rediscli", "repl", "lua", "irb", "gdb", "csh", "tcsh":
		return shell
	}
	return ""
}

// isStamp says that a line is "#" and seconds since 1970, between 1990 and 2100.
func isStamp(line []byte) bool {
	if len(line) < 10 || len(line) > 11 || line[0] != '#' {
		return false
	}
	for _, c := range line[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(line) == 11 && line[1] < '5' || len(line) == 10 && line[1] >= '6'
}

// extended takes zsh's ": seconds:duration;command" apart; times holds "seconds:duration".
func extended(s string) (times, command string, ok bool) {
	rest, ok := strings.CutPrefix(s, ": ")
	if !ok {
		return "", "", false
	}
	times, command, ok = strings.Cut(rest, ";")
	sec, dur, colon := strings.Cut(strings.TrimLeft(times, " "), ":")
	if !ok || !colon || sec == "" || len(sec) > 12 || len(dur) > 12 || dur == "" || strings.Trim(sec+dur, "0123456789") != "" {
		return "", "", false
	}
	return sec + ":" + dur, command, true
}

// unfinished says that a line ends with an odd number of backslashes: the command goes on.
func unfinished(line []byte) bool { return (len(line)-len(bytes.TrimRight(line, `\`)))%2 == 1 }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	head := make([]byte, min(in.Size, parse.HeadBytes))
	n, _ := in.Reader.ReadAt(head, 0) // a read that fails here fails again in the walk, which reports it
	h := &history{kind: kindOf(head[:n], in.Name), shell: shellNamed(in.Name)}
	return linelog.Parse(ctx, in, h.grammar(), emit)
}
