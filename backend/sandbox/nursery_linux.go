package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// The nursery is this same program once more, in namespaces of its own, and starts the children there. It does nothing
// else and sees no evidence. Without it, each start would copy the page tables of our whole memory (the system shares them
// only with a child in the same user namespace), make a network, and take several times as long. It ends with us, and all
// children in its namespaces with it.
//
// We send it packets with four files: a child's standard input, output and error, and a socket that stands for the child.
// When our end of that socket is closed for writing, the child is killed; when the child has ended, its ending comes as
// JSON. The first packet from the nursery is one byte: it is ready.

// ending is how a child ended.
type ending struct {
	State string
	CPU   time.Duration
}

const maxEndingBytes = 4 << 10

// nursery is our side.
type nursery struct {
	mu   sync.Mutex
	conn *net.UnixConn
}

var children nursery

// startInside starts a child in the nursery.
func startInside(files [3]*os.File) (process, error) {
	ours, theirs, err := socketPair(unix.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	defer theirs.Close() //nolint:errcheck // the nursery has its own
	if err := children.send(append(files[:], theirs)); err != nil {
		ours.Close() //nolint:errcheck // nothing was written
		return nil, err
	}
	return insideProcess{ours}, nil
}

// send hands the files over, to a new nursery when the present one has ended.
func (n *nursery) send(files []*os.File) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	if n.conn != nil {
		if _, _, err := n.conn.WriteMsgUnix([]byte{0}, unix.UnixRights(fds...), nil); err == nil {
			return nil
		}
		n.conn.Close() //nolint:errcheck // it is broken
		n.conn = nil
	}
	conn, err := startNursery()
	if err != nil {
		return err
	}
	n.conn = conn
	_, _, err = conn.WriteMsgUnix([]byte{0}, unix.UnixRights(fds...), nil)
	return err
}

func startNursery() (*net.UnixConn, error) {
	ours, theirs, err := socketPair(unix.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	defer theirs.Close() //nolint:errcheck // the nursery has its own
	cmd, err := command(nurseryArg, [3]*os.File{})
	if err == nil {
		cmd.ExtraFiles = []*os.File{theirs}
		cmd.SysProcAttr = inNamespaces(attributes())
		err = onSpawner(cmd.Start)
	}
	if err != nil {
		ours.Close() //nolint:errcheck // nothing was written
		return nil, err
	}
	go cmd.Wait()                                   //nolint:errcheck // whoever needs it will see that it is gone
	ours.SetReadDeadline(time.Now().Add(helloTime)) //nolint:errcheck // a stretch, never a date
	if n, err := ours.Read(make([]byte, 1)); n != 1 {
		cmd.Process.Kill() //nolint:errcheck // it may have ended by itself
		ours.Close()       //nolint:errcheck // nothing was written
		return nil, fmt.Errorf("sandbox: the process that starts children does not answer: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	return ours, nil
}

// socketPair makes a pair of sockets: our end, and one to hand over.
func socketPair(kind int) (*net.UnixConn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(fds[1]), "")
	ours, err := unixConn(os.NewFile(uintptr(fds[0]), ""))
	if err != nil {
		theirs.Close() //nolint:errcheck // nothing was written
		return nil, nil, err
	}
	return ours, theirs, nil
}

// unixConn makes a connection of f, which is closed.
func unixConn(f *os.File) (*net.UnixConn, error) {
	defer f.Close() //nolint:errcheck // the connection has its own
	c, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		c.Close() //nolint:errcheck // not ours
		return nil, errors.New("sandbox: not a socket")
	}
	return u, nil
}

// insideProcess is a child in the nursery.
type insideProcess struct{ conn *net.UnixConn }

func (p insideProcess) kill() { p.conn.CloseWrite() } //nolint:errcheck // it may have ended by itself

func (p insideProcess) wait() (string, time.Duration) {
	defer p.conn.Close()                              //nolint:errcheck // nothing more comes
	p.conn.SetReadDeadline(time.Now().Add(helloTime)) //nolint:errcheck // it has ended or was killed
	b, _ := io.ReadAll(io.LimitReader(p.conn, maxEndingBytes))
	var e ending
	if json.Unmarshal(b, &e) != nil {
		return "the process that starts children does not answer", 0
	}
	return e.State, e.CPU
}

// runNursery is the nursery's side. It ends when our end is closed.
func runNursery() error {
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)     //nolint:errcheck // one barrier of several
	runtime.LockOSThread()                           // children inherit from the thread that starts them
	unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) //nolint:errcheck // the child looks whether it holds
	control, err := unixConn(os.NewFile(3, ""))
	if err != nil {
		return err
	}
	if _, err := control.Write([]byte{0}); err != nil {
		return err
	}
	rights := make([]byte, unix.CmsgSpace(4*4))
	for {
		_, n, _, _, err := control.ReadMsgUnix(make([]byte, 1), rights)
		if err != nil || n == 0 {
			return nil // the program has ended
		}
		messages, err := unix.ParseSocketControlMessage(rights[:n])
		if err != nil || len(messages) != 1 {
			return fmt.Errorf("sandbox: nursery: %d messages: %w", len(messages), errors.Join(err, errFrame))
		}
		fds, err := unix.ParseUnixRights(&messages[0])
		if err != nil || len(fds) != 4 {
			return fmt.Errorf("sandbox: nursery: %d files: %w", len(fds), errors.Join(err, errFrame))
		}
		var files [3]*os.File
		for i := range files {
			files[i] = os.NewFile(uintptr(fds[i]), "")
		}
		parent, err := unixConn(os.NewFile(uintptr(fds[3]), ""))
		if err != nil {
			return err
		}
		startChild(files, parent)
	}
}

// startChild starts a child and watches over it in the background.
func startChild(files [3]*os.File, parent *net.UnixConn) {
	cmd, err := command(childArg, files)
	if err == nil {
		cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
		err = cmd.Start()
	}
	for _, f := range files {
		f.Close() //nolint:errcheck // the child has its own
	}
	if err != nil {
		tell(parent, ending{State: err.Error()})
		return
	}
	go func() {
		io.Copy(io.Discard, parent) //nolint:errcheck // its end is the order
		cmd.Process.Kill()          //nolint:errcheck // it may have ended by itself
	}()
	go func() {
		err := cmd.Wait()
		tell(parent, endingOf(cmd, err))
	}()
}

func endingOf(cmd *exec.Cmd, err error) ending {
	var e ending
	if err != nil {
		e.State = bounded(err.Error())
	}
	if s := cmd.ProcessState; s != nil {
		e.CPU = s.UserTime() + s.SystemTime()
	}
	return e
}

func tell(parent *net.UnixConn, e ending) {
	defer parent.Close() //nolint:errcheck // the child has ended
	if b, err := json.Marshal(e); err == nil {
		parent.Write(b) //nolint:errcheck // nobody may wait for it
	}
}
