// Package detect finds in the timeline what deserves a person's eye: Sigma rules, and detectors for what no single
// event shows (logs cleared, silences, series of failed logons, clocks that differ, texts written for a model).
//
// Stage 5 of the flow: timeline hands in events in time order, triage takes the findings. It keeps true that the same
// events and rules give the same findings with the same ids in the same order; that a finding cites its rows and says in
// one sentence what was counted; that rules which did not run are listed with the reason; and that what was not
// collected, cleared or silent is told as coverage, so that nobody takes absence for proof.
//
// It judges nothing: severity is the rule's word, verdicts are triage's suggestion and a person's decision.
package detect

import (
	"context"
	"fmt"
	"sort"
	"time"

	"adjutant/backend/detect/logsource"
	"adjutant/backend/detect/rules"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// Row is one event at one place of the timeline.
type Row struct {
	Event *event.Event // valid during the call only
	ID    event.RowID
	At    time.Time // zero for an event without a time
}

// Rows is the timeline as detect needs it. Each calls fn once for every event, in the order of the events' primary
// times, events without a time last; an error of fn ends the walk and is returned as it is.
type Rows interface {
	Each(ctx context.Context, fn func(Row) error) error
}

// Kind says what made a finding.
type Kind string

// The kinds of findings.
const (
	KindRule       Kind = "rule"
	KindGap        Kind = "gap"
	KindLogCleared Kind = "log-cleared"
	KindBurst      Kind = "burst"
	KindSkew       Kind = "skew"
	KindPlanted    Kind = "planted-instructions"
	KindBruteForce Kind = "brute-force"
)

// Rule names what made a finding, a Sigma rule or a detector of ours.
type Rule struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	Level   sigma.Level     `json:"level"`
	Author  string          `json:"author"`
	Hash    incident.Digest `json:"hash"` // of the rule's text; of id and version for a detector
	Pack    string          `json:"pack"`
	Version string          `json:"version"`
}

// Entity is something that a finding's rows name and a person may act on.
type Entity struct {
	Type  EntityType `json:"type"`
	Value string     `json:"value"`
}

// EntityType is the kind of an entity.
type EntityType string

// The kinds of entities.
const (
	EntitySource      EntityType = "source-address"
	EntityDestination EntityType = "destination-address"
	EntityDomain      EntityType = "domain"
	EntityHash        EntityType = "sha256"
	EntityFile        EntityType = "file"
	EntityAccount     EntityType = "account" // that an account was made, changed or given rights to
	EntityWinner      EntityType = "logon"   // account that got in after a series of failures
	EntityCloudKey    EntityType = "cloud-key"
	EntityLog         EntityType = "log" // channel of a cleared or silent log
	EntityBy          EntityType = "by"  // who cleared a log
)

// Finding is what one rule or detector found on one host in one stretch of time.
type Finding struct {
	ID         string               `json:"id"`  // of kind, rule, host and every event: other events, other id
	Key        string               `json:"key"` // of kind, rule, host and first event: stays when later events join
	Kind       Kind                 `json:"kind"`
	Rule       Rule                 `json:"rule"`
	Severity   incident.Severity    `json:"severity"`
	Matched    []sigma.FieldValue   `json:"matched"` // by our field names
	Rows       []event.RowID        `json:"rows"`    // at most MaxRows, in time order
	Events     []event.ID           `json:"events"`
	Count      int64                `json:"count"` // events in all
	Evidence   []string             `json:"evidence"`
	Hosts      []string             `json:"hosts"`
	Users      []string             `json:"users"`
	Entities   []Entity             `json:"entities"`
	Techniques []incident.Technique `json:"techniques"`
	Tactics    []string             `json:"tactics"` // ATT&CK short names; the rule's own, else those of its techniques
	First      time.Time            `json:"first"`
	Last       time.Time            `json:"last"`
	Text       string               `json:"text"`
}

// Item is one evidence item as its receipt says it, for the coverage.
type Item struct {
	Path   string
	Status string // of parse.Status
	Note   string
}

// Options of a run. The zero value runs our own rules and all detectors.
type Options struct {
	Packs    []sigma.Pack   // nil means the pack that ships with the product
	Map      *logsource.Map // nil means the maps that ship with the product
	Items    []Item         // receipts, for blind spots of items that could not be read
	Progress func(events int64)
}

// NotRun is a rule that did not run, and why.
type NotRun struct {
	Rule   string `json:"rule"`
	Title  string `json:"title"`
	Source string `json:"source"` // the rule's file
	Reason string `json:"reason"`
}

// Unmapped is a field that a rule names and the map does not know for a source.
type Unmapped struct {
	Rule      string `json:"rule"`
	Field     string `json:"field"`
	LogSource string `json:"log_source"`
}

// PackRef names a pack that ran.
type PackRef struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Rules   int    `json:"rules"`
}

// Report says what was found and what ran. Loaded = Ran + NotApplicable + Failed, counted in rules.
type Report struct {
	Packs         []PackRef  `json:"packs"`
	Events        int64      `json:"events"`
	Loaded        int        `json:"loaded"`
	Ran           int        `json:"ran"`
	Matched       int        `json:"matched"` // rules with a finding
	NotApplicable []NotRun   `json:"not_applicable"`
	Failed        []NotRun   `json:"failed"`
	Unmapped      []Unmapped `json:"unmapped"`
	// Unrouted counts events that no log source of the maps fits, by event.dataset or parser: no rule saw them.
	Unrouted map[string]int64 `json:"unrouted"`
	Findings []Finding        `json:"findings"`
	Coverage Coverage         `json:"coverage"`
}

// detector sees every event once, in time order, and gives its findings at the end.
type detector interface {
	see(r *record)
	finish() []Finding
}

// Run walks the events once and reports. It returns an error only when the walk fails, is cancelled or breaks the order
// that Rows promises, or when packs or maps cannot be loaded.
func Run(ctx context.Context, rows Rows, o Options) (Report, error) {
	if o.Map == nil {
		m, err := logsource.Default()
		if err != nil {
			return Report{}, err
		}
		o.Map = m
	}
	if o.Packs == nil {
		p, err := rules.Builtin()
		if err != nil {
			return Report{}, err
		}
		o.Packs = []sigma.Pack{p}
	}
	var rep Report
	eng := newEngine(o.Map, o.Packs)
	cov := newCoverage()
	cleared := &clearedDetector{cov: cov}
	gaps := &gapDetector{cov: cov}
	skew := newSkewDetector()
	detectors := []detector{eng, cleared, newBruteDetector(), newPlantedDetector(), skew, newScanDetector(), gaps}
	var last time.Time
	undated := false
	var rec record
	err := rows.Each(ctx, func(r Row) error {
		if err := inOrder(&last, &undated, r); err != nil {
			return err
		}
		rep.Events++
		if rep.Events%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if o.Progress != nil {
				o.Progress(rep.Events)
			}
		}
		rec.set(r)
		for _, d := range detectors {
			d.see(&rec)
		}
		cov.see(&rec) // last: detectors ask what was there before
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	if o.Progress != nil {
		o.Progress(rep.Events)
	}
	for _, d := range detectors {
		rep.Findings = append(rep.Findings, d.finish()...)
	}
	sortFindings(rep.Findings)
	eng.report(&rep)
	rep.Coverage = cov.report(rep.Findings, cleared.logs, gaps.silent, o.Items)
	return rep, nil
}

func inOrder(last *time.Time, undated *bool, r Row) error {
	if r.At.IsZero() {
		*undated = true
		return nil
	}
	if *undated || r.At.Before(*last) {
		return fmt.Errorf("detect: row %s at %s comes after %s: rows are not in time order", r.ID, event.FormatTime(r.At), event.FormatTime(*last))
	}
	*last = r.At
	return nil
}

// sortFindings orders by first time, then rule, host and id; findings without a time come last.
func sortFindings(f []Finding) {
	sort.Slice(f, func(i, j int) bool {
		a, b := &f[i], &f[j]
		switch {
		case a.First.IsZero() != b.First.IsZero():
			return b.First.IsZero()
		case !a.First.Equal(b.First):
			return a.First.Before(b.First)
		case a.Rule.ID != b.Rule.ID:
			return a.Rule.ID < b.Rule.ID
		}
		return a.ID < b.ID
	})
}
