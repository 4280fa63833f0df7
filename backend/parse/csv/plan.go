package delimited

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/stamp"
)

// column says where a column's values go.
type column struct {
	name   string // as in the header, made unique
	field  string // "" for csv.<name>
	kind   string
	answer bool // a person said so
}

// timeWord is the answer that names the time column; ":dmy" or ":mdy" behind it, or behind the column's name, says the order
// of day and month.
const timeWord = "@timestamp"

// planRows is how many rows are looked at to see whether a column holds times.
const planRows = 200

// plan decides about columns and times from the header, the answers and the first rows.
func (p *parser) plan() error {
	t := tablesOnce()
	named, err := p.name(t)
	if err != nil {
		return err
	}
	var order stamp.Order
	p.clock.meaning = -1
	p.clock.primary, order = p.answered(named)
	asked := len(p.clock.primary) > 0
	if k := t.knownTable(p.dialect.header); k != nil {
		p.planKnown(k)
	}
	if order != stamp.Unknown {
		p.zone.Order = order
	}
	sample, err := p.sample()
	if err != nil {
		return err
	}
	switch {
	case asked:
		p.clock.all = nil
	case p.known != nil:
		if p.zone.Order == stamp.Unknown {
			return p.settleOrders(p.clock.all)
		}
		return nil
	default:
		p.guess(t, sample)
	}
	if len(p.clock.primary) == 0 && len(sample) > 0 {
		return fmt.Errorf("%w: no column of %s holds a time that can be recognised (columns: %s); name it with --time-column%s", parse.ErrNeedsAnswer, p.in.Name, p.names(), p.hint(sample))
	}
	if asked && len(sample) > 0 {
		if c := p.clock.primary[0]; !p.holdsTimes(c, sample, 1) {
			return fmt.Errorf("%w: the column %q of %s that was named as time holds none that can be read, for example %q; name another with --time-column (columns: %s)",
				parse.ErrNeedsAnswer, p.columns[c.index].name, p.in.Name, clip(c.text(sample[0]), 60), p.names())
		}
	}
	if p.zone.Order == stamp.Unknown && len(p.clock.primary) > 0 {
		return p.settleOrder(p.clock.primary[0])
	}
	return nil
}

// name makes the columns and returns the answers by column index.
func (p *parser) name(t *tables) (map[int]string, error) {
	for i, name := range uniqueNames(p.dialect.header) {
		c := column{name: name, kind: "text"}
		if to, ok := t.headers[normal(p.dialect.header[i])]; ok {
			c.field, c.kind = to.field, to.kind
		}
		p.columns = append(p.columns, c)
	}
	named := map[int]string{}
	keys := make([]string, 0, len(p.in.Assume.Columns))
	for k := range p.in.Assume.Columns {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		to := p.in.Assume.Columns[k]
		i := p.find(k)
		if i < 0 {
			if base, order, ok := strings.Cut(k, ":"); ok && (order == "dmy" || order == "mdy") {
				i, to = p.find(base), to+":"+order
			}
		}
		if i < 0 {
			return nil, fmt.Errorf("%w: %s has no column %q (columns: %s); name one of them with --time-column", parse.ErrNeedsAnswer, p.in.Name, k, p.names())
		}
		named[i] = to
		if !strings.HasPrefix(to, timeWord) {
			p.columns[i].field, p.columns[i].kind, p.columns[i].answer = to, "text", true
		}
	}
	return named, nil
}

// find returns the index of a column by its name, exact first, then in normal form, -1 when there is none.
func (p *parser) find(name string) int {
	if name == "" {
		return -1
	}
	if p.index == nil {
		p.index, p.normal = make(map[string]int, len(p.columns)), make(map[string]int, len(p.columns))
		for i, c := range p.columns {
			if _, twice := p.index[c.name]; !twice {
				p.index[c.name] = i
			}
			n := normal(c.name)
			if _, twice := p.normal[n]; !twice {
				p.normal[n] = i
			}
		}
	}
	if i, ok := p.index[name]; ok {
		return i
	}
	if i, ok := p.normal[normal(name)]; ok {
		return i
	}
	return -1
}

func (p *parser) names() string {
	var out []string
	for i, c := range p.columns {
		if i == 40 {
			out = append(out, fmt.Sprintf("and %d more", len(p.columns)-i))
			break
		}
		out = append(out, clip(c.name, 60))
	}
	return strings.Join(out, ", ")
}

// answered makes time columns of the answers.
func (p *parser) answered(named map[int]string) (cols []timeColumn, order stamp.Order) {
	for i := range p.columns {
		to, ok := named[i]
		if !ok || !strings.HasPrefix(to, timeWord) {
			continue
		}
		switch strings.TrimPrefix(to, timeWord) {
		case ":dmy":
			order = stamp.DayFirst
		case ":mdy":
			order = stamp.MonthFirst
		}
		c := p.timeColumn(i, event.Occurred)
		if normal(p.columns[i].name) == "date" {
			c.with = p.find("time")
		}
		cols = append(cols, c)
	}
	return cols, order
}

func (p *parser) timeColumn(i int, meaning event.TimeKind) timeColumn {
	c := timeColumn{index: i, with: -1, zone: -1, meaning: meaning, utc: strings.HasSuffix(normal(p.columns[i].name), "utc")}
	for _, name := range []string{"timezone", "tz", "zone"} {
		if c.zone < 0 {
			c.zone = p.find(name)
		}
	}
	return c
}

func (p *parser) sample() ([][]string, error) {
	r := newRows(p.in, p.dialect, &p.slab)
	var out [][]string
	for len(out) < planRows {
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if !row.header && !row.tooLong {
			out = append(out, append([]string(nil), row.fields...))
		}
	}
	return out, nil
}

// guess finds the time columns: those whose name stands in the table, then those whose name speaks of time, each only when
// its values can be read.
func (p *parser) guess(t *tables, sample [][]string) {
	type candidate struct {
		col  timeColumn
		rank int
	}
	var found []candidate
	if date, clock := p.find("date"), p.find("time"); date >= 0 && clock >= 0 {
		c := p.timeColumn(date, event.Occurred)
		c.with = clock
		if p.holdsTimes(c, sample, 2) {
			found = append(found, candidate{c, -1})
		}
	}
	for i, col := range p.columns {
		if col.answer {
			continue
		}
		n := normal(col.name)
		rank, known := t.timeRank[n]
		if !known {
			rank, known = t.timeRank[strings.TrimSuffix(n, "utc")]
		}
		meaning := event.Occurred
		switch {
		case known:
			meaning = t.times[rank].meaning
		case strings.Contains(n, "time") || strings.Contains(n, "date") || strings.Contains(n, "stamp"):
			rank = len(t.times) + i
			if m := described(n); m != "" {
				meaning = m
			}
		default:
			continue
		}
		if c := p.timeColumn(i, meaning); p.holdsTimes(c, sample, 2) {
			found = append(found, candidate{c, rank})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].rank < found[j].rank })
	for i, f := range found {
		switch {
		case i == 0 || f.col.meaning == event.Occurred && p.clock.primary[0].meaning == event.Occurred:
			p.clock.primary = append(p.clock.primary, f.col)
		case f.col.meaning != event.Occurred:
			p.clock.more = append(p.clock.more, f.col)
		}
	}
}

// holdsTimes says that at least one of share values that are not empty can be read, were the order of day and month known.
func (p *parser) holdsTimes(c timeColumn, sample [][]string, share int) bool {
	probe := &stamp.Reader{Zone: p.zone.Zone, Order: p.zone.Order}
	if probe.Order == stamp.Unknown {
		probe.Order = stamp.DayFirst
	}
	var k clock
	good, all := 0, 0
	for _, fields := range sample {
		if c.text(fields) == "" {
			continue
		}
		all++
		if c.form.Yearless() {
			if _, ok := c.form.Wall(c.text(fields)); ok {
				good++
			}
			continue
		}
		if _, ok := k.read(&c, probe, fields); ok {
			good++
		}
	}
	if share <= 1 {
		return good > 0
	}
	return good > 0 && good*share >= all
}

// hint names columns whose values can be read as times though their names do not speak of time.
func (p *parser) hint(sample [][]string) string {
	text := ""
	for i, col := range p.columns {
		c := p.timeColumn(i, event.Occurred)
		if len(text) > 300 || !p.holdsTimes(c, sample, 1) {
			continue
		}
		text += fmt.Sprintf("; %q looks like one, for example %q", clip(col.name, 60), clip(c.text(sample[0]), 60))
	}
	return text
}

// settleOrders settles the order of day and month by the first column that writes dates so.
func (p *parser) settleOrders(cols []timeColumn) error {
	for _, c := range cols {
		if c.formed && c.only {
			continue
		}
		if err := p.settleOrder(c); err != nil || p.zone.Order != stamp.Unknown {
			return err
		}
	}
	return nil
}

// settleOrder reads the whole column when its dates could be day first or month first: one value above 12 settles it for
// all. When none does, or they disagree, a person has to say.
func (p *parser) settleOrder(c timeColumn) error {
	var slab event.Slab
	r := newRows(p.in, p.dialect, &slab)
	example, dayFirst, monthFirst := "", "", ""
	for n := 0; ; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row.header || row.tooLong {
			continue
		}
		if n%1024 == 1023 {
			dayFirst, monthFirst, example = strings.Clone(dayFirst), strings.Clone(monthFirst), strings.Clone(example)
			slab.Reuse()
		}
		s := c.text(row.fields)
		if !stamp.IsOrdered(s) {
			if n > planRows && example == "" && dayFirst == "" && monthFirst == "" {
				return nil // this column does not write dates that way
			}
			continue
		}
		switch stamp.OrderOf(s) {
		case stamp.DayFirst:
			dayFirst = s
		case stamp.MonthFirst:
			monthFirst = s
		default:
			if example == "" && s[1] != '.' && s[2] != '.' {
				example = s
			}
		}
	}
	name := p.columns[c.index].name
	switch {
	case dayFirst != "" && monthFirst != "":
		return fmt.Errorf("%w: the dates in column %q of %s disagree about day and month (%q and %q); %s",
			parse.ErrNeedsAnswer, name, p.in.Name, dayFirst, monthFirst, p.askOrder(name))
	case dayFirst != "":
		p.zone.Order = stamp.DayFirst
	case monthFirst != "":
		p.zone.Order = stamp.MonthFirst
	case example != "":
		return fmt.Errorf("%w: the dates in column %q of %s could have the day or the month first, for example %q, and no row settles it; %s",
			parse.ErrNeedsAnswer, name, p.in.Name, example, p.askOrder(name))
	}
	return nil
}

// askOrder says how the question about day and month is answered.
func (p *parser) askOrder(column string) string {
	if p.mapped != nil {
		return "choose the form dmy or mdy for it in the mapping"
	}
	return fmt.Sprintf("answer with --time-column %q or %q", column+":dmy", column+":mdy")
}

// clip shortens s to at most n bytes at a character boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
