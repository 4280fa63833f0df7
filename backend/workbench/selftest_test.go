package workbench

import (
	"net"
	"runtime"
	"slices"
	"testing"
)

// TestOpenSocketsAreNamed: a listener shows with its address while it is open, and not after.
func TestOpenSocketsAreNamed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: open sockets; only Linux lists them")
	}
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	want := "tcp " + ln.Addr().String()
	got, err := openSockets()
	if err != nil || !slices.Contains(got, want) {
		t.Errorf("%v (%v), want %s in it", got, err, want)
	}
	ln.Close()
	if got, err = openSockets(); err != nil || slices.Contains(got, want) {
		t.Errorf("closed, and still %v (%v)", got, err)
	}
}
