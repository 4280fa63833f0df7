package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"unicode"

	"adjutant/models"
)

// Limits of the narrative function.
const (
	MaxRows      = 8   // rows shown to the model: its context is small, and more cost minutes on one core
	MaxSentences = 3   // a narrative that people read
	MaxSentence  = 160 // characters
	maxRowText   = 220 // characters of a row
)

// Row is one row as the model sees it.
type Row struct {
	ID   string // the row id; the model sees a short one
	Text string // time, host, user and message in one line
}

// Sentence is what the model wrote, with the full ids of the rows it cites. It is unchecked: document checks values.
type Sentence struct {
	Rows []string
	Text string
}

// Narrative asks for cited sentences over the rows. The transcript comes back also with an error.
func (p *Process) Narrative(ctx context.Context, rows []Row, progress func(tokens int)) ([]Sentence, Run, error) {
	if len(rows) > MaxRows {
		rows = rows[:MaxRows]
	}
	prompt, err := models.ReadPrompt("narrative")
	if err != nil {
		return nil, Run{}, err
	}
	tmpl, err := template.New("narrative").Parse(prompt.Text)
	if err != nil {
		return nil, Run{}, fmt.Errorf("llm: prompt narrative: %w", err)
	}
	data := struct {
		Max  int
		Rows []Row
	}{MaxSentences, nil}
	short := make([]string, len(rows))
	full := map[string]string{}
	for i, r := range rows {
		short[i] = fmt.Sprintf("R%d", i+1)
		full[short[i]] = r.ID
		data.Rows = append(data.Rows, Row{ID: short[i], Text: oneLine(r.Text)})
	}
	var text bytes.Buffer
	if err := tmpl.Execute(&text, data); err != nil {
		return nil, Run{}, fmt.Errorf("llm: prompt narrative: %w", err)
	}
	run, err := p.Ask(ctx, Request{
		Function: "narrative", Prompt: prompt, Text: text.String(), Schema: narrativeSchema(short, MaxSentences),
		MaxTokens: MaxSentences*130 + 100, // all of maxLength, the ids, and the blanks that the grammar lets in
		Seed:      1, Progress: progress,
	})
	if err != nil {
		return nil, run, err
	}
	out, err := readNarrative(run.Output, full)
	return out, run, err
}

// readNarrative validates the answer again: the server's grammar ignores some keywords silently.
func readNarrative(answer string, full map[string]string) ([]Sentence, error) {
	var a struct {
		Sentences []struct {
			Rows []string `json:"rows"`
			Text string   `json:"text"`
		} `json:"sentences"`
	}
	dec := json.NewDecoder(strings.NewReader(answer))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrSchema, err)
	}
	if len(a.Sentences) == 0 || len(a.Sentences) > MaxSentences {
		return nil, fmt.Errorf("%w: %d sentences", ErrSchema, len(a.Sentences))
	}
	var out []Sentence
	seen := map[string]bool{}
	for i, s := range a.Sentences {
		n := len([]rune(s.Text))
		if n < 10 || n > MaxSentence || len(s.Rows) == 0 || len(s.Rows) > 3 {
			return nil, fmt.Errorf("%w: sentence %d: %d characters, %d rows", ErrSchema, i+1, n, len(s.Rows))
		}
		if strings.ContainsAny(s.Text, "<>`") || strings.Contains(s.Text, "://") {
			return nil, fmt.Errorf("%w: sentence %d holds markup or a link", ErrSchema, i+1)
		}
		t := Sentence{Text: oneLine(s.Text)}
		cited := map[string]bool{}
		for _, id := range s.Rows {
			f, ok := full[id]
			if !ok {
				return nil, fmt.Errorf("%w: sentence %d cites a row that was not shown: %.20q", ErrSchema, i+1, id)
			}
			if !cited[f] { // uniqueItems is ignored by the grammar
				cited[f] = true
				t.Rows = append(t.Rows, f)
			}
		}
		if !seen[t.Text] {
			seen[t.Text] = true
			out = append(out, t)
		}
	}
	return out, nil
}

// oneLine folds white space, drops control and invisible characters and bounds the length.
func oneLine(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if n++; n > maxRowText {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
