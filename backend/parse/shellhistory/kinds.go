package shellhistory

import (
	"bytes"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/lines"
)

// history is one file under way.
type history struct {
	kind   kind
	shell  string
	goesOn bool // the record under way takes the next line
	number int
}

func (h *history) grammar() linelog.Grammar {
	g := linelog.Grammar{Name: Name, Version: version, What: "a command", Read: h.plain}
	switch h.kind {
	case timed:
		h.named("bash")
		g.Aside = func(line []byte) bool { h.goesOn = isStamp(line); return false }
		g.Continues = func(line []byte) bool { return h.goesOn && !isStamp(line) }
		g.Read = h.timed
	case zsh:
		h.named("zsh")
		g.Aside = func(line []byte) bool { h.goesOn = unfinished(line); return false }
		g.Continues = func(line []byte) bool {
			is := h.goesOn
			h.goesOn = unfinished(line)
			return is
		}
		g.Read = h.zsh
		g.Source = func(in parse.Input) lines.Source { return &unmeta{in: lines.New(in.Reader, in.Size)} }
	case fish:
		h.named("fish")
		g.Continues = func(line []byte) bool { return line[0] == ' ' }
		g.Read = h.fish
	case libedit:
		g.Aside = func(line []byte) bool { return string(line) == libeditHead }
		g.Read = func(r *linelog.Record) string { h.command(r, unvis(r.Text)); return "" }
	}
	return g
}

func (h *history) named(shell string) {
	if h.shell == "" {
		h.shell = shell
	}
}

// command fills the event of one command.
func (h *history) command(r *linelog.Record, command string) {
	h.number++
	r.Set("event.kind", "event")
	r.Set("event.category", "process")
	r.Set("event.type", "start")
	r.Set("event.action", "command-entered")
	r.Set("event.module", "shellhistory")
	r.Set("event.dataset", "shellhistory.command")
	r.Set("shellhistory.shell", h.shell)
	r.Number("shellhistory.number", strconv.Itoa(h.number), "")
	r.Keep("process.command_line", command)
	r.Keep("message", command)
}

func (h *history) plain(r *linelog.Record) string {
	h.command(r, r.Text)
	return ""
}

func (h *history) timed(r *linelog.Record) string {
	first, command, more := strings.Cut(r.Text, "\n")
	if !isStamp([]byte(first)) {
		h.command(r, r.Text) // before the first time that the history states
		return ""
	}
	if !more {
		return reasonEmpty
	}
	if r.At(event.Occurred, first[1:]) != nil {
		return linelog.ReasonTime
	}
	h.command(r, command)
	return ""
}

func (h *history) zsh(r *linelog.Record) string {
	times, command, ok := extended(r.Text)
	if !ok {
		h.command(r, strings.ReplaceAll(r.Text, "\\\n", "\n")) // written while EXTENDED_HISTORY was off
		return ""
	}
	sec, duration, _ := strings.Cut(times, ":")
	if n, err := strconv.ParseInt(sec, 10, 64); err != nil || n > 0 && r.At(event.Occurred, pad(sec)) != nil {
		return linelog.ReasonTime
	}
	if duration != "0" {
		r.Number("event.duration", duration+"000000000", "")
	}
	h.command(r, strings.ReplaceAll(command, "\\\n", "\n"))
	return ""
}

// pad gives seconds as many digits as times since 2001 have.
func pad(sec string) string { return strings.Repeat("0", 10-min(10, len(sec))) + sec }

func (h *history) fish(r *linelog.Record) string {
	first, rest, _ := strings.Cut(r.Text, "\n")
	command, ok := strings.CutPrefix(first, "- cmd: ")
	if !ok {
		return reasonForm
	}
	var paths []string
	for _, line := range strings.Split(rest, "\n") {
		line = strings.TrimLeft(line, " ")
		if when, ok := strings.CutPrefix(line, "when: "); ok && r.At(event.Occurred, pad(when)) != nil {
			return linelog.ReasonTime
		}
		if path, ok := strings.CutPrefix(line, "- "); ok {
			paths = append(paths, unescape(path))
		}
	}
	r.Event.Set("shellhistory.paths", event.KindString, paths...)
	h.command(r, unescape(command))
	return ""
}

// unescape reads fish's \n and \\.
func unescape(s string) string { return strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(s) }

// unvis reads the escapes of vis(3) in the style that libedit writes: \ooo for a byte, \\ for a backslash.
func unvis(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b = append(b, byte(n))
				i += 3
				continue
			}
		}
		if s[i] == '\\' && i+1 < len(s) && s[i+1] == '\\' {
			i++
		}
		b = append(b, s[i])
	}
	text, _ := lines.Clean(b)
	return text
}

// unmeta hands out zsh's lines with the bytes that it keeps back: 0x83 and the byte xor 0x20.
type unmeta struct {
	in  *lines.Reader
	buf []byte
}

// Next implements lines.Source. Offset and Size stay those of the file's own bytes.
func (u *unmeta) Next() (lines.Line, error) {
	l, err := u.in.Next()
	if err != nil || bytes.IndexByte(l.Text, 0x83) < 0 {
		return l, err
	}
	u.buf = u.buf[:0]
	for i := 0; i < len(l.Text); i++ {
		c := l.Text[i]
		if c == 0x83 && i+1 < len(l.Text) {
			i++
			c = l.Text[i] ^ 0x20
		}
		u.buf = append(u.buf, c)
	}
	l.Text = u.buf
	return l, nil
}
