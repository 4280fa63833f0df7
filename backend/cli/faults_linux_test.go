package cli

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/evidence"
	"adjutant/backend/parse"
	"adjutant/backend/workbench"
)

// undisturbed takes the folder into a case of its own, in which nothing goes wrong.
func (d *desk) undisturbed(folder string) workbench.Digest {
	d.t.Helper()
	c := d.newCase(filepath.Join(d.t.TempDir(), "undisturbed.case"))
	d.says(0, "evidence", "add", c, folder)
	return d.digestOf(c)
}

// holds checks that everything that a run acknowledged on its standard output is in the case.
func (d *desk) holds(dir string, acknowledged []evidence.Receipt) []workbench.Item {
	d.t.Helper()
	out, _ := d.says(0, "evidence", "list", dir, "--json")
	items := decode[workbench.Item](d.t, out)
	there := map[string]workbench.Item{}
	for _, it := range items {
		if it.Status != string(parse.StatusDuplicate) {
			if _, twice := there[it.Path]; twice {
				d.t.Errorf("%s was taken in twice", it.Path)
			}
			there[it.Path] = it
		}
	}
	for _, r := range acknowledged {
		it, ok := there[r.Path]
		if r.Status == parse.StatusDuplicate {
			continue
		}
		if !ok || it.SHA256 != r.SHA256 || it.Status != string(r.Status) || it.Parsed != r.Parsed {
			d.t.Errorf("%s: acknowledged as %s with %d rows, the case says %q with %d", r.Path, r.Status, r.Parsed, it.Status, it.Parsed)
		}
	}
	return items
}

// completed checks that the folder is wholly in the case, each item once and with the rows of an undisturbed import.
func (d *desk) completed(dir string, want workbench.Digest, items int) {
	d.t.Helper()
	parsed := map[string]int{}
	for _, it := range d.holds(dir, nil) {
		if it.Status != string(parse.StatusDuplicate) {
			parsed[it.SHA256]++
		}
	}
	for sum, n := range parsed {
		if n != 1 {
			d.t.Errorf("item %s was parsed %d times", sum[:12], n)
		}
	}
	if len(parsed) != items {
		d.t.Errorf("%d different items in the case, want %d", len(parsed), items)
	}
	if got := d.digestOf(dir); got.Digest != want.Digest || got.Events != want.Events || got.Rows != want.Rows {
		d.t.Errorf("digest %s of %d rows, undisturbed %s of %d", got.Digest, got.Rows, want.Digest, want.Rows)
	}
	if out, _ := d.says(0, "evidence", "verify", dir, "--json"); strings.Count(out, `"same"`) != items {
		d.t.Errorf("evidence verify: %s", tail(out))
	}
	d.recordIsGood(dir)
}

const collected = 19 // different items that collection makes: 17 files, one of them an archive with two members

// killed starts `evidence add`, kills it some time after it has printed the given number of receipts, and returns the
// receipts. done says that it had ended by itself before.
func (d *desk) killed(dir, folder string, after int, then time.Duration) (acknowledged []evidence.Receipt, done bool) {
	d.t.Helper()
	c := d.command("evidence", "add", dir, folder, "--json")
	out, err := c.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	strike := func() { time.AfterFunc(then, func() { c.Process.Signal(unix.SIGKILL) }) } //nolint:errcheck // it may have ended
	if after == 0 {
		strike()
	}
	var printed strings.Builder
	for lines := bufio.NewReader(out); ; {
		l, err := lines.ReadString('\n')
		if err != nil { // half a line is no acknowledgement
			break
		}
		printed.WriteString(l)
		if after--; after == 0 {
			strike()
		}
	}
	err = c.Wait()
	done = err == nil
	if ws, ok := c.ProcessState.Sys().(syscall.WaitStatus); !done && (!ok || ws.Signal() != unix.SIGKILL) {
		d.t.Fatalf("evidence add: %v\n%s", err, errs.String())
	}
	d.noneLeft()
	return decode[evidence.Receipt](d.t, printed.String()), done
}

// noneLeft waits until the children of a killed program are gone too: a sandbox must not outlive its parent.
func (d *desk) noneLeft() {
	d.t.Helper()
	var left string
	for range 100 {
		left = ""
		exes, err := filepath.Glob("/proc/[0-9]*/exe")
		if err != nil {
			d.t.Fatal(err)
		}
		for _, e := range exes {
			if to, err := os.Readlink(e); err == nil && to == d.bin {
				left = e
			}
		}
		if left == "" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.t.Errorf("%s still runs two seconds after its parent was killed", left)
}

// TestKilledWhileAdding kills the program at many moments of an import: what it acknowledged is there, the record is
// good, and doing it again gives the same case as if nothing had happened.
func TestKilledWhileAdding(t *testing.T) {
	d, dir := newDesk(t), t.TempDir()
	folder := filepath.Join(dir, "e")
	collection(t, folder)
	want := d.undisturbed(folder)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	kills := 0
	// The numbers are receipts to wait for; the rest of the moment is chance. Each line is one case, killed several times.
	for i, moments := range [][]int{{0, 1, 3}, {2, 7}, {5, 9, 12}} {
		c := d.newCase(filepath.Join(dir, fmt.Sprintf("%d.case", i)))
		var acknowledged []evidence.Receipt
		for _, after := range moments {
			then := time.Duration(rnd.IntN(10)) * time.Millisecond
			if after == 0 {
				then = time.Duration(20+rnd.IntN(120)) * time.Millisecond
			}
			got, done := d.killed(c, folder, after, then)
			if !done {
				kills++
			}
			acknowledged = append(acknowledged, got...)
			d.holds(c, acknowledged)
			d.recordIsGood(c)
		}
		d.says(0, "evidence", "add", c, folder)
		d.holds(c, acknowledged)
		d.completed(c, want, collected)
	}
	if kills < 6 {
		t.Errorf("only %d of 8 kills hit a running import", kills)
	}
	t.Logf("%d kills, %d rows each time", kills, want.Rows)
}

// TestFullDisk runs the import into a disk that fills up: by itself, and because of a neighbour. It needs a small file
// system, so it runs itself again in a mount namespace of its own.
func TestFullDisk(t *testing.T) {
	const inside = "ADJUTANT_TEST_SMALL_DISK"
	if os.Getenv(inside) != "" {
		fullDisk(t)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	c.Env = append(os.Environ(), inside+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	switch {
	case err != nil && c.ProcessState == nil:
		t.Skipf("SKIPPED: no mount namespace here (%v); an import into a full disk is NOT checked", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	t.Logf("%s", out)
}

func fullDisk(t *testing.T) {
	mount := t.TempDir()
	if err := unix.Mount("tmpfs", mount, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("SKIPPED: no small file system can be mounted here (%v); an import into a full disk is NOT checked", err)
	}
	t.Cleanup(func() { unix.Unmount(mount, unix.MNT_DETACH) }) //nolint:errcheck // the namespace goes with the process
	d, dir := newDesk(t), t.TempDir()
	folder := filepath.Join(dir, "e")
	for i := range 10 { // text that does not compress, so that each item weighs the same in the vault and more in the timeline
		write(t, filepath.Join(folder, fmt.Sprintf("host%d.log", i)), noise(i, 8000))
	}
	want := d.undisturbed(folder)

	c := d.newCase(filepath.Join(mount, "a.case"))
	write(t, filepath.Join(dir, "first.log"), authLog(50, "first"))
	d.says(0, "evidence", "add", c, filepath.Join(dir, "first.log"))
	free, err := durable.Free(mount)
	if err != nil {
		t.Fatal(err)
	}
	ballast := write(t, filepath.Join(mount, "ballast"), make([]byte, int64(free)-durable.ReserveBytes-9<<20))
	out, errs := d.says(exitDiskFull, "evidence", "add", c, folder, "--json")
	acknowledged := decode[evidence.Receipt](t, out)
	if len(acknowledged) == 0 || len(acknowledged) == 10 {
		t.Errorf("%d of 10 items before the disk was full", len(acknowledged))
	}
	if !strings.HasPrefix(errs, "adjutant: The disk is full.\n") || !strings.Contains(errs, "Make room") || strings.Count(errs, "\n") != 2 {
		t.Errorf("says: %s", errs)
	}
	// The case can be read while the disk is full.
	d.holds(c, acknowledged)
	d.recordIsGood(c)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.holds(c, acknowledged)
	d.recordIsGood(c)
	d.says(0, "evidence", "add", c, folder)
	if out, _ := d.says(0, "timeline", "query", c, "NOT host.name:first", "--json", "--limit", "1"); !strings.Contains(out, `"total":`+strconv.FormatInt(want.Rows, 10)) {
		t.Errorf("after making room: %s; want %d rows", tail(out), want.Rows)
	}
	d.recordIsGood(c)
	t.Logf("%d of 10 items were taken in before the disk was full", len(acknowledged))
	neighbourFills(t, d, mount, folder, want)
}

// neighbourFills lets another program take the last byte of the disk, the reserve too, in the middle of an import. The
// program may then be unable to close its stores; what it acknowledged has to be there all the same.
func neighbourFills(t *testing.T, d *desk, mount, folder string, want workbench.Digest) {
	if err := os.RemoveAll(filepath.Join(mount, "a.case")); err != nil {
		t.Fatal(err)
	}
	c := d.newCase(filepath.Join(mount, "b.case"))
	run := d.command("evidence", "add", c, folder, "--json")
	stdout, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	run.Stderr = &errs
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	printed, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	ballast := filepath.Join(mount, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 200<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	run.Wait() //nolint:errcheck // judged by its exit code
	printed += string(rest)
	t.Logf("neighbour: exit code %d, %q", run.ProcessState.ExitCode(), tail(errs.String()))
	// Without the reserve the system may end the program where Badger writes into a mapped file that can no longer grow. That is
	// a loss of the program, not of what it acknowledged: the rest of this test holds for it as well.
	ended := strings.Contains(errs.String(), "SIGBUS")
	if got := run.ProcessState.ExitCode(); !ended && (got != exitDiskFull || !strings.HasPrefix(errs.String(), "adjutant: The disk is full.\n")) {
		t.Errorf("exit code %d: %s", got, tail(errs.String()))
	}
	acknowledged := decode[evidence.Receipt](t, printed)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.holds(c, acknowledged)
	d.recordIsGood(c)
	d.says(0, "evidence", "add", c, folder)
	if got := d.digestOf(c); got.Digest != want.Digest {
		t.Errorf("digest %s, undisturbed %s", got.Digest, want.Digest)
	}
	d.recordIsGood(c)
	t.Logf("%d of 10 items were taken in before a neighbour filled the disk", len(acknowledged))
}

// noise makes n lines of a host with a random word each.
func noise(host, n int) []byte {
	var b bytes.Buffer
	rnd := rand.NewChaCha8([32]byte{byte(host)})
	var word [64]byte
	for i := range n {
		rnd.Read(word[:]) //nolint:errcheck // never fails
		at := began.Add(time.Duration(i) * time.Second)
		fmt.Fprintf(&b, "%s host%d app[%d]: %s\n", at.Format(time.RFC3339), host, i, hex.EncodeToString(word[:]))
	}
	return b.Bytes()
}
