package sandbox

import (
	"context"
	"testing"

	"adjutant/backend/event"
)

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
