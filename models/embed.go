// Package models embeds what the product knows of language models: which server and small model it ships with, how a
// model is loaded, and the prompts with their schemas. Language models only; no code beyond reading the files.
//
// It is read by backend/llm. It keeps true that a prompt is a reviewable file with a version, never text in code.
package models

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed manifest.json prompts modelfiles
var files embed.FS

// Manifest says what the model server and the bundled model are.
type Manifest struct {
	Server struct {
		Ollama string `json:"ollama"` // version of the module that models/server links
	} `json:"server"`
	Bundled Model `json:"bundled"`
}

// Model is one language model file and how it is loaded.
type Model struct {
	Name     string   `json:"name"`
	File     string   `json:"file"` // name of the GGUF in the install's models folder
	Licence  string   `json:"licence"`
	Origin   string   `json:"origin"`
	Template string   `json:"template"` // file under modelfiles/
	Stop     []string `json:"stop"`
	Context  int      `json:"context"` // tokens
}

// ReadManifest returns the embedded manifest.
func ReadManifest() (Manifest, error) {
	var m Manifest
	b, err := files.ReadFile("manifest.json")
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("models: manifest.json: %w", err)
	}
	return m, nil
}

// Template returns a chat template by file name.
func Template(name string) (string, error) {
	b, err := files.ReadFile("modelfiles/" + name)
	return string(b), err
}

// Prompt is one task's prompt file with its version.
type Prompt struct {
	Version string
	Text    string
}

// ReadPrompt returns the prompt of a task. Its first line is "# version N".
func ReadPrompt(task string) (Prompt, error) {
	b, err := files.ReadFile("prompts/" + task + "/prompt.tmpl")
	if err != nil {
		return Prompt{}, err
	}
	var v int
	if _, err := fmt.Sscanf(string(b), "# version %d\n", &v); err != nil {
		return Prompt{}, fmt.Errorf("models: prompts/%s/prompt.tmpl: first line must be \"# version N\": %w", task, err)
	}
	text := string(b)
	for i := range text {
		if text[i] == '\n' {
			text = text[i+1:]
			break
		}
	}
	return Prompt{Version: fmt.Sprintf("%s/%d", task, v), Text: text}, nil
}

// Case is one fitness probe of a task.
type Case struct {
	Name string `json:"name"`
	Rows []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
		Key  bool   `json:"key"`
	} `json:"rows"`
}

// Cases returns the fitness probes of a task.
func Cases(task string) ([]Case, error) {
	b, err := files.ReadFile("prompts/" + task + "/cases/cases.json")
	if err != nil {
		return nil, err
	}
	var c []Case
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("models: prompts/%s/cases: %w", task, err)
	}
	return c, nil
}
