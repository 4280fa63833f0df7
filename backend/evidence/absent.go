package evidence

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// expectedCSV says what is to be expected beside what is there, and why. A line of rule "set": a folder whose path ends like
// that and that holds such files holds the expected one. "rotated": old ones of such a log are numbered, so that those between
// the newest and the oldest exist.
//
//go:embed expected.csv
var expectedCSV string

type expectation struct{ rule, folder, files, expected string }

var expectations = func() (out []expectation) {
	rows, err := csv.NewReader(strings.NewReader(expectedCSV)).ReadAll()
	if err != nil {
		panic("evidence: expected.csv: " + err.Error()) // embedded, see TestExpectedIsWellFormed
	}
	for _, r := range rows[1:] {
		out = append(out, expectation{r[0], r[1], r[2], r[3]})
	}
	return out
}()

// absence is what one folder lacks, with the place in the list of the file that says so first.
type absence struct {
	first int
	names []string // last parts only
	total int
}

// absences finds what is missing in the folders of files, in the order of their first files.
func absences(names []string) []absence {
	type group struct {
		dir   string
		first int
		bases []string
	}
	var groups []*group
	byDir := map[string]*group{}
	for i, n := range names {
		dir, base := split(n)
		if base == "" {
			continue
		}
		g := byDir[dir]
		if g == nil {
			g = &group{dir: dir, first: i}
			byDir[dir] = g
			groups = append(groups, g)
		}
		g.bases = append(g.bases, base)
	}
	var out []absence
	for _, g := range groups {
		if a := lacking(g.dir, g.bases); a.total > 0 {
			a.first = g.first
			out = append(out, a)
		}
	}
	return out
}

// shadow is a folder of a volume shadow copy: collectors keep of it only what differs from the volume.
var shadow = regexp.MustCompile(`(?i)(^|[/\\])(vss\d+|harddiskvolumeshadowcopy\d+)([/\\]|$)`)

// lacking says what one folder lacks.
func lacking(dir string, bases []string) (a absence) {
	if shadow.MatchString(dir) {
		return a
	}
	where := "/" + strings.ToLower(strings.Trim(strings.ReplaceAll(dir, `\`, "/"), "/"))
	for _, e := range expectations {
		if e.rule != "set" || !strings.HasSuffix(where, "/"+e.folder) || slices.ContainsFunc(bases, func(b string) bool { return strings.EqualFold(b, e.expected) }) {
			continue
		}
		if slices.ContainsFunc(bases, func(b string) bool { ok, _ := path.Match(e.files, strings.ToLower(b)); return ok }) {
			a.add(e.expected)
		}
	}
	a.rotations(bases)
	return a
}

func (a *absence) add(name string) {
	if a.total++; len(a.names) < maxAbsent {
		a.names = append(a.names, name)
	}
}

// join adds what else is absent; what both say counts once.
func (a *absence) join(b absence) {
	for _, n := range b.names {
		if slices.Contains(a.names, n) {
			b.total--
			continue
		}
		if len(a.names) < maxAbsent {
			a.names = append(a.names, n)
		}
	}
	a.total += b.total
}

// list makes the names fit for a receipt. What does not fit is counted in the last of them.
func (a *absence) list() []string {
	if a == nil || a.total == 0 {
		return nil
	}
	names := a.names
	if a.total > maxAbsent {
		names = names[:min(len(names), maxAbsent-1)]
	}
	out := make([]string, 0, len(names)+1)
	for _, n := range names {
		out = append(out, cut(label(n), maxAbsentBytes-len("…")))
	}
	if more := a.total - len(names); more > 0 {
		out = append(out, fmt.Sprintf("… and %d more", more))
	}
	return out
}

// turned takes a name of a log that was turned over apart: what it is called while it is written, and its number, 0 for the
// newest. Compression does not matter.
func turned(name string) (base string, number int) {
	for _, e := range []string{".gz", ".xz", ".bz2", ".zst"} {
		name = strings.TrimSuffix(name, e)
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= len(".9999") && name[i+1:] != "" && name[i+1] != '0' {
		if n, err := strconv.ParseUint(name[i+1:], 10, 16); err == nil {
			return name[:i], int(n)
		}
	}
	return name, 0
}

func (a *absence) rotations(bases []string) {
	logs := map[string]map[int]bool{}
	var order []string
	for _, b := range bases {
		base, n := turned(b)
		if !rotates(base) {
			continue
		}
		if logs[base] == nil {
			logs[base] = map[int]bool{}
			order = append(order, base)
		}
		logs[base][n] = true
	}
	slices.Sort(order)
	for _, base := range order {
		oldest := 0
		for n := range logs[base] {
			oldest = max(oldest, n)
		}
		for n := range oldest {
			switch {
			case logs[base][n]:
			case n == 0:
				a.add(base)
			default:
				a.add(fmt.Sprintf("%s.%d", base, n))
			}
		}
	}
}

// rotates says whether a log of this name is numbered when it is turned over. A pattern's star stands for what an administrator
// put in front, such as the name of a site.
func rotates(base string) bool {
	return slices.ContainsFunc(expectations, func(e expectation) bool {
		end, any := strings.CutPrefix(e.files, "*")
		return e.rule == "rotated" && (base == e.files || any && strings.HasSuffix(base, end))
	})
}
