package entrylog

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// A log is read in blocks: some megabytes of it at a time, decrypted in place with all cores, so that reading takes no more
// memory for a long record than for a short one.
const (
	blockBytes = 2 << 20  // enough frames for all cores, and far below what a case takes in memory
	leastBytes = 16 << 10 // behind damage: what is decrypted in vain when the next frame is damaged too
)

// blockReader reads blocks of whole frames.
type blockReader struct {
	r    io.ReaderAt
	seal *sealer
	size int64
	most int64 // bytes of a block, unless its first frame is longer
	buf  []byte
}

// careful makes the next blocks small: where there is damage there may be more.
func (b *blockReader) careful() { b.most = leastBytes }

// read returns the frames that follow each other from an offset on, ending where the block ends or anything is in doubt:
// none when the first one is. after says that their numbers have to be greater than last. They are valid until the next call.
func (b *blockReader) read(at int64, last uint64, after bool) []Frame {
	all := b.fill(at, min(b.most, b.size-at))
	if _, length, err := frameHeader(all); err == nil {
		if total := frameHeaderSize + nonceSize + length; total > int64(len(all)) && total <= b.size-at {
			all = b.fill(at, total)
		}
	}
	b.most = min(2*b.most, blockBytes)
	var frames []Frame
	var sealed [][]byte
	for rest := all; len(rest) > 0; {
		number, length, err := frameHeader(rest)
		total := frameHeaderSize + nonceSize + length
		if err != nil || total > int64(len(rest)) || after && number <= last {
			break
		}
		frames = append(frames, Frame{Number: number, tag: tagOf(rest[:total]), place: place{at, uint32(total)}})
		sealed = append(sealed, rest[:total:total])
		rest, at, last, after = rest[total:], at+total, number, true
	}
	return frames[:openAll(b.seal, sealed, frames)]
}

// fill reads n bytes from an offset; fewer when the system gives no more.
func (b *blockReader) fill(at, n int64) []byte {
	if int64(cap(b.buf)) < n {
		b.buf = make([]byte, n)
	}
	got, _ := b.r.ReadAt(b.buf[:n], at) // what cannot be read is no frame: scan names it
	return b.buf[:got]
}

// openAll decrypts frames in place and returns how many of the first ones are what was sealed.
func openAll(s *sealer, sealed [][]byte, frames []Frame) int {
	const batch = 64
	var next, bad atomic.Int64
	bad.Store(int64(len(frames)))
	work := func() {
		for {
			from := next.Add(batch) - batch
			if from >= bad.Load() {
				return
			}
			for i := from; i < min(from+batch, int64(len(sealed))); i++ {
				rest := sealed[i][frameHeaderSize:]
				plain, err := s.aead.Open(rest[nonceSize:nonceSize], rest[:nonceSize], rest[nonceSize:], s.additional(sealed[i]))
				if err != nil {
					for was := bad.Load(); i < was && !bad.CompareAndSwap(was, i); was = bad.Load() {
					}
					return
				}
				frames[i].Data = plain
			}
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0)-1, len(frames)/batch) {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return int(bad.Load())
}

// Reader hands out frames of a log as they are now, while others may be appended: their bytes are read from the file again.
type Reader struct {
	r      io.ReaderAt
	seal   *sealer
	tags   []tag
	places []place
}

// Reader returns a reader of the present frames. It is of use until the log is closed or written anew.
func (l *Log) Reader() Reader { return Reader{l.f, l.seal, l.tags, l.places} }

// From reads the same frames from another handle of the same file.
func (r Reader) From(file io.ReaderAt) Reader {
	r.r = file
	return r
}

// Each hands out frames from and up to, not including, to in blocks, as Open does. Each frame is the one that was appended or
// opened, to the byte; the error names the first that is not any more.
func (r Reader) Each(from, to int, see func([]Frame) error) error {
	b := blockReader{r: r.r, seal: r.seal}
	for from < to {
		n, first := from+1, r.places[from]
		end := first.at + int64(first.length)
		for n < to && r.places[n].at == end && end+int64(r.places[n].length)-first.at <= blockBytes {
			end += int64(r.places[n].length)
			n++
		}
		b.most, b.size = end-first.at, end
		frames := b.read(first.at, 0, false)
		for i := range frames {
			if frames[i].tag != r.tags[from+i] || frames[i].place != r.places[from+i] {
				frames = frames[:i]
				break
			}
		}
		if len(frames) > 0 {
			if err := see(frames); err != nil {
				return err
			}
		}
		if from += len(frames); from < n {
			return fmt.Errorf("entrylog: read again: what lies at byte %d is not the frame that was there", r.places[from].at)
		}
	}
	return nil
}
