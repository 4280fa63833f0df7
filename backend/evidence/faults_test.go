package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
)

var errPulled = errors.New("the disk was pulled out")

// An original that cannot be read to its end has a receipt that says how far it came, and is not taken.
func TestOriginalThatTurnsUnreadable(t *testing.T) {
	b := newBench(t)
	for _, seal := range []bool{true, false} {
		tk := &taker{in: b.in, meter: newMeter(b.in.Now)}
		p := newPrepared("evidence.log")
		p.item = newItem(p.label, time.Time{})
		r := io.MultiReader(strings.NewReader("log\none\n"), iotest.ErrReader(errPulled))
		read, err := tk.hash(ctx, r, &p.item, seal)
		var source *vault.ReadError
		if read != 8 || !errors.As(err, &source) {
			t.Fatalf("%d %v", read, err)
		}
		p.unreadable(ctx, err, read, 20)
		if p.err != nil || p.refuse == nil || p.refuse.Status != parse.StatusFailed || p.refuse.SHA256 != "" || p.refuse.Note != "cannot be read: the disk was pulled out (after 8 of 20 bytes)" {
			t.Errorf("%+v %v", p.refuse, p.err)
		}
	}
	if left, err := b.vault.Strangers(nil); err != nil || len(left) != 0 {
		t.Errorf("left in the vault: %v %v", left, err)
	}
}

// What lies behind the place where reading fails is not taken for absent: the receipt is partial whatever the parser says.
func TestContentThatTurnsUnreadable(t *testing.T) {
	whole := "log\n" + strings.Repeat("line\n", parse.HeadBytes/4)
	size, at := len(whole), parse.HeadBytes+3
	for _, c := range []struct {
		r      io.ReaderAt
		status parse.Status
		note   string
	}{
		{strings.NewReader(whole), parse.StatusOK, ""},
		{strings.NewReader(whole + "grown\n"), parse.StatusOK, ""},
		{strings.NewReader(whole[:at]), parse.StatusPartial, fmt.Sprintf("unreadable behind byte %d of %d: unexpected EOF", at, size)},
		{failsAt{whole, at}, parse.StatusPartial, fmt.Sprintf("unreadable behind byte %d of %d: the disk was pulled out", at, size)},
		{failsAt{whole, 12}, parse.StatusFailed, fmt.Sprintf("unreadable behind byte 12 of %d: the disk was pulled out", size)},
	} {
		b := newBench(t)
		b.in.Formats = []parse.Format{careless{}}
		tk := &taker{in: b.in, meter: newMeter(b.in.Now), seen: map[incident.Digest]string{}}
		it := Item{Path: "a.log", Name: "a.log", Bytes: int64(len(whole))}
		if _, err := tk.content(ctx, it, &steady{r: c.r, size: it.Bytes}, "", nil); err != nil {
			t.Fatal(err)
		}
		r := b.receipts[0]
		if r.Status != c.status || r.Note != c.note || c.status == parse.StatusOK && r.Parsed != parse.HeadBytes/4 || int64(len(b.events["a.log"])) != r.Parsed {
			t.Errorf("%+v, want %s %q", r, c.status, c.note)
		}
	}
}

// failsAt cannot be read behind a place.
type failsAt struct {
	text string
	at   int
}

func (f failsAt) ReadAt(p []byte, off int64) (int, error) {
	if int(off)+len(p) <= f.at {
		return copy(p, f.text[off:]), nil
	}
	return copy(p, f.text[min(int(off), f.at):f.at]), errPulled
}

// careless takes an error for the end of the file, as a parser might. Its head is small.
type careless struct{ lines }

func (careless) Name() string { return "careless" }

func (careless) Detect([]byte, string) int { return 90 }

func (careless) Parse(_ context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	r := parse.Result{Status: parse.StatusOK}
	text, _ := io.ReadAll(io.NewSectionReader(in.Reader, 0, in.Size+100))
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
		r.Read++
		r.Parsed++
		e := &event.Event{Times: []event.Time{{Meaning: event.Occurred, At: time.Unix(1, 0)}}}
		e.Set("message", event.KindString, line)
		if err := emit(e); err != nil {
			return r, err
		}
	}
	return r, nil
}

// A referenced original that changes between hashing and parsing: nothing of it stays, and it may come again.
func TestOriginalThatChangesBehindItsHash(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	for name, change := range map[string]func(){
		"cut":     func() { os.Truncate(path, 8) },                                                       //nolint:errcheck // seen below
		"grown":   func() { os.WriteFile(path, []byte("log\none\ntwo\nthree\n"), 0o644) },                //nolint:errcheck // seen below
		"touched": func() { os.Chtimes(path, time.Time{}, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) }, //nolint:errcheck // seen below
	} {
		write(t, path, "log\none\ntwo\n")
		b := newBench(t)
		b.in.Keep = KeepReferenced
		received := b.in.Received
		b.in.Received = func(it Item) error { change(); return received(it) }
		b.take(path)
		if r := b.receipts[0]; r.Status != parse.StatusFailed || r.Parsed != 0 || !strings.Contains(r.Note, "changed after it was hashed") && !strings.Contains(r.Note, "unreadable behind") || len(b.events[path]) != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// Sealed bytes stay what they are.
	write(t, path, "log\none\ntwo\n")
	b := newBench(t)
	b.in.Received = func(Item) error { return os.WriteFile(path, []byte("log\n"), 0o644) }
	b.take(path)
	if r := b.receipts[0]; r.Status != parse.StatusOK || r.Parsed != 2 {
		t.Errorf("%+v", r)
	}
}

// The folder goes away after the first receipt: what was not read by then says so, what was stays, and the batch ends well.
func TestFolderThatGoesAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed")
	}
	dir := filepath.Join(t.TempDir(), "evidence")
	const files = 2*filesAhead + 20
	for i := range files {
		write(t, filepath.Join(dir, string(rune('a'+i/26))+string(rune('a'+i%26))+".log"), "log\none\nline "+string(rune('0'+i))+"\n")
	}
	b := newBench(t)
	done := b.in.Done
	b.in.Done = func(r Receipt) error {
		if len(b.receipts) == 0 {
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
		}
		return done(r)
	}
	s := b.take(dir)
	if s.Items != files || s.ByStatus[parse.StatusOK] == 0 || s.ByStatus[parse.StatusFailed] == 0 || s.ByStatus[parse.StatusOK]+s.ByStatus[parse.StatusFailed] != files {
		t.Fatalf("%v", s)
	}
	for _, r := range b.receipts {
		if r.Status == parse.StatusFailed && !strings.Contains(r.Note, "cannot be opened") || r.Status == parse.StatusOK && r.Parsed != 2 {
			t.Errorf("%+v", r)
		}
	}
	if !slices.IsSortedFunc(b.receipts, func(a, c Receipt) int { return strings.Compare(a.Path, c.Path) }) {
		t.Error("receipts are out of order")
	}
}

// A file that ends before the size that the system says is not taken for whole.
func TestFileThatEndsEarly(t *testing.T) {
	const path = "/sys/kernel/mm/transparent_hugepage/enabled" // 4,096 bytes by its directory, some thirty when it is read
	info, err := os.Stat(path)
	if err != nil {
		t.Skip("no such file here")
	}
	b := newBench(t)
	b.in.Formats = []parse.Format{always{}}
	b.take(path)
	r := b.receipts[0]
	if r.Bytes >= info.Size() || r.Status != parse.StatusPartial || !strings.Contains(r.Note, "changed while it was read") {
		t.Errorf("%+v", r)
	}
}

// always makes one event of anything.
type always struct{ careless }

func (always) Parse(_ context.Context, _ parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	e := &event.Event{Times: []event.Time{{Meaning: event.Occurred, At: time.Unix(1, 0)}}}
	return parse.Result{Status: parse.StatusOK, Read: 1, Parsed: 1}, emit(e)
}

// An archive with an unreadable place: members before it are whole, the one in it is not, and the archive's receipt says so.
func TestArchiveWithAnUnreadablePlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.zip")
	writeZip(t, path, member{name: "one", content: "log\none\n", store: true}, member{name: "two", content: "log\n" + noise(3*parse.HeadBytes), store: true}, member{name: "three", content: "log\nthree\n", store: true})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	tk := &taker{in: b.in, meter: newMeter(b.in.Now), seen: map[incident.Digest]string{}, slots: make(chan struct{}, workers())}
	tk.in.Limits = DefaultLimits()
	it := Item{Path: "a.zip", Name: "a.zip", Bytes: int64(len(text))}
	place := 2 * parse.HeadBytes
	if _, err := tk.content(ctx, it, &steady{r: hole{text, place, place + 10}, size: it.Bytes}, "", newNest(it)); err != nil {
		t.Fatal(err)
	}
	got := b.table("")
	one, two, three, whole := b.receipts[0], b.receipts[1], b.receipts[2], b.receipts[3]
	if one.Status != parse.StatusOK || three.Status != parse.StatusOK || two.Status != parse.StatusPartial || !strings.Contains(two.Note, "cannot be unpacked behind byte") ||
		whole.Status != parse.StatusPartial || !strings.Contains(whole.Note, fmt.Sprintf("unreadable behind byte %d of %d", place, len(text))) {
		t.Errorf("%s%+v\n%+v", got, two, whole)
	}
}

// hole cannot be read from a place to another.
type hole struct {
	text     []byte
	from, to int
}

func (h hole) ReadAt(p []byte, off int64) (int, error) {
	if end := int(off) + len(p); int(off) < h.to && end > h.from {
		return copy(p, h.text[off:max(int(off), h.from)]), errPulled
	}
	return copy(p, h.text[off:]), nil
}
