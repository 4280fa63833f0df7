package llm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"adjutant/models"
)

// Fitness is the result of the probes of one function on one model digest.
type Fitness struct {
	Function string        `json:"function"`
	Digest   string        `json:"digest"`
	Server   string        `json:"server"`
	Variant  string        `json:"variant"`
	Prompt   string        `json:"prompt"`
	Asked    int           `json:"asked"`   // probes run; fewer than there are when the bar was out of reach
	Probes   int           `json:"probes"`  // probes there are
	Good     int           `json:"good"`    // sentences that passed the check
	Needed   float64       `json:"needed"`  // share that must pass
	Written  int           `json:"written"` // sentences written
	Cut      int           `json:"cut"`     // answers that were cut or broke the schema
	Fit      bool          `json:"fit"`
	Why      string        `json:"why"` // one plain sentence with the counts
	Took     time.Duration `json:"took"`
}

// NarrativeBar is the share of sentences that must pass. A proposal, not calibrated: no capable model was at hand.
const NarrativeBar = 0.9

// CheckNarrative runs the probes of the narrative function. check says whether a sentence's values stand in the rows it
// cites; it is the same code that guards documents. It stops as soon as the bar cannot be reached any more.
func (p *Process) CheckNarrative(ctx context.Context, check func(text string, rows []Row) error, progress func(done, total int)) (Fitness, error) {
	cases, err := models.Cases("narrative")
	if err != nil {
		return Fitness{}, err
	}
	prompt, err := models.ReadPrompt("narrative")
	if err != nil {
		return Fitness{}, err
	}
	f := Fitness{Function: "narrative", Digest: p.digest, Server: "ollama " + p.in.Ollama, Variant: p.Variant(), Prompt: prompt.Version, Needed: NarrativeBar, Probes: len(cases)}
	begun := time.Now()
	most := len(cases) * MaxSentences // as many sentences as there can be
	allowed := int(float64(most) * (1 - NarrativeBar))
	bad := 0
	for _, c := range cases {
		if progress != nil {
			progress(f.Asked, len(cases))
		}
		var rows []Row
		byID := map[string]Row{}
		for _, r := range c.Rows {
			row := Row{ID: c.Name + "/" + r.ID, Text: r.Text}
			rows = append(rows, row)
			byID[row.ID] = row
		}
		got, _, err := p.Narrative(ctx, rows, nil)
		f.Asked++
		switch {
		case errors.Is(err, ErrCut) || errors.Is(err, ErrSchema):
			f.Cut++
			bad += MaxSentences
		case err != nil:
			return f, err
		}
		for _, s := range got {
			f.Written++
			var cited []Row
			for _, id := range s.Rows {
				cited = append(cited, byID[id])
			}
			if check(s.Text, cited) == nil {
				f.Good++
			} else {
				bad++
			}
		}
		if bad > allowed {
			break
		}
	}
	f.Took = time.Since(begun)
	f.Fit = f.Asked == len(cases) && f.Written > 0 && float64(f.Good) >= NarrativeBar*float64(f.Written) && f.Cut == 0
	f.Why = fmt.Sprintf("%d of %d sentences in %d of %d probes held only values of the rows they cite; %d answers were cut or broke the schema; %.0f %% are needed.",
		f.Good, f.Written, f.Asked, f.Probes, f.Cut, NarrativeBar*100)
	return f, nil
}
