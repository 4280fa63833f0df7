// Package sandbox runs the parser of a binary format in a child process that has no network, no files and bounded memory
// and time, so that no evidence can hang, crash or read anything (DESIGN §5).
//
// Stage 2 of the flow: evidence calls Parse for formats whose Binary is true. The child is this same program, started
// again (MaybeChild); on Linux a second process, which never sees evidence, starts it in namespaces (nursery_linux.go). Each
// item has a child of its own. Evidence bytes go to it over a pipe on request, so nothing of a sealed item is ever on the disk in
// plain and items of any size work on every system; events come back over another pipe in bounded frames (wire.go).
//
// It keeps true that whatever a child does, Parse ends: with events that have the shape event.Event promises and a
// result that fits them, or with a failed result that says why. The child is taken to be captured by what it reads;
// nothing it sends is believed (check.go). Where the system forbids part of the confinement, the rest holds and Status
// says so.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// ErrNoChild says that no child could be started at all. Nothing is parsed outside a child instead.
var ErrNoChild = errors.New("sandbox: cannot start a parser child")

// Parse runs f on in inside a child under DefaultLimits. It behaves as parse.Format.Parse does: an error is ctx's, emit's,
// ErrNeedsAnswer or ErrNoChild; whatever the item did to its parser is in the result. When the result is failed, events
// already emitted must be dropped: where the child was stopped depends on the machine.
func Parse(ctx context.Context, f parse.Format, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return DefaultLimits().Parse(ctx, f, in, emit)
}

// Parse is Parse under these limits.
func (l Limits) Parse(ctx context.Context, f parse.Format, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	if err := ctx.Err(); err != nil {
		return parse.Result{}, err
	}
	cpu := l.CPU + time.Duration(in.Size)*l.CPUPerByte
	q := request{
		Format: f.Name(), Size: in.Size, Name: in.Name, Started: in.Started,
		ZoneBy: in.Assume.ZoneBy, Year: in.Assume.Year, YearBy: in.Assume.YearBy, ModTime: in.Assume.ModTime, Columns: in.Assume.Columns,
		Memory: l.MemoryBytes, CPUSeconds: uint64((cpu + time.Second - 1) / time.Second),
	}
	if z := in.Assume.Zone; z != nil {
		q.ZoneName = z.String()
		_, q.ZoneOffset = in.Started.In(z).Zone()
	}
	c, err := start(q)
	if err != nil {
		return parse.Result{}, err
	}
	spare.prepare()
	s := &session{child: c, in: in, parser: f.Name(), version: f.Version(), emit: emit, cpu: time.Duration(q.CPUSeconds) * time.Second, stall: l.Stall, wait: l.Wait + 2*time.Duration(in.Size)*l.CPUPerByte}
	defer context.AfterFunc(ctx, c.kill)()
	err = s.run()
	c.kill() // it has ended, or is not to be waited for
	crash := c.reap()
	switch {
	case ctx.Err() != nil:
		return parse.Result{}, ctx.Err()
	case s.emitErr != nil:
		return parse.Result{}, s.emitErr
	case err == nil:
		return s.result()
	}
	return parse.Result{Status: parse.StatusFailed, Note: s.why(err, crash)}, nil
}

// session is the parent's side of one item.
type session struct {
	child   *child
	in      parse.Input
	parser  string
	version string
	emit    func(*event.Event) error
	stall   time.Duration
	wait    time.Duration
	cpu     time.Duration // what the child may use
	waited  time.Duration
	stopped string // why we killed it
	seen    int64
	times   parse.Result // First and Last of what was seen
	reply   *reply
	emitErr error
}

var errStopped = errors.New("stopped")

// run answers the child until its result is there.
func (s *session) run() error {
	dec := &decoder{size: s.in.Size}
	var buf []byte
	var data []byte
	for {
		kind, payload, err := s.next(buf)
		buf = payload
		if err != nil {
			return err
		}
		switch kind {
		case frameConfined:
		case frameRead:
			data, err = s.serve(payload, data)
		case frameEvents:
			err = s.events(dec, payload)
		case frameResult:
			s.reply, err = decodeReply(payload, s.seen)
			return err
		default:
			return fmt.Errorf("%w: type %q", errFrame, kind)
		}
		if err != nil {
			return err
		}
	}
}

// next waits for a frame.
func (s *session) next(buf []byte) (kind byte, payload []byte, err error) {
	err = s.watched(func() error {
		kind, payload, err = readFrame(s.child.out, buf, fromChild)
		return err
	})
	return kind, payload, err
}

// watched does what depends on the child: waiting for a frame, and writing to a pipe that it may not be reading. Only
// this is limited; what the store takes to swallow events is not the child's fault.
func (s *session) watched(f func() error) error {
	left := s.wait - s.waited
	limit, why := s.stall, "it was silent for too long"
	if left < limit {
		limit, why = left, "it took too long"
	}
	timer := time.AfterFunc(limit, s.child.kill)
	began := time.Now() // a monotonic stretch, never a date
	err := f()
	s.waited += time.Since(began)
	if !timer.Stop() {
		s.stopped = why
		return errStopped
	}
	return err
}

// serve answers a question for bytes of the item. It returns its buffer for the next time.
func (s *session) serve(q, data []byte) ([]byte, error) {
	if len(q) != 12 {
		return data, fmt.Errorf("%w: read", errFrame)
	}
	at, length := be64(q), int64(be32(q[8:]))
	if at < 0 || length > maxReadBytes || at > s.in.Size || length > s.in.Size-at {
		return data, fmt.Errorf("%w: read of %d bytes at %d in an item of %d", errFrame, length, at, s.in.Size)
	}
	data = slices.Grow(data[:0], int(length)+1)[:length+1]
	n, err := s.in.Reader.ReadAt(data[:length], at)
	if int64(n) == length {
		data[length] = 0
		return data, s.watched(func() error { return writeFrame(s.child.in, frameData, data) })
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	text := []byte(bounded("the item cannot be read: " + err.Error()))
	return data, s.watched(func() error { return writeFrame(s.child.in, frameData, text, []byte{1}) })
}

func (s *session) events(dec *decoder, payload []byte) error {
	if err := dec.begin(payload); err != nil {
		return err
	}
	for {
		e, err := dec.next()
		if e == nil {
			return err
		}
		e.Parser, e.Version = s.parser, s.version
		s.seen++
		if len(e.Times) > 0 {
			s.times.Saw(e.Times[0].At)
		}
		if err := s.emit(e); err != nil {
			s.emitErr = err
			return err
		}
	}
}

// result is what the child said, after the check, with what was counted here.
func (s *session) result() (parse.Result, error) {
	r := s.reply.Result
	r.First, r.Last = s.times.First, s.times.Last
	switch {
	case s.reply.NeedsAnswer:
		return r, fmt.Errorf("%w: %s", parse.ErrNeedsAnswer, strings.TrimPrefix(s.reply.Err, parse.ErrNeedsAnswer.Error()+": "))
	case s.reply.Fault && s.seen > 0:
		// The fault comes at the same place on every machine, so what came before it may stay.
		return parse.Result{Status: parse.StatusPartial, Read: s.seen, Parsed: s.seen, First: r.First, Last: r.Last,
			Note: "the parser met a fault of its own and stopped there: " + s.reply.Err}, nil
	case s.reply.Fault:
		return parse.Result{Status: parse.StatusFailed, Note: "the parser met a fault of its own: " + s.reply.Err}, nil
	case s.reply.Err != "":
		return parse.Result{Status: parse.StatusFailed, Note: s.reply.Err}, nil
	}
	return r, nil
}

// why words the end of a child that gave no result.
func (s *session) why(err error, crash string) string {
	lead := "the parser child was stopped, nothing of the item was taken: "
	switch {
	case s.stopped != "":
		return lead + s.stopped
	case errors.Is(err, errFrame), errors.Is(err, errEvent):
		return lead + "it sent something that no parser sends (" + bounded(err.Error()) + ")"
	case s.child.used > s.cpu/10*9: // the kernel counts in ticks
		return lead + "it used more processor time than it may"
	case strings.Contains(crash, "out of memory") || strings.Contains(crash, "cannot allocate memory"):
		return lead + "it wanted more memory than it may have"
	}
	if i := strings.Index(crash, "fatal error: "); i >= 0 { // the Go runtime's own line; a stack trace helps nobody here
		crash, _, _ = strings.Cut(crash[i:], "\n")
	}
	return lead + "it ended without a result (" + bounded(crash) + ")"
}
