package caserecord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/incident"
)

// badVector is a file of lines as a bundle has them (record-format.md §7), what was done to it, and what a verifier has to
// say of it: all codes with their entries, and no more. Some are not bad at all: they show where nothing can be said.
type badVector struct {
	name, what string
	lines      [][]byte
	want       []Problem
}

// fileLine is a line of entries.jsonl.
func fileLine(id ID, envelope, body []byte) []byte {
	b := fmt.Appendf(nil, `{"id":"%s","envelope":%s,"body":`, id, envelope)
	if body == nil {
		return append(b, "null}"...)
	}
	return fmt.Appendf(b, `"%s"}`, b64.EncodeToString(body))
}

func lineOf(e Entry) []byte { return fileLine(e.ID, e.Line(), e.Body()) }

func linesOf(entries []Entry) (out [][]byte) {
	for _, e := range entries {
		out = append(out, lineOf(e))
	}
	return out
}

// small is a case of eleven entries by three people, the last two without having seen each other.
func small(t testing.TB) (ada, ben, cy *signer, all []Entry) {
	ada, ben, cy = team(t)
	ben.write(&EvidenceReceivedData{SHA256: hash("x"), Path: "a.log", Bytes: 3, Kept: KeptSealed, Custodian: "Ben Okafor", Source: "FS01", Why: "asked for"})
	ben.write(note("the pump room door was open"))
	cy.take(ben)
	cy.write(note("I have read the log"))
	ada.take(cy)
	ada.write(severity(incident.SeverityHigh, ic))
	ben.now = ada.now
	ben.write(note("it was closed again at noon"))
	ada.write(note("nobody saw Ben since"))
	l := NewLog(ada.log.Entries()...)
	l.Union(ben.log)
	return ada, ben, cy, l.Entries()
}

// badVectors makes them all. They are the same bytes in every run.
func badVectors(t testing.TB) (out []badVector) {
	add := func(name, what string, lines [][]byte, want ...Problem) {
		out = append(out, badVector{name, what, lines, want})
	}
	is := func(c Code, entry any) Problem { return Problem{Code: c, Entry: fmt.Sprint(entry)} }
	ada, ben, cy, all := small(t)
	good := linesOf(all)
	without := func(n ...int) (lines [][]byte) {
		for i, l := range good {
			if !slices.Contains(n, i) {
				lines = append(lines, l)
			}
		}
		return lines
	}
	with := func(n int, line []byte) [][]byte { l := slices.Clone(good); l[n] = line; return l }
	at := func(k Kind, nth int) int {
		for i, e := range all {
			if e.Header.Kind == k {
				if nth--; nth < 0 {
					return i
				}
			}
		}
		t.Fatalf("no %s", k)
		return 0
	}
	notes := []int{at(NoteMade, 0), at(NoteMade, 1), at(NoteMade, 2), at(NoteMade, 3)}
	received := at(EvidenceReceived, 0)

	add("good", "nothing was changed", good)
	badLines(t, add, is, all, notes, with)
	badBodies(t, add, is)
	badHeaders(t, add, is)

	// Entries left out, repeated, moved.
	add("drop-middle", "an entry that its author's next one names is missing", without(received), is(CodeGap, all[received].ID))
	add("drop-seen", "the last entry of a key that others had seen is missing", without(notes[1]), is(CodeMissingSeen, all[notes[1]].ID))
	add("drop-end", "the last entry of the record is missing, which nobody had seen: nothing shows without a head", without(len(all)-1))
	add("drop-opening", "the opening is missing", without(0), is(CodeGap, all[0].ID), is(CodeNoOpening, ""))
	lost := []Problem{is(CodeGap, all[1].ID)} // with the gap nothing of Ada's has the opening in its past any more
	for _, e := range all[2:] {
		lost = append(lost, is(map[bool]Code{true: CodeNotYetAdmitted, false: CodeAuthorUnproven}[e.Header.Author == ada.ref.Key], e.ID))
	}
	add("drop-admission", "the admission of Ben's key is missing", without(1), lost...)
	add("repeat", "an entry stands twice", append(slices.Clone(good), good[notes[0]]), is(CodeDuplicate, all[notes[0]].ID))
	swapped := slices.Clone(good)
	swapped[received], swapped[notes[0]] = swapped[notes[0]], swapped[received]
	add("swap", "an entry stands before one that it had seen", swapped, is(CodeOrder, all[notes[0]].ID))
	tied := slices.Clone(good)
	slices.Reverse(tied[len(tied)-2:])
	add("swap-concurrent", "two entries that have not seen each other are exchanged", tied, is(CodeOrder, all[len(all)-1].ID))

	// Signatures and keys.
	payload := payloadOf(t, all[notes[0]])
	other := newSigner(t, "Mallory")
	forged := envelope(other, payload)
	forged = bytes.Replace(forged, []byte(other.ref.Key), []byte(ben.ref.Key), 1)
	add("signed-by-another", "the signature of an entry is by another key", with(notes[0], fileLine(all[notes[0]].ID, forged, all[notes[0]].Body())), is(CodeSignature, all[notes[0]].ID))
	add("keyid-of-another", "the envelope names another key than the header", with(notes[0], fileLine(all[notes[0]].ID, envelope(other, payload), all[notes[0]].Body())), is(CodeForm, all[notes[0]].ID))
	stranger := sealAt(t, other, all, Header{Seq: 1}, note("let me in"))
	add("stranger", "a key that nobody admitted signs properly", append(slices.Clone(good), lineOf(stranger)), is(CodeUnknownAuthor, stranger.ID))
	renamed := bytes.ReplaceAll(payload, []byte(ben.ref.Key), []byte(other.ref.Key))
	claimed := idOf(pae(renamed))
	add("resigned", "an entry in the middle is signed anew by somebody else under their own key",
		with(notes[0], fileLine(claimed, envelope(other, renamed), all[notes[0]].Body())), is(CodeMissingSeen, all[notes[0]].ID), is(CodeChain, claimed))

	badLinks(t, add, is)
	badAuthority(t, add, is)

	// Withheld bodies are told, not held against the record.
	add("withheld", "the body of a note is not here", with(notes[0], fileLine(all[notes[0]].ID, all[notes[0]].Line(), nil)), is(CodeWithheld, all[notes[0]].ID))
	add("withheld-opening", "the body of the opening is not here, which no writer leaves out", with(0, fileLine(all[0].ID, all[0].Line(), nil)), is(CodeNoOpening, ""), is(CodeWithheld, all[0].ID))

	// What no verifier can see without something from elsewhere.
	eve, fin := newSigner(t, "Ada Lind again"), newSigner(t, "Ben Okafor again")
	eve.ref.ID, eve.ref.Name, fin.ref.ID, fin.ref.Name = ada.ref.ID, ada.ref.Name, ben.ref.ID, ben.ref.Name
	eve.open(incident.ModeExercise)
	eve.admit(fin)
	eve.grant(fin, responder)
	fin.take(eve)
	fin.write(note("the pump room door was closed"))
	eve.take(fin)
	add("rewritten", "the whole record was made anew under other keys: only a head or a key from elsewhere shows it", linesOf(eve.log.Entries()))
	odd := newSigner(t, "Ada \u202edniL\u2066 \u200b(commander)")
	odd.open(incident.ModeExercise)
	add("bidi-name", "a name with characters that turn the direction of text: the record is sound, whoever shows it escapes them", linesOf(odd.log.Entries()))
	_ = cy
	badLoans(t, add, is)
	return out
}

// sealAt seals an entry that has seen all the others, as h says otherwise.
func sealAt(t testing.TB, s *signer, all []Entry, h Header, c Content) Entry {
	l := NewLog(all...)
	next, err := l.Next(s.ref.Key, s.now)
	if err != nil {
		t.Fatal(err)
	}
	h.Case, h.Author = or(h.Case, next.Case), s.ref.Key
	if h.Mode == "" {
		h.Mode = next.Mode
	}
	if h.Recorded.IsZero() {
		h.Recorded = all[len(all)-1].Header.Recorded
	}
	if h.Seq == 0 {
		h.Seq, h.Prev = next.Seq, next.Prev
	}
	if h.Seen == nil {
		h.Seen = next.Seen
	}
	e, err := Seal(h, c, s.nextSalt(), s.sign)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func payloadOf(t testing.TB, e Entry) []byte {
	payload, _, _, err := splitEnvelope(e.Line())
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// TestBadVectors writes them with -update where they are absent, and holds this program to them otherwise. That a whole
// verifier says what the index says is in second_test.go, for this one and the one in Python.
func TestBadVectors(t *testing.T) {
	type listed struct {
		File     string `json:"file"`
		What     string `json:"what"`
		Problems []struct {
			Code  Code   `json:"code"`
			Entry string `json:"entry"`
		} `json:"problems"`
	}
	var index []listed
	seen := map[string]bool{}
	for _, v := range badVectors(t) {
		if seen[v.name] {
			t.Fatalf("two vectors are called %s", v.name)
		}
		seen[v.name] = true
		text := append(bytes.Join(v.lines, []byte("\n")), '\n')
		if v.name == "no-end" {
			text = text[:len(text)-1]
		}
		published(t, "../bad/"+v.name+".jsonl", text)
		l := listed{File: v.name + ".jsonl", What: v.what}
		for _, p := range v.want {
			l.Problems = append(l.Problems, struct {
				Code  Code   `json:"code"`
				Entry string `json:"entry"`
			}{p.Code, p.Entry})
		}
		index = append(index, l)
	}
	b, err := json.MarshalIndent(index, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	published(t, "../bad/index.json", append(bytes.ReplaceAll(b, []byte(`"problems": null`), []byte(`"problems": []`)), '\n'))
	files, err := filepath.Glob("testdata/bad/*.jsonl")
	if err != nil || len(files) != len(index) || len(index) < 60 {
		t.Errorf("%d files, %d in the index: %v", len(files), len(index), err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Size() > 64<<10 {
			t.Errorf("%s is too large for a vector", f)
		}
		if !seen[strings.TrimSuffix(filepath.Base(f), ".jsonl")] {
			t.Errorf("%s is made by nothing", f)
		}
	}
}
