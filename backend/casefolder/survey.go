package casefolder

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// A record is read in blocks and never held whole: a hundred thousand entries are 180 MB in each copy.

// passing is what is noted of entries.log while it passes by at opening.
type passing struct {
	numbers   []uint64 // of the whole frames, ascending
	decodable bool     // all of them are entries
	heads     map[string]head
}

func newPassing() *passing { return &passing{decodable: true, heads: map[string]head{}} }

func (p *passing) newest() uint64 {
	if len(p.numbers) == 0 {
		return 0
	}
	return p.numbers[len(p.numbers)-1]
}

// see notes a block. It hashes the newest line of each author in it, not every line on the way.
func (p *passing) see(block []entrylog.Frame) error {
	var order []string
	newest := map[string]Raw{}
	for _, fr := range block {
		p.numbers = append(p.numbers, fr.Number)
		r, _, err := cutEntry(fr.Data)
		if err != nil {
			p.decodable = false
			continue
		}
		old, had := newest[r.Author]
		if !had {
			order = append(order, r.Author)
		}
		if !had || r.Seq >= old.Seq {
			newest[r.Author] = r
		}
	}
	for _, a := range order {
		addHead(p.heads, newest[a])
	}
	return nil
}

// copies is what each of the two copies has of every position, and where to get it.
type copies struct {
	have   []presence // of position 1 + index
	read   *passing
	kept   *stored
	log    entrylog.Reader
	record *store.DB
}

// presence of one position. An entry is one that decodes.
type presence struct {
	frame  bool // entries.log has a whole frame
	log    bool // and it is an entry
	store  bool // store/record has the entry
	differ bool // both have one, and not the same
}

// survey reads both copies beside each other. What store/record had is asked of kept when it was made anew.
func (f *Folder) survey(read *passing, kept *stored) (*copies, error) {
	c := &copies{read: read, kept: kept, record: f.record, have: make([]presence, max(read.newest(), kept.last))}
	if f.log != nil {
		c.log = f.log.Reader()
	}
	err := f.record.View(func(tx *store.Tx) error {
		err := c.log.Each(0, len(read.numbers), func(block []entrylog.Frame) error {
			return c.compare(tx, block)
		})
		if err != nil {
			return err
		}
		for n := uint64(1); ; n++ {
			switch {
			case n <= uint64(len(c.have)) && c.have[n-1].frame:
			case n > uint64(len(c.have)) && kept.fresh:
				return nil
			default:
				b, err := c.second(tx, n)
				if errors.Is(err, store.ErrNotFound) && n > uint64(len(c.have)) {
					return nil
				}
				if n > uint64(len(c.have)) {
					c.have = append(c.have, presence{})
				}
				if err := c.note(n, b, err); err != nil {
					return err
				}
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("casefolder: compare %s with %s: %w", entriesName, recordName, err)
	}
	slices.Sort(kept.damaged)
	return c, nil
}

// compare looks at a block of the log and what store/record has in its places.
func (c *copies) compare(tx *store.Tx, block []entrylog.Frame) error {
	seconds, errs := c.seconds(tx, block)
	for i, fr := range block {
		h := &c.have[fr.Number-1]
		h.frame, h.log = true, decodable(fr.Data)
		if err := c.note(fr.Number, seconds[i], errs[i]); err != nil {
			return err
		}
		h.differ = h.log && h.store && !bytes.Equal(fr.Data, seconds[i])
	}
	return nil
}

// seconds reads what store/record has in the places of a block, on all cores.
func (c *copies) seconds(tx *store.Tx, block []entrylog.Frame) ([][]byte, []error) {
	out, errs := make([][]byte, len(block)), make([]error, len(block))
	workers := min(runtime.GOMAXPROCS(0), 1+len(block)/64)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(block); i += workers {
				out[i], errs[i] = c.second(tx, block[i].Number)
			}
		})
	}
	wg.Wait()
	return out, errs
}

// second reads the second copy of an entry.
func (c *copies) second(tx *store.Tx, n uint64) ([]byte, error) {
	if !c.kept.fresh {
		return tx.Get(entryKey(n))
	}
	if b, ok := c.kept.entries[n]; ok {
		return b, nil
	}
	return nil, store.ErrNotFound
}

// note notes what reading the second copy of an entry gave; an error is a failure of the system.
func (c *copies) note(n uint64, b []byte, err error) error {
	switch {
	case err == nil:
		c.have[n-1].store = decodable(b)
	case errors.Is(err, store.ErrDamaged):
		c.kept.damaged = append(c.kept.damaged, n)
	case errors.Is(err, store.ErrNotFound):
		return nil
	default:
		return err
	}
	c.kept.last = max(c.kept.last, n)
	return nil
}

// data reads an entry from whichever copy has it, entries.log first.
func (c *copies) data(n uint64) (b []byte, err error) {
	if at, ok := slices.BinarySearch(c.read.numbers, n); ok && c.have[n-1].log {
		err = c.log.Each(at, at+1, func(block []entrylog.Frame) error {
			b = slices.Clone(block[0].Data)
			return nil
		})
		return b, err
	}
	err = c.record.View(func(tx *store.Tx) error {
		b, err = c.second(tx, n)
		return err
	})
	return b, err
}

// frames hands out entries to be written into a new log. The present one lies at path.
func (c *copies) frames(all []uint64, path string) func(write func(entrylog.Frame) error) error {
	return func(write func(entrylog.Frame) error) error {
		if len(c.read.numbers) > 0 {
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			c.log = c.log.From(file)
		}
		for _, n := range all {
			b, err := c.data(n)
			if err != nil {
				return err
			}
			if err := write(entrylog.Frame{Number: n, Data: b}); err != nil {
				return err
			}
		}
		return nil
	}
}

func decodable(b []byte) bool {
	_, _, err := decodeEntry(b)
	return err == nil
}
