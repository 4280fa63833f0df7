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
// least GapFactor times longer than every ordinary one, at least GapMinSilence long, and the source's mean rate outside
// it would have given GapMinExpected events. Sources that pause each night have long ordinary silences and are left
// alone; a source with one such silence is told as it is, without a cause.
type gapDetector struct {
	cov    *coverage
	silent []silentSource
}

func (d *gapDetector) see(*record) {}

var gapRule = detectorRule("adjutant-gap", "Log silent for longer than its own rate explains", sigma.LevelMedium)

func (d *gapDetector) finish() []Finding {
	var out []Finding
	for _, k := range d.cov.keys() {
		s := d.cov.stats[k]
		for _, x := range s.remarkable() {
			host := s.Host
			if host == "" {
				host = "an unnamed host"
			}
			text := fmt.Sprintf("%s of %s: no event between %s and %s (%s). Outside that time the source wrote %s, about %s an hour, and was never silent for longer than %s; at that rate about %s would be expected.",
				k.source, host, clock(x.from), clock(x.to), span(x.length), count(s.dated(), "event", "events"), group(int64(x.rate*3600+0.5)), span(x.next), group(int64(x.expected)))
			d.silent = append(d.silent, silentSource{s.Host, k.source, text, x.silence})
			g := newGather(KindGap, gapRule, nil, k.host+"\x00"+k.source)
			g.silence(s, x.silence)
			out = append(out, g.done(text))
		}
	}
	return out
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
	if s.dated() < GapMinEvents || s.Last.Sub(s.First) < GapMinSpan || len(s.silences) <= most {
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
		for _, x := range odd {
			if e := rate * x.length.Seconds(); e >= GapMinExpected {
				out = append(out, oddSilence{x, next, rate, e})
			}
		}
		return out
	}
	return nil
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
