// Package ferry makes the sample incident: three days at Kragsund Ferries, a ferry operator that does not exist, as the
// folder of logs that a responder would collect there, together with the truth about every step.
//
// It stands outside the flow and imports no stage of it. It is a package of the product, and not only of the tests,
// because `adjutant demo` makes the incident anew on any machine; the repository keeps just the truth and the digests
// (backend/testdata/scenarios/ferry). It keeps true that the same seed gives the same bytes on every system (whole
// numbers only, own random numbers, no zone database, no compression), that truth.json counts what is in the files,
// and that every address is from RFC 1918, RFC 5737 or RFC 3849 and every name from a reserved domain. Nothing in it
// works as an attack: payloads are names and texts.
package ferry

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"
)

// DefaultSeed is the seed of the incident that demo shows and that the truth in testdata describes.
const DefaultSeed int64 = 20260303

// Root is the folder that Generate makes inside its directory: the responder's collection.
const Root = "collection"

// The window of the scenario in true UTC: local midnight before the first day, and the hour of collection on the third.
var (
	First = time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
	Last  = time.Date(2026, 3, 5, 11, 0, 0, 0, time.UTC)
)

// local is Europe/Copenhagen in early March: always one hour ahead, so that no zone database is needed.
var local = time.FixedZone("CET", 3600)

// ZoneName is the zone a person has to answer for the firewall's file.
const ZoneName = "Europe/Copenhagen"

// File is one file of the collection.
type File struct {
	Path    string // with slashes, starts with Root
	Data    []byte
	ModTime time.Time // year-less logs need it
}

// Scenario is the whole incident in memory, about 20 MB.
type Scenario struct {
	Files []File // sorted by path
	Truth Truth
}

// Build makes the incident for a seed.
func Build(seed int64) (*Scenario, error) {
	b := newBuilder(seed)
	b.noise()
	b.attack()
	if err := b.render(); err != nil {
		return nil, err
	}
	sort.Slice(b.files, func(i, j int) bool { return b.files[i].Path < b.files[j].Path })
	return &Scenario{Files: b.files, Truth: b.finishTruth()}, nil
}

// Generate writes the incident's files below dir, in the folder Root, with the modification times a collection would
// have. It overwrites files of the same name and leaves others alone.
func Generate(seed int64, dir string) error {
	s, err := Build(seed)
	if err != nil {
		return err
	}
	for _, f := range s.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("ferry: make folder for %s: %w", f.Path, err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return fmt.Errorf("ferry: write %s: %w", f.Path, err)
		}
		if err := os.Chtimes(path, f.ModTime, f.ModTime); err != nil {
			return fmt.Errorf("ferry: set time of %s: %w", f.Path, err)
		}
	}
	return nil
}
