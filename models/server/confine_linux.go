package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confined marks the second start of the process, the one behind the walls.
const confined = "ADJUTANT_LLM_CONFINED"

// Rights of Landlock's first version (landlock(7), ABI 1): every kernel that has Landlock knows them.
const (
	readRights  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_EXECUTE
	writeRights = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
)

// confine leaves the server and everything it starts only the files it needs: its own install and the system's libraries
// to read, its model store and private folder to write. No case, no home, no evidence can be opened, whatever a model
// file does to the process. Go cannot put Landlock on all threads of a running program, so one thread takes it and starts
// the program again: what is started inherits it. Where the kernel has no Landlock it says so on stderr and goes on.
func confine(private string) error {
	if os.Getenv(confined) != "" {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Setenv(confined, "1"); err != nil {
		return err
	}
	runtime.LockOSThread()
	err = landlock(map[string]uint64{
		filepath.Dir(filepath.Dir(self)): readRights,
		os.Getenv("OLLAMA_MODELS"):       readRights | writeRights,
		private:                          readRights | writeRights,
		"/usr/lib":                       readRights,
		"/lib":                           readRights,
		"/lib64":                         readRights,
		"/etc/ld.so.cache":               unix.LANDLOCK_ACCESS_FS_READ_FILE,
		"/proc":                          readRights,
		"/sys/devices/system":            readRights,
		"/dev/null":                      unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE,
		"/dev/urandom":                   unix.LANDLOCK_ACCESS_FS_READ_FILE,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "adjutant-llm: files are not walled off:", err)
		runtime.UnlockOSThread()
		return nil
	}
	return unix.Exec(self, os.Args, os.Environ())
}

func landlock(rules map[string]uint64) error {
	attr := unix.LandlockRulesetAttr{Access_fs: readRights | writeRights}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), 8, 0) // 8: the size of ABI 1
	if errno != 0 {
		return errno
	}
	defer unix.Close(int(fd))
	for path, rights := range rules {
		if path == "" {
			continue
		}
		at, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
		if errors.Is(err, unix.ENOENT) {
			continue // this system keeps its libraries elsewhere
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(at)}
		_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, fd, unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
		unix.Close(at)
		if errno != 0 {
			return fmt.Errorf("%s: %w", path, errno)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
