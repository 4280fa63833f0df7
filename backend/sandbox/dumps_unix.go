//go:build unix

package sandbox

import "syscall"

// NoDumps keeps the program itself from leaving a core dump: its memory holds keys and evidence, and the disk must not.
// It returns an error when the system refuses; the caller goes on, as a dump needs a crash first.
func NoDumps() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
