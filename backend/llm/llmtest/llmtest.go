// Package llmtest stands in for the model server in tests: the same program start, socket and protocol, with an answer
// that is written here and a record of every prompt.
//
// A test binary calls MaybeServe first of all; Install then lays a copy of that binary where llm.Locate looks for the
// server. So the code under test runs as it does with the real server, and what a model would have been told can be read
// to the byte. It writes nothing sensible and judges nothing.
package llmtest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/models"
)

// program is the server's file name, by which a copy of the test binary knows what it is.
const program = "adjutant-llm"

// MaybeServe is the model server when this process was started as one, and then never returns. Call it from TestMain.
func MaybeServe() {
	if filepath.Base(os.Args[0]) != program {
		return
	}
	if len(os.Args) != 3 || os.Args[1] != "serve" || os.Args[2] == "--tcp" {
		os.Exit(2)
	}
	l, err := net.Listen("unix", os.Args[2])
	if err != nil {
		os.Exit(1)
	}
	dir := filepath.Dir(filepath.Dir(os.Args[0]))
	version, err := os.ReadFile(filepath.Join(dir, "version"))
	if err != nil {
		os.Exit(1)
	}
	http.Serve(l, handler(dir, string(version))) //nolint:errcheck // it ends with the process
	os.Exit(0)
}

func handler(dir, version string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/version", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"version": version}) //nolint:errcheck // a test's answer
	})
	mux.HandleFunc("/api/blobs/", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) //nolint:errcheck // a test's answer
	})
	mux.HandleFunc("/api/create", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)                    //nolint:errcheck // a test's answer
		io.WriteString(w, `{"status":"success"}`+"\n") //nolint:errcheck // a test's answer
	})
	mux.HandleFunc("/api/generate", func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var in struct {
			Prompt string `json:"prompt"`
		}
		if err == nil {
			err = json.Unmarshal(raw, &in)
		}
		if err == nil && in.Prompt != "" { // loading asks without one
			err = keep(dir, raw)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{ //nolint:errcheck // a test's answer
			"response": `{"sentences":[{"rows":["R1"],"text":"Something happened."}]}`, "done": true, "done_reason": "stop",
		})
	})
	return mux
}

// keep appends everything that one request told the model, a line each.
func keep(dir string, request []byte) error {
	f, err := os.OpenFile(filepath.Join(dir, "told"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(request, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Install makes this test binary the model server of the device, until the test ends. told gives all requests so far, a
// line of JSON each.
func Install(t *testing.T) (told func() string) {
	t.Helper()
	m, err := models.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("ADJUTANT_MODEL_DIR", dir)
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skipf("NOT CHECKED with a model server: %v", err)
	}
	for path, b := range map[string][]byte{
		filepath.Join("bin", program): self, filepath.Join("models", m.Bundled.File): []byte("no model"), "version": []byte(strings.TrimPrefix(m.Server.Ollama, "v")),
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return func() string {
		b, err := os.ReadFile(filepath.Join(dir, "told"))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(b)
	}
}
