package casefolder

import (
	"bytes"
	"testing"

	"adjutant/backend/incident"
)

func FuzzDecodeCase(f *testing.F) {
	c := &caseFile{Format: caseFormat, Version: 1, Case: testID, Mode: incident.ModeLive, Created: "2026-03-01T08:00:00Z",
		Slots: []slot{{Kind: slotPassphrase, Age: "YQ=="}}}
	c.sealWith([32]byte{1})
	f.Add(c.encode())
	f.Add([]byte(`{"format":"adjutant case","version":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := decodeCase(b)
		if err == nil && !bytes.Equal(c.encode(), b) {
			t.Fatalf("accepted a second byte form: %q", b)
		}
	})
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add(encodeEntry(Raw{Line: []byte("l"), Body: []byte("b"), Author: "a", Seq: 3}, map[string]head{"a": {seq: 3}}))
	f.Add(encodeEntry(Raw{Line: []byte("l")}, nil))
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, heads, err := decodeEntry(b)
		if err != nil {
			return
		}
		again, heads2, err := decodeEntry(encodeEntry(r, heads))
		if err != nil || !bytes.Equal(again.Line, r.Line) || !bytes.Equal(again.Body, r.Body) || len(heads) != len(heads2) {
			t.Fatalf("round trip: %v", err)
		}
	})
}

func FuzzDecodeChange(f *testing.F) {
	f.Add(encodeChange(7, opSet, "draft/x", []byte("value")))
	f.Add(encodeChange(1<<60, opDelete, "", nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		version, op, key, value, ok := decodeChange(b)
		if !ok {
			return
		}
		v2, op2, key2, value2, ok := decodeChange(encodeChange(version, op, key, value))
		if !ok || v2 != version || op2 != op || key2 != key || !bytes.Equal(value2, value) {
			t.Fatal("round trip")
		}
	})
}
