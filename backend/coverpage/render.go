package coverpage

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"
)

// ErrPage is returned for a Page that points outside its folder.
var ErrPage = errors.New("coverpage: not a page of a bundle")

//go:embed page.html
var source string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"bare":     func(v any) string { return bare(fmt.Sprint(v)) },
	"line":     func(s string) []piece { return pieces(s, false) },
	"prose":    func(s string) []piece { return pieces(s, true) },
	"date":     full,
	"hour":     hour,
	"iso":      iso,
	"number":   number,
	"counted":  counted,
	"size":     size,
	"quarters": func(hash string) []string { return quarters(bare(hash)) },
	"short":    func(id caserecord.ID) string { return bare(short(string(id))) },
	"sharing":  func(t incident.TLP) string { return sharing[t] },
	"outcome":  func(o caserecord.Outcome) string { return outcomes[o] },
	"exercise": func(m incident.Mode) bool { return m == incident.ModeExercise },
}).Parse(source))

// sharing is TLP 2.0 in plain words.
var sharing = map[incident.TLP]string{
	incident.TLPClear:       "may be shared freely",
	incident.TLPGreen:       "may be shared within the community, not in public",
	incident.TLPAmber:       "only for those in the recipients’ organisations and their clients who need to know",
	incident.TLPAmberStrict: "only for those in the recipients’ own organisation who need to know",
	incident.TLPRed:         "only for the named recipients",
}

var outcomes = map[caserecord.Outcome]string{
	caserecord.OutcomeAccept:   "Accepted",
	caserecord.OutcomeOverride: "Decided otherwise",
	caserecord.OutcomeReject:   "Rejected",
}

// shown is a Page with what the template needs beside it.
type shown struct {
	Page
	Days                    []dayOf
	MoreStory, MoreItems    int
	MoreDecisions           int
	MoreClocks, MorePapers  int
	MoreSigners, MoreHidden int
	Terms                   []term
}

// dayOf is the story of one day.
type dayOf struct {
	Name      string
	At        time.Time
	Sentences []Sentence
}

// Render makes the page. The same Page gives the same bytes. ErrPage for a file name that no bundle has.
func Render(p Page) ([]byte, error) {
	for _, d := range p.Papers {
		if kind, _, ok := bundle.KindOf(d.File); d.File != "" && (!ok || kind != bundle.KindDocument) {
			return nil, fmt.Errorf("%w: file %.120q", ErrPage, d.File)
		}
	}
	for _, it := range p.Items {
		if kind, _, ok := bundle.KindOf("evidence/" + it.SHA256); !ok || kind != bundle.KindEvidence {
			return nil, fmt.Errorf("%w: hash %.120q", ErrPage, it.SHA256)
		}
	}
	for _, v := range p.Verifiers {
		if !slices.Contains(bundle.Verifiers, v) {
			return nil, fmt.Errorf("%w: verifier %.120q", ErrPage, v)
		}
	}
	s := shown{Page: p, Terms: terms}
	s.Story, s.MoreStory = cutTo(p.Story, MaxStory)
	s.Decisions, s.MoreDecisions = cutTo(p.Decisions, MaxRows)
	s.Items, s.MoreItems = cutTo(p.Items, MaxRows)
	s.Clocks, s.MoreClocks = cutTo(p.Clocks, MaxRows)
	s.Papers, s.MorePapers = cutTo(p.Papers, MaxRows)
	s.Signers, s.MoreSigners = cutTo(p.Signers, MaxRows)
	s.Page.Withheld, s.MoreHidden = cutTo(p.Withheld, MaxRows)
	s.Days = byDay(s.Story)
	var out bytes.Buffer
	if err := page.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("coverpage: %w", err)
	}
	// Lines that held only instructions of the template are empty now.
	var tidy bytes.Buffer
	for line := range strings.Lines(out.String()) {
		if strings.TrimSpace(line) != "" {
			tidy.WriteString(line)
		}
	}
	return tidy.Bytes(), nil
}

func cutTo[T any](list []T, most int) ([]T, int) {
	if len(list) <= most {
		return list, 0
	}
	return list[:most], len(list) - most
}

func byDay(story []Sentence) []dayOf {
	var out []dayOf
	for _, s := range story {
		if d := day(s.At); len(out) == 0 || out[len(out)-1].Name != d {
			out = append(out, dayOf{Name: d, At: s.At})
		}
		last := &out[len(out)-1]
		last.Sentences = append(last.Sentences, s)
	}
	return out
}
