package entrylog

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var key = [32]byte{1, 2, 3}

func data(n uint64) []byte { return bytes.Repeat([]byte{byte(n)}, int(n)*7) }

// write makes a log of frames 1 … count and returns its bytes and the offset behind each frame.
func write(t testing.TB, path string, count uint64) (file []byte, ends []int64) {
	t.Helper()
	os.Remove(path)
	l, err := Create(path, key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ends = append(ends, l.Size())
	for n := uint64(1); n <= count; n++ {
		if err := l.Append(n, data(n)); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, l.Size())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	file, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file, ends
}

// reopen writes file in the place of path and opens it.
func reopen(t testing.TB, path string, file []byte) (*Log, []Frame, []Damage, error) {
	t.Helper()
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	l, frames, damage, err := openAt(path, key)
	if err == nil {
		t.Cleanup(func() { l.Close() })
	}
	for _, fr := range frames {
		if !bytes.Equal(fr.Data, data(fr.Number)) {
			t.Fatalf("frame %d came back changed", fr.Number)
		}
	}
	return l, frames, damage, err
}

// openAt opens a log and keeps its frames.
func openAt(path string, key [32]byte) (*Log, []Frame, []Damage, error) {
	var frames []Frame
	l, damage, err := Open(path, key, rand.Reader, keep(&frames))
	return l, frames, damage, err
}

func keep(frames *[]Frame) func([]Frame) error {
	return func(block []Frame) error {
		for _, fr := range block {
			fr.Data = bytes.Clone(fr.Data)
			*frames = append(*frames, fr)
		}
		return nil
	}
}

func numbers(frames []Frame) string {
	s := ""
	for _, f := range frames {
		s += fmt.Sprint(f.Number, " ")
	}
	return s
}

func TestTruncatedAnywhereIsATornTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	file, ends := write(t, path, 4)
	for cut := int(ends[0]); cut <= len(file); cut++ {
		whole := 0
		for whole < 4 && ends[whole+1] <= int64(cut) {
			whole++
		}
		l, frames, damage, err := reopen(t, path, file[:cut])
		if err != nil {
			t.Fatal(err)
		}
		if len(frames) != whole {
			t.Fatalf("cut at %d: %d frames, want %d", cut, len(frames), whole)
		}
		if atEnd := ends[whole] == int64(cut); atEnd != (len(damage) == 0) {
			t.Fatalf("cut at %d: damage %v", cut, damage)
		}
		if len(damage) == 0 {
			continue
		}
		if len(damage) != 1 || !damage[0].Torn {
			t.Fatalf("cut at %d: damage %v", cut, damage)
		}
		if err := l.Append(5, data(5)); !errors.Is(err, ErrBroken) {
			t.Fatalf("cut at %d: append behind a torn tail: %v", cut, err)
		}
		if err := l.Cut(); err != nil {
			t.Fatal(err)
		}
		if err := l.Append(5, data(5)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryFlippedByteCostsAtMostItsFrame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	file, ends := write(t, path, 4)
	for at := range file {
		hit := 0 // 0: header
		for hit < 4 && int64(at) >= ends[hit] {
			hit++
		}
		bad := bytes.Clone(file)
		bad[at] ^= 1
		_, frames, damage, err := reopen(t, path, bad)
		if err != nil {
			t.Fatalf("byte %d: %v", at, err)
		}
		if len(damage) != 1 || damage[0].Torn {
			t.Fatalf("byte %d: damage %v", at, damage)
		}
		want := 4
		if hit > 0 {
			want = 3
			if damage[0].Offset != ends[hit-1] || damage[0].Offset+damage[0].Length != ends[hit] {
				t.Fatalf("byte %d in frame %d: damage %v", at, hit, damage)
			}
		}
		if len(frames) != want {
			t.Fatalf("byte %d: frames %s", at, numbers(frames))
		}
	}
}

// TestBlocks: frames that fill many blocks, some of them longer than one, come back in order; damage in the middle costs one
// frame, and the others are found in the blocks behind it.
func TestBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l, err := Create(path, key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const count = 600
	long := func(n uint64) []byte { return bytes.Repeat([]byte{byte(n)}, 9000+int(n%200/199)*3*blockBytes) }
	at := int64(0)
	for n := uint64(1); n <= count; n++ {
		if n == 300 {
			at = l.Size()
		}
		if err := l.Append(n, long(n)); err != nil {
			t.Fatal(err)
		}
	}
	for from := 0; from < count; from += 250 {
		n := uint64(from)
		err := l.Reader().Each(from, min(from+250, count), func(block []Frame) error {
			for _, fr := range block {
				if n++; fr.Number != n || !bytes.Equal(fr.Data, long(n)) {
					return fmt.Errorf("frame %d came as %d", n, fr.Number)
				}
			}
			return nil
		})
		if err != nil || n != uint64(min(from+250, count)) {
			t.Fatalf("frame %d: %v", n, err)
		}
	}
	l.Close()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte{1, 2, 3}, at+500); err != nil {
		t.Fatal(err)
	}
	file.Close()
	l, frames, damage, err := openAt(path, key)
	if err != nil || len(frames) != count-1 || len(damage) != 1 || damage[0].Number != 300 || damage[0].Offset != at {
		t.Fatalf("%d frames, damage %v, %v", len(frames), damage, err)
	}
	defer l.Close()
	for _, fr := range frames {
		if !bytes.Equal(fr.Data, long(fr.Number)) {
			t.Fatalf("frame %d came back changed", fr.Number)
		}
	}
	if err := l.Reader().Each(290, 310, func([]Frame) error { return nil }); err != nil {
		t.Fatalf("around the damage: %v", err)
	}
}

func TestMovedFramesAreSeen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	file, ends := write(t, path, 4)
	part := func(n int) []byte { return file[ends[n-1]:ends[n]] }
	head := file[:ends[0]]
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	other, _ := write(t, path+"2", 4)
	for _, c := range []struct {
		name   string
		file   []byte
		frames string
		damage int
	}{
		{"dropped: the number is missing", join(head, part(1), part(3), part(4)), "1 3 4 ", 0},
		{"swapped", join(head, part(1), part(3), part(2), part(4)), "1 3 4 ", 1},
		{"repeated", join(head, part(1), part(2), part(2), part(3), part(4)), "1 2 3 4 ", 1},
		{"of another log", join(head, part(1), other[ends[1]:ends[2]], part(3)), "1 3 ", 1},
		{"rubbish between", join(head, part(1), []byte("rubbish"), part(2)), "1 2 ", 1},
		{"zeros at the end, as file systems leave them", join(head, part(1), make([]byte, 5000)), "1 ", 1},
		{"rubbish larger than the search window", join(head, part(1), bytes.Repeat([]byte{0xAD}, 200_000), part(2)), "1 2 ", 1},
	} {
		_, frames, damage, err := reopen(t, path, c.file)
		if err != nil || numbers(frames) != c.frames || len(damage) != c.damage {
			t.Errorf("%s: frames %s, damage %v, %v", c.name, numbers(frames), damage, err)
		}
	}
}

func TestWrongKeyReadsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	write(t, path, 2)
	l, frames, damage, err := openAt(path, [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if len(frames) != 0 || len(damage) != 2 {
		t.Fatalf("frames %s, damage %v", numbers(frames), damage)
	}
}

func TestRewriteAndUndo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	write(t, path, 3)
	l, err := Rewrite(path, key, rand.Reader, func(write func(Frame) error) error {
		return errors.Join(write(Frame{Number: 1, Data: data(1)}), write(Frame{Number: 3, Data: data(3)}))
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := uint64(4); n <= 5; n++ {
		if err := l.Append(n, data(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Undo(len(data(5))); err != nil {
		t.Fatal(err)
	}
	var again []Frame
	if err := l.Reader().Each(1, 3, keep(&again)); err != nil || numbers(again) != "3 4 " || !bytes.Equal(again[1].Data, data(4)) {
		t.Fatalf("read again: %s, %v", numbers(again), err)
	}
	l.Close()
	l, frames, damage, err := openAt(path, key)
	if err != nil || len(damage) > 0 || numbers(frames) != "1 3 4 " {
		t.Fatalf("frames %s, damage %v, %v", numbers(frames), damage, err)
	}
	l.Close()
	if err := os.WriteFile(path, []byte("something else entirely"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := openAt(path, key); !errors.Is(err, ErrUnreadable) {
		t.Fatalf("another file: %v", err)
	}
}

// Any bytes behind a good header: no panic, no endless loop, and what is not a frame is named to the last byte.
func FuzzScan(f *testing.F) {
	file, ends := write(f, filepath.Join(f.TempDir(), "log"), 3)
	id, _, err := decodeHeader(file)
	if err != nil {
		f.Fatal(err)
	}
	s, err := newSealer(key, id)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file[ends[0]:])
	f.Add(file[ends[0]+3:])
	f.Add(append([]byte{0, 0}, file[ends[1]:]...))
	f.Add(bytes.Repeat(frameMagic[:], 20))
	f.Fuzz(func(t *testing.T, b []byte) {
		all := append(bytes.Clone(file[:ends[0]]), b...)
		var frames []Frame
		end, damage, _ := scan(bytes.NewReader(all), s, int64(len(all)), keep(&frames))
		covered := int64(framesStart)
		for _, fr := range frames {
			covered += int64(len(fr.Data)) + frameOverhead
		}
		for _, d := range damage {
			if d.Length <= 0 {
				t.Fatalf("damage without a length: %v", d)
			}
			covered += d.Length
		}
		if covered != int64(len(all)) || end > int64(len(all)) {
			t.Fatalf("%d of %d bytes are accounted for", covered, len(all))
		}
	})
}
