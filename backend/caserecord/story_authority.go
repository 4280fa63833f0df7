package caserecord

import (
	"fmt"
	"strings"
)

func exported(d *BundleExportedData) string {
	what := map[string]string{"": "a copy", "plain": "a plain copy", "parcel": "an encrypted copy", "extract": "an extract"}[d.Form]
	text := fmt.Sprintf("exported %s of %s", what, counted(d.Entries, "entry", "entries"))
	if d.Evidence > 0 {
		text += " with " + counted(d.Evidence, "evidence item", "evidence items")
	}
	if d.Withheld > 0 {
		text += ", " + counted(d.Withheld, "body", "bodies") + " left out,"
	}
	return text + because(" to ", d.To, "")
}

// deedOfAuthority tells the kinds of content_authority.go.
func deedOfAuthority(c Content, s *State) string {
	switch d := c.(type) {
	case *RoleDelegatedData:
		what := "everything of it that can be lent"
		if len(d.Scope) > 0 {
			words := make([]string, len(d.Scope))
			for i, k := range d.Scope {
				words[i] = string(k)
			}
			what = strings.Join(words, ", ") + " entries"
		}
		return fmt.Sprintf("lent the role %s to %s from %s until %s, for %s: %s", d.Role.Title(), s.named(d.Person), d.From, d.To, what, d.Why)
	case *SuccessionSetData:
		return fmt.Sprintf("set who takes the role %s when its holder is missing: %s", d.Role.Title(), or(s.namedAll(d.Order, ", then "), "nobody"))
	case *RoleAssumedData:
		if len(d.Absent) == 0 {
			return fmt.Sprintf("took over the role %s, which nobody held: %s", d.Role.Title(), d.Why)
		}
		return fmt.Sprintf("took over the role %s, since %s could not be reached: %s", d.Role.Title(), s.namedAll(d.Absent, " and "), d.Why)
	case *GlassBrokenData:
		return fmt.Sprintf("broke the glass: took the role %s until %s in an emergency: %s", d.Role.Title(), d.To, d.Why)
	case *GlassReviewedData:
		verdict := map[Review]string{ReviewUpheld: "upheld", ReviewNotUpheld: "did not uphold"}[d.Outcome]
		return fmt.Sprintf("reviewed the break-glass %s%s and %s it: %s", short(string(d.Entry)), because(" of ", s.authorName(d.Entry), ""), verdict, d.Why)
	case *AuthorityChangedData:
		roles := make([]string, len(d.Roles))
		for i, r := range d.Roles {
			roles[i] = r.Title()
		}
		text := fmt.Sprintf("changed who may write %s entries%s to %s", d.Of, because(" (", string(d.Class), ")"), strings.Join(roles, " or "))
		if d.TwoPerson {
			text += ", with a second person's signature"
		}
		return text + because(": ", d.Why, "")
	case *ActCosignedData:
		return fmt.Sprintf("signed as second person under entry %s%s", short(string(d.Entry)), because(" of ", s.authorName(d.Entry), ""))
	case *EntryAdmittedData:
		return fmt.Sprintf("admitted entry %s, which had been set aside: %s", short(string(d.Entry)), d.Why)
	case *KeyRevokedData:
		return fmt.Sprintf("revoked the key %s of %s: %s", KeyCode(d.Key), s.named(d.Person), d.Why)
	case *ConflictResolvedData:
		return fmt.Sprintf("settled the conflict about %s in favour of entry %s%s: %s", fieldWords(d.Field), short(string(d.Chosen)), because(" of ", s.authorName(d.Chosen), ""), d.Reason)
	}
	return ""
}

// deedOfCustody tells the kinds of content_custody.go.
func deedOfCustody(c Content, s *State) string {
	switch d := c.(type) {
	case *CustodyGivenData:
		how := "handed"
		if d.To != "" {
			how = "offered"
		}
		return fmt.Sprintf("%s %s to %s%s at %s on %s: %s", how, counted(len(d.Items), "evidence item", "evidence items"), d.Receiver,
			because(" of ", d.Organisation, ""), d.Place, d.At, d.Purpose)
	case *CustodyTakenData:
		verb := "refused to take over"
		if d.Accepted {
			verb = "took over"
		}
		what := "what entry " + short(string(d.Transfer)) + " offered"
		if t := s.Transfer(d.Transfer); t != nil {
			what = counted(len(t.Data.Items), "evidence item", "evidence items") + " from " + t.Name
		}
		return fmt.Sprintf("%s %s at %s on %s: %s", verb, what, d.Place, d.At, d.Condition)
	case *EvidenceCheckedData:
		text := fmt.Sprintf("hashed %s again: %d the same", counted(d.Items, "item", "items"), d.Same)
		if len(d.Altered) > 0 {
			text += fmt.Sprintf(", %d altered", len(d.Altered))
		}
		if len(d.Absent) > 0 {
			text += fmt.Sprintf(", %d not at hand", len(d.Absent))
		}
		return text
	case *MismatchExplainedData:
		return fmt.Sprintf("explained why evidence %s is not what was taken in: %s", short(d.SHA256), d.Text)
	case *EvidencePurgedData:
		return fmt.Sprintf("deleted the bytes of evidence %s: %s", short(d.SHA256), d.Why)
	case *HoldPlacedData:
		what := "the whole case"
		if len(d.Items) > 0 {
			what = counted(len(d.Items), "evidence item", "evidence items")
		}
		return fmt.Sprintf("placed a legal hold on %s for %s: %s", what, d.Matter, d.Why)
	case *HoldReleasedData:
		matter := ""
		for _, h := range s.Holds {
			if h.Entry == d.Hold {
				matter = h.Data.Matter
			}
		}
		return fmt.Sprintf("released the legal hold %s%s: %s", short(string(d.Hold)), because(" for ", matter, ""), d.Why)
	}
	return ""
}

// deedOfPrivilege tells the kinds of content_privilege.go and content_witness.go.
func deedOfPrivilege(c Content, s *State) string {
	switch d := c.(type) {
	case *LaneOpenedData:
		return fmt.Sprintf("opened the privileged lane %q for %s: %s", d.Name, s.namedAll(d.Members, " and "), d.Direction)
	case *LaneChangedData:
		return fmt.Sprintf("set the members of the privileged lane %q to %s: %s", s.laneName(d.Lane), s.namedAll(d.Members, " and "), d.Why)
	case *WordsSealedData:
		return fmt.Sprintf("wrote into the privileged lane %q (%s), sealed for %s", s.laneName(d.Lane), d.Track, counted(len(d.To), "key", "keys"))
	case *PrivilegeMarkedData:
		return fmt.Sprintf("marked %s %s as belonging to the privileged lane %q (%s): %s", d.Of, short(d.Ref), s.laneName(d.Lane), d.Track, d.Basis)
	case *PrivilegeLiftedData:
		return fmt.Sprintf("took the privilege mark off %s %s: %s", d.Of, short(d.Ref), d.Why)
	case *CheckpointMadeData:
		return fmt.Sprintf("signed a checkpoint over their first %s", counted(d.Size, "entry", "entries"))
	case *WitnessReceivedData:
		how := map[WitnessHow]string{WitnessPaper: "a slip signed", WitnessCosignature: "a checkpoint cosigned", WitnessTimestamp: "a time stamp made"}[d.How]
		return fmt.Sprintf("took in %s by %s at %s for the case head %s", how, d.By, d.At, HeadCode(d.Head))
	case *SlotsChangedData:
		return "changed what opens the case on this laptop: " + d.What
	}
	return ""
}

// namedAll joins names; last stands before the last of them when that is an "and", else between all.
func (s *State) namedAll(people []PersonID, last string) string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = s.named(p)
	}
	if last != " and " || len(names) < 2 {
		return strings.Join(names, last)
	}
	return strings.Join(names[:len(names)-1], ", ") + last + names[len(names)-1]
}

// authorName is the name of an accepted entry's author, "" when it is not known.
func (s *State) authorName(id ID) string { return s.nameOf(s.authorOf(id)) }

// fieldWords shortens the hash in a field's name.
func fieldWords(field string) string {
	what, ref, ok := strings.Cut(field, " ")
	if !ok {
		return "the " + what
	}
	if isHex(ref, 64) || isHex(ref, 32) {
		ref = short(ref)
	}
	return "the " + what + " of " + ref
}

func (s *State) laneName(lane string) string {
	if l := s.Lane(lane); l != nil {
		return l.Data.Name
	}
	return short(lane)
}
