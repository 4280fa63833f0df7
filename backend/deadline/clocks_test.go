package deadline

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func defaults(t *testing.T) []Regime {
	t.Helper()
	var out []Regime
	for _, id := range DefaultRegimes {
		r, ok := Find(id)
		if !ok {
			t.Fatal(id)
		}
		out = append(out, *r)
	}
	return out
}

func byID(list []Clock) map[string]Clock {
	m := map[string]Clock{}
	for _, c := range list {
		m[c.ID] = c
	}
	return m
}

func TestClocksRunFromDeclaredAnchorsOnly(t *testing.T) {
	now := mustTime(t, "2026-11-21T12:00:00Z")
	list := Clocks(defaults(t), nil, nil, now)
	if len(list) != 12 {
		t.Fatalf("%d clocks, expected 12", len(list))
	}
	for _, c := range list {
		if c.State != Waiting || c.Strict != nil {
			t.Errorf("%s: %s %v without any declared moment", c.ID, c.State, c.Strict)
		}
	}
	aware := Trigger{Anchor: "aware", At: mustTime(t, "2026-11-20T18:30:00+01:00"), TZ: "Europe/Berlin", By: "R. Vos", Role: "incident-commander"}
	list = Clocks(defaults(t), []Trigger{aware}, nil, now)
	if list[0].ID != "eu-nis2-23/early-warning" || list[0].State != Running || list[1].State != Running {
		t.Errorf("first is %s %s, expected the 24-hour stage running", list[0].ID, list[0].State)
	}
	m := byID(list)
	g := m["eu-gdpr-33/notify"]
	if g.Strict.Format(fileLayout) != "2026-11-23T18:30:00+01:00" || g.Extended.Format(fileLayout) != "2026-11-23T19:00:00+01:00" || g.ExtendedBasis == "" {
		t.Errorf("GDPR: %v %v %q", g.Strict, g.Extended, g.ExtendedBasis)
	}
	if m["eu-nis2-23/final"].State != Waiting || m["us-sec-8k-105/8k"].State != Waiting || m["eu-nis2-23/recipients"].State != ASAP {
		t.Errorf("final %s, 8-K %s, recipients %s", m["eu-nis2-23/final"].State, m["us-sec-8k-105/8k"].State, m["eu-nis2-23/recipients"].State)
	}
	for _, c := range list {
		if c.Citation == "" || c.Edition != "2026-11-23" || c.Recipient == "" || strings.Contains(strings.ToLower(c.Text+c.Note), "must") {
			t.Errorf("%s: citation, edition, recipient or wording: %+v", c.ID, c)
		}
	}
}

func TestClocksChainSupersedeAndMiss(t *testing.T) {
	triggers := []Trigger{
		{Anchor: "aware", At: mustTime(t, "2026-11-20T10:00:00+01:00"), TZ: "Europe/Berlin"},
		{Anchor: "aware", At: mustTime(t, "2026-11-21T23:50:00+01:00"), TZ: "Europe/Berlin"}, // supersedes
	}
	subs := []Submission{{Regime: "eu-nis2-23", Stage: "notification", At: mustTime(t, "2026-11-24T22:10:00+01:00"), TZ: "Europe/Berlin"}}
	m := byID(Clocks(defaults(t), triggers, subs, mustTime(t, "2026-11-25T00:20:00+01:00")))
	if c := m["eu-nis2-23/notification"]; c.State != Submitted || c.Strict.Format(fileLayout) != "2026-11-24T23:50:00+01:00" || strings.Contains(c.Note, "after the strict") {
		t.Errorf("notification: %+v", c)
	}
	if c := m["eu-nis2-23/final"]; c.State != Running || c.Strict.Format(fileLayout) != "2026-12-24T23:59:59+01:00" {
		t.Errorf("final: %s %v", c.State, c.Strict)
	}
	if c := m["eu-nis2-23/early-warning"]; c.State != Missed {
		t.Errorf("early warning: %s", c.State)
	}
	// 23:50 and 72 h end at 23:50 strict, at 00:00 extended: twenty minutes past midnight both are over.
	c := m["eu-gdpr-33/notify"]
	if c.State != Missed || strings.Contains(c.Note, "extended reading has") {
		t.Errorf("GDPR: %s %q", c.State, c.Note)
	}
	m = byID(Clocks(defaults(t), triggers, subs, mustTime(t, "2026-11-24T23:55:00+01:00")))
	if c := m["eu-gdpr-33/notify"]; c.State != Missed || !strings.Contains(c.Note, "extended reading has 5 minutes left") {
		t.Errorf("GDPR between the readings: %s %q", c.State, c.Note)
	}
}

func TestDutiesOutOfForceDoNotRun(t *testing.T) {
	r, _ := Find("in-dpdp")
	early := []Trigger{{Anchor: "aware", At: mustTime(t, "2026-12-01T11:00:00+05:30"), TZ: "Asia/Kolkata"}}
	for _, c := range Clocks([]Regime{*r}, early, nil, early[0].At) {
		if c.State != Waiting || c.Strict != nil || !strings.Contains(c.Note, "no clock runs") && c.Trigger != nil {
			t.Errorf("%s runs before its first day: %s %q", c.ID, c.State, c.Note)
		}
	}
	late := []Trigger{{Anchor: "aware", At: mustTime(t, "2027-06-05T11:00:00+05:30"), TZ: "Asia/Kolkata"}}
	m := byID(Clocks([]Regime{*r}, late, nil, late[0].At))
	if c := m["in-dpdp/board-72h"]; c.State != Running || !strings.Contains(c.Note, "not yet applicable") {
		t.Errorf("after its first day: %s %q", c.State, c.Note)
	}
	p, _ := Find("us-far-cui")
	for _, c := range Clocks([]Regime{*p}, []Trigger{{Anchor: "discovered", At: late[0].At}}, nil, late[0].At) {
		if c.State != Waiting {
			t.Errorf("proposed duty runs: %s", c.ID)
		}
	}
}

func TestDORAInitialIsOneClock(t *testing.T) {
	r, _ := Find("eu-dora-19")
	aware := Trigger{Anchor: "aware", At: mustTime(t, "2026-11-16T06:00:00+01:00"), TZ: "Europe/Berlin"}
	major := Trigger{Anchor: "classified_major", At: mustTime(t, "2026-11-17T05:00:00+01:00"), TZ: "Europe/Berlin"}
	m := byID(Clocks([]Regime{*r}, []Trigger{aware, major}, nil, major.At))
	if c := m["eu-dora-19/initial"]; c.State != Running || c.Strict.Format(fileLayout) != "2026-11-17T06:00:00+01:00" {
		t.Errorf("initial: %s %v", c.State, c.Strict)
	}
	if _, ok := m["eu-dora-19/initial-24h"]; ok {
		t.Error("the outer bound stands as a clock of its own")
	}
}

func TestParseRefuses(t *testing.T) {
	good := `{"format":"adjutant-duties/1","edition":"2026-11-23","region":"x","regimes":[{"id":"a","name":"A","jurisdiction":"X","category":"c","status":"in_force","instrument":"I","who":"w","anchor":"aware","anchor_text":"t","stages":[{"id":"s","name":"S","deadline":{"kind":"fixed","amount":3,"unit":"hours","from":"aware","end":"exact"},"recipient":"r","citation":"c","confidence":"high"}],"thresholds":[],"exemptions":[],"content":[],"confidence":"high"}]}`
	if _, err := Parse(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"category"`, `"kategory"`}, {`"unit":"hours"`, `"unit":"moons"`}, {`"citation":"c"`, `"citation":""`},
		{`"from":"aware"`, `"from":"stage:s"`}, {`"from":"aware"`, `"from":"stage:none"`}, {`"from":"aware"`, `"from":"whim"`},
		{`"amount":3`, `"amount":-3`}, {`"amount":3`, `"amount":99999`}, {`"end":"exact"`, `"end":"end_of_day"`},
		{`adjutant-duties/1`, `adjutant-duties/9`}, {`"in_force"`, `"maybe"`}, {`"edition":"2026-11-23"`, `"edition":"soon"`},
		{`"end":"exact"`, `"end":"exact","calendar":"moon"`}, {`"confidence":"high"}]}`, `"confidence":"high"}]} x`}, {`"anchor":"aware"`, `"anchor":"felt"`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("change %v does not touch the file", change)
		}
		if _, err := Parse(strings.NewReader(bad)); !errors.Is(err, ErrPack) {
			t.Errorf("%v admitted: %v", change, err)
		}
	}
}

func TestCheckTrigger(t *testing.T) {
	now := mustTime(t, "2026-11-21T12:00:00Z")
	ok := Trigger{Anchor: "aware", At: now, TZ: "Europe/Berlin"}
	if err := CheckTrigger(ok, now, time.Minute); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]Trigger{
		"future": {Anchor: "aware", At: now.Add(time.Hour)}, "anchor": {Anchor: "calendar_year_end_of_discovery", At: now},
		"none": {Anchor: "aware"}, "year": {Anchor: "aware", At: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)}, "zone": {Anchor: "aware", At: now, TZ: "Mars"},
	} {
		if err := CheckTrigger(bad, now, time.Minute); err == nil {
			t.Errorf("%s admitted", name)
		}
	}
	if n := len(Anchors()); n != 25 {
		t.Errorf("%d anchors, expected 25", n)
	}
}
