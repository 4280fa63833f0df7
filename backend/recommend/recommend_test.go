package recommend

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/triage"
)

func TestTable(t *testing.T) {
	tab, err := parseTable(tableText)
	if err != nil {
		t.Fatal(err)
	}
	used := map[Action]bool{}
	for _, r := range tab.Rules {
		used[r.Action] = true
	}
	if len(used) != len(Actions) || tab.Version == "" {
		t.Errorf("%d of %d actions have a rule; version %q", len(used), len(Actions), tab.Version)
	}
	good := "version: \"1\"\nrules:\n  - {id: a, action: isolate-host, title: t, why: w, target: host, changes: [c], may_decide: [responder]}\n"
	if _, err := parseTable(good); err != nil {
		t.Error(err)
	}
	for from, to := range map[string]string{"isolate-host": "explode", "target: host": "target: moon", "responder": "king", "title: t, ": "", "id: a": "id: a, least: big", "changes: [c], ": "", "why: w": "why: w, frob: 1"} {
		if _, err := parseTable(strings.Replace(good, from, to, 1)); err == nil {
			t.Errorf("%q for %q is accepted", to, from)
		}
	}
}

func group(f detect.Finding, severity incident.Severity, suggested incident.Verdict, family triage.Family) triage.Group {
	return triage.Group{ID: "g", Title: "T", Family: family, Severity: severity, Suggested: suggested, Hosts: f.Hosts, Users: f.Users, Findings: []detect.Finding{f}}
}

func TestWhen(t *testing.T) {
	f := detect.Finding{Kind: detect.KindRule, Severity: incident.SeverityHigh, Hosts: []string{"FS01"}, Users: []string{"eve", "SYSTEM", "root"}, Count: 3, Rows: []event.RowID{"r/occurred.0"}, Text: "Text.",
		Techniques: []incident.Technique{"T1003.001"}, Entities: []detect.Entity{{Type: detect.EntitySource, Value: "203.0.113.9"}, {Type: detect.EntitySource, Value: "10.0.0.1"}, {Type: detect.EntityDomain, Value: "fs01.corp.example"}, {Type: detect.EntityDomain, Value: "evil.test"}}}
	cov := detect.Coverage{Sources: []detect.SourceCoverage{{Host: "FS01"}}}
	for name, c := range map[string]struct {
		g    triage.Group
		want string
	}{
		"real":             {group(f, incident.SeverityHigh, incident.VerdictTruePositive, triage.FamilyFoothold), "isolate-host FS01, disable-account eve, reset-credentials FS01, block-address 203.0.113.9, hunt-indicator 203.0.113.9, hunt-indicator evil.test"},
		"only suspicious":  {group(f, incident.SeverityHigh, incident.VerdictSuspicious, triage.FamilyFoothold), "block-address 203.0.113.9"},
		"looks benign":     {group(f, incident.SeverityHigh, incident.VerdictBenign, triage.FamilyFoothold), ""},
		"low":              {group(f, incident.SeverityLow, incident.VerdictTruePositive, triage.FamilyFoothold), ""},
		"data left":        {group(f, incident.SeverityHigh, incident.VerdictTruePositive, triage.FamilyTheft), "isolate-host FS01, disable-account eve, reset-credentials FS01, block-address 203.0.113.9, notify-assessment this case, hunt-indicator 203.0.113.9, hunt-indicator evil.test"},
		"text for a model": {group(f, incident.SeverityHigh, incident.VerdictTruePositive, triage.FamilyDeception), "reset-credentials FS01"},
	} {
		var got []string
		for _, r := range For([]triage.Group{c.g}, cov, Facts{}) {
			got = append(got, string(r.Action)+" "+r.Target)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, s, c.want)
		}
	}
}

// TestStable: more evidence gives the same id, so that a decision stays attached.
func TestStable(t *testing.T) {
	f := detect.Finding{Kind: detect.KindRule, Severity: incident.SeverityHigh, Hosts: []string{"FS01"}, Count: 1, Rows: []event.RowID{"a/occurred.0"}}
	one := For([]triage.Group{group(f, incident.SeverityHigh, incident.VerdictTruePositive, triage.FamilyEntry)}, detect.Coverage{}, Facts{})
	f.Count, f.Rows = 2, []event.RowID{"a/occurred.0", "b/occurred.0"}
	two := For([]triage.Group{group(f, incident.SeverityCritical, incident.VerdictTruePositive, triage.FamilyEntry)}, detect.Coverage{}, Facts{})
	if len(one) != 1 || len(two) != 1 || one[0].ID != two[0].ID || one[0].Why == two[0].Why || two[0].Severity != incident.SeverityCritical {
		t.Errorf("%+v\n%+v", one, two)
	}
}

func TestBlindSpots(t *testing.T) {
	at := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	cov := detect.Coverage{BlindSpots: []detect.BlindSpot{
		{Kind: detect.BlindCleared, Host: "FS01", Source: "Security", To: at, Text: "Cleared.", Rows: []event.RowID{"a/occurred.0"}},
		{Kind: detect.BlindGap, Host: "FS01", Source: "Security", From: at, Text: "Silent.", Rows: []event.RowID{"b/occurred.0"}},
		{Kind: detect.BlindNoLogs, Host: "WS-07", Text: "Named."},
		{Kind: detect.BlindUnread, Source: "x.bin", Text: "Unread."},
		{Kind: detect.BlindUnnamed, Source: "csv", Text: "No host."},
	}}
	recs := For(nil, cov, Facts{Zones: []ZoneAnswer{{"fw.csv", "UTC", "default"}, {"b.csv", "UTC", "somebody"}}})
	var got []string
	for _, r := range recs {
		got = append(got, string(r.Action)+"|"+r.Target+"|"+r.Why)
	}
	want := []string{
		"preserve-evidence|the log Security of FS01|Cleared. Silent.",
		"preserve-evidence|the logs of WS-07|Named.",
		"preserve-evidence|x.bin|Unread.",
		"confirm-time|fw.csv|fw.csv holds local times and does not name their zone; they were read as UTC because nobody has answered.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAccounts(t *testing.T) {
	got := accounts([]string{"CN=helpdesk2,CN=Users,DC=corp", "cn=ſſſ", "SYSTEM", "root", "mette", "WS$", "CN="})
	if strings.Join(got, "|") != "helpdesk2|ſſſ|mette" {
		t.Errorf("%q", got)
	}
}
