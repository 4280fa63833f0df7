package detect

import (
	"fmt"
	"sort"
	"time"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/incident"
)

// scanDetector finds bursts: many events of one kind from one place in a short time, where each alone is ordinary.
type scanDetector struct {
	kinds    []burstKind
	open     map[string]*burst
	findings []Finding
}

// burstKind is one kind of burst.
type burstKind struct {
	rule   Rule
	techs  []incident.Technique
	least  int64
	window time.Duration // silence that ends it
	words  [2]string
	key    func(r *record) string // "" when the event does not belong
}

type burst struct {
	kind *burstKind
	key  string
	g    *gather
	last time.Time
}

// webAccess are the datasets whose events are requests to a web server.
var webAccess = map[string]bool{"web.access": true, "iis.access": true, "traefik.access": true, "nginx.ingress_controller": true, "haproxy.log": true, "aws.elb": true}

func newScanDetector() *scanDetector {
	return &scanDetector{open: map[string]*burst{}, kinds: []burstKind{
		{
			rule:  detectorRule("adjutant-web-scan", "Many refused web requests from one address", sigma.LevelLow),
			techs: []incident.Technique{"T1595.002"}, least: ScanErrors, window: ScanWindow,
			words: [2]string{"refused web request", "refused web requests"},
			key: func(r *record) string {
				code := r.Event.Get("http.response.status_code")
				if !webAccess[r.dataset] || len(code) != 3 || code[0] != '4' {
					return ""
				}
				return r.Event.Get("source.ip")
			},
		},
		{
			rule:  detectorRule("adjutant-cloud-read-burst", "Many objects read from cloud storage in a short time", sigma.LevelHigh),
			techs: []incident.Technique{"T1530"}, least: 50, window: 10 * time.Minute,
			words: [2]string{"object read", "objects read"},
			key: func(r *record) string {
				if r.action != "GetObject" {
					return ""
				}
				return r.user + " from " + r.Event.Get("source.ip")
			},
		},
	}}
}

func (d *scanDetector) see(r *record) {
	if r.At.IsZero() || r.channel != "" {
		return
	}
	for i := range d.kinds {
		k := &d.kinds[i]
		from := k.key(r)
		if from == "" {
			continue
		}
		name := k.rule.ID + "\x00" + from
		b := d.open[name]
		if b != nil && r.At.Sub(b.last) > k.window {
			d.close(name, b)
			b = nil
		}
		if b == nil {
			if len(d.open) >= MaxSeries {
				continue
			}
			b = &burst{kind: k, key: from, g: newGather(KindBurst, k.rule, k.techs, from)}
			d.open[name] = b
		}
		b.last = r.At
		b.g.add(r, nil)
	}
}

func (d *scanDetector) close(name string, b *burst) {
	delete(d.open, name)
	f := &b.g.f
	if f.Count < b.kind.least {
		return
	}
	text := fmt.Sprintf("%s from %s %s, with no pause longer than %s.", count(f.Count, b.kind.words[0], b.kind.words[1]), b.key, between(f.First, f.Last), span(b.kind.window))
	if b.kind.rule.ID == "adjutant-cloud-read-burst" {
		text = fmt.Sprintf("%s by %s %s, with no pause longer than %s.", count(f.Count, b.kind.words[0], b.kind.words[1]), b.key, between(f.First, f.Last), span(b.kind.window))
	}
	d.findings = append(d.findings, b.g.done(text))
}

func (d *scanDetector) finish() []Finding {
	names := make([]string, 0, len(d.open))
	for n := range d.open {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		d.close(n, d.open[n])
	}
	return d.findings
}
