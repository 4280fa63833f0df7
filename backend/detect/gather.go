package detect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/netip"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/attack"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// gather collects the events of one finding.
type gather struct {
	f       Finding
	sum     hash.Hash
	seen    map[string]bool // "kind\x00value" of names, entities and matches already kept
	firstID event.ID
}

func newGather(kind Kind, rule Rule, techniques []incident.Technique, scope string) *gather {
	g := &gather{sum: sha256.New(), seen: map[string]bool{}}
	g.f = Finding{Kind: kind, Rule: rule, Severity: rule.Level.Severity(), Techniques: techniques}
	fmt.Fprintf(g.sum, "%s\x00%s\x00%s\x00", kind, rule.ID, scope)
	g.f.Key = scope
	return g
}

// add takes an event in. Events must come in order; the id depends on it.
func (g *gather) add(r *record, matched []sigma.FieldValue) {
	id := r.ID.EventOf()
	g.sum.Write([]byte(id))
	if g.f.Count++; g.f.Count == 1 {
		g.firstID = id
	}
	if len(g.f.Rows) < MaxRows {
		g.f.Rows = append(g.f.Rows, r.ID)
		g.f.Events = append(g.f.Events, id)
	}
	if !r.At.IsZero() {
		if g.f.First.IsZero() {
			g.f.First = r.At
		}
		g.f.Last = r.At
	}
	for _, m := range matched {
		if len(g.f.Matched) < MaxMatched && g.fresh("m", m.Field+"\x00"+m.Value) {
			g.f.Matched = append(g.f.Matched, m)
		}
	}
	g.name(&g.f.Evidence, "e", r.Event.Path)
	g.name(&g.f.Hosts, "h", r.host)
	g.name(&g.f.Users, "u", r.user)
	g.entities(r.Event)
}

func (g *gather) fresh(kind, v string) bool {
	k := kind + "\x00" + v
	if g.seen[k] {
		return false
	}
	g.seen[k] = true
	return true
}

// clip cuts a name at a character boundary.
func clip(v string) string {
	if len(v) <= MaxNameBytes {
		return v
	}
	n := MaxNameBytes
	for n > 0 && !utf8.RuneStart(v[n]) {
		n--
	}
	return v[:n] + "…"
}

func (g *gather) name(to *[]string, kind, v string) {
	v = clip(v)
	if v != "" && v != "-" && len(*to) < MaxNames && g.fresh(kind, v) {
		*to = append(*to, v)
	}
}

func (g *gather) entity(t EntityType, v string) {
	v = clip(v)
	if v != "" && v != "-" && len(g.f.Entities) < MaxEntities && g.fresh("x"+string(t), v) {
		g.f.Entities = append(g.f.Entities, Entity{t, v})
	}
}

// entityFields are the fields whose values a person may act on.
var entityFields = []struct {
	field string
	typ   EntityType
}{
	{"source.ip", EntitySource},
	{"destination.ip", EntityDestination},
	{"destination.domain", EntityDomain},
	{"url.domain", EntityDomain},
	{"dns.question.name", EntityDomain},
	{"process.hash.sha256", EntityHash},
	{"file.hash.sha256", EntityHash},
	{"file.path", EntityFile},
	{"user.target.name", EntityAccount},
	{"aws.cloudtrail.requestParameters.userName", EntityAccount},
	{"aws.cloudtrail.userIdentity.accessKeyId", EntityCloudKey},
	{"aws.cloudtrail.user_identity.access_key_id", EntityCloudKey},
	{"aws.cloudtrail.responseElements.accessKey.accessKeyId", EntityCloudKey},
	{"json.userIdentity.accessKeyId", EntityCloudKey},
	{"json.responseElements.accessKey.accessKeyId", EntityCloudKey},
}

func (g *gather) entities(e *event.Event) {
	system := systemProgram(e.Get("process.executable"))
	for _, x := range entityFields {
		if x.field == "process.hash.sha256" && system {
			continue // the hash of Windows' own program says nothing about others
		}
		for _, v := range e.All(x.field) {
			if x.typ == EntitySource || x.typ == EntityDestination {
				a, err := netip.ParseAddr(v)
				if err != nil || a.IsLoopback() || a.IsUnspecified() {
					continue
				}
			}
			g.entity(x.typ, v)
		}
	}
}

// systemProgram says whether a program lies where Windows and installed programs lie.
func systemProgram(path string) bool {
	path = strings.ToLower(path)
	for _, p := range []string{`c:\windows\system32\`, `c:\windows\syswow64\`, `c:\windows\explorer.exe`, `c:\program files\`, `c:\program files (x86)\`} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

// done closes the finding with its sentence.
func (g *gather) done(text string) Finding {
	f := g.f
	f.Text = text
	if len(f.Tactics) == 0 {
		for _, t := range attack.TacticsOf(f.Techniques) {
			f.Tactics = append(f.Tactics, t.Short)
		}
	}
	f.ID = hex.EncodeToString(g.sum.Sum(nil)[:16])
	key := sha256.Sum256([]byte(string(f.Kind) + "\x00" + f.Rule.ID + "\x00" + f.Key + "\x00" + string(g.firstID)))
	f.Key = hex.EncodeToString(key[:16])
	sort.Strings(f.Evidence)
	sort.Strings(f.Hosts)
	sort.Strings(f.Users)
	sort.Slice(f.Entities, func(i, j int) bool {
		if f.Entities[i].Type != f.Entities[j].Type {
			return f.Entities[i].Type < f.Entities[j].Type
		}
		return f.Entities[i].Value < f.Entities[j].Value
	})
	return f
}

// detectorRule names a detector of ours the way a rule is named.
func detectorRule(id, title string, level sigma.Level) Rule {
	return Rule{
		ID: id, Title: title, Level: level, Author: "Adjutant", Pack: "adjutant-detectors", Version: DetectorsVersion,
		Hash: incident.Digest(sha256.Sum256([]byte(id + "\x00" + DetectorsVersion))),
	}
}

// DetectorsVersion changes whenever the same events give other findings of a detector.
const DetectorsVersion = "1"

// count is "1 event" or "1,234 events".
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return group(n) + " " + many
}

func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// list is "a, b and 3 more".
func list(names []string, show int) string {
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1:
		return names[0]
	case len(names) <= show:
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names[:show], ", ") + fmt.Sprintf(" and %d more", len(names)-show)
}

// between says when.
func between(a, b time.Time) string {
	switch {
	case a.IsZero():
		return "without a time"
	case clock(a) == clock(b):
		return "at " + clock(a)
	}
	return "between " + clock(a) + " and " + clock(b)
}

// span is a duration for sentences: "5 h 12 min", "14 min", "40 s".
func span(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	day := 24 * time.Hour
	switch {
	case d >= day:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
