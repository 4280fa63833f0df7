package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"adjutant/app/view"
	"adjutant/backend/detect"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

func (s *Server) evidenceRoutes() {
	on(s, "GET /api/evidence", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		out := []view.EvidenceItem{}
		for _, it := range b.EvidenceItems() {
			out = append(out, itemView(it))
		}
		return map[string]any{"items": out}, nil
	})
	on(s, "POST /api/evidence/add", func(_ context.Context, b *workbench.Bench, in struct {
		Paths     []string `json:"paths"`
		Keep      string   `json:"keep"`
		Zone      string   `json:"zone"`
		Why       string   `json:"why"`
		Custodian string   `json:"custodian"`
		Source    string   `json:"source"`
		Year      int      `json:"year"`
		Mapping   string   `json:"mapping"`
		Acquired  string   `json:"acquired"`
		ClockZone string   `json:"acquired_zone"`
		Lane      string   `json:"lane"` // with track and basis: mark everything for this lane
		Track     string   `json:"track"`
		Basis     string   `json:"basis"`
	}, _ *http.Request) (any, error) {
		r := workbench.IntakeRequest{Paths: in.Paths, Keep: evidence.Keep(in.Keep), Zone: in.Zone, Why: in.Why, Custodian: in.Custodian, Source: in.Source,
			Year: in.Year, Mapping: in.Mapping, Acquired: in.Acquired, ClockZone: in.ClockZone}
		p, err := b.ProposeIntake(r)
		if err != nil {
			return nil, err
		}
		a, err := signBatch(b, p)
		if err != nil {
			return nil, err
		}
		if in.Lane != "" {
			return s.addInLane(b, a, r, workbench.LaneMark{Lane: in.Lane, Track: in.Track, Basis: in.Basis})
		}
		job, err := s.work(b, "Taking in "+strings.Join(baseNames(in.Paths), ", "), func(ctx context.Context, report func(workbench.Progress)) error {
			defer a.End()
			_, err := b.AddEvidence(ctx, a, r, nil, report)
			return err
		})
		return map[string]string{"job": job.ID}, err
	})
}

// addInLane takes evidence in for a lane. The list of jobs is for everybody at this window: it names no file.
func (s *Server) addInLane(b *workbench.Bench, a identity.Act, r workbench.IntakeRequest, m workbench.LaneMark) (any, error) {
	p, err := b.ProposeIntakeMarks(m)
	if err == nil && p.Refused != nil {
		err = fmt.Errorf("%w: %w", workbench.ErrNotAllowed, p.Refused)
	}
	if err != nil {
		a.End()
		return nil, err
	}
	job, err := s.work(b, fmt.Sprintf("Taking in evidence for the lane %q", m.Lane), func(ctx context.Context, report func(workbench.Progress)) error {
		defer a.End()
		_, err := b.AddEvidenceInLane(ctx, a, r, m, func(p workbench.Proposal) (identity.Act, error) { return sign(b, p) }, nil, func(p workbench.Progress) {
			p.Message = ""
			report(p)
		})
		return err
	})
	return map[string]string{"job": job.ID}, err
}

func baseNames(paths []string) []string {
	out := make([]string, 0, len(paths))
	for _, p := range paths {
		p = strings.TrimRight(p, `/\`)
		out = append(out, p[strings.LastIndexAny(p, `/\`)+1:])
		if len(out) == 3 && len(paths) > 3 {
			return append(out, "…")
		}
	}
	return out
}

func itemView(it workbench.Item) view.EvidenceItem {
	v := view.EvidenceItem{
		Path: it.Path, Format: it.Format, Version: it.Version, Status: it.Status, SHA256: it.SHA256, Bytes: it.Bytes, Read: it.Read, Parsed: it.Parsed, Skipped: []view.Skipped{},
		Warnings: it.Warnings, First: textOrNil(it.First), Last: textOrNil(it.Last), DuplicateOf: it.DuplicateOf, Note: it.Note, Sealed: it.Kept,
		Custodian: it.Custodian, Taken: stamp(it.Taken), TakenBy: it.TakenBy, Why: it.Why, Zone: it.Zone, ZoneBy: it.ZoneBy, SkewSeconds: it.SkewSeconds, Elsewhere: it.Elsewhere, Lane: it.Lane, Undone: it.Undone, Absent: it.Absent,
	}
	for _, x := range it.Skipped {
		v.Skipped = append(v.Skipped, view.Skipped{Reason: x.Reason, Count: x.Count})
	}
	for _, w := range it.Warned {
		v.WarningList = append(v.WarningList, view.Warning{Offset: w.Offset, Text: w.Text})
	}
	return v
}

func blindSpots(c detect.Coverage) []view.BlindSpot {
	out := []view.BlindSpot{}
	for _, x := range c.BlindSpots {
		out = append(out, view.BlindSpot{Host: x.Host, Source: x.Source, From: stampOrNil(&x.From), To: stampOrNil(&x.To), Text: x.Text})
	}
	return out
}
