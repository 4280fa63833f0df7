package windefender

import (
	"encoding/binary"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// severities as MSFT_MpThreat numbers them.
var severities = map[string]string{"0": "Unknown", "1": "Low", "2": "Moderate", "4": "High", "5": "Severe"}

// Places of values behind the last resource whose meaning is known.
const (
	tailChanged    = 0
	tailUser       = 6
	tailProcess    = 8
	tailDetected   = 12
	tailRemediated = 14
	tailRemediator = 18
)

// resourceValues is how many values a resource has: separator, type, location, flags, size and threat tracking data.
const resourceValues = 6

// fill makes the event of a file's values and reports whether they are a detection.
func fill(e *event.Event, all []value, res *parse.Result) bool {
	sets := split(all)
	if len(sets) < 2 || len(sets[0]) < 2 || len(sets[1]) < 2 || sets[1][1].kind != typeText {
		return false
	}
	d := &detection{e: e, res: res}
	d.set("windefender.threat_id", sets[0][0])
	d.set("windefender.detection_id", sets[0][1])
	d.threat(sets[1])
	for i, set := range sets[2:] {
		if len(set) > resourceValues && i == len(sets)-3 {
			d.tail = set[resourceValues:]
			set = set[:resourceValues]
		}
		d.resource(set)
	}
	if last := sets[1][len(sets[1])-1]; len(sets[1]) > 2 && last.text() != strconv.Itoa(len(sets)-2) {
		res.Warn(last.off, "the file names "+last.text()+" resources and holds "+strconv.Itoa(len(sets)-2))
	}
	if len(d.tail) <= tailRemediated {
		res.Warn(all[len(all)-1].off, "values that stand behind the last resource, those of user, process and times, are missing")
	}
	d.ending()
	d.sentence()
	return true
}

// split cuts the values at the separators; the separator is the first of its set.
func split(all []value) (sets [][]value) {
	from := 0
	for i, v := range all {
		if v.kind == typeText && i > 0 && strings.HasPrefix(v.text(), separator) {
			sets = append(sets, all[from:i])
			from = i
		}
	}
	return append(sets, all[from:])
}

type detection struct {
	e                   *event.Event
	res                 *parse.Result
	tail                []value
	name, path, started string
	user, process       string
	hashed              bool
	dated               bool
}

func (d *detection) set(name string, v value) {
	kind := event.KindString
	if v.number() {
		kind = event.KindNumber
	}
	d.e.Set(name, kind, v.text())
}

func (d *detection) word(name, text string) { d.e.Set(name, event.KindString, text) }

func (d *detection) threat(set []value) {
	d.name = set[1].text()
	d.word("threat.name", d.name)
	for i, v := range set[2:] {
		switch i + 2 {
		case 3:
			d.set("windefender.severity", v)
			d.word("windefender.severity_name", severities[v.text()])
		case 4:
			d.set("windefender.category", v)
			d.word("windefender.category_name", categories()[v.text()])
		default:
			d.set("windefender.threat_value_"+strconv.Itoa(i+2), v)
		}
	}
}

// resource takes one thing in which the threat was found.
func (d *detection) resource(set []value) {
	if len(set) < 3 {
		return
	}
	kind, location := named(set[1].text()), set[2].text()
	d.word("windefender.resource."+kind, location)
	switch kind {
	case "file":
		if d.path == "" {
			d.path = location
			d.word("file.path", location)
		}
	case "webfile": // path|address|pid:7,ProcessStart:133029415464710822
		if p := strings.Split(location, "|"); len(p) >= 2 {
			d.word("url.original", p[1])
		}
	}
	for i, v := range set[3:] {
		if v.kind != typeBytes {
			if i != 1 { // that is the size of what follows, and says nothing
				d.set("windefender.resource_flags", v)
			}
			continue
		}
		list, whole := tracking(v.data)
		if !whole {
			d.res.Warn(v.off, "threat tracking data could not be read to its end")
		}
		d.tracked(kind, list)
	}
}

// named is a word of the file as part of a field's name: letters and digits, no longer than those that are known.
func named(word string) string {
	if len(word) > 64 || strings.ContainsFunc(word, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') }) || word == "" {
		return "other"
	}
	return word
}

// hashes of the file that the threat is in, by the keys of threat tracking data.
var hashes = map[string]string{"ThreatTrackingSha256": "file.hash.sha256", "ThreatTrackingSha1": "file.hash.sha1", "ThreatTrackingMD5": "file.hash.md5"}

func (d *detection) tracked(kind string, list []tracked) {
	for _, t := range list {
		if t.key == "ThreatTrackingStartTime" {
			if d.time(event.Occurred, t.raw, !d.dated) {
				d.dated = true
			}
			continue
		}
		key := "windefender." + kind + "." + named(t.key)
		switch field := hashes[t.key]; {
		case field != "" && !d.hashed:
			d.word(field, t.text)
		case t.number:
			d.e.Set(key, event.KindNumber, t.text)
		default:
			d.word(key, t.text)
		}
	}
	d.hashed = d.hashed || len(list) > 0
}

// time adds a moment; a second start of tracking is a time that the record has as well, not when it happened.
func (d *detection) time(meaning event.TimeKind, raw uint64, first bool) bool {
	at, ok := filetime(raw)
	if !ok {
		return false
	}
	if !first && meaning == event.Occurred {
		meaning = event.Started
	}
	d.e.Times = append(d.e.Times, event.Time{Meaning: meaning, At: at, Original: strconv.FormatUint(raw, 10), Zone: "UTC"})
	return true
}

// ending takes the values behind the last resource.
func (d *detection) ending() {
	for i, v := range d.tail {
		if v.kind == typeFiletime && len(v.data) == 8 {
			raw := binary.LittleEndian.Uint64(v.data)
			switch i {
			case tailDetected:
				meaning := event.Recorded
				if !d.dated {
					meaning = event.Occurred
				}
				d.time(meaning, raw, true)
			case tailChanged:
				d.time(event.Modified, raw, true)
			case tailRemediated:
				d.time(event.Ended, raw, true)
			default:
				d.set("windefender.value_"+strconv.Itoa(i), v)
			}
			continue
		}
		text := v.text()
		switch {
		case i == tailUser && v.kind == typeText:
			d.user = text
			domain, name, found := strings.Cut(text, `\`)
			if !found {
				domain, name = "", text
			}
			d.word("user.domain", domain)
			d.word("user.name", name)
		case i == tailProcess && v.kind == typeText:
			d.process = text
			d.word("windefender.process", text)
			if text != "Unknown" {
				d.word("process.executable", text)
			}
		case i == tailRemediator && v.kind == typeText:
			d.word("windefender.remediation_user", text)
		default:
			d.set("windefender.value_"+strconv.Itoa(i), v)
		}
	}
}

func (d *detection) sentence() {
	d.word("event.kind", "alert")
	d.word("event.category", "malware")
	d.word("event.action", "detection")
	d.word("event.module", "windows")
	d.word("event.dataset", "windows.defender_history")
	text := "Windows Defender detected " + d.name
	if d.path != "" {
		text += " in " + d.path
	}
	if d.user != "" {
		text += ", user " + d.user
	}
	if d.process != "" && d.process != "Unknown" {
		text += ", process " + d.process
	}
	d.word("message", text)
	// The primary time stands first.
	for i, t := range d.e.Times {
		if t.Meaning == event.Occurred {
			d.e.Times[0], d.e.Times[i] = d.e.Times[i], d.e.Times[0]
			break
		}
	}
}
