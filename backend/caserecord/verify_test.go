package caserecord

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/incident"
)

// codes lists the codes of a report that concern an entry ("" for all), without repeats.
func codes(r Report, id ID) []Code {
	var out []Code
	for _, p := range r.Problems {
		if (id == "" || p.Entry == string(id)) && !slices.Contains(out, p.Code) {
			out = append(out, p.Code)
		}
	}
	return out
}

// TestVerifyGood: a sound case is consistent, and good with a head or the opener's key from elsewhere.
func TestVerifyGood(t *testing.T) {
	ada, ben, _ := fullCase(t)
	all := ada.log.Entries()
	r := Verify(all)
	if r.Verdict != VerdictConsistent || r.Anchored || r.ExitCode() != 0 || r.Entries != 28 || r.Authors != 3 || len(r.Problems) != 0 || r.Head != ada.log.Head() {
		t.Fatalf("%+v", r)
	}
	early := NewLog(all[:9]...).Head() // as printed on a paper of an earlier hour
	for name, a := range map[string]Anchors{
		"head":             {Head: r.Head},
		"head code":        {Head: r.HeadCode},
		"head code, typed": {Head: strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(r.HeadCode, "0", "O"), "-", " "))},
		"earlier head":     {Head: HeadCode(early)},
		"opener's key":     {Keys: []string{string(ada.ref.Key)}},
		"fingerprints":     {Keys: []string{KeyCode(ben.ref.Key), KeyCode(ada.ref.Key)}},
	} {
		if r := VerifyAgainst(all, a, nil); r.Verdict != VerdictGood || !r.Anchored || len(r.Problems) != 0 {
			t.Errorf("%s: %s %v", name, r.Verdict, r.Problems)
		}
	}
	if r := VerifyAgainst(all, Anchors{Keys: []string{KeyCode(ben.ref.Key)}}, nil); r.Anchored || r.Verdict != VerdictConsistent {
		t.Errorf("a key that did not open the case anchors: %s", r.Verdict)
	}
	for name, a := range map[string]Anchors{
		"other head": {Head: hash("other")}, "nonsense": {Head: "abc"}, "other key": {Keys: []string{hash("other")}}, "empty key": {Keys: []string{""}},
	} {
		if r := VerifyAgainst(all, a, nil); r.ExitCode() != 1 || r.Anchored {
			t.Errorf("%s: %s", name, r.Verdict)
		}
	}
}

// TestVerifyDropped drops every entry in turn: the record is incomplete and the missing entry is named, save for the
// last of a chain that nobody has seen, which only a head from elsewhere can show.
func TestVerifyDropped(t *testing.T) {
	ada, _, _ := fullCase(t)
	all := ada.log.Entries()
	head := ada.log.Head()
	for i, e := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		r := Verify(rest)
		if i == len(all)-1 {
			if r := VerifyAgainst(rest, Anchors{Head: head}, nil); r.ExitCode() != 1 || !slices.Contains(codes(r, ""), CodeAnchorHead) {
				t.Errorf("the last entry: %s %v", r.Verdict, r.Problems)
			}
			continue
		}
		if got := codes(r, e.ID); r.ExitCode() != 3 || len(got) == 0 {
			t.Errorf("entry %d (%s): %s %v", i, e.Header.Kind, r.Verdict, r.Problems)
		}
	}
}

// TestVerifyTampered changes bytes under a parsed entry, as memory or a hostile reader could: Verify believes bytes only.
func TestVerifyTampered(t *testing.T) {
	ada, _, _ := fullCase(t)
	for i := range ada.log.Entries() {
		all := slices.Clone(ada.log.Entries())
		e := &all[i]
		e.held = pack(e.signature(), bytes.Replace(e.Body(), []byte(`"data"`), []byte(`"dAta"`), 1))
		if r := Verify(all); r.ExitCode() != 1 || !slices.Contains(codes(r, e.ID), CodeBodyHash) {
			t.Errorf("body of %s: %v", e.Header.Kind, r.Problems)
		}
		all = slices.Clone(ada.log.Entries())
		e = &all[i]
		e.held = bytes.Clone(e.held)
		e.held[20] ^= 1 // inside the signature
		if r := Verify(all); r.ExitCode() != 1 || !slices.Contains(codes(r, e.ID), CodeSignature) && !slices.Contains(codes(r, e.ID), CodeForm) {
			t.Errorf("signature of %s: %v", e.Header.Kind, r.Problems)
		}
	}
}

// TestVerifyEquivocation: a restored backup signs a second history. Both entries are named, nothing is repaired.
func TestVerifyEquivocation(t *testing.T) {
	ada, ben, _ := team(t)
	h, err := ben.log.Next(ben.ref.Key, ben.now)
	if err != nil {
		t.Fatal(err)
	}
	one, two := ben.seal(h, note("one")), ben.seal(h, note("two"))
	ada.take(ben)
	r := Verify(ada.log.Entries())
	if r.Verdict != VerdictEquivocation || r.ExitCode() != 4 || !slices.Equal(codes(r, one.ID), []Code{CodeEquivocation}) || !slices.Equal(codes(r, two.ID), []Code{CodeEquivocation}) {
		t.Fatalf("%s %v", r.Verdict, r.Problems)
	}
	if s := Fold(ada.log.Entries()); len(s.Notes) != 2 {
		t.Errorf("a word was lost: %v", s.Notes)
	}
	if _, err := ada.log.Next(ben.ref.Key, ben.now); err == nil {
		t.Error("a forked key may sign again")
	}
	if _, err := ada.log.Next(ada.ref.Key, ada.now); err != nil {
		t.Errorf("others cannot go on: %v", err)
	}
	// Incomplete and equivocation: 4 before 3. Damage before both.
	some := slices.DeleteFunc(slices.Clone(ada.log.Entries()), func(e Entry) bool { return e.Header.Kind == RoleGranted })
	if r := Verify(some); r.ExitCode() != 4 || !slices.Contains(codes(r, ""), CodeMissingSeen) {
		t.Errorf("with a gap: %s %v", r.Verdict, r.Problems)
	}
	some[0].held = pack(some[0].signature(), bytes.Replace(some[0].Body(), []byte("Harbour"), []byte("Harbinger"), 1))
	if r := Verify(some); r.ExitCode() != 1 {
		t.Errorf("with damage: %s", r.Verdict)
	}
}

// TestVerifyForeign: entries of another case, of the other mode, by strangers, with crooked links.
func TestVerifyForeign(t *testing.T) {
	ada, ben, _ := team(t)
	other := newSigner(t, "Other")
	foreign := other.open(incident.ModeExercise)
	h, err := ben.log.Next(ben.ref.Key, ben.now)
	if err != nil {
		t.Fatal(err)
	}
	try := func(name string, change func(*Header), want Code) {
		crooked := h
		crooked.Seen = map[Author]ID{}
		for a, id := range h.Seen {
			crooked.Seen[a] = id
		}
		change(&crooked)
		by := ben
		if crooked.Author == other.ref.Key {
			by = other
		}
		e, err := Seal(crooked, note(name), by.nextSalt(), by.sign)
		if err != nil {
			t.Fatal(err)
		}
		r := Verify(append(slices.Clone(ada.log.Entries()), e))
		if !slices.Contains(codes(r, e.ID), want) {
			t.Errorf("%s: %v", name, r.Problems)
		}
		if want.weight() == weightDamaged && r.ExitCode() != 1 {
			t.Errorf("%s: %s", name, r.Verdict)
		}
	}
	try("live among exercise", func(h *Header) { h.Mode = incident.ModeLive }, CodeModeMix)
	try("another case", func(h *Header) { h.Case = foreign.Header.Case }, CodeWrongCase)
	try("number skipped", func(h *Header) { h.Seq, h.Prev = 3, h.Seen[ada.ref.Key] }, CodeChain)
	try("seen under another name", func(h *Header) { h.Seen[newSigner(t, "x").ref.Key] = h.Seen[ada.ref.Key] }, CodeChain)
	try("stranger", func(h *Header) { h.Author = other.ref.Key }, CodeUnknownAuthor)
	try("clock backwards", func(h *Header) { h.Recorded = start.AddDate(0, -1, 0) }, CodeClockBackwards)

	r := Verify(append(slices.Clone(ada.log.Entries()), foreign))
	if r.ExitCode() != 1 || !slices.Equal(codes(r, foreign.ID), []Code{CodeWrongCase}) || r.Case != ada.log.Case() {
		t.Errorf("opening of another case: %v", r.Problems)
	}
	second, err := Seal(Header{Mode: incident.ModeExercise, Author: ada.ref.Key, Seq: 1, Recorded: start}, &CaseOpenedData{Name: "Twice", TLP: incident.TLPRed, Zone: "UTC", Person: ada.ref}, saltOf(t, ada), ada.sign)
	if err != nil || second.Header.Case != ada.log.Case() {
		t.Fatal(err)
	}
	r = Verify(append(slices.Clone(ada.log.Entries()), second))
	if got := codes(r, second.ID); r.ExitCode() != 1 || !slices.Contains(got, CodeEquivocation) {
		t.Errorf("opened twice: %v", r.Problems)
	}
	if _, err := Seal(Header{Case: ada.log.Case(), Mode: incident.ModeExercise, Author: other.ref.Key, Seq: 1, Recorded: start}, &CaseOpenedData{Name: "Mine", TLP: incident.TLPRed, Zone: "UTC", Person: other.ref}, other.nextSalt(), other.sign); err == nil {
		t.Error("somebody else opened the same case id")
	}
}

// saltOf is the salt of the signer's opening.
func saltOf(t *testing.T, s *signer) (salt [16]byte) {
	again := newSigner(t, s.ref.Name)
	return again.nextSalt()
}

// TestVerifyWithheld: bodies may be missing; chains still verify and the rest says so.
func TestVerifyWithheld(t *testing.T) {
	ada, _, _ := fullCase(t)
	all := slices.Clone(ada.log.Entries())
	withheld := 0
	for i := range all {
		if all[i] = all[i].WithoutBody(); all[i].Withheld() {
			withheld++
		}
	}
	r := VerifyAgainst(all, Anchors{Head: ada.log.Head()}, nil)
	if r.Verdict != VerdictGood || r.Withheld != withheld || withheld != 22 || !slices.Equal(codes(r, ""), []Code{CodeWithheld}) {
		t.Errorf("%s, %d of %d withheld, %v", r.Verdict, r.Withheld, withheld, codes(r, ""))
	}
	s := Fold(all)
	for _, e := range all {
		if text := Story(e, s); strings.Contains(text, "%!") {
			t.Error(text)
		}
	}
	if l := NewLog(all...); l.Union(ada.log) != 0 || Fold(l.Entries()).Withheld != 0 {
		t.Error("bodies that come back are not filled in")
	}
}

// TestVerifyEmpty: nothing proves nothing.
func TestVerifyEmpty(t *testing.T) {
	if r := Verify(nil); r.Verdict != VerdictIncomplete || r.Problems == nil {
		t.Errorf("%+v", r)
	}
}

// TestTooManyAuthors bounds the keys of a case, and the cost of judging them.
func TestTooManyAuthors(t *testing.T) {
	ada := newSigner(t, "Ada Lind")
	ada.open(incident.ModeExercise)
	all := ada.log.Entries()
	for i := range MaxAuthors + 5 {
		s := newSigner(t, string(rune('a'+i%26))+hash(i))
		e, err := Seal(Header{Case: ada.log.Case(), Mode: incident.ModeExercise, Author: s.ref.Key, Seq: 1, Recorded: start, Seen: map[Author]ID{ada.ref.Key: all[0].ID}}, note("x"), s.nextSalt(), s.sign)
		if err != nil {
			t.Fatal(err)
		}
		all = append(slices.Clone(all), e)
	}
	n := 0
	for _, r := range Fold(all).Refused {
		if r.Code == CodeTooMany {
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d set aside as too many", n)
	}
}

// TestHeadCode checks the code against its definition and how people type it.
func TestHeadCode(t *testing.T) {
	if got := HeadCode(strings.Repeat("0", 64)); got != "00000-00000-00000-00000" {
		t.Error(got)
	}
	if got := HeadCode("f83e0f83e0" + strings.Repeat("f", 54)); got != "Z0Z0Z-0Z0ZZ-ZZZZZ-ZZZZZ" {
		t.Error(got)
	}
	if HeadCode("abc") != "" || KeyCode("abc") != "" {
		t.Error("a code for nonsense")
	}
	if c, ok := normalCode("ooooo-iiiii lllll00000"); !ok || c != "00000-11111-11111-00000" {
		t.Error(c, ok)
	}
	if _, ok := normalCode("U0000-00000-00000-00000"); ok {
		t.Error("U is no digit")
	}
}
