package sandbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// format is a test parser: the bytes of the item say what it does.
type format struct{}

func (format) Name() string              { return "test" }
func (format) Version() string           { return "7" }
func (format) Binary() bool              { return true }
func (format) Detect([]byte, string) int { return 0 }

func (format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	head := make([]byte, min(in.Size, 200))
	if _, err := in.Reader.ReadAt(head, 0); err != nil && err != io.EOF {
		return parse.Result{Status: parse.StatusFailed, Note: err.Error()}, nil
	}
	what, arg, _ := strings.Cut(strings.TrimRight(string(head), "\x00"), " ")
	return behave(what, arg, in, emit)
}

func TestMain(m *testing.M) {
	MaybeChild(format{})
	os.Exit(m.Run())
}

// attempt reports a forbidden act that went well as a failed result that says so.
func attempt(err error) (parse.Result, error) {
	if err == nil {
		return parse.Result{Status: parse.StatusFailed, Note: "ESCAPED"}, nil
	}
	return parse.Result{Status: parse.StatusFailed, Note: "refused: " + err.Error()}, nil
}

// ofSystem are behaviours that only some systems know.
var ofSystem = map[string]func() (parse.Result, error){}

func behave(what, arg string, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	if f := ofSystem[what]; f != nil {
		return f()
	}
	switch what {
	case "many":
		for {
			if err := emit(&event.Event{}); err != nil {
				return parse.Result{}, err
			}
		}
	case "nothings":
		for {
			e := &event.Event{}
			for n := range 1000 {
				e.Fields = append(e.Fields, event.Field{Name: fmt.Sprintf("a%04d", n), Values: []string{""}})
			}
			if err := emit(e); err != nil {
				return parse.Result{}, err
			}
		}
	case "events":
		return sampleEvents(in, emit)
	case "open":
		_, err := os.ReadFile(arg)
		return attempt(err)
	case "create":
		return attempt(os.WriteFile(arg, []byte("x"), 0o600))
	case "list":
		_, err := os.ReadDir(arg)
		return attempt(err)
	case "connect":
		c, err := net.DialTimeout("tcp", arg, 2*time.Second)
		if err == nil {
			c.Close()
		}
		return attempt(err)
	case "fork":
		_, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdin, os.Stdin}})
		return attempt(err)
	case "environment":
		if env := os.Environ(); len(env) > 0 && runtime.GOOS != "windows" {
			return attempt(nil)
		}
		return attempt(errors.New("empty"))
	case "memory":
		var keep [][]byte
		for {
			b := make([]byte, 64<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			keep = append(keep, b)
			if len(keep) > 1<<20 {
				return attempt(nil)
			}
		}
	case "loop":
		for i := 0; ; i++ {
			if i < 0 {
				return attempt(nil)
			}
		}
	case "sleep":
		time.Sleep(time.Hour)
		return attempt(nil)
	case "recurse":
		return recurse(0)
	case "panic":
		if err := emit(sample(0, in.Size)); err != nil {
			return parse.Result{}, err
		}
		panic("index out of range\x1b[31m")
	case "year":
		e := sample(0, in.Size)
		e.Times[0].At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		return parse.Result{Status: parse.StatusOK, Read: 1, Parsed: 1}, emit(e)
	case "exit":
		os.Exit(0)
	case "question":
		return parse.Result{}, fmt.Errorf("%w: which column?", parse.ErrNeedsAnswer)
	case "garbage":
		os.Stdout.WriteString("this is no frame of ours, but it is long enough to be read as one")
		return parse.Result{}, nil
	case "huge":
		os.Stdout.Write([]byte{frameEvents, 0xff, 0xff, 0xff, 0xff})
		return parse.Result{}, nil
	case "outside":
		e := sample(0, in.Size)
		e.Locator.Offset = in.Size
		e.Locator.Length = 1
		return parse.Result{Status: parse.StatusOK, Read: 1, Parsed: 1}, emit(e)
	case "lie":
		return parse.Result{Status: parse.StatusOK, Read: 5, Parsed: 5}, nil
	case "boast":
		return parse.Result{Status: parse.StatusEmpty, Warnings: []parse.Warning{{}}, WarningCount: 1 << 60}, nil
	case "unsaid":
		return parse.Result{Status: parse.StatusPartial, Read: 1, Skipped: []parse.Skip{{Count: 1}}}, nil
	case "steal":
		var q [12]byte
		binary.BigEndian.PutUint64(q[:], uint64(in.Size))
		binary.BigEndian.PutUint32(q[8:], 100)
		writeFrame(os.Stdout, frameRead, q[:])
		return parse.Result{}, nil
	case "flood":
		for {
			writeFrame(os.Stdout, frameRead, make([]byte, 12))
		}
	}
	return parse.Result{Status: parse.StatusFailed, Note: "unknown behaviour " + what}, nil
}

func recurse(n int) (parse.Result, error) {
	r, err := recurse(n + 1)
	r.Read += int64(n)
	return r, err
}

func sample(n int, size int64) *event.Event {
	e := &event.Event{Locator: event.Locator{Offset: int64(n) % max(size-1, 1), Length: 1, Record: fmt.Sprint(n), Sub: n % 3}, Parser: "forged", Version: "0"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6700, time.UTC).Add(time.Duration(n) * time.Second)
	e.Times = []event.Time{{Meaning: event.Occurred, At: at, Original: "jan 2", Zone: "UTC"}, {Meaning: event.Recorded, At: at.Add(time.Hour), Assumed: "default"}}
	e.Set("user.name", event.KindString, "ada", "böse\u202e")
	e.Set("event.code", event.KindNumber, "4624")
	e.Set("ok", event.KindBool, "true")
	e.Set("message", event.KindString, strings.Repeat("x", n%500))
	e.Sort()
	return e
}

func sampleEvents(in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	r := parse.Result{Status: parse.StatusPartial, Note: in.Name + " " + in.Assume.Zone.String() + " " + in.Assume.Columns["a"]}
	// Read everything, from the back, in odd pieces.
	sum := 0
	buf := make([]byte, 70_001)
	for at := in.Size; at > 0; {
		n := min(at, int64(len(buf)))
		at -= n
		if _, err := in.Reader.ReadAt(buf[:n], at); err != nil {
			return r, err
		}
		for _, c := range buf[:n] {
			sum += int(c)
		}
	}
	for n := range 5000 {
		e := sample(n, in.Size)
		r.Read++
		r.Parsed++
		if err := emit(e); err != nil {
			return r, err
		}
	}
	r.Read++
	r.Skip("odd record")
	r.Warn(17, fmt.Sprint("sum ", sum))
	return r, nil
}

func input(b []byte) parse.Input {
	return parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Name: "x.bin", Started: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
}

func TestEventsComeThroughUnchanged(t *testing.T) {
	b := make([]byte, 5<<20)
	copy(b, "events")
	sum := 0
	for i := range b {
		if i > 200 {
			b[i] = byte(i * 7)
		}
		sum += int(b[i])
	}
	in := input(b)
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		zone = time.FixedZone("Site", 3600)
	}
	in.Assume = parse.Assume{Zone: zone, Columns: map[string]string{"a": "b"}}
	n := 0
	r, err := Parse(context.Background(), format{}, in, func(e *event.Event) error {
		want := sample(n, in.Size)
		want.Parser, want.Version = "test", "7"
		if !reflect.DeepEqual(e, want) {
			t.Fatalf("event %d:\n got %+v\nwant %+v", n, e, want)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := parse.Result{
		Status: parse.StatusPartial, Read: 5001, Parsed: 5000, Skipped: []parse.Skip{{Reason: "odd record", Count: 1}},
		Warnings: []parse.Warning{{Offset: 17, Text: fmt.Sprint("sum ", sum)}}, WarningCount: 1,
		First: sample(0, 9).Times[0].At, Last: sample(4999, 9).Times[0].At, Note: "x.bin " + zone.String() + " b",
	}
	if n != 5000 || !reflect.DeepEqual(r, want) {
		t.Fatalf("%d events; got %+v\nwant %+v", n, r, want)
	}
}

// Each of these tries something that a captured parser would. All of them end in a failed result, and none succeeds.
func TestHostileParsersAreContained(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	level, text := Status()
	t.Logf("status: %s: %s", level, text)
	confined := level == LevelFull || level == LevelPartial
	limits := Limits{MemoryBytes: 256 << 20, CPU: 2 * time.Second, Stall: 3 * time.Second, Wait: 8 * time.Second}
	for _, c := range []struct {
		what    string
		note    string
		confine bool // needs more than a process of its own
	}{
		{"open /etc/passwd", "refused", true},
		{"open /proc/self/maps", "refused", true},
		{"list /", "refused", true},
		{"create " + t.TempDir() + "/x", "refused", true},
		{"connect " + listener.Addr().String(), "refused", true},
		{"fork", "refused", true},
		{"environment", "refused", false},
		{"memory", "memory", true},
		{"loop", "", false},
		{"sleep", "silent", false},
		{"recurse", "stack overflow", false},
		{"exit", "ended without a result", false},
		{"garbage", "no parser sends", false},
		{"huge", "no parser sends", false},
		{"outside", "no parser sends", false},
		{"lie", "no parser sends", false},
		{"boast", "no parser sends", false},
		{"unsaid", "no parser sends", false},
		{"nothings", "more text than the item can give", false},
		{"many", "more events than the item can give", false},
		{"steal", "no parser sends", false},
		{"flood", "", false},
	} {
		t.Run(strings.ReplaceAll(strings.SplitN(c.what, " ", 2)[0], "/", "_"), func(t *testing.T) {
			if c.confine && !confined {
				t.Skipf("this system does not confine children (%s): %q is not checked", text, c.what)
			}
			t.Parallel()
			b := make([]byte, 300)
			copy(b, c.what)
			r, err := limits.Parse(context.Background(), format{}, input(b), func(*event.Event) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != parse.StatusFailed || strings.Contains(r.Note, "ESCAPED") || !strings.Contains(r.Note, c.note) || r.Note == "" {
				t.Fatalf("%s: %s: %s", c.what, r.Status, r.Note)
			}
			t.Log(r.Note)
		})
	}
}

// Where namespaces are forbidden, the rest of the confinement stands without them.
func TestWithoutNamespaces(t *testing.T) {
	if level, text := Status(); level != LevelFull && level != LevelPartial {
		t.Skipf("this system does not confine children (%s): nothing is checked", text)
	}
	if was := noNamespaces.Swap(true); !was {
		defer noNamespaces.Store(false)
	}
	for starting := true; starting; time.Sleep(5 * time.Millisecond) { // a spare that has namespaces is not the one meant
		spare.mu.Lock()
		starting = spare.starting
		spare.mu.Unlock()
	}
	spare.drop()
	defer spare.drop()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, what := range []string{"open /etc/passwd", "connect " + listener.Addr().String(), "fork"} {
		r, err := Parse(context.Background(), format{}, input([]byte(what)), nil)
		if err != nil || r.Status != parse.StatusFailed || !strings.Contains(r.Note, "refused") {
			t.Errorf("%s: %+v %v", what, r, err)
		}
	}
}

func TestStatusWords(t *testing.T) {
	for _, c := range []struct {
		holds confinement
		level Level
		text  string
	}{
		{boundLimits | noNewRights | noFiles | systemCalls | ownNamespaces, LevelFull, "without network, files or other processes"},
		{boundLimits | noNewRights | systemCalls | ownNamespaces, LevelPartial, "here without Landlock"},
		{boundLimits | noNewRights | systemCalls, LevelPartial, "here without Landlock and own namespaces"},
		{boundLimits | noFiles | ownNamespaces, LevelPartial, "system call filter"},
		{boundLimits | ownNamespaces, LevelLimited, "does not keep it from files"},
		{0, LevelLimited, "time limit"},
	} {
		if s := describe(c.holds); s.level != c.level || !strings.Contains(s.text, c.text) {
			t.Errorf("%b: %s %s", c.holds, s.level, s.text)
		}
	}
}

func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"Result":{"Status":"ok","Read":1,"Parsed":1}}`))
	f.Add([]byte(`{"Result":{"Status":"partial","Read":2,"Parsed":1,"Skipped":[{"reason":"r","count":1}],"Warnings":[{"offset":1,"text":"t"}],"WarningCount":1}}`))
	f.Add([]byte(`{"Err":"x","Fault":true}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeReply(b, 1)
		if err != nil || r.Err != "" {
			return
		}
		sum := r.Result.Parsed
		for _, s := range r.Result.Skipped {
			sum += s.Count
		}
		if r.Result.Parsed != 1 || sum != r.Result.Read || len(r.Result.Note) > maxTextBytes+3 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestParsersOwnFault(t *testing.T) {
	events := 0
	r, err := Parse(context.Background(), format{}, input([]byte("panic")), func(*event.Event) error { events++; return nil })
	if err != nil || r.Status != parse.StatusPartial || r.Parsed != 1 || r.Read != 1 || events != 1 || strings.Contains(r.Note, "\x1b") {
		t.Fatalf("%+v %v, %d events", r, err, events)
	}
	if _, err := Parse(context.Background(), format{}, input([]byte("question")), nil); !errors.Is(err, parse.ErrNeedsAnswer) || !strings.Contains(err.Error(), "which column?") {
		t.Fatal(err)
	}
}

// A time that no calendar has costs the event that time, not the item.
func TestTimeOutsideTheCalendar(t *testing.T) {
	var odd []string
	r, err := Parse(context.Background(), format{}, input([]byte("year")), func(e *event.Event) error { odd = e.All(event.OutsideCalendar); return nil })
	if err != nil || r.Status != parse.StatusOK || r.WarningCount != 1 || len(odd) != 1 || odd[0] != "occurred jan 2" {
		t.Fatalf("%+v %v %q", r, err, odd)
	}
}

func TestCancelAndFullStoreEndTheChild(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	if _, err := Parse(ctx, format{}, input([]byte("sleep")), nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	full := errors.New("full")
	if _, err := Parse(context.Background(), format{}, input([]byte("events")), func(*event.Event) error { return full }); !errors.Is(err, full) {
		t.Fatal(err)
	}
}

type unreadable struct{}

func (unreadable) ReadAt([]byte, int64) (int, error) { return 0, errors.New("bad sector") }

func TestUnreadableItem(t *testing.T) {
	in := parse.Input{Reader: unreadable{}, Size: 100, Name: "x"}
	r, err := Parse(context.Background(), format{}, in, nil)
	if err != nil || r.Status != parse.StatusFailed || !strings.Contains(r.Note, "bad sector") {
		t.Fatalf("%+v %v", r, err)
	}
}

// Every item has a child of its own, also when it was started ahead; a spare that died meanwhile costs nothing.
func TestSpareChildren(t *testing.T) {
	for n := range 6 {
		if n == 3 {
			for range 200 { // until the spare is there
				spare.mu.Lock()
				c := spare.waiting
				spare.mu.Unlock()
				if c != nil {
					c.kill()
					c.process.wait()
					break
				}
				time.Sleep(5 * time.Millisecond)
			}
		}
		r, err := Parse(context.Background(), format{}, input([]byte("panic")), func(*event.Event) error { return nil })
		if err != nil || r.Parsed != 1 {
			t.Fatalf("item %d: %+v %v", n, r, err)
		}
	}
	for range 200 {
		spare.mu.Lock()
		idle := spare.waiting
		spare.mu.Unlock()
		if idle != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	spare.drop()
	if spare.waiting != nil {
		t.Fatal("a spare child stayed")
	}
}
