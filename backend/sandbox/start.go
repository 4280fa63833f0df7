package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func be64(b []byte) int64  { return int64(binary.BigEndian.Uint64(b)) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

func decodeReply(payload []byte, seen int64) (*reply, error) {
	var r reply
	if err := json.Unmarshal(payload, &r); err != nil {
		return nil, fmt.Errorf("%w: result: %w", errFrame, err)
	}
	return &r, checkReply(&r, seen)
}

// helloTime is how long a started program may take to say hello: a cold disk and a full laptop included.
const helloTime = 30 * time.Second

// noNamespaces is set when the system refused them once.
var noNamespaces atomic.Bool

// start hands the request to a child: the spare one, or one started now.
func start(q request) (*child, error) {
	ask, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoChild, err)
	}
	if c := spare.take(); c != nil {
		if writeFrame(c.in, frameRequest, ask) == nil {
			return c, nil
		}
		c.kill() // it died while it waited
		c.reap()
	}
	c, err := startIdle()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoChild, err)
	}
	if err := writeFrame(c.in, frameRequest, ask); err != nil {
		c.kill()
		return nil, fmt.Errorf("%w: %w (%s)", ErrNoChild, err, c.reap())
	}
	return c, nil
}

// startIdle starts a child that waits for its request, in namespaces of its own where the system permits.
func startIdle() (*child, error) {
	if haveNamespaces && !noNamespaces.Load() {
		if c, err := startOnce(true); err == nil {
			return c, nil
		}
		noNamespaces.Store(true)
	}
	return startOnce(false)
}

func startOnce(namespaces bool) (*child, error) {
	var theirs [3]*os.File
	defer func() {
		for _, f := range theirs { // or the child's end would never be seen to close
			if f != nil {
				f.Close() //nolint:errcheck // the child has its own
			}
		}
	}()
	var ours [3]*os.File
	var err error
	for i := range ours {
		if i == 0 {
			theirs[i], ours[i], err = os.Pipe()
		} else {
			ours[i], theirs[i], err = os.Pipe()
		}
		if err != nil {
			break
		}
	}
	c := &child{in: ours[0], out: ours[1]}
	switch {
	case err != nil:
	case namespaces:
		c.process, err = startInside(theirs)
		c.holds |= ownNamespaces
	default:
		c.process, err = startOwn(theirs)
	}
	if err != nil {
		for _, f := range ours {
			f.Close() //nolint:errcheck // nothing was written
		}
		return nil, err
	}
	for i, f := range theirs {
		f.Close() //nolint:errcheck // the child has its own
		theirs[i] = nil
	}
	c.stderr = readTail(ours[2])
	widen(c.in)
	widen(c.out)
	if err := c.greet(); err != nil {
		c.kill()
		return nil, fmt.Errorf("%w (%s)", err, c.reap())
	}
	return c, nil
}

// greet waits for hello.
func (c *child) greet() error {
	timer := time.AfterFunc(helloTime, c.kill)
	defer timer.Stop()
	kind, payload, err := readFrame(c.out, nil, fromChild)
	if err != nil {
		return fmt.Errorf("no hello: %w", err)
	}
	if kind != frameHello || len(payload) != 2 || payload[0] != protocolVersion {
		return fmt.Errorf("%w: no hello of ours; the program must call sandbox.MaybeChild first thing", errFrame)
	}
	return nil
}

// The system sends the death signal (attributes) when the thread that started the child ends, so all children are started
// from one thread that lives as long as the process.
var spawner = sync.OnceValue(func() chan func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

func onSpawner(f func() error) error {
	done := make(chan error)
	spawner() <- func() { done <- f() }
	return <-done
}
