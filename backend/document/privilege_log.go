package document

import (
	"sort"
	"strings"
	"time"
)

// PrivilegeLog lists what was withheld, without its content.
type PrivilegeLog struct {
	Case       Case
	AsOf       AsOf
	Generated  time.Time
	Letterhead Letterhead
	For        string // what it goes with, for example the name of the bundle; "" when it stands alone
	Rows       []PrivilegeRow
}

// PrivilegeRow is one withheld entry or item.
type PrivilegeRow struct {
	Entry      string // entry id
	At         time.Time
	Author     string
	Matter     string // lane or matter
	Track      string // fact or advice
	Basis      string // words of whoever set the mark
	Recipients []string
}

// Form is the log, in the order of time, then of entry ids.
func (l PrivilegeLog) Form() (Form, error) {
	w := newForm("privilege-log", l.Case, l.AsOf, l.Generated, l.Letterhead)
	w.f.Subtitle, w.f.State = w.text("subtitle"), w.text("state")
	if len(l.Rows) > MaxTableRows {
		w.fail("%d rows, at most %d", len(l.Rows), MaxTableRows)
	}
	rows := append([]PrivilegeRow(nil), l.Rows...)
	sort.SliceStable(rows, func(i, j int) bool {
		if !rows[i].At.Equal(rows[j].At) {
			return rows[i].At.Before(rows[j].At)
		}
		return rows[i].Entry < rows[j].Entry
	})
	t := &Table{Columns: []Column{{w.text("number"), 5, ""}, {w.text("entry"), 12, "mono"}, {w.text("date"), 13, ""}, {w.text("author"), 13, ""}, {w.text("matter"), 12, ""},
		{w.text("track"), 8, "strong"}, {w.text("basis"), 21, ""}, {w.text("recipients"), 16, ""}}}
	fact, advice := 0, 0
	for i, r := range rows {
		w.hash("entry of row "+itoa(i+1)+":", r.Entry)
		switch r.Track {
		case "fact":
			fact++
		case "advice":
			advice++
		default:
			w.fail("track %.40q of row %d, expected fact or advice", r.Track, i+1)
		}
		to := strings.Join(r.Recipients, ", ")
		if to == "" {
			to = w.text("nobody")
		}
		t.Rows = append(t.Rows, TableRow{Cells: []string{itoa(i + 1), Fours(r.Entry[:min(len(r.Entry), 20)]), logMoment(r.At), r.Author, r.Matter, w.text("track." + r.Track), r.Basis, to}})
	}
	w.state(Field{w.text("for"), l.For, ""}, Field{w.text("count"), w.text("counts", "n", count(len(rows), "entry"), "fact", itoa(fact), "advice", itoa(advice)), ""})
	if len(rows) > 0 {
		w.add(Part{Title: w.text("rows"), Table: t})
	} else {
		w.add(Part{Texts: []string{w.text("none")}})
	}
	w.add(Part{Title: w.text("shows.title"), Texts: []string{w.text("shows")}})
	return w.done()
}

// logMoment is a time in a narrow column: the day and the time of day on a line each.
func logMoment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return strings.ReplaceAll(t.UTC().Format("2 Jan 2006"), " ", nbsp) + " " + t.UTC().Format("15:04") + nbsp + "UTC"
}
