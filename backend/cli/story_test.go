package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"adjutant/backend/identity"
	"adjutant/backend/sandbox"
	"adjutant/backend/workbench"
)

func TestMain(m *testing.M) {
	sandbox.MaybeChild()
	testscript.Main(m, map[string]func(){
		"adjutant": func() {
			home, err := identity.Home()
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(exitFailed)
			}
			p := &program{host: Host{Version: "test"}, env: workbench.NewEnv(home, "test"), in: os.Stdin, out: os.Stdout, err: os.Stderr}
			p.env.WorkFactor = 10 // scrypt that does not slow the tests
			os.Exit(p.run(context.Background(), os.Args[1:]))
		},
	})
}

// TestStories runs the scripts of testdata/script: what people do, in commands, with the exit codes that scripts rely on.
func TestStories(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "caseverify"), "adjutant/backend/cmd/caseverify")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build caseverify: %v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Setenv("ADJUTANT_HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("DISPLAY", "")
			e.Setenv("WAYLAND_DISPLAY", "")
			e.Setenv("ADJUTANT_MODEL_DIR", filepath.Join(e.WorkDir, "no-model"))
			return os.WriteFile(filepath.Join(e.WorkDir, "pass"), []byte("story passphrase\n"), 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":    exits,
			"truncate": truncate,
			"flip":     flip,
			"transfer": remember("TRANSFER", "transfer", "evidence", "transfers", "a.case"),
			"hold":     remember("HOLD", "hold", "hold", "list", "a.case"),
			"head":     remember("HEAD", "head_code", "record", "verify", "a.case"),
			"item":     remember("ITEM", "sha256", "evidence", "list", "a.case"),
			"idof":     idof,
			"entryof":  entryof,
			"field":    field,
			"answer":   answer,
			"samehead": samehead,
		},
	})
}

// remember makes a command that runs adjutant and keeps a field of the first JSON line it prints in a variable. Entry
// ids are different in every run.
func remember(variable, field string, args ...string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) {
		ts.Check(ts.Exec("adjutant", append(args, "--json")...))
		out := ts.ReadFile("stdout")
		line, _, _ := strings.Cut(out, "\n")
		var all map[string]any
		ts.Check(json.Unmarshal([]byte(line), &all))
		v, ok := all[field].(string)
		if !ok {
			v, ok = all["entry"].(string)
		}
		if !ok {
			ts.Fatalf("no field %s in %s", field, line)
		}
		ts.Setenv(variable, v)
	}
}

// exits CODE PROGRAM ARGS… runs a program and compares its exit code; its output goes to stdout and stderr as for exec.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if x, ok := err.(*exec.ExitError); ok {
		got = x.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// flip FILE OFFSET changes one byte; a negative offset counts from the end.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(b)
	}
	if at < 0 || at >= len(b) {
		ts.Fatalf("offset %d of %d bytes", at, len(b))
	}
	b[at] ^= 0x01
	ts.Check(os.WriteFile(path, b, 0o600))
}

// truncate FILE BYTES keeps the first bytes of a file.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	if err := os.Truncate(ts.MkAbs(args[0]), n); err != nil {
		ts.Fatalf("%v", fmt.Errorf("truncate: %w", err))
	}
}
