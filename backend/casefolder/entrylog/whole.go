package entrylog

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// readWhole reads a log in which nothing is damaged, all at once and with all cores: every frame is authenticated, and the
// frames follow each other without a byte between them to the end of the file. Any doubt is an error; scan then says what
// it is. The frames share the memory into which the file was read: they are decrypted in place.
func readWhole(r io.ReaderAt, s *sealer, size int64) (frames []Frame, end int64, err error) {
	if size < framesStart {
		return nil, 0, io.ErrUnexpectedEOF
	}
	all := make([]byte, size-framesStart)
	if _, err := io.ReadFull(io.NewSectionReader(r, framesStart, size-framesStart), all); err != nil {
		return nil, 0, fmt.Errorf("entrylog: read: %w", err)
	}
	var sealed [][]byte
	for rest := all; len(rest) > 0; {
		number, length, err := frameHeader(rest)
		total := frameHeaderSize + nonceSize + length
		switch {
		case err != nil:
			return nil, 0, err
		case total > int64(len(rest)):
			return nil, 0, io.ErrUnexpectedEOF
		case len(frames) > 0 && number <= frames[len(frames)-1].Number:
			return nil, 0, fmt.Errorf("frame %d stands behind frame %d", number, frames[len(frames)-1].Number)
		}
		frames = append(frames, Frame{Number: number, tag: tagOf(rest[:total])})
		sealed = append(sealed, rest[:total:total])
		rest = rest[total:]
	}
	if !openAll(s, sealed, frames) {
		return nil, 0, errHeader
	}
	return frames, size, nil
}

// openAll decrypts frames in place; false when one of them is not what was sealed.
func openAll(s *sealer, sealed [][]byte, frames []Frame) bool {
	const batch = 64
	var wg sync.WaitGroup
	var next atomic.Int64
	var bad atomic.Bool
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for !bad.Load() {
				from := int(next.Add(batch)) - batch
				if from >= len(sealed) {
					return
				}
				for i := from; i < min(from+batch, len(sealed)); i++ {
					rest := sealed[i][frameHeaderSize:]
					plain, err := s.aead.Open(rest[nonceSize:nonceSize], rest[:nonceSize], rest[nonceSize:], s.additional(sealed[i]))
					if err != nil {
						bad.Store(true)
						return
					}
					frames[i].Data = plain
				}
			}
		})
	}
	wg.Wait()
	return !bad.Load()
}
