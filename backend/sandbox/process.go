package sandbox

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// process is a started parser child, whoever started it.
type process interface {
	kill()
	// wait waits for the end, says how it ended ("" when well) and what processor time was used.
	wait() (state string, cpu time.Duration)
}

// child is a process with the pipes to it.
type child struct {
	process process
	in      *os.File
	out     *os.File
	stderr  *tail
	holds   confinement
	killer  sync.Once
	used    time.Duration // of a reaped child
}

func (c *child) kill() { c.killer.Do(c.process.kill) }

// reap waits for the process, which has ended or was killed, and says in a line how it ended.
func (c *child) reap() string {
	c.in.Close()  //nolint:errcheck // our end of a pipe
	c.out.Close() //nolint:errcheck // our end of a pipe
	var state string
	state, c.used = c.process.wait()
	return strings.TrimSpace(state + " " + strings.TrimSpace(c.stderr.whole()))
}

// tail keeps the first bytes of what a child writes to its standard error.
type tail struct {
	r    *os.File
	b    []byte
	done chan struct{}
}

// readTail reads r to its end, in the background.
func readTail(r *os.File) *tail {
	t := &tail{r: r, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		t.b, _ = io.ReadAll(io.LimitReader(r, maxStderrBytes)) // what came before an error is the text
		io.Copy(io.Discard, r)                                 //nolint:errcheck // so that the child does not wait
	}()
	return t
}

// whole waits for the end of the text, which comes with the end of the process.
func (t *tail) whole() string {
	select {
	case <-t.done:
	case <-time.After(helloTime):
	}
	t.r.Close() //nolint:errcheck // our end of a pipe
	<-t.done
	return string(t.b)
}

// ownProcess is a child that this process started itself.
type ownProcess struct{ cmd *exec.Cmd }

// command is this very program in another part. files are its standard input, output and error.
func command(arg string, files [3]*os.File) (*exec.Cmd, error) {
	path, err := self()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, arg)
	cmd.Env = []string{} // nil would hand over ours
	cmd.Dir = rootDir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], files[1], files[2]
	return cmd, nil
}

func startOwn(files [3]*os.File) (process, error) {
	cmd, err := command(childArg, files)
	if err != nil {
		return nil, err
	}
	cmd.SysProcAttr = attributes()
	if err := onSpawner(cmd.Start); err != nil {
		return nil, err
	}
	return ownProcess{cmd}, nil
}

func (p ownProcess) kill() { p.cmd.Process.Kill() } //nolint:errcheck // it may have ended by itself

func (p ownProcess) wait() (string, time.Duration) {
	state := ""
	if err := p.cmd.Wait(); err != nil {
		state = err.Error()
	}
	if p.cmd.ProcessState == nil {
		return state, 0
	}
	return state, p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}
