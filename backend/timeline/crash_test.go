package timeline_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
)

// crashChild imports source after source until it is killed, and prints the number of each that was acknowledged.
func crashChild(dir string) {
	db, err := store.Open(dir, testKeys)
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	tl, err := timeline.Open(ctx, db)
	if err != nil {
		fmt.Println("timeline:", err)
		os.Exit(1)
	}
	timeline.SetBlockEvents(tl, 40)
	_, rows, err := tl.Count(ctx)
	if err != nil {
		fmt.Println("count:", err)
		os.Exit(1)
	}
	for n := int(rows / crashRows); n < 250; n++ {
		evidence := incident.Digest{byte(n), 1}
		im, err := tl.Import(ctx, timeline.Source{Evidence: evidence, Parser: "evtx", Version: "1"})
		if err != nil {
			fmt.Println("import:", err)
			os.Exit(1)
		}
		for _, e := range synthetic(uint64(n), crashEvents, evidence, "evtx") {
			if err := im.Add(e); err != nil {
				fmt.Println("add:", err)
				os.Exit(1)
			}
		}
		fmt.Println("committing", n)
		if err := im.Commit(ctx); err != nil {
			fmt.Println("commit:", err)
			os.Exit(1)
		}
		fmt.Println("done", n)
	}
	os.Exit(0)
}

const (
	crashEvents = 200
	crashRows   = 300
)

// TestKilledImportLosesNothing kills the importing process at different moments and reopens what it left: every
// acknowledged import is whole, nothing is half there, and what was unfinished is gone.
func TestKilledImportLosesNothing(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for round, after := range []time.Duration{3, 30, 1, 90, 11} {
		acknowledged = max(acknowledged, runAndKill(t, dir, after*time.Millisecond))
		db, err := store.Open(dir, testKeys)
		if err != nil {
			t.Fatalf("round %d: reopen: %v", round, err)
		}
		tl := openTimeline(t, db)
		sources, err := tl.Sources(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(sources) < acknowledged || len(sources) > acknowledged+1 {
			t.Fatalf("round %d: %d sources, %d were acknowledged", round, len(sources), acknowledged)
		}
		p, err := tl.Page(ctx, query.All{}, timeline.Options{Limit: 1})
		if err != nil || p.Total != int64(len(sources)*crashRows) {
			t.Fatalf("round %d: %d rows of %d sources: %v", round, p.Total, len(sources), err)
		}
		if err := tl.Verify(ctx); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		perSource := (crashEvents + 39) / 40
		if n := blockKeys(t, db); n < len(sources)*perSource*4 || n > len(sources)*perSource*5 {
			t.Errorf("round %d: %d parts for %d sources: unfinished ones left", round, n, len(sources))
		}
		acknowledged = len(sources)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if acknowledged < 5 {
		t.Errorf("only %d imports were acknowledged: the test does not bite", acknowledged)
	}
}

// runAndKill starts the child, kills it some time after its first acknowledged import, and says how many there were.
func runAndKill(t *testing.T, dir string, after time.Duration) int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "TIMELINE_TEST_CRASH="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	done := 0
	lines := bufio.NewScanner(out)
	var timer *time.Timer
	for lines.Scan() {
		line := lines.Text()
		var n int
		switch {
		case strings.HasPrefix(line, "done "):
			if _, err := fmt.Sscanf(line, "done %d", &n); err != nil {
				t.Fatal(err)
			}
			done = n + 1
			if timer == nil {
				timer = time.AfterFunc(after, func() { child.Process.Kill() })
			}
		case strings.HasPrefix(line, "committing "):
		default:
			t.Errorf("child: %s", line)
		}
	}
	child.Wait() //nolint:errcheck // it was killed
	return done
}
