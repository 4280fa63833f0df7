package detect

import (
	"fmt"
	"net/netip"
	"sort"
	"time"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/incident"
)

// bruteDetector finds series of failed logons from one place, and the success that follows one. A series goes on while
// no more than BruteWindow passes without a failure. Several accounts tried a few times each are a spray.
//
// A success counts only when it fits the series: the account failed in it before, or the series is a spray. So the
// colleague who logs on from the same address as a forgotten password does not make it worse.
type bruteDetector struct {
	open     map[string]*series // by the place that the logons come from
	findings []Finding
	sweep    time.Time
}

type series struct {
	from      string
	g         *gather
	users     map[string]int64
	last      time.Time // of the last failure
	failures  int64
	successes []success
}

type success struct {
	at         time.Time
	user, host string
}

func newBruteDetector() *bruteDetector { return &bruteDetector{open: map[string]*series{}} }

var (
	bruteRule   = detectorRule("adjutant-brute-force", "Series of failed logons", sigma.LevelMedium)
	bruteWon    = detectorRule("adjutant-brute-force-success", "Series of failed logons, then a successful one", sigma.LevelHigh)
	sprayRule   = detectorRule("adjutant-password-spray", "Many accounts tried from one place", sigma.LevelMedium)
	sprayWon    = detectorRule("adjutant-password-spray-success", "Many accounts tried from one place, then a successful logon", sigma.LevelHigh)
	bruteTechs  = []incident.Technique{"T1110.001"}
	sprayTechs  = []incident.Technique{"T1110.003"}
	wonTech     = incident.Technique("T1078")
	maxAccounts = 10_000 // counted by name; more are one more each
)

// logon says whether the event is a failed (-1) or successful (+1) logon; everything else is 0. Windows writes several
// events for one logon, so only those are taken that name where it came from.
func logon(r *record) int {
	switch {
	case r.channel == "Security" && (r.code == "4625" || r.code == "4771" && r.outcome == "failure"):
		return -1
	case r.channel == "Security" && r.code == "4624":
		return 1
	case r.channel != "":
		return 0
	case r.action == "ssh-login-failed" || r.action == "login-failed":
		return -1
	case r.action == "ssh-login-accepted":
		return 1
	case r.action == "ConsoleLogin" && r.outcome == "failure":
		return -1
	case r.action == "ConsoleLogin" && r.outcome == "success":
		return 1
	}
	return 0
}

// place is where a logon came from: an address, else a workstation's name; "" for the machine itself.
func place(r *record) string {
	if ip := r.Event.Get("source.ip"); ip != "" {
		if a, err := netip.ParseAddr(ip); err == nil && a.IsLoopback() {
			return ""
		}
		return ip
	}
	if w := r.Event.Get("source.domain"); w != "" && w != "-" && ShortHost(w) != ShortHost(r.host) {
		return w
	}
	return ""
}

func (d *bruteDetector) see(r *record) {
	if r.At.IsZero() {
		return
	}
	kind := logon(r)
	if kind == 0 {
		return
	}
	from := place(r)
	if from == "" {
		return
	}
	s := d.open[from]
	if s != nil && r.At.Sub(s.last) > BruteWindow {
		d.close(s)
		s = nil
	}
	if kind > 0 {
		if s != nil && s.failures >= BruteFailures && r.At.Sub(s.last) <= BruteSuccessAfter && s.fits(r.user) {
			s.successes = append(s.successes, success{r.At, r.user, r.host})
			s.g.entity(EntityWinner, r.user)
			s.g.add(r, []sigma.FieldValue{{Field: "event.outcome", Value: "success"}, {Field: "user.name", Value: r.user}})
		}
		return
	}
	if s == nil {
		if d.forget(r.At); len(d.open) >= MaxSeries {
			return
		}
		s = &series{from: from, g: newGather(KindBruteForce, bruteRule, bruteTechs, from), users: map[string]int64{}}
		d.open[from] = s
	}
	s.last = r.At
	s.failures++
	if _, known := s.users[r.user]; known || len(s.users) < maxAccounts {
		s.users[r.user]++
	}
	s.g.add(r, []sigma.FieldValue{{Field: "source", Value: from}})
}

// forget closes what is over, so that a scan of the whole Internet does not stay in memory.
func (d *bruteDetector) forget(now time.Time) {
	if now.Sub(d.sweep) < BruteWindow && len(d.open) < MaxSeries {
		return
	}
	d.sweep = now
	for _, s := range d.open {
		if now.Sub(s.last) > BruteWindow {
			d.close(s)
		}
	}
}

func (s *series) spray() bool {
	return len(s.users) >= SprayAccounts && s.failures <= 5*int64(len(s.users))
}

func (s *series) fits(user string) bool { return s.users[user] > 0 || s.spray() }

func (d *bruteDetector) close(s *series) {
	delete(d.open, s.from)
	if s.failures < BruteFailures {
		return
	}
	rule, techs := bruteRule, bruteTechs
	if s.spray() {
		rule, techs = sprayRule, sprayTechs
	}
	f := &s.g.f
	text := fmt.Sprintf("%s from %s against %s", count(s.failures, "failed logon", "failed logons"), s.from, s.accounts())
	if len(f.Hosts) > 0 {
		text += " on " + list(f.Hosts, 3)
	}
	text += " " + between(f.First, s.last)
	if n := len(s.successes); n > 0 {
		won := s.successes[0]
		techs = append(append([]incident.Technique(nil), techs...), wonTech)
		if rule = bruteWon; s.spray() {
			rule = sprayWon
		}
		text += fmt.Sprintf("; then %s, the first as %s", count(int64(n), "successful logon", "successful logons"), won.user)
		if won.host != "" {
			text += " on " + won.host
		}
		text += " at " + clock(won.at)
	} else {
		text += "; no success that fits the series is in the logs of this case"
	}
	f.Rule, f.Techniques, f.Severity = rule, techs, rule.Level.Severity()
	d.findings = append(d.findings, s.g.done(text+"."))
}

func (s *series) accounts() string {
	if len(s.users) == 1 {
		for u := range s.users {
			if u == "" {
				return "an unnamed account"
			}
			return "the account " + u
		}
	}
	return group(int64(len(s.users))) + " accounts"
}

func (d *bruteDetector) finish() []Finding {
	places := make([]string, 0, len(d.open))
	for p := range d.open {
		places = append(places, p)
	}
	sort.Strings(places)
	for _, p := range places {
		d.close(d.open[p])
	}
	return d.findings
}
