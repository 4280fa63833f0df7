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

// noNamespaces is set when the system refused them to the first child; a later fault passes.
var noNamespaces, hadNamespaces atomic.Bool

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
		for range 2 { // the nursery may have ended meanwhile
			if c, err := startOnce(true); err == nil {
				hadNamespaces.Store(true)
				return c, nil
			}
		}
		noNamespaces.Store(!hadNamespaces.Load())
	}
	return startOnce(false)
}

func startOnce(namespaces bool) (*child, error) {
	theirs, ours, err := pipes()
	if err != nil {
		return nil, err
	}
	c := &child{in: ours[0], out: ours[1]}
	if namespaces {
		c.process, err = startInside(theirs)
		c.holds |= ownNamespaces
	} else {
		c.process, err = startOwn(theirs)
	}
	closeAll(theirs) // or the child's end would never be seen to close
	if err != nil {
		closeAll(ours)
		return nil, err
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

// pipes makes a child's standard input, output and error, and our ends of them.
func pipes() (theirs, ours [3]*os.File, err error) {
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(theirs)
			closeAll(ours)
			return theirs, ours, err
		}
		theirs[i], ours[i] = w, r
		if i == 0 {
			theirs[i], ours[i] = r, w
		}
	}
	return theirs, ours, nil
}

func closeAll(files [3]*os.File) {
	for _, f := range files {
		f.Close() //nolint:errcheck // of a nil file too; nothing depends on it
	}
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
