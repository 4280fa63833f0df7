package caserecord

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/incident"
)

// readGolden parses a published file of entries.
func readGolden(t testing.TB, name string) []Entry {
	b, err := os.ReadFile(filepath.Join("testdata", "golden", name))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	var out []Entry
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatalf("%s, line %d: %v", name, i+1, err)
		}
		out = append(out, e)
	}
	return out
}

// TestOldBytesPart2 does for the second case what TestOldBytes does for the first: bytes, ids, state, story.
func TestOldBytesPart2(t *testing.T) {
	w := fullCase2(t)
	var now bytes.Buffer
	for _, e := range w.dora.log.Entries() {
		now.Write(e.Line())
		now.WriteByte('\n')
		now.Write(e.Body())
		now.WriteByte('\n')
	}
	published(t, "entries-v1-part2.txt", now.Bytes())
	entries := readGolden(t, "entries-v1-part2.txt")
	if len(entries) != 42 {
		t.Fatalf("%d entries", len(entries))
	}
	var ids, story strings.Builder
	s := Fold(entries)
	for _, e := range entries {
		ids.WriteString(string(e.ID) + " " + string(e.Header.Kind) + "\n")
		story.WriteString(Story(e, s) + "\n")
	}
	r := Verify(entries)
	if r.ExitCode() != 0 || len(r.Problems) != 1 || r.Problems[0].Code != CodeKeyRevoked || r.Problems[0].Entry != string(w.aside.ID) {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	ids.WriteString("head " + r.Head + "\ncode " + r.HeadCode + "\n")
	published(t, "ids-v1-part2.txt", []byte(ids.String()))
	state, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "state-v1-part2.json", append(state, '\n'))
	golden(t, "story-v1-part2.txt", []byte(story.String()))
}

// TestFoldCountsPart2 folds the second case: counts first, then what screens ask.
func TestFoldCountsPart2(t *testing.T) {
	w := fullCase2(t)
	all := w.dora.log.Entries()
	s := Fold(all)
	kinds := map[Kind]bool{}
	ada, _, _ := fullCase(t)
	for _, e := range slices.Concat(all, ada.log.Entries(), fullCase3(t).log.Entries()) {
		kinds[e.Header.Kind] = true
	}
	if len(kinds) != len(Kinds) {
		t.Errorf("the three cases have %d kinds of %d", len(kinds), len(Kinds))
	}
	for name, n := range map[string]int{"people": len(s.People) - 3, "roles": len(s.Roles) - 6, "successions": len(s.Successions) - 1, "glass": len(s.Glass) - 1,
		"rows": len(s.Rows) - 1, "awaiting": len(s.Awaiting), "cosigned": len(s.Cosigned) - 1, "admitted": len(s.Admitted) - 1, "revoked": len(s.Revoked) - 1,
		"resolutions": len(s.Resolutions) - 1, "transfers": len(s.Transfers) - 2, "checks": len(s.Checks) - 1, "explained": len(s.Explained) - 1,
		"purges": len(s.Purges) - 1, "holds": len(s.Holds) - 1, "lanes": len(s.Lanes) - 1, "sealed": len(s.Sealed) - 1, "marks": len(s.Marks) - 2,
		"checkpoints": len(s.Checkpoints) - 1, "witnesses": len(s.Witnesses) - 1, "slots": len(s.Slots) - 1, "conflicts": len(s.Conflicts), "refused": len(s.Refused) - 1} {
		if n != 0 {
			t.Errorf("%s: %+d", name, n)
		}
	}
	if refusedFor(s, w.aside) != CodeKeyRevoked || !s.Accepted(w.admitted.ID) || s.GroundOf(w.admitted.ID).Basis != BasisAdmission {
		t.Errorf("stolen laptop: %v", s.Refused)
	}
	if s.Severity.Current.Data.Level != incident.SeverityHigh || len(s.Severity.History) != 2 {
		t.Errorf("severity %+v", s.Severity)
	}
	if g := s.Glass[0]; len(g.Acts) != 1 || g.Review == nil || g.Review.Name != "Fay Nwosu" {
		t.Errorf("break-glass %+v", g)
	}
	if s.CustodianOf(hash("disk of the ticket server")) != "Fay Nwosu" || s.CustodianOf(hash("logs of the crane")) != "Crane Works, service desk" {
		t.Error("custody")
	}
	if len(s.Mismatches()) != 0 || s.HoldOn("", nil) != nil || s.PurgeOf(hash("logs of the crane")) == nil {
		t.Error("mismatch, hold or purge")
	}
	if p := s.Lanes[0].Data.Lane; !s.MemberOf(p, w.dora.ref.ID) || s.MemberOf(p, w.emil.ref.ID) {
		t.Error("lane")
	}
	if s.MarkOn(MarkEvidence, hash("disk of the ticket server")) != nil || s.MarkOn(MarkEntry, s.Marks[0].Data.Ref) == nil {
		t.Error("marks")
	}
	for _, e := range all {
		if text := Story(e, s); !strings.HasSuffix(text, ".") || strings.Contains(text, "%!") || (strings.Contains(text, string(e.Header.Kind)) && e.Header.Kind != EvidencePurged) {
			t.Errorf("%s: %s", e.Header.Kind, text)
		}
	}
	for _, reader := range []*signer{w.dora, w.fay} {
		if n, err := openBox(reader, w.words); err != nil || n.Text != "We should not answer before Monday." {
			t.Errorf("%s cannot read the box: %v", reader.ref.Name, err)
		}
	}
	if _, err := openBox(w.emil, w.words); err == nil {
		t.Error("the box opens for somebody outside the lane")
	}
}
