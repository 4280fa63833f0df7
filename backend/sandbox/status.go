package sandbox

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
)

// confinement is what of the sandbox holds in a child.
type confinement uint8

const (
	boundLimits   confinement = 1 << iota // memory, processor time, no core dumps, no files written
	noNewRights                           // no_new_privs
	noFiles                               // Landlock: nothing of the file system
	systemCalls                           // seccomp: no files, network, processes or new code, whatever else holds
	ownNamespaces                         // own user, network, process, IPC and host name space
)

// Level grades how well this system lets us confine a parser.
type Level string

// The levels, best first.
const (
	LevelFull    Level = "full"
	LevelPartial Level = "partial" // no files and no network by one of two ways instead of both
	LevelLimited Level = "limited" // an own process with limits, not kept from files or network
	LevelNone    Level = "none"    // no child can be started; binary formats are not parsed
)

// Status says how parsers of binary formats are confined on this system, with a sentence for the screen. It starts a
// child to find out, once.
func Status() (Level, string) {
	s := probed()
	return s.level, s.text
}

type status struct {
	level Level
	text  string
}

var probed = sync.OnceValue(func() status {
	c, err := start(request{Probe: true, Memory: DefaultLimits().MemoryBytes, CPUSeconds: 10})
	if err != nil {
		return status{LevelNone, "Binary formats cannot be parsed here: no separate process can be started for them (" + bounded(err.Error()) + ")."}
	}
	timer := time.AfterFunc(helloTime, c.kill)
	kind, payload, err := readFrame(c.out, nil, fromChild)
	timer.Stop()
	c.kill()
	crash := c.reap()
	if err != nil || kind != frameConfined || len(payload) != 2 {
		return status{LevelNone, "Binary formats cannot be parsed here: the separate process does not answer (" + bounded(crash) + ")."}
	}
	return describe(c.holds | confinement(payload[1]))
})

func describe(h confinement) status {
	has := func(c confinement) bool { return h&c == c }
	var missing []string
	for _, m := range []struct {
		bit  confinement
		text string
	}{
		{boundLimits, "limits on memory and time"}, {noFiles, "Landlock"}, {systemCalls, "the system call filter"}, {ownNamespaces, "own namespaces"},
	} {
		if !has(m.bit) {
			missing = append(missing, m.text)
		}
	}
	lead := "Binary formats are parsed in a separate process"
	switch {
	case len(missing) == 0:
		return status{LevelFull, lead + " without network, files or other processes, with bounded memory and time."}
	case has(systemCalls | boundLimits):
		return status{LevelPartial, fmt.Sprintf("%s without network, files or other processes, with bounded memory and time; here without %s as a second barrier.",
			lead, strings.Join(missing, " and "))}
	case has(boundLimits | ownNamespaces | noFiles):
		return status{LevelPartial, lead + " without network and files, with bounded memory and time; here without the system call filter as a second barrier."}
	}
	return status{LevelLimited, fmt.Sprintf("%s with a time limit; %s does not keep it from files and network here (missing: %s).",
		lead, runtime.GOOS, strings.Join(missing, ", "))}
}
