package zeek

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse/parsetest"
)

// TestShared compares the rows, columns and names of each log with the table, and each cell with the field that it became. The
// published logs have the time of each row struck out, so rows are events without a time.
func TestShared(t *testing.T) {
	a := answersShared(t)
	a.Log(t)
	if a.Found+a.Excused[struckOut] != a.Expected || a.Excused[struckOut] > 1 || a.Missed > 0 || a.WrongCount > 0 || a.Values < 10000 {
		t.Errorf("%+v", a)
	}
}

// struckOut is why one published record of JSON is no event.
const struckOut = "a record of JSON whose time was struck out is no JSON any more: counted as skipped"

func answersShared(t *testing.T) parsetest.Answers {
	dir := parsetest.SharedData(t, "logs/zeek", "rows, columns and cells of Zeek logs")
	a := parsetest.Answers{Set: "zeek", Excused: map[string]int{}}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		b := parsetest.Read(t, dir, filepath.FromSlash(row["file"]))
		res, events := run(t, string(b), filepath.Base(row["file"]))
		want, err := strconv.Atoi(row["expected_records"])
		if err != nil {
			t.Fatal(err)
		}
		a.Expected += want
		a.Found += len(events)
		if len(events) != want {
			switch {
			case row["format"] == "json" && res.Read == int64(want):
				a.Excused[struckOut] += want - len(events)
			default:
				a.WrongCount++
				t.Errorf("%s: %d events, want %d: %+v", row["file"], len(events), want, res)
			}
		}
		if row["format"] != "tsv" {
			continue
		}
		if New().Detect(b, "x") < 95 {
			t.Errorf("%s is not detected", row["file"])
		}
		h := newHead()
		n := 0
		for _, line := range strings.Split(string(b), "\n") {
			if line = strings.TrimSuffix(line, "\r"); h.directive([]byte(line)) || line == "" {
				continue
			}
			if n == 0 {
				columns(t, &a, row, h)
			}
			if n < len(events) {
				cells(t, &a, row["file"], h, line, events[n])
			}
			n++
		}
	}
	return a
}

// columns compares the head with the table.
func columns(t *testing.T, a *parsetest.Answers, row map[string]string, h *head) {
	var names []string
	for _, c := range h.columns {
		names = append(names, c.name)
	}
	a.Values += 2
	if got := strings.Join(names, " "); strconv.Itoa(len(names)) != row["columns"] || got != strings.TrimSpace(row["column_names"]) || h.path != strings.TrimSpace(row["zeek_path"]) {
		a.Missed++
		t.Errorf("%s: path %s, %d columns %s", row["file"], h.path, len(names), got)
		return
	}
	a.Equal += 2
}

// cells holds that each cell that is set became a field with its value.
func cells(t *testing.T, a *parsetest.Answers, file string, h *head, line string, e *event.Event) {
	for i, cell := range strings.Split(line, h.separator) {
		if cell == h.unset || cell == h.empty || cell == "" {
			continue
		}
		a.Values++
		c := h.columns[i]
		field := "zeek." + h.path + "." + c.name
		if t := knowledge().targets(h.path, c.name); t != nil && c.kind != "time" {
			field = t[0].field
			if t[0].how == howOutcome || t[0].how == howSeconds || t[0].how == howAccount {
				field = "zeek." + h.path + "." + c.name
			}
		}
		want := []string{unescape(cell)}
		if strings.HasSuffix(c.kind, "]") {
			want = nil
			for _, v := range strings.Split(cell, h.setSeparator) {
				if v != h.unset && v != h.empty {
					want = append(want, unescape(v))
				}
			}
		}
		if c.kind == "bool" {
			want = []string{map[string]string{"T": "true", "F": "false"}[cell]}
		}
		if c.kind == "time" {
			if c.name == "ts" && parsetest.PrimaryTime(e) != "" && e.Times[0].Original == cell {
				a.Equal++
				continue
			}
			if e.All(field) == nil && c.name != "ts" {
				field += "_text" // struck out
			}
		}
		if got := e.All(field); !slices.Equal(got, want) && !contains(got, want) {
			a.Missed++
			t.Errorf("%s at %d: %s (%s) is %q, want %q", file, e.Locator.Offset, field, c.kind, got, want)
			continue
		}
		a.Equal++
	}
}

// contains says that all values are there: two columns may go to one field.
func contains(got, want []string) bool {
	for _, w := range want {
		if !slices.Contains(got, w) {
			return false
		}
	}
	return len(got) > len(want)
}
