package entrylog

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"golang.org/x/crypto/chacha20poly1305"
)

// The layout, version 1. Integers are big endian.
//
//	file    offset 0   header copy, 36 bytes: magic[16] id[16] crc32c[4] over the first 32
//	        offset 36  the same again, so that one damaged byte does not cost the whole log
//	        offset 72  frames
//	frame   0  magic[4] AD 4A 45 01
//	        4  length of the sealed part, uint32 (plaintext + 16)
//	        8  number, uint64: 1, 2, 3 …; a number that is missing is a frame that is missing
//	        16 crc32c[4] over bytes 0–15: finds the next frame after damage; it proves nothing
//	        20 nonce[24], random
//	        44 sealed
//
// Sealed is XChaCha20-Poly1305 under HKDF-SHA-256(key, salt id, info below); the additional data is id and bytes 0–15,
// so a frame fits one place of one log only. The nonce is random and long: a frame that a crash cut off is written again
// under the same number with other bytes, and a counter would repeat there.
//
// A change of any of this is a new magic; version 1 stays readable.
const (
	headerSize      = 36
	framesStart     = 2 * headerSize
	frameHeaderSize = 20
	nonceSize       = chacha20poly1305.NonceSizeX
	sealOverhead    = chacha20poly1305.Overhead
	frameOverhead   = frameHeaderSize + nonceSize + sealOverhead
	keyInfo         = "adjutant entrylog v1"
)

// MaxFrameBytes bounds the plaintext of one frame: a record entry with its body is far smaller, and a damaged length must
// not make the reader allocate more.
const MaxFrameBytes = 64 << 20

var (
	fileMagic  = [16]byte{'a', 'd', 'j', 'u', 't', 'a', 'n', 't', ' ', 'l', 'o', 'g', ' ', '1', '\n', 0}
	frameMagic = [4]byte{0xAD, 'J', 'E', 1}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	errHeader  = errors.New("not a frame header")
)

type fileID [16]byte

func encodeHeader(id fileID) []byte {
	b := make([]byte, 0, framesStart)
	for range 2 {
		start := len(b)
		b = append(b, fileMagic[:]...)
		b = append(b, id[:]...)
		b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
	}
	return b
}

// decodeHeader returns the id and whether both copies were whole.
func decodeHeader(b []byte) (id fileID, whole bool, err error) {
	good := 0
	for i := range 2 {
		if len(b) < (i+1)*headerSize {
			continue
		}
		c := b[i*headerSize : (i+1)*headerSize]
		if !bytes.Equal(c[:16], fileMagic[:]) || binary.BigEndian.Uint32(c[32:]) != crc32.Checksum(c[:32], castagnoli) {
			continue
		}
		if good > 0 && !bytes.Equal(id[:], c[16:32]) {
			return id, false, errors.New("the two header copies disagree")
		}
		copy(id[:], c[16:32])
		good++
	}
	if good == 0 {
		return id, false, errors.New("no whole header")
	}
	return id, good == 2, nil
}

// sealer seals and opens the frames of one log.
type sealer struct {
	id   fileID
	aead interface {
		Seal(dst, nonce, plain, ad []byte) []byte
		Open(dst, nonce, sealed, ad []byte) ([]byte, error)
	}
}

func newSealer(key [32]byte, id fileID) (*sealer, error) {
	k, err := hkdf.Key(sha256.New, key[:], id[:], keyInfo, chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	defer clear(k)
	a, err := chacha20poly1305.NewX(k)
	if err != nil {
		return nil, err
	}
	return &sealer{id: id, aead: a}, nil
}

func (s *sealer) additional(header []byte) []byte {
	return append(append(make([]byte, 0, len(s.id)+16), s.id[:]...), header[:16]...)
}

// seal appends the whole frame to b.
func (s *sealer) seal(b []byte, number uint64, nonce [nonceSize]byte, plain []byte) ([]byte, error) {
	if len(plain) > MaxFrameBytes {
		return nil, fmt.Errorf("entrylog: frame %d has %d bytes, at most %d are allowed", number, len(plain), MaxFrameBytes)
	}
	start := len(b)
	b = append(b, frameMagic[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(plain)+sealOverhead))
	b = binary.BigEndian.AppendUint64(b, number)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:start+16], castagnoli))
	b = append(b, nonce[:]...)
	return s.aead.Seal(b, nonce[:], plain, s.additional(b[start:])), nil
}

// frameHeader reads number and sealed length; the bytes are believed only after open.
func frameHeader(b []byte) (number uint64, sealed int64, err error) {
	if len(b) < frameHeaderSize || !bytes.Equal(b[:4], frameMagic[:]) ||
		binary.BigEndian.Uint32(b[16:]) != crc32.Checksum(b[:16], castagnoli) {
		return 0, 0, errHeader
	}
	n := binary.BigEndian.Uint32(b[4:])
	if n < sealOverhead || n > MaxFrameBytes+sealOverhead {
		return 0, 0, errHeader
	}
	return binary.BigEndian.Uint64(b[8:]), int64(n), nil
}

// open returns the plaintext of a whole frame.
func (s *sealer) open(frame []byte) ([]byte, error) {
	rest := frame[frameHeaderSize:]
	return s.aead.Open(nil, rest[:nonceSize], rest[nonceSize:], s.additional(frame))
}
