package timeline

import (
	"crypto/sha256"
	"fmt"

	"adjutant/backend/event"
	"adjutant/backend/store"
	"adjutant/backend/timeline/block"
)

// batch is the events of one block on their way in: only their columns and hashes, so that the memory of an event can be
// used again as soon as the next comes.
type batch struct {
	block.Builder
	sums []byte // hashes of the events as they came
	buf  []byte
}

// take takes in one event.
func (b *batch) take(e *event.Event) error {
	if err := b.Add(e); err != nil {
		return err
	}
	b.buf = appendEvent(b.buf[:0], e)
	sum := sha256.Sum256(b.buf)
	b.sums = append(b.sums, sum[:]...)
	return nil
}

// writeBlock encodes one block and stores it in one synced transaction.
func (im *Import) writeBlock(no uint32, from *batch) error {
	enc, err := im.encode(no, from)
	if err != nil {
		return err
	}
	err = im.t.db.Update(im.ctx, func(tx *store.Tx) error { return setBlock(tx, im.src.imp, no, enc) })
	if err != nil {
		return fmt.Errorf("timeline: write block %d: %w", no, err)
	}
	im.t.giveBack(from) // the block was in its memory
	return nil
}

// encode makes a block and notes what is in it. The block is in the memory of the batch. A panic over the events becomes
// an error: in a worker it would end the program.
func (im *Import) encode(no uint32, from *batch) (enc *block.Encoded, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("timeline: block %d: %v", no, p)
		}
	}()
	sums := from.inPlace()
	if enc, err = from.Encode(); err != nil {
		return nil, fmt.Errorf("timeline: block %d: %w", no, err)
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	b := &blk{src: im.src, no: no}
	if b.Header, err = block.DecodeHeader(enc.Header, im.names.intern); err != nil {
		return nil, fmt.Errorf("timeline: block %d reads back: %w", no, err)
	}
	im.blocks[no] = b
	im.sums[no] = sums
	im.src.count(b)
	for n := im.chain.blocks; n < len(im.sums) && im.sums[n] != nil; n++ {
		im.chain.add(im.sums[n])
		im.sums[n] = nil
	}
	return enc, nil
}

func setBlock(tx *store.Tx, imp, no uint32, enc *block.Encoded) error {
	for i, part := range enc.Parts {
		if len(part) == 0 {
			continue
		}
		if err := tx.Set(partKey(imp, no, uint16(i)), part); err != nil {
			return err
		}
	}
	return tx.Set(partKey(imp, no, partHeader), enc.Header)
}

// inPlace gives the hashes in the order in which the events stand in the file.
func (b *batch) inPlace() []byte {
	out := make([]byte, 0, len(b.sums))
	for _, ev := range b.ByPlace() {
		out = append(out, b.sums[ev*sha256.Size:(ev+1)*sha256.Size]...)
	}
	return out
}

// batch gives an empty batch: one that an earlier block has used, or a new one.
func (t *Timeline) batch() *batch {
	select {
	case b := <-t.batches:
		return b
	default:
		return new(batch)
	}
}

func (t *Timeline) giveBack(b *batch) {
	b.sums = b.sums[:0]
	if cap(b.buf) > block.MaxRawBytes/16 {
		b.buf = nil
	}
	select {
	case t.batches <- b:
	default: // more imports than usual
	}
}
