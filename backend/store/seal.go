package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// sealer seals values for one generation of one store. The keys are HKDF-SHA-256 of Keys.Seal with the generation as
// salt, so that a value never opens in another store, even of the same case.
//
// Sealed form: 12 bytes random nonce, ciphertext, 16 bytes tag. Additional data: purpose byte, per-key counter byte,
// generation, key. 96 random bits allow 2^32 values a key with a collision chance below 2^-32.
type sealer struct {
	aead       cipher.AEAD
	generation [16]byte
	tallyKey   [32]byte
}

const sealOverhead = 12 + 16

// Purposes keep a value from being taken for a head and so on.
const (
	forValue     byte = 'v'
	forHead      byte = 'h'
	forInventory byte = 'i'
)

var errSeal = errors.New("value is empty, short or altered")

func newSealer(key [32]byte, generation [16]byte) (*sealer, error) {
	s := &sealer{generation: generation}
	k, err := hkdf.Key(sha256.New, key[:], generation[:], "adjutant store seal v1", 32)
	if err != nil {
		return nil, err
	}
	t, err := hkdf.Key(sha256.New, key[:], generation[:], "adjutant store tally v1", 32)
	if err != nil {
		return nil, err
	}
	copy(s.tallyKey[:], t)
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	s.aead, err = cipher.NewGCM(block)
	return s, err
}

func (s *sealer) additional(purpose, counter byte, key []byte) []byte {
	a := make([]byte, 0, 2+len(s.generation)+len(key))
	a = append(a, purpose, counter)
	a = append(a, s.generation[:]...)
	return append(a, key...)
}

func (s *sealer) seal(purpose, counter byte, key, value []byte) []byte {
	out := make([]byte, s.aead.NonceSize(), len(value)+sealOverhead)
	rand.Read(out) //nolint:errcheck // crypto/rand.Read never fails since Go 1.24
	return s.aead.Seal(out, out, value, s.additional(purpose, counter, key))
}

func (s *sealer) open(purpose, counter byte, key, sealed []byte) ([]byte, error) {
	if len(sealed) < sealOverhead {
		return nil, errSeal
	}
	n := s.aead.NonceSize()
	v, err := s.aead.Open(nil, sealed[:n], sealed[n:], s.additional(purpose, counter, key))
	if err != nil {
		return nil, errSeal
	}
	return v, nil
}

// mark is what one live key adds to the tally: 128 keyed bits over key and counter.
func (s *sealer) mark(counter byte, key []byte) (a, b uint64) {
	buf := make([]byte, 0, 33+len(key))
	buf = append(buf, s.tallyKey[:]...)
	buf = append(buf, counter)
	sum := sha256.Sum256(append(buf, key...))
	return binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])
}
