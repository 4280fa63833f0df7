package triage

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
)

var start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC) // a Tuesday

type made struct {
	rule, host, user, tactic, address string
	level                             incident.Severity
	at                                time.Duration
	kind                              detect.Kind
}

func finding(m made) detect.Finding {
	if m.kind == "" {
		m.kind = detect.KindRule
	}
	id := fmt.Sprintf("%s-%s-%d", m.rule, m.host, m.at)
	f := detect.Finding{ID: id, Key: id, Kind: m.kind, Rule: detect.Rule{ID: m.rule, Title: "Rule " + m.rule}, Severity: m.level, Count: 1,
		Rows: []event.RowID{event.RowID(id + "/occurred.0")}, First: start.Add(m.at), Last: start.Add(m.at), Tactics: []string{m.tactic}}
	if m.host != "" {
		f.Hosts = []string{m.host}
	}
	if m.user != "" {
		f.Users = []string{m.user}
	}
	if m.address != "" {
		f.Entities = []detect.Entity{{Type: detect.EntitySource, Value: m.address}}
	}
	return f
}

func groups(c Context, list ...made) []Group {
	var f []detect.Finding
	for _, m := range list {
		f = append(f, finding(m))
	}
	return Groups(f, c)
}

const (
	low, medium, high, critical = incident.SeverityLow, incident.SeverityMedium, incident.SeverityHigh, incident.SeverityCritical
)

func TestGrouping(t *testing.T) {
	for name, c := range map[string]struct {
		in   []made
		want []int // findings of each group, in order of score
	}{
		"same host, family and hours":      {[]made{{rule: "a", host: "H.x", tactic: "execution", level: high}, {rule: "b", host: "h", tactic: "initial-access", level: low, at: time.Hour}}, []int{2}},
		"other family":                     {[]made{{rule: "a", host: "h", tactic: "execution", level: high}, {rule: "b", host: "h", tactic: "persistence", level: low, at: time.Hour}}, []int{1, 1}},
		"other host":                       {[]made{{rule: "a", host: "h", tactic: "execution", level: high}, {rule: "b", host: "g", tactic: "execution", level: low, at: time.Hour}}, []int{1, 1}},
		"too late":                         {[]made{{rule: "a", host: "h", tactic: "execution", level: high}, {rule: "b", host: "h", tactic: "execution", level: low, at: 7 * time.Hour}}, []int{1, 1}},
		"habit of one account":             {[]made{{rule: "a", host: "h", user: "svc", tactic: "execution", level: medium}, {rule: "a", host: "h", user: "svc", tactic: "execution", level: medium, at: 24 * time.Hour}, {rule: "a", host: "h", user: "svc", tactic: "execution", level: medium, at: 48 * time.Hour}}, []int{3}},
		"the same rule by another account": {[]made{{rule: "a", host: "h", user: "svc", tactic: "execution", level: medium}, {rule: "a", host: "h", user: "eve", tactic: "execution", level: medium, at: 24 * time.Hour}}, []int{1, 1}},
		"nothing high becomes a habit":     {[]made{{rule: "a", host: "h", user: "svc", tactic: "execution", level: high}, {rule: "a", host: "h", user: "svc", tactic: "execution", level: high, at: 24 * time.Hour}}, []int{1, 1}},
		"without a host, by address":       {[]made{{rule: "a", address: "192.0.2.1", tactic: "persistence", level: high}, {rule: "b", address: "192.0.2.1", tactic: "persistence", level: high, at: time.Hour}, {rule: "b", address: "192.0.2.2", tactic: "persistence", level: high, at: time.Hour}}, []int{2, 1}},
		"none":                             {nil, nil},
	} {
		var got []int
		for _, g := range groups(Context{}, c.in...) {
			got = append(got, len(g.Findings))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestScore: the score is the sum of the factors, each says why, and the queue is in its order.
func TestScore(t *testing.T) {
	list := []made{
		{rule: "a", host: "ws", user: "mette", tactic: "execution", level: high},
		{rule: "b", host: "ws", user: "mette", tactic: "persistence", level: high, at: time.Minute},
		{rule: "c", host: "ws", user: "mette", tactic: "persistence", level: critical, at: 2 * time.Minute},
		{rule: "d", host: "fs", user: "mette", tactic: "lateral-movement", level: high, at: time.Hour, address: "203.0.113.9"},
		{rule: "e", host: "fs", user: "SYSTEM", tactic: "discovery", level: low, at: time.Hour},
		{rule: "p", host: "ws", tactic: "", level: medium, at: time.Hour, kind: detect.KindPlanted},
		{rule: "g", host: "ws", tactic: "", level: medium, at: time.Hour, kind: detect.KindGap},
	}
	got := groups(Context{Important: []string{"FS.corp.example"}}, list...)
	if len(got) != 6 {
		t.Fatalf("%d groups", len(got))
	}
	for i, g := range got {
		sum := 0.0
		for _, f := range g.Factors {
			sum += f.Weight * f.Value
			if f.Words == "" || f.Name == "" {
				t.Errorf("%s: factor without words: %+v", g.Title, f)
			}
		}
		if math.Abs(sum-g.Score) > 1e-9 {
			t.Errorf("%s: score %v, factors give %v", g.Title, g.Score, sum)
		}
		if i > 0 && got[i-1].Score < g.Score {
			t.Errorf("queue is not in order: %v before %v", got[i-1].Score, g.Score)
		}
		if g.Severity < g.Floor || g.SuggestedWhy == "" || g.ID == "" || len(g.Rows) == 0 {
			t.Errorf("%s: severity %s below floor %s, or something is empty", g.Title, g.Severity, g.Floor)
		}
	}
	byTitle := map[string]Group{}
	for _, g := range got {
		byTitle[g.Title] = g
	}
	foothold := byTitle["ws: Rule c and one more"]
	if foothold.Severity != critical || foothold.Suggested != incident.VerdictTruePositive || foothold.value("rules agree") != 1 || foothold.value("other phases here") != 1 || foothold.value("shared with others") != 1 {
		t.Errorf("foothold: %+v", foothold)
	}
	moved := byTitle["fs: Rule d"]
	if moved.value("important host") != 1 || moved.value("outside address") != 1 || moved.value("shared with others") != 1 {
		t.Errorf("movement: %+v", moved.Factors)
	}
	if g := byTitle["ws: Rule g"]; g.Suggested != incident.VerdictUnknown || g.Family != FamilyVisibility {
		t.Errorf("gap: %+v", g)
	}
}

// TestPlantedChangesNothing is P10: text for a model moves no score, severity or verdict of anything else.
func TestPlantedChangesNothing(t *testing.T) {
	base := []made{{rule: "a", host: "ws", user: "mette", tactic: "execution", level: high}, {rule: "b", host: "fs", user: "mette", tactic: "impact", level: medium, at: time.Minute}}
	without := groups(Context{}, base...)
	with := groups(Context{}, append(base, made{rule: "p", host: "ws", level: medium, at: time.Minute, kind: detect.KindPlanted}, made{rule: "p", host: "fs", level: medium, at: time.Minute, kind: detect.KindPlanted})...)
	kept := map[string]Group{}
	for _, g := range with {
		if g.Family != FamilyDeception {
			kept[g.ID] = g
		}
	}
	for _, g := range without {
		h := kept[g.ID]
		if h.Score != g.Score || h.Severity != g.Severity || h.Suggested != g.Suggested || h.SuggestedWhy != g.SuggestedWhy || h.Floor != g.Floor {
			t.Errorf("%s: %v %s %s became %v %s %s", g.Title, g.Score, g.Severity, g.Suggested, h.Score, h.Severity, h.Suggested)
		}
		if h.value("text for a model") != 1 {
			t.Errorf("%s: the factor that says so is missing", h.Title)
		}
	}
	a, _ := IncidentSeverity(without)
	if b, _ := IncidentSeverity(with); a != b {
		t.Errorf("incident severity %s became %s", a, b)
	}
}

func TestHabit(t *testing.T) {
	var list []made
	for d := range 3 {
		list = append(list, made{rule: "a", host: "ws", user: "svc", tactic: "execution", level: medium, at: time.Duration(d) * 24 * time.Hour})
	}
	g := groups(Context{}, list...)[0]
	if g.Suggested != incident.VerdictBenign || g.Floor != low || g.Severity != low || g.value("habit") != 1 || g.Score != 10 {
		t.Errorf("%+v", g)
	}
}

func TestHours(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	night := made{rule: "a", host: "ws", tactic: "execution", level: high, at: 15 * time.Hour} // 00:00 UTC, 01:00 local
	day := made{rule: "a", host: "ws", tactic: "execution", level: high}
	for _, c := range []struct {
		m    made
		zone *time.Location
		want float64
	}{{night, cet, 1}, {night, nil, 0}, {day, cet, 0}, {day, time.FixedZone("far", 12*3600), 1}} {
		g := groups(Context{Zone: c.zone}, c.m)[0]
		if got := g.value("outside working hours"); got != c.want {
			t.Errorf("%v in %v: %v, want %v", c.m.at, c.zone, got, c.want)
		}
	}
}

func TestIncidentSeverity(t *testing.T) {
	for name, c := range map[string]struct {
		in   []made
		want incident.Severity
	}{
		"nothing":        {nil, incident.SeverityInformational},
		"one low":        {[]made{{rule: "a", host: "h", tactic: "execution", level: low}}, low},
		"high alone":     {[]made{{rule: "a", host: "h", tactic: "execution", level: high}}, medium},
		"real, one host": {[]made{{rule: "a", host: "h", tactic: "execution", level: high}, {rule: "b", host: "h", tactic: "persistence", level: high}}, high},
		"two hosts and data": {[]made{{rule: "a", host: "h", user: "u", tactic: "execution", level: high}, {rule: "b", host: "h", user: "u", tactic: "persistence", level: high},
			{rule: "c", host: "g", user: "u", tactic: "exfiltration", level: high}}, critical},
	} {
		got, why := IncidentSeverity(groups(Context{}, c.in...))
		if got != c.want || len(why) == 0 {
			t.Errorf("%s: %s, want %s (%v)", name, got, c.want, why)
		}
		for _, f := range why {
			if f.Words == "" || strings.Contains(f.Words, "material") || strings.Contains(f.Words, "major") {
				t.Errorf("%s: %q", name, f.Words)
			}
		}
	}
}

func TestNames(t *testing.T) {
	for user, want := range map[string]bool{"mette": true, `CORP\mette`: true, "SYSTEM": false, `NT AUTHORITY\SYSTEM`: false, "WS-07$": false, "": false, "-": false, "svc-backup": true, "DWM-1": false} {
		if Person(user) != want {
			t.Errorf("Person(%q) = %v", user, !want)
		}
	}
	for addr, want := range map[string]bool{"203.0.113.9": true, "10.0.0.1": false, "::ffff:10.0.0.1": false, "2001:db8::1": true, "fe80::1": false, "fc00::1": false, "127.0.0.1": false, "x": false} {
		if Outside(addr) != want {
			t.Errorf("Outside(%q) = %v", addr, !want)
		}
	}
}

// TestDeterministic: the same findings give the same groups; nothing depends on the order of maps.
func TestDeterministic(t *testing.T) {
	var list []made
	for i := range 60 {
		list = append(list, made{rule: fmt.Sprint("r", i%7), host: fmt.Sprint("h", i%9), user: fmt.Sprint("u", i%4), tactic: []string{"execution", "persistence", "impact"}[i%3], level: incident.Severity(1 + i%5), at: time.Duration(i) * 40 * time.Minute, address: fmt.Sprint("203.0.113.", i%5)})
	}
	a := groups(Context{}, list...)
	for range 5 {
		if diff := cmp.Diff(a, groups(Context{}, list...)); diff != "" {
			t.Fatalf("%s", diff)
		}
	}
}
