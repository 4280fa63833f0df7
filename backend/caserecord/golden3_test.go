package caserecord

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// fullCase3 is the third published case: the kinds and fields of taking in evidence that came with part 3.
func fullCase3(t testing.TB) *signer {
	gus := newSigner(t, "Gus Wren")
	opening(gus, "Water works")
	logs := hash("export of the pumps")
	mapping := `{"v":1,"time":["when"]}`
	gus.write(&EvidenceReceivedData{SHA256: logs, Path: "pumps.csv", Bytes: 4096, Kept: KeptSealed, Custodian: "Pump house", Source: "historian", Why: "pressure dropped", Acquired: "2026-03-04T05:00:00Z", AcquiredZone: "Europe/Lisbon"})
	wrong := gus.write(&EvidenceImportedData{SHA256: logs, Path: "pumps.csv", Format: "csv", ParserVersion: "1", Status: "partial", Read: 10, Parsed: 9, Skipped: []Skipped{{"impossible time", 1}}, Absent: []string{"pumps.csv.1 between pumps.csv and pumps.csv.2"}})
	gus.write(&ImportUndoneData{Imports: []ID{wrong.ID}, Why: "day and month were the wrong way round"})
	gus.write(&MappingSavedData{Name: "historian", Mapping: mapping})
	gus.write(&SourceAssumedData{SHA256: logs, Zone: "Europe/Lisbon", Mapping: mapping, Basis: "the manual of the historian, page 12"})
	gus.write(&EvidenceImportedData{SHA256: logs, Path: "pumps.csv", Format: "csv", ParserVersion: "1", Status: "ok", Read: 10, Parsed: 10})
	gus.write(&LimitsSetData{Limits: map[string]int64{"max_depth": 7, "max_members": 2000}, Why: "the collector nests its archives"})
	return gus
}

// TestOldBytesPart3 does for the third case what TestOldBytes does for the first: bytes, ids, state, story.
func TestOldBytesPart3(t *testing.T) {
	var now bytes.Buffer
	for _, e := range fullCase3(t).log.Entries() {
		now.Write(e.Line())
		now.WriteByte('\n')
		now.Write(e.Body())
		now.WriteByte('\n')
	}
	published(t, "entries-v1-part3.txt", now.Bytes())
	entries := readGolden(t, "entries-v1-part3.txt")
	s := Fold(entries)
	if r := Verify(entries); len(entries) != 8 || r.ExitCode() != 0 || len(r.Problems) != 0 {
		t.Fatalf("%d entries, %s %v", len(entries), r.Verdict, r.Problems)
	}
	it := s.Item(hash("export of the pumps"))
	if u := s.Undone(it, it.Imports[0].Entry); u == nil || u.Data.Why == "" || s.Undone(it, it.Imports[1].Entry) != nil {
		t.Errorf("undone: %+v", it.Undone)
	}
	if s.LimitsNow().Data.Limits["max_depth"] != 7 || s.MappingNamed("historian").Data.Mapping != s.AssumptionFor(it.SHA256).Data.Mapping || s.MappingNamed("other") != nil {
		t.Errorf("limits %v, mappings %v", s.Limits, s.Mappings)
	}
	var ids, story strings.Builder
	for _, e := range entries {
		ids.WriteString(string(e.ID) + " " + string(e.Header.Kind) + "\n")
		story.WriteString(Story(e, s) + "\n")
	}
	ids.WriteString("head " + s.Head + "\n")
	published(t, "ids-v1-part3.txt", []byte(ids.String()))
	state, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "state-v1-part3.json", append(state, '\n'))
	golden(t, "story-v1-part3.txt", []byte(story.String()))
}
