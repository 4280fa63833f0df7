//go:build linux && (amd64 || arm64)

package sandbox

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A classic BPF program over struct seccomp_data: nr at 0, arch at 4, args from 16 on, 8 bytes each, low half first
// (both our architectures are little endian). What is not on the list fails with EPERM, so that a library's attempt is an
// error it can handle; a call of another architecture's numbering ends the process.
const (
	offsetNr   = 0
	offsetArch = 4
	offsetArg0 = 16
	offsetArg1 = 24
	offsetArg2 = 32

	allow = unix.SECCOMP_RET_ALLOW
	deny  = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	// The C library falls back to clone when clone3 does not exist, and clone's flags can be looked at here.
	missing = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	end     = unix.SECCOMP_RET_KILL_PROCESS
)

// common is what the Go runtime, the C library's allocator and two pipes need.
var common = []uint32{
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_FUTEX, unix.SYS_MUNMAP, unix.SYS_MADVISE,
	unix.SYS_MREMAP, unix.SYS_BRK, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY,
	unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN,
	unix.SYS_SIGALTSTACK, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_SET_ROBUST_LIST,
	unix.SYS_RSEQ, unix.SYS_RESTART_SYSCALL, unix.SYS_GETRANDOM, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL,
	unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2,
}

func statement(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k} }

func load(offset uint32) unix.SockFilter {
	return statement(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, offset)
}

func ret(action uint32) unix.SockFilter { return statement(unix.BPF_RET|unix.BPF_K, action) }

// jump goes yes steps on when op holds for the loaded word and k, else no steps.
func jump(op uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, K: k, Jt: yes, Jf: no}
}

func program(pid int) []unix.SockFilter {
	p := []unix.SockFilter{
		load(offsetArch), jump(unix.BPF_JEQ, auditArch, 1, 0), ret(end),
		load(offsetNr),
	}
	for _, nr := range append(append([]uint32(nil), common...), extra...) {
		p = append(p, jump(unix.BPF_JEQ, nr, 0, 1), ret(allow))
	}
	// A look at one argument each, then the number is loaded again.
	look := func(nr, offset uint32, test []unix.SockFilter) {
		p = append(p, jump(unix.BPF_JEQ, nr, 0, uint8(1+len(test))), load(offset))
		p = append(p, test...)
	}
	// clone: threads only, no processes.
	look(unix.SYS_CLONE, offsetArg0, []unix.SockFilter{jump(unix.BPF_JSET, unix.CLONE_THREAD, 0, 1), ret(allow), ret(deny)})
	// mmap, mprotect: no memory that can be executed; no parser makes code.
	for _, nr := range []uint32{unix.SYS_MMAP, unix.SYS_MPROTECT} {
		look(nr, offsetArg2, []unix.SockFilter{jump(unix.BPF_JSET, unix.PROT_EXEC, 1, 0), ret(allow), ret(deny)})
	}
	// fcntl: flags of a descriptor and of its file. Others name a process that is sent a signal when something comes (F_SETOWN,
	// F_SETSIG): children see each other's numbers, and one could end another that way.
	flags := []uint32{unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL, unix.F_DUPFD_CLOEXEC}
	var some []unix.SockFilter
	for i, command := range flags {
		some = append(some, jump(unix.BPF_JEQ, command, uint8(len(flags)-i), 0))
	}
	look(unix.SYS_FCNTL, offsetArg1, append(some, ret(deny), ret(allow)))
	// tgkill: the runtime signals its own threads.
	look(unix.SYS_TGKILL, offsetArg0, []unix.SockFilter{jump(unix.BPF_JEQ, uint32(pid), 0, 1), ret(allow), ret(deny)})
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), ret(missing))
	return append(p, ret(deny))
}

// filterSystemCalls installs the program on all threads. no_new_privs must be set.
func filterSystemCalls() bool {
	p := program(unix.Getpid())
	f := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	stuck, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&f)))
	return errno == 0 && stuck == 0
}
