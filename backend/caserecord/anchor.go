package caserecord

import (
	"fmt"
	"slices"
)

// anchorHead compares the head given with the record's head now and after every earlier entry: papers print the head
// they were written at, and the record grows on.
func (v *verifier) anchorHead(given string, r *Report) bool {
	if given == "" {
		return false
	}
	want, ok := normalCode(given)
	if !ok {
		v.add(CodeAnchorHead, "", "the head given is neither a code of %d digits nor a full hash", codeDigits)
		return false
	}
	if matches(want, r.Head) {
		r.Checked = append(r.Checked, "the head given is the head of this record")
		return true
	}
	if at := v.findHead(want); at >= 0 {
		later := 0
		for i := range v.g.entries {
			if i != at && !v.g.before(i, at) {
				later++
			}
		}
		r.Checked = append(r.Checked, fmt.Sprintf(
			"the head given is the head after entry %s; %d entries came later or from other copies, and the head says nothing about them", v.g.entries[at].ID, later))
		return true
	}
	v.add(CodeAnchorHead, "", "the head given is no head of this record, now or after any entry")
	return false
}

func matches(want, hash string) bool { return want == hash || want == HeadCode(hash) }

// findHead looks for the entry after which the record had this head, -1 when there is none.
func (v *verifier) findHead(want string) int {
	for i, head := range v.g.heads(v.s.Case.ID) {
		if matches(want, head) {
			return i
		}
	}
	return -1
}

// openingUnder finds the opening that a head from elsewhere stands on, where the record has more than one: whoever opened a
// case can sign another opening with an older time, and within the record nothing tells which was there first. "" when the
// head does not tell either.
func (v *verifier) openingUnder(given string) ID {
	var openings []int
	for i := range v.g.entries {
		if v.g.entries[i].Header.Kind == CaseOpened && v.g.entries[i].content != nil {
			openings = append(openings, i)
		}
	}
	want, ok := normalCode(given)
	if !ok || len(openings) < 2 {
		return ""
	}
	for at, head := range v.g.heads(mainCaseOf(v.g)) {
		if !matches(want, head) {
			continue
		}
		under := slices.DeleteFunc(openings, func(o int) bool { return o != at && !v.g.before(o, at) })
		if len(under) == 1 {
			return v.g.entries[under[0]].ID
		}
		break
	}
	return ""
}

// anchorKeys marks the signers that the verifying person knows. The record is anchored when the opener is among them,
// since every other key was admitted by a chain that starts there.
func (v *verifier) anchorKeys(given []string, r *Report) bool {
	anchored := false
	for _, g := range given {
		want, ok := normalCode(g)
		found := false
		for i := range r.Signers {
			s := &r.Signers[i]
			if ok && (want == string(s.Key) || want == s.Code) {
				found, s.Given = true, true
				opener := v.s.Case.Creator != "" && s.Key == v.opener()
				anchored = anchored || opener
				what := "the key given " + s.Code + " signed entries here as " + s.Person
				if opener {
					what += " and opened the case"
				}
				r.Checked = append(r.Checked, what)
			}
		}
		if !found {
			v.add(CodeAnchorKey, "", "the key given (%.80q) signed nothing in this record", g)
		}
	}
	return anchored
}

// opener is the key that opened the case.
func (v *verifier) opener() Author {
	if i, ok := v.g.index[v.s.Case.Entry]; ok {
		return v.g.entries[i].Header.Author
	}
	return ""
}
