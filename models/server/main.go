// Command adjutant-llm is the model server: Ollama's public server package behind one unix socket and nothing else.
//
// It is started by backend/llm inside its own user, network and process namespaces, so that no port is open on the
// host and the kernel forbids any way out. It lives in its own module, because it links the whole of Ollama with cgo
// while the product only needs Ollama's client types.
//
//	adjutant-llm serve SOCKET    listen on the unix socket (folder must be private)
//	adjutant-llm serve --tcp     listen on a random loopback port, printed as "listening 127.0.0.1:PORT"
//	adjutant-llm runner …        started by the server itself, one for each loaded model
//	adjutant-llm isolation DIR   prints what the kernel lets this process reach, confined as a server with private folder DIR
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/ollama/ollama/runner"
	"github.com/ollama/ollama/server"
	"github.com/ollama/ollama/version"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "adjutant-llm:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 0 && args[0] == "runner": // the server starts its own executable
		return runner.Execute(args)
	case len(args) == 1 && args[0] == "version":
		fmt.Println(version.Version)
		return nil
	case len(args) == 2 && args[0] == "isolation":
		if err := confine(args[1]); err != nil {
			return err
		}
		return isolation()
	case len(args) == 2 && args[0] == "serve":
		return serve(args[1])
	}
	return fmt.Errorf("usage: adjutant-llm serve SOCKET | serve --tcp | isolation DIR | version")
}

func serve(where string) error {
	if err := confine(os.Getenv("HOME")); err != nil {
		return err
	}
	restrictFiles()
	var ln net.Listener
	var err error
	if where == "--tcp" {
		if ln, err = net.Listen("tcp", "127.0.0.1:0"); err == nil {
			fmt.Println("listening", ln.Addr())
		}
	} else {
		if err := loopbackUp(); err != nil {
			fmt.Fprintln(os.Stderr, "adjutant-llm: loopback:", err) // the runner's port needs it; Serve will say more
		}
		if err := os.Remove(where); err != nil && !os.IsNotExist(err) {
			return err
		}
		ln, err = net.Listen("unix", where)
	}
	if err != nil {
		return err
	}
	// As process 1 of its own pid namespace this process gets no default signal handlers from the kernel.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() { <-stop; os.Exit(0) }()
	return server.Serve(ln)
}
