package cli

import (
	"bytes"
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
)

// killedAt runs a command and kills it after a while. It reports whether the kill hit.
func (d *desk) killedAt(after time.Duration, args ...string) bool {
	d.t.Helper()
	run := d.command(args...)
	var errs bytes.Buffer
	run.Stderr = &errs
	if err := run.Start(); err != nil {
		d.t.Fatal(err)
	}
	time.AfterFunc(after, func() { run.Process.Signal(unix.SIGKILL) }) //nolint:errcheck // it may have ended
	err := run.Wait()
	if ws, ok := run.ProcessState.Sys().(syscall.WaitStatus); err != nil && (!ok || ws.Signal() != unix.SIGKILL) {
		d.t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	d.noneLeft()
	return err != nil
}

// caseverify is the separate verifier.
func caseverify(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "caseverify")
	build := exec.Command("go", "build", "-o", bin, "adjutant/backend/cmd/caseverify")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build caseverify: %v\n%s", err, out)
	}
	return bin
}

// TestKilledWhileCopying kills exports and imports at many moments. What is at the place of a copy is whole, what the case
// says left is there, and asking again ends well. ADJUTANT_KILL_ROUNDS asks for more rounds (make soak).
func TestKilledWhileCopying(t *testing.T) {
	rounds := 1
	if n, err := strconv.Atoi(os.Getenv("ADJUTANT_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	d, dir, verifier := newDesk(t), t.TempDir(), caseverify(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	c := d.newCase(filepath.Join(dir, "a.case"))
	for i := range 3 {
		d.says(0, "evidence", "add", c, write(t, filepath.Join(dir, strings.Repeat("h", i+1)+".log"), noise(i, 6000)))
	}
	want := d.digestOf(c)
	whole := func(out string) {
		t.Helper()
		if text, err := exec.Command(verifier, out).CombinedOutput(); err != nil {
			t.Fatalf("caseverify %s: %v\n%s", out, err, text)
		}
	}
	export := func(form, out string) []string {
		if form == "plain" {
			return []string{"bundle", "export", c, out, "--plain", "--with-evidence"}
		}
		return []string{"bundle", "export", c, out, "--recipient", "A. Ruiz"}
	}
	kills := map[string]int{}
	for _, form := range []string{"plain", "parcel"} {
		began := time.Now()
		out := filepath.Join(dir, form)
		d.says(0, export(form, out)...)
		takes := time.Since(began)
		began = time.Now()
		d.says(0, "bundle", "import", out, filepath.Join(dir, form+".case"))
		imports := time.Since(began)
		for range rounds {
			again := filepath.Join(dir, form+"-again")
			for range 2 {
				if d.killedAt(takes/8+time.Duration(rnd.Int64N(int64(takes)/2)), export(form, again)...) {
					kills[form]++
				}
				d.recordIsGood(c)
				if _, err := os.Stat(again); err != nil {
					continue
				}
				if form == "plain" {
					whole(again)
				}
				if err := os.RemoveAll(again); err != nil {
					t.Fatal(err)
				}
			}
			d.says(0, export(form, again)...)
			if _, errs := d.says(0, "record", "verify", c); strings.Contains(errs, "was begun") {
				t.Errorf("still told of: %s", errs)
			}
			arrived := filepath.Join(dir, form+"-arrived.case")
			for range 2 {
				if d.killedAt(imports/8+time.Duration(rnd.Int64N(int64(imports)/2)), "bundle", "import", again, arrived) {
					kills["import"]++
				}
				if _, err := os.Stat(arrived); err == nil {
					d.recordIsGood(arrived) // it is whole
					break
				}
			}
			d.says(0, "bundle", "import", again, arrived)
			if got := d.digestOf(arrived); got.Digest != want.Digest {
				t.Errorf("digest %s of %d rows, want %s of %d", got.Digest, got.Rows, want.Digest, want.Rows)
			}
			d.recordIsGood(arrived)
			left, err := filepath.Glob(filepath.Join(dir, ".*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			for _, x := range []string{again, arrived} {
				if err := os.RemoveAll(x); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if kills["plain"]+kills["parcel"]+kills["import"] < rounds { // when the machine is fast, a kill comes too late
		t.Errorf("too few kills hit: %v", kills)
	}
	t.Logf("kills that hit: %v in %d rounds for each form", kills, rounds)
}

// TestFullDiskForCopies: a disk that is too small is refused before anything is written or signed, for copies that leave and
// for one that arrives.
func TestFullDiskForCopies(t *testing.T) {
	const inside = "ADJUTANT_TEST_SMALL_DISK_COPIES"
	if os.Getenv(inside) != "" {
		fullDiskForCopies(t)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestFullDiskForCopies$", "-test.v")
	c.Env = append(os.Environ(), inside+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	switch {
	case err != nil && c.ProcessState == nil:
		t.Skipf("NOT CHECKED: no mount namespace here (%v); copies onto a full disk", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	t.Logf("%s", out)
}

func fullDiskForCopies(t *testing.T) {
	stick := t.TempDir()
	if err := unix.Mount("tmpfs", stick, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("NOT CHECKED: no small file system can be mounted here (%v); copies onto a full disk", err)
	}
	t.Cleanup(func() { unix.Unmount(stick, unix.MNT_DETACH) }) //nolint:errcheck // the namespace goes with the process
	d, dir := newDesk(t), t.TempDir()
	c := d.newCase(filepath.Join(dir, "a.case"))
	for i := range 3 {
		d.says(0, "evidence", "add", c, write(t, filepath.Join(dir, strings.Repeat("h", i+1)+".log"), noise(i, 8000)))
	}
	free, err := durable.Free(stick)
	if err != nil {
		t.Fatal(err)
	}
	ballast := write(t, filepath.Join(stick, "ballast"), make([]byte, int64(free)-2<<20))
	for _, args := range [][]string{
		{"bundle", "export", c, filepath.Join(stick, "plain"), "--plain", "--with-evidence"}, {"bundle", "export", c, filepath.Join(stick, "parcel"), "--recipient", "A. Ruiz"},
	} {
		_, errs := d.says(exitDiskFull, args...)
		if !strings.Contains(errs, "not enough room") || !strings.Contains(errs, "Make room") {
			t.Errorf("says: %s", errs)
		}
	}
	if left, err := os.ReadDir(stick); err != nil || len(left) != 1 {
		t.Errorf("left on the stick: %v", left)
	}
	if out, _ := d.says(0, "record", "list", c, "--kind", "bundle.exported"); out != "" {
		t.Errorf("signed: %s", out)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.says(0, "bundle", "export", c, filepath.Join(stick, "plain"), "--plain", "--with-evidence")
	d.recordIsGood(c)
	// A case does not arrive on a disk that has no room for it.
	_, errs := d.says(exitDiskFull, "bundle", "import", filepath.Join(stick, "plain"), filepath.Join(stick, "b.case"))
	if !strings.Contains(errs, "The disk is full") {
		t.Errorf("says: %s", errs)
	}
	if left, err := os.ReadDir(stick); err != nil || len(left) != 1 {
		t.Errorf("left on the stick: %v", left)
	}
}
