package detect

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"time"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

// skewDetector compares clocks by what two logs saw of the same thing: a Kerberos logon with the same LogonGuid on two
// hosts, or the same connections (source, destination, port) in the log of the host and that of a firewall, when both
// counted the same number of them. It tells a difference only when SkewMinPairs sightings agree within SkewSpread and
// the difference is at least SkewMin. It says which of the two is ahead, never which is right.
type skewDetector struct {
	logons map[string]map[string]sighting   // LogonGuid → log → first sighting
	flows  map[string]map[string][]sighting // connection → log → sightings, nil when there were too many
}

type sighting struct {
	at  time.Time
	row event.RowID
}

const maxFlowSightings = 64 // connections that repeat more often are compared by others

func newSkewDetector() *skewDetector {
	return &skewDetector{logons: map[string]map[string]sighting{}, flows: map[string]map[string][]sighting{}}
}

var skewRule = detectorRule("adjutant-clock-skew", "Two clocks differ", sigma.LevelLow)

const noGUID = "{00000000-0000-0000-0000-000000000000}"

// clockOf names the clock that stamped the event: the host, else the file by its folder and name.
func clockOf(r *record) string {
	if r.host != "" {
		return ShortHost(r.host)
	}
	dir, name := path.Split(r.Event.Path)
	return path.Join(path.Base(dir), name)
}

func (d *skewDetector) see(r *record) {
	if r.At.IsZero() {
		return
	}
	if r.channel == "Security" && (r.code == "4624" || r.code == "4769") {
		g := r.Event.Get("winlog.event_data.LogonGuid")
		if g == "" || g == noGUID {
			return
		}
		m := d.logons[g]
		if m == nil {
			if len(d.logons) >= MaxPairKeys {
				return
			}
			m = map[string]sighting{}
			d.logons[g] = m
		}
		if _, have := m[clockOf(r)]; !have {
			m[clockOf(r)] = sighting{r.At, r.ID}
		}
		return
	}
	dst := r.Event.Get("destination.ip")
	if dst == "" || r.channel == "Security" {
		return
	}
	src, port := r.Event.Get("source.ip"), r.Event.Get("destination.port")
	if src == "" || port == "" {
		return
	}
	key := src + ">" + dst + ":" + port
	m := d.flows[key]
	if m == nil {
		if len(d.flows) >= MaxPairKeys {
			return
		}
		m = map[string][]sighting{}
		d.flows[key] = m
	}
	if c := clockOf(r); len(m[c]) <= maxFlowSightings {
		m[c] = append(m[c], sighting{r.At, r.ID})
	}
}

// pair is two clocks and how far a was ahead of b at each common sighting.
type pair struct {
	offset time.Duration
	a, b   sighting
}

func (d *skewDetector) finish() []Finding {
	pairs := map[[2]string][]pair{}
	add := func(ca, cb string, a, b sighting) {
		if cb < ca {
			ca, cb, a, b = cb, ca, b, a
		}
		k := [2]string{ca, cb}
		pairs[k] = append(pairs[k], pair{a.at.Sub(b.at), a, b})
	}
	for _, m := range d.logons {
		names := clocks(m)
		for i := range names {
			for j := i + 1; j < len(names); j++ {
				add(names[i], names[j], m[names[i]], m[names[j]])
			}
		}
	}
	for _, m := range d.flows {
		names := clocks(m)
		for i := range names {
			for j := i + 1; j < len(names); j++ {
				a, b := m[names[i]], m[names[j]]
				if len(a) != len(b) || len(a) > maxFlowSightings || len(a) < SkewMinPairs {
					continue
				}
				for k := range a {
					add(names[i], names[j], a[k], b[k])
				}
			}
		}
	}
	keys := make([][2]string, 0, len(pairs))
	for k := range pairs {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if keys[i][0] != keys[j][0] {
			return keys[i][0] < keys[j][0]
		}
		return keys[i][1] < keys[j][1]
	})
	var out []Finding
	for _, k := range keys {
		if f, ok := skewFinding(k, pairs[k]); ok {
			out = append(out, f)
		}
	}
	return out
}

func clocks[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// skewFinding keeps the sightings that agree with the middle one; at least four of five must.
func skewFinding(clocks [2]string, pairs []pair) (Finding, bool) {
	sort.Slice(pairs, func(i, j int) bool {
		if pairs[i].offset != pairs[j].offset {
			return pairs[i].offset < pairs[j].offset
		}
		return pairs[i].a.row < pairs[j].a.row
	})
	middle := pairs[len(pairs)/2].offset
	var agree []pair
	for _, p := range pairs {
		if (p.offset - middle).Abs() <= SkewSpread/2 {
			agree = append(agree, p)
		}
	}
	if middle.Abs() < SkewMin || len(agree) < SkewMinPairs || len(agree)*5 < len(pairs)*4 {
		return Finding{}, false
	}
	sort.Slice(agree, func(i, j int) bool { return agree[i].a.at.Before(agree[j].a.at) })
	ahead, behind := clocks[0], clocks[1]
	if middle < 0 {
		ahead, behind = behind, ahead
	}
	text := fmt.Sprintf("The clock of %s runs %s ahead of that of %s: %s that both logs hold lie that far apart, within %s. Which of the two is right, they do not say.",
		ahead, exact(middle), behind, count(int64(len(agree)), "event", "events"), span(SkewSpread))
	if half := middle.Abs() % (30 * time.Minute); half < time.Minute || half > 29*time.Minute {
		text += " A difference of whole or half hours points to a time zone rather than to a clock."
	}
	g := newGather(KindSkew, skewRule, nil, clocks[0]+"\x00"+clocks[1])
	for _, p := range agree {
		for _, s := range []sighting{p.a, p.b} {
			g.sum.Write([]byte(s.row.EventOf()))
			if g.firstID == "" {
				g.firstID = s.row.EventOf()
			}
			g.f.Count++
			if len(g.f.Rows) < MaxRows {
				g.f.Rows = append(g.f.Rows, s.row)
				g.f.Events = append(g.f.Events, s.row.EventOf())
			}
			if g.f.First.IsZero() || s.at.Before(g.f.First) {
				g.f.First = s.at
			}
			if s.at.After(g.f.Last) {
				g.f.Last = s.at
			}
		}
	}
	for _, c := range clocks {
		if !strings.Contains(c, "/") { // else a file, whose clock is its device's
			g.f.Hosts = append(g.f.Hosts, c)
		}
	}
	g.f.Matched = []sigma.FieldValue{{Field: "offset_seconds", Value: fmt.Sprint(int64(middle.Abs().Round(time.Second) / time.Second))}, {Field: "ahead", Value: ahead}, {Field: "behind", Value: behind}}
	return g.done(text), true
}

// exact is a difference to the second: "7 min 0 s".
func exact(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	if d >= time.Hour {
		return fmt.Sprintf("%d h %d min %d s", d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
}
