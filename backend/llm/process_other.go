//go:build !linux

package llm

import (
	"os"
	"syscall"
)

const haveNamespaces = false

func attributes(bool) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func terminate(p *os.Process) { p.Kill() }
func kill(p *os.Process)      { p.Kill() }
