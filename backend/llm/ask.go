package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/ollama/ollama/api"

	"adjutant/models"
)

// Errors of one run. A cut or endless answer is never used, not even its good part.
var (
	ErrCut    = errors.New("llm: the answer did not end by itself")
	ErrSchema = errors.New("llm: the answer does not fit its schema")
)

// Request is one question to the model.
type Request struct {
	Function  string // "narrative"
	Prompt    models.Prompt
	Text      string          // the filled prompt
	Schema    json.RawMessage // closed; all bounds ≤ MaxBound
	MaxTokens int
	Seed      int
	Progress  func(tokens int) // may be nil
}

// Run is the transcript of one question: what is signed into the record as model.ran.
type Run struct {
	Function, Model, Digest, Server, Variant, PromptVersion string
	Params                                                  map[string]any
	InputSHA256, OutputSHA256                               string
	Output                                                  string
	DoneReason                                              string
	Tokens                                                  int
	Duration                                                time.Duration
}

// Load makes the bundled model known to the server and loads it. It may copy the model file once into the server's store.
func (p *Process) Load(ctx context.Context) error {
	m := p.in.Model
	sum, err := fileDigest(p.in.GGUF)
	if err != nil {
		return fmt.Errorf("llm: model file: %w", err)
	}
	p.digest = sum
	f, err := os.Open(p.in.GGUF)
	if err != nil {
		return fmt.Errorf("llm: model file: %w", err)
	}
	defer f.Close()
	if err := p.client.CreateBlob(ctx, "sha256:"+sum, f); err != nil {
		return fmt.Errorf("llm: hand over %s: %w", p.in.GGUF, err)
	}
	tmpl, err := models.Template(m.Template)
	if err != nil {
		return err
	}
	stream := false
	err = p.client.Create(ctx, &api.CreateRequest{
		Model: m.Name, Files: map[string]string{m.File: "sha256:" + sum}, Template: tmpl, Stream: &stream,
		Parameters: map[string]any{"num_ctx": m.Context, "stop": m.Stop},
	}, func(api.ProgressResponse) error { return nil })
	if err != nil {
		return fmt.Errorf("llm: create %s: %w", m.Name, err)
	}
	err = p.client.Generate(ctx, &api.GenerateRequest{Model: m.Name, Stream: &stream, Options: p.options(Request{MaxTokens: 1})},
		func(api.GenerateResponse) error { return nil })
	if err != nil {
		return fmt.Errorf("llm: load %s: %w", m.Name, err)
	}
	return nil
}

// Digest is the SHA-256 of the model file; fitness belongs to a digest.
func (p *Process) Digest() string { return p.digest }

// options are the same in every call. repeat_penalty is 1.0 because Ollama's default of 1.1 punishes copying names and
// digits; threads leave one core free, because ggml spins and starves beside other work.
func (p *Process) options(r Request) map[string]any {
	threads := runtime.NumCPU() - 1
	if threads < 1 {
		threads = 1
	}
	return map[string]any{
		"temperature": 0, "seed": r.Seed, "repeat_penalty": 1.0, "num_thread": threads,
		"num_predict": r.MaxTokens, "num_ctx": p.in.Model.Context,
	}
}

// Ask runs one request and returns its transcript. The transcript is filled as far as known also when an error is
// returned: ErrCut, ErrSchema (the answer is not the JSON asked for), the context's error, or the server's.
func (p *Process) Ask(ctx context.Context, r Request) (Run, error) {
	opts := p.options(r)
	run := Run{
		Function: r.Function, Model: p.in.Model.Name, Digest: p.digest, Server: "ollama " + p.in.Ollama, Variant: p.Variant(),
		PromptVersion: r.Prompt.Version, Params: opts, InputSHA256: hexSum(r.Text),
	}
	if err := boundsOK(r.Schema); err != nil {
		return run, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun := time.Now()
	var out strings.Builder
	closed := false
	err := p.client.Generate(ctx, &api.GenerateRequest{
		Model: p.in.Model.Name, Prompt: breakControl(r.Text), Format: r.Schema, Options: opts,
	}, func(g api.GenerateResponse) error {
		out.WriteString(g.Response)
		run.Tokens++
		if r.Progress != nil {
			r.Progress(run.Tokens)
		}
		if out.Len() > MaxAnswerBytes {
			return ErrCut
		}
		if g.Done {
			run.DoneReason = g.DoneReason
			return nil
		}
		// Small models pad blanks behind the last brace until their tokens run out: the object is whole, stop there.
		if strings.HasSuffix(strings.TrimRight(g.Response, " \n"), "}") && json.Valid([]byte(out.String())) {
			closed = true
			return io.EOF
		}
		return nil
	})
	run.Duration = time.Since(begun)
	run.Output = strings.TrimSpace(out.String())
	run.OutputSHA256 = hexSum(run.Output)
	if closed {
		run.DoneReason = "stop"
		err = nil
	}
	switch {
	case err != nil:
		return run, fmt.Errorf("llm: %s: %w", r.Function, err)
	case run.DoneReason != "stop":
		return run, fmt.Errorf("%w: done reason %q", ErrCut, run.DoneReason)
	case !json.Valid([]byte(run.Output)):
		return run, fmt.Errorf("%w: not JSON", ErrSchema)
	}
	return run, nil
}

// breakControl splits the template tokens of chat models where evidence carries them, so that a row cannot open a
// turn of its own. A zero-width space would be invisible to readers of the transcript, hence the visible one.
func breakControl(s string) string {
	return strings.NewReplacer("<|", "< |", "|>", "| >", "<s>", "< s>", "</s>", "< /s>", "[INST]", "[ INST]").Replace(s)
}

func hexSum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
