package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/parse"
	"adjutant/backend/store"
)

// Item is an evidence item with its custody and its current receipt.
type Item struct {
	Path        string               `json:"path"`
	Format      string               `json:"format"`
	Version     string               `json:"parser_version,omitempty"`
	Status      string               `json:"status"`
	SHA256      string               `json:"sha256"`
	Bytes       int64                `json:"bytes"`
	Read        int64                `json:"read"`
	Parsed      int64                `json:"parsed"`
	Skipped     []caserecord.Skipped `json:"skipped"`
	Warnings    int64                `json:"warnings"`
	First       string               `json:"first"`
	Last        string               `json:"last"`
	DuplicateOf string               `json:"duplicate_of,omitempty"`
	Note        string               `json:"note,omitempty"`
	Kept        string               `json:"kept"`
	Custodian   string               `json:"custodian"`
	Taken       time.Time            `json:"taken"`
	TakenBy     string               `json:"taken_by"`
	Why         string               `json:"why"`
	Source      string               `json:"source"`
	Zone        string               `json:"zone"`
	ZoneBy      string               `json:"zone_by"`
	SkewSeconds float64              `json:"skew_seconds,omitempty"`
	Warned      []evidence.Warning   `json:"warning_list,omitempty"`
	Lane        string               `json:"lane,omitempty"`      // it stands behind the wall of this lane: nothing else is told
	Undone      string               `json:"undone,omitempty"`    // who took the rows of this import out of the timeline, when and why
	Original    string               `json:"original,omitempty"`  // path on the machine it was collected from, as a collection says
	Host        string               `json:"host,omitempty"`      // name of that machine, as a collection says
	Entry       caserecord.ID        `json:"entry,omitempty"`     // of the receipt
	Absent      []string             `json:"absent,omitempty"`    // what such an item is expected to hold and did not
	Elsewhere   bool                 `json:"elsewhere,omitempty"` // sealed in another copy of the case; a merge could not bring the bytes along
}

// EvidenceItems lists every item that was taken in, and every receipt that has no item (quarantined members), by path.
// The same bytes under several paths are one item and a line each. Of what stands behind a wall there is one line at the
// end that says so, and its hash.
func (b *Bench) EvidenceItems() []Item {
	x, elsewhere := b.look(), b.elsewhere()
	s, out := x.state, []Item{}
	for _, it := range s.Evidence {
		for _, r := range it.Imports {
			x := Item{
				Path: r.Data.Path, Format: r.Data.Format, Version: r.Data.ParserVersion, Status: r.Data.Status, SHA256: it.SHA256, Read: r.Data.Read, Parsed: r.Data.Parsed,
				Skipped: orEmpty(r.Data.Skipped), Warnings: r.Data.Warnings, First: r.Data.First, Last: r.Data.Last, Note: r.Data.Note, Kept: "none",
				Taken: r.Recorded, TakenBy: r.Name, Zone: "UTC", ZoneBy: "default", Entry: r.Entry, Absent: r.Data.Absent,
			}
			if u := s.Undone(it, r.Entry); u != nil {
				x.Undone = fmt.Sprintf("undone by %s on %s: %s", u.Name, u.Recorded.UTC().Format("2 Jan 2006 15:04 MST"), u.Data.Why)
			}
			if r.Data.DuplicateOf != "" {
				x.DuplicateOf = firstPath(it, r.Data.Path)
			}
			for _, rc := range it.Received {
				x.Bytes, x.Kept, x.Custodian, x.Why, x.Source = rc.Data.Bytes, string(rc.Data.Kept), rc.Data.Custodian, rc.Data.Why, rc.Data.Source
				x.Original, x.Host = rc.Data.Original, rc.Data.Host
				if rc.Data.Path == r.Data.Path {
					break
				}
			}
			if a := s.AssumptionFor(it.SHA256); a != nil && a.Data.Zone != "" {
				x.Zone, x.ZoneBy, x.SkewSeconds = a.Data.Zone, a.Name, a.Data.SkewSeconds
			}
			x.Warned, x.Elsewhere = b.warnings(it.SHA256), elsewhere[it.SHA256]
			out = append(out, x)
		}
	}
	return append(out, x.hiddenItems()...)
}

// parsedImport is the receipt of the import whose rows stand in the timeline: the newest that gave rows or proved that
// there are none; without one the newest that is not about a duplicate. On another laptop the same item may have failed.
// One that was undone counts no more; nil when none is left.
func parsedImport(s *caserecord.State, it *caserecord.EvidenceItem) *caserecord.ImportReceipt {
	var last *caserecord.ImportReceipt
	for _, fits := range []func(parse.Status) bool{
		func(s parse.Status) bool { return inTimeline[s] },
		func(s parse.Status) bool { return s != parse.StatusDuplicate },
		func(parse.Status) bool { return true },
	} {
		for i := len(it.Imports) - 1; i >= 0 && last == nil; i-- {
			if r := &it.Imports[i]; fits(parse.Status(r.Data.Status)) && s.Undone(it, r.Entry) == nil {
				last = r
			}
		}
	}
	return last
}

func firstPath(it *caserecord.EvidenceItem, but string) string {
	for _, r := range it.Imports {
		if r.Data.Path != but {
			return r.Data.Path
		}
	}
	return it.SHA256
}

// warningsKey keeps the warnings of an import in the derived store: the receipt in the record has only their number.
func warningsKey(sha256 string) string { return "warnings/" + sha256 }

// keepWarnings keeps the first warnings of an item in words, in the store that holds its rows.
func keepWarnings(ctx context.Context, db *store.DB, sha256 string, list []evidence.Warning) {
	if len(list) == 0 {
		return
	}
	if raw, err := json.Marshal(head(list, MaxWarningsKept)); err == nil {
		keepIn(ctx, db, warningsKey(sha256), raw)
	}
}

func (b *Bench) warnings(sha256 string) []evidence.Warning {
	raw, err := b.readDerived(warningsKey(sha256))
	if err != nil {
		return nil
	}
	var out []evidence.Warning
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// FolderName is a case folder's name for people: the path alone says nothing of the incident.
func FolderName(dir string) string { return strings.TrimSuffix(filepath.Base(dir), ".case") }
