package durable

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestReplaceKeepsTheOldBytesUntilTheNewOnesAreThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	for _, want := range []string{"one", "two"} {
		if err := WriteFile(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Fatalf("%q %v", got, err)
		}
	}
	broken := errors.New("broken")
	err := Replace(path, func(w io.Writer) error {
		io.WriteString(w, "half of thr") //nolint:errcheck // thrown away below
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "two" {
		t.Fatalf("after a failed replacement: %q %v", got, err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Fatalf("left behind: %v %v", names, err)
	}
}

func TestRoom(t *testing.T) {
	dir := t.TempDir()
	free, err := Free(dir)
	if err != nil {
		t.Skipf("this system does not tell its free space (%v)", err)
	}
	if err := Room(dir, int64(free)); !errors.Is(err, ErrDiskFull) {
		t.Errorf("all that is free and the reserve: %v", err)
	}
	if free > 2*ReserveBytes {
		if err := Room(dir, 0); err != nil {
			t.Errorf("nothing: %v", err)
		}
	}
	if err := Room(filepath.Join(dir, "nowhere"), 1<<60); err != nil {
		t.Errorf("a system that cannot tell: %v", err)
	}
	if err := Wrap(fmt.Errorf("other: %w", io.EOF)); errors.Is(err, ErrDiskFull) {
		t.Error("another error was called a full disk")
	}
}
