package workbench

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"adjutant/backend/llm"
	"adjutant/backend/sandbox"
)

// Checked is one line of a self-test: what was tried, whether it came out as promised, and what the system answered.
type Checked struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Text string `json:"text"`
}

// SelfTestIsolation tries on this machine, now, what the product promises about staying here (P4): that this program
// listens on nothing, that parsers of binary formats are walled off, and that the model server can reach neither a network
// nor files. It proves it for this moment and this machine; an auditor repeats it.
func SelfTestIsolation(ctx context.Context) []Checked {
	var out []Checked
	add := func(what string, ok bool, text string) { out = append(out, Checked{what, ok, text}) }

	open, err := openSockets()
	switch {
	case err != nil:
		add("sockets of this program", false, "could not be read: "+err.Error())
	case len(open) == 0:
		add("sockets of this program", true, "none is open")
	default:
		add("sockets of this program", false, strings.Join(open, ", "))
	}

	level, text := sandbox.Status()
	add("parsers of binary formats", level == sandbox.LevelFull || level == sandbox.LevelPartial, text)

	lines, err := llm.Isolation(ctx)
	if err != nil {
		add("model server", Explain(err).Code == CodeNoModel, Explain(err).Sentence)
		return out
	}
	for _, l := range lines {
		add("model server: "+l.What, l.OK, l.Text)
	}
	return out
}

// openSockets lists the network sockets that this process holds. Unix sockets and pipes lead nowhere else.
func openSockets() ([]string, error) {
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, fmt.Errorf("this system does not list a program's files: %w", err)
	}
	held := map[string]bool{}
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil {
			if inode, ok := strings.CutPrefix(to, "socket:["); ok {
				held[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var out []string
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6", "raw", "raw6"} {
		b, err := os.ReadFile("/proc/self/net/" + table)
		if err != nil {
			continue // this kernel has no such protocol
		}
		for _, line := range strings.Split(string(b), "\n")[1:] {
			if f := strings.Fields(line); len(f) > 9 && held[f[9]] {
				out = append(out, table+" "+localAddress(f[1]))
			}
		}
	}
	return out, nil
}

// localAddress prints the kernel's form "0100007F:1F90" (proc(5)) as an address.
func localAddress(hex string) string {
	host, port, ok := strings.Cut(hex, ":")
	var n [4]byte
	var p uint16
	if !ok || len(host) != 8 {
		return hex
	}
	if _, err := fmt.Sscanf(host, "%02X%02X%02X%02X", &n[3], &n[2], &n[1], &n[0]); err != nil {
		return hex
	}
	if _, err := fmt.Sscanf(port, "%04X", &p); err != nil {
		return hex
	}
	return fmt.Sprintf("%s:%d", net.IP(n[:]), p)
}
