package caserecord

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"time"

	"adjutant/backend/incident"
)

// Header is the signed part of an entry. Its one byte form is
//
//	{"v":1,"case":"…","mode":"live","author":"…","seq":17,"prev":"…","seen":{"AUTHOR":"ID",…},
//	 "recorded":"2026-03-04T05:06:07.890Z","kind":"decision.made","body_sha256":"…"}
//
// without the line break: this order, no spaces, no escapes, authors in seen ascending. A change of it is a new v.
type Header struct {
	V          int
	Case       string // CaseID, 32 lower-case hexadecimal digits
	Mode       incident.Mode
	Author     Author
	Seq        uint64        // 1 for the author's first entry
	Prev       ID            // the author's entry before; "" at seq 1
	Seen       map[Author]ID // heads of the other authors, as known when signing
	Recorded   time.Time     // UTC, milliseconds, by the author's clock
	Kind       Kind
	BodySHA256 string // of the body's bytes
}

// recordedLayout has a fixed width, so that a moment has one text.
const recordedLayout = "2006-01-02T15:04:05.000Z"

func (h Header) encode() []byte {
	b := make([]byte, 0, 480+len(h.Seen)*134)
	b = append(b, `{"v":`...)
	b = strconv.AppendInt(b, int64(h.V), 10)
	b = append(b, `,"case":"`...)
	b = append(b, h.Case...)
	b = append(b, `","mode":"`...)
	b = append(b, h.Mode...)
	b = append(b, `","author":"`...)
	b = append(b, h.Author...)
	b = append(b, `","seq":`...)
	b = strconv.AppendUint(b, h.Seq, 10)
	b = append(b, `,"prev":"`...)
	b = append(b, h.Prev...)
	b = append(b, `","seen":{`...)
	for i, a := range sortedKeys(h.Seen) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, a...)
		b = append(b, `":"`...)
		b = append(b, h.Seen[a]...)
		b = append(b, '"')
	}
	b = append(b, `},"recorded":"`...)
	b = h.Recorded.UTC().AppendFormat(b, recordedLayout)
	b = append(b, `","kind":"`...)
	b = append(b, h.Kind...)
	b = append(b, `","body_sha256":"`...)
	b = append(b, h.BodySHA256...)
	return append(b, `"}`...)
}

// parseHeader accepts exactly what encode writes.
func parseHeader(b []byte) (Header, error) {
	s := scanner{b: b}
	h := Header{V: 1, Seen: map[Author]ID{}}
	s.lit(`{"v":1,"case":"`)
	h.Case = s.hexDigits(32)
	s.lit(`","mode":"`)
	h.Mode = incident.Mode(s.word(16))
	s.lit(`","author":"`)
	h.Author = Author(s.hexDigits(64))
	s.lit(`","seq":`)
	h.Seq = s.sequence()
	s.lit(`,"prev":"`)
	if h.Seq > 1 {
		h.Prev = ID(s.hexDigits(64))
	}
	s.lit(`","seen":{`)
	s.seen(h.Author, h.Seen)
	s.lit(`},"recorded":"`)
	h.Recorded = s.recorded()
	s.lit(`","kind":"`)
	h.Kind = Kind(s.word(64))
	s.lit(`","body_sha256":"`)
	h.BodySHA256 = s.hexDigits(64)
	s.lit(`"}`)
	s.end()
	if s.err != nil {
		return Header{}, s.err
	}
	if h.Mode != incident.ModeLive && h.Mode != incident.ModeExercise {
		return Header{}, fmt.Errorf("unknown mode")
	}
	if !h.Kind.Known() {
		return Header{}, fmt.Errorf("unknown kind")
	}
	return h, nil
}

func (s *scanner) hexDigits(n int) string {
	if s.err != nil || len(s.rest()) < n || !isHex(string(s.rest()[:n]), n) {
		s.fail(fmt.Sprintf("%d lower-case hexadecimal digits", n))
		return ""
	}
	v := string(s.rest()[:n])
	s.at += n
	return v
}

// word takes what stands before the next quote; the caller compares it with a closed list.
func (s *scanner) word(most int) string {
	n := bytes.IndexByte(s.rest(), '"')
	if s.err != nil || n < 0 || n > most {
		s.fail("a word")
		return ""
	}
	v := string(s.rest()[:n])
	s.at += n
	return v
}

func (s *scanner) sequence() uint64 {
	start := s.at
	s.number(false)
	if s.err != nil {
		return 0
	}
	v, err := strconv.ParseUint(string(s.b[start:s.at]), 10, 64)
	if err != nil || v < 1 || v > MaxSeq {
		s.fail("a sequence number from 1")
	}
	return v
}

func (s *scanner) seen(self Author, into map[Author]ID) {
	last := Author("")
	for s.err == nil && s.peek() == '"' {
		s.lit(`"`)
		a := Author(s.hexDigits(64))
		s.lit(`":"`)
		into[a] = ID(s.hexDigits(64))
		s.lit(`"`)
		if a <= last || a == self || len(into) > MaxAuthors {
			s.fail("other authors, ascending, within bounds")
		}
		last = a
		if s.peek() != ',' {
			return
		}
		s.lit(",")
		if s.peek() != '"' {
			s.fail("another author")
		}
	}
}

func (s *scanner) recorded() time.Time {
	n := len(recordedLayout)
	if s.err != nil || len(s.rest()) < n {
		s.fail("a time")
		return time.Time{}
	}
	text := string(s.rest()[:n])
	t, err := time.Parse(recordedLayout, text)
	if err != nil || t.Format(recordedLayout) != text {
		s.fail("a time as " + recordedLayout)
		return time.Time{}
	}
	s.at += n
	return t
}

// HeaderToSign reads the header inside a PAE that Seal hands to its sign function, so that a signer can see for itself
// what it is asked to sign.
func HeaderToSign(toSign []byte) (Header, error) {
	i := bytes.IndexByte(toSign, '{')
	if i < 0 || !bytes.Equal(toSign, pae(toSign[i:])) {
		return Header{}, entryErr(CodeForm, "", "not the pre-authentication encoding of an entry")
	}
	h, err := parseHeader(toSign[i:])
	if err != nil {
		return Header{}, entryErr(CodeForm, "", "header: %v", err)
	}
	return h, nil
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
