package block

import (
	"crypto/sha256"
	"encoding/hex"

	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// RawID is an event.ID as bytes.
type RawID [16]byte

// String is the event.ID.
func (r RawID) String() string { return hex.EncodeToString(r[:]) }

// ParseID reads an event.ID; ok is false for any other text.
func ParseID(id event.ID) (r RawID, ok bool) {
	if len(id) != 32 {
		return r, false
	}
	_, err := hex.Decode(r[:], []byte(id))
	return r, err == nil && r.String() == string(id)
}

// hasher computes event ids without allocating; the same as event.Event.ID, which a test holds.
type hasher struct{ buf []byte }

func (h *hasher) id(e *event.Event) RawID { return h.of(e.Evidence, e.Parser, e.Locator) }

func (h *hasher) of(evidence incident.Digest, parser string, l event.Locator) RawID {
	b := append(h.buf[:0], evidence[:]...)
	b = append(b, parser...)
	b = append(b, 0)
	b = l.Append(b)
	h.buf = b
	sum := sha256.Sum256(b)
	return RawID(sum[:16])
}

// IDs computes the ids of all events of a block.
func (l *Locators) IDs(evidence incident.Digest, parser string) []RawID {
	var h hasher
	out := make([]RawID, len(l.list))
	for i := range l.list {
		out[i] = h.of(evidence, parser, l.list[i])
	}
	return out
}
