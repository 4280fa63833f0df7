package workbench

import (
	"context"
	"encoding/json"
	"fmt"

	"adjutant/backend/caserecord"
	"adjutant/backend/detect"
	"adjutant/backend/detect/rules"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
	"adjutant/backend/identity"
	"adjutant/backend/recommend"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
	"adjutant/backend/triage"
)

// Analysis is everything that rules and scores made of the rows: derived, and made again whenever the rows change.
type Analysis struct {
	Report          detect.Report
	Coverage        detect.Coverage
	Groups          []triage.Group
	Recommendations []recommend.Recommendation
	Ran             *caserecord.Detection // the signed run, nil when nobody ran the rules yet

	byRow   map[event.RowID][]int // places of the findings that cite a row
	sources string                // what the rows were before the rules ran: rows that came during the run are not in it
	hidden  string                // which evidence the run did not see, "" for none (sight.hiddenKey)
}

// Group finds a group by id.
func (a *Analysis) Group(id string) (triage.Group, bool) {
	for _, g := range a.Groups {
		if g.ID == id {
			return g, true
		}
	}
	return triage.Group{}, false
}

// Recommendation finds a recommendation by id.
func (a *Analysis) Recommendation(id string) (recommend.Recommendation, bool) {
	for _, r := range a.Recommendations {
		if r.ID == id {
			return r, true
		}
	}
	return recommend.Recommendation{}, false
}

// events walks every event once in the order of its primary time, as detect wants it.
type events struct{ t *timeline.Timeline }

// Each fulfils detect.Rows.
func (e events) Each(ctx context.Context, f func(detect.Row) error) error {
	return e.t.Each(ctx, query.All{}, nil, func(r timeline.Row) error {
		if r.Index > 0 {
			return nil // a further time of an event that was or will be seen at its primary one
		}
		return f(detect.Row{Event: r.Event, ID: r.ID, At: r.At})
	})
}

// ProposeDetect says what running the rules would sign.
func (b *Bench) ProposeDetect() (Proposal, error) {
	return Proposal{Shown: []byte("detection.ran"), Kinds: kinds(caserecord.DetectionRan), Refused: b.State().MayWrite(b.MyID(), &caserecord.DetectionRanData{}, b.Now())}, nil
}

// Detect runs the rules that ship with the product, and those of a folder, over all rows, and signs that they ran.
func (b *Bench) Detect(ctx context.Context, act identity.Act, rulesDir string, report func(Progress)) (*Analysis, error) {
	var packs []sigma.Pack
	own, err := rules.Builtin()
	if err != nil {
		return nil, err
	}
	packs = append(packs, own)
	if rulesDir != "" {
		more, err := sigma.LoadDir(rulesDir)
		if err != nil {
			return nil, err
		}
		packs = append(packs, more)
	}
	mine, common := b.look(), b.common()
	a, err := b.analyse(ctx, mine, packs, report)
	if err != nil {
		return nil, err
	}
	told := a.Report // the record's counts are everybody's to read: they must not tell of evidence behind a wall
	if mine.hiddenKey() != common.hiddenKey() {
		c, err := b.analyse(ctx, common, packs, report)
		if err != nil {
			return nil, err
		}
		told = c.Report
	}
	pack, hash := packNames(packs)
	_, err = b.append(ctx, act, &caserecord.DetectionRanData{
		Pack: pack, PackHash: hash, Loaded: told.Loaded, Matched: told.Matched, NotApplicable: len(told.NotApplicable),
		Failed: len(told.Failed), Findings: len(told.Findings),
	})
	if err != nil {
		return nil, err
	}
	b.keepAnalysis(ctx, a)
	return a, nil
}

// Analysis returns the findings, groups and recommendations of the rows as they are now. It runs the product's own rules
// when nobody ran rules yet; the first call after an import costs one walk over all rows. Whoever may not see some of the
// evidence gets what the rules make of the rest: such findings are not left out of a list, they were never made.
func (b *Bench) Analysis(ctx context.Context) (*Analysis, error) { return b.analysisOf(ctx, b.look) }

func (b *Bench) analysisOf(ctx context.Context, look func() sight) (*Analysis, error) {
	b.analysisMu.Lock()
	defer b.analysisMu.Unlock()
	x := look()
	kept := b.analyses[x.hiddenKey()]
	if kept == nil {
		if kept = b.storedOf(ctx, x); kept == nil {
			own, err := rules.Builtin()
			if err != nil {
				return nil, err
			}
			if kept, err = b.analyse(ctx, x, []sigma.Pack{own}, nil); err != nil {
				return nil, err
			}
			b.store(ctx, kept)
		}
		b.keepAtHand(kept)
	}
	a := *kept
	if d := x.state.Detections; len(d) > 0 {
		a.Ran = &d[len(d)-1]
	}
	return &a, nil
}

// keepAtHand keeps an analysis for the next question; b.analysisMu is held.
func (b *Bench) keepAtHand(a *Analysis) {
	if b.analyses == nil || len(b.analyses) >= maxAnalyses {
		b.analyses = map[string]*Analysis{}
	}
	b.analyses[a.hidden] = a
}

func (b *Bench) analyse(ctx context.Context, x sight, packs []sigma.Pack, report func(Progress)) (*Analysis, error) {
	var items []detect.Item
	for _, it := range x.state.Evidence {
		if l := parsedImport(x.state, it); l != nil {
			items = append(items, detect.Item{Path: l.Data.Path, Status: l.Data.Status, Note: l.Data.Note})
		}
	}
	sources := sourcesKey(ctx, x.rows)
	total, _, err := x.rows.Count(ctx)
	if err != nil {
		return nil, err
	}
	rep, err := detect.Run(ctx, events{x.rows}, detect.Options{Packs: packs, Items: items, Progress: func(n int64) {
		if report != nil {
			report(Progress{Done: n, Total: total, Unit: "events", Message: "rules"})
		}
	}})
	if err != nil {
		return nil, err
	}
	a := &Analysis{Report: rep, Coverage: rep.Coverage, sources: sources, hidden: x.hiddenKey()}
	a.derive(b, x)
	return a, nil
}

// FindingsOn lists the findings that cite a row, at most n, in the order of the report.
func (a *Analysis) FindingsOn(row event.RowID, n int) []detect.Finding {
	var out []detect.Finding
	for _, i := range head(a.byRow[row], n) {
		out = append(out, a.Report.Findings[i])
	}
	return out
}

// derive makes groups and recommendations of the findings.
func (a *Analysis) derive(b *Bench, x sight) {
	a.Groups = triage.Groups(a.Report.Findings, triage.Context{Zone: b.Zone()})
	a.Recommendations = recommend.For(a.Groups, a.Coverage, recommendFacts(x.state))
	a.byRow = map[event.RowID][]int{}
	for i, f := range a.Report.Findings {
		for _, id := range f.Rows {
			a.byRow[id] = append(a.byRow[id], i)
		}
	}
}

// recommendFacts is what recommendations depend on beside findings and coverage.
func recommendFacts(s *caserecord.State) recommend.Facts {
	f := recommend.Facts{}
	for _, it := range s.Evidence {
		l := parsedImport(s, it)
		if l == nil || l.Data.LocalTimes == 0 {
			continue
		}
		z := recommend.ZoneAnswer{Path: l.Data.Path, Zone: "UTC", By: "default"}
		if a := s.AssumptionFor(it.SHA256); a != nil && a.Data.Zone != "" {
			z.Zone, z.By = a.Data.Zone, a.Name
		}
		f.Zones = append(f.Zones, z)
	}
	return f
}

func packNames(packs []sigma.Pack) (string, string) {
	name, hash := "", ""
	for i, p := range packs {
		if i > 0 {
			name += " + "
		}
		name += p.Name + " " + p.Version
		for _, r := range p.Rules {
			hash += r.Hash.String() + "\n"
		}
	}
	return name, digestOf([]byte(hash))
}

// analysisKey is where the last findings are kept in the derived store, so that opening a large case does not walk it.
// Those of whoever may not see all evidence are kept beside them.
const analysisKey = "analysis/findings"

func keyOfAnalysis(hidden string) string {
	if hidden == "" {
		return analysisKey
	}
	return analysisKey + "/" + hidden
}

type keptAnalysis struct {
	Sources string        `json:"sources"` // what the rows were when the rules ran
	Report  detect.Report `json:"report"`
}

func sourcesKey(ctx context.Context, rows *timeline.Timeline) string {
	all, err := rows.Sources(ctx)
	if err != nil {
		return ""
	}
	var raw []byte
	for _, s := range all {
		raw = fmt.Appendf(raw, "%s %s %s %d\n", s.Evidence, s.Parser, s.Version, s.Rows)
	}
	raw = fmt.Appendf(raw, "detectors %s\n", detect.DetectorsVersion)
	return digestOf(raw)
}

// store keeps an analysis; it is derived, so a fault only costs time later.
func (b *Bench) store(ctx context.Context, a *Analysis) {
	raw, err := json.Marshal(keptAnalysis{Sources: a.sources, Report: a.Report})
	if err == nil {
		b.keepDerived(ctx, keyOfAnalysis(a.hidden), raw)
	}
}

func (b *Bench) keepAnalysis(ctx context.Context, a *Analysis) {
	b.store(ctx, a)
	b.analysisMu.Lock()
	defer b.analysisMu.Unlock()
	if x := b.look(); a.hidden == x.hiddenKey() && a.sources == sourcesKey(ctx, x.rows) {
		b.keepAtHand(a)
	} else {
		delete(b.analyses, a.hidden) // rows came during the run: the next question runs the rules over all of them
	}
}

// storedOf is what an earlier session of somebody with this sight made, nil when the rows are others now.
func (b *Bench) storedOf(ctx context.Context, x sight) *Analysis {
	raw, err := b.readDerived(keyOfAnalysis(x.hiddenKey()))
	if err != nil {
		return nil
	}
	var k keptAnalysis
	if json.Unmarshal(raw, &k) != nil || k.Sources != sourcesKey(ctx, x.rows) {
		return nil
	}
	own, err := rules.Builtin()
	if err != nil {
		return nil
	}
	for _, p := range k.Report.Packs {
		if p.Name == own.Name && p.Version != own.Version {
			return nil // made by the rules of another version of this program
		}
	}
	a := &Analysis{Report: k.Report, Coverage: k.Report.Coverage, hidden: x.hiddenKey()}
	a.derive(b, x)
	return a
}

func (b *Bench) forgetAnalysis() {
	b.analysisMu.Lock()
	b.analyses = nil
	b.analysisMu.Unlock()
}

// RunLines says in sentences what ran and what did not.
func (a *Analysis) RunLines() []string {
	r := a.Report
	out := []string{fmt.Sprintf("%d findings in %d events. %d rules loaded: %d ran, %d do not apply to these sources, %d could not run.",
		len(r.Findings), r.Events, r.Loaded, r.Ran, len(r.NotApplicable), len(r.Failed))}
	for _, f := range r.Failed {
		out = append(out, "could not run: "+f.Title+": "+f.Reason)
	}
	return append(out, a.CoverageLines()...)
}

// CoverageLines are the blind spots in sentences.
func (a *Analysis) CoverageLines() []string {
	var out []string
	for _, s := range a.Coverage.BlindSpots {
		out = append(out, s.Text)
	}
	return out
}

// OwnRules lists the rules that ship with the product.
func OwnRules() ([]RuleInfo, error) {
	p, err := rules.Builtin()
	if err != nil {
		return nil, err
	}
	var out []RuleInfo
	for _, r := range p.Rules {
		out = append(out, RuleInfo{ID: r.ID, Title: r.Title, Level: string(r.Level), Author: r.Author, Hash: r.Hash.String()})
	}
	return out, nil
}

// RuleInfo is a rule in a list.
type RuleInfo struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Level  string `json:"level"`
	Author string `json:"author"`
	Hash   string `json:"hash"`
}

func rowID(s string) event.RowID { return event.RowID(s) }
