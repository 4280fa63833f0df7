package workbench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/timeline"
)

// TestAlteredEvidenceIsNotCalledAbsent: an original that was referenced and changed since is told as changed, one that is
// gone as gone, and neither shows bytes.
func TestAlteredEvidenceIsNotCalledAbsent(t *testing.T) {
	ctx := context.Background()
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	log := filepath.Join(t.TempDir(), "auth.log")
	line := "Mar  3 21:11:00 web01 sshd[811]: Accepted password for deploy from 203.0.113.9 port 4023 ssh2\n"
	if err := os.WriteFile(log, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	req := IntakeRequest{Paths: []string{log}, Keep: evidence.KeepReferenced, Year: 2026}
	p, err := b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.AddEvidence(ctx, confirm.Batch(me, p.Shown, p.Kinds...), req, nil, nil); err != nil {
		t.Fatal(err)
	}
	page, _, err := b.Page(ctx, "", timeline.Options{Limit: 1})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	look := func() SourceBytes {
		s, err := b.Bytes(ctx, page.Rows[0].Event)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := look(); !s.Present || s.Altered != "" || string(s.Bytes) != strings.TrimSuffix(line, "\n") {
		t.Errorf("untouched: %+v", s)
	}
	if err := os.WriteFile(log, []byte(strings.Replace(line, "deploy", "oracle", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := look(); s.Present || s.Altered == "" || len(s.Bytes) > 0 {
		t.Errorf("altered: %+v", s)
	}
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	if s := look(); s.Present || s.Altered != "" {
		t.Errorf("gone: %+v", s)
	}
}

// TestOnNetwork: a path in a receipt never makes this laptop reach for another machine.
func TestOnNetwork(t *testing.T) {
	for path, want := range map[string]bool{`\\server\share\x`: true, "//server/share/x": true, "/mnt/usb/x": false, `C:\x`: false, "x": false,
		`\/server\share\x`: true, `/\server/share/x`: true, `\\?\UNC\server\share`: true, `\??\UNC\server\share`: true} {
		if onNetwork(path) != want {
			t.Errorf("%q", path)
		}
	}
}

// TestReceiptsOfOthersReachNoMachine: neither looking at a copy nor making one asks for a file by a path on the network that
// a receipt names. Here such a path leads to a file of this laptop, which would be found if it were asked for.
func TestReceiptsOfOthersReachNoMachine(t *testing.T) {
	r := newRoom(t, nil)
	path := filepath.Join(t.TempDir(), "auth.log")
	if err := os.WriteFile(path, []byte("some bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := packing{b: r.b}
	for name, want := range map[string]bool{path: true, "/" + path: false} {
		if fileAt(name) != want {
			t.Errorf("looking at a copy asks for %s: %v", name, !want)
		}
		it := &caserecord.EvidenceItem{SHA256: strings.Repeat("ab", 32), Received: []caserecord.EvidenceReceipt{{Data: caserecord.EvidenceReceivedData{Path: name, Bytes: 10}}}}
		if (p.source(it, false) != nil) != want {
			t.Errorf("making a copy asks for %s: %v", name, !want)
		}
	}
}
