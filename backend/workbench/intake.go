package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/timeline"
)

// ShownOf is the canonical form of what a person saw for entries whose content is all there is to see.
func ShownOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("workbench: shown: " + err.Error()) // plain structs cannot fail
	}
	return b
}

// IntakeRequest is what a person answers once for a batch of evidence.
type IntakeRequest struct {
	Paths     []string          `json:"paths"`
	Keep      evidence.Keep     `json:"keep"`
	Zone      string            `json:"zone"` // IANA name for local times without a zone; "" means: not known, read as UTC
	Year      int               `json:"year"` // for year-less times; 0 means: from the file's date
	Columns   map[string]string `json:"columns"`
	Mapping   string            `json:"mapping"` // of tables and JSON, in its one form (parse/mapping); "" means: by their names
	Why       string            `json:"why"`
	Custodian string            `json:"custodian"`
	Source    string            `json:"source"`
	Acquired  string            `json:"acquired"`      // when it was copied off its source, RFC 3339; "" means: not said
	ClockZone string            `json:"acquired_zone"` // zone of the clock that Acquired was read from
}

// ProposeIntake says what taking in evidence would sign.
func (b *Bench) ProposeIntake(r IntakeRequest) (Proposal, error) {
	if len(r.Paths) == 0 {
		return Proposal{}, fmt.Errorf("%w: no file or folder was named", ErrUsage)
	}
	if err := r.check(); err != nil {
		return Proposal{}, err
	}
	return Proposal{
		Shown:   ShownOf(r),
		Kinds:   kinds(caserecord.EvidenceReceived, caserecord.EvidenceImported, caserecord.SourceAssumed),
		Refused: b.State().MayWrite(b.MyID(), &caserecord.EvidenceReceivedData{}, b.Now()),
	}, nil
}

// check refuses answers that could not be signed or not be read by.
func (r IntakeRequest) check() error {
	for _, zone := range []string{r.Zone, r.ClockZone} {
		if err := knownZone(zone); err != nil {
			return err
		}
	}
	if r.Acquired != "" {
		if _, err := time.Parse(time.RFC3339, r.Acquired); err != nil {
			return fmt.Errorf("%w: the time of acquisition has to be written like 2026-03-14T09:30:00+01:00", ErrUsage)
		}
	}
	answers := &caserecord.SourceAssumedData{SHA256: caserecord.AllSources, Zone: r.Zone, Year: r.Year, Columns: r.Columns, Mapping: r.Mapping, Basis: "answered"}
	if err := caserecord.Sound(answers); err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if r.Mapping != "" {
		if _, err := mapping.Parse([]byte(r.Mapping)); err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	return nil
}

// knownZone is ErrUsage for a name that is no time zone; "" means that nobody knows it.
func knownZone(name string) error {
	if _, err := time.LoadLocation(name); name != "" && err != nil {
		return fmt.Errorf("%w: unknown time zone %q; give an IANA name such as Europe/Copenhagen", ErrUsage, name)
	}
	return nil
}

// AddEvidence takes in files, folders and archives: hash, seal, parse, index; a signed entry for each item and its
// receipt. act is a batch act. receipt is told about each item in order. What is acknowledged stays when ctx is
// cancelled. An error means that the batch could not go on; faults of single items are in their receipts.
func (b *Bench) AddEvidence(ctx context.Context, act identity.Act, r IntakeRequest, receipt func(evidence.Receipt), report func(Progress)) (evidence.Summary, error) {
	return b.addEvidence(ctx, act, r, nil, receipt, report)
}

// addEvidence is AddEvidence; taken is told of each item as soon as it is in custody, before anybody can read a row of it.
func (b *Bench) addEvidence(ctx context.Context, act identity.Act, r IntakeRequest, taken func(sha256 string) error, receipt func(evidence.Receipt), report func(Progress)) (evidence.Summary, error) {
	p, err := b.ProposeIntake(r)
	if err != nil {
		return evidence.Summary{}, err
	}
	if p.Refused != nil {
		return evidence.Summary{}, fmt.Errorf("%w: %w", ErrNotAllowed, p.Refused)
	}
	if err := agreed(act, p.Shown); err != nil {
		return evidence.Summary{}, err
	}
	defer b.forgetAnalysis()
	var summary evidence.Summary
	known := map[string]string{}
	for _, it := range b.whole().Evidence {
		// What failed may be tried again, also when a twin of it was met since; and what a merge could not bring along may
		// come in here.
		if l := parsedImport(b.whole(), it); l != nil && l.Data.Status != string(parse.StatusFailed) && !b.stayedElsewhere(it.SHA256) {
			known[it.SHA256] = l.Data.Path
		}
	}
	limits, _ := b.intakeLimits()
	before := b.custodyBefore
	if taken != nil {
		before = nil // for a lane each item is received anew, so that its mark follows at once
	}
	err = evidence.Take(ctx, evidence.Intake{
		Paths: r.Paths, Keep: r.Keep, Vault: b.folder.Vault(), Formats: formats.All(), Now: b.env.Now, Limits: limits,
		Known: func(d incident.Digest) (string, bool) {
			path, ok := known[d.String()]
			if !ok {
				return "", false
			}
			if lane := b.BehindWall(d.String()); lane != "" {
				path = behindLane(lane)
			}
			return path, true
		},
		Assume: func(it evidence.Item) parse.Assume {
			return assume(r, it.ModTime)
		},
		Before: before,
		Received: func(it evidence.Item) error {
			sha := it.SHA256.String()
			_, err := b.append(ctx, act, &caserecord.EvidenceReceivedData{
				SHA256: sha, MD5: it.MD5, SHA1: it.SHA1, Path: it.Path, Bytes: it.Bytes, Kept: keptAs(it),
				Custodian: r.Custodian, Source: r.Source, Why: r.Why, Modified: modified(it.ModTime),
				Acquired: r.Acquired, AcquiredZone: r.ClockZone, Original: told(it.Original, 4096), Host: told(it.Host, 200),
			})
			if err == nil && taken != nil {
				err = taken(sha)
			}
			if err == nil && it.Sealed && b.stayedElsewhere(sha) {
				err = b.markElsewhere(nil) // its bytes are here now
			}
			return err
		},
		Open: func(it evidence.Item, format parse.Format) (evidence.Sink, error) {
			// Answers are signed with the rows that they give. Known content keeps its own: `evidence again` gives others.
			if err := b.answer(ctx, act, it.SHA256.String(), r); err != nil {
				return nil, err
			}
			im, err := b.rows().Import(ctx, timeline.Source{
				Evidence: it.SHA256, Parser: format.Name(), Version: format.Version(), Assumptions: assumptionText(r),
			})
			if err != nil {
				return nil, err
			}
			return im, nil
		},
		Done: func(rc evidence.Receipt) error {
			if rc.SHA256 != "" {
				if taken != nil { // the bytes may have been here before
					if err := taken(rc.SHA256); err != nil {
						return err
					}
				}
				if !rc.Again {
					if _, err := b.append(ctx, act, importedData(rc)); err != nil {
						return err
					}
					keepWarnings(ctx, b.derivedStore(), rc.SHA256, rc.WarningList)
				}
			}
			summary.Add(rc)
			if receipt != nil {
				receipt(rc)
			}
			return nil
		},
		Progress: func(p evidence.Progress) {
			if report != nil {
				report(Progress{Done: p.Done, Total: p.Total, Unit: "bytes", Message: filepath.Base(p.Path)})
			}
		},
	})
	return summary, err
}

// told makes text of a collection fit for the record: one line of at most so many bytes. What a collection says is evidence and
// may be anything; it must not end the intake.
func told(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len("…")], "") + "…"
}

// custodyBefore says what the case holds of an item under its path: a file that is taken in again, for instance after an intake
// that was cut off, adds nothing twice.
func (b *Bench) custodyBefore(it evidence.Item) (evidence.Custody, parse.Status) {
	s := b.whole()
	have := s.Item(it.SHA256.String())
	if have == nil || s.PurgeOf(have.SHA256) != nil {
		return evidence.CustodyNone, ""
	}
	kept := keptAs(it)
	if !slices.ContainsFunc(have.Received, func(r caserecord.EvidenceReceipt) bool { return r.Data.Path == it.Path && r.Data.Kept == kept }) {
		return evidence.CustodyNone, ""
	}
	for i := len(have.Imports) - 1; i >= 0; i-- {
		r := &have.Imports[i]
		if r.Data.Path == it.Path && r.Data.Status != string(parse.StatusFailed) && s.Undone(have, r.Entry) == nil && !b.stayedElsewhere(have.SHA256) {
			return evidence.CustodyDone, parse.Status(r.Data.Status)
		}
	}
	return evidence.CustodyReceived, ""
}

func keptAs(it evidence.Item) caserecord.Kept {
	if it.Sealed {
		return caserecord.KeptSealed
	}
	return caserecord.KeptReferenced
}

// answer signs what a person answered for an item, unless that stands already. Without an answer only what was answered before
// is taken back: rows and record say the same.
func (b *Bench) answer(ctx context.Context, act identity.Act, sha256 string, r IntakeRequest) error {
	if assumptionText(r) == assumptionText(answersFor(b.whole(), sha256)) {
		return nil
	}
	_, err := b.append(ctx, act, &caserecord.SourceAssumedData{
		SHA256: sha256, Zone: r.Zone, Year: r.Year, Columns: r.Columns, Mapping: r.Mapping, Basis: "answered when the evidence was taken in",
	})
	return err
}

func modified(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// assume turns a person's answers into what parsers ask for; what nobody answered is said to be the default.
func assume(r IntakeRequest, modified time.Time) parse.Assume {
	a := parse.Assume{Zone: time.UTC, ZoneBy: "default", Year: r.Year, YearBy: "default", ModTime: modified, Columns: r.Columns}
	if l, err := time.LoadLocation(r.Zone); err == nil && r.Zone != "" {
		a.Zone, a.ZoneBy = l, "answer"
	}
	if r.Year != 0 {
		a.YearBy = "answer"
	}
	if r.Mapping != "" {
		a.Mapping, a.MappingBy = []byte(r.Mapping), "answer"
	}
	return a
}

// assumptionText is all answers that an item's rows depend on, as one text.
func assumptionText(r IntakeRequest) string {
	text := "zone " + r.Zone
	if r.Zone == "" {
		text = "zone UTC (nobody answered)"
	}
	if r.Year != 0 {
		text += fmt.Sprintf(", year %d", r.Year)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Columns)) {
		text += fmt.Sprintf(", %s in column %q", name, r.Columns[name])
	}
	if r.Mapping != "" {
		text += ", mapping " + r.Mapping
	}
	return text
}

func importedData(r evidence.Receipt) *caserecord.EvidenceImportedData {
	d := &caserecord.EvidenceImportedData{
		SHA256: r.SHA256, Path: r.Path, Format: r.Format, ParserVersion: r.ParserVersion, Status: string(r.Status), Read: r.Read,
		Parsed: r.Parsed, Warnings: r.Warnings, First: r.First, Last: r.Last, Note: r.Note, DuplicateOf: r.DuplicateSHA256, LocalTimes: r.LocalTimes, Absent: r.Absent,
	}
	for _, s := range r.Skipped {
		d.Skipped = append(d.Skipped, caserecord.Skipped{Reason: s.Reason, Count: s.Count})
	}
	return d
}

// Source are the exact bytes of a row in its evidence.
type SourceBytes struct {
	Bytes     []byte
	Offset    int64
	Length    int64 // of the record; Bytes is shorter when it was cut
	Truncated bool
	Present   bool   // false: the evidence is not here
	Altered   string // why the evidence here is not what was taken in; "" when nothing says so
}

// Bytes returns the exact source bytes of an event, at most MaxRawShown of them.
func (b *Bench) Bytes(ctx context.Context, e *event.Event) (SourceBytes, error) {
	s := SourceBytes{Offset: e.Locator.Offset, Length: e.Locator.Length}
	src, err := b.openSource(ctx, e.Evidence)
	if errors.Is(err, evidence.ErrAltered) || errors.Is(err, vault.ErrDamaged) {
		s.Altered = plain(err) // never merged with absence: the screen says what is wrong
		return s, nil
	}
	if err != nil {
		return s, nil // the evidence stayed elsewhere: the screen says so
	}
	defer src.Close()
	s.Present = true
	n := min(s.Length, MaxRawShown)
	if n < 0 || s.Offset < 0 || s.Offset+n > src.Size() {
		return s, fmt.Errorf("workbench: locator %s lies outside its evidence", e.Locator)
	}
	s.Truncated = n < s.Length
	s.Bytes = make([]byte, n)
	_, err = src.ReadAt(s.Bytes, s.Offset)
	return s, err
}

// openSource opens an evidence item for reading: from the vault, or the referenced original when it is there unchanged.
//
// A path in a receipt that another laptop signed is that laptop's: what lies under it here may be anything, so bytes that
// differ only say that the item is not here. And it must not make this laptop reach for another machine (P4).
func (b *Bench) openSource(ctx context.Context, d incident.Digest) (evidence.Source, error) {
	// Sealed items are the usual case, asked for with every row that somebody looks at: no path and no key is needed.
	src, err := evidence.Reopen(ctx, b.folder.Vault(), d, nil)
	it := b.whole().Item(d.String())
	if !errors.Is(err, evidence.ErrAbsent) || it == nil {
		return src, err
	}
	here := b.keysHere()
	var own, others []string
	for _, r := range it.Received {
		e, ok := b.entry(r.Entry)
		switch {
		case onNetwork(r.Data.Path):
		case ok && here[e.Header.Author]:
			own = append(own, r.Data.Path)
		default:
			others = append(others, r.Data.Path)
		}
	}
	src, err = evidence.Reopen(ctx, nil, d, own)
	if !errors.Is(err, evidence.ErrAbsent) || len(others) == 0 {
		return src, err
	}
	if src, foreign := evidence.Reopen(ctx, nil, d, others); foreign == nil {
		return src, nil
	} else if !errors.Is(foreign, evidence.ErrAltered) {
		return nil, foreign
	}
	return nil, err
}

// onNetwork reports a path that names another machine (UNC, as Windows resolves it: either slash counts, and so does the
// form of its kernel).
func onNetwork(path string) bool {
	path = strings.ReplaceAll(path, "/", `\`)
	return strings.HasPrefix(path, `\\`) || strings.HasPrefix(path, `\??\`)
}

// keysHere are the keys of this device's people; none when they cannot be read.
func (b *Bench) keysHere() map[caserecord.Author]bool {
	here, err := identity.List(b.env.Home)
	if err != nil {
		return nil
	}
	keys := map[caserecord.Author]bool{}
	for _, p := range here {
		keys[p.Key] = true
	}
	return keys
}

// rawDigest is the hash of a record's bytes for a citation, "" when they cannot be read.
func (b *Bench) rawDigest(ctx context.Context, e *event.Event) string {
	s, err := b.Bytes(ctx, e)
	if err != nil || !s.Present || s.Truncated {
		return ""
	}
	sum := sha256.Sum256(s.Bytes)
	return incident.Digest(sum).String()
}
