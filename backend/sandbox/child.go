package sandbox

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
)

// childArg is how a child is started, nurseryArg the process that starts them. They look like flags, so that a program that
// forgot MaybeChild stops at an unknown flag instead of doing its work again and again.
const (
	childArg   = "-adjutant-parser-child"
	nurseryArg = "-adjutant-parser-nursery"
)

// MaybeChild must be called first thing in main, and in TestMain of tests that parse binary formats. In a process that
// was started as a parser child it does the child's work and never returns; in any other process it returns at once. The
// child knows every format of the product, and those given.
func MaybeChild(more ...parse.Format) {
	if len(os.Args) != 2 || os.Args[1] != childArg && os.Args[1] != nurseryArg {
		return
	}
	if os.Args[1] == nurseryArg {
		if err := runNursery(); err != nil {
			os.Exit(3)
		}
		os.Exit(0)
	}
	debug.SetTraceback("none") // a trace would hold addresses and, in panics, evidence
	runtime.GOMAXPROCS(min(maxChildThreads, runtime.NumCPU()))
	debug.SetGCPercent(childGCPercent)
	if err := runChild(os.Stdin, os.Stdout, append(formats.All(), more...)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

func runChild(in io.Reader, out io.Writer, known []parse.Format) error {
	if err := writeFrame(out, frameHello, []byte{protocolVersion, 0}); err != nil {
		return err
	}
	kind, payload, err := readFrame(in, nil, fromParent)
	if err != nil {
		return err
	}
	var q request
	if kind != frameRequest {
		return fmt.Errorf("%w: %q instead of a request", errFrame, kind)
	}
	if err := json.Unmarshal(payload, &q); err != nil {
		return fmt.Errorf("%w: request: %w", errFrame, err)
	}
	zone := q.zone() // reads the system's time zone files, so before the door closes
	holds := confine(q)
	if err := writeFrame(out, frameConfined, []byte{protocolVersion, byte(holds)}); err != nil || q.Probe {
		return err
	}
	for _, f := range known {
		if f.Name() == q.Format {
			c := &conversation{in: in, out: out, size: q.Size, enc: newEncoder()}
			return c.parse(f, q, zone)
		}
	}
	return fmt.Errorf("sandbox: this program has no format %q", q.Format)
}

func (q *request) zone() *time.Location {
	if q.ZoneName == "" {
		return nil
	}
	if z, err := time.LoadLocation(q.ZoneName); err == nil {
		return z
	}
	return time.FixedZone(q.ZoneName, q.ZoneOffset)
}

// conversation is the child's side of one item. It is the io.ReaderAt that the parser gets: what it has not kept it asks
// the parent for.
type conversation struct {
	in   io.Reader
	out  io.Writer
	size int64
	enc  *encoder
	sent int64
	odd  odd // times outside the calendar
	wide odd // events with more than a row can hold

	mu     sync.Mutex // a parser may read from several goroutines
	pieces map[int64][]byte
	order  []int64
}

// odd counts what was reshaped and keeps where the first one stands.
type odd struct{ count, at int64 }

func (o *odd) saw(n int, e *event.Event) {
	if n > 0 && o.count == 0 {
		o.at = e.Locator.Offset
	}
	o.count += int64(n)
}

func (c *conversation) parse(f parse.Format, q request, zone *time.Location) error {
	r := reply{}
	res, err := c.run(f, parse.Input{
		Reader: c, Size: q.Size, Name: q.Name, Started: q.Started, Transient: true,
		Assume: parse.Assume{Zone: zone, ZoneBy: q.ZoneBy, Year: q.Year, YearBy: q.YearBy, ModTime: q.ModTime, Columns: q.Columns},
	}, &r)
	if c.odd.count > 0 {
		res.Warn(c.odd.at, fmt.Sprintf("%d times lie outside the years 1 to 9999, the first one here; they stand as text in the field %s", c.odd.count, event.OutsideCalendar))
	}
	if c.wide.count > 0 {
		res.Warn(c.wide.at, fmt.Sprintf("%d events have more or longer fields than a row can hold, the first one here; the rest stands as text in the field %s", c.wide.count, event.FurtherFields))
	}
	r.Result = res
	if err != nil {
		r.Err, r.NeedsAnswer = err.Error(), errors.Is(err, parse.ErrNeedsAnswer)
	}
	if err := c.flush(); err != nil {
		return err
	}
	for i := range r.Result.Warnings {
		r.Result.Warnings[i].Text = bounded(r.Result.Warnings[i].Text)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeFrame(c.out, frameResult, b)
}

// run calls the parser and catches what it should never do.
func (c *conversation) run(f parse.Format, in parse.Input, r *reply) (res parse.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Fault = true
			res, err = parse.Result{Status: parse.StatusFailed}, fmt.Errorf("%v", p)
		}
	}()
	return f.Parse(context.Background(), in, c.emit)
}

func (c *conversation) emit(e *event.Event) error {
	c.odd.saw(e.KeepToCalendar(), e)
	if e.Fit() {
		c.wide.saw(1, e)
	}
	c.enc.event(e)
	c.sent++
	if c.enc.size() < batchBytes {
		return nil
	}
	return c.flush()
}

func (c *conversation) flush() error {
	if c.enc.count == 0 {
		return nil
	}
	c.mu.Lock() // the parser may be reading from another goroutine
	defer c.mu.Unlock()
	err := writeFrame(c.out, frameEvents, c.enc.parts()...)
	c.enc.next()
	return err
}

// ReadAt serves from the kept pieces and asks the parent for others, a whole piece at a time.
func (c *conversation) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("sandbox: read at %d", off)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for n < len(p) {
		at := off + int64(n)
		if at >= c.size {
			return n, io.EOF
		}
		number := at / maxReadBytes
		piece, ok := c.pieces[number]
		if !ok {
			if piece, err = c.ask(number); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], piece[at-number*maxReadBytes:])
	}
	return n, nil
}

func (c *conversation) ask(number int64) ([]byte, error) {
	at := number * maxReadBytes
	length := min(maxReadBytes, c.size-at)
	q := binary.BigEndian.AppendUint64(nil, uint64(at))
	q = binary.BigEndian.AppendUint32(q, uint32(length))
	if err := writeFrame(c.out, frameRead, q); err != nil {
		return nil, err
	}
	var room []byte // of the oldest piece
	if len(c.order) >= cachedPieces {
		room = c.pieces[c.order[0]][:0]
		delete(c.pieces, c.order[0])
		c.order = c.order[1:]
	}
	kind, payload, err := readFrame(c.in, room, fromParent)
	switch {
	case err != nil:
		return nil, err
	case kind != frameData || len(payload) == 0:
		return nil, fmt.Errorf("%w: %q instead of data", errFrame, kind)
	}
	end := len(payload) - 1
	switch {
	case payload[end] != 0:
		return nil, errors.New(string(payload[:end]))
	case int64(end) != length:
		return nil, fmt.Errorf("%w: %d bytes of %d", errFrame, end, length)
	}
	if c.pieces == nil {
		c.pieces = map[int64][]byte{}
	}
	c.pieces[number] = payload[:end]
	c.order = append(c.order, number)
	return payload[:end], nil
}
