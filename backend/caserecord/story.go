package caserecord

import (
	"fmt"
	"strings"
	"unicode"
)

// Story says an entry in one plain sentence, for the record view and for papers. Names come from the state.
func Story(e Entry, s *State) string {
	who := "An unknown key (" + KeyCode(e.Header.Author) + ")"
	if p, ok := s.PersonOf(e.Header.Author); ok {
		who = p.Name
	}
	if e.content == nil {
		return shown(fmt.Sprintf("%s signed a %s entry whose words are withheld here.", who, e.Header.Kind))
	}
	text := Deed(e.content, who, s)
	for _, r := range s.Refused {
		if r.Entry == e.ID {
			text += " Set aside: " + shown(r.Text) + "."
		}
	}
	return text
}

// Deed says in one plain sentence what a person does who signs this content: what a confirm dialog shows before, and the
// record tells afterwards.
func Deed(c Content, who string, s *State) string {
	if a, ok := c.(acting); ok && a.actingRole() != "" {
		who += ", as " + a.actingRole().Title() + ","
	}
	return shown(who + " " + strings.TrimSuffix(deed(c, s), ".") + ".")
}

// shown names the characters that print nothing or turn the direction of reading: a sentence that a person signs under, or
// reads in a paper, must not say something else than its bytes. Line feeds of notes stay.
func shown(text string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) && r != '\n' }
	if strings.IndexFunc(text, odd) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if odd(r) {
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// deed is the predicate of the sentence.
func deed(c Content, s *State) string {
	switch d := c.(type) {
	case *CaseOpenedData:
		return fmt.Sprintf("opened the case %q (%s) and became Incident Commander", d.Name, d.TLP)
	case *PersonAdmittedData:
		if p := s.Person(d.Person.ID); p != nil && p.Keys[0] != d.Person.Key {
			return fmt.Sprintf("admitted another key of %s: %s", p.Name, KeyCode(d.Person.Key))
		}
		return fmt.Sprintf("admitted %s with the key %s", d.Person.Name, KeyCode(d.Person.Key))
	case *RoleGrantedData:
		until := ""
		if d.To != "" {
			until = " until " + d.To
		}
		return fmt.Sprintf("gave %s the role %s from %s%s%s", s.named(d.Person), d.Role.Title(), d.From, until, because(" (", d.Scope, ")"))
	case *RoleEndedData:
		return fmt.Sprintf("ended the role %s of %s: %s", d.Role.Title(), s.named(d.Person), d.Why)
	case *ClockObservedData:
		return fmt.Sprintf("compared the laptop's clock with %s: %+.1f seconds%s", d.Reference, d.OffsetSeconds, because(" (", d.Note, ")"))
	case *BundleExportedData:
		return exported(d)
	case *MergeReceivedData:
		return fmt.Sprintf("took in the entries of another copy with %s", counted(len(d.Heads), "author", "authors"))
	case *CorrectionMadeData:
		return fmt.Sprintf("corrected entry %s: %s", short(string(d.Supersedes)), d.Text)
	case *NoteMadeData:
		return fmt.Sprintf("noted about %s: %s", or(d.About, "the case"), d.Text)
	}
	for _, f := range []func(Content, *State) string{deedOnEvidence, deedOfAuthority, deedOfCustody, deedOfPrivilege} {
		if text := f(c, s); text != "" {
			return text
		}
	}
	return deedOfDecision(c, s)
}

func deedOnEvidence(c Content, _ *State) string {
	switch d := c.(type) {
	case *EvidenceReceivedData:
		return fmt.Sprintf("took %s (%d bytes, SHA-256 %s) into custody, %s", d.Path, d.Bytes, short(d.SHA256), d.Kept)
	case *EvidenceImportedData:
		return fmt.Sprintf("imported %s: %s, %d records read, %d parsed, %s", d.Path, d.Status, d.Read, d.Parsed,
			counted(int(d.Warnings), "warning", "warnings"))
	case *SourceAssumedData:
		about := "every source without an own answer"
		if d.SHA256 != AllSources {
			about = "evidence " + short(d.SHA256)
		}
		return fmt.Sprintf("assumed for %s: %s (%s)", about, assumption(d), d.Basis)
	case *ImportUndoneData:
		return fmt.Sprintf("took the rows of %s out of the timeline: %s", counted(len(d.Imports), "import", "imports"), d.Why)
	case *LimitsSetData:
		return fmt.Sprintf("set the limits of taking in evidence to %s: %s", limitsText(d.Limits), d.Why)
	case *MappingSavedData:
		return fmt.Sprintf("saved the mapping %q", d.Name)
	case *RowTaggedData:
		return fmt.Sprintf("tagged %s with %q", counted(len(d.Rows), "row", "rows"), d.Tag)
	case *RowUntaggedData:
		return fmt.Sprintf("took the tag %q off %s", d.Tag, counted(len(d.Rows), "row", "rows"))
	case *EventPromotedData:
		return fmt.Sprintf("put %q at %s on the incident timeline, citing %s", d.Title, d.At, counted(len(d.Rows), "row", "rows"))
	case *DetectionRanData:
		return fmt.Sprintf("ran the rules %s: %d loaded, %d not applicable, %d failed, %s", d.Pack, d.Loaded, d.NotApplicable, d.Failed,
			counted(d.Findings, "finding", "findings"))
	case *ModelRanData:
		return fmt.Sprintf("had the model %s run %s: %s", or(d.Model, "(none)"), d.Function, d.Outcome)
	case *ModelSwitchedData:
		what := "the model"
		if d.Function != "" {
			what = "the model's " + d.Function
		}
		return fmt.Sprintf("switched %s %s%s", what, onOff(d.On), because(": ", d.Why, ""))
	}
	return ""
}

func deedOfDecision(c Content, s *State) string {
	switch d := c.(type) {
	case *VerdictGivenData:
		text := fmt.Sprintf("judged %q as %s", d.Title, d.Verdict)
		if d.Suggested != "" && d.Suggested != d.Verdict {
			text += fmt.Sprintf(" (suggested was %s)", d.Suggested)
		}
		return text + because(": ", d.Reason, "")
	case *SeverityDeclaredData:
		text := "declared the severity " + d.Level.String()
		if d.Suggested != 0 && d.Suggested != d.Level {
			text += fmt.Sprintf(" (suggested was %s)", d.Suggested)
		}
		return text + because(": ", d.Reason, "")
	case *DecisionMadeData:
		verb := map[Outcome]string{OutcomeAccept: "accepted", OutcomeOverride: "overrode", OutcomeReject: "rejected"}[d.Outcome]
		text := fmt.Sprintf("%s the recommendation %q by %s %s", verb, d.Recommended, d.RecommendedBy.Kind, d.RecommendedBy.Name)
		return text + because("; instead: ", d.Instead, "") + because(": ", d.Reason, "")
	case *TriggerDeclaredData:
		return fmt.Sprintf("declared %q at %s (%s): %s", d.Anchor, d.At, d.TZ, d.Basis)
	case *TriggerSubmittedData:
		return fmt.Sprintf("recorded that the %s stage of %s was submitted at %s", d.Stage, d.Regime, d.At)
	case *DocumentDraftedData:
		return fmt.Sprintf("drafted the %s %q", d.Class, d.Title)
	case *DocumentApprovedData:
		return "approved " + s.titled(d.Document)
	case *DocumentReleasedData:
		return fmt.Sprintf("released %s by %s to %s", s.titled(d.Document), d.Channel, d.To)
	}
	return "signed a " + string(c.Kind()) + " entry"
}

func assumption(d *SourceAssumedData) string {
	var parts []string
	if d.Zone != "" {
		parts = append(parts, "zone "+d.Zone)
	}
	if d.Year != 0 {
		parts = append(parts, fmt.Sprintf("year %d", d.Year))
	}
	if d.SkewSeconds != 0 {
		parts = append(parts, fmt.Sprintf("clock off by %+g s", d.SkewSeconds))
	}
	if len(d.Columns) > 0 {
		parts = append(parts, counted(len(d.Columns), "column", "columns")+" named")
	}
	if d.Mapping != "" {
		parts = append(parts, "a mapping of its fields")
	}
	return or(strings.Join(parts, ", "), "nothing beyond what it says itself")
}

func limitsText(limits map[string]int64) string {
	var parts []string
	for _, name := range sortedKeys(limits) {
		parts = append(parts, fmt.Sprintf("%s %d", name, limits[name]))
	}
	return or(strings.Join(parts, ", "), "the program's own")
}

func (s *State) named(p PersonID) string { return or(s.nameOf(p), "person "+short(string(p))) }

func (s *State) titled(document string) string {
	if d := s.Document(document); d != nil {
		return fmt.Sprintf("the %s %q", d.Draft.Data.Class, d.Draft.Data.Title)
	}
	return "document " + short(document)
}

func because(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + strings.TrimRight(text, ". ") + after
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// short is the beginning of an id, as shown beside a link to the whole.
func short(id string) string { return id[:min(12, len(id))] }
