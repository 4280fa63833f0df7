//go:build !linux

package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

const haveNamespaces = false

var rootDir = filepath.VolumeName(os.TempDir()) + string(filepath.Separator)

func self() (string, error) { return os.Executable() }

func attributes() *syscall.SysProcAttr { return nil }

// confine: outside Linux the child is a plain process with a time limit, and Status says so.
func confine(request) confinement { return 0 }

func startInside([3]*os.File) (process, error) { return nil, errors.ErrUnsupported }

func runNursery() error { return errors.ErrUnsupported }

func widen(*os.File) {}
