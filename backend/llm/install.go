// Package llm is the model as a guest: it starts the model server as a child without a network, asks it with a closed
// JSON schema, accepts only whole answers, and keeps a transcript of every run.
//
// It stands beside the flow: document and ask may show what it returns, after their own checks. It keeps true that a
// model holds no tool, no file, no key and no network; that an answer is accepted only when it ended by itself and fits
// the schema a second time in our code; and that a function is off for a model that failed its fitness check. It reaches
// neither identity nor decision (import test). Facts: Ollama v0.24.0 as measured in the project's notes on models.
package llm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"adjutant/models"
)

// ErrAbsent means that no model server or no model file is installed on this machine.
var ErrAbsent = errors.New("llm: no model server installed")

// Install is a built model server with its CPU libraries and model files, outside the checkout and outside any case.
type Install struct {
	Dir    string
	Server string // path of adjutant-llm
	Model  models.Model
	GGUF   string // path of the model file
	Ollama string // version, "0.24.0"
}

// InstallDir is where the server is kept: ADJUTANT_MODEL_DIR, or the user's cache folder by the server's version.
func InstallDir(m models.Manifest) (string, error) {
	if d := os.Getenv("ADJUTANT_MODEL_DIR"); d != "" {
		return d, nil
	}
	c, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("llm: cache folder: %w", err)
	}
	return filepath.Join(c, "adjutant", "llm-"+m.Server.Ollama), nil
}

// Locate finds the installed server and the bundled model. It returns ErrAbsent, wrapped with what is missing and where.
func Locate() (Install, error) {
	m, err := models.ReadManifest()
	if err != nil {
		return Install{}, err
	}
	dir, err := InstallDir(m)
	if err != nil {
		return Install{}, err
	}
	in := Install{Dir: dir, Server: filepath.Join(dir, "bin", "adjutant-llm"), Model: m.Bundled, Ollama: m.Server.Ollama[1:]}
	in.GGUF = filepath.Join(dir, "models", m.Bundled.File)
	for _, p := range []string{in.Server, in.GGUF} {
		if _, err := os.Stat(p); err != nil {
			return Install{}, fmt.Errorf("%w: %s is missing", ErrAbsent, p)
		}
	}
	return in, nil
}
