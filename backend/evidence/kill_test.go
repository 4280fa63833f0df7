package evidence

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
)

// smallCase is as much of a case as an intake needs, on disk: a vault, a record of lines, and rows that a commit replaces at
// once. It does what workbench does with the real ones.
type smallCase struct {
	dir    string
	vault  *vault.Vault
	record *os.File
	lines  []recordLine
}

type recordLine struct {
	Received *Item    `json:",omitempty"`
	Done     *Receipt `json:",omitempty"`
}

func openSmallCase(dir string) (*smallCase, error) {
	key := filepath.Join(dir, "key")
	id, err := age.GenerateX25519Identity()
	if raw, rerr := os.ReadFile(key); rerr == nil {
		id, err = age.ParseX25519Identity(string(raw))
	} else if err == nil {
		err = os.WriteFile(key, []byte(id.String()), 0o600)
	}
	if err != nil {
		return nil, err
	}
	c := &smallCase{dir: dir}
	if c.vault, err = vault.New(filepath.Join(dir, "vault"), id, [32]byte{9}); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "record")
	raw, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1] // a line that was cut off by a kill was never acknowledged
	for s := bufio.NewScanner(bytes.NewReader(whole)); s.Scan(); {
		var l recordLine
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			return nil, err
		}
		c.lines = append(c.lines, l)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		return nil, err
	}
	c.record, err = os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	return c, err
}

func (c *smallCase) write(l recordLine) error {
	b, err := json.Marshal(l)
	if err == nil {
		_, err = c.record.Write(append(b, '\n'))
	}
	c.lines = append(c.lines, l)
	return err
}

func (c *smallCase) before(it Item) (Custody, parse.Status) {
	held := CustodyNone
	for _, l := range c.lines {
		switch {
		case l.Received != nil && l.Received.Path == it.Path && l.Received.SHA256 == it.SHA256:
			held = CustodyReceived
		case l.Done != nil && l.Done.Path == it.Path && l.Done.SHA256 == it.SHA256.String() && l.Done.Status != parse.StatusFailed:
			return CustodyDone, l.Done.Status
		}
	}
	return held, ""
}

func (c *smallCase) known(d incident.Digest) (string, bool) {
	for _, l := range c.lines {
		if l.Done != nil && l.Done.SHA256 == d.String() && l.Done.Status != parse.StatusFailed && l.Done.Status != parse.StatusDuplicate {
			return l.Done.Path, true
		}
	}
	return "", false
}

// rows of one item.
type rows struct {
	c    *smallCase
	item string
	text []string
}

func (r *rows) Add(e *event.Event) error {
	r.text = append(r.text, fmt.Sprint(e.Path, " ", e.Locator, " ", e.Fields))
	return nil
}

func (r *rows) Commit(context.Context) error {
	temp := filepath.Join(r.c.dir, "rows", "."+r.item)
	if err := os.WriteFile(temp, []byte(strings.Join(r.text, "\n")), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, filepath.Join(r.c.dir, "rows", r.item))
}

func (r *rows) Abort() error { return nil }

func (c *smallCase) take(from string) error {
	return Take(ctx, Intake{
		Paths: []string{from}, Vault: c.vault, Formats: testFormats, Before: c.before, Known: c.known,
		Received: func(it Item) error { return c.write(recordLine{Received: &it}) },
		Open: func(it Item, _ parse.Format) (Sink, error) {
			return &rows{c: c, item: it.SHA256.String()}, nil
		},
		Done: func(r Receipt) error {
			if r.SHA256 == "" || r.Again {
				return nil
			}
			return c.write(recordLine{Done: &r})
		},
	})
}

// takeInChild is what the killed process does.
func takeInChild(dir, from string) {
	c, err := openSmallCase(dir)
	if err == nil {
		fmt.Println("begun")
		err = c.take(from)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// result is what a case holds in the end: how often each item was received and what its receipts say, and all rows.
func (c *smallCase) result(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, l := range c.lines {
		if l.Received != nil {
			out["received "+l.Received.Path+" "+l.Received.SHA256.String()] += "I"
			if err := c.vault.Verify(ctx, l.Received.SHA256); err != nil {
				t.Error(err)
			}
			continue
		}
		b, err := json.Marshal(l.Done)
		if err != nil {
			t.Fatal(err)
		}
		out["receipt "+l.Done.Path] += string(b) + "\n"
	}
	files, err := os.ReadDir(filepath.Join(c.dir, "rows"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), ".") {
			b, err := os.ReadFile(filepath.Join(c.dir, "rows", f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			out["rows "+f.Name()] = string(b)
		}
	}
	return out
}

func newSmallCase(t *testing.T) string {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "rows"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func killEvidence(t *testing.T) string {
	dir := t.TempDir()
	text := func(name string, lines int) string { return "log\n" + strings.Repeat(name+" line\n", lines) }
	var members []member
	for i := range 12 {
		name := fmt.Sprintf("m%02d.log", i)
		members = append(members, member{name: name, content: text(name, 20_000*(i%2)+1)})
	}
	members = append(members, member{name: "../escape", content: "x"}, member{name: "same.log", content: text("f03", 1)})
	writeZip(t, filepath.Join(dir, "b.zip"), members...)
	inner := filepath.Join(t.TempDir(), "inner.zip")
	writeZip(t, inner, member{name: "deep.log", content: text("deep", 3000)}, member{name: "bin", content: "bin\nx\nbad\n"})
	packed, err := os.ReadFile(inner)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "d.tar.gz"), string(pack(t, packers["gz"], tarOf(t, map[string]string{"a.log": text("tar", 5000), "sub/b.log": string(packed)}))))
	for i := range 10 {
		write(t, filepath.Join(dir, fmt.Sprintf("a/f%02d.log", i)), text(fmt.Sprintf("f%02d", i%8), 1+i*i*150))
	}
	write(t, filepath.Join(dir, "c.bin"), "bin\n"+strings.Repeat("x\nbad\n", 2000))
	write(t, filepath.Join(dir, "e.fails"), "log\nsilent\n")
	write(t, filepath.Join(dir, "z.unknown"), "\x01\x02")
	return dir
}

// A process that is killed at any moment: the next one goes on, and in the end all is as if nobody had disturbed it. No item
// is received twice, none has two receipts that count, no row is missing or double.
func TestKilledIntakeGoesOn(t *testing.T) {
	from := killEvidence(t)
	whole, err := openSmallCase(newSmallCase(t))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := whole.take(from); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	want := whole.result(t)
	if len(want) < 70 {
		t.Fatalf("only %d facts to compare", len(want))
	}
	rounds := 8
	if n, err := strconv.Atoi(os.Getenv("ADJUTANT_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	kills, cases := 0, 0
	for kills < rounds {
		dir := newSmallCase(t)
		cases++
		for finished := false; !finished; {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "EVIDENCE_TEST_CHILD="+dir, "EVIDENCE_TEST_FROM="+from)
			c.Stderr = os.Stderr
			out, err := c.StdoutPipe()
			if err == nil {
				err = c.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			bufio.NewReader(out).ReadString('\n') //nolint:errcheck // it has begun, or ended
			timer := time.AfterFunc(rand.N(took), func() { c.Process.Kill() })
			err = c.Wait()
			timer.Stop()
			if finished = err == nil; !finished {
				if code := c.ProcessState.ExitCode(); code >= 0 {
					t.Fatalf("the child ended by itself with %d", code)
				}
				kills++
			}
		}
		c, err := openSmallCase(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := c.result(t)
		// What failed is tried again by every run, so its receipts may be several; each is the same.
		for k, v := range got {
			got[k] = onceEach(k, v)
		}
		if !reflect.DeepEqual(got, want) {
			for k := range want {
				if got[k] != want[k] {
					t.Errorf("case %d: %s:\n got %.300s\nwant %.300s", cases, k, got[k], want[k])
				}
			}
			for k := range got {
				if _, ok := want[k]; !ok {
					t.Errorf("case %d: more than there was: %s", cases, k)
				}
			}
			t.FailNow()
		}
		if err := c.record.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills in %d intakes", kills, cases)
}

// onceEach drops repetitions of the receipt of the item that fails.
func onceEach(key, receipts string) string {
	if !strings.HasSuffix(key, "e.fails") || !strings.HasPrefix(key, "receipt") {
		return receipts
	}
	return strings.Join(slices.Compact(strings.SplitAfter(receipts, "\n")), "")
}
