package workbench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/incident"
)

// Recent is a case that was opened on this device.
type Recent struct {
	Path   string        `json:"path"`
	Name   string        `json:"-"` // of the folder: the name of the incident stays inside the case
	Mode   incident.Mode `json:"mode"`
	Opened time.Time     `json:"opened"`
}

// RecentCases lists the cases opened on this device that are still there, newest first.
func RecentCases(env Env) []Recent {
	var all []Recent
	b, err := os.ReadFile(recentFile(env))
	if err != nil || json.Unmarshal(b, &all) != nil {
		return nil
	}
	out := all[:0]
	for _, r := range all {
		if _, err := os.Stat(filepath.Join(r.Path, "case.json")); err == nil {
			r.Name = strings.TrimSuffix(filepath.Base(r.Path), ".case")
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Recent) int { return b.Opened.Compare(a.Opened) })
	return out
}

func recentFile(env Env) string { return filepath.Join(env.Home, "recent.json") }

// remember keeps the list of recent cases. It is a convenience: a fault here must not stop a case from opening.
func remember(env Env, dir string, mode incident.Mode) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return
	}
	list := []Recent{{Path: abs, Mode: mode, Opened: env.Now().UTC()}}
	for _, r := range RecentCases(env) {
		if r.Path != abs && len(list) < 12 {
			list = append(list, r)
		}
	}
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil || os.MkdirAll(env.Home, 0o700) != nil {
		return
	}
	tmp := recentFile(env) + ".new"
	if os.WriteFile(tmp, b, 0o600) == nil {
		os.Rename(tmp, recentFile(env)) //nolint:errcheck // see above
	}
}
