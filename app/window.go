//go:build production || dev

package app

import (
	"context"
	"io/fs"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// HasWindow says that this program was built with a window.
const HasWindow = true

// Desktop is what the page may ask of the desktop itself: choosers and quitting. All data goes over /api.
type Desktop struct {
	ctx   context.Context
	force atomic.Bool
	s     *Server
}

// ChooseFolder shows the folder chooser; "" when the person gave up.
func (d *Desktop) ChooseFolder(title string) (string, error) {
	return runtime.OpenDirectoryDialog(d.ctx, runtime.OpenDialogOptions{Title: title, CanCreateDirectories: true})
}

// ChooseFiles shows the chooser for files to take in.
func (d *Desktop) ChooseFiles(title string) ([]string, error) {
	return runtime.OpenMultipleFilesDialog(d.ctx, runtime.OpenDialogOptions{Title: title})
}

// ChooseSave shows the chooser for a place to write to.
func (d *Desktop) ChooseSave(title, name string) (string, error) {
	return runtime.SaveFileDialog(d.ctx, runtime.SaveDialogOptions{Title: title, DefaultFilename: name})
}

// QuitNow ends the program; the page has asked about running jobs before.
func (d *Desktop) QuitNow() {
	d.force.Store(true)
	runtime.Quit(d.ctx)
}

// RunWindow opens the window and returns when it is closed.
func RunWindow(ui fs.FS, s *Server) error {
	private, err := os.MkdirTemp("", "adjutant-window-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(private)
	// WebKit keeps caches and local storage in the user's folders: on a forensic laptop they stay private and go away.
	os.Setenv("XDG_DATA_HOME", private+"/data")
	os.Setenv("XDG_CACHE_HOME", private+"/cache")
	// Under LANG=C the page's locale is "C", which Intl refuses.
	if l := os.Getenv("LANG"); l == "" || l == "C" || l == "C.UTF-8" || l == "POSIX" {
		os.Setenv("LANG", "en_US.UTF-8")
	}
	d := &Desktop{s: s}
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGTERM, syscall.SIGINT)
	return wails.Run(&options.App{
		Title: "Adjutant", Width: 1366, Height: 768, MinWidth: 1024, MinHeight: 640,
		AssetServer: &assetserver.Options{Handler: NewPage(ui, s)},
		Bind:        []any{d},
		DragAndDrop: &options.DragAndDrop{EnableFileDrop: true, DisableWebViewDrop: true},
		Linux:       &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyNever, ProgramName: "adjutant"},
		OnStartup: func(ctx context.Context) {
			d.ctx = ctx
			go func() {
				<-quit
				if d.force.CompareAndSwap(false, true) {
					s.Close()
					runtime.Quit(ctx)
				}
			}()
		},
		OnBeforeClose: func(ctx context.Context) bool {
			if s.Busy() && !d.force.Load() {
				runtime.EventsEmit(ctx, "close-requested") // the page asks in its own dialog
				return true
			}
			return false
		},
		OnShutdown: func(context.Context) { s.Close() },
	})
}
