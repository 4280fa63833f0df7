package caserecord

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/incident"
)

type addVector func(name, what string, lines [][]byte, want ...Problem)

type problemOf func(Code, any) Problem

// badLines damages lines, envelopes and the base64 in them. Of an envelope whose signed bytes are gone only the id in the
// line is left to be named.
func badLines(t testing.TB, add addVector, is problemOf, all []Entry, notes []int, with func(int, []byte) [][]byte) {
	n := notes[0]
	e := all[n]
	line := lineOf(e)
	swap := func(from, to string) []byte {
		out := bytes.Replace(line, []byte(from), []byte(to), 1)
		if bytes.Equal(out, line) {
			t.Fatalf("%q is not in the line", from)
		}
		return out
	}
	form := is(CodeForm, e.ID)
	add("no-end", "the last line has no line feed", linesOf(all), is(CodeForm, all[len(all)-1].ID))
	add("cut", "the file ends in the middle of the last line, which then is a line", with(len(all)-1, lineOf(all[len(all)-1])[:900]), is(CodeForm, all[len(all)-1].ID))
	add("empty-line", "an empty line stands between two entries", slices.Insert(linesOf(all), 3, []byte{}), is(CodeForm, "line 4"))
	add("crlf", "a line ends with CR LF", with(n, append(slices.Clone(line), '\r')), form)
	add("line-id", "the id of a line is another one than its entry's", with(n, swap(string(e.ID), hash("another"))), form)
	add("line-no-id", "the id of a line is gone", with(n, swap(`{"id":"`+string(e.ID)+`",`, `{`)), form)
	add("line-space", "a line has a space that JSON allows", with(n, swap(`,"body":`, `, "body":`)), form)
	add("line-body-base64", "the body of a line is no base64", with(n, swap(`,"body":"`, `,"body":"*`)), form)
	add("line-nothing", "a line is no entry at all", with(n, []byte("hello")), is(CodeForm, fmt.Sprintf("line %d", n+1)), is(CodeMissingSeen, e.ID))
	gone := []Problem{form}
	add("envelope-space", "a space in the envelope", with(n, swap(`,"payload":`, `, "payload":`)), gone...)
	add("envelope-type", "another payload type", with(n, swap("entry.v1+json", "entry.v2+json")), gone...)
	add("envelope-two-signatures", "a second signature", with(n, swap(`"}]}`, `"},{"keyid":"x","sig":"x"}]}`)), gone...)
	add("envelope-field", "an unknown field", with(n, swap(`"}]}`, `"}],"x":1}`)), gone...)
	add("envelope-escape", "a name written with an escape", with(n, swap(`"payload":`, `"\u0070ayload":`)), gone...)
	add("envelope-sig-short", "a signature of 63 bytes", with(n, bytes.Replace(line, []byte(`==`), []byte(`=`), 1)), gone...)
	sig := bytes.Index(line, []byte(`"sig":"`)) + len(`"sig":"`)
	flipped := bytes.Clone(line)
	flipped[sig+3] = map[bool]byte{true: 'B', false: 'A'}[flipped[sig+3] == 'A']
	add("signature-flipped", "one bit of a signature", with(n, flipped), is(CodeSignature, e.ID))
	loose := bytes.Clone(line)
	end := bytes.Index(loose, []byte(`=="}]}`))
	loose[end-1]++ // the unused bits of the last digit of the signature
	add("envelope-loose-bits", "unused bits of the base64 are set", with(n, loose), gone...)
	payload := bytes.Index(line, []byte(`"payload":"`)) + len(`"payload":"`)
	flipped = bytes.Clone(line)
	flipped[payload+100] = map[bool]byte{true: 'B', false: 'A'}[flipped[payload+100] == 'A']
	add("payload-flipped", "one digit of the signed header", with(n, flipped), gone...)
	body := bytes.Replace(e.Body(), []byte("open"), []byte("shut"), 1)
	add("body-changed", "a word of a body was changed", with(n, fileLine(e.ID, e.Line(), body)), is(CodeBodyHash, e.ID))
	add("body-of-another", "the body of another entry stands with this one", with(n, fileLine(e.ID, e.Line(), all[notes[1]].Body())), is(CodeBodyHash, e.ID))
	add("body-empty", "the body is empty", with(n, fileLine(e.ID, e.Line(), []byte{})), is(CodeBodyHash, e.ID))
}

// tiny is a case of five entries, the last three by Ben.
func tiny(t testing.TB) (ben *signer, all []Entry) {
	ada := newSigner(t, "Ada Lind")
	ben = newSigner(t, "Ben Okafor")
	ada.open(incident.ModeExercise)
	ada.admit(ben)
	ben.take(ada)
	for _, text := range []string{"one", "two", "three"} {
		ben.write(note(text))
	}
	return ben, ben.log.Entries()
}

// badBodies signs bodies that no honest program writes: each is one more entry of Ben's behind a sound record.
func badBodies(t testing.TB, add addVector, is problemOf) {
	const salt = `{"salt":"000102030405060708090a0b0c0d0e0f","data":`
	noted := func(data string) string { return salt + data + "}" }
	for _, c := range []struct {
		name, what string
		kind       Kind
		body       string
	}{
		{"body-repeated-field", "a field twice, the second other than the first", NoteMade, noted(`{"about":"","text":"yes","text":"no"}`)},
		{"body-repeated-data", "the data twice", NoteMade, salt + `{"about":"","text":"yes"},"data":{"about":"","text":"no"}}`},
		{"body-unknown-field", "a field too many", NoteMade, noted(`{"about":"","text":"x","more":1}`)},
		{"body-missing-field", "a field too few", NoteMade, noted(`{"text":"x"}`)},
		{"body-field-order", "fields in another order", NoteMade, noted(`{"text":"x","about":""}`)},
		{"body-field-case", "a name in other letters", NoteMade, noted(`{"About":"","text":"x"}`)},
		{"body-space", "a space", NoteMade, noted(`{"about":"", "text":"x"}`)},
		{"body-null", "a null", NoteMade, noted(`{"about":null,"text":"x"}`)},
		{"body-type", "a number where text belongs", NoteMade, noted(`{"about":"","text":7}`)},
		{"body-utf8", "bytes that are no UTF-8", NoteMade, noted("{\"about\":\"\",\"text\":\"caf\xe9\"}")},
		{"body-surrogate", "half of a surrogate pair", NoteMade, noted(`{"about":"","text":"\ud83d"}`)},
		{"body-pair", "a character written as a surrogate pair", NoteMade, noted(`{"about":"","text":"\ud83d\ude00"}`)},
		{"body-escape", "an escape that is not needed", NoteMade, noted(`{"about":"","text":"\u0041"}`)},
		{"body-escape-long", "a line feed in its longer escape", NoteMade, noted(`{"about":"","text":"\u000a"}`)},
		{"body-escape-capitals", "an escape in capitals", NoteMade, noted(`{"about":"","text":"\u001B"}`)},
		{"body-slash", "an escaped slash", NoteMade, noted(`{"about":"","text":"a\/b"}`)},
		{"body-separator", "a raw U+2028", NoteMade, noted("{\"about\":\"\",\"text\":\"a\u2028b\"}")},
		{"body-control", "a raw control character", NoteMade, noted("{\"about\":\"\",\"text\":\"a\tb\"}")},
		{"body-tail", "something behind the end", NoteMade, noted(`{"about":"","text":"x"}`) + " "},
		{"body-salt", "a salt of 15 bytes", NoteMade, strings.Replace(noted(`{"about":"","text":"x"}`), "0f", "", 1)},
		{"body-salt-capitals", "a salt in capitals", NoteMade, strings.Replace(noted(`{"about":"","text":"x"}`), "0a", "0A", 1)},
		{"body-deep", "lists in lists, ten thousand deep", RowTagged, noted(`{"rows":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `,"tag":"t"}`)},
		{"body-minus-zero", "a minus zero", ClockObserved, noted(`{"reference":"wall","offset_seconds":-0,"note":""}`)},
		{"body-number-point", "a number with a zero too many", ClockObserved, noted(`{"reference":"wall","offset_seconds":1.50,"note":""}`)},
		{"body-number-exponent", "a number with an exponent that ECMAScript does not print", ClockObserved, noted(`{"reference":"wall","offset_seconds":1e2,"note":""}`)},
		{"body-integer", "an integer with a fraction", EvidenceReceived, noted(`{"sha256":"` + hash("y") + `","path":"a","bytes":1.0,"kept":"sealed","custodian":"","source":"","why":""}`)},
		{"body-integer-large", "an integer beyond 64 bits", EvidenceReceived, noted(`{"sha256":"` + hash("y") + `","path":"a","bytes":99999999999999999999,"kept":"sealed","custodian":"","source":"","why":""}`)},
		{"body-optional-empty", "an optional field that is empty", EvidenceReceived, noted(`{"sha256":"` + hash("y") + `","md5":"","path":"a","bytes":1,"kept":"sealed","custodian":"","source":"","why":""}`)},
		{"body-table-order", "a table whose names do not ascend", MergeReceived, noted(`{"heads":{"` + hash(1) + `":"` + hash(1) + `","` + hash(0) + `":"` + hash(0) + `"}}`)},
		{"body-table-twice", "a table with a name twice", MergeReceived, noted(`{"heads":{"` + hash(1) + `":"` + hash(1) + `","` + hash(1) + `":"` + hash(0) + `"}}`)},
		{"body-of-another-kind", "the data of another kind", NoteMade, noted(`{"rows":["r"],"tag":"t"}`)},
	} {
		ben, all := tiny(t)
		h, err := NewLog(all...).Next(ben.ref.Key, all[len(all)-1].Header.Recorded)
		if err != nil {
			t.Fatal(err)
		}
		line := signRaw(ben, h, c.kind, []byte(c.body))
		h.V, h.Kind, h.BodySHA256 = 1, c.kind, hash(c.body)
		id := idOf(pae(h.encode()))
		add(c.name, c.what, append(linesOf(all), fileLine(id, line, []byte(c.body))), is(CodeBody, id))
	}
}

// badHeaders signs headers outside the one form: one more entry of Ben's behind a sound record.
func badHeaders(t testing.TB, add addVector, is problemOf) {
	ada := string(newSigner(t, "Ada Lind").ref.Key)
	for _, c := range [][4]string{
		{"header-version", "another version", `"v":1`, `"v":2`},
		{"header-seq-zero", "a leading zero", `"seq":4`, `"seq":04`},
		{"header-seq-large", "a number beyond 2^53 − 1", `"seq":4`, `"seq":9007199254740992`},
		{"header-seq-first", "a first entry that names one before", `"seq":4`, `"seq":1`},
		{"header-month", "a month that is none", `-03-04T`, `-13-04T`},
		{"header-zone", "a time with an offset", `Z","kind"`, `+00:00","kind"`},
		{"header-kind", "an unknown kind", `note.made`, `note.lost`},
		{"header-mode", "an unknown mode", `"exercise"`, `"drill"`},
		{"header-seen-own", "its own author among those seen", `"seen":{"` + ada, `"seen":{"` + "BEN"},
		{"header-seen-comma", "a comma behind the last of those seen", `},"recorded"`, `,},"recorded"`},
		{"header-seen-twice", "an author twice among those seen", `"seen":{"` + ada + `":"`, `"seen":{"` + ada + `":"` + hash("x") + `","` + ada + `":"`},
		{"header-capitals", "a hash in capitals", `"prev":"`, `"prev":"A`},
	} {
		ben, all := tiny(t)
		h, err := NewLog(all...).Next(ben.ref.Key, all[len(all)-1].Header.Recorded)
		if err != nil {
			t.Fatal(err)
		}
		body, err := encodeBody(note("x"), [16]byte{})
		if err != nil {
			t.Fatal(err)
		}
		h.V, h.Kind, h.BodySHA256 = 1, NoteMade, hash(string(body))
		payload := h.encode()
		odd := bytes.Replace(payload, []byte(c[2]), []byte(strings.ReplaceAll(c[3], "BEN", string(ben.ref.Key))), 1)
		if bytes.Equal(odd, payload) {
			t.Fatalf("%s: %q is not in %s", c[0], c[2], payload)
		}
		id := idOf(pae(odd))
		add(c[0], c[1], append(linesOf(all), fileLine(id, envelope(ben, odd), body)), is(CodeForm, id))
	}
}

// badLinks are sound entries that cannot stand where they say.
func badLinks(t testing.TB, add addVector, is problemOf) {
	one := func(name, what string, s func(ada, ben, cy *signer) *signer, h func(all []Entry, h *Header), want func(e Entry, all []Entry) []Problem) {
		ada, ben, cy, all := small(t)
		by := s(ada, ben, cy)
		next, err := NewLog(all...).Next(by.ref.Key, all[len(all)-1].Header.Recorded)
		if err != nil {
			t.Fatal(err)
		}
		h(all, &next)
		e, err := Seal(next, note("x"), by.nextSalt(), by.sign)
		if err != nil {
			t.Fatal(err)
		}
		l := NewLog(append(slices.Clone(all), e)...)
		add(name, what, linesOf(l.Entries()), want(e, all)...)
	}
	byBen := func(_, ben, _ *signer) *signer { return ben }
	this := func(codes ...Code) func(e Entry, all []Entry) []Problem {
		return func(e Entry, all []Entry) (out []Problem) {
			for _, c := range codes {
				out = append(out, is(c, e.ID))
			}
			return out
		}
	}
	one("seq-skipped", "a number was left out", byBen, func(_ []Entry, h *Header) { h.Seq += 2 }, this(CodeChain))
	one("prev-of-another", "the entry before is another author's", byBen, func(all []Entry, h *Header) { h.Prev = all[4].ID }, this(CodeChain))
	one("prev-missing", "the entry before is not here", byBen, func(all []Entry, h *Header) { h.Prev, h.Seq = ID(hash("none")), 9 },
		func(e Entry, all []Entry) []Problem { return []Problem{is(CodeGap, hash("none"))} })
	one("seen-missing", "an entry seen is not here", byBen, func(all []Entry, h *Header) { h.Seen[all[0].Header.Author] = ID(hash("none")) },
		func(e Entry, all []Entry) []Problem { return []Problem{is(CodeMissingSeen, hash("none"))} })
	one("seen-of-another", "an entry is seen under another author", byBen, func(all []Entry, h *Header) {
		h.Seen = map[Author]ID{Author(hash("nobody")): all[0].ID}
	}, this(CodeChain))
	one("other-mode", "an entry of the real thing in a drill", byBen, func(_ []Entry, h *Header) { h.Mode = incident.ModeLive }, this(CodeModeMix))
	one("clock-past", "a clock a month behind", byBen, func(_ []Entry, h *Header) { h.Recorded = h.Recorded.AddDate(0, -1, 0) }, this(CodeClockBackwards))
	one("clock-future", "a clock a year ahead: nothing shows until others go on", byBen, func(_ []Entry, h *Header) { h.Recorded = h.Recorded.AddDate(1, 0, 0) }, this())
	one("fork", "a second entry with the number of another: a restored backup, or two histories", byBen, func(all []Entry, h *Header) {
		for _, e := range all {
			if e.Header.Author == h.Author && e.Header.Seq == 2 {
				h.Seq, h.Prev, h.Seen = e.Header.Seq, e.Header.Prev, e.Header.Seen
			}
		}
	}, func(e Entry, all []Entry) (out []Problem) {
		for _, x := range append(slices.Clone(all), e) {
			if x.Header.Author == e.Header.Author && x.Header.Seq == 2 {
				out = append(out, is(CodeEquivocation, x.ID))
			}
		}
		return out
	})
	ada, ben, _, all := small(t)
	other := newSigner(t, "Other")
	opened := other.open(incident.ModeExercise)
	add("replay", "an entry of another case", linesOf(CausalOrder(append(slices.Clone(all), opened))), is(CodeWrongCase, opened.ID))
	second, err := Seal(Header{Mode: incident.ModeExercise, Author: ada.ref.Key, Seq: 1, Recorded: start}, &CaseOpenedData{Name: "Twice", TLP: incident.TLPRed, Zone: "UTC", Person: ada.ref}, [16]byte(saltText(t, all[0])), ada.sign)
	if err != nil {
		t.Fatal(err)
	}
	twice := CausalOrder(append(slices.Clone(all), second))
	want := []Problem{is(CodeEquivocation, twice[0].ID), is(CodeEquivocation, twice[1].ID), is(CodeOpening, twice[1].ID)}
	for _, e := range twice[2:] { // they have seen the other opening, so nothing of them stands
		want = append(want, is(map[bool]Code{true: CodeNotYetAdmitted, false: CodeUnknownAuthor}[e.Header.Author == ada.ref.Key], e.ID))
	}
	add("opened-twice", "two openings by one key, of which the record knows the second", linesOf(twice), want...)
	ahead := sealAt(t, ben, all, Header{Recorded: start.AddDate(1, 0, 0)}, note("from next year"))
	all = append(slices.Clone(all), ahead)
	behind := sealAt(t, ada, all, Header{Recorded: start.AddDate(0, 0, 1)}, note("a day later"))
	add("clock-future-seen", "somebody saw what a clock a year ahead had recorded", linesOf(append(all, behind)), is(CodeClockBackwards, behind.ID))
	checked := sealAt(t, ada, all[:len(all)-1], Header{}, &CheckpointMadeData{Size: 1, Root: hash("no root"), Note: "no note"})
	add("checkpoint", "a checkpoint that is none", linesOf(append(all[:len(all)-1:len(all)-1], checked)), is(CodeCheckpoint, checked.ID))
}

// saltText is the salt of an entry's body.
func saltText(t testing.TB, e Entry) []byte {
	salt, err := hex.DecodeString(string(e.Body()[len(bodyHead) : len(bodyHead)+saltHexDigits]))
	if err != nil {
		t.Fatal(err)
	}
	return salt
}

// badAuthority are sound entries by people who may not, or not any more.
func badAuthority(t testing.TB, add addVector, is problemOf) {
	ada, ben, cy, all := small(t)
	grows := func(s *signer, c Content) Entry {
		e := sealAt(t, s, all, Header{}, c)
		all = append(slices.Clone(all), e)
		return e
	}
	e := grows(ben, severity(incident.SeverityLow, ic))
	add("not-authorised", "somebody signs in a role that they do not hold", linesOf(all), is(CodeNotAuthorised, e.ID))
	_, _, _, all = small(t)
	eve := newSigner(t, "Eve")
	early := sealAt(t, eve, all, Header{Seq: 1}, note("early"))
	all = append(slices.Clone(all), early)
	grows(ada, &PersonAdmittedData{eve.ref})
	add("not-yet-admitted", "somebody signs before they can know that they were admitted", linesOf(all), is(CodeNotYetAdmitted, early.ID))
	_, _, _, all = small(t)
	e = grows(ada, &RoleGrantedData{Person: PersonID(hash("nobody")[:32]), Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic})
	add("out-of-place", "a role for somebody who was never admitted", linesOf(all), is(CodeOutOfPlace, e.ID))
	_, _, _, all = small(t)
	e = grows(cy, &KeyRevokedData{Person: ben.ref.ID, Key: ben.ref.Key, Why: "I say so", ByRole: counsel})
	add("revoked-by-nobody", "somebody without authority revokes a key", linesOf(all), is(CodeNotAuthorised, e.ID))

	_, _, _, all = small(t)
	revoked := sealAt(t, ada, all, Header{}, &KeyRevokedData{Person: ben.ref.ID, Key: ben.ref.Key, Why: "the laptop was stolen", ByRole: ic})
	var last Entry
	for _, e := range all {
		if e.Header.Author == ben.ref.Key {
			last = e
		}
	}
	thief := sealAt(t, ben, all, Header{Recorded: start.AddDate(0, 0, -1)}, note("all is well"))
	add("revoked", "a key signs on that was revoked, with an old clock", linesOf(CausalOrder(append(slices.Clone(all), revoked, thief))), is(CodeKeyRevoked, thief.ID), is(CodeClockBackwards, thief.ID))
	fork := sealAt(t, ben, all, Header{Seq: last.Header.Seq, Prev: last.Header.Prev, Seen: last.Header.Seen, Recorded: start.AddDate(0, 0, -1)}, note("all was well"))
	add("revoked-fork", "a stolen key signs a second history from an old place, with an old clock", linesOf(CausalOrder(append(slices.Clone(all), revoked, fork))),
		is(CodeEquivocation, last.ID), is(CodeEquivocation, fork.ID), is(CodeKeyRevoked, fork.ID), is(CodeClockBackwards, fork.ID))
}
