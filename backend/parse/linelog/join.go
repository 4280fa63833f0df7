package linelog

import (
	"strings"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// maxOpen is how many records may be under way at a time. Writers mix the lines of a handful; a record whose next line comes
// later than that is two records.
const maxOpen = 64

// joining holds records whose lines do not follow each other, in the order of their first lines: the order of events.
type joining struct {
	queue []*joined
	open  map[string]*joined
	held  int // bytes of text in queue
}

type joined struct {
	name        string
	offset, end int64
	bad         int
	text        strings.Builder
	done        bool
}

// join puts a line to the record that it names, or begins one.
func (p *walk) join(l lines.Line) error {
	q := &p.joining
	name, last := p.g.Joins(l.Text)
	text, bad := lines.Clean(l.Text)
	j := q.open[name]
	switch {
	case j != nil && j.text.Len()+len(text) < parse.MaxRecordBytes:
		j.text.WriteByte('\n')
	default:
		p.res.Read++
		j = &joined{name: name, offset: l.Offset, done: name == ""}
		q.queue = append(q.queue, j)
		if name != "" {
			if q.open == nil {
				q.open = map[string]*joined{}
			}
			q.open[name] = j
		}
	}
	j.text.WriteString(text)
	j.end = l.Offset + l.Size
	j.bad += bad
	q.held += len(text)
	if last {
		q.close(j)
	}
	return p.release(false)
}

func (q *joining) close(j *joined) {
	j.done = true
	if q.open[j.name] == j {
		delete(q.open, j.name)
	}
}

// release emits the records that are complete, first to last, and those that have waited long enough.
func (p *walk) release(all bool) error {
	q := &p.joining
	for len(q.queue) > 0 && (all || q.queue[0].done || len(q.queue) > maxOpen || q.held > parse.MaxRecordBytes) {
		j := q.queue[0]
		q.queue[0] = nil
		q.queue = q.queue[1:]
		q.close(j)
		q.held -= j.text.Len()
		p.offset, p.size, p.bad = j.offset, j.end-j.offset, j.bad
		if err := p.record(j.text.String()); err != nil {
			return err
		}
	}
	if len(q.queue) == 0 {
		q.held = 0
	}
	return nil
}
