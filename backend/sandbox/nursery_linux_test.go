package sandbox

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

func init() {
	// A signal to another process when bytes come: children of one nursery see each other's numbers.
	ofSystem["signal"] = func() (parse.Result, error) {
		_, err := unix.FcntlInt(0, unix.F_SETOWN, 1)
		if err != nil {
			_, err = unix.FcntlInt(0, unix.F_SETSIG, int(unix.SIGKILL))
		}
		return attempt(err)
	}
}

// A captured child cannot make the system signal another one.
func TestChildrenCannotStopEachOther(t *testing.T) {
	if level, text := Status(); level != LevelFull {
		t.Skipf("no full confinement here (%s): nothing is checked", text)
	}
	r, err := Parse(context.Background(), format{}, input([]byte("signal")), func(*event.Event) error { return nil })
	if err != nil || !strings.HasPrefix(r.Note, "refused: operation not permitted") {
		t.Fatalf("%+v %v", r, err)
	}
}

// A nursery that has ended is replaced, and its children end with it.
func TestNurseryIsReplaced(t *testing.T) {
	if level, text := Status(); level != LevelFull && level != LevelPartial || noNamespaces.Load() {
		t.Skipf("this system has no namespaces for us (%s): nothing is checked", text)
	}
	spare.drop()
	c, err := startIdle()
	if err != nil || c.holds&ownNamespaces == 0 {
		t.Fatal(err, c.holds)
	}
	children.mu.Lock()
	children.conn.Close() // it ends when we do
	children.mu.Unlock()
	if kind, _, err := readFrame(c.out, nil, fromChild); err == nil {
		t.Errorf("the child outlived the nursery: %q", kind)
	}
	c.kill()
	t.Log(c.reap())
	spare.drop()
	for range 2 {
		r, err := Parse(context.Background(), format{}, input([]byte("panic")), func(*event.Event) error { return nil })
		if err != nil || r.Parsed != 1 {
			t.Fatalf("%+v %v", r, err)
		}
	}
	if noNamespaces.Load() {
		t.Error("namespaces were given up")
	}
}
