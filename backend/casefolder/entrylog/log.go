// Package entrylog is an append-only file of sealed, numbered frames: the second copy of a case's record, and of its
// drafts.
//
// It stands beside Badger inside casefolder, because Badger alone was measured to lose values without a word (DESIGN §3).
// It keeps true that Append has synced the frame when it returns nil; that no frame can be read, changed, moved or taken
// out unseen by someone who holds only the disk; and that damage costs the frame it hit and no other: reading goes on
// behind it and says what was passed over. It does not see frames taken from the end of the file together with every
// trace of them elsewhere; casefolder compares with the other copy for that.
//
// The byte layout stands in frame.go.
package entrylog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"adjutant/backend/casefolder/durable"
)

// Frame is one sealed unit.
type Frame struct {
	Number uint64
	Data   []byte
	tag    tag
	place  place
}

// tag is the authentication tag of a frame. It depends on every byte of the frame and on its place in this log.
type tag [sealOverhead]byte

func tagOf(frame []byte) tag { return tag(frame[len(frame)-sealOverhead:]) }

// Log is an open file. It is not safe for concurrent use; casefolder holds its own lock.
type Log struct {
	f      *os.File
	seal   *sealer
	rand   io.Reader
	end    int64   // offset behind the last whole frame
	tags   []tag   // of the whole frames, in file order
	places []place // of them
	broken error   // why no append may follow
}

// place is where a frame lies.
type place struct {
	at     int64
	length uint32 // of the whole frame
}

// ErrBroken says that an earlier append failed in a way that left the end of the file unknown; open the log again.
var ErrBroken = errors.New("entrylog: an earlier write failed; open the case again")

// Create makes a new log at path, which must not exist. Close it.
func Create(path string, key [32]byte, rand io.Reader) (*Log, error) {
	var id fileID
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return nil, fmt.Errorf("entrylog: random numbers: %w", err)
	}
	s, err := newSealer(key, id)
	if err != nil {
		return nil, fmt.Errorf("entrylog: key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, durable.FileMode)
	if err != nil {
		return nil, fmt.Errorf("entrylog: create: %w", durable.Wrap(err))
	}
	l := &Log{f: f, seal: s, rand: rand, end: framesStart}
	if _, err = f.Write(encodeHeader(id)); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = durable.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		f.Close()       //nolint:errcheck // the first error is the one to tell
		os.Remove(path) //nolint:errcheck // half a header helps nobody
		return nil, fmt.Errorf("entrylog: create: %w", durable.Wrap(err))
	}
	return l, nil
}

// Append seals data as frame number and returns when it is on the disk. When the write fails, the file is cut back to
// where it was; where that fails too, every later Append returns ErrBroken.
func (l *Log) Append(number uint64, data []byte) error { return l.AppendAll(number, data) }

// AppendAll seals several frames, numbered from first on, in one write and one sync. It fails as Append does: none of them
// is kept. When the power goes in between, any part of the write may be on the disk; none of it was acknowledged.
func (l *Log) AppendAll(first uint64, data ...[]byte) error {
	if l.broken != nil {
		return fmt.Errorf("%w (%w)", ErrBroken, l.broken)
	}
	size := 0
	for _, d := range data {
		size += frameOverhead + len(d)
	}
	frames := make([]byte, 0, size)
	var tags []tag
	var places []place
	for i, d := range data {
		var nonce [nonceSize]byte
		if _, err := io.ReadFull(l.rand, nonce[:]); err != nil {
			return fmt.Errorf("entrylog: random numbers: %w", err)
		}
		at := len(frames)
		var err error
		if frames, err = l.seal.seal(frames, first+uint64(i), nonce, d); err != nil {
			return err
		}
		tags, places = append(tags, tagOf(frames)), append(places, place{l.end + int64(at), uint32(len(frames) - at)})
	}
	_, err := l.f.WriteAt(frames, l.end)
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		l.cut(err)
		return fmt.Errorf("entrylog: append frame %d: %w", first, durable.Wrap(err))
	}
	l.end += int64(len(frames))
	l.tags, l.places = append(l.tags, tags...), append(l.places, places...)
	return nil
}

// Undo takes the last appended frames of the given plaintext lengths back off the file. casefolder calls it when the
// other copy could not be written, so that an append that was reported as failed does not come back at the next opening.
func (l *Log) Undo(plainLengths ...int) error {
	for _, n := range plainLengths {
		l.end -= int64(n + frameOverhead)
	}
	n := len(l.tags) - len(plainLengths) // clipped: who reads beside it keeps what it has
	l.tags, l.places = l.tags[:n:n], l.places[:n:n]
	l.cut(errors.New("the other copy could not be written"))
	return l.broken
}

func (l *Log) cut(cause error) {
	err := l.f.Truncate(l.end)
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		l.broken = errors.Join(cause, err)
	}
}

// Digest is one hash over all whole frames. Two logs with one digest hold the same frames in the same order: it is made of
// the log's id and the frames' tags, which nobody without the key can make fit other bytes.
func (l *Log) Digest() [sha256.Size]byte { return l.DigestOf(len(l.tags)) }

// DigestOf is Digest over the first n frames, at most as many as there are.
func (l *Log) DigestOf(n int) [sha256.Size]byte {
	h := sha256.New()
	h.Write(l.seal.id[:])
	for i := range l.tags[:n] {
		h.Write(l.tags[i][:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Frames is the number of whole frames.
func (l *Log) Frames() int { return len(l.tags) }

// Size is the length of the file in bytes.
func (l *Log) Size() int64 { return l.end }

// Close closes the file. Everything acknowledged is already on the disk.
func (l *Log) Close() error { return l.f.Close() }

// Rewrite writes a new log of the frames that each hands out in the place of path and opens it. The old bytes are replaced
// only when the new ones are on the disk.
func Rewrite(path string, key [32]byte, rand io.Reader, each func(write func(Frame) error) error) (*Log, error) {
	var id fileID
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return nil, fmt.Errorf("entrylog: random numbers: %w", err)
	}
	s, err := newSealer(key, id)
	if err != nil {
		return nil, fmt.Errorf("entrylog: key: %w", err)
	}
	l := &Log{seal: s, rand: rand, end: framesStart}
	err = durable.Replace(path, func(w io.Writer) error {
		if _, err := w.Write(encodeHeader(id)); err != nil {
			return err
		}
		return each(func(fr Frame) error {
			var nonce [nonceSize]byte
			if _, err := io.ReadFull(rand, nonce[:]); err != nil {
				return err
			}
			b, err := s.seal(nil, fr.Number, nonce, fr.Data)
			if err != nil {
				return err
			}
			if _, err := w.Write(b); err != nil {
				return err
			}
			l.keep(l.end, b)
			l.end += int64(len(b))
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("entrylog: rewrite: %w", err)
	}
	if l.f, err = os.OpenFile(path, os.O_RDWR, durable.FileMode); err != nil {
		return nil, fmt.Errorf("entrylog: rewrite: %w", err)
	}
	return l, nil
}

// keep notes a whole frame and where it lies.
func (l *Log) keep(at int64, frame []byte) {
	l.tags, l.places = append(l.tags, tagOf(frame)), append(l.places, place{at, uint32(len(frame))})
}
