// Command adjutant is an offline aide for incident command: a window and a command line over the same use cases.
//
// It only wires: the built page is embedded here, sandbox children branch off first, everything else is in backend/cli
// and app. It keeps true that this is the only place beside app that knows both.
package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"

	"adjutant/app"
	"adjutant/backend/cli"
	"adjutant/backend/sandbox"
	"adjutant/backend/workbench"
)

// version is set by -ldflags at a release.
var version = "0.1.0"

//go:embed all:frontend/dist
var dist embed.FS

func main() {
	sandbox.MaybeChild()
	if err := sandbox.NoDumps(); err != nil {
		fmt.Fprintln(os.Stderr, "adjutant: core dumps could not be switched off:", err)
	}
	ui, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		fmt.Fprintln(os.Stderr, "adjutant:", err)
		os.Exit(1)
	}
	os.Exit(cli.Main(os.Args[1:], cli.Host{
		Version:   version,
		HasWindow: app.HasWindow,
		Window:    func(env workbench.Env, dir string) error { return app.RunWindow(ui, app.NewServer(env, dir)) },
		Serve: func(ctx context.Context, env workbench.Env, addr string, ready func(string)) error {
			s := app.NewServer(env, "")
			defer s.Close()
			return app.Serve(ctx, addr, ui, s, ready)
		},
	}))
}
