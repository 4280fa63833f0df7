package app

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Page serves the built user interface and the API behind one content security policy. It is the whole of what the
// window loads, so that a browser test sees exactly what the window sees.
type Page struct {
	ui    fs.FS
	api   http.Handler
	nonce string
}

// NewPage returns the handler for the files under ui (frontend/dist) with api at /api/.
func NewPage(ui fs.FS, api http.Handler) *Page { return &Page{ui: ui, api: api, nonce: rand.Text()} }

// policy allows our own files and nothing else: no inline script, no other host, no form, no frame of others.
func (p *Page) policy() string {
	return "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-" + p.nonce + "'; " +
		"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// ServeHTTP answers one request.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", p.policy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		p.api.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	b, err := fs.ReadFile(p.ui, name)
	if err != nil {
		if name == "index.html" {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintln(w, "The user interface was not built into this program. Build it with: make build")
			return
		}
		http.NotFound(w, r)
		return
	}
	if name == "index.html" {
		b = bytes.ReplaceAll(b, []byte("__CSP_NONCE__"), []byte(p.nonce))
	}
	h.Set("Content-Type", contentType(name))
	w.Write(b) //nolint:errcheck // the window went away
}

// contentType is ours because mime.TypeByExtension reads tables of the machine, which may be wrong.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	case ".ttf":
		return "font/ttf"
	case ".json":
		return "application/json"
	case ".wasm":
		return "application/wasm"
	}
	return "application/octet-stream"
}
