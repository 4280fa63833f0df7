package view

import (
	"os"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// mirrored lists the types that stand in types.ts under the same name.
var mirrored = []any{
	RecentCase{}, Person{}, Start{}, RoleHeld{}, CaseView{}, Problem{}, Board{}, Link{}, BlindSpot{}, Sentence{}, Narrative{}, EvidenceItem{}, Job{}, Row{},
	TimelinePage{}, Histogram{}, Facet{}, RowDetail{}, PromotedEvent{}, Finding{}, DetectReport{}, Group{}, Factor{}, Recommendation{}, Decision{}, ReasonCode{},
	DecisionPreview{}, Clock{}, Anchor{}, Clocks{}, Paper{}, PaperDetail{}, PaperTemplate{}, RecordEntry{}, RecordPage{}, Verification{}, Answer{}, ModelStatus{},
	Then{}, VerdictCount{}, DecisionThen{}, TriggerThen{}, DocumentThen{}, PersonThen{}, Later{}, LaterFact{}, Axes{}, HourTick{}, AxisMark{},
	PersonInCase{}, HeldRole{}, HeldKey{}, Succession{}, People{}, MatrixRow{}, Authority{}, ToDo{}, Card{}, Slot{}, Origin{}, ActPreview{}, Signed{}, Transfer{}, Hold{}, Mismatch{}, LastCheck{}, Tombstone{}, Explained{}, Custody{}, EntryDetail{}, EntryWord{}, ConflictKnew{}, CopyPlan{}, CopyItem{}, CopyPaper{}, ExtractPlan{}, ImportPlan{}, Copies{}, CopyOut{}, CopyIn{}, MergePreview{}, MergeCount{}, MergeStory{}, MergePerson{}, MergeItem{}, Conflict{}, ConflictAnswer{}, SetAside{}, LaneWord{}, Lane{}, LaneMark{}, PrivilegeLine{}, Lanes{}, Witness{}, Checkpoint{}, SlipLine{},
}

// TestSameFieldsAsThePage compares the field names of both sides: a field that only one of them knows would show as
// undefined on the screen.
func TestSameFieldsAsThePage(t *testing.T) {
	raw, err := os.ReadFile("../../frontend/src/api/types.ts")
	if err != nil {
		t.Fatal(err)
	}
	page := interfaces(string(raw))
	for _, v := range mirrored {
		typ := reflect.TypeOf(v)
		want, ok := page[typ.Name()]
		if !ok {
			t.Errorf("types.ts has no interface %s", typ.Name())
			continue
		}
		var got []string
		for i := 0; i < typ.NumField(); i++ {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			got = append(got, name)
		}
		sort.Strings(got)
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s\n  go   %s\n  page %s", typ.Name(), strings.Join(got, " "), strings.Join(want, " "))
		}
	}
}

var (
	comment = regexp.MustCompile(`(?m)//.*$|/\*(?s:.*?)\*/`)
	head    = regexp.MustCompile(`export interface (\w+) \{`)
	field   = regexp.MustCompile(`^\s*(\w+)\??:`)
)

// interfaces reads the top-level field names of each interface.
func interfaces(src string) map[string][]string {
	src = comment.ReplaceAllString(src, "")
	out := map[string][]string{}
	for _, m := range head.FindAllStringSubmatchIndex(src, -1) {
		name := src[m[2]:m[3]]
		depth, from := 1, m[1]
		var names []string
		take := func(part string) {
			if f := field.FindStringSubmatch(part); f != nil {
				names = append(names, f[1])
			}
		}
		for i := m[1]; i < len(src) && depth > 0; i++ {
			switch src[i] {
			case '{', '(', '[', '<':
				depth++
			case ')', ']', '>':
				depth--
			case '}':
				if depth--; depth == 0 {
					take(src[from:i])
				}
			case ';', '\n':
				if depth == 1 {
					take(src[from:i])
					from = i + 1
				}
			}
		}
		sort.Strings(names)
		out[name] = names
	}
	return out
}
