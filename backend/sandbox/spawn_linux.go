package sandbox

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	haveNamespaces = true
	rootDir        = "/"
)

// self is this very program, also when its file was replaced meanwhile.
func self() (string, error) { return "/proc/self/exe", nil }

// attributes make the child die with us.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true}
}

// inNamespaces adds namespaces of its own: a network without interfaces, no view of other processes, and no right to
// anything outside.
func inNamespaces(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	const nobody = 65534
	a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC |
		syscall.CLONE_NEWUTS | syscall.CLONE_NEWNS
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	return a
}

// widen lets a pipe hold pipeBytes, where the system permits.
func widen(pipe *os.File) {
	if c, err := pipe.SyscallConn(); err == nil {
		c.Control(func(fd uintptr) { unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) }) //nolint:errcheck // it only costs time
	}
}
