package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"time"

	"adjutant/backend/workbench"
)

// ErrPort is returned when the address cannot be listened on.
var ErrPort = workbench.ErrPort

// Serve offers the same page and API over HTTP on a loopback address, for a browser on this computer: tests use it, and
// people on machines without WebKit. Every request needs the token that ready is told; other hosts and names are refused.
func Serve(ctx context.Context, addr string, ui fs.FS, s *Server, ready func(url string)) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("app: address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("app: address %q is not a loopback address; Adjutant listens on no other", addr)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrPort, err)
	}
	token := rand.Text()
	own := ln.Addr().String()
	s.web = true
	page := NewPage(ui, s)
	srv := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// The name check stops DNS rebinding, the token stops other users and pages of this computer.
			if r.Host != own {
				http.Error(w, "unknown host name", http.StatusForbidden)
				return
			}
			if t := r.URL.Query().Get("token"); t != "" && same(t, token) {
				http.SetCookie(w, &http.Cookie{Name: "adjutant", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
				http.Redirect(w, r, "/", http.StatusSeeOther)
				return
			}
			if c, err := r.Cookie("adjutant"); err != nil || !same(c.Value, token) {
				http.Error(w, "open the address that adjutant printed", http.StatusForbidden)
				return
			}
			if o := r.Header.Get("Origin"); o != "" && o != "http://"+own {
				http.Error(w, "foreign origin", http.StatusForbidden)
				return
			}
			page.ServeHTTP(w, r)
		}),
	}
	ready("http://" + own + "/?token=" + token)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		err = srv.Shutdown(stop)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close() // who still hangs on is cut off before the case is closed
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
