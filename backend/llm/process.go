package llm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/ollama/ollama/api"
)

// Process is a running model server. Close ends it and everything it started.
type Process struct {
	in       Install
	cmd      *exec.Cmd
	client   *api.Client
	private  string // folder of the socket and of the server's home; removed at Close
	isolated bool
	why      string // why it is not isolated
	log      *tail
	ended    chan struct{}
	once     sync.Once
	digest   string // of the loaded model, set by Load
}

// ErrServer is returned when the model server does not come up or answers with another version than ours.
var ErrServer = errors.New("llm: the model server did not start")

const (
	startWait = 20 * time.Second // a cold disk takes seconds; more is a fault
	pollEvery = 50 * time.Millisecond
)

// Start runs the server in its own namespaces on a unix socket, or, where the system forbids that, on a random loopback
// port; Isolation tells which. The caller must Close it.
func Start(ctx context.Context, in Install) (*Process, error) {
	why := "this system has none"
	if haveNamespaces {
		p, err := start(ctx, in, true)
		if err == nil {
			return p, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		why = err.Error()
	}
	p, err := start(ctx, in, false)
	if err != nil {
		return nil, fmt.Errorf("%w: %v (isolated: %s)", ErrServer, err, why)
	}
	p.why = why
	return p, nil
}

func start(ctx context.Context, in Install, isolate bool) (*Process, error) {
	private, err := os.MkdirTemp("", "adjutant-llm-") // 0700 by MkdirTemp
	if err != nil {
		return nil, err
	}
	p := &Process{in: in, private: private, isolated: isolate, log: &tail{}, ended: make(chan struct{})}
	sock := filepath.Join(private, "s")
	store := filepath.Join(in.Dir, "store")
	if os.MkdirAll(store, 0o700) != nil {
		store = filepath.Join(private, "store")
	}
	args := []string{"serve", sock}
	if !isolate {
		args = []string{"serve", "--tcp"}
	}
	p.cmd = exec.Command(in.Server, args...)
	p.cmd.Dir = private
	p.cmd.Env = environment(private, store)
	p.cmd.SysProcAttr = attributes(isolate)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		os.RemoveAll(private)
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		os.RemoveAll(private)
		return nil, fmt.Errorf("start %s: %w", in.Server, err)
	}
	addr := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		sc := bufio.NewScanner(io.LimitReader(out, 1<<20))
		for sc.Scan() {
			if a, ok := strings.CutPrefix(sc.Text(), "listening "); ok {
				select {
				case addr <- a:
				default:
				}
			}
		}
	}()
	go func() { <-read; p.cmd.Wait(); close(p.ended) }()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", sock)
	}
	base := &url.URL{Scheme: "http", Host: "localhost"} // the server answers no other name
	if !isolate {
		select {
		case a := <-addr:
			base.Host = a
			dial = (&net.Dialer{}).DialContext
		case <-p.ended:
			return nil, p.fail("ended at once")
		case <-time.After(startWait):
			return nil, p.fail("named no port")
		}
	}
	p.client = api.NewClient(base, &http.Client{Transport: &http.Transport{DialContext: dial, Proxy: nil}})
	deadline := time.Now().Add(startWait)
	for {
		v, err := p.client.Version(ctx)
		if err == nil {
			if v != in.Ollama {
				return nil, p.fail("says version " + v + ", expected " + in.Ollama)
			}
			return p, nil
		}
		select {
		case <-ctx.Done():
			p.Close()
			return nil, ctx.Err()
		case <-p.ended:
			return nil, p.fail("ended at once")
		case <-time.After(pollEvery):
		}
		if time.Now().After(deadline) {
			return nil, p.fail("did not answer")
		}
	}
}

func (p *Process) fail(what string) error {
	text := strings.TrimSpace(p.log.String())
	p.Close()
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	return fmt.Errorf("model server %s: %.300s", what, text)
}

// environment is the whole environment of the child: no proxies, no user settings, no cloud.
func environment(home, store string) []string {
	return []string{
		"HOME=" + home, "PATH=", "OLLAMA_MODELS=" + store, "OLLAMA_HOST=127.0.0.1:0", "OLLAMA_NO_CLOUD=1",
		"OLLAMA_NUM_PARALLEL=1", "OLLAMA_MAX_LOADED_MODELS=1", "OLLAMA_CONTEXT_LENGTH=4096", "OLLAMA_KEEP_ALIVE=30m",
		"OLLAMA_NOHISTORY=1", "OLLAMA_NOPRUNE=1", "OLLAMA_DEBUG=0", "TMPDIR=" + home,
	}
}

// Isolation says whether the kernel keeps the model from every network, in words for the screen.
func (p *Process) Isolation() (isolated bool, text string) {
	if p.isolated {
		return true, "The model server runs without a network: own namespaces, one unix socket, no open port."
	}
	return false, "The model server listens on a loopback port of this computer, because the system forbids namespaces (" + p.why + ")."
}

var variantLine = regexp.MustCompile(`libggml-cpu-([a-z0-9_]+)\.so`)

// Variant is the CPU library that the server loaded ("haswell"), or "none": ten times slower, said on screen.
func (p *Process) Variant() string {
	if m := variantLine.FindStringSubmatch(p.log.String()); m != nil {
		return m[1]
	}
	return "none"
}

// Version is Ollama's version.
func (p *Process) Version() string { return p.in.Ollama }

// Pid is the server's process id, for tests that trace it.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Ended reports whether the server is gone, by itself or by Close.
func (p *Process) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Close ends the server and its runner. It is safe to call twice.
func (p *Process) Close() error {
	p.once.Do(func() {
		terminate(p.cmd.Process)
		select {
		case <-p.ended:
		case <-time.After(3 * time.Second):
			kill(p.cmd.Process)
			<-p.ended
		}
		os.RemoveAll(p.private)
	})
	return nil
}

// tail keeps the last 64 KiB of the server's log in memory only: it may hold words of the evidence.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
	v  string // the first line that names the CPU library is kept for good
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := variantLine.Find(p); m != nil && t.v == "" {
		t.v = string(m)
	}
	t.b.Write(p)
	if n := t.b.Len(); n > 64<<10 {
		t.b.Next(n - 64<<10)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.v + "\n" + t.b.String()
}
