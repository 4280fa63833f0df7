//go:build unix

package casefolder

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary is also the child of these tests.
func TestMain(m *testing.M) {
	switch os.Getenv("CASEFOLDER_TEST_CHILD") {
	case "append":
		appendForEver(os.Getenv("CASEFOLDER_TEST_DIR"))
	case "ten":
		tenWriters(os.Getenv("CASEFOLDER_TEST_DIR"))
	case "fill":
		appendUntilFull(os.Getenv("CASEFOLDER_TEST_DIR"))
	}
	os.Exit(m.Run())
}

func child(t *testing.T, what, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "CASEFOLDER_TEST_CHILD="+what, "CASEFOLDER_TEST_DIR="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewScanner(out)
}

// appendForEver prints the number of each entry and draft after it was acknowledged.
func appendForEver(dir string) {
	f, err := Open(dir, []byte(testPass))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	for n := f.Len() + 1; ; n++ {
		if err := f.Append(ctx, entry(n)); err != nil {
			fmt.Println("append:", err)
			os.Exit(1)
		}
		fmt.Println("entry", n)
		if err := f.Drafts().Set("typing", []byte(strconv.Itoa(n))); err != nil {
			fmt.Println("draft:", err)
			os.Exit(1)
		}
		fmt.Println("draft", n)
	}
}

// A process that is killed at any moment loses no entry and no draft that it had acknowledged.
func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	if err := mustCreate(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	entries, draft := 0, 0
	for round := range 5 {
		before := entries
		c, lines := child(t, "append", dir)
		kill := sync.OnceFunc(func() { // not before it has acknowledged something, however slow the machine is
			time.AfterFunc(time.Duration(20+round*37)*time.Millisecond, func() { c.Process.Signal(unix.SIGKILL) })
		})
		for lines.Scan() {
			kill()
			kind, number, _ := strings.Cut(lines.Text(), " ")
			n, err := strconv.Atoi(number)
			if err != nil {
				t.Fatalf("the child says: %s", lines.Text())
			}
			if kind == "entry" {
				entries = n
			} else {
				draft = n
			}
		}
		c.Wait() //nolint:errcheck // it was killed
		if entries == before {
			t.Fatalf("round %d: the child acknowledged nothing", round)
		}
		f := mustOpen(t, dir)
		got := entriesOf(t, f)
		// One entry may have been on its way when the process was killed.
		if len(got) != entries && len(got) != entries+1 {
			t.Fatalf("round %d: %d entries acknowledged, %d there; %v", round, entries, len(got), f.Problems())
		}
		mustHold(t, f, len(got))
		v, ok := f.Drafts().Get("typing")
		if n, err := strconv.Atoi(string(v)); draft > 0 && (!ok || err != nil || n < draft || n > draft+1) {
			t.Fatalf("round %d: draft %d acknowledged, %q there", round, draft, v)
		}
		for _, p := range f.Problems() {
			if !p.Mended {
				t.Errorf("round %d: %v", round, p)
			}
		}
		entries = len(got)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d entries over 5 kills", entries)
}

// tenWriters lets ten authors append at once, one entry or many with one call, and prints what was acknowledged.
func tenWriters(dir string) {
	f, err := Open(dir, []byte(testPass))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	var all []Raw
	if err := f.Each(0, f.Len(), keepRaws(&all)); err != nil {
		fmt.Println("read:", err)
		os.Exit(1)
	}
	had := bySeq(all)
	var out sync.Mutex
	for w := range 10 {
		go func() {
			author := fmt.Sprint("w", w)
			for seq := len(had[author]) + 1; ; {
				var step []Raw
				for range 1 + (seq*7+w)%12 {
					step = append(step, written(author, seq+len(step)))
				}
				if n, err := f.AppendAll(ctx, step); err != nil || n != len(step) {
					fmt.Println("append:", n, err)
					os.Exit(1)
				}
				seq += len(step)
				out.Lock()
				fmt.Println(author, seq-1)
				out.Unlock()
			}
		}()
	}
	select {}
}

func written(author string, seq int) Raw {
	return Raw{Line: []byte(fmt.Sprintf("%s wrote %d", author, seq)), Body: []byte(strings.Repeat("x", seq%900)), Author: author, Seq: uint64(seq)}
}

// bySeq lists the numbers of each author's entries in the order in which they stand.
func bySeq(all []Raw) map[string][]uint64 {
	out := map[string][]uint64{}
	for _, r := range all {
		out[r.Author] = append(out[r.Author], r.Seq)
	}
	return out
}

// TestKilledWhileTenWrite kills a process in which ten authors write at once: what was acknowledged is there, no chain has a
// hole, no entry is torn. ADJUTANT_KILL_ROUNDS asks for more rounds (make soak: 200).
func TestKilledWhileTenWrite(t *testing.T) {
	rounds := 4
	if n, err := strconv.Atoi(os.Getenv("ADJUTANT_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	dir := filepath.Join(t.TempDir(), "c")
	total := 0
	for round := range rounds {
		if round%20 == 0 { // a case that only grows would be opening alone in the end
			total = 0
			os.RemoveAll(dir)
			if err := mustCreate(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
		}
		c, lines := child(t, "ten", dir)
		kill := sync.OnceFunc(func() {
			time.AfterFunc(time.Duration(5+round*53%190)*time.Millisecond, func() { c.Process.Signal(unix.SIGKILL) })
		})
		acknowledged := map[string]int{}
		for lines.Scan() {
			kill()
			author, number, _ := strings.Cut(lines.Text(), " ")
			n, err := strconv.Atoi(number)
			if err != nil {
				t.Fatalf("the child says: %s", lines.Text())
			}
			acknowledged[author] = n
		}
		c.Wait() //nolint:errcheck // it was killed
		f := mustOpen(t, dir)
		all := entriesOf(t, f)
		had := bySeq(all)
		for author, n := range acknowledged {
			if len(had[author]) < n {
				t.Fatalf("round %d: %s had %d entries acknowledged, %d are there; %v", round, author, n, len(had[author]), f.Problems())
			}
		}
		for author, seqs := range had {
			for i, seq := range seqs {
				if seq != uint64(i+1) {
					t.Fatalf("round %d: entry %d of %s is number %d", round, i+1, author, seq)
				}
			}
		}
		for _, r := range all {
			if want := written(r.Author, int(r.Seq)); string(r.Line) != string(want.Line) || string(r.Body) != string(want.Body) {
				t.Fatalf("round %d: entry %d of %s is torn", round, r.Seq, r.Author)
			}
		}
		for _, p := range f.Problems() {
			if !p.Mended {
				t.Errorf("round %d: %v", round, p)
			}
		}
		if total = f.Len(); total == 0 {
			t.Fatalf("round %d: nothing was written", round)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds, %d entries in the last case", rounds, total)
}

// appendUntilFull limits the size of files and appends until that is refused, then once more.
func appendUntilFull(dir string) {
	f, err := Open(dir, []byte(testPass))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	limit := uint64(f.log.Size() + 2000)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}); err != nil {
		fmt.Println("limit:", err)
		os.Exit(1)
	}
	n := 1
	for ; n < 1000; n++ {
		if err = f.Append(ctx, entry(n)); err != nil {
			break
		}
		fmt.Println("entry", n)
	}
	fmt.Println("refused", errors.Is(err, ErrDiskFull), err)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}); err != nil {
		fmt.Println("limit:", err)
		os.Exit(1)
	}
	// With room again, the same program goes on: the refused append was taken back.
	fmt.Println("again", f.Append(ctx, entry(n)))
	os.Exit(0) // without Close: what was acknowledged has to be there anyway
}

// The log runs into a limit half-way through a frame, as on a full disk.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	if err := mustCreate(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	c, lines := child(t, "fill", dir)
	acknowledged := 0
	var refused, again string
	for lines.Scan() {
		switch kind, rest, _ := strings.Cut(lines.Text(), " "); kind {
		case "entry":
			acknowledged++
		case "refused":
			refused = rest
		case "again":
			again = rest
		default:
			t.Errorf("the child says: %s", lines.Text())
		}
	}
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	if acknowledged < 3 || !strings.HasPrefix(refused, "true ") {
		t.Fatalf("%d acknowledged, then: %q", acknowledged, refused)
	}
	if again != "<nil>" {
		t.Fatalf("with room again: %s", again)
	}
	f := mustOpen(t, dir)
	defer f.Close()
	mustHold(t, f, acknowledged+1)
}

// A disk with too little room is told before anything is written.
func TestSmallDisk(t *testing.T) {
	mount := t.TempDir()
	if err := unix.Mount("tmpfs", mount, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("no small file system can be mounted here (%v): the sentence for a disk that is nearly full is not checked", err)
	}
	defer unix.Unmount(mount, unix.MNT_DETACH) //nolint:errcheck // the folder is thrown away
	dir := filepath.Join(mount, "c")
	f := mustCreate(t, dir)
	fill(t, f, 1, 5)
	ballast := filepath.Join(mount, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 100<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Append(ctx, entry(6)); !errors.Is(err, ErrDiskFull) {
		t.Errorf("append: %v", err)
	}
	if err := f.Drafts().Set("k", []byte("v")); !errors.Is(err, ErrDiskFull) {
		t.Errorf("draft: %v", err)
	}
	if _, _, err := f.Vault().Put(ctx, strings.NewReader("x")); !errors.Is(err, ErrDiskFull) {
		t.Errorf("vault: %v", err)
	}
	if _, err := Create(filepath.Join(mount, "d"), testConf, []byte(testPass), quick); !errors.Is(err, ErrDiskFull) {
		t.Errorf("create: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	fill(t, f, 6, 6)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	g := mustOpen(t, dir)
	mustHold(t, g, 6)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
}
