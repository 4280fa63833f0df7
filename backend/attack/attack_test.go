package attack

import (
	"testing"

	"adjutant/backend/incident"
)

func TestCatalogue(t *testing.T) {
	c, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.techniques) != 665 || len(c.tactics) != 14 || len(All()) != 665 {
		t.Errorf("%d techniques, %d tactics, %d listed; want 665, 14, 665", len(c.techniques), len(c.tactics), len(All()))
	}
	for id, tech := range c.techniques {
		if _, ok := c.techniques[Parent(id)]; !ok || tech.Name == "" || len(tech.Tactics) == 0 {
			t.Errorf("%s: parent known %v, name %q, tactics %v", id, ok, tech.Name, tech.Tactics)
		}
	}
}

func TestLookup(t *testing.T) {
	for id, want := range map[incident.Technique]string{
		"T1059.001": "T1059.001 Command and Scripting Interpreter: PowerShell",
		"T1490":     "T1490 Inhibit System Recovery",
		"T1685":     "T1685 (not listed in ATT&CK 17.0)",
		"":          " (not listed in ATT&CK 17.0)",
	} {
		if got := Title(id); got != want {
			t.Errorf("Title(%q) = %q, want %q", id, got, want)
		}
	}
	got := TacticsOf([]incident.Technique{"T1486", "T1566.002", "T9999", "T1053.005"})
	var shorts []string
	for _, x := range got {
		shorts = append(shorts, x.Short)
	}
	want := []string{"initial-access", "execution", "persistence", "privilege-escalation", "impact"}
	if len(shorts) != len(want) {
		t.Fatalf("tactics %v, want %v", shorts, want)
	}
	for i := range want {
		if shorts[i] != want[i] {
			t.Errorf("tactics %v, want %v", shorts, want)
		}
	}
	if got[0].ID != "TA0001" || got[0].Name != "Initial Access" || Tactics()[11].Name != "Command and Control" {
		t.Errorf("names: %+v, %+v", got[0], Tactics()[11])
	}
}
