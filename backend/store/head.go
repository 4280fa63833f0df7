package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// HEAD says what was last acknowledged. It is written in place and synced after each commit, alternating between two
// slots, so that a torn write leaves the other one.
//
//	offset 0    8  "ADJSTOR1"
//	offset 8   16  generation: random, made with the store
//	offset 24  48  slot 0
//	offset 72  48  slot 1
//
// A slot is 12 bytes nonce, 20 bytes sealed (u64 LE write number, u64 LE acknowledged transactions, u8 1 when closed
// cleanly, 3 zero), 16 bytes tag; its place is in the additional data. The slot with the greater write number counts.
// Another layout gets another magic; this one is read for ever.
const (
	headName     = "HEAD"
	headMagic    = "ADJSTOR1"
	slotBytes    = 20 + sealOverhead
	headBytes    = 24 + 2*slotBytes
	headPlainLen = 20
)

type headState struct {
	write        uint64 // number of the slot write
	acknowledged uint64 // transactions
	clean        bool
}

type headFile struct {
	mu   sync.Mutex
	f    *os.File
	name string
	seal *sealer
	at   headState
}

// openHead reads HEAD, or makes it in a folder without a store.
func openHead(dir string, key [32]byte) (*headFile, headState, error) {
	name := path(dir, headName)
	raw, err := readSmall(name, headBytes)
	if errors.Is(err, os.ErrNotExist) {
		return createHead(dir, name, key)
	}
	if err != nil {
		return nil, headState{}, fmt.Errorf("store: read %s: %w", name, err)
	}
	if len(raw) != headBytes || string(raw[:8]) != headMagic {
		return nil, headState{}, &DamageError{File: name, Cause: errors.New("not a head of a store")}
	}
	seal, err := newSealer(key, [16]byte(raw[8:24]))
	if err != nil {
		return nil, headState{}, fmt.Errorf("store: keys: %w", err)
	}
	var best headState
	found := false
	for i := range 2 {
		s, err := parseSlot(seal, byte(i), raw[24+i*slotBytes:24+(i+1)*slotBytes])
		if err == nil && (!found || s.write > best.write) {
			best, found = s, true
		}
	}
	if !found {
		return nil, headState{}, &DamageError{File: name, Cause: errors.New("wrong keys, or both copies are altered")}
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		return nil, headState{}, fmt.Errorf("store: open head: %w", err)
	}
	return &headFile{f: f, name: name, seal: seal, at: best}, best, nil
}

func createHead(dir, name string, key [32]byte) (*headFile, headState, error) {
	if old, err := badgerFiles(dir); err != nil {
		return nil, headState{}, err
	} else if len(old) > 0 {
		return nil, headState{}, &DamageError{File: name, Cause: errors.New("missing, though the store has data")}
	}
	var g [16]byte
	rand.Read(g[:]) //nolint:errcheck // never fails
	seal, err := newSealer(key, g)
	if err != nil {
		return nil, headState{}, fmt.Errorf("store: keys: %w", err)
	}
	raw := append([]byte(headMagic), g[:]...)
	for i := range 2 {
		raw = append(raw, seal.seal(forHead, byte(i), nil, headState{write: uint64(i)}.bytes())...)
	}
	if err := writeFile(dir, headName, raw); err != nil {
		return nil, headState{}, err
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		return nil, headState{}, fmt.Errorf("store: open head: %w", err)
	}
	st := headState{write: 1}
	return &headFile{f: f, name: name, seal: seal, at: st}, st, nil
}

func (s headState) bytes() []byte {
	b := make([]byte, headPlainLen)
	binary.LittleEndian.PutUint64(b, s.write)
	binary.LittleEndian.PutUint64(b[8:], s.acknowledged)
	if s.clean {
		b[16] = 1
	}
	return b
}

func parseSlot(seal *sealer, place byte, sealed []byte) (headState, error) {
	b, err := seal.open(forHead, place, nil, sealed)
	if err != nil {
		return headState{}, err
	}
	if len(b) != headPlainLen || b[16] > 1 {
		return headState{}, errSeal
	}
	return headState{
		write:        binary.LittleEndian.Uint64(b),
		acknowledged: binary.LittleEndian.Uint64(b[8:]),
		clean:        b[16] == 1,
	}, nil
}

// next is the write number that the coming put will have.
func (h *headFile) next() (uint64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.f == nil {
		return 0, ErrClosed
	}
	return h.at.write + 1, nil
}

// put writes and syncs the other slot.
func (h *headFile) put(acknowledged uint64, clean bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := headState{write: h.at.write + 1, acknowledged: acknowledged, clean: clean}
	place := int64(s.write % 2)
	sealed := h.seal.seal(forHead, byte(place), nil, s.bytes())
	if _, err := h.f.WriteAt(sealed, 24+place*slotBytes); err != nil {
		return fmt.Errorf("store: write %s: %w", h.name, err)
	}
	if err := syncData(h.f); err != nil {
		return fmt.Errorf("store: sync %s: %w", h.name, err)
	}
	h.at = s
	return nil
}

func (h *headFile) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.f.Close()
	if err != nil {
		return fmt.Errorf("store: close %s: %w", h.name, err)
	}
	return nil
}

// readSmall reads a whole file of at most max bytes; a longer one is cut at max+1, so that the caller sees the length.
func readSmall(name string, max int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(f, max+1))
	return b.Bytes(), err
}

// writeFile replaces a file of the store durably: new file, sync, rename, sync of the folder.
func writeFile(dir, name string, data []byte) error {
	tmp := path(dir, name+".new")
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("store: write %s: %w", tmp, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path(dir, name))
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("store: write %s: %w", path(dir, name), err)
	}
	return nil
}
