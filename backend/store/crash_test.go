package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/store"
)

// TestMain lets the test program be its own child: one that ends without closing, and one that reads a damaged store,
// since Badger may end the process on damage after an unclean end.
func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_KILLED"); dir != "" {
		killedChild(dir)
	}
	if dirs := os.Getenv("STORE_TEST_READ"); dirs != "" {
		readChild(dirs)
	}
	os.Exit(m.Run())
}

// killedChild acknowledges 36 values over two openings, prints how many, and ends without closing.
func killedChild(dir string) {
	for round := range 2 {
		db, err := open(dir)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		for i := range 12 {
			err := db.Update(context.Background(), func(tx *store.Tx) error {
				for j := range 3 {
					key, value := entry(round, i, j)
					if err := tx.Set([]byte(key), value); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
		if round == 0 {
			if err := db.Close(); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	fmt.Println(err)
	os.Exit(1)
}

// readChild says in one word a line what became of each store: same, damaged, or what was silently wrong.
func readChild(dirs string) {
	model := crashModel()
	for _, dir := range strings.Split(dirs, "|") {
		fmt.Println("result", verdict(dir, model))
	}
	os.Exit(0)
}

func crashModel() map[string][]byte {
	model := map[string][]byte{}
	for round := range 2 {
		for i := range 12 {
			for j := range 3 {
				key, value := entry(round, i, j)
				model[key] = value
			}
		}
	}
	return model
}

// file is what a killed process left: its bytes up to the last one that is not zero, and its length.
type file struct {
	data []byte
	size int64
}

func killedStore(t *testing.T) map[string]file {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "killed")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_KILLED="+dir)
	out, err := cmd.CombinedOutput()
	if err == nil || len(out) > 0 {
		t.Fatalf("child was not killed: %s", out)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]file{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = file{bytes.TrimRight(data, "\x00"), int64(len(data))}
	}
	return files
}

func writeFiles(t *testing.T, dir string, files map[string]file) {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, f.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(at, f.size); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilledStoreLosesNothing reopens what a killed process left.
func TestKilledStoreLosesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	writeFiles(t, dir, killedStore(t))
	if got := verdict(dir, crashModel()); got != "same" {
		t.Fatal(got)
	}
}

// TestFlippedBytesAfterAKillAreNamed flips bytes in every file that a killed process left. There is no inventory then:
// the count of transactions and keys and the seals must notice.
func TestFlippedBytesAfterAKillAreNamed(t *testing.T) {
	files := killedStore(t)
	parent := t.TempDir()
	var dirs, what []string
	for name, f := range files {
		for i, at := range offsets(len(f.data)) {
			if i%4 != 1 {
				continue // opening what was killed is slow; one in four meets head, middle and end of each file
			}
			changed := map[string]file{}
			for n, f := range files {
				changed[n] = f
			}
			data := bytes.Clone(f.data)
			data[at] ^= 0x40
			changed[name] = file{data, f.size}
			dir := filepath.Join(parent, fmt.Sprint(len(dirs)))
			writeFiles(t, dir, changed)
			dirs = append(dirs, dir)
			what = append(what, fmt.Sprintf("%s byte %d", name, at))
		}
	}
	verdicts := readAll(t, dirs)
	named := 0
	for i, v := range verdicts {
		switch v {
		case "same":
		case "damaged", "ended":
			named++
		default:
			t.Errorf("%s: %s", what[i], v)
		}
	}
	if len(dirs) < 20 || named < len(dirs)/3 {
		t.Fatalf("%d flips, %d named: the test does not bite", len(dirs), named)
	}
}

// readAll reads stores in children; where one ends the process, the next child goes on after it.
func readAll(t *testing.T, dirs []string) []string {
	t.Helper()
	var out []string
	for len(out) < len(dirs) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "STORE_TEST_READ="+strings.Join(dirs[len(out):], "|"))
		text, err := cmd.CombinedOutput()
		for _, line := range strings.Split(string(text), "\n") {
			if v, ok := strings.CutPrefix(line, "result "); ok {
				out = append(out, v)
			}
		}
		if err != nil {
			t.Logf("%s ended the process: %.300s", dirs[len(out)], lastLines(string(text)))
			out = append(out, "ended")
		}
	}
	return out
}

func lastLines(s string) string {
	var kept []string
	for _, l := range strings.Split(s, "\n") {
		if !strings.HasPrefix(l, "result ") {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}
