package caserecord

import (
	"encoding/json"
	"errors"
	"time"

	"adjutant/backend/incident"
)

// ID names an entry: SHA-256 of the PAE that was signed, 64 lower-case hexadecimal digits.
type ID string

// Author is the Ed25519 public key of one person on one device, 64 lower-case hexadecimal digits.
type Author string

// PersonID names a person across devices: 32 lower-case hexadecimal digits.
type PersonID string

// Header is the signed part of an entry.
type Header struct {
	V          int
	Case       string // 32 lower-case hexadecimal digits
	Mode       incident.Mode
	Author     Author
	Seq        uint64 // 1 for the author's first entry
	Prev       ID     // the author's entry before; "" at seq 1
	Seen       map[Author]ID
	Recorded   time.Time // UTC, milliseconds
	Kind       Kind
	BodySHA256 string
}

// Entry is one signed line of the record with its body.
type Entry struct {
	ID      ID
	Header  Header
	Line    []byte          // the envelope, byte for byte, without a newline
	Body    []byte          // nil when withheld
	Data    json.RawMessage // the "data" of the body; nil when withheld
	content Content
}

// Content returns the typed data, nil when the body is withheld.
func (e Entry) Content() Content { return e.content }

var errDraft = errors.New("caserecord: not built yet")

// Seal makes an entry: it fills V, Kind and BodySHA256 of h, and calls sign once with the PAE.
func Seal(h Header, data Content, salt [16]byte, sign func(pae []byte) ([]byte, error)) (Entry, error) {
	return Entry{}, errDraft
}

// Parse reads and checks one entry: form, signature, body hash, kind, fields. body nil = withheld.
func Parse(line, body []byte) (Entry, error) { return Entry{}, errDraft }

// ParseSealed is Parse without the signature, for bytes that come from the case's own AEAD-sealed log.
func ParseSealed(line, body []byte) (Entry, error) { return Entry{}, errDraft }

// Log is a set of entries.
type Log struct{}

// NewLog returns a log of these entries.
func NewLog(entries ...Entry) *Log { return &Log{} }

// Add puts an entry in; false when it was there already (a body that was missing is filled in).
func (l *Log) Add(e Entry) bool { return false }

// Union adds all entries of o and returns how many were new.
func (l *Log) Union(o *Log) int { return 0 }

// Len is the number of entries.
func (l *Log) Len() int { return 0 }

// Get returns one entry.
func (l *Log) Get(id ID) (Entry, bool) { return Entry{}, false }

// Entries returns all entries in causal order.
func (l *Log) Entries() []Entry { return nil }

// Heads returns the newest entry of each author.
func (l *Log) Heads() map[Author]ID { return nil }

// Next prepares the header of the author's next entry: case, mode, seq, prev, seen, recorded. ErrForked when the
// author's chain has two ends: such a key must not sign again.
func (l *Log) Next(a Author, recorded time.Time) (Header, error) { return Header{}, errDraft }

// Head computes the case head of a set of entries.
func Head(entries []Entry) string { return "" }

// HeadCode prints a head as 20 Crockford base32 digits in four groups (100 bits).
func HeadCode(head string) string { return "" }

// KeyCode prints a key's fingerprint the same way.
func KeyCode(a Author) string { return "" }

// Code is one of the closed list of problems.
type Code string

// Problem is one finding of Verify.
type Problem struct {
	Code  Code   `json:"code"`
	Entry string `json:"entry"`
	Text  string `json:"text"`
}

// Report is what Verify found.
type Report struct {
	Verdict  string    `json:"verdict"`
	Anchored bool      `json:"anchored"`
	Entries  int       `json:"entries"`
	Authors  int       `json:"authors"`
	Head     string    `json:"head"`
	Problems []Problem `json:"problems"`
}

// Verify re-derives everything from the bytes of the entries.
func Verify(entries []Entry) Report { return Report{} }

// Fold computes the state.
func Fold(entries []Entry) *State { return &State{} }

// FoldUntil is Fold over what was recorded, with all its causes, by then.
func FoldUntil(entries []Entry, at time.Time) *State { return &State{} }

// Past returns what the author of an entry knew when signing it: its causal past, without the entry itself.
func Past(entries []Entry, id ID) []Entry { return nil }

// Story says an entry in one plain sentence.
func Story(e Entry, s *State) string { return "" }

// RolesOf returns the roles that a person holds at a time.
func (s *State) RolesOf(p PersonID, at time.Time) []incident.Role { return nil }

// PersonOf returns the person of a key.
func (s *State) PersonOf(a Author) (*Person, bool) { return nil, false }

// TagsOf returns the tags of a row, sorted.
func (s *State) TagsOf(row string) []string { return nil }

// NotesAbout returns the notes about something.
func (s *State) NotesAbout(about string) []Note { return nil }

// MayWrite says whether a person, acting in role ("" for kinds that need none), may write this content now.
// The error wraps authority.ErrMay and says which roles may.
func (s *State) MayWrite(p PersonID, c Content, at time.Time) error { return errDraft }

type graph struct{}
type authorityView struct{}
