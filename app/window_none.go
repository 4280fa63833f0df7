//go:build !production && !dev

package app

import "io/fs"

// HasWindow says that this program was built without a window.
const HasWindow = false

// RunWindow returns ErrNoWindow: this program has commands only.
func RunWindow(fs.FS, *Server) error { return ErrNoWindow }
