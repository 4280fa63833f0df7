package detect

import (
	"fmt"
	"time"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

// silentSource is a silence that the source's own rate does not explain.
type silentSource struct {
	host, source, text string
	gap                silence
}

// gapDetector finds silences of a source by comparing them with its other silences. A silence is told when it is at
// least GapFactor times longer than every ordinary one, at least GapMinSilence long, no other odd one is about as long, and
// the source's mean rate outside it would have given GapMinExpected events. Sources that pause each night have long ordinary silences and are left
// alone; a source with one such silence is told as it is, without a cause. A silence that all logs of a host share is
// told once, for the host: the machine may have been off.
type gapDetector struct {
	cov    *coverage
	silent []silentSource
}

func (d *gapDetector) see(*record) {}

var gapRule = detectorRule("adjutant-gap", "Log silent for longer than its own rate explains", sigma.LevelMedium)

var gapHostRule = detectorRule("adjutant-gap-host", "All logs of a host silent", sigma.LevelLow)

func (d *gapDetector) finish() []Finding {
	var out []Finding
	shared := map[string]map[silence]int{} // by host: silence of the whole host → logs that it explains
	for _, k := range d.cov.keys() {
		s := d.cov.stats[k]
		for _, x := range s.remarkable() {
			if whole, ok := d.cov.hosts[k.host].covering(x.silence); ok {
				if shared[k.host] == nil {
					shared[k.host] = map[silence]int{}
				}
				shared[k.host][whole]++
				if shared[k.host][whole] == GapHostLogs {
					out = append(out, d.wholeHost(k.host, whole))
				}
				continue
			}
			out = append(out, d.one(k, s, x))
		}
	}
	return out
}

func (d *gapDetector) one(k sourceKey, s *sourceStats, x oddSilence) Finding {
	host := s.Host
	if host == "" {
		host = "an unnamed host"
	}
	text := fmt.Sprintf("%s of %s: no event between %s and %s (%s). Outside that time the source wrote %s, about %s an hour, and was never silent for longer than %s; at that rate about %s would be expected.",
		k.source, host, clock(x.from), clock(x.to), span(x.length), count(s.dated(), "event", "events"), group(int64(x.rate*3600+0.5)), span(x.next), group(int64(x.expected)))
	d.silent = append(d.silent, silentSource{s.Host, k.source, text, x.silence})
	g := newGather(KindGap, gapRule, nil, k.host+"\x00"+k.source)
	g.silence(s, x.silence)
	return g.done(text)
}

func (d *gapDetector) wholeHost(host string, x silence) Finding {
	s := d.cov.hosts[host]
	text := fmt.Sprintf("%s: no event in any of its logs between %s and %s (%s), as when a machine is off. Three or more of its logs were never silent for nearly as long otherwise.",
		s.Host, clock(x.from), clock(x.to), span(x.length))
	d.silent = append(d.silent, silentSource{s.Host, "", text, x})
	g := newGather(KindGap, gapHostRule, nil, host)
	g.silence(s, x)
	return g.done(text)
}

// covering finds a silence of the whole host that makes up most of x.
func (s *sourceStats) covering(x silence) (silence, bool) {
	if s == nil {
		return silence{}, false
	}
	for _, y := range s.silences {
		from, to := later(x.from, y.from), earlier(x.to, y.to)
		if to.Sub(from) > x.length*8/10 {
			return y, true
		}
	}
	return silence{}, false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *sourceStats) dated() int64 { return s.Count - s.Undated }

// oddSilence is a silence with the numbers that make it odd.
type oddSilence struct {
	silence
	next     time.Duration // the longest ordinary silence
	rate     float64       // events a second outside the odd silences
	expected float64
}

// remarkable looks for the place in the sorted silences where the next one is GapFactor times shorter; what stands
// before it is odd. At most three: a source with more pauses than that has a rhythm of its own.
func (s *sourceStats) remarkable() []oddSilence {
	const most = 3
	if s.dated() < GapMinEvents || s.hours < GapMinHours || len(s.silences) <= most {
		return nil
	}
	for n := most; n >= 1; n-- {
		next := s.silences[n].length
		if s.silences[n-1].length < GapFactor*next || s.silences[n-1].length < GapMinSilence {
			continue
		}
		odd := s.silences[:n]
		active := s.Last.Sub(s.First)
		for _, x := range odd {
			active -= x.length
		}
		if active <= 0 {
			return nil
		}
		rate := float64(s.dated()) / active.Seconds()
		var out []oddSilence
		for i, x := range odd {
			if e := rate * x.length.Seconds(); e >= GapMinExpected && !alike(odd, i) {
				out = append(out, oddSilence{x, next, rate, e})
			}
		}
		return out
	}
	return nil
}

// alike says whether another odd silence is about as long: two nights are a rhythm, not an oddity.
func alike(odd []silence, i int) bool {
	for j := range odd {
		if j != i && odd[j].length*2 > odd[i].length && odd[j].length < odd[i].length*2 {
			return true
		}
	}
	return false
}

// silence fills a finding from the two rows around a gap; the events themselves are gone by now.
func (g *gather) silence(s *sourceStats, x silence) {
	g.sum.Write([]byte(x.rowFrom.EventOf()))
	g.sum.Write([]byte(x.rowTo.EventOf()))
	g.firstID = x.rowFrom.EventOf()
	g.f.Count = 2
	for _, r := range []event.RowID{x.rowFrom, x.rowTo} {
		g.f.Rows = append(g.f.Rows, r)
		g.f.Events = append(g.f.Events, r.EventOf())
	}
	g.f.First, g.f.Last = x.from, x.to
	if s.Host != "" {
		g.f.Hosts = []string{s.Host}
	}
	for p := range s.evidence {
		g.f.Evidence = append(g.f.Evidence, p)
	}
	g.entity(EntityLog, s.Source)
}
