package llm

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Tried is one thing that was tried from inside the server's walls.
type Tried struct {
	What string
	OK   bool
	Text string
}

// Isolation starts the server's program behind the same walls as the server and lets it try a connection to the outside
// and some files. It returns ErrAbsent when no server is installed, and ErrServer where the system forbids the walls.
func Isolation(ctx context.Context) ([]Tried, error) {
	in, err := Locate()
	if err != nil {
		return nil, err
	}
	if !haveNamespaces {
		return nil, fmt.Errorf("%w: this system has no namespaces; it would listen on a loopback port", ErrServer)
	}
	private, err := os.MkdirTemp("", "adjutant-llm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(private)
	cmd := exec.CommandContext(ctx, in.Server, "isolation", private)
	cmd.Env = environment(private, filepath.Join(in.Dir, "store"))
	cmd.SysProcAttr = attributes(true)
	out, err := cmd.CombinedOutput()
	if len(out) == 0 && err != nil {
		return nil, fmt.Errorf("%w: the system forbids namespaces: %v", ErrServer, err)
	}
	return readIsolation(string(out)), nil
}

// readIsolation judges the lines that the server's program printed. Each thing that it does not mention counts as open.
func readIsolation(out string) []Tried {
	network := Tried{What: "network", Text: "it did not say"}
	files := Tried{What: "files", Text: "it did not say"}
	denied, opened := 0, []string{}
	for _, line := range strings.Split(out, "\n") {
		switch {
		case strings.HasPrefix(line, "outside: "):
			network.Text = strings.TrimPrefix(line, "outside: ")
			network.OK = strings.Contains(line, "network is unreachable")
		case strings.HasPrefix(line, "file ") && strings.HasSuffix(line, "permission denied"):
			denied++
		case strings.HasPrefix(line, "file ") && strings.HasSuffix(line, "can be opened"):
			opened = append(opened, strings.Fields(line)[1])
		}
	}
	if denied > 0 && len(opened) == 0 {
		files.OK, files.Text = true, fmt.Sprintf("%d of %d places outside its own folders refused", denied, denied)
	} else if len(opened) > 0 {
		files.Text = "can open " + strings.Join(opened, ", ")
	}
	return []Tried{network, files}
}
