package cli

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestKilledWhileMerging kills a merge at many moments: the record is good after each, what was there stays, and merging
// again gives the case that an undisturbed merge gives. ADJUTANT_KILL_ROUNDS asks for more rounds (make soak).
func TestKilledWhileMerging(t *testing.T) {
	rounds := 2
	if n, err := strconv.Atoi(os.Getenv("ADJUTANT_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	d, dir := newDesk(t), t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	first := d.newCase(filepath.Join(dir, "first.case"))
	d.says(0, "identity", "create", "--person", "B. Holm")
	d.says(0, "role", "grant", first, "B. Holm", "responder")
	other := filepath.Join(dir, "other.case")
	copyCase(t, first, other)
	d.says(0, "timeline", "note", first, "case", "written before the merge")
	var notes []string
	for i := range 6 {
		notes = append(notes, fmt.Sprintf("note %d of the other laptop", i))
		d.says(0, "--as", "B. Holm", "timeline", "note", other, "case", notes[i])
	}
	for i := range 3 {
		path := write(t, filepath.Join(dir, fmt.Sprintf("host%d.log", i)), noise(i, 3000))
		d.says(0, "--as", "B. Holm", "evidence", "add", other, path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	whole := filepath.Join(dir, "whole.case")
	copyCase(t, first, whole)
	began := time.Now()
	d.says(0, "merge", whole, other)
	takes := time.Since(began)
	want := d.digestOf(whole)

	kills := 0
	for round := range rounds {
		c := filepath.Join(dir, fmt.Sprintf("%d.case", round))
		copyCase(t, first, c)
		for range 3 {
			run := d.command("merge", c, other)
			var errs bytes.Buffer
			run.Stderr = &errs
			if err := run.Start(); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(time.Duration(rnd.Int64N(int64(takes))), func() { run.Process.Signal(unix.SIGKILL) }) //nolint:errcheck // it may have ended
			err := run.Wait()
			if ws, ok := run.ProcessState.Sys().(syscall.WaitStatus); err != nil && (!ok || ws.Signal() != unix.SIGKILL) {
				t.Fatalf("merge: %v\n%s", err, errs.String())
			}
			if err != nil {
				kills++
			}
			d.noneLeft()
			d.recordIsGood(c)
			if out, _ := d.says(0, "record", "list", c); !strings.Contains(out, "written before the merge") {
				t.Fatalf("a note is lost: %s", tail(out))
			}
		}
		d.says(0, "merge", c, other)
		d.recordIsGood(c)
		out, _ := d.says(0, "record", "list", c)
		for _, n := range notes {
			if strings.Count(out, n) != 1 {
				t.Fatalf("%q stands %d times: %s", n, strings.Count(out, n), tail(out))
			}
		}
		if strings.Count(out, "took in the entries of another copy") != 1 {
			t.Errorf("the merge is not signed once: %s", tail(out))
		}
		if got := d.digestOf(c); got.Digest != want.Digest {
			t.Errorf("digest %s of %d rows, undisturbed %s of %d", got.Digest, got.Rows, want.Digest, want.Rows)
		}
		if out, _ := d.says(0, "evidence", "verify", c, "--json"); strings.Count(out, `"same"`) != 3 {
			t.Errorf("evidence verify: %s", tail(out))
		}
	}
	if kills < rounds {
		t.Errorf("only %d of %d kills hit a running merge", kills, 3*rounds)
	}
	t.Logf("%d kills in %d rounds; an undisturbed merge takes %s", kills, rounds, takes.Round(time.Millisecond))
}

func copyCase(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
