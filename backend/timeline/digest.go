package timeline

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline/block"
)

// Digest says what the timeline consists of, independent of laptop, path and order of imports.
//
// Definition, version 1. Strings are written as a length (unsigned varint) and their bytes, numbers as varints.
//
//	event   SHA-256 of: locator text; number of times, each meaning, ticks (100 ns since 1970), original, zone;
//	        number of fields, each name, kind, number of values, values
//	source  SHA-256 of the event hashes in the order of the file
//	total   SHA-256 of "adjutant timeline digest 1\n" and, for each source by evidence then parser, the line
//	        "evidence parser version assumptions events rows source\n" with every text quoted as Go quotes it
//
// Left out on purpose: the item's path, which differs between laptops, and who assumed a zone, since the zone itself and
// the assumptions are in.
type Digest struct {
	Digest  incident.Digest
	Rows    int64
	Events  int64
	Sources []SourceInfo // what is in it, with versions and assumptions: the header of the digest
}

// SourceInfo is one import.
type SourceInfo struct {
	Evidence    incident.Digest
	Path        string
	Parser      string
	Version     string
	Assumptions string
	Events      int64
	Rows        int64
	First, Last time.Time // of its rows; zero when none is dated
	Digest      incident.Digest
}

// Digest computes the digest from the catalogue: it is what Commit has written, at no cost.
func (t *Timeline) Digest(ctx context.Context) (Digest, error) {
	sources, err := t.Sources(ctx)
	if err != nil {
		return Digest{}, err
	}
	d := Digest{Sources: sources}
	h := sha256.New()
	h.Write([]byte("adjutant timeline digest 1\n"))
	for _, s := range sources {
		d.Rows += s.Rows
		d.Events += s.Events
		fmt.Fprintf(h, "%s %q %q %q %d %d %s\n", s.Evidence, s.Parser, s.Version, s.Assumptions, s.Events, s.Rows, s.Digest)
	}
	d.Digest = incident.Digest(h.Sum(nil))
	return d, nil
}

// Verify reads every event again and compares each source with its digest. It names the first that differs.
func (t *Timeline) Verify(ctx context.Context) error {
	return t.read(ctx, func(s *session) error {
		for _, src := range s.cat.sources {
			chain := newDigestChain()
			for _, b := range src.blocks {
				if err := ctx.Err(); err != nil {
					return err
				}
				all := make([]int, b.Events)
				for i := range all {
					all[i] = i
				}
				events, err := s.assemble(b, all)
				if err != nil {
					return err
				}
				chain.add(hashEvents(events))
			}
			if got := chain.sum(); got != src.Digest {
				return fmt.Errorf("timeline: %s (%s) by %s: %w: digest %s, written was %s",
					src.Path, src.Evidence, src.Parser, block.ErrDamaged, got, src.Digest)
			}
		}
		return nil
	})
}

// digestChain is the running digest of a source.
type digestChain struct {
	h      hash.Hash
	blocks int
}

func newDigestChain() *digestChain { return &digestChain{h: sha256.New()} }

// add takes the hashes of the next block.
func (c *digestChain) add(sums []byte) {
	c.h.Write(sums)
	c.blocks++
}

func (c *digestChain) sum() incident.Digest { return incident.Digest(c.h.Sum(nil)) }

// hashEvents gives the events' hashes one after the other, in the order in which they stand in the file.
func hashEvents(events []*event.Event) []byte {
	if !slices.IsSortedFunc(events, block.ByPlace) {
		events = slices.Clone(events)
		slices.SortStableFunc(events, block.ByPlace)
	}
	out := make([]byte, 0, len(events)*sha256.Size)
	var buf []byte
	for _, e := range events {
		buf = appendEvent(buf[:0], e)
		sum := sha256.Sum256(buf)
		out = append(out, sum[:]...)
	}
	return out
}

// appendEvent writes the bytes of an event's hash, by the definition at Digest.
func appendEvent(b []byte, e *event.Event) []byte {
	at := len(b)
	b = append(b, 0) // the length of the locator's text, which has below 128 bytes as a rule
	b = e.Locator.Append(b)
	if n := len(b) - at - 1; n < 0x80 {
		b[at] = byte(n)
	} else {
		b = appendText(b[:at], e.Locator.String())
	}
	b = binary.AppendUvarint(b, uint64(len(e.Times)))
	for i := range e.Times {
		t := &e.Times[i]
		b = appendText(b, string(t.Meaning))
		b = binary.AppendVarint(b, block.Ticks(t.At))
		b = appendText(b, t.Original)
		b = appendText(b, t.Zone)
	}
	b = binary.AppendUvarint(b, uint64(len(e.Fields)))
	for i := range e.Fields {
		f := &e.Fields[i]
		b = appendText(b, f.Name)
		b = append(b, byte(f.Kind)) // a varint: kinds are below 128
		b = binary.AppendUvarint(b, uint64(len(f.Values)))
		for _, v := range f.Values {
			b = appendText(b, v)
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	if len(s) < 0x80 {
		b = append(b, byte(len(s)))
	} else {
		b = binary.AppendUvarint(b, uint64(len(s)))
	}
	return append(b, s...)
}
