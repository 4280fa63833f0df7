package sandbox

import (
	"bytes"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confine gives up, for good and in this order, everything the parser does not need, and says what of it holds. It runs
// before the first byte of evidence arrives.
func confine(q request) (holds confinement) {
	runtime.LockOSThread()      // no_new_privs belongs to a thread, and the filter asks for it
	debug.SetMaxStack(64 << 20) // an endless recursion ends as a named fault
	if q.Memory > 0 {
		debug.SetMemoryLimit(q.Memory / 4 * 3)
	}
	if setLimits(q) {
		holds |= boundLimits
	}
	// Born with it, all threads have it. Else it is set on the calling thread; installing the filter spreads it.
	born, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == nil {
		holds |= noNewRights
	}
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) //nolint:errcheck // one barrier of several
	if landlock(err == nil && born == 1) {
		holds |= noFiles
	}
	if filterSystemCalls() {
		holds |= systemCalls
	}
	return holds
}

func setLimits(q request) bool {
	limits := []struct {
		what int
		max  uint64
	}{
		{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_FSIZE, 0}, {unix.RLIMIT_MSGQUEUE, 0}, {unix.RLIMIT_MEMLOCK, 0},
		{unix.RLIMIT_CPU, q.CPUSeconds},
	}
	if q.Memory > 0 {
		limits = append(limits, struct {
			what int
			max  uint64
		}{unix.RLIMIT_AS, addressSpace() + uint64(q.Memory)})
	}
	for _, l := range limits {
		if unix.Setrlimit(l.what, &unix.Rlimit{Cur: l.max, Max: l.max}) != nil {
			return false
		}
	}
	return true
}

// addressSpace is what this process has mapped already; Go reserves much more than it uses.
func addressSpace() uint64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return math.MaxUint32
	}
	first, _, _ := bytes.Cut(b, []byte(" "))
	pages, err := strconv.ParseUint(string(first), 10, 40)
	if err != nil {
		return math.MaxUint32
	}
	return pages * uint64(os.Getpagesize())
}

// landlock forbids everything that Landlock can forbid, by a ruleset without a rule. It covers all threads only in
// programs without C code (AllThreadsSyscall); elsewhere the system call filter stands alone. noNewPrivs says that all
// threads have that already: telling all threads costs as much as reading a small log.
func landlock(noNewPrivs bool) bool {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 || abi < 1 {
		return false
	}
	// The rights of each ABI: 13 of files; 2 refer; 3 truncate; 4 bind and connect; 5 ioctl; 6 scopes.
	attr := unix.LandlockRulesetAttr{Handled_access_fs: 1<<13 - 1}
	if abi >= 2 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= 3 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= 5 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if abi >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	size := unsafe.Offsetof(attr.Quiet_access_fs)
	switch { // older kernels know a shorter form only
	case abi < 4:
		size = unsafe.Offsetof(attr.Handled_access_net)
	case abi < 6:
		size = unsafe.Offsetof(attr.Scoped)
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return false
	}
	defer unix.Close(int(fd)) //nolint:errcheck // nothing depends on it
	if !noNewPrivs {
		if _, _, errno = syscall.AllThreadsSyscall(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0); errno != 0 {
			return false
		}
	}
	_, _, errno = syscall.AllThreadsSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0)
	return errno == 0
}
