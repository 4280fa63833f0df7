package logsource

import "testing"

// TestNetworkRouting: what the network formats give reaches the rules that are written for it, and no others.
func TestNetworkRouting(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	c := m.Classifier()
	for _, x := range []struct {
		parser, dataset, want string
	}{
		{"zeek", "zeek.dns", "zeek-dns"},
		{"zeek", "zeek.smb_files", "zeek-smb_files"},
		{"zeek", "zeek.stats", ""},
		{"asa", "cisco.asa", "cisco-aaa firewall-device"},
		{"paloalto", "panw.panos", "firewall-device"},
		{"squid", "squid.access", "web-proxy"},
		{"haproxy", "haproxy.log", "web-access"},
		{"iis", "iis.access", "web-access"},
		{"iis", "iis.error", ""},
	} {
		e := fields(x.parser, "event.dataset", x.dataset, "source.ip", "10.0.0.1", "destination.ip", "10.0.0.2")
		if got := ids(c.Sources(e)); got != x.want {
			t.Errorf("%s: %q, want %q", x.dataset, got, x.want)
		}
	}
}
