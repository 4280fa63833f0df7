package thor

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

const reasonForm = "not a line of THOR"

// head is what stands in front of the keys: "Jul 10 09:08:47 HOST/10.0.2.15 THOR: Alert: MODULE: …".
type head struct {
	time, host, level, rest string
}

// cut takes a line apart.
func cut(line string) (head, bool) {
	before, after, ok := strings.Cut(line, " THOR: ")
	if !ok || len(before) > 300 {
		return head{}, false
	}
	level, rest, ok := strings.Cut(after, ": ")
	if !ok || !isLevel(level) {
		return head{}, false
	}
	i := strings.LastIndexByte(before, ' ')
	if i < 0 {
		return head{}, false
	}
	return head{time: strings.TrimSpace(before[:i]), host: before[i+1:], level: level, rest: rest}, true
}

// yearOf reads the head of a line whose time is syslog's.
func yearOf(line []byte) (yearless.Civil, bool) { return civil(string(line)) }

func civil(s string) (yearless.Civil, bool) {
	var c yearless.Civil
	if len(s) < 15 || s[3] != ' ' || s[6] != ' ' {
		return c, false
	}
	if c.Month = yearless.Month(s[:3]); c.Month == 0 {
		return c, false
	}
	day := strings.TrimLeft(s[4:6], " ")
	for i := 0; i < len(day); i++ {
		if day[i] < '0' || day[i] > '9' {
			return c, false
		}
		c.Day = c.Day*10 + int(day[i]-'0')
	}
	return c, c.Day > 0 && c.Day < 32 && c.Clock(s[7:15])
}

func readLine(r *linelog.Record) string {
	h, ok := cut(r.Text)
	if !ok {
		return reasonForm
	}
	if c, yearless := civil(h.time); yearless {
		if r.Civil(event.Occurred, c, h.time) != nil {
			return linelog.ReasonTime
		}
	} else if r.At(event.Occurred, h.time) != nil {
		return linelog.ReasonTime
	}
	host, ip, _ := strings.Cut(h.host, "/")
	r.Set("host.name", host)
	r.Set("host.ip", linelog.IP(ip))
	r.Set("log.level", h.level)
	message := ""
	keys(h.rest, func(key, value string) {
		name := strings.ToLower(key)
		if name == "message" && message == "" {
			message = value
			return
		}
		if meaning := fileTimes[name]; meaning != "" {
			_ = r.At(meaning, value) // the text stays as thor.<key> whether it is a time or not
		}
		field := fields[name]
		switch {
		case field == "" || has(r.Event, field):
			r.Keep("thor."+name, value)
		case strings.HasSuffix(field, ".pid") || field == "file.size":
			r.Number(field, value, "thor."+name)
		default:
			r.Keep(field, value)
		}
	})
	if message == "" {
		message = h.rest
	}
	r.Set("event.kind", kindOf(h.level))
	r.Set("event.module", "thor")
	r.Set("event.dataset", "thor")
	r.Set("message", message)
	return ""
}

// maxKeys bounds a line; a finding with many reasons has some two hundred.
const maxKeys = 1000

// keys cuts "KEY: value KEY2: value". A key has two or more capital letters, digits or underscores, begins with a letter and
// stands behind a blank.
func keys(s string, found func(key, value string)) {
	key, from, n := "", 0, 0
	for i := 0; i < len(s) && n < maxKeys; {
		if i > 0 && s[i-1] != ' ' {
			i++
			continue
		}
		end := i
		for end < len(s) && end-i < 40 && (s[end] >= 'A' && s[end] <= 'Z' || end > i && (s[end] >= '0' && s[end] <= '9' || s[end] == '_')) {
			end++
		}
		if end-i < 2 || end+1 >= len(s) && end < len(s) && s[end] != ':' || !strings.HasPrefix(s[end:], ":") || end+1 < len(s) && s[end+1] != ' ' {
			i = max(end, i+1)
			continue
		}
		if key != "" {
			found(key, strings.TrimSpace(s[from:i]))
			n++
		}
		key, from = s[i:end], end+1
		i = end + 1
	}
	if key != "" {
		found(key, strings.TrimSpace(s[from:]))
	}
}
